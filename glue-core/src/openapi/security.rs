//! Who may call: the security schemes of a document and what each operation asks for.

use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, AuthorizationCode, ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, Password,
    Scopes, SecurityRequirement, SecurityScheme,
};

use super::about::About;
use crate::profile::{ClientCredentialPlaces, Rules};
use crate::route::{Protection, RouteDef};

/// The name of the security scheme of tokens.
const OAUTH: &str = "oauth2";

/// The name of the security scheme of API keys.
const API_KEY: &str = "apiKey";

/// The name of the security scheme of an agent's token in `Authorization`.
const AGENT: &str = "agent";

/// The name of the security scheme of an agent's token in `X-Agent-Authorization`.
const AGENT_HEADER: &str = "agentHeader";

/// The name of the security scheme of a client's own credentials.
const CLIENT: &str = "client";

/// The flows that an application has; that of codes begins on its page, where there is one.
fn scheme(about: &About, page: Option<&str>) -> SecurityScheme {
    let scopes = || Scopes::from_iter(about.scopes.iter().map(|(scope, who)| ((*scope).to_owned(), (*who).to_owned())));
    let Some(token) = about.token_path.map(|path| format!("{}{path}", about.public_url)) else {
        return SecurityScheme::OAuth2(OAuth2::new([]));
    };
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

/// The schemes that operations of these rows ask for, by name.
pub(super) fn schemes(
    rows: &[&'static RouteDef],
    rules: &Rules,
    about: &About,
    page: Option<&str>,
) -> Vec<(&'static str, SecurityScheme)> {
    let mut schemes = vec![(OAUTH, scheme(about, page))];
    let any = |asks: fn(&RouteDef) -> bool| rows.iter().any(|row| asks(row));
    if any(|row| row.api_key) {
        let header = ApiKeyValue::with_description("X-Api-Key", "A key that an operator made.");
        schemes.push((API_KEY, SecurityScheme::ApiKey(ApiKey::Header(header))));
    }
    if any(|row| row.agent || row.protection == Protection::Agent) {
        let about = "`Bearer `, and the access token of an agent who acts through the caller.";
        let header = ApiKeyValue::with_description("X-Agent-Authorization", about);
        schemes.push((AGENT_HEADER, SecurityScheme::ApiKey(ApiKey::Header(header))));
    }
    if any(|row| row.protection == Protection::Agent) {
        let bearer = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("The access token of an agent who acts for themselves."));
        schemes.push((AGENT, SecurityScheme::Http(bearer.build())));
    }
    if any(RouteDef::reads_client) && rules.client_credentials == ClientCredentialPlaces::FormOrHeader {
        let basic = HttpBuilder::new()
            .scheme(HttpAuthScheme::Basic)
            .description(Some("The client's identifier and secret (RFC 6749 §2.3.1); the form takes them as well."));
        schemes.push((CLIENT, SecurityScheme::Http(basic.build())));
    }
    schemes
}

/// What an operation asks for: any one of these.
pub(super) fn security(row: &RouteDef, rules: &Rules) -> Vec<SecurityRequirement> {
    let asks = |scheme: &str| SecurityRequirement::new(scheme, std::iter::empty::<String>());
    let token = || SecurityRequirement::new(OAUTH, row.scopes.iter().copied());
    let basic = row.reads_client() && rules.client_credentials == ClientCredentialPlaces::FormOrHeader;
    let mut any = match row.protection {
        Protection::Protected if row.api_key => vec![token(), asks(API_KEY)],
        Protection::Protected => vec![token()],
        Protection::Optional => vec![SecurityRequirement::default(), token()],
        Protection::Agent => vec![asks(AGENT), asks(AGENT_HEADER)],
        // Without a header the client's credentials stand in the form, or it has none.
        Protection::Client | Protection::Public if basic => vec![asks(CLIENT), SecurityRequirement::default()],
        Protection::Client | Protection::Public => vec![],
    };
    if row.agent {
        any.push(token().add(AGENT_HEADER, std::iter::empty::<String>()));
    }
    any
}
