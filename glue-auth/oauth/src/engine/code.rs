//! Authorization codes (RFC 6749 §4.1) with PKCE (RFC 7636, S256 only).

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth_extension::{GrantRequest, UserIdentifier};
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::issue::Begun;
use super::{Caller, Engine, TokenPair, stored};
use crate::digest::digest;
use crate::error::{Dead, GrantError};
use crate::port::{Access, run, settle};
use crate::random;
use crate::store::{self, Client, CodeRow, Exchange, Whose};

/// What a client asks a person for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationRequest {
    /// The client.
    pub client: String,
    /// Where to send the person back to; the only registered place when it is absent.
    pub redirect_uri: Option<String>,
    /// The scopes asked for; none means all that the person has.
    pub scopes: Vec<String>,
    /// `BASE64URL(SHA256(code_verifier))`.
    pub code_challenge: String,
}

/// A request whose client and redirection are known: refusals may be sent there from now on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The client's name, for people.
    pub name: String,
    /// Where to send the person back to.
    pub redirect_uri: String,
}

/// What a person allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The code.
    pub code: String,
    /// Where to send it.
    pub redirect_uri: String,
}

/// The code grant (RFC 6749 §4.1.3).
pub struct CodeRequest {
    /// Who asks.
    pub caller: Caller,
    /// The code.
    pub code: String,
    /// The redirection of the authorization request.
    pub redirect_uri: Option<String>,
    /// The secret behind the challenge.
    pub verifier: Option<SecretString>,
}

impl Engine {
    /// Finds the client and the redirection of a request. Until then nobody may be redirected anywhere.
    ///
    /// # Errors
    /// [`GrantError::InvalidClient`] for an unknown client, [`GrantError::DeadCode`] with
    /// [`Dead::OtherRedirection`] for a redirection that it did not register.
    pub async fn authorization_client(&self, client: &str, redirect_uri: Option<&str>) -> Result<Named, GrantError> {
        let found = self.named_client(client.to_owned()).await?.ok_or(GrantError::InvalidClient)?;
        let redirect_uri = redirection(&found, redirect_uri).ok_or(GrantError::DeadCode(Dead::OtherRedirection))?;
        Ok(Named { name: found.name, redirect_uri })
    }

    /// Lets a person log in and allow a client what it asks for.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn authorize(
        &self,
        request: AuthorizationRequest,
        (username, password): (String, SecretString),
        source: &str,
        now: OffsetDateTime,
    ) -> Result<Authorization, GrantError> {
        let client = self.named_client(request.client.clone()).await?.ok_or(GrantError::InvalidClient)?;
        let redirect_uri = redirection(&client, request.redirect_uri.as_deref())
            .ok_or(GrantError::DeadCode(Dead::OtherRedirection))?;
        if !client.may_use("authorization_code") {
            return Err(GrantError::UnauthorizedClient);
        }
        let person = GrantRequest::named("password", &username);
        let proven = self.prove(&person, password, source, now).await?;
        let scopes = self.granted(&proven, &client, &request.scopes)?;
        let bytes: [u8; 32] = random::bytes().ok_or_else(|| GrantError::Defect("no randomness".into()))?;
        let code = URL_SAFE_NO_PAD.encode(bytes);
        let defect = |error: serde_json::Error| GrantError::Defect(error.to_string());
        let row = CodeRow {
            identifier: digest(&code),
            redirect_uri: Some(redirect_uri.clone()),
            redirect_uri_sent: request.redirect_uri.is_some(),
            scopes: serde_json::to_string(&scopes).map_err(defect)?,
            code_challenge: request.code_challenge,
            expirity_date: stored(now + Duration::seconds(self.settings.code_seconds)),
            subject: self.subject_key(&proven.identifier),
            user_identifier: serde_json::to_string(&proven.identifier).map_err(defect)?,
            fk_oauth_client: client.identifier,
            family: random::identifier(),
            used_at: None,
            created_at: stored(now),
            updated_at: stored(now),
        };
        if !settle(&*self.database, row, store::insert_code).await? {
            return Err(GrantError::InvalidCredentials);
        }
        Ok(Authorization { code, redirect_uri })
    }

    /// Exchanges a code for a token pair. A code that comes twice was stolen from somebody: what it was exchanged for
    /// ends (RFC 6749 §4.1.2). A refused request leaves the code as it was.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn code(&self, request: CodeRequest, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let client = self.client(&request.caller, "authorization_code", now).await?;
        let identifier = digest(&request.code);
        let found = {
            let identifier = identifier.clone();
            run(&*self.database, Access::Read, move |conn| store::find_code(conn, &identifier)).await?
        };
        let dead = |why| Err(GrantError::DeadCode(why));
        let Some(row) = found else { return dead(Dead::Unknown) };
        if row.fk_oauth_client != client.identifier {
            return dead(Dead::OtherClient);
        }
        let same = match &request.redirect_uri {
            Some(sent) => row.redirect_uri.as_ref() == Some(sent),
            None => !row.redirect_uri_sent,
        };
        if !same {
            return dead(Dead::OtherRedirection);
        }
        let fits = request.verifier.is_some_and(|verifier| fits(verifier.expose_secret(), &row.code_challenge));
        if !fits {
            return Err(GrantError::WrongVerifier);
        }
        if row.used_at.is_some() {
            return self.replayed(row, now).await;
        }
        if row.expirity_date <= stored(now) {
            return dead(Dead::Expired);
        }
        let defect = |error: serde_json::Error| GrantError::Defect(error.to_string());
        let user: UserIdentifier = serde_json::from_str(&row.user_identifier).map_err(defect)?;
        let scopes: Vec<String> = serde_json::from_str(&row.scopes).map_err(defect)?;
        let wanted = scopes.len();
        let Some(scopes) = self.still(&user, &client, scopes).await? else { return dead(Dead::InactiveUser) };
        if scopes.is_empty() && wanted > 0 {
            return Err(GrantError::InvalidScope);
        }
        let lifetime = self.settings.access();
        let Begun { pair, access, refresh } =
            self.begin(&client, &user, scopes, lifetime, row.family.clone(), now).await?;
        let redeemed = run(&*self.database, Access::Write, move |conn| {
            store::redeem_code(conn, &identifier, stored(now), &access, &refresh)
        });
        match redeemed.await? {
            Exchange::Won => Ok(pair),
            Exchange::Lost => self.replayed(row, now).await,
        }
    }

    async fn replayed(&self, row: CodeRow, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let family = row.family;
        tracing::warn!(target: "audit", event = "authorization_code_reused", %family);
        self.end(Whose::Family(family), now).await?;
        Err(GrantError::DeadCode(Dead::Reused))
    }
}

/// The registered redirection that a request means: compared byte by byte, except for the port of a program on the
/// person's own machine (RFC 8252 §7.3).
fn redirection(client: &Client, asked: Option<&str>) -> Option<String> {
    match asked {
        None => {
            let mut all = client.redirections();
            let only = all.next()?;
            all.next().is_none().then(|| only.to_owned())
        }
        Some(asked) => client
            .redirections()
            .any(|own| {
                own == asked
                    || without_port(own).is_some_and(|own| without_port(asked).is_some_and(|asked| own == asked))
            })
            .then(|| asked.to_owned()),
    }
}

/// A loopback redirection without its port: the host and what stands behind it.
fn without_port(uri: &str) -> Option<(&'static str, &str)> {
    let rest = uri.strip_prefix("http://")?;
    let (host, rest) = ["127.0.0.1", "[::1]"].into_iter().find_map(|host| Some((host, rest.strip_prefix(host)?)))?;
    let (port, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let is_number = |port: &str| port.parse::<u16>().is_ok_and(|number| number.to_string() == port && number > 0);
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(is_number);
    is_port.then_some((host, path))
}

/// Whether a verifier is one (RFC 7636 §4.1) and belongs to a challenge.
fn fits(verifier: &str, challenge: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    if !(43..=128).contains(&verifier.len()) || !verifier.bytes().all(unreserved) {
        return false;
    }
    let computed = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    verify_slices_are_equal(computed.as_bytes(), challenge.as_bytes()).is_ok()
}
