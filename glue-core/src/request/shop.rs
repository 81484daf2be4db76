//! Which store a request is for, in which language, currency and price mode (reference/framework.md §1.1.2, §4.1).

use std::fmt;

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use crate::error::{ErrorRow, Outcome, codes};
use crate::input::query::Query;
use crate::language::Language;
use crate::profile::Languages;
use crate::settings::{ConfigError, Validate};

const STORE: HeaderName = HeaderName::from_static("store");

/// The stores of an installation and which of them an application serves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Shop {
    /// The store of a request that names none.
    pub current: String,
    /// Whether a request may name another one, with `?_store=` or the header `Store`.
    pub dynamic: bool,
    /// The known stores.
    pub known: Vec<Store>,
}

/// One store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Store {
    /// Its name, `DE` say.
    pub name: String,
    /// Its locales, the default first: `en_US`.
    pub locales: Vec<Locale>,
    /// The ISO 4217 codes of its currencies, the default first.
    pub currencies: Vec<String>,
    /// How its prices are shown unless a request asks otherwise.
    pub price_mode: PriceMode,
}

/// A language and a region: `de_DE`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Locale(pub String);

impl Locale {
    /// The language alone: `de`.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.split('_').next().unwrap_or_default()
    }
}

impl fmt::Display for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether prices include taxes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PriceMode {
    /// With taxes.
    #[serde(rename = "GROSS_MODE")]
    Gross,
    /// Without taxes.
    #[serde(rename = "NET_MODE")]
    Net,
}

impl Default for Shop {
    fn default() -> Self {
        let store = |name: &str| Store {
            name: name.into(),
            locales: vec![Locale("en_US".into()), Locale("de_DE".into())],
            currencies: vec!["EUR".into(), "CHF".into()],
            price_mode: PriceMode::Gross,
        };
        Self { current: "DE".into(), dynamic: false, known: vec![store("DE"), store("AT")] }
    }
}

impl Validate for Shop {
    fn validate(&self) -> Result<(), ConfigError> {
        for store in &self.known {
            if store.locales.is_empty() || store.currencies.is_empty() {
                let why = format!("store `{}` needs a locale and a currency", store.name);
                return Err(ConfigError::bad_value("stores.known", &why));
            }
        }
        match self.find(&self.current) {
            Some(_) => Ok(()),
            None => {
                Err(ConfigError::bad_value("stores.current", &format!("`{}` is not under stores.known", self.current)))
            }
        }
    }
}

impl Shop {
    /// What naming a store may be refused with.
    pub fn refusals(&self) -> impl Iterator<Item = &'static ErrorRow> + use<> {
        self.dynamic.then_some(&codes::STORE_NOT_FOUND).into_iter()
    }

    /// The store of this name.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&Store> {
        self.known.iter().find(|store| store.name == name)
    }

    /// The store that a request is for: what it names when stores are dynamic, else the current one.
    ///
    /// # Errors
    /// [`codes::STORE_NOT_FOUND`] when it names a store that nobody knows.
    pub(crate) fn choose(&self, query: &Query, headers: &HeaderMap) -> Outcome<usize> {
        let header = || headers.get(STORE).and_then(|value| value.to_str().ok());
        let asked =
            if self.dynamic { query.get("_store").or_else(header).filter(|name| !name.is_empty()) } else { None };
        let name = asked.unwrap_or(&self.current);
        let found = self.known.iter().position(|store| store.name == name);
        found.ok_or_else(|| (&codes::STORE_NOT_FOUND).into())
    }
}

impl Shop {
    /// The store and the locale that a request's language suits best; the current store when it names an unknown one.
    pub(crate) fn negotiate(&self, query: &str, headers: &HeaderMap, languages: Languages) -> Negotiated {
        let current = || self.known.iter().position(|store| store.name == self.current).unwrap_or(0);
        let store = if self.dynamic {
            self.choose(&Query::parse(query), headers).unwrap_or_else(|_| current())
        } else {
            current()
        };
        let locale = self.known.get(store).map_or(0, |store| store.negotiate(headers, languages));
        Negotiated { store, locale }
    }

    /// The language of a locale, among those that texts are written in.
    pub(crate) fn language(&self, at: Negotiated) -> Language {
        self.locale(at).map_or(Language::English, |locale| Language::of(&locale.0))
    }

    fn locale(&self, at: Negotiated) -> Option<&Locale> {
        self.known.get(at.store)?.locales.get(at.locale)
    }

    /// `Content-Language`.
    pub(crate) fn header(&self, at: Negotiated) -> HeaderValue {
        match self.locale(at).map(|locale| locale.0.as_str()) {
            // The two that nearly everybody reads need no copy.
            None | Some("en_US") => HeaderValue::from_static("en_US"),
            Some("de_DE") => HeaderValue::from_static("de_DE"),
            Some(other) => HeaderValue::from_str(other).unwrap_or_else(|_| HeaderValue::from_static("en_US")),
        }
    }
}

impl Store {
    /// The locale that suits `Accept-Language` best: by quality, then by the client's order; the default when none does.
    pub(crate) fn negotiate(&self, headers: &HeaderMap, languages: Languages) -> usize {
        let Some(value) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else { return 0 };
        let mut best = (0, 0);
        for range in value.split(',') {
            let mut parts = range.split(';');
            let tag = parts.next().unwrap_or_default().trim();
            let quality = parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(1000, thousandths);
            let exact = || self.locales.iter().position(|locale| suits(locale, tag));
            let found = match languages {
                Languages::Announced => exact(),
                // A look-up (RFC 4647 §3.4).
                Languages::Translated => exact().or_else(|| self.locales.iter().position(|locale| speaks(locale, tag))),
            };
            if let Some(found) = found.filter(|_| quality > best.1) {
                best = (found, quality);
            }
        }
        best.0
    }
}

/// `de`, `de-DE`, `de_de` suit `de_DE`; `*` suits the default.
fn suits(locale: &Locale, tag: &str) -> bool {
    let same = |left: &str, right: &str| left.eq_ignore_ascii_case(right);
    match tag.split_once(['-', '_']) {
        None => tag == "*" || same(tag, locale.language()),
        Some((language, region)) => locale.0.split_once('_').is_some_and(|(l, r)| same(language, l) && same(region, r)),
    }
}

/// `de-AT`, `de-CH-1996` are read by whoever reads `de_DE`.
fn speaks(locale: &Locale, tag: &str) -> bool {
    tag.split(['-', '_']).next().is_some_and(|language| language.eq_ignore_ascii_case(locale.language()))
}

/// A quality value as an integer; what is no quality counts as none.
fn thousandths(text: &str) -> u16 {
    let quality = text.trim().parse::<f32>().ok().filter(|quality| (0.0..=1.0).contains(quality)).unwrap_or(0.0);
    // In range: between 0 and 1000.
    (quality * 1000.0) as u16
}

/// The number of a store, and that of a locale in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Negotiated {
    pub(crate) store: usize,
    pub(crate) locale: usize,
}

/// What a request says about its market; handlers read it through the request's context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Market {
    pub(crate) store: usize,
    pub(crate) locale: usize,
    pub(crate) currency: usize,
    pub(crate) price_mode: PriceMode,
}

impl Market {
    /// The store's own currency and price mode.
    pub(crate) fn of(store: usize, locale: usize, of: &Store) -> Self {
        Self { store, locale, currency: 0, price_mode: of.price_mode }
    }

    /// The currency and price mode that the query asks for, or those of the store.
    ///
    /// # Errors
    /// [`codes::BAD_CURRENCY`], [`codes::BAD_PRICE_MODE`].
    pub(crate) fn read(store: usize, locale: usize, of: &Store, query: &Query) -> Outcome<Self> {
        let currency = match query.get("currency").filter(|code| !code.is_empty()) {
            None => 0,
            Some(asked) => of.currencies.iter().position(|known| known == asked).ok_or(&codes::BAD_CURRENCY)?,
        };
        let price_mode = match query.get("priceMode").filter(|mode| !mode.is_empty()) {
            None => of.price_mode,
            Some("GROSS_MODE") => PriceMode::Gross,
            Some("NET_MODE") => PriceMode::Net,
            Some(_) => return Err((&codes::BAD_PRICE_MODE).into()),
        };
        Ok(Self { store, locale, currency, price_mode })
    }
}
