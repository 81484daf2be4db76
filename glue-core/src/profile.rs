//! What differs between the `documented` and the `spryker` profile, and between the two dialects, as rows; everything else
//! is identical in all of them.

mod decisions;
mod rules;

use serde::{Deserialize, Serialize};

pub use decisions::{
    Accept, ApiKeyPlaces, Challenge, ClientCredentialPlaces, Conventions, DataType, EmptyMembers, EndedToken,
    ErrorForm, FormBodies, IncludedLinks, Languages, MarketParameters, MethodsOf, MineId, OptionsBody, Order, Pages,
    PreflightHeaders, ReadOnlyChange, UnknownPath,
};
pub use rules::{PreflightRules, Rules};

/// Which promises an application keeps where the product documentation and a running shop differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// What the product documentation promises, plus current OAuth practice.
    #[default]
    Documented,
    /// Byte-compatible with a running Spryker shop and its clients.
    Spryker,
}

/// Which kind of application a running shop would be asked through (reference/framework.md §1.2, §2.3, §2.9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Dialect {
    /// The storefront's: errors carry `detail`, keys that are not set are left out.
    #[default]
    Rest,
    /// The decoupled applications': errors carry `message`, all keys are always present.
    Decoupled,
}
