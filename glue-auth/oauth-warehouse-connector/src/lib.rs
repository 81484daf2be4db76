#![doc = include_str!("../README.md")]

use oauth_extension::{
    Candidate, Grant, GrantRequest, Proof, Remembered, ScopeProvider, Storage, Subject, Unavailable, UserIdentifier,
    UserKind, UserProvider,
};
use serde_json::json;
use warehouses::assignments;

/// The grant of a warehouse: the session of a user who works there is the proof.
pub const WAREHOUSE: Grant = Grant { name: "warehouse_token", proof: Proof::Caller };

/// Finds the warehouse that a user works in: the one who answers for its session.
#[derive(Debug)]
pub struct WarehouseProvider;

impl UserProvider for WarehouseProvider {
    fn grants(&self) -> &'static [Grant] {
        &[WAREHOUSE]
    }

    fn find(&self, storage: &mut Storage<'_>, request: &GrantRequest) -> Result<Option<Candidate>, Unavailable> {
        at_work(storage, request.answers.as_ref())
    }

    fn present(&self, storage: &mut Storage<'_>, past: Remembered<'_>) -> Result<Option<Candidate>, Unavailable> {
        // Whoever works elsewhere by now has lost this one.
        let here = |candidate: &Candidate| candidate.identifier.number(KEY) == past.identifier.number(KEY);
        Ok(at_work(storage, past.answers)?.filter(here))
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        identifier.number(KEY).map(subject)
    }
}

/// The warehouse of a user's active assignment.
fn at_work(storage: &mut Storage<'_>, user: Option<&Subject>) -> Result<Option<Candidate>, Unavailable> {
    let is_user = |user: &&Subject| matches!(user.kind, UserKind::BackOfficeUser | UserKind::WarehouseUser);
    let Some(user) = user.filter(is_user) else { return Ok(None) };
    let warehouse = assignments::of_user(storage.get()?, &user.natural).map_err(Unavailable::because)?;
    Ok(warehouse.map(|id| Candidate {
        subject: subject(id),
        identifier: identifier(id),
        password_hash: None,
        is_active: true,
    }))
}

/// Every warehouse gets the scope `warehouse`.
#[derive(Debug)]
pub struct WarehouseScopeProvider;

impl ScopeProvider for WarehouseScopeProvider {
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        if subject.kind == UserKind::Warehouse { vec!["warehouse".into()] } else { Vec::new() }
    }

    fn marks(&self, subject: &Subject) -> &'static [&'static str] {
        if subject.kind == UserKind::Warehouse { &["warehouse"] } else { &[] }
    }

    fn catalogue(&self) -> Vec<(&'static str, &'static str)> {
        vec![("warehouse", "warehouses")]
    }
}

const KEY: &str = "id_warehouse";

fn subject(id: i64) -> Subject {
    Subject { kind: UserKind::Warehouse, natural: format!("warehouse:{id}"), surrogate: -2 }
}

fn identifier(id: i64) -> UserIdentifier {
    UserIdentifier([(KEY.to_owned(), json!(id))].into_iter().collect())
}
