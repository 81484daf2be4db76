//! What the tests of a crate need to know beyond its definitions.

use crate::request::Services;
use crate::server::Mount;
use crate::testing::{Caller, Template, TestDatabase, TestParts};

/// An application: its name, what the crate mounts in it, and who calls there, by a number.
pub type Mounted = (&'static str, fn() -> Mount, fn(i64) -> Caller);

/// What the tests of a crate need to know beyond its definitions.
#[expect(clippy::panic, reason = "a test kit fails loudly")]
pub trait Fixture {
    /// The applications that mount something of the crate. The first caller of one is the owner of what tests make, all
    /// others are strangers to it.
    const APPLICATIONS: &'static [Mounted];

    /// The folders of the migrations, seen from the crate; none for an empty database.
    const MIGRATIONS: &'static [&'static str] = &["../../migrations/sqlite"];

    /// The rows that are there from the beginning, as SQL.
    const ROWS: &'static str = "";

    /// What the behaviour of the crate needs.
    #[must_use]
    fn services() -> Services {
        Services::default()
    }

    /// The id of a row of `resource` that is there from the beginning and, where rows are owned, the owner's.
    #[must_use]
    fn existing(application: &str, resource: &str) -> String {
        panic!("the fixture knows no row of `{resource}` in `{application}`: implement `existing`")
    }

    /// The path of a collection that the owner alone reaches: of a child, below a parent of the owner's; of a resource with
    /// a path of its own, that path with the owner's values in it. None for a child of what can be posted: the tests post
    /// its parents as the documents' examples say.
    #[must_use]
    fn collection(application: &str, resource: &str) -> Option<String> {
        let _ = (application, resource);
        None
    }

    /// A database of its own, with the rows.
    #[must_use]
    fn database() -> TestDatabase {
        Template::shared(Self::MIGRATIONS, Self::ROWS).database()
    }

    /// An application with the crate's routes, over a database of its own.
    #[must_use]
    fn parts(application: &str) -> TestParts {
        let (name, mount, _) = mounted::<Self>(application);
        TestParts { services: Self::services(), ..TestParts::new(name, mount(), Self::database()) }
    }

    /// Somebody who may call.
    #[must_use]
    fn caller(application: &str, number: i64) -> Caller {
        let (_, _, caller) = mounted::<Self>(application);
        caller(number)
    }
}

#[expect(clippy::panic, reason = "a test kit fails loudly")]
fn mounted<F: Fixture + ?Sized>(application: &str) -> Mounted {
    let mut all = F::APPLICATIONS.iter();
    *all.find(|(name, ..)| *name == application)
        .unwrap_or_else(|| panic!("the crate is not mounted in `{application}`"))
}
