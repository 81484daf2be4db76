//! `GET /.well-known/oauth-authorization-server`: what this server offers, from what it does (RFC 8414).

use glue_core::document::Entity;
use glue_core::error::{ApiError, Outcome};
use glue_core::profile::Profile;
use glue_core::request::Anyone;
use glue_core::route::RouteDef;

use crate::SharedEngine;
use crate::generated::server_metadata::api::ServerMetadataApi;
use crate::generated::server_metadata::attributes::ServerMetadata as Metadata;
use crate::generated::server_metadata::routes::{Get, STOREFRONT_GET};
use crate::generated::{authorization, introspection, json_web_keys, revocation, token};
use crate::token::grants;

/// The behaviour of `server-metadata`.
#[derive(Debug)]
pub enum ServerMetadata {}

/// The endpoints that an application mounts, by what they are.
#[derive(Clone, Debug, Default)]
pub struct Endpoints {
    authorization: Option<&'static str>,
    /// The token endpoint (RFC 6749 §3.2).
    pub token: Option<&'static str>,
    revocation: Option<&'static str>,
    introspection: Option<&'static str>,
    keys: Option<&'static str>,
}

impl Endpoints {
    /// Reads the rows that an application mounts.
    #[must_use]
    pub fn of(rows: &[&'static RouteDef]) -> Self {
        let path = |of: &RouteDef| rows.iter().find(|row| row.resource == of.resource).map(|row| row.path);
        Self {
            authorization: path(&authorization::routes::STOREFRONT_GET),
            token: path(&token::routes::STOREFRONT_POST),
            revocation: path(&revocation::routes::STOREFRONT_POST),
            introspection: path(&introspection::routes::STOREFRONT_POST),
            keys: path(&json_web_keys::routes::STOREFRONT_GET),
        }
    }
}

/// The path of the metadata, and where clients look for it when the issuer has a path of its own: between host and path
/// (RFC 8414 §3.1). `None` when the issuer has none.
#[must_use]
pub fn place_of(issuer: &str) -> Option<(&'static str, String)> {
    let (_, rest) = issuer.split_once("://")?;
    let (_, path) = rest.split_once('/')?;
    let well_known = STOREFRONT_GET.path;
    (!path.is_empty()).then(|| (well_known, format!("{well_known}/{path}")))
}

impl ServerMetadataApi for ServerMetadata {
    async fn get(cx: &Anyone<Get>) -> Outcome<Entity<Metadata>> {
        let engine = cx.service::<SharedEngine>()?;
        let endpoints = cx.service::<Endpoints>()?;
        let issuer = engine.conventions().issuer.clone();
        let at = |path: &'static str| format!("{issuer}{path}");
        let switched_off = |grant: &&&str| **grant != "password" || engine.settings().password_grant;
        let grants = grants(cx.rules()).iter().filter(switched_off).map(|grant| (*grant).to_owned()).collect();
        // A shop does not read `Authorization` there.
        let (all, secret): (&[&str], &[&str]) = match cx.rules().profile {
            Profile::Documented => {
                (&["client_secret_basic", "client_secret_post", "none"], &["client_secret_basic", "client_secret_post"])
            }
            Profile::Spryker => (&["client_secret_post", "none"], &["client_secret_post"]),
        };
        // What a claim is about has to be there, and a list without elements is left out (§3.2).
        let about = |endpoint: Option<&str>, words: &[&str]| {
            endpoint.map(|_| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
        };
        let scopes: Vec<String> = engine.catalogue().into_iter().map(|(scope, _)| scope.to_owned()).collect();
        let page = endpoints.authorization;
        let token = endpoints.token.ok_or_else(|| ApiError::internal("metadata without a token endpoint"))?;
        let attributes = Metadata {
            authorization_endpoint: page.map(at),
            token_endpoint: at(token),
            revocation_endpoint: endpoints.revocation.map(at),
            introspection_endpoint: endpoints.introspection.map(at),
            jwks_uri: endpoints.keys.map(at),
            scopes_supported: (!scopes.is_empty()).then_some(scopes),
            response_types_supported: about(page, &["code"]),
            response_modes_supported: about(page, &["query"]),
            grant_types_supported: grants,
            token_endpoint_auth_methods_supported: about(endpoints.token, all),
            revocation_endpoint_auth_methods_supported: about(endpoints.revocation, all),
            introspection_endpoint_auth_methods_supported: about(endpoints.introspection, secret),
            code_challenge_methods_supported: about(page, &["S256"]),
            authorization_response_iss_parameter_supported: page.map(|_| true),
            issuer,
        };
        Ok(Entity { id: None, attributes })
    }
}
