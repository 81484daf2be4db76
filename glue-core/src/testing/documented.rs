//! The document's side of a test: what it says about an operation, compared with the table and with real answers.

use serde_json::{Value, json};

use crate::route::{Protection, RouteDef};

/// One operation of the document and its row in the table.
pub struct Documented {
    operation: Value,
    row: &'static RouteDef,
}

impl Documented {
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    pub(super) fn find(document: &Value, rows: &[&'static RouteDef], id: &str) -> Self {
        let row = rows.iter().find(|row| row.operation_id == id).unwrap_or_else(|| panic!("no row {id}"));
        let operation = operation(document, id).unwrap_or_else(|| panic!("{id} is not documented"));
        Self { operation: operation.clone(), row }
    }

    /// `security` says what the guard enforces, and every refusal of the guard is documented.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn agrees_with_the_guard(&self) {
        let needed = json!({ "oauth2": self.row.scopes });
        let expected = match self.row.protection {
            Protection::Protected => json!([needed]),
            Protection::Optional => json!([{}, needed]),
            Protection::Public { .. } => json!([]),
        };
        assert_eq!(self.operation.get("security"), Some(&expected), "security of {}", self.row.operation_id);
        let responses = self.operation.get("responses").cloned().unwrap_or_default();
        assert!(responses.get("401").is_some(), "a bad token is refused on every verb");
        assert!(responses.get(self.row.status.to_string()).is_some(), "success is documented");
        for error in self.row.errors {
            assert!(responses.get(error.status.to_string()).is_some(), "{} is documented", error.name);
        }
    }
}

fn operation<'a>(document: &'a Value, id: &str) -> Option<&'a Value> {
    let paths = document.get("paths")?.as_object()?;
    let mut operations = paths.values().filter_map(Value::as_object).flat_map(|item| item.values());
    operations.find(|operation| operation.get("operationId").and_then(Value::as_str) == Some(id))
}

/// Whether `body` is what the document says of this operation and status.
pub(super) fn validate(document: &Value, id: &str, status: u16, body: &Value) -> Result<(), String> {
    let operation = operation(document, id).ok_or("the operation is not documented")?;
    let response = operation.pointer(&format!("/responses/{status}")).ok_or("the status is not documented")?;
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        return if body.is_null() { Ok(()) } else { Err("a body where none is documented".into()) };
    };
    let schema = content.values().next().and_then(|media| media.get("schema")).ok_or("no schema")?;
    let mut schema = schema.clone();
    if let (Some(schema), Some(components)) = (schema.as_object_mut(), document.get("components")) {
        schema.insert("components".into(), components.clone());
    }
    validate_schema(&schema, body)
}

/// Whether `value` is what `schema` describes.
///
/// # Errors
/// Why it is not.
pub fn validate_schema(schema: &Value, value: &Value) -> Result<(), String> {
    let validator = jsonschema::validator_for(schema).map_err(|error| error.to_string())?;
    validator.validate(value).map_err(|error| error.to_string())
}
