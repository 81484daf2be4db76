//! One application as an HTTP server: managed routes, the document, health, and an orderly end.

mod dispatcher;
mod edge;
mod expect;
mod mount;
mod site;
mod stream;

pub use dispatcher::{Dispatcher, Managed};
pub use mount::Mount;
pub use site::{Site, serve_metrics};
