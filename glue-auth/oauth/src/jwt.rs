//! The one place that makes and judges JSON Web Tokens.
//!
//! The library's defaults are not those of a resource server: this wrapper pins the algorithm, asks for `typ` and
//! `kid`, refuses `crit` and duplicate members, and checks every claim against the clock that it is handed
//! (RFC 8725, RFC 9068 §4).

mod claims;
mod facts;
mod header;
mod id;
mod tokens;

pub(crate) use claims::subject;
pub(crate) use facts::About;
pub use facts::{ENDED, NOBODY, NOT_READY, NotOurs, Verified};
pub(crate) use id::of as id;
pub use tokens::{Tokens, WEEK};
