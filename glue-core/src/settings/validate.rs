//! Values that cannot be used, and how settings say so.

/// What kept the configuration from being read.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {0}")]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn new(message: String) -> Self {
        Self(message)
    }

    /// A value that parses but cannot be used; `key` names it.
    #[must_use]
    pub fn bad_value(key: &str, why: &str) -> Self {
        Self(format!("{key}: {why}"))
    }
}

/// Settings that can say which of their values cannot be used.
pub trait Validate {
    /// The keys that are lists of texts, which the environment writes with commas.
    const LISTS: &'static [&'static str] = &[];

    /// Looks at every value.
    ///
    /// # Errors
    /// [`ConfigError`] naming the first key whose value cannot be used.
    fn validate(&self) -> Result<(), ConfigError>;
}

/// `key` has to lie between `min` and `max`.
///
/// # Errors
/// [`ConfigError`] naming the key.
pub fn within<T: PartialOrd + std::fmt::Display>(key: &str, value: T, min: T, max: T) -> Result<(), ConfigError> {
    if value < min || value > max {
        return Err(ConfigError::bad_value(key, &format!("{value} is not between {min} and {max}")));
    }
    Ok(())
}
