//! `GET /oauth/jwks`: the public keys (RFC 7517).

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::request::Anyone;
use serde_json::Value;

use crate::SharedEngine;
use crate::generated::json_web_keys::api::JsonWebKeysApi;
use crate::generated::json_web_keys::attributes::{JsonWebKey, JsonWebKeyKey};
use crate::generated::json_web_keys::routes::Get;

/// The behaviour of `json-web-keys`.
#[derive(Debug)]
pub enum JsonWebKeys {}

impl JsonWebKeysApi for JsonWebKeys {
    async fn get(cx: &Anyone<Get>) -> Outcome<Entity<JsonWebKey>> {
        let jwks = cx.service::<SharedEngine>()?.jwks();
        let key = |key: &Value| {
            let some = |name: &str| key.get(name).and_then(Value::as_str).map(str::to_owned);
            let member = |name: &str| some(name).unwrap_or_default();
            JsonWebKeyKey {
                kty: member("kty"),
                r#use: member("use"),
                alg: member("alg"),
                kid: member("kid"),
                n: some("n"),
                e: some("e"),
                crv: some("crv"),
                x: some("x"),
                y: some("y"),
            }
        };
        let keys = jwks.get("keys").and_then(Value::as_array).into_iter().flatten().map(key).collect();
        Ok(Entity { id: None, attributes: JsonWebKey { keys } })
    }
}
