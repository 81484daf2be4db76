//! One request on its way through the pipeline, and who reads its answer.

use actix_web::dev::{Payload, RequestHead, ServiceRequest};
use actix_web::http::Method;
use actix_web::http::header::{ACCEPT, CONTENT_TYPE};

use crate::error::ApiError;
use crate::language::Language;
use crate::profile::{Conventions, Languages};
use crate::request::Application;
use crate::request::shop::Negotiated;
use crate::route::{MEDIA_TYPE, Plain, RouteDef, Wire};

/// One request on its way, and what the log wants to know about it.
pub(super) struct Exchange {
    pub(super) reader: Reader,
    pub(super) route: Option<(usize, &'static RouteDef)>,
    pub(super) error: Option<ApiError>,
    /// What was not read of the body.
    pub(super) unread: Payload,
}

impl Exchange {
    /// A request of which nothing is known but its head.
    pub(super) fn new(request: &ServiceRequest, application: &Application, unread: Payload) -> Self {
        Self { reader: Reader::of(request, application), route: None, error: None, unread }
    }

    /// The row is known: it decides the media type from here on.
    pub(super) fn routed(&mut self, row: usize, route: &'static RouteDef) {
        self.route = Some((row, route));
        self.reader.wire = route.wire;
    }
}

/// Who reads an answer: the media type spoken and the language read.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    pub(crate) wire: Wire,
    /// The locale that suits the caller best.
    pub(crate) locale: Negotiated,
    /// The language of errors.
    pub(super) language: Language,
}

impl Reader {
    /// What a request says before it is routed.
    pub(crate) fn of(request: &ServiceRequest, application: &Application) -> Self {
        let (rules, shop) = (application.rules(), &application.environment.shop);
        let locale = shop.negotiate(request.query_string(), request.headers(), rules.languages);
        let language = match rules.languages {
            Languages::Announced => Language::English,
            Languages::Translated => shop.language(locale),
        };
        Self { wire: wire_of(request.head(), rules.conventions), locale, language }
    }

    /// Somebody of whom nothing is known.
    #[must_use]
    pub fn english(wire: Wire) -> Self {
        Self { wire, locale: Negotiated::default(), language: Language::English }
    }
}

/// What somebody speaks whose route is not known yet.
pub(super) fn wire_of(request: &RequestHead, conventions: Conventions) -> Wire {
    match conventions {
        Conventions::One => Wire::JsonApi,
        Conventions::ByMediaType => convention(request),
    }
}

/// The JSON:API convention applies when `Content-Type` is exactly its media type, or `Accept` is on a read; everything
/// else speaks plain JSON (reference/backend.md §1.2).
fn convention(request: &RequestHead) -> Wire {
    let is = |name| request.headers.get(name).is_some_and(|value| value.as_bytes() == MEDIA_TYPE.as_bytes());
    let reads = matches!(request.method, Method::GET | Method::HEAD);
    if is(CONTENT_TYPE) || (reads && is(ACCEPT)) { Wire::JsonApi } else { Wire::Json(Plain::List) }
}
