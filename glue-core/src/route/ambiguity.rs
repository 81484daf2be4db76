//! Two rows that one request would match: no order between them is anybody's intention.

use uuid::Uuid;

use super::def::{Place, RouteDef};

/// Two rows that one request would match.
#[derive(Debug, thiserror::Error)]
#[error("{first} serves {one} and {second} serves {other}: one request would match both")]
pub struct AmbiguousRoute {
    first: &'static str,
    one: String,
    second: &'static str,
    other: String,
}

impl AmbiguousRoute {
    pub(super) fn new(first: &RouteDef, second: &RouteDef) -> Self {
        let shown = |def: &RouteDef| format!("{} {}", def.verb.method(), def.shown_path());
        Self { first: first.source, one: shown(first), second: second.source, other: shown(second) }
    }

    /// Looks at every custom path beside everything else: it is looked at first, whatever the method, so that what it
    /// shares a request with would never be reached.
    ///
    /// # Errors
    /// The first two that meet.
    pub(super) fn refuse(rows: &[&'static RouteDef]) -> Result<(), Self> {
        let custom = || rows.iter().enumerate().filter(|(_, row)| row.place == Place::Custom);
        for (number, row) in custom() {
            let mut others = rows.iter().enumerate().filter(|(at, other)| match other.place {
                Place::Custom => *at > number && other.path != row.path,
                Place::Resource => true,
            });
            if let Some((_, other)) = others.find(|(_, other)| meet(row, other)) {
                return Err(Self::new(row, other));
            }
        }
        Ok(())
    }
}

/// Whether a request can have both paths, with or without a version.
fn meet(custom: &RouteDef, other: &RouteDef) -> bool {
    paths_meet(custom, other, other.path) || (other.version.is_some() && paths_meet(custom, other, &other.shown_path()))
}

fn paths_meet(custom: &RouteDef, other: &RouteDef, path: &str) -> bool {
    let (mine, theirs) = (custom.path.trim_matches('/'), path.trim_matches('/'));
    let (mut mine, mut theirs) = (mine.split('/'), theirs.split('/'));
    let mut ids = other.path_examples.iter();
    loop {
        let (one, another) = match (mine.next(), theirs.next()) {
            (None, None) => return true,
            (Some(one), Some(another)) => (one, another),
            (None, Some(_)) | (Some(_), None) => return false,
        };
        let example = if another.starts_with('{') { ids.next() } else { None };
        let fits = match (one.starts_with('{'), another.starts_with('{')) {
            (false, false) => one == another,
            // A word is no id where ids are UUIDs.
            (false, true) => other.place == Place::Custom || !example.is_some_and(|id| is_uuid(id)) || is_uuid(one),
            (true, _) => true,
        };
        if !fits {
            return false;
        }
    }
}

fn is_uuid(text: &str) -> bool {
    Uuid::try_parse(text).is_ok()
}
