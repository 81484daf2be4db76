//! The media types of requests and answers.

/// The media type of every JSON:API answer, with nothing after it (reference/framework.md §1.1.8).
pub const MEDIA_TYPE: &str = "application/vnd.api+json";

/// The media type of answers without an envelope.
pub(crate) const JSON: &str = "application/json";

/// The media type that a verb speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// `application/vnd.api+json`, in and out.
    JsonApi,
    /// A form in, plain JSON out (RFC 6749 §3.2).
    Form,
    /// Attributes without an envelope, in and out: the default convention of the decoupled applications
    /// (reference/framework.md §2.9).
    Json(Plain),
    /// A form in, a page for people out.
    Page,
}

/// How plain JSON shows what a verb answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plain {
    /// A list of attributes, also when there can be one only.
    List,
    /// One object, where there can be one only.
    One,
}
