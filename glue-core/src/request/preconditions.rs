//! Entity tags: which state of a resource a client has seen (reference/framework.md §6, RFC 9110 §8.8.3 and §13).

use actix_web::http::header::{ETAG, HeaderMap, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use sha2::{Digest, Sha256};

use crate::document::{Resource, Sparse};
use crate::error::{Outcome, codes};

/// The strong tag of one state of a resource: a hash of the attributes that an application has. Of others it would tell
/// whoever guesses well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityTag(String);

impl EntityTag {
    /// The tag of these attributes in an application; equal attributes have equal tags.
    #[must_use]
    pub fn of<A: Resource>(attributes: &A, application: &str) -> Self {
        let mut hash = Sha256::new();
        let attributes = Sparse { attributes, fields: None, application };
        // Attributes are strings, numbers and lists of them: writing those to a hash cannot fail.
        let _ = serde_json::to_writer(&mut Hashing(&mut hash), &attributes);
        let mut text = String::with_capacity(32);
        for byte in hash.finalize().iter().take(16) {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        Self(text)
    }

    /// The header `ETag`.
    #[must_use]
    pub fn header(&self) -> (actix_web::http::header::HeaderName, HeaderValue) {
        let value = HeaderValue::from_str(&format!("\"{}\"", self.0));
        (ETAG, value.unwrap_or_else(|_| HeaderValue::from_static("\"\"")))
    }
}

struct Hashing<'a>(&'a mut Sha256);

impl std::io::Write for Hashing<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What a client says about the states it has seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// The application that told the states.
    application: &'static str,
    if_match: Option<Tags>,
    if_none_match: Option<Tags>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    Any,
    These(Vec<String>),
}

impl Tags {
    /// Tags may stand bare, as clients of this API send them; a weak one equals its strong form.
    fn read(headers: &HeaderMap, name: actix_web::http::header::HeaderName) -> Option<Self> {
        let mut tags = Vec::new();
        let mut sent = false;
        for value in headers.get_all(name) {
            sent = true;
            for tag in value.to_str().unwrap_or_default().split(',') {
                let tag = tag.trim();
                if tag == "*" {
                    return Some(Self::Any);
                }
                let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
                if !tag.is_empty() {
                    tags.push(tag.to_owned());
                }
            }
        }
        sent.then_some(Self::These(tags))
    }

    fn names(&self, tag: &EntityTag) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => tags.contains(&tag.0),
        }
    }
}

impl Preconditions {
    pub(crate) fn read(application: &'static str, headers: &HeaderMap) -> Self {
        let (if_match, if_none_match) = (Tags::read(headers, IF_MATCH), Tags::read(headers, IF_NONE_MATCH));
        Self { application, if_match, if_none_match }
    }

    /// Whether the current state has to be known before anything is changed.
    #[must_use]
    pub fn asks(&self) -> bool {
        self.if_match.is_some()
    }

    /// Whether the current state is the one that the client has seen; `None` means that there is no such resource.
    ///
    /// # Errors
    /// [`codes::TAG_MISMATCH`].
    pub fn hold<A: Resource>(&self, current: Option<&A>) -> Outcome<()> {
        let holds = match (&self.if_match, current) {
            (None, _) => true,
            (Some(tags), Some(current)) => tags.names(&EntityTag::of(current, self.application)),
            (Some(_), None) => false,
        };
        if holds { Ok(()) } else { Err((&codes::TAG_MISMATCH).into()) }
    }

    /// Whether the client has this state already.
    pub(crate) fn has_seen(&self, tag: &EntityTag) -> bool {
        self.if_none_match.as_ref().is_some_and(|tags| tags.names(tag))
    }
}
