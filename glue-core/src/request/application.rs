//! All that the pipeline may ask.

use std::sync::Arc;

use super::authenticator::{Agents, Authenticator};
use super::environment::Environment;
use super::hooks::Hooks;
use super::http_policy::HttpPolicy;
use crate::profile::Rules;
use crate::settings::Limits;

/// What the composition root hands to the pipeline of one application.
pub struct Application {
    /// What handlers may ask.
    pub environment: Arc<Environment>,
    /// Who judges credentials.
    pub authenticator: Arc<dyn Authenticator>,
    /// Whether agents act in it.
    pub agents: Agents,
    /// How much a request may take.
    pub limits: Limits,
    /// The project's own stages of the pipeline.
    pub hooks: Hooks,
    /// Headers of answers, and which origins may call.
    pub http: HttpPolicy,
}

impl Application {
    /// Its profile's rows.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.environment.rules
    }
}
