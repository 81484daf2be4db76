//! The shapes of tokens: what current practice asks for, and what a running shop reads and writes.

mod access;
mod defuse;
mod derived;
mod opaque;
mod refresh;
mod seed;

pub use access::TokenFormat;
pub use defuse::{decrypt, encrypt};
pub(crate) use derived::Derived;
pub(crate) use refresh::Facts;
pub use refresh::RefreshFormat;
pub(crate) use seed::Seed;
