//! Parents, relations and targets of one resource, as its templates see them.

use super::quote::RustStr;
use super::{links, storage};
use crate::definition::{Attribute, Definition, Kind, RelationVia};
use crate::names;

/// A resource in front of this one.
pub(super) struct ParentView {
    pub(super) name: String,
    pub(super) module: String,
    pub(super) field: String,
    pub(super) id: String,
}

/// A relation.
pub(super) struct RelationView {
    pub(super) name: String,
    pub(super) wire: String,
    pub(super) field: String,
    /// The values that lead to the other side, as an expression; empty when it is the id.
    pub(super) keys: String,
    pub(super) via: String,
}

/// A type that answers can include.
pub(super) struct IncludedView {
    pub(super) schema: String,
    pub(super) module: String,
    pub(super) near: bool,
}

pub(super) fn parents(definition: &Definition) -> Vec<ParentView> {
    let view = |ancestor: &crate::definition::Ancestor| ParentView {
        name: ancestor.name.clone(),
        module: ancestor.module.clone(),
        field: names::ident(&names::snake(&ancestor.singular)),
        id: format!("{}Id", ancestor.one),
    };
    definition.ancestors.iter().map(view).collect()
}

pub(super) fn relations(definition: &Definition) -> Vec<RelationView> {
    let view = |relation: &crate::definition::RelationUse| {
        let to = &relation.to.it;
        RelationView {
            name: to.clone(),
            wire: RustStr(to).to_string(),
            field: names::ident(&names::snake(to)),
            keys: match &relation.via {
                RelationVia::By(attribute) => keys(definition, &attribute.it),
                RelationVia::Children | RelationVia::Owned | RelationVia::Through(_) => String::new(),
            },
            via: match &relation.via {
                RelationVia::Children => {
                    format!(
                        "glue_core::document::RelationSource::Children(crate::generated::{}::storage::below)",
                        relation.module
                    )
                }
                RelationVia::Through(link) => format!(
                    "glue_core::document::RelationSource::Through(crate::generated::{}::storage::{})",
                    relation.module,
                    links::through(&link.it)
                ),
                RelationVia::By(_) => {
                    "glue_core::document::RelationSource::Target(glue_core::document::TargetKey::Id)".into()
                }
                RelationVia::Owned => {
                    "glue_core::document::RelationSource::Target(glue_core::document::TargetKey::Owner)".into()
                }
            },
        }
    };
    definition.relations.iter().map(view).collect()
}

/// Takes over the ids in front of a resource's own; `unknown` is the row for those that nothing can have.
pub(super) fn parents_statement(definition: &Definition, unknown: &str) -> String {
    let Some(nearest) = definition.ancestors.last() else { return String::new() };
    let parents = format!("crate::generated::{}::attributes::{}Parents", definition.module(), definition.one());
    let parse = |row: &str| format!("let parents = {parents}::parse(cx.ids()).ok_or(&{row})?;");
    if !nearest.is_caller {
        return parse(unknown);
    }
    let (field, kind) = (names::ident(&names::snake(&nearest.singular)), storage::owner_kind(definition));
    let parse = parse("errors::FOREIGN_PARENT");
    format!("{parse}\n    cx.is_callers::<{kind}>(parents.{field}.as_str(), &errors::FOREIGN_PARENT)?;")
}

/// The values of an attribute as keys.
fn keys(definition: &Definition, name: &str) -> String {
    let Some(attribute) = definition.attributes.iter().find(|attribute| attribute.name.it == name) else {
        return String::new();
    };
    let field = names::ident(&names::snake(name));
    let list = matches!(attribute.kind, Kind::List(_));
    match attribute {
        Attribute { id: true, .. } => String::new(),
        Attribute { nullable: true, .. } if list => format!("self.{field}.iter().flatten().cloned().collect()"),
        Attribute { nullable: true, .. } => format!("self.{field}.iter().cloned().collect()"),
        Attribute { .. } if list => format!("self.{field}.clone()"),
        Attribute { .. } => format!("vec![self.{field}.clone()]"),
    }
}

pub(super) fn included(definition: &Definition) -> Vec<IncludedView> {
    let view = |included: &crate::definition::IncludedType| IncludedView {
        schema: format!("{}Resource", included.one),
        module: included.module.clone(),
        near: included.near,
    };
    definition.included.iter().map(view).collect()
}

pub(super) fn targets(definition: &Definition) -> Vec<String> {
    let wire = RustStr(&definition.name.it).to_string();
    let target = |by: &str, load: &str| {
        format!(
            "glue_core::document::TargetDef {{ resource: {wire}, by: glue_core::document::TargetKey::{by}, load: storage::{load} }}"
        )
    };
    let mut targets = Vec::new();
    if definition.target.by_id {
        targets.push(target("Id", "by_id"));
    }
    if definition.target.by_owner {
        targets.push(target("Owner", "of_owners"));
    }
    targets
}
