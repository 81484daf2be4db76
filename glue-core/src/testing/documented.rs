//! The document's side of a test: what it says about an operation, compared with the table and with real answers.

use serde_json::{Value, json};

use crate::profile::{ClientCredentialPlaces, Rules};
use crate::route::{Protection, RouteDef};

/// One operation of the document and its row in the table.
pub struct Documented {
    operation: Value,
    row: &'static RouteDef,
    rules: Rules,
}

impl Documented {
    #[expect(clippy::panic, reason = "a test kit fails loudly")]
    pub(super) fn find(document: &Value, rows: &[&'static RouteDef], rules: Rules, id: &str) -> Self {
        let row = rows.iter().find(|row| row.operation_id == id).unwrap_or_else(|| panic!("no row {id}"));
        let operation = operation(document, id).unwrap_or_else(|| panic!("{id} is not documented"));
        Self { operation: operation.clone(), row, rules }
    }

    /// The bodies that the document shows for refusals with this status.
    #[must_use]
    pub fn refusals(&self, status: u16) -> Vec<Value> {
        examples(&self.operation, status).cloned().collect()
    }

    /// `security` says what the guard enforces, and every refusal of the guard is documented.
    ///
    /// # Panics
    /// When it does not.
    #[track_caller]
    pub fn agrees_with_the_guard(&self) {
        let needed = json!({ "oauth2": self.row.scopes });
        let mut expected = match self.row.protection {
            Protection::Protected if self.row.api_key => vec![needed.clone(), json!({ "apiKey": [] })],
            Protection::Protected => vec![needed.clone()],
            Protection::Optional => vec![json!({}), needed.clone()],
            Protection::Agent => vec![json!({ "agent": [] }), json!({ "agentHeader": [] })],
            Protection::Client | Protection::Public if self.takes_basic() => vec![json!({ "client": [] }), json!({})],
            Protection::Client | Protection::Public => vec![],
        };
        if self.row.agent {
            expected.push(json!({ "oauth2": self.row.scopes, "agentHeader": [] }));
        }
        let expected = Value::from(expected);
        assert_eq!(self.operation.get("security"), Some(&expected), "security of {}", self.row.operation_id);
        let responses = self.operation.get("responses").cloned().unwrap_or_default();
        assert!(responses.get("401").is_some(), "a bad token is refused on every verb");
        assert!(responses.get(self.row.status.to_string()).is_some(), "success is documented");
        for error in self.row.errors.iter().filter(|error| error.is_sent(&self.rules)) {
            let status = error.row.status.to_string();
            assert!(responses.get(status).is_some(), "{} is documented", error.row.name);
        }
    }
}

impl Documented {
    /// Whether a client may authenticate in `Authorization`.
    fn takes_basic(&self) -> bool {
        self.row.reads_client() && self.rules.client_credentials == ClientCredentialPlaces::FormOrHeader
    }
}

fn operation<'a>(document: &'a Value, id: &str) -> Option<&'a Value> {
    let paths = document.get("paths")?.as_object()?;
    let mut operations = paths.values().filter_map(Value::as_object).flat_map(|item| item.values());
    operations.find(|operation| operation.get("operationId").and_then(Value::as_str) == Some(id))
}

/// Whether the document of an operation shows a refusal of this status, media type and code.
pub(super) fn shows(document: &Value, id: &str, status: u16, media_type: &str, body: &Value) -> bool {
    let code_of = |body: &Value| {
        let codes = ["/errors/0/code", "/0/code", "/error"].map(|pointer| body.pointer(pointer));
        codes.into_iter().flatten().find_map(Value::as_str).map(str::to_owned)
    };
    let Some(operation) = operation(document, id) else { return false };
    let essence = media_type.split(';').next().unwrap_or_default();
    let content = format!("/responses/{status}/content");
    let spoken = operation.pointer(&content).is_some_and(|content| content.get(essence).is_some());
    spoken && examples(operation, status).any(|shown| code_of(shown) == code_of(body))
}

/// The bodies that an operation shows for a status.
fn examples(operation: &Value, status: u16) -> impl Iterator<Item = &Value> {
    let content = operation.pointer(&format!("/responses/{status}/content")).and_then(Value::as_object);
    content
        .into_iter()
        .flat_map(|content| content.values())
        .filter_map(|media| media.get("examples").and_then(Value::as_object))
        .flat_map(|examples| examples.values())
        .filter_map(|example| example.get("value"))
}

/// Whether `body` is what the document says of this operation and status.
pub(super) fn validate(document: &Value, id: &str, status: u16, media_type: &str, body: &Value) -> Result<(), String> {
    let operation = operation(document, id).ok_or("the operation is not documented")?;
    let response = operation.pointer(&format!("/responses/{status}")).ok_or("the status is not documented")?;
    let Some(content) = response.get("content").and_then(Value::as_object) else {
        return if body.is_null() { Ok(()) } else { Err("a body where none is documented".into()) };
    };
    let essence = media_type.split(';').next().unwrap_or_default();
    let schema = content.get(essence).and_then(|media| media.get("schema")).ok_or("no schema of its media type")?;
    let described = reachable(document, schema);
    let mut schema = schema.clone();
    if let (Some(schema), Some(components)) = (schema.as_object_mut(), document.get("components")) {
        schema.insert("components".into(), components.clone());
    }
    validate_schema(&schema, body)?;
    complete(document, &described, body)
}

/// Whether every resource object has all attributes of its schema: a client may leave some out, an answer may not.
fn complete(document: &Value, described: &[&Value], body: &Value) -> Result<(), String> {
    let data =
        body.get("data").into_iter().flat_map(|data| data.as_array().map_or(vec![data], |all| all.iter().collect()));
    let included = body.get("included").and_then(Value::as_array).into_iter().flatten();
    for resource in data.chain(included) {
        let Some(kind) = resource.get("type").and_then(Value::as_str) else { continue };
        for name in documented_attributes(document, described, kind) {
            if resource.pointer(&format!("/attributes/{name}")).is_none() {
                return Err(format!("`{name}` of {kind} is documented and missing"));
            }
        }
    }
    Ok(())
}

/// The schema that a reference leads to.
fn referred<'a>(document: &'a Value, reference: &Value) -> Option<&'a Value> {
    let name = reference.get("$ref")?.as_str()?.rsplit('/').next()?;
    document.pointer(&format!("/components/schemas/{name}"))
}

/// Every schema that `schema` leads to.
fn reachable<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let (mut found, mut open) = (Vec::new(), vec![schema]);
    while let Some(next) = open.pop() {
        if let Some(schema) = referred(document, next).filter(|schema| !found.contains(schema)) {
            found.push(schema);
            open.push(schema);
        }
        match next {
            Value::Array(items) => open.extend(items),
            Value::Object(members) => open.extend(members.values()),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    found
}

/// The attributes of a type, from the one resource schema of an answer whose `type` can only be that.
fn documented_attributes(document: &Value, described: &[&Value], kind: &str) -> Vec<String> {
    let schema = |reference: &Value| referred(document, reference);
    let of_kind = |object: &&&Value| {
        let named = object.pointer("/properties/type").and_then(|of| schema(of).unwrap_or(of).get("enum"));
        object.pointer("/properties/id").is_some() && named.is_some_and(|words| words == &json!([kind]))
    };
    let object = described.iter().find(of_kind);
    let attributes = object.and_then(|object| object.pointer("/properties/attributes")).and_then(schema);
    let properties = attributes.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    properties.into_iter().flat_map(|properties| properties.keys().cloned()).collect()
}

/// Whether `value` is what `schema` describes.
///
/// # Errors
/// Why it is not.
pub fn validate_schema(schema: &Value, value: &Value) -> Result<(), String> {
    let validator = jsonschema::validator_for(schema).map_err(|error| error.to_string())?;
    validator.validate(value).map_err(|error| error.to_string())
}

/// Validates every example of a document against the schema beside it, and counts them.
///
/// # Errors
/// The first that its schema does not describe.
pub fn validate_examples(document: &Value) -> Result<usize, String> {
    validate_examples_in(document, document)
}

fn validate_examples_in(node: &Value, document: &Value) -> Result<usize, String> {
    let mut checked = 0;
    if let Some(schema) = node.get("schema").and_then(Value::as_object) {
        let mut schema = schema.clone();
        schema.insert("components".into(), document.get("components").cloned().unwrap_or_default());
        let schema = Value::Object(schema);
        let named = node.get("examples").and_then(Value::as_object).into_iter().flat_map(|named| named.values());
        for example in node.get("example").into_iter().chain(named.filter_map(|example| example.get("value"))) {
            validate_schema(&schema, example).map_err(|why| format!("{example} does not validate: {why}"))?;
            checked += 1;
        }
    }
    let below = node.as_array().into_iter().flatten();
    for child in below.chain(node.as_object().into_iter().flat_map(|members| members.values())) {
        checked += validate_examples_in(child, document)?;
    }
    Ok(checked)
}
