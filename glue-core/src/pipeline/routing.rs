//! Which row of the table a request is for: its version, its path, its method (reference/framework.md §3).

use std::borrow::Cow;

use actix_web::dev::RequestHead;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap};

use crate::error::Outcome;
use crate::percent;
use crate::request::Application;
use crate::route::path::Step;
use crate::route::{MEDIA_TYPE, RouteDef, RouteMatch, RoutingTable, Version, VisibleRows, Wire, path};

/// What the path and the method say.
pub(super) struct Matched {
    pub(super) row: usize,
    pub(super) route: &'static RouteDef,
    pub(super) ids: Vec<String>,
    /// What stands in front of the resource's own type; of a custom route the whole path.
    pub(super) parents: String,
}

/// Whether the caller is known when the route is looked up.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// The credential was judged, and there was none.
    Nobody,
    /// Somebody, or a credential that is judged later.
    Perhaps,
}

pub(super) fn matched(
    table: &RoutingTable,
    application: &Application,
    request: &RequestHead,
    convention: Wire,
    caller: Caller,
) -> Outcome<Matched> {
    let rules = application.rules();
    let whole = request.uri.path();
    let (asked, path) = match application.http.path_versions {
        true => path::version(whole),
        false => (named_by_media_type(&request.headers), whole),
    };
    let method = request.method.as_str();
    let seen = VisibleRows::by(convention, rules.conventions);
    if let Some((found, ids)) = table.find_custom(method, whole, seen) {
        return match found {
            RouteMatch::Row(row, route) => {
                let path = whole.trim_end_matches('/').to_owned();
                Ok(Matched { row, route, ids, parents: path })
            }
            RouteMatch::NoMethod => Err(rules.no_method.into()),
            RouteMatch::NoResource => Err(rules.not_found.into()),
        };
    }
    let steps = path::steps(path).ok_or(rules.not_found)?;
    let (row, route) = match table.find(method, &steps, asked, rules.mine, seen) {
        RouteMatch::Row(row, route) => (row, route),
        // Decoupled: who may not call anything here does not learn which methods there are (reference/framework.md §3.2).
        RouteMatch::NoMethod if caller == Caller::Nobody && table.is_all_protected(&steps) => {
            return Err(rules.missing_token.into());
        }
        RouteMatch::NoMethod => return Err(rules.no_method.into()),
        RouteMatch::NoResource => return Err(rules.not_found.into()),
    };
    let parents = parents(&steps);
    let ids = steps.into_iter().map(|step| step.id.map(Cow::into_owned).unwrap_or_default()).collect();
    Ok(Matched { row, route, ids, parents })
}

/// `application/vnd.api+json; version=1.0`.
fn named_by_media_type(headers: &HeaderMap) -> Option<Version> {
    let value = headers.get(CONTENT_TYPE)?.to_str().ok()?;
    let (media_type, parameters) = value.split_once(';')?;
    if !media_type.trim().eq_ignore_ascii_case(MEDIA_TYPE) {
        return None;
    }
    let version = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("version="))?;
    path::number(version.trim())
}

fn parents(steps: &[Step<'_>]) -> String {
    let above = steps.split_last().map_or(&[][..], |(_, above)| above);
    let mut text = String::new();
    for step in above {
        text.push('/');
        text.push_str(step.kind);
        text.push('/');
        percent::push_segment(&mut text, step.id.as_deref().unwrap_or_default());
    }
    text
}
