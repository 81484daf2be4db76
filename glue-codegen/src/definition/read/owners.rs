//! Whose rows these are: the owner, its column, the parent.

use super::super::fields::Fields;
use super::super::{At, Identifier, OwnerColumn, OwnerKind, ParentUse};
use super::shared::named;
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{Node, Value};

/// `owner: customerReference` names a customer's attribute, `owner: { user: assignee }` a user's.
pub(super) fn owner(fields: &Fields<'_>, problems: &mut Problems) -> Option<(At<String>, OwnerKind)> {
    let entry = fields.get("owner")?;
    if !matches!(entry.value.value, Value::Map(_)) {
        return fields.text("owner", problems).map(|at| (at, OwnerKind::Customer));
    }
    let named = Fields::of(fields.source, &entry.value, problems);
    let (customer, user) = (named.text("customer", problems), named.text("user", problems));
    named.finish(problems);
    match (customer, user) {
        (Some(at), None) => Some((at, OwnerKind::Customer)),
        (None, Some(at)) => Some((at, OwnerKind::User)),
        _ => {
            let message = "an owner is a customer or a user";
            let problem = Problem::new(Code::WrongShape, fields.source, entry.value.span.clone(), message);
            problems.add(problem.help("`owner: { customer: customerReference }`, or `owner: { user: assignee }`"));
            None
        }
    }
}

pub(super) fn parent(fields: &Fields<'_>, problems: &mut Problems) -> Option<ParentUse> {
    let entry = fields.get("parent")?;
    let parent = Fields::of(fields.source, &entry.value, problems);
    let resource = parent.needed("resource", problems);
    let owner = parent.text("owner", problems);
    if let Some(at) = owner.as_ref().filter(|at| at.it != "id") {
        let problem = Problem::new(Code::WrongShape, fields.source, at.span.clone(), "only `owner: id` can stand here");
        problems.add(problem.help("it says that the parent's id has to be the caller's own"));
    }
    parent.finish(problems);
    Some(ParentUse { resource: resource?, is_caller: owner.is_some() })
}

/// The column of an owner, and what it holds.
pub(super) fn column(source: &Source, node: &Node, problems: &mut Problems) -> Option<OwnerColumn> {
    let fields = Fields::of(source, node, problems);
    let (column, identifier) = (fields.needed("column", problems), fields.needed("identifier", problems));
    fields.finish(problems);
    let identifier = identifier?;
    let which = match identifier.it.as_str() {
        "natural" => Identifier::Natural,
        "surrogate" => Identifier::Surrogate,
        other => {
            let problem =
                Problem::new(Code::UnknownWord, source, identifier.span, format!("unknown identifier `{other}`"));
            problems.add(problem.suggest(other, ["natural", "surrogate"]));
            return None;
        }
    };
    let column = column?;
    named(source, &column, names::is_snake(&column.it), "lower-case words with underscores between them", problems);
    Some(OwnerColumn { column: column.it, identifier: which })
}
