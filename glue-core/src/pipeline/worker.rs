//! The managed routes as one actix service: each worker thread has the table and its own handlers.

use std::sync::Arc;

use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};

use crate::error::ApiError;
use crate::request::Application;
use crate::route::RoutingTable;
use crate::telemetry::metrics::Meters;

pub(crate) type Handler = <actix_web::Route as ServiceFactory<ServiceRequest>>::Service;

pub(crate) struct Worker {
    pub(super) application: Arc<Application>,
    pub(super) table: Arc<RoutingTable>,
    handlers: Vec<Handler>,
    pub(super) meters: Meters,
}

impl Worker {
    pub(crate) fn new(application: Arc<Application>, table: Arc<RoutingTable>, handlers: Vec<Handler>) -> Self {
        let meters = Meters::new(application.environment.name, table.rows());
        Self { application, table, handlers, meters }
    }

    pub(super) async fn call(&self, row: usize, request: ServiceRequest) -> Result<ServiceResponse, actix_web::Error> {
        match self.handlers.get(row) {
            Some(handler) => handler.call(request).await,
            None => Err(ApiError::internal("a row without a handler").into()),
        }
    }
}
