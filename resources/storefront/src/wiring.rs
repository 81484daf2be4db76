//! The composition root of the storefront: customers, their scopes, the stores it serves.

use std::sync::Arc;

use auth_rest_api::{LockedOut, SharedEngine};
use customers::accounts::{Account, Accounts};
use customers::credentials::SharedCredentials;
use glue_app::{Program, Settings, mailer, schema, with_second_factors};
use glue_core::db::{Db, Schema};
use glue_core::profile::Profile;
use glue_core::request::hooks::{BodyValidator, Hooks};
use glue_core::request::{Agents, Services};
use glue_core::settings::ConfigError;
use multi_factor_auth::{Addresses, Answer, Person, SecondFactor};
use oauth::Plugins;
use oauth_agent_connector::{AgentScopeProvider, AgentUserProvider};
use oauth_company_user_connector::{CompanyUserExpander, CompanyUserProvider, CompanyUserScopeProvider};
use oauth_customer_connector::{CustomerScopeProvider, CustomerUserProvider};
use stores::stores::ServedStores;

use crate::credentials::EngineCredentials;
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
    agents: Agents::Accepted,
    refusals: &[],
    demo: demo::DATA,
    schema: Schema(&[schema::MIGRATIONS]),
    migrated: |conn| customers::names::complete(conn).map(drop),
    hooks,
    hint,
};

/// Who gets tokens here: user providers are asked in order, expanders and scope providers all.
fn plugins(settings: &Settings) -> Plugins {
    let company_user_scope = match settings.profile {
        Profile::Documented => CompanyUserScopeProvider::Documented,
        Profile::Spryker => CompanyUserScopeProvider::Spryker,
    };
    Plugins {
        users: vec![Arc::new(CompanyUserProvider), Arc::new(CustomerUserProvider), Arc::new(AgentUserProvider)],
        expanders: vec![Arc::new(CompanyUserExpander)],
        scopes: vec![Arc::new(CustomerScopeProvider), Arc::new(company_user_scope), Arc::new(AgentScopeProvider)],
    }
}

fn services(services: Services, engine: &SharedEngine, db: &Db, settings: &Settings) -> Result<Services, ConfigError> {
    let mailer = mailer(settings)?;
    let services = with_second_factors(
        services,
        settings,
        mailer.clone(),
        Arc::new(CustomerAddresses(Accounts::new(db.clone()))),
    )?;
    let current = settings.stores.current.clone();
    let credentials: SharedCredentials = Arc::new(EngineCredentials { engine: engine.clone(), mailer });
    let served = if settings.stores.dynamic { ServedStores::Dynamic } else { ServedStores::Current(current) };
    Ok(services.with(credentials).with(served))
}

/// Customers read their codes where they get everything else.
struct CustomerAddresses(Accounts);

impl Addresses for CustomerAddresses {
    fn email<'a>(&'a self, person: Person) -> Answer<'a, Result<Option<String>, String>> {
        Box::pin(async move {
            let Person::Customer(id) = person else { return Ok(None) };
            let account = self.0.by_id(id).await.map_err(|error| error.to_string())?;
            Ok(account.filter(Account::is_active).map(|account| account.email))
        })
    }
}

/// In the order in which they run; the framework's own stages stand before them.
fn hooks(engine: &SharedEngine, settings: &Settings) -> Result<Hooks, ConfigError> {
    let body: Vec<Arc<dyn BodyValidator>> = match settings.profile {
        Profile::Documented => Vec::new(),
        Profile::Spryker => vec![Arc::new(LockedOut(engine.clone()))],
    };
    Ok(Hooks { body, user: vec![Arc::new(SecondFactor)], breaches: settings.passwords.breaches()?, ..Hooks::default() })
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
