//! What a request is asked before any application sees it (RFC 9110, RFC 9112): whether its connection still takes requests,
//! whether `Host` is one, whether its target is short enough.

use std::cell::Cell;
use std::future::{Future, ready};
use std::rc::Rc;

use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HOST, HeaderValue, UPGRADE};
use actix_web::http::uri::Authority;
use actix_web::http::{ConnectionType, Version};

use futures_util::future::Either;

use super::Site;
use crate::codes;
use crate::error::{ErrorRow, Outcome};
use crate::pipeline;

/// One connection of a client, shared by the requests on it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Connection(Rc<Cell<bool>>);

impl Connection {
    /// Refuses what follows a request, or an answer, after which the connection was to be closed (RFC 9112 §9.6). Requests
    /// of one connection run one after the other, so that nothing comes between this and [`Connection::close`].
    fn admit(&self, request: &RequestHead) -> Outcome<()> {
        if self.0.get() {
            return Err((&codes::CONNECTION_CLOSED).into());
        }
        self.0.set(closes(request));
        Ok(())
    }

    /// The answer closes the connection.
    fn close(&self) {
        self.0.set(true);
    }
}

/// Whether a request is the last one of its connection.
fn closes(request: &RequestHead) -> bool {
    request.connection_type() == ConnectionType::Close
}

/// Whether a request asks for another protocol. None is spoken here; the server cannot keep such a connection, and says so.
fn upgrades(request: &RequestHead) -> bool {
    request.connection_type() == ConnectionType::Upgrade && request.headers.contains_key(UPGRADE)
}

/// Serves a request whose connection and head are in order.
pub(super) fn served<S>(
    site: &Site,
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse, actix_web::Error>> + use<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = actix_web::Error>,
{
    let connection = request.conn_data::<Connection>().cloned().unwrap_or_default();
    let other_protocol = upgrades(request.head());
    let longest = site.managed.application().limits.target_bytes;
    let admitted = connection.admit(request.head()).and_then(|()| check(request.head(), longest));
    let answer = match admitted {
        Ok(()) => Either::Left(service.call(request)),
        Err(error) => {
            let refusal = pipeline::refuse(&request, &site.managed, &error);
            Either::Right(ready(Ok(request.into_response(refusal))))
        }
    };
    async move {
        let mut answer = answer.await?;
        let head = answer.response_mut().head_mut();
        if other_protocol {
            head.set_connection_type(ConnectionType::Close);
        }
        if head.connection_type() == ConnectionType::Close {
            connection.close();
        }
        Ok(answer)
    }
}

/// Refuses a request whose head is none of ours.
fn check(request: &RequestHead, longest_target: usize) -> Outcome<()> {
    let target = request.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > longest_target {
        return Err((&codes::TARGET_TOO_LONG).into());
    }
    let refuse = |row: &'static ErrorRow| Err(row.into());
    match (request.headers.get(HOST), request.version) {
        // The server's parser refuses HTTP/1.1 without a host, and with two of them.
        (None, _) => Ok(()),
        (Some(host), Version::HTTP_10) if host.is_empty() => Ok(()),
        (Some(host), _) if is_host(host) => Ok(()),
        (Some(_), _) => refuse(&codes::BAD_HOST),
    }
}

/// `uri-host [ ":" port ]` (RFC 9110 §7.2).
fn is_host(value: &HeaderValue) -> bool {
    let Ok(authority) = Authority::try_from(value.as_bytes()) else { return false };
    let text = authority.as_str();
    let port = text.rsplit_once(':').map(|(_, port)| port).filter(|port| !port.ends_with(']'));
    !authority.host().is_empty()
        && !text.contains('@')
        && port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok())
}
