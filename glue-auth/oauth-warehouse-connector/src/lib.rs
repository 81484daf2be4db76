//! Warehouses answer the plug points: a user who works in one gets a token that is about the warehouse.

use oauth_extension::{
    Answer, Candidate, Grant, GrantRequest, Proof, ScopeProvider, Subject, Unavailable, UserIdentifier, UserKind,
    UserProvider,
};
use serde_json::json;
use warehouses::assignments::Assignments;

/// The grant of a warehouse: the token of a user who works there is the proof.
pub const WAREHOUSE: Grant = Grant { name: "warehouse_token", proof: Proof::Caller };

/// Finds the warehouse that a user works in.
pub struct WarehouseProvider(pub Assignments);

impl UserProvider for WarehouseProvider {
    fn grants(&self) -> &'static [Grant] {
        &[WAREHOUSE]
    }

    fn find<'a>(&'a self, request: &'a GrantRequest) -> Answer<'a, Result<Option<Candidate>, Unavailable>> {
        Box::pin(async move {
            let Some(user) = request.field("userUuid") else { return Ok(None) };
            let warehouse = self.0.of_user(user).await.map_err(unavailable)?;
            Ok(warehouse.map(|id| Candidate {
                subject: subject(id),
                identifier: identifier(id),
                password_hash: None,
                is_active: true,
            }))
        })
    }

    fn is_active<'a>(&'a self, identifier: &'a UserIdentifier) -> Answer<'a, Result<bool, Unavailable>> {
        Box::pin(async move {
            let Some(id) = identifier.number(KEY) else { return Ok(false) };
            self.0.has_warehouse(id).await.map_err(unavailable)
        })
    }

    fn subject(&self, identifier: &UserIdentifier) -> Option<Subject> {
        identifier.number(KEY).map(subject)
    }
}

/// Every warehouse gets the scope `warehouse`.
#[derive(Debug)]
pub struct WarehouseScopeProvider;

impl ScopeProvider for WarehouseScopeProvider {
    fn scopes(&self, subject: &Subject, _: &UserIdentifier) -> Vec<String> {
        if subject.kind == UserKind::Warehouse { vec!["warehouse".into()] } else { Vec::new() }
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

fn unavailable(error: impl std::fmt::Display) -> Unavailable {
    Unavailable(error.to_string())
}
