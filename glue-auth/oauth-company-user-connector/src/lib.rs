#![doc = include_str!("../README.md")]

use companies::members::Member;
use customers::accounts::Account;
use oauth_extension::{
    Candidate, Grant, GrantRequest, IdentifierExpander, Proof, Remembered, ScopeProvider, Storage, Subject,
    Unavailable, UserIdentifier, UserKind, UserProvider,
};
use serde_json::{Map, Value, json};

/// The grant of a customer who becomes one of own members: the customer's session is the proof.
pub const COMPANY_USER: Grant = Grant { name: "idCompanyUser", proof: Proof::Caller };

/// Finds the members that a customer is.
#[derive(Debug)]
pub struct CompanyUserProvider;

impl UserProvider for CompanyUserProvider {
    fn grants(&self) -> &'static [Grant] {
        &[COMPANY_USER]
    }

    fn find(&self, storage: &mut Storage<'_>, request: &GrantRequest) -> Result<Option<Candidate>, Unavailable> {
        let customer = request.answers.as_ref().filter(|subject| is_customer(subject));
        let (Some(uuid), Some(customer)) = (request.field("idCompanyUser"), customer) else { return Ok(None) };
        let account = Account::by_reference(storage.get()?, &customer.natural).map_err(Unavailable::because)?;
        account.map_or(Ok(None), |account| candidate(storage, account, uuid))
    }

    fn present(&self, storage: &mut Storage<'_>, past: Remembered<'_>) -> Result<Option<Candidate>, Unavailable> {
        let (Some(id), Some(uuid)) = (past.identifier.number("id_customer"), past.identifier.text(MEMBER)) else {
            return Ok(None);
        };
        let account = Account::by_id(storage.get()?, id).map_err(Unavailable::because)?;
        account.map_or(Ok(None), |account| candidate(storage, account, uuid))
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        // A customer's own login carries the member too, and the key of an agent, which is never there here.
        identifier.text(MEMBER).filter(|_| !identifier.0.contains_key("id_agent"))?;
        Some(subject(identifier.number("id_customer")?, identifier.text("customer_reference")?))
    }
}

fn is_customer(subject: &Subject) -> bool {
    matches!(subject.kind, UserKind::Customer | UserKind::ImpersonatedCustomer)
}

fn candidate(storage: &mut Storage<'_>, account: Account, uuid: &str) -> Result<Option<Candidate>, Unavailable> {
    let member = Member::of_customer(storage.get()?, account.id, uuid).map_err(Unavailable::because)?;
    Ok(member.map(|member| Candidate {
        subject: subject(account.id, &account.reference),
        identifier: identifier(account.id, &account.reference, &member.uuid),
        password_hash: None,
        is_active: account.is_active(),
    }))
}

/// Adds the member that a customer is without saying so: the only one, or the default.
#[derive(Debug)]
pub struct CompanyUserExpander;

impl IdentifierExpander for CompanyUserExpander {
    fn expand(
        &self,
        storage: &mut Storage<'_>,
        subject: &Subject,
        mut identifier: UserIdentifier,
    ) -> Result<UserIdentifier, Unavailable> {
        if is_customer(subject)
            && let Some(member) =
                Member::standing_for(storage.get()?, subject.surrogate).map_err(Unavailable::because)?
        {
            identifier.0.insert(MEMBER.to_owned(), json!(member.uuid));
        }
        Ok(identifier)
    }
}

/// When the scope `company_user` is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompanyUserScopeProvider {
    /// With every token that carries a member, beside the customer's own (reference/security.md M12).
    Documented,
    /// By the grant of members only, and alone (reference/authentication.md §2.2).
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

    fn marks(&self, subject: &Subject) -> &'static [&'static str] {
        if subject.kind == UserKind::CompanyUser { &["company_user"] } else { &[] }
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
