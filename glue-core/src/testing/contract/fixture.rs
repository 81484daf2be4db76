//! What the tests of a crate need to know beyond its definitions.

use crate::testing::{Caller, TestParts};

/// What the tests of a crate need to know beyond its definitions.
#[expect(clippy::panic, reason = "a test kit fails loudly")]
pub trait Fixture {
    /// An application with the crate's routes, over a database of its own.
    fn parts(application: &str) -> TestParts;

    /// Somebody who may call: the first one is the owner of what tests make, all others are strangers to it.
    fn caller(application: &str, number: i64) -> Caller;

    /// The id of a row of `resource` that is there from the beginning and, where rows are owned, the owner's.
    #[must_use]
    fn existing(application: &str, resource: &str) -> String {
        panic!("the fixture knows no row of `{resource}` in `{application}`: implement `existing`")
    }

    /// The path of a collection that the owner alone reaches: of a child, below a parent of the owner's; of a resource with
    /// a path of its own, that path with the owner's values in it.
    #[must_use]
    fn collection(application: &str, resource: &str) -> String {
        panic!("the fixture knows no collection of `{resource}` in `{application}`: implement `collection`")
    }
}
