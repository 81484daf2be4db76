#![doc = include_str!("../README.md")]

pub mod access_tokens;
pub mod agent_access_tokens;
pub mod agent_customer_impersonation_access_tokens;
mod agents;
mod authenticator;
pub mod authorization;
pub mod authorize;
mod challenge;
pub mod company_user_access_tokens;
mod credentials;
pub mod customer_access;
mod database;
pub mod generated;
pub mod introspection;
pub mod json_web_keys;
mod locked_out;
pub mod refresh_tokens;
mod refusals;
pub mod revocation;
pub mod server_metadata;
pub mod sessions;
pub mod token;
mod token_document;
pub mod warehouse_tokens;

use std::sync::Arc;

use glue_core::document::Listing;
use glue_core::error::Outcome;
use glue_core::request::RequestContext;

pub use authenticator::EngineAuthenticator;
pub use database::{EngineDatabase, demo_hashes, end_sessions, insert_demo_clients};
pub use locked_out::LockedOut;

/// The engine as a service of the application: what the hand-written behaviour of this crate asks its context for.
pub type SharedEngine = Arc<oauth::Engine>;

/// The collection of what cannot be read again.
fn empty_listing<T>(cx: &RequestContext) -> Outcome<Listing<T>> {
    Ok(Listing::new(Vec::new(), cx.page(1, 1)?, 0))
}

/// What stands between blanks.
fn split_scopes(text: Option<&str>) -> Vec<String> {
    text.unwrap_or_default().split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Scopes as a `scope` member says them; without any there is no member, because it has no empty value (RFC 6749 §3.3).
fn joined_scopes(scopes: &[String]) -> Option<String> {
    (!scopes.is_empty()).then(|| scopes.join(" "))
}

/// A name as the audit log keeps it. What has not the form of an address or a user name may be a password that somebody typed
/// into the wrong field: its beginning is enough to recognise a slip by.
fn audited(name: &str) -> String {
    let plain = |text: &str| text.chars().all(|c| c.is_alphanumeric() || "._+-".contains(c)) && !text.is_empty();
    let is_address =
        name.rsplit_once('@').is_some_and(|(local, host)| plain(local) && plain(host) && host.contains('.'));
    if (is_address && name.len() <= 254) || (plain(name) && name.len() <= 32) {
        return name.to_owned();
    }
    format!("{}…", name.chars().take(3).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::audited;

    /// S3: what may be a password that was typed into the wrong field does not reach the audit log.
    #[test]
    fn what_is_no_name_is_cut() {
        for name in ["sonia@acme.com", "admin", "warehouse-1", "Öster.reich+shop@example.com"] {
            assert_eq!(audited(name), name);
        }
        for (slip, kept) in [
            ("correct horse battery staple", "cor…"),
            ("Pa$$w0rd!", "Pa$…"),
            ("sonia@acme.com hunter2", "son…"),
            ("a\nb", "a\nb…"),
            ("", "…"),
        ] {
            assert_eq!(audited(slip), kept);
        }
        assert_eq!(audited(&"x".repeat(33)), "xxx…");
    }
}
