//! Who a client says it is: in `Authorization`, in the form, or nowhere (RFC 6749 §2.3).

use actix_web::http::header::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use glue_core::request::{Form, Malformed, RequestContext};
use oauth::{Caller, ClientCredentials};

/// Why a request does not say who its client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unclear {
    /// It says so in two ways, or in a parameter that stands twice.
    Twice,
    /// `Authorization` is no client's name and secret.
    Malformed,
}

impl From<Malformed> for Unclear {
    fn from(_: Malformed) -> Self {
        Unclear::Twice
    }
}

/// The client of a request to an OAuth endpoint, and where it comes from. An empty value counts as absent.
pub(crate) fn caller(cx: &RequestContext, form: &Form) -> Result<Caller, Unclear> {
    // A method that is not served does not go unnoticed beside one that is.
    if form.get("client_assertion")?.is_some() || form.get("client_assertion_type")?.is_some() {
        return Err(Unclear::Twice);
    }
    let given = |name| Ok::<_, Unclear>(form.get(name)?.filter(|value| !value.is_empty()));
    let (id, secret) = (given("client_id")?, given("client_secret")?);
    let client = match (cx.client_authorization().map(basic), id, secret) {
        (Some(None), ..) => return Err(Unclear::Malformed),
        // One method per request; naming the same client once more changes nothing.
        (Some(Some(_)), _, Some(_)) => return Err(Unclear::Twice),
        (Some(Some(client)), Some(id), None) if client.id != id => return Err(Unclear::Twice),
        (Some(Some(client)), _, None) => Some(client),
        (None, None, Some(_)) => return Err(Unclear::Malformed),
        (None, None, None) => None,
        (None, Some(id), secret) => {
            Some(ClientCredentials { id: id.to_owned(), secret: secret.map(|secret| secret.to_owned().into()) })
        }
    };
    Ok(Caller { client, source: cx.source().to_owned() })
}

/// `Basic base64(id:secret)`, both halves form-encoded (RFC 6749 §2.3.1, Appendix B).
fn basic(header: &HeaderValue) -> Option<ClientCredentials> {
    let text = header.to_str().ok()?;
    let (_, encoded) = text.split_once(' ')?;
    let decoded = String::from_utf8(STANDARD.decode(encoded.trim_start_matches(' ')).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let (id, secret) = (form_decoded(id)?, form_decoded(secret)?);
    let secret = Some(secret).filter(|secret| !secret.is_empty()).map(Into::into);
    (!id.is_empty()).then_some(ClientCredentials { id, secret })
}

/// One value without its form-encoding. `None` when that is malformed, no UTF-8, or hides a control character.
fn form_decoded(text: &str) -> Option<String> {
    let spaced = text.replace('+', " ");
    let decoded = glue_core::percent::decode(&spaced)?.into_owned();
    (!decoded.chars().any(char::is_control)).then_some(decoded)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use secrecy::ExposeSecret;

    use super::basic;

    fn read(header: &str) -> Option<(String, Option<String>)> {
        let client = basic(&HeaderValue::from_str(header).ok()?)?;
        Some((client.id, client.secret.map(|secret| secret.expose_secret().to_owned())))
    }

    /// C3: both halves are form-decoded after the base64, which is the standard one with its padding.
    #[test]
    fn basic_credentials_are_read_strictly() {
        let of = |text: &str| read(&format!("Basic {}", STANDARD.encode(text)));
        assert_eq!(of("id:secret"), Some(("id".into(), Some("secret".into()))));
        assert_eq!(of("a%3Ab:c%2Bd+e:f"), Some(("a:b".into(), Some("c+d e:f".into()))));
        assert_eq!(of("id:"), Some(("id".into(), None)));
        assert_eq!(read("bAsIc aWQ6c2VjcmV0"), Some(("id".into(), Some("secret".into()))));
        for broken in ["id", ":secret", "", "id:%zz", "id:%ff", "i%00d:x", "id:a%0Ab"] {
            assert_eq!(of(broken), None, "{broken}");
        }
        for broken in
            ["Basic", "Basic aWQ6c2VjcmV0=", "Basic aWQ6c2VjcmV", "Basic a_Q6", "Basic aWQ6 c2Vj", "Basic \tx"]
        {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
