//! Where a created resource leads: the operations whose paths go on with its id.

use utoipa::openapi::link::{Link, LinkBuilder};

use super::parts::path_parameters;
use crate::route::{RouteDef, Verb, Wire};

/// Name → link, for the answer of a POST.
pub(super) fn of(row: &RouteDef, rows: &[&'static RouteDef]) -> Vec<(String, Link)> {
    if row.verb != Verb::Post || row.wire != Wire::JsonApi {
        return Vec::new();
    }
    let leads = |to: &&&'static RouteDef| {
        let item = to.path.strip_prefix(row.path).and_then(|rest| rest.strip_prefix("/{"));
        // What lies below has an id of its own only where somebody else made it.
        item.is_some()
            && to.version == row.version
            && path_parameters(to.path).count() <= path_parameters(row.path).count() + 1
    };
    rows.iter().filter(leads).map(|to| (to.operation_id.to_owned(), link(row, to))).collect()
}

fn link(from: &RouteDef, to: &RouteDef) -> Link {
    let known: Vec<&str> = path_parameters(from.path).collect();
    let mut link = LinkBuilder::new().operation_id(to.operation_id).description(to.summary);
    for name in path_parameters(to.path) {
        let value =
            if known.contains(&name) { format!("$request.path.{name}") } else { "$response.body#/data/id".into() };
        link = link.parameter(name, value);
    }
    link.build()
}
