//! The composition root of the backend: back-office users and their scopes.

use std::sync::Arc;

use auth_rest_api::SharedEngine;
use glue_app::{Program, Settings, mailer, schema, with_second_factors};
use glue_core::db::{Db, Schema};
use glue_core::request::hooks::Hooks;
use glue_core::request::{Agents, Services};
use glue_core::settings::ConfigError;
use multi_factor_auth::{Addresses, Answer, Person, SecondFactor};
use oauth::Plugins;
use oauth_user_connector::{BackOfficeScopeProvider, BackOfficeUserProvider};
use oauth_warehouse_connector::{WarehouseProvider, WarehouseScopeProvider};
use users::accounts::{Account, Accounts};

use crate::generated;

/// The backend.
pub const PROGRAM: Program = Program {
    name: "backend",
    config: include_str!("../config/backend.toml"),
    title: "Backend API",
    description: "What back-office users see and do. Log in with `POST /token`, then send the access token as `Authorization: Bearer …`.",
    mount: generated::mount,
    scopes: generated::SCOPES,
    plugins,
    services,
    agents: Agents::Unknown,
    refusals: &[],
    demo: demo::DATA,
    schema: Schema(&[schema::MIGRATIONS]),
    migrated: |conn| customers::names::complete(conn).map(drop),
    hooks,
    hint,
};

/// Who gets tokens here: user providers are asked in order, scope providers all.
fn plugins(_: &Settings) -> Plugins {
    Plugins {
        users: vec![Arc::new(BackOfficeUserProvider), Arc::new(WarehouseProvider)],
        expanders: Vec::new(),
        scopes: vec![Arc::new(BackOfficeScopeProvider), Arc::new(WarehouseScopeProvider)],
    }
}

fn services(services: Services, _: &SharedEngine, db: &Db, settings: &Settings) -> Result<Services, ConfigError> {
    with_second_factors(services, settings, mailer(settings)?, Arc::new(UserAddresses(Accounts::new(db.clone()))))
}

/// The login name of a back-office user is an address.
struct UserAddresses(Accounts);

impl Addresses for UserAddresses {
    fn email<'a>(&'a self, person: Person) -> Answer<'a, Result<Option<String>, String>> {
        Box::pin(async move {
            let Person::User(id) = person else { return Ok(None) };
            let account = self.0.by_id(id).await.map_err(|error| error.to_string())?;
            Ok(account.filter(Account::is_active).map(|account| account.username))
        })
    }
}

/// In the order in which they run; the framework's own stages stand before them.
fn hooks(_: &SharedEngine, settings: &Settings) -> Result<Hooks, ConfigError> {
    Ok(Hooks { user: vec![Arc::new(SecondFactor)], breaches: settings.passwords.breaches()?, ..Hooks::default() })
}

fn hint(base: &str) -> String {
    let token = format!(
        r#"$(curl -s {base}/token -d grant_type=password -d username=admin@spryker.com -d password=change123 | sed 's/.*"access_token":"\([^"]*\)".*/\1/')"#
    );
    format!(
        r#"
Try it:
  curl -s {base}/token -d grant_type=password -d username=admin@spryker.com -d password=change123
  curl -s {base}/customers -H "Accept: application/vnd.api+json" -H "Authorization: Bearer {token}"
  curl -s {base}/customers/DE--21 -H "Accept: application/vnd.api+json" -H "Authorization: Bearer {token}"
The document of everything: {base}/openapi.json
"#
    )
}
