//! Mail, and second factors as a service of an application.

use std::path::PathBuf;
use std::sync::Arc;

use auth_rest_api::SharedEngine;
use glue_core::request::Services;
use glue_core::settings::ConfigError;
use multi_factor_auth::{Addresses, EmailFactor, Factor, MailSettings, Mailer, MultiFactor, SharedMultiFactor};

use crate::settings::{Deployment, Settings};

/// How mail leaves; in development it lands in a folder. None where nothing is configured.
///
/// # Errors
/// [`ConfigError`] when `mail` makes no sense.
pub fn mailer(settings: &Settings) -> Result<Option<Arc<Mailer>>, ConfigError> {
    let mut mail: MailSettings = settings.mail.clone();
    if settings.environment == Deployment::Development && mail.url.is_none() && mail.folder.is_none() {
        mail.folder = Some(PathBuf::from("var/mail"));
    }
    let mailer = Mailer::of(&mail).map_err(|error| ConfigError::bad_value("mail", &error.to_string()))?;
    Ok(mailer.map(Arc::new))
}

/// Adds second factors: codes by e-mail, where mail can leave.
///
/// # Errors
/// [`ConfigError`] when there is no engine to seal codes.
pub fn with_second_factors(
    services: Services,
    settings: &Settings,
    mailer: Option<Arc<Mailer>>,
    addresses: Arc<dyn Addresses>,
) -> Result<Services, ConfigError> {
    let email = mailer.map(|mailer| Arc::new(EmailFactor::new(mailer, addresses)) as Arc<dyn Factor>);
    let Some(engine) = services.get::<SharedEngine>() else {
        return Err(ConfigError::bad_value("multi_factor", "there is no engine to seal codes"));
    };
    let factors = email.into_iter().collect();
    let service: SharedMultiFactor = Arc::new(MultiFactor::new(settings.multi_factor.clone(), factors, engine.clone()));
    Ok(services.with(service))
}
