//! Customers answer the plug points: their e-mail is the login name, their reference the natural identifier.

use customers::accounts::{Account, Accounts};
use oauth_extension::{
    Answer, Candidate, Grant, GrantRequest, PASSWORD, Proof, ScopeProvider, Subject, Unavailable, UserIdentifier,
    UserKind, UserProvider,
};
use serde_json::{Map, Value, json};
use time::PrimitiveDateTime;

/// Finds customers by e-mail.
pub struct CustomerUserProvider {
    accounts: Accounts,
}

impl CustomerUserProvider {
    /// A provider that looks into `accounts`.
    #[must_use]
    pub fn new(accounts: Accounts) -> Self {
        Self { accounts }
    }
}

impl UserProvider for CustomerUserProvider {
    fn grants(&self) -> &'static [Grant] {
        &[PASSWORD, IMPERSONATION]
    }

    fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
        Box::pin(async move {
            let (kind, account) = match request.field("customerReference") {
                Some(reference) => (UserKind::ImpersonatedCustomer, self.accounts.by_reference(reference).await),
                None => (UserKind::Customer, self.accounts.by_email(&request.username).await),
            };
            let account = account.map_err(unavailable)?;
            Ok(account.map(|account| Candidate {
                subject: Subject { kind, ..subject(account.id, &account.reference) },
                identifier: identifier(account.id, &account.reference),
                is_active: account.is_active(),
                password_hash: account.password,
            }))
        })
    }

    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let Some(id) = identifier.number("id_customer") else {
                return Ok(false);
            };
            let account = self.accounts.by_id(id).await.map_err(unavailable)?;
            Ok(account.as_ref().is_some_and(Account::is_active))
        })
    }

    fn inactive<'a>(&'a self, since: PrimitiveDateTime) -> Answer<'a, Result<Vec<Subject>, Unavailable>> {
        Box::pin(async move {
            let found = self.accounts.anonymised_since(since).await.map_err(unavailable)?;
            Ok(found.into_iter().map(|(id, reference)| subject(id, &reference)).collect())
        })
    }

    fn rehash<'a>(&'a self, subject: &'a Subject, old: String, new: String) -> Answer<'a, Result<bool, Unavailable>> {
        Box::pin(async move { self.accounts.rehash(subject.surrogate, old, new).await.map_err(unavailable) })
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        Some(subject(identifier.number("id_customer")?, identifier.text("customer_reference")?))
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

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![("customer", "every customer"), ("customer_impersonation", "a customer whom an agent acts for")]
    }
}

fn subject(id: i64, reference: &str) -> Subject {
    Subject { kind: UserKind::Customer, natural: reference.to_owned(), surrogate: id }
}

fn identifier(id: i64, reference: &str) -> UserIdentifier {
    // Every key stays present, because consumers index them (contract/authentication.md §2.2).
    let keys = [
        ("id_company_user", Value::Null),
        ("id_agent", Value::Null),
        ("customer_reference", json!(reference)),
        ("id_customer", json!(id)),
        ("permissions", Value::Null),
    ];
    UserIdentifier(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn unavailable(error: impl std::fmt::Display) -> Unavailable {
    Unavailable(error.to_string())
}
