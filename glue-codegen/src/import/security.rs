//! Who may call a foreign resource, as flags, scopes and errors.

use super::draft::{Draft, quoted};
use super::facts::Read;

/// What a file says of who may call.
#[derive(Clone, Debug, Default)]
pub(super) struct Security {
    /// Whether a token is needed; none when it is not said.
    pub(super) protected: Option<bool>,
    scopes: Vec<String>,
    /// Whether nobody may call.
    pub(super) denied: bool,
    error: Option<(String, String)>,
}

impl Security {
    /// What stands at a resource, or at an operation of one.
    pub(super) fn of(read: &Read<'_>, above: Option<&Self>, scopes: &[String]) -> Self {
        let mut security = above.cloned().unwrap_or_default();
        if let Some(expression) = read.get("security") {
            security.judge(&expression, scopes);
        }
        if let Some(asked) = read.get("securityBearerAuthRequired").filter(|of| !of.json().is_null()) {
            if asked.json() != serde_json::Value::Bool(false) {
                security.protected = Some(true);
            }
            asked.carried();
        }
        if let Some(code) = read.get("securityCode") {
            let text = read.take("securityMessage").unwrap_or_else(|| "Unauthorized request.".into());
            match code.text().filter(|code| code.len() > 3 && code.bytes().all(|byte| byte.is_ascii_digit())) {
                Some(number) if security.error.as_ref().is_none_or(|(known, _)| *known == number) => {
                    security.error = Some((number, text));
                    code.carried();
                }
                Some(_) => code
                    .lost("a resource has one error for denied callers: write another one and name it in the handler"),
                None => code.lost("codes of three digits are the framework's"),
            }
        }
        if let Some(status) = read.get("securityGetStatusCode") {
            match status.json().as_i64() == Some(404) {
                true => status.carried(),
                false => status.lost("what belongs to others is not found here"),
            }
        }
        for key in ["securityPostDenormalize", "securityPostValidation"] {
            if let Some(of) = read.get(key).filter(|of| !of.json().is_null()) {
                security.protected = Some(true);
                of.decide("any token will do: say the rest with `owner:`, or refuse in the handler");
            }
        }
        read.get("securityPostDenormalizeMessage").iter().for_each(|of| of.decide("the handler refuses"));
        security
    }

    fn judge(&mut self, expression: &Read<'_>, scopes: &[String]) {
        if expression.json().is_null() {
            return expression.decide("nothing is said here: what stands above counts");
        }
        // What is not understood protects.
        (self.protected, self.denied) = (Some(true), false);
        self.scopes.clear();
        let Some(text) = expression.text() else {
            return expression.decide("this is no expression: any token will do");
        };
        let bare = text.replace(' ', "").replace('"', "'");
        let role = bare.strip_prefix("is_granted('").and_then(|rest| rest.strip_suffix("')"));
        match role {
            Some("PUBLIC_ACCESS" | "IS_AUTHENTICATED_ANONYMOUSLY") => {
                self.protected = Some(false);
                expression.carried();
            }
            Some("IS_AUTHENTICATED_FULLY" | "IS_AUTHENTICATED" | "ROLE_USER") => expression.carried(),
            Some(role) => {
                match scopes.iter().find(|known| **known == scope(role) || known.replace('_', "-") == scope(role)) {
                    Some(known) => {
                        self.scopes = vec![known.clone()];
                        expression.carried();
                    }
                    None => expression
                        .decide(format!("any token will do until `{role}` is a scope of glue.toml: `scopes: […]`")),
                }
            }
            None if bare == "true" => {
                self.protected = Some(false);
                expression.carried();
            }
            None if bare == "false" => {
                self.denied = true;
                expression.lost("nobody may call it, so there is no verb");
            }
            None => expression.decide("any token will do: say the rest with `owner:`, `scopes:`, or in the handler"),
        }
    }

    /// The error of a denied caller.
    pub(super) fn errors(&self, draft: &mut Draft) {
        let Some((code, text)) = &self.error else { return };
        draft
            .errors
            .insert("forbidden".into(), format!("status: 403, code: {}, detail: {}", quoted(code), quoted(text)));
    }

    pub(super) fn keys(&self, origin: &str) -> Vec<(String, String)> {
        // Where nothing is said, everybody may (reference/framework.md §9.4).
        let public = !self.protected.unwrap_or(false);
        let mut keys = Vec::new();
        if public {
            keys.push(("protected".to_owned(), "false".to_owned()));
            keys.push(("because".to_owned(), quoted(&format!("it is public in {origin}"))));
        }
        if !public && !self.scopes.is_empty() {
            keys.push(("scopes".to_owned(), format!("[{}]", self.scopes.join(", "))));
        }
        keys
    }
}

/// The scope that a role comes from.
fn scope(role: &str) -> String {
    role.strip_prefix("ROLE_").unwrap_or(role).to_ascii_lowercase().replace('_', "-")
}
