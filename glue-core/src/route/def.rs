//! One `RouteDef` per verb and application: the only input of mount, guard, documents and listings.

use std::borrow::Cow;

use super::lifetime::{CacheLifetime, Deprecation};
use super::parameter::QueryParameter;
use super::path::Version;
use super::schema::{BodyDef, SchemaLimits};
use super::wire::Wire;
use crate::error::{ApiError, ErrorRow};
use crate::input::InputDef;
use crate::profile::{Dialect, Profile, Rules};

/// What a managed route does with its resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// `GET` without an id.
    List,
    /// `GET` with an id.
    Get,
    /// `POST` without an id.
    Post,
    /// `PATCH` with an id.
    Patch,
    /// `DELETE` with an id.
    Delete,
}

impl Verb {
    /// The HTTP method.
    #[must_use]
    pub fn method(self) -> &'static str {
        match self {
            Verb::List | Verb::Get => "GET",
            Verb::Post => "POST",
            Verb::Patch => "PATCH",
            Verb::Delete => "DELETE",
        }
    }
}

/// Who may call a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// A valid token is needed.
    Protected,
    /// A token is judged when it is sent.
    Optional,
    /// No token is needed; one that is sent is still judged.
    Public,
    /// An agent's token is needed, in `Authorization` or in `X-Agent-Authorization`.
    Agent,
    /// The client has to authenticate, in `Authorization` or in its form (RFC 6749 §2.3.1).
    Client,
}

/// Who has to send the code of a second factor, `X-MFA-Code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactorCode {
    /// Nobody.
    None,
    /// Callers who have a second factor.
    Enrolled,
    /// Everybody.
    Always,
}

/// What ownership means for a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ownership {
    /// Every row may be reached.
    Unowned,
    /// Only rows whose owner attribute equals the caller's identity exist for the caller.
    Rows {
        /// The attribute named by `owner:` in the definition.
        attribute: &'static str,
    },
    /// The same, by behaviour that is written by hand and whose ownership no contract test can show.
    Unchecked {
        /// The attribute named by `owner:` in the definition.
        attribute: &'static str,
    },
}

impl Ownership {
    /// Only what carries the caller's identity in `attribute`.
    #[must_use]
    pub const fn rows(attribute: &'static str) -> Self {
        Self::Rows { attribute }
    }

    /// The same, and no test shows it.
    #[must_use]
    pub const fn unchecked(attribute: &'static str) -> Self {
        Self::Unchecked { attribute }
    }
}

/// An error that a verb can answer with.
#[derive(Clone, Copy, Debug)]
pub struct PossibleError {
    /// Its row in the code table.
    pub row: &'static ErrorRow,
    /// The profiles in which it is sent; all when empty.
    pub profiles: &'static [Profile],
    /// The dialects in which it is sent; all when empty.
    pub dialects: &'static [Dialect],
    /// The row that behaviour names when it means this one: an application has other words for it than the crate where the
    /// behaviour is.
    pub instead_of: Option<&'static ErrorRow>,
}

impl PossibleError {
    /// An error that is sent in every profile and dialect.
    #[must_use]
    pub const fn new(row: &'static ErrorRow) -> Self {
        Self { row, profiles: &[], dialects: &[], instead_of: None }
    }

    /// Whether an application with these rules sends it.
    #[must_use]
    pub fn is_sent(&self, rules: &Rules) -> bool {
        (self.profiles.is_empty() || self.profiles.contains(&rules.profile))
            && (self.dialects.is_empty() || self.dialects.contains(&rules.dialect))
    }
}

/// Whether a resource carries entity tags; a definition says so with `entityTag:`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EntityTags {
    /// It does not.
    #[default]
    None,
    /// Answers carry one, and a client that sends one is held to it.
    Offered,
    /// As [`EntityTags::Offered`], and PATCH needs `If-Match`.
    Required,
}

/// How requests find a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By the types of the path, ids in between (reference/framework.md §3.1).
    Resource,
    /// By the whole path as the definition writes it; looked at before resources.
    Custom,
}

/// The resource that a custom route answers with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AnsweredResource {
    /// Its type.
    pub resource: &'static str,
    /// The path of its collection. The route's own path begins with the same parameters.
    pub collection: &'static str,
}

/// One managed route of one application.
#[derive(Clone, Copy, Debug)]
pub struct RouteDef {
    /// The application that mounts it.
    pub application: &'static str,
    /// The resource type, which is also the URL segment and JSON:API's `type`.
    pub resource: &'static str,
    /// What the resource is, in one line.
    pub about: &'static str,
    /// What it does.
    pub verb: Verb,
    /// The path with parameters in braces.
    pub path: &'static str,
    /// How requests find it.
    pub place: Place,
    /// An example for each parameter of the path, in order.
    pub path_examples: &'static [&'static str],
    /// Stable and unique in its application.
    pub operation_id: &'static str,
    /// One line.
    pub summary: &'static str,
    /// More than one line, possibly empty.
    pub description: &'static str,
    /// Who may call it.
    pub protection: Protection,
    /// Why it asks its caller for less than others do, in the words of the definition. A public verb that writes has a
    /// reason, and so has whatever a layer gives away.
    pub because: Option<&'static str>,
    /// What a caller's token has to carry, all of it.
    pub scopes: &'static [&'static str],
    /// Whether an API key does as well as a token.
    pub api_key: bool,
    /// Who has to send the code of a second factor.
    pub factor_code: FactorCode,
    /// Whether an agent may act through the caller here, by a token in `X-Agent-Authorization`.
    pub agent: bool,
    /// Whether the client may authenticate here.
    pub client: bool,
    /// Whether it is told which guest calls, by `X-Anonymous-Customer-Unique-Id`.
    pub guest: bool,
    /// The profiles that have it; none means all.
    pub profiles: &'static [Profile],
    /// Whose rows it reaches.
    pub owner: Ownership,
    /// The media type it speaks.
    pub wire: Wire,
    /// The body it takes.
    pub request: Option<BodyDef>,
    /// The status of success.
    pub status: u16,
    /// The body of success; none with 204.
    pub response: Option<BodyDef>,
    /// What answers are one of, when not of [`RouteDef::resource`]: an action answers with what it is an action of.
    pub answered: Option<AnsweredResource>,
    /// What only some applications have of what it takes and answers with.
    pub limits: &'static [SchemaLimits],
    /// The query parameters it understands.
    pub parameters: &'static [QueryParameter],
    /// How the attributes of the body are read and validated; none when they are not, so that 422/901 cannot be met.
    pub input: Option<InputDef>,
    /// Whether the resource carries entity tags.
    pub entity_tags: EntityTags,
    /// The resource types that `include` may name here.
    pub includes: &'static [&'static str],
    /// The version of the resource; none when it has none.
    pub version: Option<Version>,
    /// How long its answers may be kept; none when they have to be asked for again each time.
    pub cache: Option<CacheLifetime>,
    /// Whether it is on its way out.
    pub deprecated: Option<Deprecation>,
    /// The business errors it can give, beside those of the framework.
    pub errors: &'static [PossibleError],
    /// `file:line` of the verb in its definition.
    pub source: &'static str,
}

impl RouteDef {
    /// What definitions do not have to say: a protected GET that speaks JSON:API and answers 200 with nothing. A row says
    /// the rest: `RouteDef { path: "/things", …, ..RouteDef::of("things", "Things.") }`.
    #[must_use]
    pub const fn of(resource: &'static str, about: &'static str) -> Self {
        Self {
            application: "",
            resource,
            about,
            verb: Verb::Get,
            path: "",
            place: Place::Resource,
            path_examples: &[],
            operation_id: "",
            summary: "",
            description: "",
            protection: Protection::Protected,
            because: None,
            scopes: &[],
            api_key: false,
            factor_code: FactorCode::None,
            agent: false,
            client: false,
            guest: false,
            profiles: &[],
            owner: Ownership::Unowned,
            wire: Wire::JsonApi,
            request: None,
            status: 200,
            response: None,
            answered: None,
            limits: &[],
            parameters: &[],
            input: None,
            entity_tags: EntityTags::None,
            includes: &[],
            version: None,
            cache: None,
            deprecated: None,
            errors: &[],
            source: "",
        }
    }

    /// Whether a profile has it.
    #[must_use]
    pub fn is_in(&self, profile: Profile) -> bool {
        self.profiles.is_empty() || self.profiles.contains(&profile)
    }

    /// An error of its behaviour as this row tells it.
    #[must_use]
    pub fn tells(&self, error: ApiError) -> ApiError {
        error.reworded(|object| {
            let named = object.row()?;
            let other = self.errors.iter().find(|possible| possible.instead_of == Some(named))?;
            Some(object.in_words_of(other.row))
        })
    }

    /// Whether clients may sort by an attribute.
    #[must_use]
    pub fn sorts_by(&self, attribute: &str) -> bool {
        self.parameters.iter().any(|known| matches!(known, QueryParameter::Sort(by) if by.contains(&attribute)))
    }

    /// Whether clients may filter by an attribute of a resource.
    #[must_use]
    pub fn filters_by(&self, kind: &str, name: &str) -> bool {
        let named = |known: &QueryParameter| matches!(known, QueryParameter::Filter { resource, attribute, .. } if *resource == kind && *attribute == name);
        self.parameters.iter().any(named)
    }

    /// Whether it changes a row that is there: a client may say which state of it it has seen.
    #[must_use]
    pub fn changes_a_row(&self) -> bool {
        match self.verb {
            Verb::Patch | Verb::Delete => true,
            // An action: a resource's own POST makes a row.
            Verb::Post => self.place == Place::Custom,
            Verb::List | Verb::Get => false,
        }
    }

    /// The type of the resources in its answers.
    #[must_use]
    pub fn answered_type(&self) -> &'static str {
        self.answered.map_or(self.resource, |answered| answered.resource)
    }

    /// Whether whoever has a second factor needs its code here.
    #[must_use]
    pub fn asks_for_code(&self) -> bool {
        self.factor_code == FactorCode::Enrolled && self.protection == Protection::Protected
    }

    /// Whether the client's own credentials are read here.
    #[must_use]
    pub fn reads_client(&self) -> bool {
        self.client || self.protection == Protection::Client
    }

    /// The path as clients write it: that of a version starts with it.
    #[must_use]
    pub fn shown_path(&self) -> Cow<'static, str> {
        match self.version {
            Some(Version { major, minor }) => format!("/v{major}.{minor}{}", self.path).into(),
            None => self.path.into(),
        }
    }
}

/// A verb as a type: what a handler's signature names.
pub trait Route: 'static {}

/// A verb whose caller has to be known. Only such a verb's handler can take [`Authed`](crate::request::Authed).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a protected verb",
    note = "its definition declares it public or optional: take `Anyone<{Self}>`, or protect the verb and regenerate"
)]
pub trait ProtectedRoute: Route {}

/// A verb of agents. Only such a verb's handler can take [`ByAgent`](crate::request::ByAgent).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a verb of agents",
    note = "its definition does not say `agent: required`"
)]
pub trait AgentRoute: Route {}

/// A verb that strangers may call. Only such a verb's handler can take [`Anyone`](crate::request::Anyone).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is a protected verb",
    note = "its definition does not declare it public: take `Authed<{Self}>`, or open the verb and regenerate"
)]
pub trait OpenRoute: Route {}
