//! `GET /agent-customer-search`: agents find customers (reference/authentication.md §1.6).

mod rows;

use glue_core::document::{Entity, Listing};
use glue_core::error::Outcome;
use glue_core::request::ByAgent;

use crate::generated::agent_customer_search::api::AgentCustomerSearchApi;
use crate::generated::agent_customer_search::attributes::AgentCustomerSearch as Found;
use crate::generated::agent_customer_search::routes::List;
use crate::names;

/// The behaviour of `agent-customer-search`.
#[derive(Debug)]
pub enum AgentCustomerSearch {}

impl AgentCustomerSearchApi for AgentCustomerSearch {
    async fn list(cx: &ByAgent<List>) -> Outcome<Listing<Found>> {
        let page = cx.page(10, 100)?;
        let prefix = cx.query().get("q").unwrap_or_default().to_owned();
        if cx.db().run(names::are_missing).await? {
            cx.db().run(names::complete).await?;
        }
        let (customers, total) = cx.db().run(move |conn| rows::search(conn, &prefix, page)).await?;
        Ok(Listing::new(vec![Entity { id: None, attributes: Found { customers } }], page, total))
    }
}
