//! `Expect: 100-continue` (RFC 9110 §10.1.1): nobody is told to send a body that nobody will read.

use std::rc::Rc;

use actix_http::body::BoxBody;
use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, fn_factory, fn_service};
use actix_web::dev::{AppConfig, ServiceResponse};

use super::dispatcher::Managed;
use super::edge;
use crate::pipeline;

/// Lets the client go on when its body will be read; answers at once otherwise, with what `app` says then.
pub(super) fn expect<A, F>(
    managed: Managed,
    app: impl Fn() -> A + Clone,
) -> impl ServiceFactory<Request, Config = (), Response = Request, Error = Response<BoxBody>, InitError = ()>
where
    A: IntoServiceFactory<F, Request>,
    F: ServiceFactory<
            Request,
            Config = AppConfig,
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        >,
{
    fn_factory(move || {
        let (managed, app) = (managed.clone(), app.clone());
        async move {
            let application = Rc::new(app().into_factory().new_service(AppConfig::default()).await?);
            Ok(fn_service(move |request: Request| {
                let (application, managed) = (application.clone(), managed.clone());
                async move {
                    let head = request.head();
                    let in_order = edge::check(head, managed.application().limits.target_bytes).is_ok();
                    if in_order && pipeline::reads_body(managed.table(), managed.application(), head) {
                        return Ok(request);
                    }
                    Err(match application.call(request).await {
                        Ok(response) => response.into(),
                        Err(error) => error.into(),
                    })
                }
            }))
        }
    })
}
