//! What a write asks of rows before it is done: the states that they are in, and the rows that it refers to.

use super::columns::{OwnerView, own_column, owner_view};
use super::quote::RustStr;
use super::{errors, examples};
use crate::definition::{Attribute, Definition, StateGuard, VerbName, VerbUse};
use crate::names;

/// A reference in the body of a verb.
pub(super) struct ReferenceView {
    /// `post` or `patch`.
    pub(super) key: &'static str,
    /// What is sent of it: a value, or an option of one where the body may lack it.
    pub(super) sent: String,
    pub(super) always: bool,
    pub(super) table: String,
    pub(super) id_column: String,
    /// Leaves out rows that were deleted and are kept.
    pub(super) kept: String,
    /// The owner's column, when the rows are of the same kind of people as those that refer to them.
    pub(super) owner: Option<OwnerView>,
    pub(super) error: String,
}

/// An attribute that goes from state to state.
pub(super) struct TransitionView {
    pub(super) column: String,
    /// The variable that holds the states from which it comes.
    pub(super) from: String,
    /// What is sent of it, as a `Option<&str>`.
    pub(super) sent: String,
    /// Every state, as literals.
    pub(super) all: String,
    /// Each state, with those that lead to it.
    pub(super) steps: Vec<(String, String)>,
}

/// Leaves out rows that were deleted and are kept.
pub(super) fn kept(table: &str, column: &str) -> String {
    format!(".filter({}::{}.is_null())", names::table(table), names::column(table, column))
}

pub(super) fn literals<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|word| RustStr(word).to_string()).collect::<Vec<_>>().join(", ")
}

pub(super) fn references(definition: &Definition) -> Vec<ReferenceView> {
    let kind = definition.owned().map(|owned| owned.kind);
    let view = |verb: VerbName, attribute: &Attribute| {
        let reference = attribute.references.as_ref()?;
        let rows = reference.rows.as_ref()?;
        let ident = names::ident(&names::snake(&attribute.name.it));
        let always = attribute.required.contains(&verb);
        let sent = match (always, verb, attribute.nullable) {
            (true, ..) => format!("&input.{ident}"),
            (false, VerbName::Patch, true) => format!("input.{ident}.as_ref().and_then(Option::as_ref)"),
            (false, ..) => format!("&input.{ident}"),
        };
        Some(ReferenceView {
            key: verb.as_str(),
            sent,
            always,
            table: names::table(&rows.table),
            id_column: names::column(&rows.table, &rows.id),
            kept: rows.deleted.as_ref().map(|column| kept(&rows.table, column)).unwrap_or_default(),
            owner: rows.owner.as_ref().filter(|(of, _)| Some(*of) == kind).map(|(_, at)| owner_view(&rows.table, at)),
            error: errors::constant(definition, &reference.error.it, verb),
        })
    };
    let of = |verb| examples::written(definition, verb).filter_map(move |attribute| view(verb, attribute));
    let has = |verb: &VerbName| {
        let made = *verb == VerbName::Post && definition.target.is_made();
        made || definition.verbs.iter().any(|of| of.verb == *verb)
    };
    [VerbName::Post, VerbName::Patch].into_iter().filter(has).flat_map(of).collect()
}

pub(super) fn transitions(definition: &Definition) -> Vec<TransitionView> {
    let stateful = definition.attributes.iter().filter(|attribute| !attribute.transitions.is_empty());
    let view = |attribute: &Attribute| {
        let ident = names::ident(&names::snake(&attribute.name.it));
        let words = attribute.words();
        let always = attribute.required.contains(&VerbName::Patch);
        TransitionView {
            column: own_column(definition, attribute),
            from: format!("from_{}", names::snake(&attribute.name.it)),
            sent: if always { format!("Some(input.{ident}.as_str())") } else { format!("input.{ident}.as_deref()") },
            all: literals(words.iter().map(String::as_str)),
            steps: words.iter().map(|word| (RustStr(word).to_string(), literals(attribute.before(word)))).collect(),
        }
    };
    stateful.map(view).collect()
}

/// The states that guards let through, as conditions on the columns.
pub(super) fn conditions(definition: &Definition, guards: &[StateGuard]) -> String {
    let table = definition.storage.as_ref().map_or("", |storage| storage.table.it.as_str());
    let condition = |guard: &StateGuard| {
        let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == guard.attribute.it)?;
        let words = literals(guard.words.iter().map(|word| word.it.as_str()));
        Some(format!(".filter({}::{}.eq_any([{words}]))", names::table(table), own_column(definition, attribute)))
    };
    guards.iter().filter_map(condition).collect()
}

/// The same as a condition on the attributes of `current`.
fn holds(guards: &[StateGuard]) -> String {
    let condition = |guard: &StateGuard| {
        let words = literals(guard.words.iter().map(|word| word.it.as_str()));
        let ident = names::ident(&names::snake(&guard.attribute.it));
        format!("[{words}].contains(&current.attributes.{ident}.as_str())")
    };
    guards.iter().map(condition).collect::<Vec<_>>().join(" && ")
}

/// The error row for a row that is in no state for a verb, as an expression over `current`.
///
/// `moves` says whether the verb takes a row from one state to another.
pub(super) fn refusal(definition: &Definition, verb: &VerbUse, moves: bool) -> String {
    let row = |name: &str| format!("&errors::{}", errors::constant(definition, name, verb.verb));
    match (verb.guards.is_empty(), moves) {
        (true, false) => String::new(),
        (false, false) => row("state"),
        (true, true) => row("transition"),
        (false, true) => {
            format!("if {} {{ {} }} else {{ {} }}", holds(&verb.guards), row("transition"), row("state"))
        }
    }
}

/// Refuses a row that is there, but in no state for what is asked, by an expression that may look at `current`.
pub(super) fn in_another_state(condition: &str, found: &str, refusal: &str) -> String {
    // Which error it is depends on the state only where a verb has both.
    let is_there = match refusal.contains("current") {
        true => format!("let Some(current) = {found}"),
        false => format!("{found}.is_some()"),
    };
    format!("if {condition}{is_there} {{ return Ok(Err(glue_core::error::ApiError::from({refusal}))); }}")
}

/// Looks at the state that the client has seen, where it says so.
pub(super) fn unseen(queries: &str, owner: &str, parents: &str) -> String {
    format!(
        "if seen.asks() {{
            {queries}::take(conn, {owner}{parents}&id)?;
            let current = {queries}::find(conn, {owner}{parents}&id)?;
            if let Err(refusal) = seen.hold(current.as_ref().map(|entity| &entity.attributes)) {{
                return Ok(Err(refusal));
            }}
        }}"
    )
}
