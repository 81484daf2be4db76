//! The decisions that a set of rules takes, each with its alternatives.

/// Whether a request has to say what it accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// A request without `Accept` is served.
    Optional,
    /// A request without `Accept` is refused.
    Required,
    /// A request that does not speak JSON:API has to accept plain JSON; of one that does, nothing is asked
    /// (reference/framework.md §1.2).
    PlainJson,
}

/// Where an API key may be sent (reference/authentication.md §1.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyPlaces {
    /// In `X-Api-Key`.
    Header,
    /// There, or in the query, which logs and histories keep.
    HeaderOrQuery,
}

/// What `WWW-Authenticate` says on a 401.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Challenge {
    /// The realm, and RFC 6750's `error` when a token was sent.
    Rfc6750,
    /// The realm only.
    RealmOnly,
}

/// Where a client may send its own credentials (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientCredentialPlaces {
    /// In the form only.
    Form,
    /// There, or in `Authorization` with the scheme `Basic`.
    FormOrHeader,
}

/// Which conventions of requests and answers there are (reference/backend.md §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conventions {
    /// Every resource is found by everybody.
    One,
    /// A media type chooses the convention, and what speaks another one does not exist.
    ByMediaType,
}

/// Whether `data.type` of a body is compared with the path's (reference/framework.md §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataType {
    /// It has to be the same.
    Judged,
    /// Nobody looks at it.
    Ignored,
}

/// What becomes of members without a value: an `id` that there is none, attributes of which nobody wants any
/// (reference/framework.md §2.1, §2.9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EmptyMembers {
    /// They are shown: `null`, or an empty object.
    Shown,
    /// They are left out.
    LeftOut,
}

/// What a change is of which nothing can be written: every attribute that it names is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadOnlyChange {
    /// It is refused, with each of them named.
    Refused,
    /// It is served, and changes nothing (reference/framework.md §1.1.6).
    Served,
}

/// What a token is that was ended before its time, on a verb that strangers may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndedToken {
    /// As bad as any other.
    Refused,
    /// As good as none: a shop looks for that on protected verbs only (reference/authentication.md §1.9).
    Ignored,
}

/// How errors are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorForm {
    /// With `detail`; a member without a value is left out. Endpoints that take forms answer as RFC 6749 §5.2 says.
    Details,
    /// As [`ErrorForm::Details`], but a token that came along with a form and opens nothing is refused with its text alone
    /// (reference/authentication.md §1.1, step 4).
    DetailsAndTokenTexts,
    /// With `message`, all members always there, in a list without anything around it outside of JSON:API
    /// (reference/framework.md §2.9).
    Messages,
}

/// What the parameters of a form may stand in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormBodies {
    /// In a form; any other body is read as one without parameters (reference/authentication.md §1.5).
    Form,
    /// In a form or a JSON object, whatever the header says, in both spellings (§1.10; reference/backend.md §2.1).
    FormOrJson,
}

/// What the links of included resources say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IncludedLinks {
    /// Where the resource is.
    Plain,
    /// The same with the query of the request behind it (reference/framework.md §2.9).
    WithQuery,
}

/// What is translated, and how `Accept-Language` is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Languages {
    /// Answers say in `Content-Language` which of the store's locales they are in; a range matches whole
    /// (reference/framework.md §1.1.2).
    Announced,
    /// Errors are translated; a range matches by its language alone, too (§1.2; RFC 4647 §3.4).
    Translated,
}

/// Whether `currency` and `priceMode` are looked at (reference/framework.md §10.3, V8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarketParameters {
    /// Unknown ones are refused where resources are asked for.
    Judged,
    /// Unknown ones count as none.
    Ignored,
}

/// Whose methods `OPTIONS` and preflights are about (reference/framework.md §7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodsOf {
    /// Those of the path alone.
    Path,
    /// All that its resource has.
    Resource,
}

/// Whether the id `mine` means the collection (reference/framework.md §3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MineId {
    /// It does, where there is one.
    Reserved,
    /// It is an id like any other.
    AnyId,
}

/// What `OPTIONS` is answered with beside its headers (reference/framework.md §7.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionsBody {
    /// An empty document.
    Document,
    /// Nothing: 204.
    None,
}

/// When a credential is judged (reference/framework.md §4.2; reference/backend.md §1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// After the route, the body's envelope and the ids.
    RouteFirst,
    /// Before the route is looked up; scopes before the body is read.
    TokenFirst,
}

/// What becomes of `page[offset]` and `page[limit]` that make no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pages {
    /// They are refused (reference/framework.md §1.1.5).
    Judged,
    /// They are ignored (reference/backend.md §1.2).
    Ignored,
}

/// The headers that `OPTIONS` cannot do without (reference/framework.md §1.1.5, §1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PreflightHeaders {
    /// None.
    Any,
    /// All three of a preflight.
    All,
    /// `Origin`, where a method is asked for.
    Origin,
}

/// Which methods a path has that is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnknownPath {
    /// None.
    NoMethod,
    /// Every one (reference/framework.md §7.2).
    EveryMethod,
}
