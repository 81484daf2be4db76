#![doc = include_str!("../README.md")]

use customers::accounts::Account;
use oauth_extension::{
    Candidate, Grant, GrantRequest, PASSWORD, Proof, Remembered, ScopeProvider, Storage, Subject, Unavailable,
    UserIdentifier, UserKind, UserProvider,
};
use serde_json::{Map, Value, json};

/// Finds customers by e-mail, and those whom an agent acts for by reference.
#[derive(Debug)]
pub struct CustomerUserProvider;

impl UserProvider for CustomerUserProvider {
    fn grants(&self) -> &'static [Grant] {
        &[PASSWORD, IMPERSONATION]
    }

    fn find(&self, storage: &mut Storage<'_>, request: &GrantRequest) -> Result<Option<Candidate>, Unavailable> {
        let (kind, account) = match request.field("customerReference") {
            Some(reference) => (UserKind::ImpersonatedCustomer, Account::by_reference(storage.get()?, reference)),
            None => (UserKind::Customer, Account::by_email(storage.get()?, &request.username)),
        };
        let account = account.map_err(Unavailable::because)?;
        Ok(account.map(|account| candidate(kind, account)))
    }

    fn present(&self, storage: &mut Storage<'_>, past: Remembered<'_>) -> Result<Option<Candidate>, Unavailable> {
        let Some(id) = past.identifier.number("id_customer") else { return Ok(None) };
        let kind = if past.answers.is_some() { UserKind::ImpersonatedCustomer } else { UserKind::Customer };
        let account = Account::by_id(storage.get()?, id).map_err(Unavailable::because)?;
        Ok(account.map(|account| candidate(kind, account)))
    }

    fn watches(&self) -> &'static [&'static str] {
        &["customer"]
    }

    fn rehash(&self, storage: &mut Storage<'_>, subject: &Subject, old: &str, new: &str) -> Result<bool, Unavailable> {
        Account::rehash(storage.get()?, subject.surrogate, old, new).map_err(Unavailable::because)
    }

    fn bcrypt_hash(&self, storage: &mut Storage<'_>) -> Result<Option<String>, Unavailable> {
        Account::bcrypt_hash(storage.get()?).map_err(Unavailable::because)
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        Some(subject(identifier.number("id_customer")?, identifier.text("customer_reference")?))
    }
}

fn candidate(kind: UserKind, account: Account) -> Candidate {
    Candidate {
        subject: Subject { kind, ..subject(account.id, &account.reference) },
        identifier: identifier(account.id, &account.reference),
        is_active: account.is_active(),
        password_hash: account.password,
    }
}

/// The grant of an agent who acts for a customer: the agent's token is the proof, and whoever has it judged calls this.
pub const IMPERSONATION: Grant = Grant { name: "customer_impersonation", proof: Proof::Caller };

/// Every customer gets the scope `customer`; whom an agent acts for, `customer_impersonation` too.
#[derive(Debug)]
pub struct CustomerScopeProvider;

impl ScopeProvider for CustomerScopeProvider {
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        match subject.kind == UserKind::ImpersonatedCustomer {
            true => vec!["customer_impersonation".into(), "customer".into()],
            false if subject.kind == UserKind::Customer => vec!["customer".into()],
            false => Vec::new(),
        }
    }

    fn marks(&self, subject: &Subject) -> &'static [&'static str] {
        if subject.kind == UserKind::ImpersonatedCustomer { &["customer_impersonation"] } else { &[] }
    }

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![("customer", "every customer"), ("customer_impersonation", "a customer whom an agent acts for")]
    }
}

fn subject(id: i64, reference: &str) -> Subject {
    Subject { kind: UserKind::Customer, natural: reference.to_owned(), surrogate: id }
}

fn identifier(id: i64, reference: &str) -> UserIdentifier {
    // Every key stays present, because consumers index them (reference/authentication.md §2.2).
    let keys = [
        ("id_company_user", Value::Null),
        ("id_agent", Value::Null),
        ("customer_reference", json!(reference)),
        ("id_customer", json!(id)),
        ("permissions", Value::Null),
    ];
    UserIdentifier(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}
