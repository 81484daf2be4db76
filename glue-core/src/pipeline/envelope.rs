//! The JSON:API envelope of a body: `data.type` and `data.attributes`, nothing else is read
//! (reference/authentication.md §1.1 step 6).

use actix_web::http::header::{CONTENT_TYPE, HeaderMap};
use actix_web::web::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Outcome, codes};
use crate::profile::DataType;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Data<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    attributes: Option<&'a RawValue>,
}

/// A list in the place of an object would be read member by member.
fn object<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Outcome<T> {
    if !json.trim_ascii_start().starts_with(b"{") {
        return Err((&codes::INVALID_BODY).into());
    }
    serde_json::from_slice(json).map_err(|_| (&codes::INVALID_BODY).into())
}

/// The attributes as they stand in the body.
pub(crate) fn attributes(body: &Bytes, resource: &str, data_type: DataType) -> Outcome<Bytes> {
    let envelope: Envelope<'_> = object(body)?;
    let data: Data<'_> = object(envelope.data.ok_or(&codes::INVALID_BODY)?.get().as_bytes())?;
    // An empty list is how PHP writes an empty object (reference/resources.md §0.1).
    let named = |attributes: &&RawValue| match attributes.get().strip_prefix('[') {
        Some(list) => list.trim_start() == "]",
        None => attributes.get().starts_with('{'),
    };
    let attributes = data.attributes.filter(named).ok_or(&codes::INVALID_BODY)?;
    if data_type == DataType::Judged {
        let kind = data.kind.filter(|kind| kind.get() != "null").ok_or(&codes::INVALID_BODY)?;
        let named = serde_json::from_str::<String>(kind.get()).is_ok_and(|kind| kind == resource);
        if !named {
            return Err((&codes::INVALID_TYPE).into());
        }
    }
    Ok(body.slice_ref(attributes.get().as_bytes()))
}

/// The attributes of a body without an envelope; no body is no attributes. A form is taken for the object of its fields
/// (reference/authentication.md §1.10).
pub(super) fn plain(body: Bytes, headers: &HeaderMap) -> Outcome<Bytes> {
    let essence = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = essence.split(';').next().unwrap_or_default().trim();
    match body.trim_ascii().first() {
        None => Ok(Bytes::from_static(b"{}")),
        Some(b'{') => Ok(body),
        Some(_) if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") => fields(&body),
        Some(_) => Err((&codes::INVALID_BODY).into()),
    }
}

/// The fields of a form as a JSON object; one that stands twice has no meaning.
fn fields(form: &[u8]) -> Outcome<Bytes> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(form).map_err(|_| &codes::INVALID_BODY)?;
    let mut object = serde_json::Map::new();
    for (name, value) in pairs {
        if object.insert(name, value.into()).is_some() {
            return Err((&codes::INVALID_BODY).into());
        }
    }
    Ok(serde_json::Value::Object(object).to_string().into())
}
