//! Back-office users answer the plug points: their user name is the login name, their uuid the natural identifier.

use oauth_extension::{Answer, Candidate, ScopeProvider, Subject, Unavailable, UserIdentifier, UserKind, UserProvider};
use serde_json::{Map, Value, json};
use users::accounts::{Account, Accounts};

/// Finds back-office users by name.
pub struct BackOfficeUserProvider {
    accounts: Accounts,
}

impl BackOfficeUserProvider {
    /// A provider that looks into `accounts`.
    #[must_use]
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }
}

impl UserProvider for BackOfficeUserProvider {
    fn find<'a>(&'a self, username: &'a str) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
        Box::pin(async move {
            let account = self.accounts.by_username(username).await.map_err(unavailable)?;
            Ok(account.map(|account| Candidate {
                subject: subject(account.id, &account.uuid),
                identifier: identifier(account.id, &account.uuid),
                is_active: account.is_active(),
                password_hash: Some(account.password),
            }))
        })
    }

    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let Some(id) = identifier.number("id_user") else {
                return Ok(false);
            };
            let account = self.accounts.by_id(id).await.map_err(unavailable)?;
            Ok(account.as_ref().is_some_and(Account::is_active))
        })
    }

    fn rehash<'a>(&'a self, subject: &'a Subject, old: String, new: String) -> Answer<'a, Result<(), Unavailable>> {
        Box::pin(async move { self.accounts.rehash(subject.surrogate, old, new).await.map_err(unavailable) })
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        Some(subject(identifier.number("id_user")?, identifier.text("uuid")?))
    }
}

/// Every back-office user gets the scopes `user` and `back-office-user`.
#[derive(Debug)]
pub struct BackOfficeScopeProvider;

impl ScopeProvider for BackOfficeScopeProvider {
    fn scopes(&self, subject: &Subject) -> Vec<String> {
        match subject.kind {
            UserKind::BackOfficeUser => vec!["user".into(), "back-office-user".into()],
            UserKind::Customer => Vec::new(),
        }
    }
}

fn subject(id: i64, uuid: &str) -> Subject {
    Subject { kind: UserKind::BackOfficeUser, natural: uuid.to_owned(), surrogate: id }
}

fn identifier(id: i64, uuid: &str) -> UserIdentifier {
    let keys = [("user_reference", Value::Null), ("id_user", json!(id)), ("uuid", json!(uuid))];
    UserIdentifier(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn unavailable(error: impl std::fmt::Display) -> Unavailable {
    Unavailable(error.to_string())
}
