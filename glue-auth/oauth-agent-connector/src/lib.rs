#![doc = include_str!("../README.md")]

use oauth_extension::{
    Candidate, Grant, GrantRequest, Proof, Remembered, ScopeProvider, Storage, Subject, Unavailable, UserIdentifier,
    UserKind, UserProvider,
};
use serde_json::{Map, Value, json};
use users::accounts::Account;

/// The grant of agents. It compares a password and is not one of the token endpoint.
pub const AGENT: Grant = Grant { name: "agent_credentials", proof: Proof::Password };

/// Finds agents by name.
#[derive(Debug)]
pub struct AgentUserProvider;

impl UserProvider for AgentUserProvider {
    fn grants(&self) -> &'static [Grant] {
        &[AGENT]
    }

    fn find(&self, storage: &mut Storage<'_>, request: &GrantRequest) -> Result<Option<Candidate>, Unavailable> {
        let account = Account::by_username(storage.get()?, &request.username).map_err(Unavailable::because)?;
        Ok(account.map(candidate))
    }

    fn present(&self, storage: &mut Storage<'_>, past: Remembered<'_>) -> Result<Option<Candidate>, Unavailable> {
        let Some(id) = past.identifier.number("id_agent") else { return Ok(None) };
        Ok(Account::by_id(storage.get()?, id).map_err(Unavailable::because)?.map(candidate))
    }

    fn watches(&self) -> &'static [&'static str] {
        &["agent"]
    }

    fn rehash(&self, storage: &mut Storage<'_>, subject: &Subject, old: &str, new: &str) -> Result<bool, Unavailable> {
        let Some(id) = subject.natural.strip_prefix(PREFIX).and_then(|id| id.parse().ok()) else {
            return Ok(false);
        };
        Account::rehash(storage.get()?, id, old, new).map_err(Unavailable::because)
    }

    fn bcrypt_hash(&self, storage: &mut Storage<'_>) -> Result<Option<String>, Unavailable> {
        Account::bcrypt_hash(storage.get()?).map_err(Unavailable::because)
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        // A customer whom an agent acts for is a customer.
        identifier.number("id_agent").filter(|_| identifier.number("id_customer").is_none()).map(subject)
    }
}

fn candidate(account: Account) -> Candidate {
    Candidate {
        subject: subject(account.id),
        identifier: identifier(account.id),
        is_active: account.is_agent && account.is_active(),
        password_hash: Some(account.password),
    }
}

/// Every agent gets the scope `agent`.
#[derive(Debug)]
pub struct AgentScopeProvider;

impl ScopeProvider for AgentScopeProvider {
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        if subject.kind == UserKind::Agent { vec!["agent".into()] } else { Vec::new() }
    }

    fn marks(&self, subject: &Subject) -> &'static [&'static str] {
        if subject.kind == UserKind::Agent { &["agent"] } else { &[] }
    }

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![("agent", "users who act for customers")]
    }
}

const PREFIX: &str = "agent:";

/// An agent owns nothing in the storefront: no row can carry either identifier.
fn subject(id: i64) -> Subject {
    Subject { kind: UserKind::Agent, natural: format!("{PREFIX}{id}"), surrogate: -2 }
}

fn identifier(id: i64) -> UserIdentifier {
    // A customer's shape with nothing but the agent in it (reference/authentication.md §2.2).
    let keys = [
        ("id_company_user", Value::Null),
        ("id_agent", json!(id)),
        ("customer_reference", Value::Null),
        ("id_customer", Value::Null),
        ("permissions", Value::Null),
    ];
    UserIdentifier(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}
