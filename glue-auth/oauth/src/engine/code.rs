//! Authorization codes (RFC 6749 §4.1) with PKCE (RFC 7636, S256 only).

use std::sync::Arc;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth_extension::GrantRequest;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::columns::{parsed, stored};
use super::exchange::{Outcome, ended, proceed};
use super::halt::{Halt, decided};
use super::issue::{Grant, Issuer, begun};
use super::login::Proven;
use super::policy::{Claimed, Policy, Standing};
use super::requests::{Caller, TokenPair};
use super::rows::session_of;
use super::shared::Engine;
use crate::digest::digest;
use crate::error::{Dead, GrantError};
use crate::format::Seed;
use crate::port::{Access, Unit, run, settle};
use crate::random;
use crate::store::{self, Client, CodeRow};

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

    /// Lets a person log in and allow a client what it asks for. The session begins here: whatever ends it before the code is
    /// exchanged ends the code.
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
        let bytes: [u8; 32] = random::bytes().ok_or_else(|| GrantError::Defect("no randomness".into()))?;
        let code = URL_SAFE_NO_PAD.encode(bytes);
        let allowed = Allowed {
            policy: self.policy.clone(),
            client,
            proven,
            request,
            code: digest(&code),
            redirect_uri: redirect_uri.clone(),
            now: stored(now),
        };
        settle(&*self.database, allowed, |unit, allowed| decided(allowed.write(unit))).await??;
        Ok(Authorization { code, redirect_uri })
    }

    /// Exchanges a code for a token pair, once. One that comes again was stolen from somebody: what it was exchanged for ends
    /// (RFC 6749 §4.1.2), except within the retry window, when it was its own client that sent it twice. A refused request
    /// leaves the code as it was.
    ///
    /// # Errors
    /// [`GrantError`].
    pub async fn code(&self, request: CodeRequest, now: OffsetDateTime) -> Result<TokenPair, GrantError> {
        let claimed = self.claimed(&request.caller, now).await?;
        let code = Seed::code(&request.code);
        let issuer = self.issuer(&code, now);
        let exchange = CodeExchange {
            issuer: issuer.clone(),
            claimed,
            code,
            redirect_uri: request.redirect_uri,
            verifier: request.verifier,
        };
        let outcome = run(&*self.database, Access::Write, move |unit| decided(exchange.run(unit))).await?;
        self.carried_out(&issuer, outcome?).await
    }
}

/// What a person allowed, on its way to the database.
#[derive(Clone)]
struct Allowed {
    policy: Arc<Policy>,
    client: Client,
    proven: Proven,
    request: AuthorizationRequest,
    /// The hash of the code.
    code: String,
    redirect_uri: String,
    now: PrimitiveDateTime,
}

impl Allowed {
    fn write(&self, unit: &mut dyn Unit) -> Result<(), Halt> {
        let person = self.proven.enter(unit, &self.policy)?;
        let own = self.policy.grantable(&person, &self.client, None)?;
        let scopes = self.policy.requested(&own, person.marks(), &self.request.scopes)?;
        let expires = self.now + Duration::seconds(self.policy.settings.code_seconds);
        let mut session = begun(&self.policy, &person, &self.client.identifier, &scopes, self.now)?;
        session.expires_at = expires;
        store::insert_session(unit.connection(), &session)?;
        let row = CodeRow {
            identifier: self.code.clone(),
            redirect_uri: Some(self.redirect_uri.clone()),
            redirect_uri_sent: self.request.redirect_uri.is_some(),
            scopes: session.scopes,
            code_challenge: self.request.code_challenge.clone(),
            expirity_date: expires,
            user_identifier: session.user_identifier,
            fk_oauth_client: session.fk_oauth_client,
            session: Some(session.identifier),
            used_at: None,
            created_at: self.now,
            updated_at: self.now,
        };
        Ok(store::insert_code(unit.connection(), &row)?)
    }
}

/// One exchange of a code, inside its transaction.
struct CodeExchange {
    issuer: Issuer,
    claimed: Claimed,
    code: Seed,
    redirect_uri: Option<String>,
    verifier: Option<SecretString>,
}

impl CodeExchange {
    fn run(self, unit: &mut dyn Unit) -> Result<Outcome, Halt> {
        let (policy, now) = (&self.issuer.policy, self.issuer.at());
        let dead = |why| Err(Halt::Refused(GrantError::DeadCode(why)));
        let client = policy.client(unit, &self.claimed, "authorization_code")?;
        // Once more when somebody else was faster.
        for _ in 0..2 {
            let Some(row) = store::find_code(unit.connection(), &self.code.identifier)? else {
                return dead(Dead::Unknown);
            };
            self.belongs(&row, &client)?;
            let session = session_of(unit, row.session.as_deref())?;
            let Some(session) = session.filter(|session| session.closed_at.is_none()) else {
                return dead(Dead::Revoked);
            };
            match row.used_at {
                Some(used) if now - used > policy.settings.retry() => {
                    let replayed = GrantError::DeadCode(Dead::Reused);
                    return ended(unit, &self.issuer, session, replayed, "authorization_code_reused");
                }
                // An honest client that sent it twice keeps what it got the first time.
                Some(_) => return dead(Dead::Reused),
                None => {}
            }
            if row.expirity_date <= now {
                return dead(Dead::Expired);
            }
            let person = match policy.standing(unit, &session)? {
                Standing::Here(person) => person,
                Standing::Gone => return dead(Dead::InactiveUser),
                Standing::Lost => {
                    let refused = GrantError::DeadCode(Dead::LostRight);
                    return ended(unit, &self.issuer, session, refused, "right_lost");
                }
            };
            let granted: Vec<String> = parsed(&session.scopes)?;
            let scopes = policy.grantable(&person, &client, Some(&granted))?;
            if scopes.is_empty() && !granted.is_empty() {
                return Err(Halt::Refused(GrantError::InvalidScope));
            }
            let user = &person.identifier;
            let lifetime = policy.settings.access();
            let grant = Grant { user, scopes: &scopes, held: &scopes, granted: &granted, lifetime };
            let Some(session) = proceed(unit, &self.issuer, session, &grant)? else {
                return dead(Dead::Revoked);
            };
            if store::use_code(unit.connection(), &row.identifier, now)? {
                let issued = self.issuer.write(unit, &session, &grant)?;
                return Ok(Outcome::Pair { secret: 0, issued: Box::new(issued) });
            }
        }
        dead(Dead::Reused)
    }

    /// Whether the code is this client's, of this redirection, and the verifier its challenge's.
    fn belongs(&self, row: &CodeRow, client: &Client) -> Result<(), GrantError> {
        if row.fk_oauth_client != client.identifier {
            return Err(GrantError::DeadCode(Dead::OtherClient));
        }
        let same = match &self.redirect_uri {
            Some(sent) => row.redirect_uri.as_ref() == Some(sent),
            None => !row.redirect_uri_sent,
        };
        if !same {
            return Err(GrantError::DeadCode(Dead::OtherRedirection));
        }
        let verifier = self.verifier.as_ref();
        match verifier.is_some_and(|verifier| fits(verifier.expose_secret(), &row.code_challenge)) {
            true => Ok(()),
            false => Err(GrantError::WrongVerifier),
        }
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
