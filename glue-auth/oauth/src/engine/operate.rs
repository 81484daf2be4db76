//! What operators do: clients, their secrets, and the clean-up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth_extension::UserIdentifier;
use time::{Duration, OffsetDateTime, PrimitiveDateTime};

use super::columns::{stored, words};
use super::shared::Engine;
use crate::error::GrantError;
use crate::jwt;
use crate::port::{Access, StorageError, run};
use crate::random;
use crate::store::{self, Client, Stale};

/// A client to be made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewClient {
    /// Its identifier.
    pub identifier: String,
    /// Its name, for people.
    pub name: String,
    /// Whether it authenticates with a secret.
    pub is_confidential: bool,
    /// Where people may be sent back to, blanks between several places.
    pub redirect_uri: Option<String>,
    /// The grants that it may use, blanks between them; none for those of every client.
    pub grants: Option<String>,
    /// The scopes that it may have, blanks between them; none for those of its users.
    pub scopes: Option<String>,
}

/// A client as operators see it; never its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRow {
    /// What it was made with.
    pub client: NewClient,
    /// Until when its previous secret counts too.
    pub previous_secret_until: Option<PrimitiveDateTime>,
}

/// How many rows a clean-up deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Purged {
    /// Access tokens.
    pub access_tokens: usize,
    /// Refresh tokens.
    pub refresh_tokens: usize,
    /// Authorization codes.
    pub codes: usize,
    /// Sessions, once nothing names them any more.
    pub sessions: usize,
    /// Counts of failed attempts, and changes of people that nobody asked for.
    pub attempts: usize,
}

impl Purged {
    /// All of them.
    #[must_use]
    pub fn total(self) -> usize {
        self.access_tokens + self.refresh_tokens + self.codes + self.sessions + self.attempts
    }
}

/// Rows that one statement deletes.
const BATCH: i64 = 500;

impl Engine {
    /// Makes a client; returns its secret, which is shown once and stored as a hash, when it has one.
    ///
    /// # Errors
    /// [`GrantError::Unfit`] with a sentence when it cannot be, for an identifier that is taken say; else as every grant.
    pub async fn create_client(&self, new: NewClient) -> Result<Option<String>, GrantError> {
        self.check(&new).map_err(GrantError::Unfit)?;
        let secret = if new.is_confidential { Some(fresh_secret()?) } else { None };
        let hash = match &secret {
            Some(secret) => Some(self.passwords.hash(secret.clone().into()).await?),
            None => None,
        };
        let row = Client {
            identifier: new.identifier,
            name: new.name,
            redirect_uri: non_empty(new.redirect_uri),
            secret: hash,
            is_confidential: new.is_confidential,
            grants: non_empty(new.grants),
            scopes: non_empty(new.scopes),
            previous_secret: None,
            previous_secret_until: None,
        };
        let identifier = row.identifier.clone();
        match run(&*self.database, Access::Write, move |unit| store::insert_client(unit.connection(), &row)).await {
            Err(StorageError::Duplicate) => Err(GrantError::Unfit(format!("there is a client `{identifier}` already"))),
            done => done.map(|()| secret).map_err(GrantError::from),
        }
    }

    /// What is wrong with a new client, if anything is.
    fn check(&self, new: &NewClient) -> Result<(), String> {
        const OWN: [&str; 2] = ["client_credentials", "introspection"];
        const ALL: [&str; 5] =
            ["password", "refresh_token", "authorization_code", "client_credentials", "introspection"];
        let catalogue = self.catalogue();
        let visible = new.identifier.bytes().all(|byte| byte.is_ascii_graphic());
        if !visible || !(1..=128).contains(&new.identifier.len()) {
            return Err("the identifier of a client has 1 to 128 visible characters".into());
        }
        if let Some(place) = words(new.redirect_uri.as_deref()).find(|place| !is_place(place)) {
            return Err(format!("`{place}` is no place to send anybody back to"));
        }
        for grant in words(new.grants.as_deref()) {
            let served =
                self.policy.plugins.users.iter().flat_map(|provider| provider.grants()).any(|own| own.name == grant);
            if !served && !ALL.contains(&grant) {
                return Err(format!("there is no grant `{grant}`"));
            }
            if !new.is_confidential && OWN.contains(&grant) {
                return Err(format!("`{grant}` needs a client with a secret"));
            }
        }
        let known = |scope: &str| catalogue.iter().any(|(own, _)| *own == scope);
        // A client on its own behalf may have scopes that no user has.
        let own = words(new.grants.as_deref()).any(|grant| grant == "client_credentials");
        match words(new.scopes.as_deref()).find(|scope| !known(scope) && !own) {
            Some(scope) => Err(format!("nobody has the scope `{scope}`")),
            None => Ok(()),
        }
    }

    /// Every client, by identifier.
    ///
    /// # Errors
    /// [`StorageError`].
    pub async fn clients(&self) -> Result<Vec<ClientRow>, StorageError> {
        let rows = run(&*self.database, Access::Read, |unit| store::list_clients(unit.connection())).await?;
        let row = |row: Client| ClientRow {
            previous_secret_until: row.previous_secret_until,
            client: NewClient {
                identifier: row.identifier,
                name: row.name,
                is_confidential: row.is_confidential,
                redirect_uri: row.redirect_uri,
                grants: row.grants,
                scopes: row.scopes,
            },
        };
        Ok(rows.into_iter().map(row).collect())
    }

    /// Gives a client another secret; the one before it counts for `overlap` more. `None` when there is no such client.
    ///
    /// # Errors
    /// As [`Engine::create_client`].
    pub async fn rotate_secret(
        &self,
        client: &str,
        overlap: Duration,
        now: OffsetDateTime,
    ) -> Result<Option<String>, GrantError> {
        let secret = fresh_secret()?;
        let hash = self.passwords.hash(secret.clone().into()).await?;
        let (client, until) = (client.to_owned(), stored(now + overlap));
        let rotate = run(&*self.database, Access::Write, move |unit| {
            store::rotate_secret(unit.connection(), &client, &hash, until)
        });
        Ok(rotate.await?.then_some(secret))
    }

    /// Whoever logs in with this name, as tokens carry them.
    ///
    /// # Errors
    /// [`GrantError::Unavailable`].
    pub async fn user(&self, username: &str) -> Result<Option<UserIdentifier>, GrantError> {
        Ok(self.named(username).await?.map(|candidate| candidate.identifier))
    }

    /// The same when they may log in at all.
    ///
    /// # Errors
    /// [`GrantError::Unavailable`].
    pub async fn active_user(&self, username: &str) -> Result<Option<UserIdentifier>, GrantError> {
        let found = self.named(username).await?.filter(|candidate| candidate.is_active);
        Ok(found.map(|candidate| candidate.identifier))
    }

    /// Deletes what ended longer ago than the retention, batch by batch; `progress` is told after each.
    ///
    /// # Errors
    /// [`StorageError`]; what was deleted until then stays deleted, and the next run goes on.
    pub async fn purge(&self, now: OffsetDateTime, mut progress: impl FnMut(Purged)) -> Result<Purged, StorageError> {
        let retained = stored(now - Duration::seconds(self.settings().retention_seconds));
        let mut purged = Purged::default();
        for what in
            [Stale::AccessTokens, Stale::RefreshTokens, Stale::Codes, Stale::Sessions, Stale::Attempts, Stale::Changes]
        {
            let before = match what {
                // A count that ran out is of no use to anybody.
                Stale::Attempts => stored(now),
                // No access token is older that a change could concern.
                Stale::Changes => stored(now - self.settings().access().max(jwt::WEEK) - Duration::days(1)),
                Stale::AccessTokens | Stale::RefreshTokens | Stale::Codes | Stale::Sessions => retained,
            };
            loop {
                let rows = run(&*self.database, Access::Write, move |unit| {
                    store::purge(unit.connection(), what, before, BATCH)
                })
                .await?;
                if rows == 0 {
                    break;
                }
                match what {
                    Stale::AccessTokens => purged.access_tokens += rows,
                    Stale::RefreshTokens => purged.refresh_tokens += rows,
                    Stale::Codes => purged.codes += rows,
                    Stale::Sessions => purged.sessions += rows,
                    Stale::Attempts | Stale::Changes => purged.attempts += rows,
                }
                progress(purged);
            }
        }
        Ok(purged)
    }
}

/// A list of words as it is stored: each once, and no list without any.
fn non_empty(list: Option<String>) -> Option<String> {
    let mut kept: Vec<&str> = Vec::new();
    for word in words(list.as_deref()) {
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    (!kept.is_empty()).then(|| kept.join(" "))
}

fn fresh_secret() -> Result<String, GrantError> {
    let bytes: [u8; 32] = random::bytes().ok_or_else(|| GrantError::Defect("no randomness".into()))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// Whether people may be sent to a place: an address of the web, over plain http only on loopback (RFC 8252 §7.3, RFC 9700
/// §2.6), or of a program by a scheme of its own (RFC 8252 §7.1); without a fragment (RFC 6749 §3.1.2).
fn is_place(uri: &str) -> bool {
    let Some((scheme, rest)) = uri.split_once(':') else { return false };
    let host = rest.strip_prefix("//").unwrap_or_default().split(['/', '?']).next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.ends_with(']') => (name, port),
        _ => (host, ""),
    };
    let numbered = port.is_empty() || (port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok());
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~[]:".contains(&byte));
    let web = match scheme {
        "https" => named && numbered,
        // A code that goes over a network in the clear is anybody's: only to a program on the person's own machine.
        "http" => matches!(name, "127.0.0.1" | "[::1]" | "localhost") && numbered,
        _ => false,
    };
    let mut letters = scheme.bytes();
    let begins = letters.next().is_some_and(|byte| byte.is_ascii_alphabetic());
    let own =
        begins && scheme.contains('.') && letters.all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (web || own) && is_spelled(uri)
}

/// Whether only characters stand there that an address is made of, each `%` with its two digits (RFC 3986 §2), and no
/// fragment.
fn is_spelled(uri: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    let encoded = |rest: &str| rest.bytes().take(2).filter(u8::is_ascii_hexdigit).count() == 2;
    uri.bytes().all(plain) && uri.split('%').skip(1).all(encoded)
}
