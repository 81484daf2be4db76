//! `Expect: 100-continue` (RFC 9110 §10.1.1): nobody is told to send a body that nobody will read.

use std::rc::Rc;

use actix_http::body::BoxBody;
use actix_http::{Request, Response};
use actix_service::{IntoServiceFactory as _, Service, ServiceFactory, fn_factory, fn_service};
use actix_web::dev::AppConfig;

use super::{Site, edge};
use crate::pipeline;

/// Lets the client go on when its body will be read; answers at once otherwise, with what the application says then.
pub(super) fn expect(
    site: Site,
) -> impl ServiceFactory<Request, Config = (), Response = Request, Error = Response<BoxBody>, InitError = ()> {
    fn_factory(move || {
        let site = site.clone();
        async move {
            let application = Rc::new(site.app().into_factory().new_service(AppConfig::default()).await?);
            let managed = site.managed.clone();
            Ok(fn_service(move |request: Request| {
                let (application, managed) = (application.clone(), managed.clone());
                async move {
                    let longest = managed.application().limits.target_bytes;
                    if edge::check(request.head(), longest).is_ok() && pipeline::reads_body(&managed, request.head()) {
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
