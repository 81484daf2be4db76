//! Tables of the contract as tests: one row, one request, what both profiles answer.

use glue_core::profile::Profile;
use glue_core::testing::{Answer, TestApp};
use serde_json::{Value, json};

/// First as a running shop answers, then as the documentation promises.
pub(crate) const BOTH: [Profile; 2] = [Profile::Spryker, Profile::Documented];

/// One row: what is sent, and what both profiles answer.
pub(crate) struct Row {
    what: &'static str,
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Option<(&'static str, String)>,
    shop: Expected,
    /// When it is another answer.
    documented: Option<Expected>,
}

/// Status, code and text; an empty code or text says nothing.
pub(crate) type Expected = (u16, &'static str, &'static str);

impl Row {
    pub(crate) fn new(what: &'static str, method: &'static str, path: &str, shop: Expected) -> Self {
        Self { what, method, path: path.into(), headers: Vec::new(), body: None, shop, documented: None }
    }

    pub(crate) fn post(what: &'static str, kind: &str, attributes: &Value, shop: Expected) -> Self {
        let body = json!({ "data": { "type": kind, "attributes": attributes } }).to_string();
        Self { body: Some(("application/json", body)), ..Self::new(what, "POST", &format!("/{kind}"), shop) }
    }

    pub(crate) fn form(what: &'static str, fields: &str, shop: Expected) -> Self {
        let body = ("application/x-www-form-urlencoded", fields.to_owned());
        Self { body: Some(body), ..Self::new(what, "POST", "/token", shop) }
    }

    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn body(mut self, body: &str) -> Self {
        self.body = Some(("application/json", body.to_owned()));
        self
    }

    pub(crate) fn documented(mut self, expected: Expected) -> Self {
        self.documented = Some(expected);
        self
    }

    pub(crate) async fn check(&self, app: &TestApp, profile: Profile) {
        let mut client = app.anonymous();
        for (name, value) in &self.headers {
            client = client.header(name, value);
        }
        let body = self.body.as_ref().map(|(kind, body)| (*kind, body.as_str()));
        let answer = client.raw(self.method, &self.path, body).await;
        let (status, code, text) = match (profile, self.documented) {
            (Profile::Documented, Some(expected)) => expected,
            (Profile::Documented | Profile::Spryker, _) => self.shop,
        };
        let fits = answer.status == status && answer.text.contains(text) && said(&answer).contains(&code.to_owned());
        assert!(
            fits,
            "{profile:?}, {}: expected {status} {code} {text}, got {} {}",
            self.what, answer.status, answer.text
        );
    }
}

/// The codes that an answer names, and always the empty one.
fn said(answer: &Answer) -> Vec<String> {
    let errors = answer.json.get("errors").and_then(Value::as_array).into_iter().flatten();
    let codes = errors.filter_map(|error| error.get("code")).chain(answer.json.get("error"));
    codes.filter_map(Value::as_str).map(str::to_owned).chain([String::new()]).collect()
}
