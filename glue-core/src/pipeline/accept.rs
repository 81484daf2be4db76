//! Whether the answer's media type suits the caller.

use actix_web::dev::ServiceRequest;
use actix_web::http::header::ACCEPT;

use crate::codes;
use crate::error::Outcome;
use crate::route::{RouteDef, Wire};

const VENDOR: &str = "application/vnd.api+";

/// Refuses only what names a vendor format that no encoder speaks; everything else gets the route's own media type
/// (contract/framework.md §1.1.6).
pub(super) fn check(request: &ServiceRequest, route: &RouteDef) -> Outcome<()> {
    if route.wire != Wire::JsonApi {
        return Ok(());
    }
    let Some(accept) = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()) else { return Ok(()) };
    let lower = accept.to_ascii_lowercase();
    let formats = lower.split(VENDOR).skip(1);
    let mut spoken = true;
    for format in formats {
        let name = format.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        spoken = name == "json";
        if spoken {
            break;
        }
    }
    if spoken { Ok(()) } else { Err((&codes::NOT_ENCODABLE).into()) }
}
