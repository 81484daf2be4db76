#![doc = include_str!("../README.md")]

// 1. Values that know nothing else.
pub mod clock;
pub mod identity;
pub mod language;
pub mod percent;
pub mod request_id;
pub mod source;
pub mod value;

// 2. Rows: connections, and queries written once for three databases.
pub mod db;

// 3. What is configured, and what is refused.
pub mod error;
pub mod settings;

// 4. What the two profiles and the two dialects say differently.
pub mod profile;

// 5. What is sent: attributes and queries.
pub mod input;

// 6. The rows of the routing table.
pub mod route;

// 7. What is answered, and what operators see of it.
pub mod document;
pub mod telemetry;

// 8. A request as handlers see it; the table as readers see it.
pub mod openapi;
pub mod request;

// 9. The way to a handler, and what it returns.
pub mod pipeline;
pub mod reply;

// 10. An application on a port.
pub mod server;

// 11. The same without a port.
#[cfg(feature = "testing")]
pub mod testing;
