//! The rules of families: parents, relations, references, and children that come with their parent.

use std::collections::BTreeSet;

use super::members::{Family, MAX_DEPTH, is_its_owners_id, keeps_rows};
use crate::definition::{
    Access, AppUse, Attribute, Computed, Definition, Fold, Kind, OwnerKind, ReferenceUse, RelationUse, RelationVia,
    VerbName,
};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows;

/// What one number of a sum may be: nine million of them fit.
const MAX_SUMMED: i64 = 1_000_000_000_000;

impl Family {
    /// What is made together with a row are children of it, by generated behaviour of the same crate.
    fn check_made(&self, definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
        let Some(made) = &attribute.made else { return };
        let of = &made.of.it;
        let mut refuse = |why: String, help: &str| {
            let problem = Problem::new(Code::BadRelation, &definition.source, made.of.span.clone(), why);
            problems.add(problem.help(help.to_owned()));
        };
        let Some(child) = self.get(of) else {
            let message = format!("there is no resource `{of}`");
            let problem = Problem::new(Code::BadRelation, &definition.source, made.of.span.clone(), message);
            return problems.add(problem.suggest(of, self.members.keys().map(String::as_str)));
        };
        let home = |of: &Definition| self.members.get(&of.name.it).map(|(home, _)| home.clone());
        let posts = definition.verbs.iter().any(|verb| verb.verb == VerbName::Post);
        let uuid = child.attributes.iter().any(|own| own.id && matches!(own.kind, Kind::Uuid));
        let is_below = child.parent.as_ref().is_some_and(|parent| parent.resource.it == definition.name.it);
        if !is_below {
            refuse(format!("`{of}` does not stand below `{}`", definition.name.it), "its `parent:` is this resource");
        } else if child.storage.is_none() || definition.storage.is_none() || !posts || definition.handler.is_some() {
            let help = "POST of a resource with `storage:` makes rows of another; a `handler:` makes them itself";
            refuse(format!("nothing makes `{of}` together with `{}`", definition.name.it), help);
        } else if child.attributes.iter().any(|own| own.made.is_some()) {
            refuse(format!("`{of}` has children that come with it"), "one request makes one generation");
        } else if child.verbs.iter().any(|verb| verb.verb == VerbName::Post && verb.then.is_some()) {
            refuse(format!("nothing would call what follows a new one of `{of}`"), "call it from `then:` of this POST");
        } else if home(child) != home(definition) || !uuid {
            refuse(format!("`{of}` gets no id here"), "children of the same crate whose ids are UUIDs are made");
        } else if attribute.access != Access::Create || attribute.column.is_some() || attribute.nullable {
            refuse(
                format!("`{}` is only sent with POST", attribute.name.it),
                "remove `access`, `column` and `nullable`",
            );
        } else if child.storage.iter().any(|storage| !storage.unique.is_empty()) && !has_error(definition, "duplicate")
        {
            refuse(format!("two of `{of}` may be the same"), "add `duplicate: { … }` to the errors here");
        }
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

    pub(super) fn check(&self, definition: &Definition, problems: &mut Problems) {
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
        self.check_parent(definition, problems);
        for attribute in &definition.attributes {
            self.check_made(definition, attribute, problems);
            self.check_fold(definition, attribute, problems);
            self.check_reference(definition, attribute, problems);
        }
        for relation in &definition.relations {
            self.check_relation(definition, relation, problems);
            self.check_link(definition, relation, problems);
        }
        for filter in &definition.list.related {
            self.check_filter(definition, filter, problems);
        }
    }

    /// What is summed up has bounds: a sum that no number holds would fail whoever reads the row.
    fn check_fold(&self, definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
        let Some(Computed::Fold { fold: Fold::Sum | Fold::Average, table, take, .. }) = &attribute.computed else {
            return;
        };
        let here = |of: &&Definition| of.storage.as_ref().is_some_and(|storage| storage.table.it == *table);
        let Some(other) = self.members.values().map(|(_, of)| of).find(here) else { return };
        let Some(taken) = other.attributes.iter().find(|of| of.is_column() && of.column_name() == *take) else {
            return;
        };
        let holds = |bound: Option<i64>| bound.is_some_and(|bound| (-MAX_SUMMED..=MAX_SUMMED).contains(&bound));
        if !holds(taken.min.or(taken.greater_than)) || !holds(taken.max.or(taken.less_than)) {
            let message = format!("`{}` of `{}` may be more than a sum can hold", taken.name.it, other.name.it);
            let problem = Problem::new(Code::BadComputed, &definition.source, attribute.name.span.clone(), message);
            let problem = problem.other(&other.source, taken.name.span.clone(), "summed up from this");
            problems.add(problem.help("give it a `min:` and a `max:` within a million millions"));
        }
    }

    fn check_parent(&self, definition: &Definition, problems: &mut Problems) {
        let dir = |name: &str| self.members.get(name).map(|(dir, _)| dir.as_str());
        let Some(parent) = &definition.parent else { return };
        let name = &parent.resource.it;
        let mut refuse = |why: String| {
            let problem = Problem::new(Code::BadRelation, &definition.source, parent.resource.span.clone(), why);
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
                refuse(format!("the ids of `{name}` are not its owners' own, so `owner: id` would compare nothing"));
            }
            Some(_) if definition.owner.is_some() => {
                refuse(format!("rows below `{name}` belong to whom `{name}` belongs to: `owner:` cannot stand here"));
            }
            Some(_) => {}
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
            RelationVia::Children | RelationVia::Owned | RelationVia::Through(_) => {}
        }
    }
}

fn has_error(definition: &Definition, name: &str) -> bool {
    definition.errors.iter().any(|error| error.name.it == name)
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
