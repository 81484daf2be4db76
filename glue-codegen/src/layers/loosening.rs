//! What a layer gives away beside the flags, scopes and owners of its rows.

use std::ops::Range;

use crate::definition::{Attribute, Definition, Identifier};

/// Each loosening: the key of the definition that says it, what it is, and where, when that is known.
pub(super) fn of(below: &Definition, above: &Definition) -> Vec<(&'static str, String, Option<Range<usize>>)> {
    let mut found = Vec::new();
    let mut say = |loosened: bool, key: &'static str, why: &str| {
        if loosened {
            found.push((key, format!("`{}` {why}", above.name.it), None));
        }
    };
    say(below.multi_factor && !above.multi_factor, "multiFactor", "no longer asks for a second factor");
    say(below.no_store && !above.no_store, "noStore", "can be kept by caches");
    let keys =
        |of: &Definition| of.apps.iter().filter(|app| app.api_key).map(|app| app.name.it.clone()).collect::<Vec<_>>();
    say(keys(above).iter().any(|app| !keys(below).contains(app)), "apps", "takes API keys");
    let keyed = |of: &Definition| of.verbs.iter().filter(|verb| verb.api_key).map(|verb| verb.verb).collect::<Vec<_>>();
    say(keyed(above).iter().any(|verb| !keyed(below).contains(verb)), "verbs", "takes API keys");
    say(tied(below) != tied(above), "storage", "is tied to its owner or its parent by another column");
    let owner = |of: &Definition| of.owner.as_ref().map(|owner| owner.it.clone());
    say(owner(below).is_some() && owner(below) != owner(above), "owner", "belongs to somebody else");
    let caller = |of: &Definition| of.parent.as_ref().is_some_and(|parent| parent.is_caller);
    say(caller(below) && !caller(above), "parent", "no longer asks for the caller's own parent");
    for attribute in &above.attributes {
        let Some(old) = below.attributes.iter().find(|old| old.name.it == attribute.name.it) else { continue };
        if let Some(why) = weaker(old, attribute) {
            let why = format!("`{}` {why}", attribute.name.it);
            found.push(("attributes", why, Some(attribute.name.span.clone())));
        }
    }
    found
}

/// The columns that tie a row to its owner and its parent.
fn tied(of: &Definition) -> Vec<(&str, Option<Identifier>)> {
    let Some(storage) = &of.storage else { return Vec::new() };
    let owner = storage.owner.as_ref().map(|owner| (owner.column.as_str(), Some(owner.identifier)));
    let parent = storage.parent.as_ref().map(|parent| (parent.as_str(), None));
    owner.into_iter().chain(parent).chain([(storage.key.as_str(), None)]).collect()
}

/// What an attribute no longer keeps to itself, or no longer asks of what is sent.
fn weaker(old: &Attribute, new: &Attribute) -> Option<&'static str> {
    let shown = new.access.reads() && !old.access.reads();
    let raised = |old: Option<i64>, new: Option<i64>| old.is_some_and(|old| new.is_none_or(|new| new > old));
    let lowered = |old: Option<i64>, new: Option<i64>| old.is_some_and(|old| new.is_none_or(|new| new < old));
    let limits = raised(old.max, new.max)
        || lowered(old.min, new.min)
        || raised(old.less_than, new.less_than)
        || lowered(old.greater_than, new.greater_than);
    let flags = |of: &Attribute| [of.email, of.password, of.is_true];
    let dropped = flags(old).iter().zip(flags(new)).any(|(old, new)| *old && !new);
    let chosen =
        !old.choice.is_empty() && (new.choice.is_empty() || new.choice.iter().any(|word| !old.choice.contains(word)));
    if old.secret && !new.secret {
        Some("is no longer secret")
    } else if shown {
        Some("becomes readable")
    } else if new.rules.len() < old.rules.len() || dropped || chosen {
        Some("has fewer rules")
    } else if limits {
        Some("has a wider limit")
    } else {
        None
    }
}
