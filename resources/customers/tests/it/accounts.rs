//! Accounts as the engine of logins uses them.

use customers::accounts::{Accounts, By, NewPassword};
use glue_core::db::DbError;

use glue_core::testing::contract::Fixture as _;

use crate::fixture::Fixture;

/// A password is replaced by whoever knows what stands there, or holds the key that was sent; who comes late changes
/// nothing, and what belongs to the change does not happen either.
#[actix_web::test]
async fn a_password_is_set_by_the_first_who_may() {
    let database = Fixture::database();
    let accounts = Accounts::new(database.db.clone());
    let by = |old: &str| By::Password { hash: old.to_owned() };
    let set = async |hash: &str, by: By| {
        let set = accounts.set_password(1, NewPassword { hash: hash.to_owned(), by }, |_| Ok("also"));
        set.await.expect("storage")
    };
    assert_eq!(set("second", by("first")).await, Some("also"));
    assert_eq!(set("third", by("first")).await, None);
    accounts.begin_restore(1, "key".into(), time::macros::datetime!(2026-01-01 00:00)).await.expect("storage");
    assert_eq!(set("third", By::Key { hash: "no key".into() }).await, None);
    assert_eq!(set("third", By::Key { hash: "key".into() }).await, Some("also"));
    assert_eq!(set("fourth", By::Key { hash: "key".into() }).await, None, "a key is worth something once");
    let failing = |_: &mut _| Err::<(), _>(DbError::Unavailable("not now".into()));
    let new = NewPassword { hash: "fourth".into(), by: by("third") };
    assert!(matches!(accounts.set_password(1, new, failing).await, Err(DbError::Unavailable(_))));
    let stored = accounts.by_reference("DE--1").await.expect("storage").expect("a customer");
    assert_eq!(stored.password.as_deref(), Some("third"));
}

/// A key for a new password ends with any change of the password.
#[actix_web::test]
async fn a_new_password_ends_keys() {
    let database = Fixture::database();
    let accounts = Accounts::new(database.db.clone());
    accounts.begin_restore(1, "key".into(), time::macros::datetime!(2026-01-01 00:00)).await.expect("storage");
    let new = NewPassword { hash: "second".into(), by: By::Password { hash: "first".into() } };
    assert_eq!(accounts.set_password(1, new, |_| Ok(())).await.expect("storage"), Some(()));
    assert!(accounts.by_restore_key("key".into()).await.expect("storage").is_none());
}
