//! Agents answer the plug points: back-office users whom their account lets act for customers in the storefront.

use oauth_extension::{
    Answer, Candidate, Grant, GrantRequest, Proof, ScopeProvider, Subject, Unavailable, UserIdentifier, UserKind,
    UserProvider,
};
use serde_json::{Map, Value, json};
use time::PrimitiveDateTime;
use users::accounts::{Account, Accounts};

/// The grant of agents. It compares a password and is not one of the token endpoint.
pub const AGENT: Grant = Grant { name: "agent_credentials", proof: Proof::Password };

/// Finds agents by name.
pub struct AgentUserProvider {
    accounts: Accounts,
}

impl AgentUserProvider {
    /// A provider that looks into `accounts`.
    #[must_use]
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }
}

impl UserProvider for AgentUserProvider {
    fn grants(&self) -> &'static [Grant] {
        &[AGENT]
    }

    fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
        Box::pin(async move {
            let account = self.accounts.by_username(&request.username).await.map_err(unavailable)?;
            Ok(account.map(|account| Candidate {
                subject: subject(account.id),
                identifier: identifier(account.id),
                is_active: may_act(&account),
                password_hash: Some(account.password),
            }))
        })
    }

    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let Some(id) = identifier.number("id_agent") else { return Ok(false) };
            let account = self.accounts.by_id(id).await.map_err(unavailable)?;
            Ok(account.as_ref().is_some_and(may_act))
        })
    }

    fn inactive<'a>(&'a self, _: PrimitiveDateTime) -> Answer<'a, Result<Vec<Subject>, Unavailable>> {
        Box::pin(async move {
            let found = self.accounts.inactive().await.map_err(unavailable)?;
            Ok(found.into_iter().map(|(id, _)| subject(id)).collect())
        })
    }

    fn rehash<'a>(&'a self, subject: &'a Subject, old: String, new: String) -> Answer<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let Some(id) = subject.natural.strip_prefix(PREFIX).and_then(|id| id.parse().ok()) else {
                return Ok(false);
            };
            self.accounts.rehash(id, old, new).await.map_err(unavailable)
        })
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        // A customer whom an agent acts for is a customer.
        identifier.number("id_agent").filter(|_| identifier.number("id_customer").is_none()).map(subject)
    }
}

/// Every agent gets the scope `agent`.
#[derive(Debug)]
pub struct AgentScopeProvider;

impl ScopeProvider for AgentScopeProvider {
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        if subject.kind == UserKind::Agent { vec!["agent".into()] } else { Vec::new() }
    }

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![("agent", "users who act for customers")]
    }
}

const PREFIX: &str = "agent:";

fn may_act(account: &Account) -> bool {
    account.is_agent && account.is_active()
}

/// An agent owns nothing in the storefront: no row can carry either identifier.
fn subject(id: i64) -> Subject {
    Subject { kind: UserKind::Agent, natural: format!("{PREFIX}{id}"), surrogate: -2 }
}

fn identifier(id: i64) -> UserIdentifier {
    // A customer's shape with nothing but the agent in it (contract/authentication.md §2.2).
    let keys = [
        ("id_company_user", Value::Null),
        ("id_agent", json!(id)),
        ("customer_reference", Value::Null),
        ("id_customer", Value::Null),
        ("permissions", Value::Null),
    ];
    UserIdentifier(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn unavailable(error: impl std::fmt::Display) -> Unavailable {
    Unavailable(error.to_string())
}
