//! What is asked of the engine, and what a grant yields.

use oauth_extension::UserIdentifier;
use secrecy::SecretString;

/// How a client said who it is.
#[derive(Clone)]
pub struct ClientCredentials {
    /// Its identifier.
    pub id: String,
    /// Its secret.
    pub secret: Option<SecretString>,
}

/// Who asks for something.
#[derive(Clone, Default)]
pub struct Caller {
    /// The client; the default client when it named none.
    pub client: Option<ClientCredentials>,
    /// Where the request comes from, as far as guesses are counted: an address, or a network.
    pub source: String,
}

/// The password grant (RFC 6749 §4.3), or another one that asks for a name and a password.
pub struct PasswordRequest {
    /// Who asks.
    pub caller: Caller,
    /// The name of the grant, `password` say.
    pub grant: &'static str,
    /// The login name.
    pub username: String,
    /// The password.
    pub password: SecretString,
    /// The scopes asked for; none means all that the user has.
    pub scopes: Vec<String>,
}

/// The refresh grant (RFC 6749 §6).
pub struct RefreshRequest {
    /// Who asks.
    pub caller: Caller,
    /// The refresh token.
    pub token: SecretString,
    /// The scopes asked for; none means all of the grant.
    pub scopes: Vec<String>,
}

/// What a grant yields.
pub struct TokenPair {
    /// The access token.
    pub access_token: String,
    /// Seconds that it lives.
    pub expires_in: i64,
    /// The refresh token; none for a client on its own behalf (RFC 6749 §4.4.3).
    pub refresh_token: Option<String>,
    /// What both are about.
    pub user: UserIdentifier,
    /// What the access token allows.
    pub scopes: Vec<String>,
}
