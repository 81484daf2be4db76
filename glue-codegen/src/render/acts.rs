//! Actions that write into a row: the query beside those of the verbs, and the behaviour that calls it.

use super::columns::own_column;
use super::family::parents_statement;
use super::quote::RustStr;
use super::states::{in_another_state, refusal, unseen};
use super::storage::{self, SetView};
use super::verbs::{VerbView, WayView};
use super::{errors, examples, states, types};
use crate::actions;
use crate::definition::{ActionOf, ActionUse, Attribute, Definition, EntityTags, Kind, SetUse, VerbName};
use crate::diagnostic::Problems;
use crate::names;
use crate::rows;

/// What a resource has to do with actions: those of its own, and the one that it is.
pub(super) struct ActionsView {
    /// The queries of actions that write into rows of it.
    pub(super) queries: Vec<ActView>,
    /// What it does as such an action.
    pub(super) behaviour: Option<ActingView>,
    /// The resource that its answers are one of, when that is another: the module, and the type of one.
    pub(super) returned: Option<(String, String)>,
    /// Whether actions answer with it.
    pub(super) is_returned: bool,
}

pub(super) fn of(definition: &Definition) -> ActionsView {
    let returned = definition.action_of.as_ref().filter(|of| of.returns());
    let returns = |action: &ActionUse| action.returns.is_some() || !action.sets.is_empty();
    ActionsView {
        queries: queries(definition),
        behaviour: behaviour(definition),
        returned: returned.map(|of| (of.resource.module(), of.resource.one())),
        is_returned: definition.actions.iter().any(|action| action.verb.answers() && returns(action)),
    }
}

/// The query of an action, beside those of its resource.
pub(super) struct ActView {
    pub(super) function: String,
    /// The action's name.
    pub(super) name: String,
    pub(super) owned_somewhere: bool,
    pub(super) unowned_somewhere: bool,
    /// The states of a row in which it is served, as conditions.
    pub(super) guarded: String,
    pub(super) sets: Vec<SetView>,
    /// What is sent and written, as a type; none when nothing is.
    pub(super) input: Option<String>,
    /// Whether it writes the present time.
    pub(super) dated: bool,
    /// Whether its row is looked at afterwards.
    pub(super) finds: bool,
}

impl ActView {
    /// Whether the query is asked with (or without) an owner.
    pub(super) fn asked(&self, owned: &bool) -> bool {
        if *owned { self.owned_somewhere } else { self.unowned_somewhere }
    }
}

/// What such an action does unless it is written by hand.
pub(super) struct ActingView {
    /// The module of the resource whose row it changes.
    pub(super) module: String,
    pub(super) function: String,
    /// The type of that resource's ids.
    pub(super) id: String,
    /// Takes over the ids in front of the row's, when there are any.
    pub(super) parents_statement: String,
    pub(super) parents_argument: &'static str,
    /// The row for an id or a parent that is not there.
    pub(super) unknown: String,
    pub(super) unknown_parent: Option<String>,
    /// Tells a missing parent from a missing row.
    pub(super) checks_parent: bool,
    pub(super) sends: bool,
    /// The error row for a `current` in another state; empty when every state will do.
    pub(super) refusal: String,
    /// Whether a client may say which state it has seen.
    pub(super) tagged: bool,
    pub(super) duplicate: Option<String>,
}

/// The function of an action in its resource's storage.
fn function(of: &ActionOf) -> String {
    format!("perform_{}", names::snake(&of.action.name.it))
}

/// What an action of a resource writes as it was sent.
fn sent(action: &Definition, of: &ActionOf, verb: VerbName) -> Vec<SetView> {
    let named = |attribute: &&Attribute| of.action.input.iter().any(|input| input.it == attribute.name.it);
    let view = |attribute: &Attribute| {
        let required = if attribute.required.contains(&verb) { vec![VerbName::Patch] } else { Vec::new() };
        // Only a change can set a value back; whoever posts leaves it out.
        let nullable = attribute.nullable && verb == VerbName::Patch;
        storage::set(&of.resource, &Attribute { required, nullable, ..attribute.clone() }, VerbName::Patch)
    };
    examples::written(action, verb).filter(named).map(view).collect()
}

/// What it writes whoever calls.
fn said(resource: &Definition, set: &SetUse) -> Option<SetView> {
    let attribute = resource.attributes.iter().find(|attribute| attribute.name.it == set.attribute.it)?;
    let value = match (&attribute.kind, set.to.it.as_str()) {
        // Nothing is nothing, whatever it would be written as.
        (kind, "null") if types::is_json(kind) => "Option::<glue_core::db::Json<String>>::None".into(),
        (_, "null") => format!("{}::None", types::row_type(resource, attribute).replacen("Option<", "Option::<", 1)),
        (Kind::DateTime, _) => "now".into(),
        (Kind::Int | Kind::Money, number) => format!("{number}_i64"),
        (Kind::Bool, flag) => flag.to_owned(),
        (_, json) => RustStr(&text(json)).to_string(),
    };
    let ident = names::ident(&names::snake(&attribute.name.it));
    Some(SetView { before: String::new(), column: own_column(resource, attribute), ident, value, required: true })
}

fn text(json: &str) -> String {
    serde_json::from_str(json).map(|value| names::plain(&value)).unwrap_or_default()
}

/// The states from which what is written can be reached, as conditions.
fn reachable(resource: &Definition, set: &SetUse) -> Option<String> {
    let attribute = resource.attributes.iter().find(|attribute| attribute.name.it == set.attribute.it)?;
    if attribute.transitions.is_empty() {
        return None;
    }
    let word = text(&set.to.it);
    let before = attribute.before(&word).into_iter().map(|word| RustStr(word).to_string()).collect::<Vec<_>>();
    let table = resource.storage.as_ref().map_or("", |storage| storage.table.it.as_str());
    let (table, column) = (names::table(table), own_column(resource, attribute));
    Some(format!(".filter({table}::{column}.eq_any([{}]))", before.join(", ")))
}

/// The queries that actions of a resource ask.
fn queries(resource: &Definition) -> Vec<ActView> {
    let expanded = resource.actions.iter().filter(|action| !action.sets.is_empty());
    let view = |action: Definition| {
        let of = action.action_of.as_ref()?;
        let rows = rows::of(&action);
        let verb = &of.action.verb;
        let sent = sent(&action, of, verb.verb);
        let input = (!sent.is_empty()).then(|| {
            let name = super::inputs::name(&action, verb.verb);
            format!("crate::generated::{}::attributes::{name}", action.module())
        });
        let moves = of.action.sets.iter().filter_map(|set| reachable(resource, set));
        let mut sets: Vec<SetView> = of.action.sets.iter().filter_map(|set| said(resource, set)).collect();
        let dated = sets.iter().any(|set| set.value == "now");
        sets.extend(sent);
        Some(ActView {
            function: function(of),
            name: of.action.name.it.clone(),
            owned_somewhere: rows.iter().any(|row| row.owner.is_some()),
            unowned_somewhere: rows.iter().any(|row| row.owner.is_none()),
            guarded: std::iter::once(states::conditions(resource, &verb.guards)).chain(moves).collect(),
            sets,
            input,
            dated,
            finds: verb.answers()
                || action.entity_tags != EntityTags::None
                || verb.then.is_some()
                || !refusal(&action, verb, of.moves()).is_empty(),
        })
    };
    expanded.filter_map(|action| view(actions::of(resource, action, &mut Problems::default()))).collect()
}

/// What an action does, when its definition says it in whole.
fn behaviour(action: &Definition) -> Option<ActingView> {
    let of = action.action_of.as_ref().filter(|of| of.changes())?;
    let (resource, verb) = (&*of.resource, &of.action.verb);
    let row = |name: &str| {
        let known = action.errors.iter().any(|error| error.name.it == name);
        known.then(|| format!("errors::{}", errors::constant(action, name, verb.verb)))
    };
    let unknown = row("notFound").unwrap_or_else(|| "glue_core::error::codes::NOT_FOUND".into());
    let below = !resource.ancestors.is_empty();
    let module = resource.module();
    Some(ActingView {
        function: function(of),
        id: format!("crate::generated::{module}::attributes::{}Id", resource.one()),
        parents_statement: parents_statement(resource, row("parentNotFound").as_ref().unwrap_or(&unknown)),
        parents_argument: if below { "&parents, " } else { "" },
        unknown_parent: below.then(|| row("parentNotFound").unwrap_or_else(|| unknown.clone())),
        checks_parent: below && row("parentNotFound").is_some(),
        unknown,
        sends: !sent(action, of, verb.verb).is_empty(),
        refusal: refusal(action, verb, of.moves()),
        tagged: action.entity_tags != EntityTags::None,
        duplicate: row("duplicate").filter(|_| resource.storage.as_ref().is_some_and(|of| !of.unique.is_empty())),
        module,
    })
}

impl ActingView {
    /// What the job does about a row that it did not find in its state.
    pub(super) fn missed(&self, way: &WayView) -> String {
        let (queries, owner, parents) = (way.queries(), way.owner(), self.parents_argument);
        let mut text = String::new();
        if self.checks_parent {
            let found = format!("{queries}::has_parent(conn, {owner}{})?", parents.trim_end_matches(", "));
            text.push_str(&format!("if !{found} {{ return Err(glue_core::db::DbError::NotFound); }}\n"));
        }
        if !self.refusal.is_empty() {
            let found = format!("{queries}::find(conn, {owner}{parents}&id)?");
            text.push_str(&in_another_state("", &found, &self.refusal));
        }
        text + &format!("return {};", self.told("None"))
    }

    /// What the job says of the row that it changed.
    pub(super) fn changed(&self, verb: &&VerbView, way: &WayView) -> String {
        let found = format!("{}::find(conn, {}{}&id)", way.queries(), way.owner(), self.parents_argument);
        match (&verb.then, verb.answers, !self.judges()) {
            (Some(then), answers, _) => {
                let told = self.told(if answers { "changed" } else { "changed.map(|_| ())" });
                format!(
                    "let changed = {found}?;\nif let Some(changed) = &changed {{ {then}(conn, changed)?; }}\n{told}"
                )
            }
            (None, true, true) => found,
            (None, true, false) => format!("Ok(Ok({found}?))"),
            (None, false, _) => self.told("Some(())"),
        }
    }

    fn told(&self, what: &str) -> String {
        if self.judges() { format!("Ok(Ok({what}))") } else { format!("Ok({what})") }
    }

    /// Whether it looks at the row, and may refuse it for what it sees.
    fn judges(&self) -> bool {
        self.tagged || !self.refusal.is_empty()
    }

    /// Looks at the state that the client has seen, where it says so.
    pub(super) fn unseen(&self, way: &WayView) -> String {
        if self.tagged { unseen(way.queries(), way.owner(), self.parents_argument) } else { String::new() }
    }

    /// What the caller is told.
    pub(super) fn answer(&self) -> String {
        let failed = if self.has_refusals() { ".map_err(refused)" } else { "" };
        let judged = if self.judges() { "?" } else { "" };
        format!("changed.await{failed}?{judged}.ok_or_else(|| (&{}).into())", self.unknown)
    }

    /// Whether failures of the storage have answers of the action's own.
    pub(super) fn has_refusals(&self) -> bool {
        self.duplicate.is_some() || self.unknown_parent.is_some()
    }
}
