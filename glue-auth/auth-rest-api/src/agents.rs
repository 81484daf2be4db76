//! Who acts for customers: an agent's token in `Authorization`, or in a header of its own.

use actix_web::http::header::HeaderName;
use glue_core::error::{ErrorKind, ErrorRow};
use glue_core::identity::Identity;
use glue_core::request::{AgentCredential, Anyone, RequestContext};

/// The header of an agent beside a customer (contract/authentication.md §1.1, step 10).
pub const AGENT: AgentCredential =
    AgentCredential { header: HeaderName::from_static("x-agent-authorization"), refused: &INVALID, accepts: is_agent };

/// The grant of agents who log in.
pub(crate) const GRANT: &str = "agent_credentials";

const INVALID: ErrorRow = ErrorRow {
    name: "INVALID_AGENT_TOKEN",
    status: 401,
    code: Some("4102"),
    detail: "Agent access token is invalid.",
    german: Some("Das Token des Agenten ist ungültig."),
    kind: ErrorKind::Refusal,
    samples: &[],
};

/// The agent of a request.
pub(crate) fn agent<R>(cx: &Anyone<R>) -> Option<&Identity> {
    let context: &RequestContext = cx;
    [cx.user(), context.agent()].into_iter().flatten().find(|identity| is_agent(identity))
}

fn is_agent(identity: &Identity) -> bool {
    identity.number("id_agent").is_some()
}
