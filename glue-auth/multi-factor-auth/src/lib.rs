#![doc = include_str!("../README.md")]

mod address;
mod check;
mod email;
mod errors;
pub mod generated;
mod mail;
pub mod multi_factor_auth_trigger;
pub mod multi_factor_auth_type_activate;
pub mod multi_factor_auth_type_deactivate;
pub mod multi_factor_auth_type_verify;
pub mod multi_factor_auth_types;
mod service;
mod settings;
mod store;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use glue_core::language::Language;

pub use address::Addresses;
pub use check::SecondFactor;
pub use email::EmailFactor;
pub use mail::{BadMail, Mailer};
pub use service::MultiFactor;
pub use settings::{MailSettings, MultiFactorSettings};

/// The service that the resources of this crate ask their context for.
pub type SharedMultiFactor = Arc<MultiFactor>;

/// What an extension answers with.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Whose second factors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Person {
    /// A customer, by the database id.
    Customer(i64),
    /// A back-office user, by the database id.
    User(i64),
}

/// A code on its way. It prints nothing.
pub struct Message<'a> {
    /// Who reads it.
    pub person: Person,
    /// The code.
    pub code: &'a str,
    /// Minutes that it is worth something.
    pub minutes: i64,
    /// The reader's language.
    pub language: Language,
}

/// Why a code did not get out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSent {
    /// There is no such person.
    #[error("there is no such person")]
    NoPerson,
    /// The way is closed; the reason is for the log.
    #[error("{0}")]
    Failed(String),
}

/// A type of second factor: a way to its owner.
pub trait Factor: Send + Sync {
    /// Its name, `email` say.
    fn name(&self) -> &'static str;

    /// Brings a code to its owner.
    ///
    /// # Errors
    /// [`NotSent`].
    fn send<'a>(&'a self, message: Message<'a>) -> Answer<'a, Result<(), NotSent>>;
}
