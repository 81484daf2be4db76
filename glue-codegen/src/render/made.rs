//! Children that come with their parent, in one request.

use super::states;
use super::verbs::WayView;
use crate::definition::{Definition, VerbName};
use crate::names;

/// Children of one kind that a new row brings along.
pub(super) struct MadeView {
    /// The field of the input that holds them.
    pub(super) field: String,
    /// Whether the input always has it.
    always: bool,
    /// The module that is generated for them.
    pub(super) module: String,
    /// The type of one of them.
    pub(super) one: String,
    /// The ids in front of them, as the fields of a struct.
    pub(super) parents: String,
    /// Whether what they refer to is looked for.
    pub(super) refers: bool,
    /// Whether that is somebody's.
    pub(super) refers_to_owned: bool,
    /// The row for what was there when it was looked for and has gone since.
    pub(super) lost: Option<String>,
}

pub(super) fn of(definition: &Definition) -> Vec<MadeView> {
    let view = |(name, child): &(String, Definition)| {
        let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == *name)?;
        let above = |singular: &str| names::ident(&names::snake(singular));
        let mut parents: Vec<String> = definition
            .ancestors
            .iter()
            .map(|ancestor| {
                let field = above(&ancestor.singular);
                format!("{field}: parents.{field}.clone()")
            })
            .collect();
        parents.push(format!("{}: id.clone()", above(&definition.singular)));
        let sent = states::references(child);
        let sent: Vec<_> = sent.iter().filter(|reference| reference.key == "post").collect();
        Some(MadeView {
            field: names::ident(&names::snake(name)),
            always: attribute.required.contains(&VerbName::Post),
            module: child.module(),
            one: child.one(),
            parents: parents.join(", "),
            refers: !sent.is_empty(),
            lost: sent
                .first()
                .map(|reference| format!("crate::generated::{}::errors::{}", child.module(), reference.error)),
            refers_to_owned: sent.iter().any(|reference| reference.owner.is_some()),
        })
    };
    definition.made.iter().filter_map(view).collect()
}

impl MadeView {
    /// Those that were sent, as something to go through.
    pub(super) fn items(&self) -> String {
        match self.always {
            true => format!("&input.{}", self.field),
            false => format!("input.{}.iter().flatten()", self.field),
        }
    }

    /// The module of their queries.
    pub(super) fn queries(&self, way: &WayView) -> String {
        format!("crate::generated::{}::{}", self.module, way.queries())
    }
}
