//! The composition root of the storefront: customers, their scopes, the stores it serves.

use std::sync::Arc;

use customers::accounts::Accounts;
use glue_core::context::Services;
use glue_core::db::Db;
use glue_core::hooks::Hooks;
use glue_core::settings::ConfigError;
use oauth::Plugins;
use oauth_customer_connector::{CustomerScopeProvider, CustomerUserProvider};
use platform::{Program, Settings};
use stores::stores::ServedStores;

use crate::generated;

/// The storefront.
pub const PROGRAM: Program = Program {
    name: "storefront",
    config: include_str!("../config/storefront.toml"),
    title: "Storefront API",
    description: "What customers see and do. Log in with `POST /access-tokens` or `POST /token`, then send the access token as `Authorization: Bearer …`.",
    mount: generated::mount,
    scopes: generated::SCOPES,
    plugins,
    services,
    hooks,
    hint,
};

fn plugins(db: &Db) -> Plugins {
    Plugins {
        users: vec![Arc::new(CustomerUserProvider::new(Accounts::new(db.clone())))],
        scopes: vec![Arc::new(CustomerScopeProvider)],
    }
}

fn services(services: Services, settings: &Settings) -> Services {
    let current = settings.stores.current.clone();
    services.with(if settings.stores.dynamic { ServedStores::Dynamic } else { ServedStores::Current(current) })
}

/// In the order in which they run; the framework's own stages stand before them.
fn hooks(settings: &Settings) -> Result<Hooks, ConfigError> {
    Ok(Hooks { breaches: settings.passwords.breaches()?, ..Hooks::default() })
}

fn hint(base: &str) -> String {
    format!(
        r#"
Try it:
  curl -s {base}/stores
  curl -s {base}/access-tokens -d '{{"data":{{"type":"access-tokens","attributes":{{"username":"sonia@acme.com","password":"change123"}}}}}}'
  curl -s {base}/wishlists -H "Authorization: Bearer $(curl -s {base}/token -d grant_type=password -d username=sonia@acme.com -d password=change123 | sed 's/.*"access_token":"\([^"]*\)".*/\1/')"
The document of everything: {base}/openapi.json
"#
    )
}
