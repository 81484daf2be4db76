//! The rows of one application.

use super::decisions::{
    Accept, ApiKeyPlaces, Challenge, ClientCredentialPlaces, Conventions, DataType, EmptyMembers, EndedToken,
    ErrorForm, FormBodies, IncludedLinks, Languages, MarketParameters, MethodsOf, MineId, OptionsBody, Order, Pages,
    PreflightHeaders, ReadOnlyChange, UnknownPath,
};
use super::{Dialect, Profile};
use crate::error::{ErrorRow, codes};

/// The rows of one application: its profile and its dialect resolved once, at start.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// The profile these rows belong to.
    pub profile: Profile,
    /// The dialect these rows belong to.
    pub dialect: Dialect,
    /// No route of this path and method.
    pub not_found: &'static ErrorRow,
    /// A known type without this method.
    pub no_method: &'static ErrorRow,
    /// An `Authorization` header that is not a scheme and a token.
    pub malformed_token: &'static ErrorRow,
    /// No token on a protected verb.
    pub missing_token: &'static ErrorRow,
    /// A token that is not valid, on any verb.
    pub invalid_token: &'static ErrorRow,
    /// A valid token about nobody whom the application knows.
    pub strange_token: &'static ErrorRow,
    /// A valid token without the scopes of the verb.
    pub forbidden: &'static ErrorRow,
    /// Whether a request has to say what it accepts.
    pub accept: Accept,
    /// Where an API key may be sent.
    pub api_key: ApiKeyPlaces,
    /// Whether `WWW-Authenticate` says what was wrong with a token that was sent (RFC 6750 §3).
    pub challenge: Challenge,
    /// Where a client may send its own credentials.
    pub client_credentials: ClientCredentialPlaces,
    /// Which conventions there are.
    pub conventions: Conventions,
    /// Whether `data.type` is compared.
    pub data_type: DataType,
    /// What becomes of members without a value.
    pub empty_members: EmptyMembers,
    /// What a token is that was ended before its time, where none is needed.
    pub ended_token: EndedToken,
    /// How errors are written.
    pub errors: ErrorForm,
    /// What the parameters of a form may stand in.
    pub forms: FormBodies,
    /// What the links of included resources say.
    pub included_links: IncludedLinks,
    /// What is translated.
    pub languages: Languages,
    /// Whether `currency` and `priceMode` are looked at.
    pub market: MarketParameters,
    /// Whether the id `mine` means the collection.
    pub mine: MineId,
    /// When a credential is judged.
    pub order: Order,
    /// What becomes of `page` members that make no window.
    pub pages: Pages,
    /// What a change is of which nothing can be written.
    pub read_only_change: ReadOnlyChange,
    /// What `OPTIONS` asks for and answers.
    pub preflight: PreflightRules,
}

/// What `OPTIONS` asks for and answers.
#[derive(Clone, Copy, Debug)]
pub struct PreflightRules {
    /// The headers that it cannot do without.
    pub headers: PreflightHeaders,
    /// A method or a header that the route does not take.
    pub refused: &'static ErrorRow,
    /// Whose methods it is about.
    pub methods: MethodsOf,
    /// Which methods a path has that is not known.
    pub unknown_path: UnknownPath,
    /// What it is answered with.
    pub body: OptionsBody,
}

impl Rules {
    /// The rows of `profile` for an application whose own dialect is `dialect`.
    #[must_use]
    pub fn of(profile: Profile, dialect: Dialect) -> Self {
        match (profile, dialect) {
            (Profile::Documented, _) => Self::DOCUMENTED,
            (Profile::Spryker, Dialect::Rest) => Self::SHOP,
            (Profile::Spryker, Dialect::Decoupled) => Self::DECOUPLED,
        }
    }

    /// What the product documentation promises.
    const DOCUMENTED: Self = Self {
        profile: Profile::Documented,
        dialect: Dialect::Rest,
        not_found: &codes::NOT_FOUND,
        no_method: &codes::NOT_FOUND,
        malformed_token: &codes::INVALID_TOKEN,
        missing_token: &codes::MISSING_TOKEN_401,
        invalid_token: &codes::INVALID_TOKEN,
        strange_token: &codes::INVALID_TOKEN,
        forbidden: &codes::UNAUTHORIZED_401,
        accept: Accept::Optional,
        api_key: ApiKeyPlaces::Header,
        challenge: Challenge::Rfc6750,
        client_credentials: ClientCredentialPlaces::FormOrHeader,
        conventions: Conventions::One,
        data_type: DataType::Judged,
        empty_members: EmptyMembers::Shown,
        ended_token: EndedToken::Refused,
        errors: ErrorForm::Details,
        forms: FormBodies::Form,
        included_links: IncludedLinks::Plain,
        languages: Languages::Announced,
        market: MarketParameters::Judged,
        mine: MineId::Reserved,
        order: Order::RouteFirst,
        pages: Pages::Judged,
        read_only_change: ReadOnlyChange::Refused,
        preflight: PreflightRules {
            headers: PreflightHeaders::Any,
            refused: &codes::PREFLIGHT_REFUSED,
            methods: MethodsOf::Path,
            unknown_path: UnknownPath::NoMethod,
            body: OptionsBody::Document,
        },
    };

    /// A running shop's storefront, as far as it differs.
    const SHOP: Self = Self {
        profile: Profile::Spryker,
        missing_token: &codes::MISSING_TOKEN_403,
        forbidden: &codes::FORBIDDEN_403,
        accept: Accept::Required,
        api_key: ApiKeyPlaces::HeaderOrQuery,
        challenge: Challenge::RealmOnly,
        client_credentials: ClientCredentialPlaces::Form,
        ended_token: EndedToken::Ignored,
        errors: ErrorForm::DetailsAndTokenTexts,
        read_only_change: ReadOnlyChange::Served,
        preflight: PreflightRules {
            headers: PreflightHeaders::All,
            methods: MethodsOf::Resource,
            ..Self::DOCUMENTED.preflight
        },
        ..Self::DOCUMENTED
    };

    /// A running shop's decoupled applications, as far as they differ from its storefront.
    const DECOUPLED: Self = Self {
        dialect: Dialect::Decoupled,
        not_found: &codes::NO_RESOURCE,
        no_method: &codes::NO_METHOD,
        malformed_token: &codes::MALFORMED_TOKEN,
        missing_token: &codes::UNAUTHORIZED_401,
        strange_token: &codes::STRANGE_TOKEN,
        forbidden: &codes::UNAUTHORIZED_403,
        accept: Accept::PlainJson,
        conventions: Conventions::ByMediaType,
        data_type: DataType::Ignored,
        empty_members: EmptyMembers::LeftOut,
        errors: ErrorForm::Messages,
        forms: FormBodies::FormOrJson,
        included_links: IncludedLinks::WithQuery,
        languages: Languages::Translated,
        market: MarketParameters::Ignored,
        mine: MineId::AnyId,
        order: Order::TokenFirst,
        pages: Pages::Ignored,
        preflight: PreflightRules {
            headers: PreflightHeaders::Origin,
            refused: &codes::PREFLIGHT_REFUSED_400,
            methods: MethodsOf::Path,
            unknown_path: UnknownPath::EveryMethod,
            body: OptionsBody::None,
        },
        ..Self::SHOP
    };
}
