//! What a handler may ask about its request and its application.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use time::OffsetDateTime;

use crate::clock::Clock;
use crate::codes;
use crate::db::Db;
use crate::document::{CollectionLinks, SelfLink};
use crate::error::{ApiError, Outcome};
use crate::guard::Authenticator;
use crate::identity::Identity;
use crate::profile::Rules;
use crate::query::{Page, Query};
use crate::request_id::RequestId;
use crate::route::RouteDef;
use crate::settings::Limits;

/// What the composition root hands to every request of one application.
pub struct Application {
    /// Its name, as in the definitions.
    pub name: &'static str,
    /// Its profile's rows.
    pub rules: Rules,
    /// The base of every link, without a slash at its end. Never derived from the Host header.
    pub public_url: String,
    /// The database.
    pub db: Db,
    /// The time.
    pub clock: Clock,
    /// Who judges credentials.
    pub authenticator: Arc<dyn Authenticator>,
    /// How much a request may take.
    pub limits: Limits,
    /// What hand-written behaviour needs, by type.
    pub services: Services,
}

/// Typed services for hand-written behaviour, registered in the composition root.
#[derive(Default)]
pub struct Services(HashMap<TypeId, Box<dyn Any + Send + Sync>>);

impl Services {
    /// Adds a service; a second one of the same type replaces the first.
    #[must_use]
    pub fn with<T: Send + Sync + 'static>(mut self, service: T) -> Self {
        self.0.insert(TypeId::of::<T>(), Box::new(service));
        self
    }

    /// The service of type `T`.
    #[must_use]
    pub fn get<T: 'static>(&self) -> Option<&T> {
        self.0.get(&TypeId::of::<T>())?.downcast_ref()
    }
}

/// One request that passed the pipeline.
#[derive(Clone)]
pub struct RequestContext(Rc<Inner>);

pub(crate) struct Inner {
    pub(crate) application: Arc<Application>,
    pub(crate) route: &'static RouteDef,
    /// The ids of the path, outermost first; the last belongs to the route's resource.
    pub(crate) ids: Vec<String>,
    /// Resource types and ids in front of the route's resource, as links carry them: `/customers/DE--21`.
    pub(crate) parents: String,
    pub(crate) query: Query,
    pub(crate) identity: Option<Identity>,
    pub(crate) body: Bytes,
    pub(crate) request_id: RequestId,
}

impl RequestContext {
    pub(crate) fn new(inner: Inner) -> Self {
        Self(Rc::new(inner))
    }

    /// The context that the pipeline attached.
    pub(crate) fn of(request: &HttpRequest) -> Outcome<Self> {
        request
            .extensions()
            .get::<Self>()
            .cloned()
            .ok_or_else(|| ApiError::internal("a managed handler was called outside the routing table"))
    }

    /// The row of the routing table that this request matched.
    #[must_use]
    pub fn route(&self) -> &'static RouteDef {
        self.0.route
    }

    /// The rows of the application's profile.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.0.application.rules
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.application.db
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.application.clock.now()
    }

    /// The name of this request in the log.
    #[must_use]
    pub fn request_id(&self) -> &RequestId {
        &self.0.request_id
    }

    /// A service registered in the composition root.
    ///
    /// # Errors
    /// The defect row when the root registered none.
    pub fn service<T: 'static>(&self) -> Outcome<&T> {
        let missing = || ApiError::internal(format_args!("no service {}", std::any::type_name::<T>()));
        self.0.application.services.get::<T>().ok_or_else(missing)
    }

    /// The id of the route's resource as the path carries it, decoded; empty when there is none.
    #[must_use]
    pub fn id(&self) -> &str {
        self.0.ids.last().map_or("", String::as_str)
    }

    /// The parsed query string.
    #[must_use]
    pub fn query(&self) -> &Query {
        &self.0.query
    }

    /// The window of the collection that the client asked for.
    ///
    /// # Errors
    /// 400 when the query's `page` is malformed.
    pub fn page(&self, default: i64, max: i64) -> Outcome<Page> {
        Ok(self.0.query.page(default, max)?)
    }

    pub(crate) fn identity(&self) -> Option<&Identity> {
        self.0.identity.as_ref()
    }

    /// The attributes of the body as JSON text, or the raw form.
    pub(crate) fn body(&self) -> Outcome<&str> {
        std::str::from_utf8(&self.0.body).map_err(|_| (&codes::INVALID_BODY).into())
    }

    /// `links` of one resource of the route's own type (contract/framework.md §2.1).
    #[must_use]
    pub fn self_link(&self, id: Option<&str>) -> SelfLink {
        let mut link = String::with_capacity(96);
        link.push_str(&self.0.application.public_url);
        link.push('/');
        link.push_str(self.0.route.resource);
        if let Some(id) = id {
            link.push('/');
            link.push_str(id);
        }
        link.push_str(&self.0.query.suffix());
        SelfLink { this: link }
    }

    /// `links` of the collection that was asked for, with those to its other windows when one was asked for and there
    /// is something to page through (contract/framework.md §2.7).
    #[must_use]
    pub fn collection_links(&self, page: Page, rows: usize, total: i64) -> CollectionLinks {
        let base = format!("{}{}/{}", self.0.application.public_url, self.0.parents, self.0.route.resource);
        let at = |offset: i64| format!("{base}{}", self.0.query.suffix_at(offset, page.limit));
        let mut links = CollectionLinks::only(format!("{base}{}", self.0.query.suffix()));
        if page.asked && rows > 0 && total > 0 {
            let pages = (total + page.limit - 1) / page.limit;
            let next = (page.offset + page.limit).min(pages * page.limit);
            links.last = Some(at(page.limit * (pages - 1)));
            links.first = Some(at(0));
            links.prev = (page.offset > 0).then(|| at((page.offset - page.limit).max(0)));
            links.next = (next < total).then(|| at(next));
        }
        links
    }
}
