//! Replies as handlers return them: JSON:API documents, plain JSON, pages.

mod includes;
mod json_api;
mod links;
mod page;
mod render;

pub use includes::Includes;
pub use json_api::{EmptyOk, NoContent, Reply};
pub use page::HtmlPage;
