//! Members of companies answer the plug points: customers who act for a company (B2B).

use companies::members::Members;
use customers::accounts::{Account, Accounts};
use oauth_extension::{
    Answer, Candidate, Grant, GrantRequest, IdentifierExpander, Proof, ScopeProvider, Subject, Unavailable,
    UserIdentifier, UserKind, UserProvider,
};
use serde_json::{Map, Value, json};

/// The grant of a customer who becomes one of own members: the customer's token is the proof.
pub const COMPANY_USER: Grant = Grant { name: "idCompanyUser", proof: Proof::Caller };

/// Finds the members that a customer is.
pub struct CompanyUserProvider {
    members: Members,
    accounts: Accounts,
}

impl CompanyUserProvider {
    /// A provider that looks into `members`, and into `accounts` for the customer behind.
    #[must_use]
    pub fn new(members: Members, accounts: Accounts) -> Self {
        Self { members, accounts }
    }
}

impl UserProvider for CompanyUserProvider {
    fn grants(&self) -> &'static [Grant] {
        &[COMPANY_USER]
    }

    fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
        Box::pin(async move {
            let (Some(uuid), Some(reference)) = (request.field("idCompanyUser"), request.field("customerReference"))
            else {
                return Ok(None);
            };
            let Some(account) = self.accounts.by_reference(reference).await.map_err(unavailable)? else {
                return Ok(None);
            };
            let member = self.members.of_customer(account.id, uuid).await.map_err(unavailable)?;
            Ok(member.map(|member| Candidate {
                subject: subject(account.id, &account.reference),
                identifier: identifier(account.id, &account.reference, &member.uuid),
                password_hash: None,
                is_active: account.is_active(),
            }))
        })
    }

    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let (Some(id), Some(uuid)) = (identifier.number("id_customer"), identifier.text(MEMBER)) else {
                return Ok(false);
            };
            let account = self.accounts.by_id(id).await.map_err(unavailable)?;
            if !account.as_ref().is_some_and(Account::is_active) {
                return Ok(false);
            }
            Ok(self.members.of_customer(id, uuid).await.map_err(unavailable)?.is_some())
        })
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        // A customer's own login carries the member too, and the key of an agent, which is never there here.
        identifier.text(MEMBER).filter(|_| !identifier.0.contains_key("id_agent"))?;
        Some(subject(identifier.number("id_customer")?, identifier.text("customer_reference")?))
    }
}

/// Adds the member that a customer is without saying so: the only one, or the default.
pub struct CompanyUserExpander(pub Members);

impl IdentifierExpander for CompanyUserExpander {
    fn expand<'a>(
        &'a self,
        subject: &'a Subject,
        mut identifier: UserIdentifier,
    ) -> Answer<'a, Result<UserIdentifier, Unavailable>> {
        Box::pin(async move {
            if matches!(subject.kind, UserKind::Customer | UserKind::ImpersonatedCustomer)
                && let Some(member) = self.0.standing_for(subject.surrogate).await.map_err(unavailable)?
            {
                identifier.0.insert(MEMBER.to_owned(), json!(member.uuid));
            }
            Ok(identifier)
        })
    }
}

/// When the scope `company_user` is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyUserScopeProvider {
    /// With every token that carries a member, beside the customer's own (contract/product.md M12).
    Documented,
    /// By the grant of members only, and alone (contract/authentication.md §2.2).
    Spryker,
}

impl ScopeProvider for CompanyUserScopeProvider {
    fn scopes(&self, subject: &Subject, identifier: &UserIdentifier) -> Vec<String> {
        let scope = || "company_user".to_owned();
        match (subject.kind == UserKind::CompanyUser, self) {
            (true, Self::Documented) => vec!["customer".into(), scope()],
            (true, Self::Spryker) => vec![scope()],
            (false, Self::Documented) if identifier.text(MEMBER).is_some() => vec![scope()],
            (false, _) => Vec::new(),
        }
    }

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![("company_user", "customers who act for a company")]
    }
}

const MEMBER: &str = "id_company_user";

fn subject(id: i64, reference: &str) -> Subject {
    Subject { kind: UserKind::CompanyUser, natural: reference.to_owned(), surrogate: id }
}

fn identifier(id: i64, reference: &str, member: &str) -> UserIdentifier {
    let keys = [
        ("customer_reference", json!(reference)),
        ("id_customer", json!(id)),
        (MEMBER, json!(member)),
        ("permissions", Value::Null),
    ];
    UserIdentifier(keys.into_iter().map(|(key, value)| (key.to_owned(), value)).collect::<Map<_, _>>())
}

fn unavailable(error: impl std::fmt::Display) -> Unavailable {
    Unavailable(error.to_string())
}
