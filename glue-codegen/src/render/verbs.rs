//! The verbs of one resource, as its templates see them.

use super::quote::DocText;
use super::{inputs, operations, states};
use crate::definition::{Definition, Flag, VerbName, VerbUse};
use crate::rows::Row;

/// One verb.
pub(super) struct VerbView {
    /// `Get`: the verb as a type.
    pub(super) ident: &'static str,
    /// `get`: the trait's method.
    pub(super) method: &'static str,
    /// `list`, `get`, `post`, `patch`, `delete`: the verb in the definition.
    pub(super) key: &'static str,
    pub(super) doc: String,
    pub(super) context: &'static str,
    pub(super) marker: &'static str,
    pub(super) input: String,
    /// Whether its path ends in an id.
    pub(super) takes_id: bool,
    /// Whether its success has a body.
    pub(super) answers: bool,
    pub(super) owned_somewhere: bool,
    pub(super) unowned_somewhere: bool,
    /// In which states of a row it is served, as conditions on columns.
    pub(super) guarded: String,
    /// The function that is called with what was written.
    pub(super) then: Option<String>,
    /// The error row for a `current` in another state; empty when every state will do.
    pub(super) refusal: String,
}

impl VerbView {
    /// The ways in which it reaches rows: all of them first, where some applications have it so.
    pub(super) fn ways(&self) -> Vec<WayView> {
        let both = self.owned_somewhere && self.unowned_somewhere;
        let all = self.unowned_somewhere.then_some(WayView { owned: false, is_branch: both });
        let own = self.owned_somewhere.then_some(WayView { owned: true, is_branch: false });
        all.into_iter().chain(own).collect()
    }
}

/// How a verb reaches rows.
pub(super) struct WayView {
    /// Whether an owner bounds its queries.
    pub(super) owned: bool,
    /// Whether another way follows, for applications that keep ownership.
    is_branch: bool,
}

impl WayView {
    /// The module of its queries.
    pub(super) fn queries(&self) -> &'static str {
        if self.owned { "storage" } else { "storage::unscoped" }
    }

    /// `&owner, `.
    pub(super) fn owner(&self) -> &'static str {
        if self.owned { "&owner, " } else { "" }
    }

    /// What comes before its job.
    pub(super) fn begin(&self) -> &'static str {
        match (self.owned, self.is_branch) {
            (true, _) => "let owner = cx.owner();",
            (false, true) => "if cx.route().owner == glue_core::route::Ownership::Unowned {",
            (false, false) => "",
        }
    }

    /// What it is answered with, as the end of the function or of its branch.
    pub(super) fn answer(&self, told: impl AsRef<str>) -> String {
        let told = told.as_ref();
        if self.is_branch { format!("return {told};\n}}") } else { told.to_owned() }
    }
}

/// The verbs of a definition, in its order.
pub(super) fn of(definition: &Definition, rows: &[Row<'_>]) -> Vec<VerbView> {
    let view = |verb: &VerbUse| {
        let (ident, method, _) = operations::idents(verb.verb);
        let mine = || rows.iter().filter(|row| row.verb.verb == verb.verb);
        // Where some application lets strangers in, there may be nobody.
        let all = |flag: Flag| mine().all(|row| row.verb.protected.it == flag);
        let (context, marker) = match () {
            () if all(Flag::Protected) => ("Authed", "ProtectedRoute"),
            () if all(Flag::Agent) => ("ByAgent", "AgentRoute"),
            () => ("Anyone", "OpenRoute"),
        };
        let path = mine().next().map_or_else(String::new, |row| row.path.clone());
        let line = definition.source.origin(&verb.span);
        VerbView {
            ident,
            method,
            key: verb.verb.as_str(),
            doc: DocText(&format!("`{} {path}`, from {line}.", mine().next().map_or("", Row::method))).to_string(),
            context,
            marker,
            input: if definition.takes_body(verb.verb) { inputs::name(definition, verb.verb) } else { String::new() },
            takes_id: definition.takes_id(verb.verb),
            answers: verb.answers(),
            owned_somewhere: mine().any(|row| row.owner.is_some()),
            unowned_somewhere: mine().any(|row| row.owner.is_none()),
            guarded: states::conditions(definition, &verb.guards),
            then: verb.then.as_ref().map(|at| at.it.clone()),
            refusal: states::refusal(definition, verb, verb.verb == VerbName::Patch && definition.has_transitions()),
        }
    };
    definition.verbs.iter().map(view).collect()
}
