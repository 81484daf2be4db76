//! Agents who log in.

/// The grant of agents.
pub(crate) const GRANT: &str = "agent_credentials";
