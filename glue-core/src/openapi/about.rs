//! What a document says beside its operations.

use crate::error::ErrorRow;

/// What a document says beside its operations.
#[derive(Clone, Debug)]
pub struct About {
    /// The title.
    pub title: &'static str,
    /// A paragraph for frontend developers.
    pub description: &'static str,
    /// The scopes that tokens of this application can carry, and who gets them.
    pub scopes: &'static [(&'static str, &'static str)],
    /// The grants of its token endpoint (RFC 6749 §1.3).
    pub grants: &'static [&'static str],
    /// The path of that endpoint; without one no flow begins here.
    pub token_path: Option<&'static str>,
    /// The base of every link, without a slash at its end.
    pub public_url: String,
    /// What every operation may be refused with, beside what the framework itself refuses: a second credential, a store,
    /// the stages of a project.
    pub refusals: Vec<&'static ErrorRow>,
    /// Where the operations are: the base of every link, or `/` for wherever the document comes from.
    pub server: String,
}
