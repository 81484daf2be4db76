#![doc = include_str!("../README.md")]

use oauth_extension::{
    Candidate, Grant, GrantRequest, PASSWORD, Remembered, ScopeProvider, Storage, Subject, Unavailable, UserIdentifier,
    UserKind, UserProvider,
};
use serde_json::{Map, Value, json};
use users::accounts::Account;

/// Finds back-office users by name.
#[derive(Debug)]
pub struct BackOfficeUserProvider;

impl UserProvider for BackOfficeUserProvider {
    fn grants(&self) -> &'static [Grant] {
        &[PASSWORD]
    }

    fn find(&self, storage: &mut Storage<'_>, request: &GrantRequest) -> Result<Option<Candidate>, Unavailable> {
        let account = Account::by_username(storage.get()?, &request.username).map_err(Unavailable::because)?;
        Ok(account.map(candidate))
    }

    fn present(&self, storage: &mut Storage<'_>, past: Remembered<'_>) -> Result<Option<Candidate>, Unavailable> {
        let Some(id) = past.identifier.number("id_user") else { return Ok(None) };
        Ok(Account::by_id(storage.get()?, id).map_err(Unavailable::because)?.map(candidate))
    }

    fn watches(&self) -> &'static [&'static str] {
        &["user"]
    }

    fn rehash(&self, storage: &mut Storage<'_>, subject: &Subject, old: &str, new: &str) -> Result<bool, Unavailable> {
        Account::rehash(storage.get()?, subject.surrogate, old, new).map_err(Unavailable::because)
    }

    fn bcrypt_hash(&self, storage: &mut Storage<'_>) -> Result<Option<String>, Unavailable> {
        Account::bcrypt_hash(storage.get()?).map_err(Unavailable::because)
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        Some(subject(identifier.number("id_user")?, identifier.text("uuid")?))
    }
}

fn candidate(account: Account) -> Candidate {
    let kind = if account.is_warehouse_user { UserKind::WarehouseUser } else { UserKind::BackOfficeUser };
    Candidate {
        subject: Subject { kind, ..subject(account.id, &account.uuid) },
        identifier: identifier(account.id, &account.uuid),
        is_active: account.is_active(),
        password_hash: Some(account.password),
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

    fn marks(&self, subject: &Subject) -> &'static [&'static str] {
        // `user` alone is what a running shop takes for the whole back office.
        if subject.kind == UserKind::WarehouseUser { &["warehouse-user"] } else { &[] }
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
