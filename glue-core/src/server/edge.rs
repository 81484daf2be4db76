//! What a request is asked before any application sees it (RFC 9110, RFC 9112): whether its connection still takes requests,
//! whether `Host` is one, whether its target is short enough.

use std::cell::Cell;
use std::future::{Future, ready};
use std::net::Ipv6Addr;
use std::rc::Rc;

use actix_web::dev::{RequestHead, Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_LENGTH, HOST, TRANSFER_ENCODING, UPGRADE};
use actix_web::http::uri::Authority;
use actix_web::http::{ConnectionType, Version};
use futures_util::future::Either;

use super::dispatcher::Managed;
use crate::error::{Outcome, codes};
use crate::pipeline;

/// One connection of a client, shared by the requests on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Connection(Rc<State>);

#[derive(Debug, Default)]
struct State {
    closed: Cell<bool>,
    busy: Cell<bool>,
    served: Cell<usize>,
}

impl Connection {
    /// Refuses what follows a request, or an answer, after which the connection was to be closed (RFC 9112 §9.6). Requests
    /// of one connection run one after the other, so that nothing comes between this and [`Connection::close`].
    fn admit(&self) -> Outcome<()> {
        if self.0.closed.get() { Err((&codes::CONNECTION_CLOSED).into()) } else { Ok(()) }
    }

    /// The answer closes the connection.
    fn close(&self) {
        self.0.closed.set(true);
    }

    /// Whether a request is being served.
    pub(super) fn is_busy(&self) -> bool {
        self.0.busy.get()
    }

    /// How many requests were served.
    pub(super) fn served(&self) -> usize {
        self.0.served.get()
    }
}

/// Paths of the framework itself, which read no body.
pub(super) const OWN: [&str; 3] = ["/openapi.json", "/health/live", "/health/ready"];

/// Serves a request whose connection and head are in order.
pub(super) fn served<S>(
    managed: &Managed,
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse, actix_web::Error>> + use<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse, Error = actix_web::Error>,
{
    let connection = request.conn_data::<Connection>().cloned().unwrap_or_default();
    let longest = managed.application().limits.target_bytes;
    let admitted = connection.admit().and_then(|()| check(request.head(), longest));
    // What nobody reads of this request stands where the next one would.
    let unread = has_body(request.head()) && (admitted.is_err() || OWN.contains(&request.path()));
    let last = is_last(request.head()) || connection.0.closed.get() || unread;
    let answer = match admitted {
        Ok(()) => Either::Left(service.call(request)),
        Err(error) => {
            let refusal = pipeline::refuse(&request, managed.table(), managed.application(), &error);
            Either::Right(ready(Ok(request.into_response(refusal))))
        }
    };
    connection.0.busy.set(true);
    async move {
        let answered = answer.await;
        connection.0.busy.set(false);
        connection.0.served.set(connection.served().wrapping_add(1));
        let mut answer = answered?;
        let head = answer.response_mut().head_mut();
        // Heads are used again by the server with the version of an earlier answer, by which `connection_type` judges.
        head.version = Version::HTTP_11;
        if last {
            // The server itself goes by the newest request that it has read, which may be another one.
            head.set_connection_type(ConnectionType::Close);
        }
        if head.connection_type() == ConnectionType::Close {
            connection.close();
        }
        Ok(answer)
    }
}

/// Whether a request is the last one of its connection: because it says so, or because it asks for another protocol. None
/// is spoken here; the server cannot keep such a connection.
fn is_last(request: &RequestHead) -> bool {
    match request.connection_type() {
        ConnectionType::Close => true,
        ConnectionType::Upgrade => request.headers.contains_key(UPGRADE),
        ConnectionType::KeepAlive => false,
    }
}

fn has_body(request: &RequestHead) -> bool {
    let length = request.headers.get(CONTENT_LENGTH).is_some_and(|length| length.as_bytes() != b"0");
    length || request.headers.contains_key(TRANSFER_ENCODING)
}

/// Refuses a request whose head is none of ours.
pub(super) fn check(request: &RequestHead, longest_target: usize) -> Outcome<()> {
    let target = request.uri.path_and_query().map_or(0, |target| target.as_str().len());
    if target > longest_target {
        return Err((&codes::TARGET_TOO_LONG).into());
    }
    // The server's parser refuses HTTP/1.1 without a host, and with two of them.
    let host = request.headers.get(HOST);
    let named = match (host, request.version) {
        (None, _) => true,
        (Some(host), Version::HTTP_10) if host.is_empty() => true,
        (Some(host), _) => host.to_str().is_ok_and(is_host),
    };
    // A target may name the host as well (RFC 9112 §3.2.2).
    let web = request.uri.scheme_str().is_none_or(|scheme| matches!(scheme, "http" | "https"));
    let whole = request.uri.authority().is_none_or(|authority| is_host(authority.as_str()));
    if named && web && whole { Ok(()) } else { Err((&codes::BAD_HOST).into()) }
}

/// `uri-host [ ":" port ]` (RFC 9110 §7.2, RFC 3986 §3.2.2).
fn is_host(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((literal, rest)) if literal.parse::<Ipv6Addr>().is_ok() => {
                return rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
            }
            _ => return false,
        },
        None => text.split_once(':').map_or((text, ""), |(host, port)| (host, port)),
    };
    !host.is_empty() && !host.contains('@') && Authority::try_from(host).is_ok() && is_port(port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && (text.is_empty() || text.parse::<u16>().is_ok())
}
