//! Where and how an application listens, and how much a request may take.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::validate::{ConfigError, Validate, within};
use crate::source::Proxies;

/// Where and how an application listens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerSettings {
    /// The address to bind.
    pub host: String,
    /// The port to bind; 0 lets the kernel choose.
    pub port: u16,
    /// Seconds that a connection without a request stays open: longer than balancers keep theirs, or they meet it closing.
    pub keep_alive_seconds: u64,
    /// The base of every link; empty means `http://host:port`.
    pub public_url: String,
    /// Worker threads; 0 means one per core.
    pub workers: usize,
    /// Connections per worker; further ones wait in the kernel.
    pub max_connections: usize,
    /// The longest request target, path and query, in bytes; the server's parser knows none above 65,534.
    pub target_bytes: usize,
    /// The longest body, in bytes.
    pub body_bytes: usize,
    /// Seconds for a body to arrive.
    pub body_seconds: u64,
    /// Seconds for the request line and headers to arrive.
    pub header_seconds: u64,
    /// Seconds for a handler to answer.
    pub request_seconds: u64,
    /// Seconds that requests in flight get after SIGTERM.
    pub shutdown_seconds: u64,
    /// Whether a path may start with a version: `/v1.0/wishlists`. Otherwise the media type names it.
    pub path_versions: bool,
    /// Response headers of every answer, by name; they replace or join those of the framework.
    pub headers: BTreeMap<String, String>,
    /// Addresses and networks of proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<String>,
    /// Which origins of browsers may call.
    pub cors: CorsSettings,
    /// Paths that need a token although their definition lets strangers in.
    pub protect: Vec<ProtectSettings>,
}

/// Which origins of browsers may call (reference/framework.md §7.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CorsSettings {
    /// The origins, or `*` for all; none means that no answer carries CORS headers.
    pub origins: Vec<String>,
    /// The request headers that scripts may send.
    pub headers: Vec<String>,
    /// Seconds that a browser may keep the answer to a preflight.
    pub max_age_seconds: u32,
}

impl Default for CorsSettings {
    fn default() -> Self {
        let headers = [
            "accept",
            "content-type",
            "content-language",
            "accept-language",
            "authorization",
            "x-agent-authorization",
            "x-api-key",
            "x-anonymous-customer-unique-id",
            "x-mfa-code",
            "if-match",
            "if-none-match",
            "store",
            "x-request-id",
        ];
        Self { origins: Vec::new(), headers: headers.map(str::to_owned).to_vec(), max_age_seconds: 600 }
    }
}

/// One entry of `server.protect`: it tightens, and nothing in the configuration can loosen.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProtectSettings {
    /// A regular expression that has to match a whole path of the routing table, `/stores(/.*)?` say.
    pub path: String,
    /// The methods, in lower case; all when empty.
    #[serde(default)]
    pub methods: Vec<String>,
}

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            host: "127.0.0.1".into(),
            port: 8080,
            keep_alive_seconds: 75,
            public_url: String::new(),
            workers: 0,
            max_connections: 10_000,
            target_bytes: 16 * 1024,
            body_bytes: 1024 * 1024,
            body_seconds: 10,
            header_seconds: 5,
            request_seconds: 30,
            shutdown_seconds: 20,
            path_versions: true,
            headers: BTreeMap::new(),
            trusted_proxies: Vec::new(),
            cors: CorsSettings::default(),
            protect: Vec::new(),
        }
    }
}

impl ServerSettings {
    /// The base of every link, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> String {
        if self.public_url.is_empty() {
            return format!("http://{}:{}", self.shown_host(), self.port);
        }
        self.public_url.trim_end_matches('/').to_owned()
    }

    /// The host as a link carries it: every machine's own name for itself where it listens on loopback or everywhere, brackets
    /// around any other address of IPv6 (RFC 3986 §3.2.2).
    fn shown_host(&self) -> String {
        match self.bound_host().parse::<IpAddr>() {
            Ok(address) if address.is_loopback() || address.is_unspecified() => "localhost".into(),
            Ok(IpAddr::V6(address)) => format!("[{address}]"),
            Ok(IpAddr::V4(_)) | Err(_) => self.host.clone(),
        }
    }

    /// The host to listen on; brackets around an address are no part of it.
    pub(crate) fn bound_host(&self) -> &str {
        self.host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(&self.host)
    }

    /// What one request may take.
    #[must_use]
    pub fn limits(&self) -> Limits {
        Limits {
            target_bytes: self.target_bytes,
            body_bytes: self.body_bytes,
            body_time: Duration::from_secs(self.body_seconds),
            request_time: Duration::from_secs(self.request_seconds),
        }
    }
}

/// How much one request may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest request target, path and query, in bytes.
    pub target_bytes: usize,
    /// The longest body, in bytes.
    pub body_bytes: usize,
    /// How long a body may take to arrive.
    pub body_time: Duration,
    /// How long a handler may take to answer.
    pub request_time: Duration,
}

impl Validate for ServerSettings {
    fn validate(&self) -> Result<(), ConfigError> {
        within("server.workers", self.workers, 0, 1024)?;
        within("server.max_connections", self.max_connections, 1, 1_000_000)?;
        within("server.target_bytes", self.target_bytes, 1024, 65_534)?;
        within("server.body_bytes", self.body_bytes, 1024, 1 << 30)?;
        within("server.body_seconds", self.body_seconds, 1, 3600)?;
        within("server.keep_alive_seconds", self.keep_alive_seconds, 1, 3600)?;
        within("server.header_seconds", self.header_seconds, 1, 3600)?;
        within("server.request_seconds", self.request_seconds, 1, 3600)?;
        within("server.shutdown_seconds", self.shutdown_seconds, 0, 3600)?;
        if Proxies::parse(&self.trusted_proxies).is_none() {
            return Err(ConfigError::bad_value("server.trusted_proxies", "an entry is neither address nor network"));
        }
        if let Some(origin) = self.cors.origins.iter().find(|origin| !is_origin(origin)) {
            return Err(ConfigError::bad_value(
                "server.cors.origins",
                &format!("`{origin}` is neither `*` nor an origin"),
            ));
        }
        for (name, value) in &self.headers {
            let named = actix_web::http::header::HeaderName::try_from(name.as_str()).is_ok();
            if !named || actix_web::http::header::HeaderValue::from_str(value).is_err() {
                return Err(ConfigError::bad_value("server.headers", &format!("`{name}: {value}` is not a header")));
            }
        }
        for rule in &self.protect {
            regex::Regex::new(&rule.path)
                .map_err(|error| ConfigError::bad_value("server.protect", &error.to_string()))?;
        }
        let web = ["http://", "https://"]
            .iter()
            .any(|scheme| self.public_url.strip_prefix(scheme).is_some_and(|host| !host.is_empty()));
        if !self.public_url.is_empty()
            && (!web || self.public_url.contains(|c: char| c.is_whitespace() || "?#\"<>".contains(c)))
        {
            return Err(ConfigError::bad_value("server.public_url", "not an http or https URL without a query"));
        }
        Ok(())
    }
}

/// `*`, or a scheme and a host, perhaps a port, and nothing after it (RFC 6454 §6.2).
fn is_origin(text: &str) -> bool {
    let written = |text: &str, more: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || more.contains(c))
    };
    text == "*"
        || text.split_once("://").is_some_and(|(scheme, host)| written(scheme, "+-.") && written(host, "-._:[]"))
}
