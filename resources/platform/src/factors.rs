//! Second factors as a service of an application.

use std::path::PathBuf;
use std::sync::Arc;

use auth_rest_api::SharedEngine;
use glue_core::context::Services;
use glue_core::settings::ConfigError;
use multi_factor_auth::{Addresses, EmailFactor, Factor, MailSettings, MultiFactor, SharedMultiFactor};

use crate::settings::{Environment, Settings};

/// Adds second factors: codes by e-mail, where mail can leave; in development it lands in a folder.
///
/// # Errors
/// [`ConfigError`] when `mail` makes no sense.
pub fn with_second_factors(
    services: Services,
    settings: &Settings,
    addresses: Arc<dyn Addresses>,
) -> Result<Services, ConfigError> {
    let mut mail: MailSettings = settings.mail.clone();
    if settings.environment == Environment::Development && mail.url.is_none() && mail.folder.is_none() {
        mail.folder = Some(PathBuf::from("var/mail"));
    }
    let email =
        EmailFactor::of(&mail, addresses).map_err(|error| ConfigError::bad_value("mail", &error.to_string()))?;
    let factors = email.into_iter().map(|email| Arc::new(email) as Arc<dyn Factor>).collect();
    let Some(engine) = services.get::<SharedEngine>() else {
        return Err(ConfigError::bad_value("multi_factor", "there is no engine to compare codes"));
    };
    let service: SharedMultiFactor = Arc::new(MultiFactor::new(settings.multi_factor.clone(), factors, engine.clone()));
    Ok(services.with(service))
}
