//! Why an application did not start.

use std::io::ErrorKind;

use glue_core::db::DbError;
use glue_core::document::DanglingRelation;
use glue_core::route::AmbiguousRoute;
use glue_core::settings::ConfigError;
use oauth::keys::KeyError;

/// Why an application did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The signing key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The database.
    #[error("database.url: {0}")]
    Database(#[from] DbError),
    /// The routing table.
    #[error(transparent)]
    Routes(#[from] AmbiguousRoute),
    /// An operation is an agent's, and nobody is one.
    #[error("`{0}` asks for an agent, and this application knows none")]
    Agents(&'static str),
    /// A relation.
    #[error(transparent)]
    Relations(#[from] DanglingRelation),
    /// Threads.
    #[error("the password threads could not be started: {0}")]
    Threads(std::io::Error),
    /// What an operator asked of the engine.
    #[error("{0}")]
    Engine(String),
    /// Somebody else listens there.
    #[error("{place} is taken: end what listens there, or set another port with `{variable}=…`")]
    Taken {
        /// Host and port.
        place: String,
        /// The variable of the environment that sets the port.
        variable: &'static str,
    },
    /// The network or the file system.
    #[error("{0}: {1}")]
    System(String, std::io::Error),
    /// The document.
    #[error("the OpenAPI document could not be written: {0}")]
    Document(String),
}

impl StartError {
    /// Why nothing listens at `place`.
    pub(crate) fn listening(place: String, variable: &'static str, error: std::io::Error) -> Self {
        if error.kind() == ErrorKind::AddrInUse { Self::Taken { place, variable } } else { Self::System(place, error) }
    }
}
