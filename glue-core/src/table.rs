//! The routing table: the only way to add a managed route, and the only input of mount, guard and documents.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use futures_util::future::LocalBoxFuture;

use crate::context::Application;
use crate::path::Step;
use crate::pipeline;
use crate::route::{RouteDef, Verb};

/// A row and the actix handler that serves it.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The row.
    pub def: &'static RouteDef,
    handler: fn() -> actix_web::Route,
}

impl Operation {
    /// Ties `handler` to its row. Generated registries call this, nobody else.
    #[must_use]
    pub const fn new(def: &'static RouteDef, handler: fn() -> actix_web::Route) -> Self {
        Self { def, handler }
    }
}

/// Two rows that one request would match.
#[derive(Debug, thiserror::Error)]
#[error("{first} and {second} both serve {verb:?} {path}")]
pub struct Ambiguous {
    first: &'static str,
    second: &'static str,
    verb: Verb,
    path: &'static str,
}

/// All managed routes of one application, found by the last type of a path.
pub struct RoutingTable {
    operations: Vec<Operation>,
    shapes: Vec<Vec<&'static str>>,
    by_type: HashMap<&'static str, Vec<usize>>,
}

impl RoutingTable {
    /// Builds the table.
    ///
    /// # Errors
    /// [`Ambiguous`] when two operations have the same types and verb.
    pub fn new(operations: Vec<Operation>) -> Result<Self, Ambiguous> {
        let mut table = Self { operations: Vec::new(), shapes: Vec::new(), by_type: HashMap::new() };
        for operation in operations {
            let shape: Vec<&'static str> = operation.def.path.trim_matches('/').split('/').step_by(2).collect();
            let rows = table.by_type.entry(operation.def.resource).or_default();
            for &row in rows.iter() {
                let (Some(other), Some(taken)) = (table.operations.get(row), table.shapes.get(row)) else {
                    continue;
                };
                if other.def.verb == operation.def.verb && *taken == shape {
                    let (first, second) = (other.def.source, operation.def.source);
                    return Err(Ambiguous { first, second, verb: operation.def.verb, path: operation.def.path });
                }
            }
            rows.push(table.operations.len());
            table.operations.push(operation);
            table.shapes.push(shape);
        }
        Ok(table)
    }

    /// Every row, in the order of registration.
    pub fn rows(&self) -> impl Iterator<Item = &'static RouteDef> + '_ {
        self.operations.iter().map(|operation| operation.def)
    }

    /// The row that serves `method` on a path of these steps.
    pub(crate) fn find(&self, method: &str, steps: &[Step<'_>]) -> Option<(usize, &'static RouteDef)> {
        let last = steps.last()?;
        let rows = self.by_type.get(last.kind)?;
        let named = last.id.as_deref().is_some_and(|id| !id.is_empty());
        rows.iter().find_map(|&row| {
            let def = self.operations.get(row)?.def;
            let fits = match (method, def.verb) {
                ("GET" | "HEAD", Verb::List) | ("POST", Verb::Post) => !named,
                ("GET" | "HEAD", Verb::Get) => named,
                // Without an id these reach the pipeline, which says that the id is missing.
                ("PATCH", Verb::Patch) | ("DELETE", Verb::Delete) => true,
                _ => false,
            };
            let shape = self.shapes.get(row)?;
            let same = shape.len() == steps.len() && shape.iter().zip(steps).all(|(kind, step)| *kind == step.kind);
            (fits && same).then_some((row, def))
        })
    }
}

/// What one application serves: its table and its context, shared by all workers.
#[derive(Clone)]
pub struct Managed {
    pub(crate) table: Arc<RoutingTable>,
    pub(crate) application: Arc<Application>,
}

impl Managed {
    /// Ties a table to its application.
    #[must_use]
    pub fn new(table: RoutingTable, application: Application) -> Self {
        Self { table: Arc::new(table), application: Arc::new(application) }
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &RoutingTable {
        &self.table
    }

    /// The application.
    #[must_use]
    pub fn application(&self) -> &Arc<Application> {
        &self.application
    }
}

/// The managed routes as one actix service; it answers every path, unknown ones with 404.
impl ServiceFactory<ServiceRequest> for Managed {
    type Response = ServiceResponse;
    type Error = actix_web::Error;
    type Config = ();
    type Service = Dispatcher;
    type InitError = ();
    type Future = LocalBoxFuture<'static, Result<Dispatcher, ()>>;

    fn new_service(&self, (): ()) -> Self::Future {
        let managed = self.clone();
        Box::pin(async move {
            let mut handlers = Vec::with_capacity(managed.table.operations.len());
            for operation in &managed.table.operations {
                handlers.push((operation.handler)().new_service(()).await?);
            }
            Ok(Dispatcher(Rc::new(Worker { managed, handlers })))
        })
    }
}

type Handler = <actix_web::Route as ServiceFactory<ServiceRequest>>::Service;

/// The table of one worker thread, with its handlers made.
pub struct Dispatcher(Rc<Worker>);

pub(crate) struct Worker {
    pub(crate) managed: Managed,
    handlers: Vec<Handler>,
}

impl Worker {
    pub(crate) async fn call(&self, row: usize, request: ServiceRequest) -> Result<ServiceResponse, actix_web::Error> {
        match self.handlers.get(row) {
            Some(handler) => handler.call(request).await,
            None => Err(crate::error::ApiError::internal("a row without a handler").into()),
        }
    }
}

impl Service<ServiceRequest> for Dispatcher {
    type Response = ServiceResponse;
    type Error = actix_web::Error;
    type Future = LocalBoxFuture<'static, Result<ServiceResponse, actix_web::Error>>;

    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<Result<(), actix_web::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&self, request: ServiceRequest) -> Self::Future {
        Box::pin(pipeline::serve(self.0.clone(), request))
    }
}
