//! Who may call: the security schemes of a document and what each operation asks for.

use utoipa::openapi::security::{
    AuthorizationCode, ClientCredentials, Flow, OAuth2, Password, Scopes, SecurityRequirement, SecurityScheme,
};

use super::about::About;
use crate::route::{Protection, RouteDef};

/// The name of the security scheme of tokens.
pub(super) const SCHEME: &str = "oauth2";

/// The name of the security scheme of API keys.
pub(super) const API_KEY: &str = "apiKey";

/// The flows that an application has; that of codes begins on its page, where there is one.
pub(super) fn scheme(about: &About, page: Option<&str>) -> SecurityScheme {
    let scopes = || Scopes::from_iter(about.scopes.iter().map(|(scope, who)| ((*scope).to_owned(), (*who).to_owned())));
    let token = format!("{}/token", about.public_url);
    let refreshes = about.grants.contains(&"refresh_token");
    let flow = |grant: &&str| match (*grant, page) {
        ("password", _) if refreshes => {
            Some(Flow::Password(Password::with_refresh_url(token.clone(), scopes(), token.clone())))
        }
        ("password", _) => Some(Flow::Password(Password::new(token.clone(), scopes()))),
        ("authorization_code", Some(page)) => {
            let page = format!("{}{page}", about.public_url);
            Some(Flow::AuthorizationCode(match refreshes {
                true => AuthorizationCode::with_refresh_url(page, token.clone(), scopes(), token.clone()),
                false => AuthorizationCode::new(page, token.clone(), scopes()),
            }))
        }
        ("client_credentials", _) => Some(Flow::ClientCredentials(ClientCredentials::new(token.clone(), scopes()))),
        _ => None,
    };
    SecurityScheme::OAuth2(OAuth2::new(about.grants.iter().filter_map(flow)))
}

pub(super) fn security(row: &RouteDef) -> Vec<SecurityRequirement> {
    let needed = SecurityRequirement::new(SCHEME, row.scopes.iter().copied());
    match row.protection {
        Protection::Protected if row.api_key => {
            vec![needed, SecurityRequirement::new(API_KEY, std::iter::empty::<String>())]
        }
        Protection::Protected => vec![needed],
        Protection::Optional => vec![SecurityRequirement::default(), needed],
        Protection::Public => vec![],
    }
}
