//! The parts that read what strangers send, one by one, for fuzzers and for the corpus that they leave behind. Each
//! takes anything and must come back.

use actix_web::http::header::HeaderValue;
use actix_web::web::Bytes;

use crate::input::query::Query;
use crate::input::{self, Input, Members, Violations};
use crate::pipeline;
use crate::profile::{DataType, Pages};
use crate::route::path;

/// Reads an `Authorization` header.
pub fn bearer(bytes: &[u8]) {
    if let Ok(value) = HeaderValue::from_bytes(bytes) {
        let _ = pipeline::bearer_token(&value);
    }
}

/// Reads a JSON:API body and validates its attributes.
pub fn document(bytes: &[u8]) {
    let body = Bytes::copy_from_slice(bytes);
    for data_type in [DataType::Judged, DataType::Ignored] {
        if let Ok(attributes) = pipeline::body_attributes(&body, "things", data_type) {
            let text = std::str::from_utf8(&attributes).unwrap_or_default();
            let _ = input::read::<Probe>(text, Violations::default());
        }
    }
}

/// Reads a query string and a path, and writes the links that repeat it.
pub fn query(text: &str) {
    let query = Query::parse(text);
    let _ =
        (query.page(10, 100, Pages::Judged), query.sort(), query.filters(), query.includes(), query.fields("things"));
    let mut link = String::new();
    query.push_suffix(&mut link);
    query.push_suffix_at(&mut link, 0, 1);
    let (_, rest) = path::version(text);
    let _ = path::steps(rest);
    let _ = (crate::value::day(text), crate::value::point_in_time(text));
}

/// An input with a member of every kind.
struct Probe;

impl Input for Probe {
    const KNOWN: &'static [&'static str] = &["text", "number", "flag", "day", "parts", "part"];

    fn read(members: &Members<'_>, violations: &mut Violations) -> Option<Self> {
        let text = members.field::<String>("text");
        violations.not_blank("text", &text);
        violations.email("text", &text);
        violations.uuid("text", &text);
        violations.password("text", &text);
        violations.max_length("text", &text, 8);
        violations.greater_than("number", &members.numeric("number"), 0);
        violations.is_true("flag", &members.field("flag"));
        violations.dated("day", &members.date("day"));
        let _ = members.objects::<Probe>("parts", violations);
        let _ = members.object::<Probe>("part", violations);
        Some(Self)
    }
}
