//! The managed routes as one actix service: each worker thread has the table and its own handlers.

use std::rc::Rc;
use std::task::{Context, Poll};

use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use futures_util::future::LocalBoxFuture;

use crate::error::ApiError;
use crate::metrics::Meters;
use crate::table::Managed;

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
            let meters = Meters::new(managed.application.name, managed.table.rows());
            Ok(Dispatcher(Rc::new(Worker { managed, handlers, meters })))
        })
    }
}

type Handler = <actix_web::Route as ServiceFactory<ServiceRequest>>::Service;

/// The table of one worker thread, with its handlers made.
pub struct Dispatcher(Rc<Worker>);

pub(crate) struct Worker {
    pub(crate) managed: Managed,
    handlers: Vec<Handler>,
    pub(crate) meters: Meters,
}

impl Worker {
    pub(crate) async fn call(&self, row: usize, request: ServiceRequest) -> Result<ServiceResponse, actix_web::Error> {
        match self.handlers.get(row) {
            Some(handler) => handler.call(request).await,
            None => Err(ApiError::internal("a row without a handler").into()),
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
        Box::pin(super::serve(self.0.clone(), request))
    }
}
