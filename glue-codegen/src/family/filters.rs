//! Filters by attributes of related resources: of children, and of what a row refers to.

use super::members::Family;
use crate::definition::{Attribute, Definition, ReferenceUse, RelatedFilter, RelatedRows, Tie, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows::{self, Row};

impl Family {
    /// Where the rows are that a filter looks at.
    pub(super) fn related(&self, definition: &Definition, filter: &RelatedFilter) -> Option<RelatedRows> {
        let found = self.get(&filter.resource)?;
        let storage = found.storage.as_ref()?;
        Some(RelatedRows {
            table: storage.table.it.clone(),
            key: storage.key.clone(),
            attribute: named(found, &filter.name)?.clone(),
            deleted: storage.deleted.as_ref().map(|at| at.it.clone()),
            tie: self.ties(definition, found).into_iter().next()?,
        })
    }

    /// All that ties rows of a resource to those of another one.
    fn ties(&self, definition: &Definition, found: &Definition) -> Vec<Tie> {
        let is_child = found.parent.as_ref().is_some_and(|parent| parent.resource.it == definition.name.it);
        let child = self.ancestors(found).pop().filter(|_| is_child);
        let leads = |reference: &&ReferenceUse| reference.to.it == found.name.it;
        let referring = definition.attributes.iter().filter(|of| of.references.as_ref().filter(leads).is_some());
        let id = found.attributes.iter().find(|attribute| attribute.id).map(Attribute::column_name);
        let references = referring
            .filter_map(|attribute| Some(Tie::Reference { attribute: attribute.name.it.clone(), id: id.clone()? }));
        child.map(|parent| Tie::Children(parent.referred_by)).into_iter().chain(references).collect()
    }

    /// Clients filter by what they could read along the way, and one way leads there.
    pub(super) fn check_filter(&self, definition: &Definition, filter: &RelatedFilter, problems: &mut Problems) {
        let (kind, name, source) = (&filter.resource, &filter.name, &definition.source);
        let refuse = |why: String, help: &str| {
            Problem::new(Code::NotSortable, source, filter.said.span.clone(), why).help(help.to_owned())
        };
        if *kind == definition.name.it {
            return problems
                .add(refuse(format!("`{kind}` is the resource itself"), "name its attributes alone: `status`"));
        }
        let Some(found) = self.get(kind).filter(|of| of.storage.is_some() && definition.storage.is_some()) else {
            let problem = refuse(format!("there are no rows of `{kind}` to look at"), "name a stored resource");
            return problems.add(problem.suggest(kind, self.members.keys().map(String::as_str)));
        };
        let ties = self.ties(definition, found);
        let tie = match ties.as_slice() {
            [tie] => tie,
            [] => {
                let help = "a filter looks at children, and at what an attribute with `references:` leads to";
                return problems.add(refuse(format!("nothing ties `{}` to `{kind}`", definition.name.it), help));
            }
            [_, _, ..] => {
                let why = format!("more than one attribute leads to `{kind}`");
                return problems.add(refuse(why, "nobody could tell which is meant: remove the filter"));
            }
        };
        let Some(attribute) = named(found, name) else {
            let problem = refuse(format!("`{kind}` has no attribute `{name}`"), "clients filter by what they can read");
            return problems.add(problem.suggest(name, found.attributes.iter().map(|of| of.name.it.as_str())));
        };
        if !attribute.kind.is_compared() || !attribute.is_column() {
            problems.add(refuse(format!("rows cannot be compared by `{name}` of `{kind}`"), "remove the filter"));
        } else if !(attribute.id || attribute.access.reads()) || attribute.secret {
            problems.add(refuse(format!("clients do not see `{name}` of `{kind}`"), "remove the filter"));
        } else if let Some(list) = rows::of(definition).iter().find(|list| !may_read(list, found, attribute, tie)) {
            let why =
                format!("whoever lists `{}` in the {} may not read that of `{kind}`", definition.name.it, list.app);
            let help = "its answers would tell: mount a verb that reads it, for the same callers, or remove the filter";
            problems.add(refuse(why, help).other(
                &found.source,
                attribute.name.span.clone(),
                "not for everybody there",
            ));
        }
    }
}

fn named<'a>(of: &'a Definition, name: &str) -> Option<&'a Attribute> {
    of.attributes.iter().find(|attribute| if name == "id" { attribute.id } else { attribute.name.it == name })
}

/// Whether whoever is let into a collection could read an attribute of the related rows as well, and what leads there.
fn may_read(list: &Row<'_>, found: &Definition, attribute: &Attribute, tie: &Tie) -> bool {
    if list.verb.verb != VerbName::List {
        return true;
    }
    let leads = |of: &&Attribute| matches!(tie, Tie::Reference { attribute, .. } if *attribute == of.name.it);
    let mut along = list.definition.attributes.iter().filter(leads);
    let reads = |row: &Row<'_>| {
        // Of rows that are somebody's, those are looked at which are tied to the caller's own.
        let bounded = row.owner.is_none() || list.owner.is_some();
        row.app == list.app && !row.verb.verb.writes() && row.lets_in_all_of(list) && bounded
    };
    attribute.is_in(list.app)
        && along.all(|of| of.is_in(list.app) && of.access.reads() && !of.secret)
        && rows::of(found).iter().any(reads)
}
