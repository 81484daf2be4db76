//! Layered configuration: defaults in code, the application's own file, the file named by `GLUE_CONFIG`, the environment.
//!
//! An unknown key or a bad value stops the start with a message that names the key.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize, Serializer};

use crate::db::{DbSettings, Sync};
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

/// Which origins of browsers may call (contract/framework.md §7.1).
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

/// Which database, and how much of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://path`, `postgres://…` or `mysql://…`.
    pub url: DatabaseUrl,
    /// Connections, each with a thread of its own.
    pub connections: usize,
    /// Jobs that may wait for a connection; one more is answered with 503.
    pub queue: usize,
    /// Milliseconds from hand-over to answer; afterwards 503.
    pub deadline_ms: u64,
    /// How SQLite commits: `full` survives a power cut, `normal` survives `kill -9`.
    pub sqlite_sync: Sync,
    /// Whether `serve` applies pending migrations and loads the demo data into an empty database.
    pub prepare: bool,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self {
            url: DatabaseUrl("sqlite://var/glue.sqlite3".into()),
            connections: 4,
            queue: 512,
            deadline_ms: 2_000,
            sqlite_sync: Sync::Full,
            prepare: true,
        }
    }
}

impl DatabaseSettings {
    /// The settings of the executor.
    #[must_use]
    pub fn executor(&self) -> DbSettings {
        DbSettings {
            url: self.url.0.clone(),
            connections: self.connections,
            queue: self.queue,
            deadline: Duration::from_millis(self.deadline_ms),
            sync: self.sqlite_sync,
        }
    }

    /// The file behind an SQLite URL.
    #[must_use]
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        self.url.0.strip_prefix("sqlite://").map(PathBuf::from)
    }
}

/// A database URL; whoever prints it reads it without its password.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DatabaseUrl(pub String);

impl DatabaseUrl {
    fn masked(&self) -> String {
        // Parameters may carry a password too.
        let shown = self.0.split('?').next().unwrap_or_default();
        let Some((scheme, rest)) = shown.split_once("://") else { return shown.to_owned() };
        match rest.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host))) {
            Some((user, host)) => format!("{scheme}://{user}:***@{host}"),
            None => shown.to_owned(),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

impl Serialize for DatabaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.masked())
    }
}

/// Where operators scrape metrics.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MetricsSettings {
    /// The address to bind; anybody who reaches it may read.
    pub host: String,
    /// The port of `/metrics`; 0 serves none.
    pub port: u16,
}

impl Default for MetricsSettings {
    fn default() -> Self {
        Self { host: "127.0.0.1".into(), port: 0 }
    }
}

/// What is logged, and how.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// A filter of `tracing-subscriber`, `info` say.
    pub filter: String,
    /// `text` for people, `json` for machines.
    pub format: LogFormat,
}

/// Where traces go (OTLP over HTTP). They need a build with the feature `opentelemetry`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TraceSettings {
    /// The collector, `http://127.0.0.1:4318/v1/traces` say; empty for no traces.
    pub endpoint: String,
}

/// The form of a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// One line for people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { filter: "info".into(), format: LogFormat::Text }
    }
}

/// What kept the configuration from being read.
#[derive(Debug, thiserror::Error)]
#[error("configuration: {0}")]
pub struct ConfigError(String);

impl ConfigError {
    /// A value that parses but cannot be used; `key` names it.
    #[must_use]
    pub fn bad_value(key: &str, why: &str) -> Self {
        Self(format!("{key}: {why}"))
    }
}

/// Settings that can say which of their values cannot be used.
pub trait Validate {
    /// Looks at every value.
    ///
    /// # Errors
    /// [`ConfigError`] naming the first key whose value cannot be used.
    fn validate(&self) -> Result<(), ConfigError>;
}

/// `key` has to lie between `min` and `max`.
///
/// # Errors
/// [`ConfigError`] naming the key.
pub fn within<T: PartialOrd + std::fmt::Display>(key: &str, value: T, min: T, max: T) -> Result<(), ConfigError> {
    if value < min || value > max {
        return Err(ConfigError::bad_value(key, &format!("{value} is not between {min} and {max}")));
    }
    Ok(())
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

impl Validate for DatabaseSettings {
    fn validate(&self) -> Result<(), ConfigError> {
        within("database.connections", self.connections, 1, 1024)?;
        within("database.queue", self.queue, 1, 1_000_000)?;
        within("database.deadline_ms", self.deadline_ms, 10, 600_000)?;
        match crate::db::Dialect::of(&self.url.0) {
            Some(dialect) if dialect.is_built_in() => Ok(()),
            Some(dialect) => Err(ConfigError::bad_value(
                "database.url",
                &format!("this build does not speak {dialect:?}; enable its feature"),
            )),
            None => Err(ConfigError::bad_value("database.url", "no known scheme (sqlite, postgres, mysql)")),
        }
    }
}

/// Reads the settings of an application whose own file is `application` (TOML). Whether their values can be used is for
/// [`Validate`] to say.
///
/// # Errors
/// [`ConfigError`] naming the key, its source, and what was expected.
pub fn load<T: DeserializeOwned + Default + Serialize>(application: &str) -> Result<T, ConfigError> {
    #[expect(clippy::disallowed_methods, reason = "this is the one home of the environment")]
    let file = std::env::var("GLUE_CONFIG").ok();
    let environment = config::Environment::with_prefix("GLUE").prefix_separator("__").separator("__").try_parsing(true);
    // Lists are written with commas; every other value is taken as it stands.
    let environment =
        LISTS.iter().fold(environment.list_separator(","), |environment, key| environment.with_list_parse_key(key));
    layered(application, file.as_deref(), environment)
}

/// The settings that are lists of texts.
const LISTS: [&str; 4] =
    ["server.trusted_proxies", "server.cors.origins", "server.cors.headers", "auth.retired_key_files"];

/// What the library says of a value that it cannot use, without the value: it may be a secret.
fn unquoted(text: &str) -> String {
    if !text.contains("invalid ") {
        return text.to_owned();
    }
    let mut parts = text.split('"');
    let mut shown = parts.next().unwrap_or_default().to_owned();
    while let (Some(_), Some(rest)) = (parts.next(), parts.next()) {
        shown.push_str("\"…\"");
        shown.push_str(rest);
    }
    shown
}

/// The settings of an application as they are without a file and an environment.
///
/// # Errors
/// As [`load`].
pub fn defaults<T: DeserializeOwned + Default + Serialize>(application: &str) -> Result<T, ConfigError> {
    layered(application, None, config::Environment::with_prefix("GLUE").source(Some(config::Map::new())))
}

fn layered<T: DeserializeOwned + Default + Serialize>(
    application: &str,
    file: Option<&str>,
    environment: config::Environment,
) -> Result<T, ConfigError> {
    let failed = |error: config::ConfigError| ConfigError(unquoted(&error.to_string()));
    let mut layers = config::Config::builder()
        .add_source(config::Config::try_from(&T::default()).map_err(failed)?)
        .add_source(config::File::from_str(application, config::FileFormat::Toml));
    if let Some(file) = file {
        layers = layers.add_source(config::File::new(file, config::FileFormat::Toml));
    }
    layers.add_source(environment).build().and_then(config::Config::try_deserialize).map_err(failed)
}
