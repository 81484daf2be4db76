//! What handlers take of a body: a validated input, or the parameters of a form.

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use serde::de::{Deserializer, MapAccess, Visitor};

use super::context::RequestContext;
use crate::error::{ApiError, Outcome};
use crate::input::query::Query;
use crate::input::{Input, snake};
use crate::profile::FormBodies;

/// The extractor of a validated input.
#[derive(Debug)]
pub struct Validated<T>(pub T);

impl<T: Input + 'static> FromRequest for Validated<T> {
    type Error = ApiError;
    type Future = Ready<Outcome<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(RequestContext::of(request).and_then(|context| Ok(Self(context.take_input()?))))
    }
}

/// The parameters of a form body (RFC 6749 Appendix B), or of a JSON object where that does as well.
#[derive(Debug)]
pub struct Form(Vec<FormField>);

/// A name and its text; no text where JSON has a number or a list, say.
type FormField = (String, Option<String>);

impl Form {
    /// The parameters of a query, where a form can be sent either way.
    #[must_use]
    pub fn of(query: &Query) -> Self {
        Self::without_nul(texts(query.pairs().to_vec()))
    }

    /// No parameter of ours holds a NUL, and some databases do not take one.
    fn without_nul(fields: Vec<FormField>) -> Self {
        let nul = |(_, text): &FormField| text.as_ref().is_some_and(|text| text.contains('\0'));
        if fields.iter().any(nul) { Self(Vec::new()) } else { Self(fields) }
    }

    /// The value of `name`.
    ///
    /// # Errors
    /// [`Malformed`] when the parameter stands more than once (RFC 6749 §3.2) or is no text.
    pub fn get(&self, name: &str) -> Result<Option<&str>, Malformed> {
        let mut values = self.0.iter().filter(|(key, _)| key == name).map(|(_, text)| text.as_deref());
        match (values.next(), values.next()) {
            (_, Some(_)) | (Some(None), None) => Err(Malformed),
            (value, None) => Ok(value.flatten()),
        }
    }
}

/// A parameter stands more than once, or is no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

impl FromRequest for Form {
    type Error = ApiError;
    type Future = Ready<Outcome<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let content_type =
            request.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        let essence = content_type.split(';').next().unwrap_or_default().trim();
        let form = essence.eq_ignore_ascii_case("application/x-www-form-urlencoded");
        ready(RequestContext::of(request).map(|context| {
            let body = context.body().ok();
            let form_of = |body| serde_urlencoded::from_str(body).ok().map(texts);
            let fields = match context.rules().forms {
                // JSON is tried whatever the header says (reference/authentication.md §1.10).
                FormBodies::FormOrJson => {
                    body.and_then(|body| json_form(body).or_else(|| form_of(body))).map(in_snake_case)
                }
                // Any other body is not read: it behaves like a form without parameters (§1.5).
                FormBodies::Form => body.filter(|_| form).and_then(form_of),
            };
            Self::without_nul(fields.unwrap_or_default())
        }))
    }
}

fn texts(pairs: Vec<(String, String)>) -> Vec<FormField> {
    pairs.into_iter().map(|(name, text)| (name, Some(text))).collect()
}

/// The members of a JSON object as parameters; one that is `null` is not there. `None` when it is no object.
fn json_form(body: &str) -> Option<Vec<FormField>> {
    let mut json = serde_json::Deserializer::from_str(body.trim_start().starts_with('{').then_some(body)?);
    let members = json.deserialize_map(EveryMember).ok()?;
    let given = members.into_iter().filter(|(_, value)| !value.is_null());
    Some(given.map(|(key, value)| (key, value.as_str().map(str::to_owned))).collect())
}

/// `grantType` as `grant_type`: the decoupled dialect has both spellings (reference/backend.md §2.1).
fn in_snake_case(parameters: Vec<FormField>) -> Vec<FormField> {
    parameters.into_iter().map(|(name, value)| (snake(&name), value)).collect()
}

/// Reads every member of an object, also those that stand twice.
struct EveryMember;

impl<'de> Visitor<'de> for EveryMember {
    type Value = Vec<(String, serde_json::Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
