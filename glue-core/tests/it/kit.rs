//! The kit's own promises: what it accepts has to be what the document says.

use glue_core::testing::validate_schema;

#[test]
fn a_value_that_does_not_fit_is_refused() {
    let schema = serde_json::json!({ "type": "object", "required": ["a"] });
    assert!(validate_schema(&schema, &serde_json::json!({ "a": 1 })).is_ok());
    assert!(validate_schema(&schema, &serde_json::json!({})).is_err());
}
