//! What can be configured of second factors.

use std::path::PathBuf;

use glue_core::settings::{ConfigError, Validate, within};
use secrecy::SecretString;
use serde::{Deserialize, Serialize, Serializer};

/// How second factors work.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MultiFactorSettings {
    /// Seconds that a code is worth something.
    pub code_seconds: i64,
    /// Attempts at one code.
    pub attempts: i64,
    /// Codes of one type that a person can ask for within the time that one lives.
    pub codes: i64,
}

impl Default for MultiFactorSettings {
    fn default() -> Self {
        Self { code_seconds: 1_800, attempts: 3, codes: 5 }
    }
}

impl Validate for MultiFactorSettings {
    fn validate(&self) -> Result<(), ConfigError> {
        within("multi_factor.code_seconds", self.code_seconds, 1, 86_400)?;
        within("multi_factor.attempts", self.attempts, 1, 10)?;
        within("multi_factor.codes", self.codes, 1, 100)
    }
}

/// How mail leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MailSettings {
    /// Who it is from.
    pub from: String,
    /// The mail server, `smtps://user:password@host`; needs a build with the feature `smtp`.
    #[serde(serialize_with = "masked")]
    pub url: Option<SecretString>,
    /// A folder that mail is written to instead, one file each. Development has `var/mail`.
    pub folder: Option<PathBuf>,
}

impl Default for MailSettings {
    fn default() -> Self {
        Self { from: "Glue <noreply@localhost>".into(), url: None, folder: None }
    }
}

#[expect(clippy::ref_option, reason = "serde hands the field over like this")]
fn masked<S: Serializer>(url: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    match url {
        Some(_) => serializer.serialize_some("***"),
        None => serializer.serialize_none(),
    }
}
