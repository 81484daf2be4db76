//! Layered configuration: defaults in code, the application's own file, the file named by `GLUE_CONFIG`, the environment.
//!
//! An unknown key or a bad value stops the start with a message that names the key.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::validate::{ConfigError, Validate};

/// Reads the settings of an application whose own file is `application` (TOML). Whether their values can be used is for
/// [`Validate`] to say.
///
/// # Errors
/// [`ConfigError`] naming the key, its source, and what was expected.
pub fn load<T: Validate + DeserializeOwned + Default + Serialize>(application: &str) -> Result<T, ConfigError> {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the environment")]
    let file = std::env::var("GLUE_CONFIG").ok();
    let environment = config::Environment::with_prefix("GLUE").prefix_separator("__").separator("__").try_parsing(true);
    // Lists are written with commas; every other value is taken as it stands.
    let environment =
        T::LISTS.iter().fold(environment.list_separator(","), |environment, key| environment.with_list_parse_key(key));
    layered(application, file.as_deref(), environment)
}

/// What the library says of a value that it cannot use, without the value: it may be a secret.
fn unquoted(text: &str) -> String {
    if !text.contains("invalid ") {
        return text.to_owned();
    }
    let mut parts = text.split('"');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    while let (Some(_), Some(rest)) = (parts.next(), parts.next()) {
        shown.push_str("\"…\"");
        shown.push_str(rest);
    }
    shown
}

/// The settings of an application as they are without a file and an environment.
///
/// # Errors
/// As [`load`].
pub fn defaults<T: DeserializeOwned + Default + Serialize>(application: &str) -> Result<T, ConfigError> {
    layered(application, None, config::Environment::with_prefix("GLUE").source(Some(config::Map::new())))
}

fn layered<T: DeserializeOwned + Default + Serialize>(
    application: &str,
    file: Option<&str>,
    environment: config::Environment,
) -> Result<T, ConfigError> {
    let failed = |error: config::ConfigError| ConfigError::new(unquoted(&error.to_string()));
    let mut layers = config::Config::builder()
        .add_source(config::Config::try_from(&T::default()).map_err(failed)?)
        .add_source(config::File::from_str(application, config::FileFormat::Toml));
    if let Some(file) = file {
        layers = layers.add_source(config::File::new(file, config::FileFormat::Toml));
    }
    layers.add_source(environment).build().and_then(config::Config::try_deserialize).map_err(failed)
}
