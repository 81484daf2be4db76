//! Back-office users answer the plug points: their user name is the login name, their uuid the natural identifier.

use oauth_extension::{
    Answer, Candidate, Grant, GrantRequest, PASSWORD, ScopeProvider, Subject, Unavailable, UserIdentifier, UserKind,
    UserProvider,
};
use serde_json::{Map, Value, json};
use time::PrimitiveDateTime;
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
    fn grants(&self) -> &'static [Grant] {
        &[PASSWORD]
    }

    fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
        Box::pin(async move {
            let account = self.accounts.by_username(&request.username).await.map_err(unavailable)?;
            Ok(account.map(|account| Candidate {
                subject: Subject {
                    kind: if account.is_warehouse_user { UserKind::WarehouseUser } else { UserKind::BackOfficeUser },
                    ..subject(account.id, &account.uuid)
                },
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

    fn inactive<'a>(&'a self, _: PrimitiveDateTime) -> Answer<'a, Result<Vec<Subject>, Unavailable>> {
        Box::pin(async move {
            let found = self.accounts.inactive().await.map_err(unavailable)?;
            Ok(found.into_iter().map(|(id, uuid)| subject(id, &uuid)).collect())
        })
    }

    fn rehash<'a>(&'a self, subject: &'a Subject, old: String, new: String) -> Answer<'a, Result<bool, Unavailable>> {
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
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        let by_type = match subject.kind == UserKind::WarehouseUser {
            true => "warehouse-user",
            false => "back-office-user",
        };
        let is_user = matches!(subject.kind, UserKind::BackOfficeUser | UserKind::WarehouseUser);
        if is_user { vec!["user".into(), by_type.into()] } else { Vec::new() }
    }

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![
            ("user", "every back-office user"),
            ("back-office-user", "back-office users without a more special type"),
            ("warehouse-user", "back-office users who work in a warehouse"),
        ]
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
