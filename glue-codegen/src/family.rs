//! What definitions are to each other: parents and children, relations and their targets.

use std::collections::{BTreeMap, BTreeSet};

use crate::definition::{
    Ancestor, AppUse, Attribute, Computed, Definition, Identifier, IncludedType, Kind, OwnerColumn, OwnerKind,
    ReferenceUse, Referred, RelationUse, RelationVia, Target, VerbName,
};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::rows;
use crate::workspace::Workspace;

/// Deeper families than any path needs; a circle ends here too.
const MAX_DEPTH: usize = 8;

/// Fills in what a definition cannot know alone.
pub fn resolve(workspace: &mut Workspace, problems: &mut Problems) {
    let family = Family::of(workspace);
    // A file that could not be read would be missed by everybody who refers to it.
    let whole = !problems.has_errors();
    for definition in workspace.domains.iter().flat_map(|domain| &domain.definitions).filter(|_| whole) {
        family.check(definition, problems);
    }
    for (crate_dir, definition) in workspace.located_mut() {
        definition.newest = family.is_newest(definition);
        family.lead(definition);
        definition.ancestors = family.ancestors(definition);
        definition.included = family.included(&crate_dir, definition);
        let target = family.targets.get(&definition.name.it).copied().unwrap_or_default();
        // Relations lead to the newest version alone; a row can be deleted through each.
        let referred = Target { referred: target.referred, ..Target::default() };
        definition.target = if definition.newest { target } else { referred };
    }
}

/// Whether the id of a resource is its owner's identifier.
fn is_its_owners_id(definition: &Definition) -> bool {
    let id = definition.attributes.iter().find(|attribute| attribute.id);
    id.zip(definition.owner.as_ref()).is_some_and(|(id, owner)| id.name.it == owner.it)
}

/// Whether deleted rows stay in the table, so that what refers to them still leads somewhere.
fn keeps_rows(definition: &Definition) -> bool {
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

struct Family {
    /// Type → crate and definition, of the newest version.
    members: BTreeMap<String, (String, Definition)>,
    targets: BTreeMap<String, Target>,
    /// The types whose tables this workspace migrates.
    own: BTreeSet<String>,
    /// Table → the column that says when a row was deleted, of the tables that keep deleted rows.
    deleted: BTreeMap<String, String>,
    /// Type → the types whose deleted rows take rows of it along: its parent, and what it refers to with `onDelete: cascade`.
    takers: BTreeMap<String, BTreeSet<String>>,
    /// The types that some version deletes without an `inUse:` to answer with.
    untold: BTreeSet<String>,
}

impl Family {
    fn of(workspace: &Workspace) -> Self {
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
    fn takers_of(&self, kind: &str) -> BTreeSet<String> {
        let (mut open, mut found) = (vec![kind.to_owned()], BTreeSet::new());
        while let Some(next) = open.pop() {
            open.extend(self.takers.get(&next).into_iter().flatten().filter(|taker| !found.contains(*taker)).cloned());
            found.insert(next);
        }
        found
    }

    fn get(&self, name: &str) -> Option<&Definition> {
        self.members.get(name).map(|(_, definition)| definition)
    }

    fn is_newest(&self, definition: &Definition) -> bool {
        let version = |of: &Definition| of.version.as_ref().map(|at| at.it);
        self.get(&definition.name.it).is_none_or(|newest| version(newest) == version(definition))
    }

    /// Gives an older version the relations of the newest one, and every relation the module that it leads to.
    fn lead(&self, definition: &mut Definition) {
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
        for reference in definition.attributes.iter_mut().filter_map(|attribute| attribute.references.as_mut()) {
            reference.rows = self.get(&reference.to.it).and_then(|to| self.referred(to));
        }
        for relation in &mut definition.relations {
            relation.module = self.get(&relation.to.it).map(Definition::module).unwrap_or_default();
        }
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

    fn check_reference(&self, definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
        let Some(reference) = &attribute.references else { return };
        let to = &reference.to.it;
        let mut refuse = |why: String, help: &str| {
            let problem = Problem::new(Code::BadReference, &definition.source, reference.to.span.clone(), why);
            problems.add(problem.help(help));
        };
        let text = matches!(attribute.kind, Kind::String | Kind::Uuid) && attribute.computed.is_none();
        if definition.storage.is_none() || !text || attribute.id {
            let help = "a reference is a stored `uuid` or `string` that holds the id of another resource";
            return refuse(format!("`{}` cannot refer to rows", attribute.name.it), help);
        }
        let Some(found) = self.get(to) else {
            let message = format!("there is no resource `{to}`");
            let problem = Problem::new(Code::BadReference, &definition.source, reference.to.span.clone(), message);
            return problems.add(problem.suggest(to, self.members.keys().map(String::as_str)));
        };
        let id = found.attributes.iter().find(|attribute| attribute.id);
        let Some(id) = id.filter(|_| found.storage.is_some()) else {
            return refuse(format!("`{to}` has no rows to refer to"), "name the type of a resource with `storage:`");
        };
        if std::mem::discriminant(&id.kind) != std::mem::discriminant(&attribute.kind) {
            return refuse(format!("the ids of `{to}` are of another type"), "give it the type that the id has");
        }
        if found.owner.is_none() && self.owner_kind(found).is_some() {
            let why = format!("whose a row of `{to}` is stands in a resource above it");
            return refuse(why, "refer to the resource that has the owner");
        }
        if found.owner.is_some() && self.owner_kind(definition) != Some(found.owner_kind) {
            let why = format!("rows of `{to}` belong to somebody, and these belong to nobody of that kind");
            return refuse(why, "anybody could ask which ids there are: give this resource the same kind of owner");
        }
        if definition.name.it != *to && self.refers_back(definition, found) {
            let why = format!("`{to}` refers back to `{}`: neither could be first", definition.name.it);
            return refuse(why, "one of them holds the other's id; a relation leads the other way");
        }
        self.check_deletion(definition, reference, found, &mut refuse);
    }

    /// What becomes of a row when the one goes that it refers to.
    fn check_deletion(
        &self,
        definition: &Definition,
        reference: &ReferenceUse,
        found: &Definition,
        refuse: &mut impl FnMut(String, &str),
    ) {
        let to = &reference.to.it;
        let guarded = definition.verbs.iter().any(|verb| verb.verb == VerbName::Delete && !verb.guards.is_empty());
        match reference.cascades {
            true if !self.own.contains(to) => {
                refuse(format!("`{to}` is another workspace's: no row goes with its rows"), "remove `onDelete`");
            }
            true if keeps_rows(found) => {
                refuse(format!("deleted rows of `{to}` are kept, so no row goes with them"), "remove `onDelete`");
            }
            true if keeps_rows(definition) || guarded => {
                let why = "rows that are kept, or deleted in some states only, would go with those they refer to";
                refuse(why.into(), "say `onDelete: refuse`, with `inUse:` among the errors of what is deleted");
            }
            // A table of another workspace gets no foreign key.
            false if self.own.contains(to) => {
                let Some(taker) = self.takers_of(to).into_iter().find(|taker| self.untold.contains(taker)) else {
                    return;
                };
                let through = if taker == *to { String::new() } else { format!(" with those of `{taker}`") };
                let why =
                    format!("rows of `{to}` can be deleted{through} while `{}` refers to them", definition.name.it);
                refuse(why, "say `onDelete: cascade` here, or add `inUse:` to the errors of what is deleted");
            }
            true | false => {}
        }
    }

    /// Whose the rows of a definition are, by itself or by what stands above it.
    fn owner_kind(&self, definition: &Definition) -> Option<OwnerKind> {
        let above = |of: &Definition| self.get(&of.parent.as_ref()?.resource.it);
        let own = definition.owner.as_ref().map(|_| definition.owner_kind);
        let mut chain = std::iter::successors(above(definition), |of| above(of)).take(MAX_DEPTH);
        own.or_else(|| chain.find(|of| of.owner.is_some()).map(|of| of.owner_kind))
    }

    /// Whether following what rows of `from` need to be there leads to a definition: what they refer to, and their parents.
    fn refers_back(&self, definition: &Definition, from: &Definition) -> bool {
        let (mut open, mut seen) = (vec![from], BTreeSet::new());
        while let Some(next) = open.pop() {
            let held = next.attributes.iter().filter_map(|attribute| Some(&attribute.references.as_ref()?.to.it));
            let needed = held.chain(next.parent.as_ref().map(|parent| &parent.resource.it));
            for to in needed.filter_map(|kind| self.get(kind)) {
                if to.name.it == definition.name.it {
                    return true;
                }
                if seen.insert(to.name.it.clone()) {
                    open.push(to);
                }
            }
        }
        false
    }

    /// Whether following parents leads back to a definition.
    fn is_around(&self, definition: &Definition) -> bool {
        let above = |of: &Definition| self.get(&of.parent.as_ref()?.resource.it);
        let chain = std::iter::successors(above(definition), |of| above(of));
        let around: Vec<&str> = chain.take(self.members.len()).map(|of| of.name.it.as_str()).collect();
        // One circle is one fault: the first of its names tells it.
        let circle = around.iter().position(|name| *name == definition.name.it);
        circle
            .and_then(|end| around.get(..=end))
            .is_some_and(|of| of.iter().all(|name| *name >= definition.name.it.as_str()))
    }

    fn ancestors(&self, definition: &Definition) -> Vec<Ancestor> {
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
            });
            if ancestors.len() == MAX_DEPTH {
                break;
            }
            child = found;
        }
        ancestors.reverse();
        ancestors
    }

    fn included(&self, crate_dir: &str, definition: &Definition) -> Vec<IncludedType> {
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

    fn check(&self, definition: &Definition, problems: &mut Problems) {
        let source = &definition.source;
        if let Some(newest) = self.get(&definition.name.it).filter(|_| !self.is_newest(definition)) {
            // Includes show the newest version: where it is not mounted, nothing says who may read it.
            let missing = |app: &&AppUse| newest.apps.iter().all(|other| other.name.it != app.name.it);
            if let Some(app) = definition.apps.iter().find(missing) {
                let message =
                    format!("the {} has an older version of `{}` and not the newest", app.name.it, definition.name.it);
                let problem = Problem::new(Code::NotServable, source, app.name.span.clone(), message);
                problems.add(problem.other(&newest.source, newest.name.span.clone(), "the newest"));
            }
        }
        let dir = |name: &str| self.members.get(name).map(|(dir, _)| dir.as_str());
        if let Some(parent) = &definition.parent {
            let name = &parent.resource.it;
            let mut refuse = |why: String| {
                let problem = Problem::new(Code::BadRelation, source, parent.resource.span.clone(), why);
                let problem =
                    problem.help("a parent is a stored resource of this crate, which the same applications mount");
                let others = self.members.keys().map(String::as_str).filter(|other| other != name);
                problems.add(problem.suggest(name, others));
            };
            let around = self.is_around(definition);
            let lacks = |found: &&Definition| {
                definition.apps.iter().find(|app| found.apps.iter().all(|a| a.name.it != app.name.it))
            };
            let without = self.get(name).as_ref().and_then(lacks);
            match self.get(name) {
                None => refuse(format!("there is no resource `{name}`")),
                Some(_) if around => refuse(format!("`{}` stands below itself", definition.name.it)),
                Some(_) if without.is_some() => {
                    let app = without.map_or("", |app| app.name.it.as_str());
                    refuse(format!("the {app} does not mount `{name}`, in whose path this stands"));
                }
                Some(_) if dir(name) != dir(&definition.name.it) => {
                    refuse(format!("`{name}` lives in another crate"));
                }
                Some(found) if found.storage.is_none() => {
                    refuse(format!("`{name}` has no storage that rows could refer to"));
                }
                Some(found) if parent.is_caller && !is_its_owners_id(found) => {
                    refuse(format!(
                        "the ids of `{name}` are not its owners' own, so `owner: id` would compare nothing"
                    ));
                }
                Some(_) if definition.owner.is_some() => {
                    refuse(format!(
                        "rows below `{name}` belong to whom `{name}` belongs to: `owner:` cannot stand here"
                    ));
                }
                Some(_) => {}
            }
        }
        for attribute in &definition.attributes {
            self.check_reference(definition, attribute, problems);
        }
        for relation in &definition.relations {
            self.check_relation(definition, relation, problems);
        }
    }

    fn check_relation(&self, definition: &Definition, relation: &RelationUse, problems: &mut Problems) {
        let to = &relation.to.it;
        let mut refuse = |why: String| {
            let problem = Problem::new(Code::BadRelation, &definition.source, relation.to.span.clone(), why);
            problems.add(problem.suggest(to, self.members.keys().map(String::as_str)));
        };
        let Some(found) = self.get(to) else {
            return refuse(format!("there is no resource `{to}`"));
        };
        if found.storage.is_none() {
            refuse(format!("`{to}` has no storage to include it from"));
        }
        // A relation exists in the applications that mount both sides.
        let other = |app: &AppUse| found.apps.iter().find(|other| other.name.it == app.name.it);
        let both: Vec<_> = definition.apps.iter().filter_map(|app| Some((app, other(app)?))).collect();
        if both.is_empty() {
            refuse(format!("no application mounts both `{}` and `{to}`", definition.name.it));
        }
        let reads = |row: &rows::Row<'_>| matches!(row.verb.verb, VerbName::Get | VerbName::List);
        let read_in: Vec<String> =
            rows::of(found).iter().filter(|row| reads(row)).map(|row| row.app.to_owned()).collect();
        // Children that nobody reads by themselves are read through their parent; others as their own routes say.
        let unread = both.iter().find(|(app, _)| !read_in.is_empty() && !read_in.contains(&app.name.it));
        match &relation.via {
            RelationVia::Children if unread.is_some() => {
                let app = unread.map_or("", |(app, _)| app.name.it.as_str());
                refuse(format!("the {app} has no route that reads `{to}`, so nothing says who may include it there"));
            }
            RelationVia::Children if found.parent.as_ref().is_none_or(|p| p.resource.it != definition.name.it) => {
                refuse(format!("`{to}` does not name `{}` as its parent", definition.name.it));
            }
            RelationVia::Owned if found.owner.is_none() => refuse(format!("`{to}` has no owner")),
            RelationVia::Owned if both.iter().any(|(app, other)| app.unowned || other.unowned) => {
                refuse("an application leaves ownership out, so nobody's rows would be meant".into());
            }
            RelationVia::By(_) if found.parent.is_some() => {
                refuse(format!("`{to}` stands below a parent, whose id its own does not tell"));
            }
            RelationVia::By(attribute) => match definition.attributes.iter().find(|a| a.name.it == attribute.it) {
                None => refuse(format!("there is no attribute `{}`", attribute.it)),
                Some(found) if !found.access.reads() || !is_text(&found.kind) => {
                    refuse(format!("`{}` is no text that answers carry", attribute.it));
                }
                Some(_) => {}
            },
            RelationVia::Children | RelationVia::Owned => {}
        }
    }
}

/// Whether values of this kind are texts, one or many.
fn is_text(kind: &Kind) -> bool {
    match kind {
        Kind::String | Kind::Text | Kind::Uuid | Kind::Enum(_) => true,
        Kind::List(of) => is_text(of),
        Kind::Int
        | Kind::Decimal
        | Kind::Money
        | Kind::Bool
        | Kind::Date
        | Kind::DateTime
        | Kind::Object(_)
        | Kind::Map => false,
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
