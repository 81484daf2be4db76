//! Which stores an application serves.

/// Which stores an application serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ServedStores {
    /// This one.
    Current(String),
    /// All of them.
    Dynamic,
}
