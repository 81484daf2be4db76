//! The managed routes as one actix service: each worker thread has the table and its own handlers.

use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use futures_util::future::LocalBoxFuture;

use crate::pipeline::{self, Worker};
use crate::request::Application;
use crate::route::RoutingTable;

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
            Ok(Dispatcher(Rc::new(Worker::new(managed.application, managed.table, handlers))))
        })
    }
}

/// The table of one worker thread, with its handlers made.
pub struct Dispatcher(Rc<Worker>);

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
