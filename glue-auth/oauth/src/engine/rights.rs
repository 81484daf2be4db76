//! What a client may have and do, by its row.

use oauth_extension::{Subject, UserIdentifier, UserKind};

use super::columns::words;
use crate::store::Client;

/// The key of a client's own tokens.
pub(super) const CLIENT: &str = "client_id";

/// The client that a token is about, when it is about one.
pub(super) fn subject(user: &UserIdentifier) -> Option<Subject> {
    // It owns nothing: no row can carry either identifier.
    user.text(CLIENT).map(|id| Subject { kind: UserKind::Client, natural: format!("client:{id}"), surrogate: -2 })
}

impl Client {
    /// Whether the client may use a grant (RFC 6749 §5.2, `unauthorized_client`). A client without a list of its own may
    /// use those that end with a person in front of it; the others have to be given to it.
    pub(super) fn may_use(&self, grant: &str) -> bool {
        match (self.grants.as_deref(), grant) {
            (None, "client_credentials") => false,
            (None, "authorization_code") => self.redirect_uri.is_some(),
            (None, _) => true,
            (Some(grants), _) => words(Some(grants)).any(|own| own == grant),
        }
    }

    /// Whether the client is a resource server, which looks at tokens of other clients.
    pub(super) fn is_resource_server(&self) -> bool {
        words(self.grants.as_deref()).any(|grant| grant == "introspection")
    }

    /// The redirections that the client registered, blanks between them.
    pub(super) fn redirections(&self) -> impl Iterator<Item = &str> {
        words(self.redirect_uri.as_deref())
    }

    /// Whether the client may have a scope; a client without a list of its own may have every one of its users.
    pub(super) fn may_have(&self, scope: &str) -> bool {
        self.scopes.is_none() || words(self.scopes.as_deref()).any(|own| own == scope)
    }
}
