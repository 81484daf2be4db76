//! What a handler may ask about its request and its application.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;
use actix_web::{HttpMessage, HttpRequest};
use time::OffsetDateTime;

use super::environment::Environment;
use super::preconditions::Preconditions;
use super::shop::{Locale, Market, PriceMode, Shop, Store};
use crate::db::Db;
use crate::document::Relations;
use crate::error::{ApiError, ErrorRow, Outcome, codes};
use crate::identity::{CallerKind, Identity, OwnerKind};
use crate::input::query::{Filter, Page, Query, Sort};
use crate::language::Language;
use crate::profile::Rules;
use crate::request_id::RequestId;
use crate::route::{EntityTags, Ownership, RouteDef};

/// One request that passed the pipeline.
#[derive(Clone)]
pub struct RequestContext(Rc<RequestParts>);

pub(crate) struct RequestParts {
    pub(crate) environment: Arc<Environment>,
    /// The code of a second factor, as it was sent.
    pub(crate) factor_code: Option<String>,
    pub(crate) route: &'static RouteDef,
    /// The ids of the path, outermost first; the last belongs to the route's resource.
    pub(crate) ids: Vec<String>,
    /// Resource types and ids in front of the route's resource, as links carry them: `/customers/DE--21`.
    pub(crate) parents: String,
    pub(crate) query: Query,
    pub(crate) identity: Option<Identity>,
    /// Who acts through the caller.
    pub(crate) agent: Option<Identity>,
    /// Which guest calls, where the route is told.
    pub(crate) guest: Option<String>,
    pub(crate) body: Bytes,
    /// The validated input, until the handler takes it.
    pub(crate) input: RefCell<Option<Box<dyn Any>>>,
    pub(crate) preconditions: Preconditions,
    /// The network that a request which writes comes from; of reads nothing is counted.
    pub(crate) source: String,
    /// What the client says of itself in `Authorization`.
    pub(crate) client: Option<HeaderValue>,
    /// Whether a browser says that another site's page sent this.
    pub(crate) cross_site: bool,
    pub(crate) market: Market,
    pub(crate) reads: bool,
    pub(crate) request_id: RequestId,
    pub(crate) attached: RefCell<HashMap<TypeId, Rc<dyn Any>>>,
}

impl RequestContext {
    pub(crate) fn new(inner: RequestParts) -> Self {
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
        &self.0.environment.rules
    }

    /// The database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.0.environment.db
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.0.environment.clock.now()
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
        self.0.environment.services.get::<T>().ok_or_else(missing)
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
        Ok(self.0.query.page(default, max, self.rules().pages)?)
    }

    /// The ids of the path, outermost first: those of the parents, then the resource's own; an id that is missing is
    /// empty.
    #[must_use]
    pub fn ids(&self) -> &[String] {
        &self.0.ids
    }

    /// The store that the request is for.
    #[must_use]
    pub fn store(&self) -> &Store {
        static NOWHERE: LazyLock<Store> = LazyLock::new(|| Shop::default().known.swap_remove(0));
        self.0.environment.shop.known.get(self.0.market.store).unwrap_or(&NOWHERE)
    }

    /// The locale that suits the caller best, one of the store's.
    #[must_use]
    pub fn locale(&self) -> &Locale {
        static ENGLISH: LazyLock<Locale> = LazyLock::new(|| Locale("en_US".into()));
        self.store().locales.get(self.0.market.locale).unwrap_or(&ENGLISH)
    }

    /// The language of that locale, among those that texts of the framework are written in.
    #[must_use]
    pub fn language(&self) -> Language {
        Language::of(&self.locale().0)
    }

    /// The ISO 4217 code of the currency asked for, else of the store's first one.
    #[must_use]
    pub fn currency(&self) -> &str {
        self.store().currencies.get(self.0.market.currency).map_or("", String::as_str)
    }

    /// Whether prices are asked for with taxes.
    #[must_use]
    pub fn price_mode(&self) -> PriceMode {
        self.0.market.price_mode
    }

    /// Whether an id of the path is the caller's own, where ids are those of callers of this kind; where ownership is left
    /// out, every id is.
    ///
    /// # Errors
    /// `row` when it is somebody else's.
    pub fn is_callers<K: OwnerKind>(&self, id: &str, row: &'static ErrorRow) -> Outcome<()> {
        let mine = |identity: &Identity| identity.kind == K::KIND && identity.natural == id;
        let own = self.0.identity.as_ref().is_some_and(mine);
        if own || self.0.route.owner == Ownership::Unowned { Ok(()) } else { Err(row.into()) }
    }

    /// The agent who calls, or who acts through the caller.
    #[must_use]
    pub fn agent(&self) -> Option<&Identity> {
        let caller = self.identity().filter(|caller| caller.kind == CallerKind::Agent);
        caller.or(self.0.agent.as_ref())
    }

    /// Which guest calls, where the route is told and the request says so: `X-Anonymous-Customer-Unique-Id`.
    #[must_use]
    pub fn guest(&self) -> Option<&str> {
        self.0.guest.as_deref()
    }

    /// The network that the request comes from: an IPv4 address or an IPv6 /64. Empty for reads.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// The code of a second factor that came with the request: `X-MFA-Code`.
    #[must_use]
    pub fn factor_code(&self) -> Option<&str> {
        self.0.factor_code.as_deref()
    }

    /// What the client says of itself in `Authorization` (RFC 6749 §2.3.1), where the route has it.
    #[must_use]
    pub fn client_authorization(&self) -> Option<&HeaderValue> {
        self.0.client.as_ref()
    }

    /// Whether a browser says that a page of another site sent this request to a page: by `Sec-Fetch-Site` (Fetch Metadata), or
    /// by an `Origin` (RFC 6454) that is not this application's. Programs say neither; of other rows it is not asked.
    #[must_use]
    pub fn is_cross_site(&self) -> bool {
        self.0.cross_site
    }

    /// The base of every link of this application.
    #[must_use]
    pub fn public_url(&self) -> &str {
        &self.0.environment.public_url
    }

    /// What the client says about the states it has seen.
    #[must_use]
    pub fn preconditions(&self) -> &Preconditions {
        &self.0.preconditions
    }

    /// Attaches a value for the handler; a second one of the same type replaces the first.
    pub fn attach<T: 'static>(&self, value: T) {
        self.0.attached.borrow_mut().insert(TypeId::of::<T>(), Rc::new(value));
    }

    /// The value of this type that a hook attached.
    #[must_use]
    pub fn attached<T: 'static>(&self) -> Option<Rc<T>> {
        self.0.attached.borrow().get(&TypeId::of::<T>())?.clone().downcast().ok()
    }

    /// The input that the pipeline read and validated; it can be taken once.
    pub(crate) fn take_input<T: 'static>(&self) -> Outcome<T> {
        let input = self.0.input.borrow_mut().take().and_then(|input| input.downcast::<T>().ok());
        input.map(|input| *input).ok_or_else(|| ApiError::internal("the row of this handler reads another input"))
    }

    pub(crate) fn environment(&self) -> Arc<Environment> {
        self.0.environment.clone()
    }

    pub(crate) fn relations(&self) -> &Relations {
        &self.0.environment.relations
    }

    /// Resource types and ids in front of the route's resource, as links carry them.
    pub(crate) fn parents(&self) -> &str {
        &self.0.parents
    }

    /// Whether the request only reads.
    pub(crate) fn reads(&self) -> bool {
        self.0.reads
    }

    /// Something when answers of this route carry entity tags.
    pub(crate) fn tags(&self) -> Option<()> {
        (self.0.route.entity_tags != EntityTags::None).then_some(())
    }

    /// The order asked for, as far as the route lets clients sort; a field may carry the route's resource type in front
    /// of a dot.
    #[must_use]
    pub fn sort(&self) -> Vec<Sort> {
        let route = self.0.route;
        let mut sort = self.0.query.sort();
        for criterion in &mut sort {
            if let Some(field) = criterion.field.strip_prefix(route.resource).and_then(|f| f.strip_prefix('.')) {
                criterion.field = field.to_owned();
            }
        }
        sort.retain(|criterion| route.sorts_by(&criterion.field));
        sort
    }

    /// What is filtered by, as far as the route lets clients filter.
    ///
    /// # Errors
    /// Those of [`Query::filters`].
    pub fn filters(&self) -> Outcome<Vec<Filter>> {
        let route = self.0.route;
        let mut filters = self.0.query.filters()?;
        filters.retain(|filter| route.filters_by(&filter.resource, &filter.attribute));
        Ok(filters)
    }

    /// Who made the request, when a valid credential came with it.
    #[must_use]
    pub fn identity(&self) -> Option<&Identity> {
        self.0.identity.as_ref()
    }

    /// The attributes of the body as JSON text, or the raw form.
    pub(crate) fn body(&self) -> Outcome<&str> {
        std::str::from_utf8(&self.0.body).map_err(|_| (&codes::INVALID_BODY).into())
    }
}
