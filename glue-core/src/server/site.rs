//! One application as an HTTP server: managed routes, the document, health, and an orderly end.

use std::io;
use std::net::{SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_http::HttpService;
use actix_http::error::DispatchError;
use actix_server::{Server, ServerBuilder};
use actix_service::{ServiceFactoryExt as _, fn_service, map_config};
use actix_web::body::BoxBody;
use actix_web::dev::{AppConfig, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderValue, ORIGIN, RETRY_AFTER};
use actix_web::rt::net::TcpStream;
use actix_web::web::{Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use metrics_exporter_prometheus::PrometheusHandle;
use tokio::net::TcpSocket;
use tokio::signal::unix::{SignalKind, signal};

use super::dispatcher::Managed;
use super::edge;
use super::expect;
use super::stream::{Stream, Times};
use crate::db::Db;
use crate::pipeline::method_not_allowed;
use crate::settings::{MetricsSettings, ServerSettings};
use crate::telemetry::metrics;

/// What one process serves.
#[derive(Clone)]
pub struct Site {
    managed: Managed,
    document: Bytes,
    draining: Arc<AtomicBool>,
}

impl Site {
    /// Managed routes and the OpenAPI document that describes them, as JSON.
    #[must_use]
    pub fn new(managed: Managed, document: String) -> Self {
        Self { managed, document: Bytes::from(document), draining: Arc::default() }
    }

    /// The managed routes.
    #[must_use]
    pub fn managed(&self) -> &Managed {
        &self.managed
    }

    /// The document, as JSON.
    #[must_use]
    pub fn document(&self) -> &[u8] {
        &self.document
    }

    /// The site as an actix application. Beside the managed routes it has three of its own: `/openapi.json`,
    /// `/health/live`, `/health/ready`.
    pub fn app(
        &self,
    ) -> App<
        impl ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        > + use<>,
    > {
        let managed = self.managed.clone();
        let [document, alive, serving] = edge::OWN;
        App::new()
            .wrap_fn(move |request, service| edge::served(&managed, request, service))
            .app_data(Data::new(self.clone()))
            .service(read_only(document, web::get().to(openapi), web::head().to(openapi)))
            .service(read_only(alive, web::get().to(live), web::head().to(live)))
            .service(read_only(serving, web::get().to(ready), web::head().to(ready)))
            .default_service(self.managed.clone())
    }

    /// Binds, calls `bound` with the address, and serves until SIGTERM or SIGINT: then `/health/ready` says 503,
    /// requests in flight get `shutdown_seconds`, and a second signal ends the process at once.
    ///
    /// # Errors
    /// When the address cannot be bound or a signal cannot be watched.
    pub async fn serve(self, settings: &ServerSettings, bound: impl FnOnce(SocketAddr)) -> io::Result<()> {
        let draining = self.draining.clone();
        let mut server = Server::build()
            .shutdown_timeout(settings.shutdown_seconds)
            .max_concurrent_connections(settings.max_connections)
            .worker_max_blocking_threads(1)
            .disable_signals();
        if settings.workers > 0 {
            server = server.workers(settings.workers);
        }
        let listeners = listeners(settings.bound_host(), settings.port)?;
        let first = listeners.first().map(TcpListener::local_addr).transpose()?;
        for listener in listeners {
            server = self.clone().accept(server, listener, settings)?;
        }
        if let Some(address) = first {
            bound(address);
        }
        let server = server.run();
        let handle = server.handle();
        let (mut term, mut int) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
        actix_web::rt::spawn(async move {
            tokio::select! { _ = term.recv() => {}, _ = int.recv() => {} }
            draining.store(true, Ordering::SeqCst);
            tracing::info!("stopping: no new connections, waiting for requests in flight");
            let stop = handle.stop(true);
            tokio::select! {
                () = stop => {}
                _ = term.recv() => std::process::exit(1),
                _ = int.recv() => std::process::exit(1),
            }
        });
        server.await
    }

    /// Serves the connections of `listener`, with a service that every worker makes for itself.
    fn accept(
        self,
        server: ServerBuilder,
        listener: TcpListener,
        settings: &ServerSettings,
    ) -> io::Result<ServerBuilder> {
        let keep_alive = Duration::from_secs(settings.keep_alive_seconds);
        let head_time = Duration::from_secs(settings.header_seconds);
        let times = Times { head: head_time, idle: keep_alive };
        let stopping = server.graceful_shutdown_signal();
        server.listen("http", listener, move || {
            let stopping = stopping.clone();
            let connected = fn_service(move |socket: TcpStream| {
                let peer = socket.peer_addr().ok();
                std::future::ready(Ok::<_, DispatchError>((Stream::new(socket, times), peer)))
            });
            let http = HttpService::build()
                .graceful_shutdown_signal(move || {
                    let stopping = stopping.clone();
                    async move { stopping.notified().await }
                })
                .keep_alive(keep_alive)
                .client_request_timeout(head_time)
                .client_disconnect_timeout(LINGER)
                .on_connect_ext(|stream: &Stream, extensions| {
                    extensions.insert(stream.connection.clone());
                })
                .expect(expect::expect(self.managed.clone(), {
                    let site = self.clone();
                    move || site.app()
                }))
                .h1(map_config(self.app(), |()| AppConfig::default()));
            connected.and_then(http)
        })
    }
}

/// How long what a client still sends after its answer is read and thrown away, so that the answer reaches it.
const LINGER: Duration = Duration::from_secs(2);

/// What is bound for a host name and a port: every address that the name stands for and that can be bound.
fn listeners(host: &str, port: u16) -> io::Result<Vec<TcpListener>> {
    let (mut bound, mut failed) = (Vec::new(), None);
    for address in (host, port).to_socket_addrs()? {
        match listen(address) {
            Ok(listener) => bound.push(listener),
            Err(error) => failed = Some(error),
        }
    }
    match failed {
        Some(error) if bound.is_empty() => Err(error),
        _ => Ok(bound),
    }
}

/// How many connections wait in the kernel until a worker takes them.
const BACKLOG: u32 = 2048;

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)?.into_std()
}

/// A path of the framework itself: read-only, so every other method is refused by name (RFC 9110 §15.5.6).
fn read_only(path: &str, get: actix_web::Route, head: actix_web::Route) -> actix_web::Resource {
    let refuse = |site: Data<Site>, request: HttpRequest| async move {
        method_not_allowed(site.managed.application(), request.headers().get(ORIGIN), "GET, HEAD")
    };
    web::resource(path).route(get).route(head).default_service(web::to(refuse))
}

/// Serves `/metrics` beside an application, until the process ends.
///
/// # Errors
/// When the address cannot be bound.
pub fn serve_metrics(settings: &MetricsSettings, handle: PrometheusHandle, db: Db) -> io::Result<SocketAddr> {
    let state = Data::new((handle, db));
    let app = move || App::new().app_data(state.clone()).service(web::resource("/metrics").get(scrape_metrics));
    let server = HttpServer::new(app).workers(1).disable_signals().bind((settings.host.as_str(), settings.port))?;
    let address = server.addrs().first().copied();
    actix_web::rt::spawn(server.run());
    address.ok_or_else(|| io::Error::other("no address was bound"))
}

async fn scrape_metrics(state: Data<(PrometheusHandle, Db)>) -> HttpResponse {
    let text = metrics::scrape(&state.0, &state.1);
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text)
}

async fn openapi(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    json(&site, &request, StatusCode::OK, site.document.clone())
}

async fn live(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    json(&site, &request, StatusCode::OK, Bytes::from_static(br#"{"status":"live"}"#))
}

async fn ready(site: Data<Site>, request: HttpRequest) -> HttpResponse {
    let application = site.managed.application();
    let serving = !site.draining.load(Ordering::SeqCst) && application.authenticator.is_ready();
    if serving && application.environment.db.ping().await.is_ok() {
        return json(&site, &request, StatusCode::OK, Bytes::from_static(br#"{"status":"ready"}"#));
    }
    let body = Bytes::from_static(br#"{"status":"unavailable"}"#);
    let mut response = json(&site, &request, StatusCode::SERVICE_UNAVAILABLE, body);
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
    response
}

fn json(site: &Site, request: &HttpRequest, status: StatusCode, body: Bytes) -> HttpResponse {
    let mut response = HttpResponse::build(status).content_type("application/json").body(body);
    site.managed.application().http.decorate(request.headers().get(ORIGIN), response.headers_mut());
    response
}
