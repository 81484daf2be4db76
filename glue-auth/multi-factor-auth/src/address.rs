//! Where people read their mail.

use crate::{Answer, Person};

/// Knows the e-mail addresses of people.
pub trait Addresses: Send + Sync {
    /// The address of a person; none when there is no such person.
    ///
    /// # Errors
    /// Why the storage cannot answer.
    fn email<'a>(&'a self, person: Person) -> Answer<'a, Result<Option<String>, String>>;
}
