//! What a definition gives away that another state of it, below it or before it, does not.

use std::ops::Range;

use crate::definition::{
    Access, ActionUse, At, Attribute, Computed, Condition, Definition, EntityTags, Flag, Identifier, Kind, Rule,
    VerbName, VerbUse,
};
use crate::family::owner_column;
use crate::names;
use crate::rows::{FactorCode, Row};

/// What a row asks of its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// A token.
    Token,
    /// Scopes.
    Scopes,
    /// That what it reaches is the caller's own.
    Owner,
    /// A token, and nothing that stands in for it or beside it.
    NoOther,
}

/// What a definition is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Baseline {
    /// What another layer says, below it.
    Below,
    /// What it said before.
    Before,
}

/// What a row no longer asks of its caller, and the same in words.
pub(crate) fn less(old: &Row<'_>, new: &Row<'_>, than: Baseline) -> Option<(Requirement, String)> {
    let (does, asks, is) = match than {
        Baseline::Below => ("it does below", "it asks for below", "it is below"),
        Baseline::Before => ("it did", "it asked for", "it was"),
    };
    if rank(new.verb.protected.it) < rank(old.verb.protected.it) {
        let token = match old.verb.protected.it {
            Flag::Agent => "does not need an agent's token",
            Flag::Client => "does not ask who the client is",
            Flag::Protected | Flag::Optional | Flag::Public => "does not need a token",
        };
        return Some((Requirement::Token, format!("{token} as {does}")));
    }
    if old.factor_code == FactorCode::Always && new.factor_code != FactorCode::Always {
        return Some((Requirement::Token, format!("does not ask for the code of a second factor as {does}")));
    }
    if old.factor_code == FactorCode::Enrolled && new.factor_code == FactorCode::Always {
        return Some((Requirement::Token, format!("leaves the second factor to its behaviour, not as {does}")));
    }
    if old.scopes.iter().any(|scope| !new.scopes.contains(scope)) {
        return Some((Requirement::Scopes, format!("does not ask for every scope that {asks}")));
    }
    if (old.owner.is_some() && new.owner.is_none()) || (new.is_everybodys && !old.is_everybodys) {
        return Some((Requirement::Owner, format!("does not ask for an owner as {does}")));
    }
    if new.is_unchecked() && !old.is_unchecked() {
        return Some((Requirement::Owner, format!("is not tested to ask for an owner as {is}")));
    }
    let taken = |row: &Row<'_>| [row.api_key, row.verb.agent, row.verb.client, row.verb.guest];
    let what = ["takes API keys", "lets agents act", "takes clients' credentials", "is told of guests"];
    let more = taken(new).into_iter().zip(taken(old)).zip(what).find(|((new, old), _)| *new && !old);
    more.map(|(_, what)| (Requirement::NoOther, what.to_owned()))
}

fn rank(flag: Flag) -> u8 {
    match flag {
        Flag::Public => 0,
        Flag::Optional => 1,
        Flag::Client => 2,
        Flag::Protected => 3,
        Flag::Agent => 4,
    }
}

/// One loosening: the key of the definition that says it, what it is, and where, when that is known.
type Weakened = (&'static str, String, Option<Range<usize>>);

/// Each loosening of a whole resource.
pub(crate) fn of(below: &Definition, above: &Definition) -> Vec<Weakened> {
    let facets = [flags(below, above), places(below, above), rows(below, above)].concat();
    let said = facets.into_iter().filter(|(loosened, ..)| *loosened);
    let said = said.map(|(_, key, why)| (key, format!("`{}` {why}", above.name.it), None));
    said.chain(above.attributes.iter().filter_map(|attribute| of_attribute(below, attribute))).collect()
}

/// Whether something protects less than it did, the key that says so, and what that means.
type Facet = (bool, &'static str, &'static str);

/// What every request is asked for, or told.
fn flags(below: &Definition, above: &Definition) -> Vec<Facet> {
    let strict = |of: &Definition| match of.entity_tags {
        EntityTags::None => 0,
        EntityTags::Offered => 1,
        EntityTags::Required => 2,
    };
    let given = |action: &ActionUse| {
        let old = below.actions.iter().find(|old| old.name.it == action.name.it);
        let fresh = |input: &&At<String>| old.is_some_and(|old| old.input.iter().all(|known| known.it != input.it));
        let kept = |input: &At<String>| {
            above.attributes.iter().any(|own| own.name.it == input.it && own.access == Access::Read)
        };
        action.input.iter().filter(fresh).any(kept)
    };
    vec![
        (below.multi_factor && !above.multi_factor, "multiFactor", "no longer asks for a second factor"),
        (below.no_store && !above.no_store, "noStore", "can be kept by caches"),
        (strict(above) < strict(below), "entityTag", "asks for less of who changes it"),
        (above.actions.iter().any(given), "actions", "takes from clients what they could not write"),
    ]
}

/// Where it is mounted.
fn places(below: &Definition, above: &Definition) -> Vec<Facet> {
    let wider = |verb: &VerbUse| {
        let old = below.verbs.iter().find(|old| old.verb == verb.verb).and_then(|old| old.only.as_ref());
        let more =
            |only: &Vec<At<String>>, old: &Vec<At<String>>| only.iter().any(|app| old.iter().all(|o| o.it != app.it));
        old.is_some_and(|old| verb.only.as_ref().is_none_or(|only| more(only, old)))
    };
    let profiles = |of: &Definition| of.profiles.iter().map(|at| at.it.clone()).collect::<Vec<_>>();
    let more = |old: Vec<String>, new: Vec<String>| {
        !old.is_empty() && (new.is_empty() || new.iter().any(|profile| !old.contains(profile)))
    };
    vec![
        (above.verbs.iter().any(wider), "verbs", "is mounted where it was not"),
        (more(profiles(below), profiles(above)), "profiles", "is there in more profiles"),
    ]
}

/// Whose its rows are, and which they are.
fn rows(below: &Definition, above: &Definition) -> Vec<Facet> {
    let owner = |of: &Definition| of.owner.as_ref().map(|owner| (owner.it.clone(), of.owner_kind));
    let parent = |of: &Definition| of.parent.as_ref().map(|parent| parent.resource.it.clone());
    let caller = |of: &Definition| of.parent.as_ref().is_some_and(|parent| parent.is_caller);
    let table = |of: &Definition| of.storage.as_ref().map(|storage| storage.table.it.clone());
    let unique = |of: &Definition| -> Vec<Vec<String>> {
        let lists = of.storage.iter().flat_map(|storage| &storage.unique);
        lists.map(|names| names.iter().map(|at| at.it.clone()).collect()).collect()
    };
    let twice = unique(below).iter().any(|list| !unique(above).contains(list));
    vec![
        (owner(below).is_some() && owner(below) != owner(above), "owner", "belongs to somebody else"),
        (parent(below).is_some() && parent(below) != parent(above), "parent", "stands below somebody else"),
        (caller(below) && !caller(above), "parent", "no longer asks for the caller's own parent"),
        (tied(below) != tied(above), "storage", "is tied to its owner or its parent by another column"),
        (table(below).is_some() && table(below) != table(above), "storage", "has the rows of another table"),
        (twice, "storage", "may stand twice where it stood once"),
        (guards(below, above), "verbs", "is changed in states in which it was not"),
        (unread(below, above), "verbs", "is read through its parent, which does not ask for what its own verbs did"),
    ]
}

/// Whether a child loses the verbs that read it, and with them what they asked for: answers of its parent may include it.
fn unread(below: &Definition, above: &Definition) -> bool {
    let reads = |of: &Definition| of.verbs.iter().any(|verb| !verb.verb.writes());
    let asks = |verb: &VerbUse| verb.protected.it == Flag::Agent || verb.scopes.iter().flatten().next().is_some();
    let scoped = below.apps.iter().any(|app| app.scopes.iter().flatten().next().is_some());
    let asked = scoped || below.verbs.iter().filter(|verb| !verb.verb.writes()).any(asks);
    below.parent.is_some() && asked && reads(below) && !reads(above)
}

/// Whether a verb is served in states in which it was not.
fn guards(below: &Definition, above: &Definition) -> bool {
    let words = |of: &Definition, verb: VerbName, attribute: &str| -> Option<Vec<String>> {
        let guards = of.verbs.iter().filter(|of| of.verb == verb).flat_map(|of| &of.guards);
        let mut mine = guards.filter(|guard| guard.attribute.it == attribute);
        mine.next().map(|guard| guard.words.iter().map(|at| at.it.clone()).collect())
    };
    let guarded = below.verbs.iter().flat_map(|verb| verb.guards.iter().map(move |guard| (verb.verb, guard)));
    let mut kept = guarded.filter(|(verb, _)| above.verbs.iter().any(|of| of.verb == *verb));
    kept.any(|(verb, guard)| {
        let before = words(below, verb, &guard.attribute.it).unwrap_or_default();
        words(above, verb, &guard.attribute.it).is_none_or(|now| now.iter().any(|word| !before.contains(word)))
    })
}

/// What an attribute asks for less than it did, or shows of what another one kept.
fn of_attribute(below: &Definition, attribute: &Attribute) -> Option<Weakened> {
    let place = Some(attribute.name.span.clone());
    let same = below.attributes.iter().find(|old| old.name.it == attribute.name.it);
    if let Some(why) = same.and_then(|old| weaker(old, attribute)) {
        return Some(("attributes", format!("`{}` {why}", attribute.name.it), place));
    }
    let kept = |old: &&Attribute| old.column_name() == attribute.column_name() && (old.secret || !old.access.reads());
    // What stands under another name, or in another column.
    let moved = same.is_none_or(|old| old.column_name() != attribute.column_name());
    let shows = moved && attribute.access.reads() && attribute.computed.is_none();
    let old = below.attributes.iter().find(kept).filter(|_| shows)?;
    Some(("attributes", format!("`{}` shows what `{}` kept", attribute.name.it, old.name.it), place))
}

/// The columns that tie a row to its owner and its parent.
fn tied(of: &Definition) -> Vec<(String, Option<Identifier>)> {
    let Some(storage) = &of.storage else { return Vec::new() };
    let owner = of.owner.as_ref().map(|owner| owner_column(of, &owner.it));
    let owner = owner.map(|owner| (owner.column, Some(owner.identifier)));
    let above = of.parent.as_ref().map(|parent| format!("fk_{}", names::snake(&names::singular(&parent.resource.it))));
    let parent = storage.parent.clone().or(above).map(|parent| (parent, None));
    owner.into_iter().chain(parent).chain([(storage.key.clone(), None)]).collect()
}

/// What an attribute no longer keeps to itself, or no longer asks of what is sent.
fn weaker(old: &Attribute, new: &Attribute) -> Option<&'static str> {
    let shown = new.access.reads() && !old.access.reads();
    let verbs = [VerbName::Post, VerbName::Patch];
    let written = verbs.iter().any(|verb| new.access.writes(*verb) && !old.access.writes(*verb));
    let kept = |rule: &Rule| new.rules.iter().any(|other| condition(other) == condition(rule));
    let raised = |old: Option<i64>, new: Option<i64>| old.is_some_and(|old| new.is_none_or(|new| new > old));
    let lowered = |old: Option<i64>, new: Option<i64>| old.is_some_and(|old| new.is_none_or(|new| new < old));
    let limits = raised(old.max, new.max)
        || lowered(old.min, new.min)
        || raised(old.less_than, new.less_than)
        || lowered(old.greater_than, new.greater_than)
        || days(old) != days(new) && days(old).iter().any(Option::is_some);
    let flags = |of: &Attribute| [of.email, of.password, of.is_true];
    let demanded = |of: &Attribute| of.required_when.iter().map(|state| state.attribute.it.clone()).collect::<Vec<_>>();
    let dropped = flags(old).iter().zip(flags(new)).any(|(old, new)| *old && !new)
        || (demanded(old) != demanded(new) && !demanded(old).is_empty());
    let chosen =
        !old.choice.is_empty() && (new.choice.is_empty() || new.choice.iter().any(|word| !old.choice.contains(word)));
    let words = |of: &Attribute| if let Kind::Enum(words) = &of.kind { words.clone() } else { Vec::new() };
    let more = !words(old).is_empty() && words(new).iter().any(|word| !words(old).contains(word));
    let wider = old.only.is_some() && new.only.as_ref().is_none_or(|only| !only.iter().all(|only| old.is_in(&only.it)));
    let taken = |of: &Attribute| match &of.computed {
        Some(Computed::Lookup { table, take, .. }) => Some((table.clone(), take.clone())),
        Some(Computed::Fold { table, take, .. }) => Some((table.clone(), take.clone())),
        Some(Computed::Count { .. }) | None => None,
    };
    if taken(new).is_some() && taken(new) != taken(old) {
        Some("shows another column")
    } else if more || (!words(old).is_empty() && words(new).is_empty()) {
        Some("takes more words")
    } else if old.secret && !new.secret {
        Some("is no longer secret")
    } else if wider {
        Some("is there in more applications")
    } else if shown {
        Some("becomes readable")
    } else if written {
        Some("becomes writable")
    } else if !old.rules.iter().all(kept) || dropped || chosen {
        Some("loses a rule")
    } else if steps(old)
        .iter()
        .any(|_| steps(new).is_empty() || steps(new).iter().any(|step| !steps(old).contains(step)))
    {
        Some("goes to more states")
    } else if old.references.is_some() && new.references.is_none() {
        Some("may lead nowhere")
    } else if limits {
        Some("has a wider limit")
    } else {
        None
    }
}

/// The days that it may be.
fn days(of: &Attribute) -> [Option<&str>; 2] {
    [&of.earliest, &of.latest].map(|bound| bound.as_ref().map(|at| at.it.as_str()))
}

/// The changes of an enum that are allowed; none when every one is.
fn steps(of: &Attribute) -> Vec<(&str, &str)> {
    let steps = of.transitions.iter().flat_map(|of| of.to.iter().map(|to| (of.from.it.as_str(), to.it.as_str())));
    steps.collect()
}

/// What a rule asks for.
fn condition(rule: &Rule) -> (u8, &str) {
    match &rule.holds {
        Condition::Pattern(at) => (0, &at.it),
        Condition::Equals(at) => (1, &at.it),
        Condition::Check(at) => (2, &at.it),
        Condition::Above { other, or_equal: false } => (3, &other.it),
        Condition::Above { other, or_equal: true } => (4, &other.it),
    }
}
