//! How a test can know that a row reaches nothing but the caller's own.

use crate::definition::{Definition, ErrorUse, Format, VerbName};
use crate::rows::{self, Row};

/// What shows whose the rows are that a route reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// Its path names a row: one of somebody else's is refused.
    Hidden,
    /// It lists rows: somebody else's are not among them.
    Unlisted,
    /// It makes rows, and other routes show whose they are; or all that it does is a generated query, which takes the caller.
    Elsewhere,
    /// Nothing that a test could see.
    None,
}

/// What shows whose the rows are that an owned row reaches.
#[must_use]
pub fn evidence(definition: &Definition, row: &Row<'_>) -> Evidence {
    let generated = definition.stored().is_some() && definition.handler.is_none();
    match row.verb.verb {
        _ if row.path.contains('{') => Evidence::Hidden,
        VerbName::List if definition.shows_ids() => Evidence::Unlisted,
        _ if generated => Evidence::Elsewhere,
        VerbName::Post if makes_rows(definition, row.app) && is_read(definition, row) => Evidence::Elsewhere,
        VerbName::List | VerbName::Get | VerbName::Post | VerbName::Patch | VerbName::Delete => Evidence::None,
    }
}

/// Whether an application makes rows and says where they are.
#[must_use]
pub fn makes_rows(definition: &Definition, app: &str) -> bool {
    let makes = |row: &Row<'_>| row.app == app && row.verb.verb == VerbName::Post && row.verb.answers();
    let says = definition.format == Format::JsonApi && definition.shows_ids() && definition.path.is_none();
    says && rows::of(definition).iter().any(makes)
}

/// Whether the application of a row reads what the row makes, for its owner alone.
fn is_read(definition: &Definition, row: &Row<'_>) -> bool {
    let reads = |other: &Row<'_>| matches!(other.verb.verb, VerbName::Get | VerbName::List);
    let tried = |other: &Row<'_>| other.app == row.app && other.owner.is_some() && !other.is_unchecked();
    rows::of(definition).iter().any(|other| tried(other) && reads(other))
}

/// How rows of others are refused.
#[must_use]
pub fn refusal(definition: &Definition) -> Option<&ErrorUse> {
    let error = |name: &str| definition.errors.iter().find(|error| error.name.it == name);
    if let Some(of) = &definition.action_of {
        return refusal(&of.resource).and_then(|refusal| error(&refusal.name.it));
    }
    match definition.ancestors.last() {
        Some(parent) if parent.is_caller => error("foreignParent"),
        Some(_) => error("parentNotFound").or_else(|| error("notFound")),
        None => error("notFound"),
    }
}
