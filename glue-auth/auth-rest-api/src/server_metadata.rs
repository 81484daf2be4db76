//! `GET /.well-known/oauth-authorization-server`: what this server offers, from what it does (RFC 8414).

use glue_core::document::Entity;
use glue_core::error::Outcome;
use glue_core::guard::Anyone;
use glue_core::profile::Profile;

use crate::SharedEngine;
use crate::generated::server_metadata::api::ServerMetadataApi;
use crate::generated::server_metadata::attributes::ServerMetadata as Metadata;
use crate::generated::server_metadata::routes::Get;
use crate::token::grants;

/// The behaviour of `server-metadata`.
#[derive(Debug)]
pub enum ServerMetadata {}

impl ServerMetadataApi for ServerMetadata {
    async fn get(cx: &Anyone<Get>) -> Outcome<Entity<Metadata>> {
        let engine = cx.service::<SharedEngine>()?;
        let issuer = engine.conventions().issuer.clone();
        let at = |path: &str| format!("{issuer}{path}");
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        let switched_off = |grant: &&&str| **grant != "password" || engine.settings().password_grant;
        let grants = grants(cx.rules()).iter().filter(switched_off).map(|grant| (*grant).to_owned()).collect();
        // A shop does not read `Authorization` there.
        let (all, secret): (&[&str], &[&str]) = match cx.rules().profile {
            Profile::Documented => {
                (&["client_secret_basic", "client_secret_post", "none"], &["client_secret_basic", "client_secret_post"])
            }
            Profile::Spryker => (&["client_secret_post", "none"], &["client_secret_post"]),
        };
        let page = crate::generated::authorization::routes::STOREFRONT_GET.is_in(cx.rules().profile);
        let attributes = Metadata {
            authorization_endpoint: page.then(|| at(crate::generated::authorization::routes::STOREFRONT_GET.path)),
            token_endpoint: at(crate::generated::token::routes::STOREFRONT_POST.path),
            revocation_endpoint: at(crate::generated::revocation::routes::STOREFRONT_POST.path),
            introspection_endpoint: at(crate::generated::introspection::routes::STOREFRONT_POST.path),
            jwks_uri: at(crate::generated::json_web_keys::routes::STOREFRONT_GET.path),
            scopes_supported: engine.catalogue().into_iter().map(|(scope, _)| scope.to_owned()).collect(),
            response_types_supported: words(if page { &["code"] } else { &[] }),
            response_modes_supported: words(&["query"]),
            grant_types_supported: grants,
            token_endpoint_auth_methods_supported: words(all),
            revocation_endpoint_auth_methods_supported: words(all),
            introspection_endpoint_auth_methods_supported: words(secret),
            code_challenge_methods_supported: words(&["S256"]),
            authorization_response_iss_parameter_supported: true,
            issuer,
        };
        Ok(Entity { id: None, attributes })
    }
}
