//! Who may call a foreign resource, as flags, scopes and errors.

use super::draft::{Draft, quoted};
use super::facts::Read;

/// What a file says of who may call.
#[derive(Clone, Debug, Default)]
pub(super) struct Security {
    /// Whether a token is needed; none when it is not said.
    protected: Option<bool>,
    scopes: Vec<String>,
    error: Option<(String, String)>,
    hides: bool,
}

impl Security {
    /// What stands at a resource, or at an operation of one.
    pub(super) fn of(read: &Read<'_>, above: Option<&Self>, scopes: &[String]) -> Self {
        let mut security = above.cloned().unwrap_or_default();
        if let Some(expression) = read.get("security") {
            security.judge(&expression, scopes);
        }
        if read.flag("securityBearerAuthRequired") == Some(true) {
            security.protected = Some(true);
        }
        if let Some(code) = read.take("securityCode") {
            let text = read.take("securityMessage").unwrap_or_else(|| "Unauthorized request.".into());
            security.error = Some((code, text));
        }
        if let Some(status) = read.get("securityGetStatusCode") {
            security.hides = status.json().as_i64() == Some(404);
            match security.hides {
                true => status.carried(),
                false => status.lost("what belongs to others is not found here"),
            }
        }
        for key in ["securityPostDenormalize", "securityPostValidation", "securityPostDenormalizeMessage"] {
            read.get(key)
                .iter()
                .for_each(|of| of.decide("written by hand: name an `owner:`, or refuse in the handler"));
        }
        security
    }

    fn judge(&mut self, expression: &Read<'_>, scopes: &[String]) {
        let Some(text) = expression.text() else { return expression.lost("this is no expression") };
        let bare = text.replace(' ', "").replace('"', "'");
        let role = bare.strip_prefix("is_granted('").and_then(|rest| rest.strip_suffix("')"));
        match role {
            Some("PUBLIC_ACCESS" | "IS_AUTHENTICATED_ANONYMOUSLY") => {
                self.protected = Some(false);
                expression.carried();
            }
            Some(
                "IS_AUTHENTICATED_FULLY" | "IS_AUTHENTICATED" | "ROLE_USER" | "ROLE_CUSTOMER" | "ROLE_BACK_OFFICE_USER",
            ) => {
                self.protected = Some(true);
                expression.carried();
            }
            Some(role) if scopes.contains(&scope(role)) => {
                self.protected = Some(true);
                self.scopes = vec![scope(role)];
                expression.carried();
            }
            Some(role) => {
                self.protected = Some(true);
                expression.decide(format!("any token will do until `{role}` is a scope of glue.toml: `scopes: […]`"));
            }
            None if matches!(bare.as_str(), "true" | "") => {
                self.protected = Some(false);
                expression.carried();
            }
            None => {
                self.protected = Some(true);
                expression.decide("any token will do: say the rest with `owner:`, `scopes:`, or in the handler");
            }
        }
    }

    /// The error of a denied caller. A code of the framework's own has its own text.
    pub(super) fn errors(&self, draft: &mut Draft) {
        let Some((code, text)) = self.error.as_ref().filter(|(code, _)| code.len() > 3) else { return };
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
