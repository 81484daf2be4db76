//! Who is whose: what a definition cannot know alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::{
    Ancestor, Attribute, Computed, Definition, Identifier, IncludedType, Kind, OwnerColumn, ReferenceUse, Referred,
    RelationVia, Target, VerbName,
};
use crate::names;
use crate::workspace::Workspace;

/// Deeper families than any path needs; a circle ends here too.
pub(super) const MAX_DEPTH: usize = 8;

/// Whether the id of a resource is its owner's identifier.
pub(super) fn is_its_owners_id(definition: &Definition) -> bool {
    let id = definition.attributes.iter().find(|attribute| attribute.id);
    id.zip(definition.owner.as_ref()).is_some_and(|(id, owner)| id.name.it == owner.it)
}

/// Whether deleted rows stay in the table, so that what refers to them still leads somewhere.
pub(super) fn keeps_rows(definition: &Definition) -> bool {
    definition.storage.as_ref().is_some_and(|storage| storage.deleted.is_some())
}

/// Whether a definition deletes rows and has no answer for those that others refer to.
fn is_untold(definition: &Definition) -> bool {
    let deletes = definition.verbs.iter().any(|verb| verb.verb == VerbName::Delete);
    deletes && !keeps_rows(definition) && !definition.errors.iter().any(|error| error.name.it == "inUse")
}

fn references(definition: &Definition) -> impl Iterator<Item = &ReferenceUse> {
    definition.attributes.iter().filter_map(|attribute| attribute.references.as_ref())
}

fn takers(workspace: &Workspace) -> BTreeMap<String, BTreeSet<String>> {
    let mut takers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for definition in workspace.definitions() {
        let cascading = references(definition).filter(|reference| reference.cascades).map(|reference| &reference.to.it);
        let above = definition.parent.as_ref().map(|parent| &parent.resource.it);
        takers.entry(definition.name.it.clone()).or_default().extend(cascading.chain(above).cloned());
    }
    takers
}

pub(super) struct Family {
    /// Type → crate and definition, of the newest version.
    pub(super) members: BTreeMap<String, (String, Definition)>,
    pub(super) targets: BTreeMap<String, Target>,
    /// The types whose tables this workspace migrates.
    pub(super) own: BTreeSet<String>,
    /// Table → the column that says when a row was deleted, of the tables that keep deleted rows.
    pub(super) deleted: BTreeMap<String, String>,
    /// Type → the types whose deleted rows take rows of it along: its parent, and what it refers to with `onDelete: cascade`.
    pub(super) takers: BTreeMap<String, BTreeSet<String>>,
    /// The types that some version deletes without an `inUse:` to answer with.
    pub(super) untold: BTreeSet<String>,
}

impl Family {
    pub(super) fn of(workspace: &Workspace) -> Self {
        let mut members = BTreeMap::new();
        let mut targets: BTreeMap<String, Target> = BTreeMap::new();
        for domain in &workspace.domains {
            for definition in &domain.definitions {
                let version = |of: &Definition| of.version.as_ref().map(|at| at.it);
                let newer = |(_, known): &(String, Definition)| version(known) > version(definition);
                if !members.get(&definition.name.it).is_some_and(newer) {
                    members.insert(definition.name.it.clone(), (domain.dir.clone(), definition.clone()));
                }
                for relation in &definition.relations {
                    let target = targets.entry(relation.to.it.clone()).or_default();
                    match relation.via {
                        RelationVia::Children => target.child = true,
                        RelationVia::By(_) => target.by_id = true,
                        RelationVia::Owned => target.by_owner = true,
                        RelationVia::Through(_) => target.through = true,
                    }
                }
            }
        }
        let own = workspace.own().flat_map(|domain| &domain.definitions).map(|of| of.name.it.clone()).collect();
        let storages = workspace.definitions().filter_map(|of| of.storage.as_ref());
        let deleted = storages.filter_map(|of| Some((of.table.it.clone(), of.deleted.as_ref()?.it.clone()))).collect();
        let untold = workspace.definitions().filter(|of| is_untold(of)).map(|of| of.name.it.clone()).collect();
        let mut family = Self { members, targets, own, deleted, takers: takers(workspace), untold };
        for reference in workspace.definitions().flat_map(references).filter(|reference| !reference.cascades) {
            for taker in family.takers_of(&reference.to.it) {
                let is_kept = family.get(&taker).is_some_and(keeps_rows);
                family.targets.entry(taker).or_default().referred |= !is_kept;
            }
        }
        family
    }

    /// The types whose deleted rows make rows of `kind` go: itself, and whatever takes those along.
    pub(super) fn takers_of(&self, kind: &str) -> BTreeSet<String> {
        let (mut open, mut found) = (vec![kind.to_owned()], BTreeSet::new());
        while let Some(next) = open.pop() {
            open.extend(self.takers.get(&next).into_iter().flatten().filter(|taker| !found.contains(*taker)).cloned());
            found.insert(next);
        }
        found
    }

    pub(super) fn get(&self, name: &str) -> Option<&Definition> {
        self.members.get(name).map(|(_, definition)| definition)
    }

    pub(super) fn is_newest(&self, definition: &Definition) -> bool {
        let version = |of: &Definition| of.version.as_ref().map(|at| at.it);
        self.get(&definition.name.it).is_none_or(|newest| version(newest) == version(definition))
    }

    /// Gives an older version the relations of the newest one, and every relation the module that it leads to.
    pub(super) fn lead(&self, definition: &mut Definition) {
        if let Some(newest) = self.get(&definition.name.it).filter(|_| !definition.newest) {
            definition.relations.clone_from(&newest.relations);
        }
        for computed in definition.attributes.iter_mut().filter_map(|attribute| attribute.computed.as_mut()) {
            if let Computed::Fold { table, take, nullable, .. } = computed {
                *nullable = self.may_be_empty(table, take);
            }
            let (Computed::Count { table, deleted, .. }
            | Computed::Fold { table, deleted, .. }
            | Computed::Lookup { table, deleted, .. }) = computed;
            *deleted = self.deleted.get(table).cloned();
        }
        definition.made = self.made(definition);
        for attribute in &mut definition.attributes {
            let Some(made) = &mut attribute.made else { continue };
            let child = definition.made.iter().find(|(name, _)| *name == attribute.name.it).map(|(_, child)| child);
            let Some(child) = child else { continue };
            (made.module, made.one) = (child.module(), child.one());
            let sent = child.attributes.iter().filter(|of| !of.id && of.access.writes(VerbName::Post));
            attribute.kind = Kind::List(Box::new(Kind::Object(sent.cloned().collect())));
        }
        for reference in definition.attributes.iter_mut().filter_map(|attribute| attribute.references.as_mut()) {
            reference.rows = self.get(&reference.to.it).and_then(|to| self.referred(to));
        }
        let related: Vec<_> = definition.list.related.iter().map(|filter| self.related(definition, filter)).collect();
        for (filter, rows) in definition.list.related.iter_mut().zip(related) {
            filter.rows = rows;
        }
        for relation in &mut definition.relations {
            relation.module = self.get(&relation.to.it).map(Definition::module).unwrap_or_default();
        }
    }

    /// The children that come with a new row, each with what it cannot know alone.
    fn made(&self, definition: &Definition) -> Vec<(String, Definition)> {
        let child = |attribute: &Attribute| {
            let mut child = self.get(&attribute.made.as_ref()?.of.it)?.clone();
            // One generation at a time: a child with children of its own is refused.
            child.attributes.retain(|attribute| attribute.made.is_none());
            // A child of somebody else is refused; what that makes in its turn is nobody's here.
            child.parent.as_ref().filter(|parent| parent.resource.it == definition.name.it)?;
            self.lead(&mut child);
            child.ancestors = self.ancestors(&child);
            child.target.made_owned = true;
            Some((attribute.name.it.clone(), child))
        };
        definition.attributes.iter().filter_map(child).collect()
    }

    /// Whether a column may be empty, as the definition of its table says.
    fn may_be_empty(&self, table: &str, column: &str) -> bool {
        let here = |of: &&Definition| of.storage.as_ref().is_some_and(|storage| storage.table.it == table);
        let mut attributes = self.members.values().map(|(_, of)| of).filter(here).flat_map(|of| &of.attributes);
        attributes.any(|attribute| attribute.nullable && attribute.column_name() == column)
    }

    fn referred(&self, to: &Definition) -> Option<Referred> {
        let (storage, id) = (to.storage.as_ref()?, to.attributes.iter().find(|attribute| attribute.id)?);
        Some(Referred {
            table: storage.table.it.clone(),
            key: storage.key.clone(),
            id: id.column_name(),
            deleted: storage.deleted.as_ref().map(|at| at.it.clone()),
            owner: to.owner.as_ref().map(|owner| (to.owner_kind, owner_column(to, &owner.it))),
            is_own: self.own.contains(&to.name.it),
        })
    }

    pub(super) fn ancestors(&self, definition: &Definition) -> Vec<Ancestor> {
        let mut ancestors = Vec::new();
        let mut child = definition;
        while let Some((parent, found)) = child.parent.as_ref().and_then(|p| Some((p, self.get(&p.resource.it)?))) {
            let (Some(storage), Some(id)) = (&found.storage, found.attributes.iter().find(|a| a.id)) else { break };
            let default = format!("fk_{}", names::snake(&found.singular));
            ancestors.push(Ancestor {
                name: found.name.it.clone(),
                singular: found.singular.clone(),
                module: found.module(),
                one: found.one(),
                id: id.clone(),
                table: storage.table.it.clone(),
                key: storage.key.clone(),
                owner: found.owner.as_ref().map(|owner| (owner.it.clone(), owner_column(found, &owner.it))),
                owner_kind: found.owner_kind,
                deleted: storage.deleted.as_ref().map(|at| at.it.clone()),
                unowned_in: found.apps.iter().filter(|app| app.unowned).map(|app| app.name.it.clone()).collect(),
                referred_by: child.storage.as_ref().and_then(|s| s.parent.clone()).unwrap_or(default),
                is_caller: parent.is_caller,
                mine: found.mine.is_some(),
            });
            if ancestors.len() == MAX_DEPTH {
                break;
            }
            child = found;
        }
        ancestors.reverse();
        ancestors
    }

    pub(super) fn included(&self, crate_dir: &str, definition: &Definition) -> Vec<IncludedType> {
        let mut included: Vec<IncludedType> = Vec::new();
        let mut open: Vec<&Definition> = vec![definition];
        while let Some(next) = open.pop() {
            for (dir, found) in next.relations.iter().filter_map(|relation| self.members.get(&relation.to.it)) {
                let (name, near) = (found.name.it.clone(), dir == crate_dir);
                if included.iter().all(|known| known.name != name) {
                    let apps = found.apps.iter().map(|app| app.name.it.clone()).collect();
                    let (module, one) = (found.module(), found.one());
                    included.push(IncludedType { name, module, one, near, apps });
                    open.push(found);
                }
            }
        }
        included.sort();
        included
    }
}

/// The column that says whose a row is.
#[must_use]
pub fn owner_column(definition: &Definition, attribute: &str) -> OwnerColumn {
    let declared = definition.storage.as_ref().and_then(|storage| storage.owner.clone());
    declared.unwrap_or_else(|| {
        let own = definition.attributes.iter().find(|own| own.name.it == attribute);
        let column = own.map_or_else(|| names::snake(attribute), |own| own.column_name());
        OwnerColumn { column, identifier: Identifier::Natural }
    })
}
