//! Relations through children that refer to others: many on both sides.

use super::members::Family;
use crate::definition::{Attribute, Definition, LinkUse, RelationUse, RelationVia};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows::{self, Row};

impl Family {
    /// What ties the rows of a resource to many of others: each kind of children once.
    pub(super) fn links(&self, definition: &Definition) -> Vec<LinkUse> {
        let mut links: Vec<LinkUse> = Vec::new();
        for (_, from) in self.members.values() {
            let here = from.relations.iter().filter(|relation| relation.to.it == definition.name.it);
            links.extend(here.filter_map(|relation| self.link(definition, relation)));
        }
        links
    }

    fn link(&self, to: &Definition, relation: &RelationUse) -> Option<LinkUse> {
        let RelationVia::Through(name) = &relation.via else { return None };
        let link = self.get(&name.it)?;
        let storage = link.storage.as_ref()?;
        Some(LinkUse {
            name: link.name.it.clone(),
            table: storage.table.it.clone(),
            key: storage.key.clone(),
            attribute: referring(link, to).next()?.clone(),
            deleted: storage.deleted.as_ref().map(|at| at.it.clone()),
            from: self.ancestors(link).pop()?,
        })
    }

    /// What stands between: children of this resource, in the same crate, with one reference, that whoever reads this may
    /// read.
    pub(super) fn check_link(&self, definition: &Definition, relation: &RelationUse, problems: &mut Problems) {
        let (RelationVia::Through(name), Some(to)) = (&relation.via, self.get(&relation.to.it)) else { return };
        let mut refuse = |why: String, help: &str| {
            let problem = Problem::new(Code::BadRelation, &definition.source, name.span.clone(), why);
            problems.add(problem.help(help.to_owned()));
        };
        let Some(link) = self.get(&name.it) else {
            let problem = Problem::new(
                Code::BadRelation,
                &definition.source,
                name.span.clone(),
                format!("there is no resource `{}`", name.it),
            );
            let problem = problem.help("name the children of this resource that refer to the other");
            return problems.add(problem.suggest(&name.it, self.members.keys().map(String::as_str)));
        };
        let home = |of: &Definition| self.members.get(&of.name.it).map(|(home, _)| home.clone());
        let is_child = link.parent.as_ref().is_some_and(|parent| parent.resource.it == definition.name.it);
        let table = |of: &Definition| of.storage.as_ref().map(|storage| storage.table.it.clone());
        if table(to) == table(definition) {
            refuse(format!("`{}` has the rows of `{}`", to.name.it, definition.name.it), "rows of two tables are tied");
        } else if !is_child || link.storage.is_none() {
            refuse(
                format!("`{}` are no stored children of `{}`", name.it, definition.name.it),
                "its `parent:` is this resource",
            );
        } else if referring(link, to).count() != 1 {
            let why = format!("`{}` has no attribute, or more than one, that refers to `{}`", name.it, to.name.it);
            refuse(why, "one attribute with `references:` ties both");
        } else if home(to) != home(definition) || home(link) != home(definition) {
            refuse(format!("`{}` and `{}` are of other crates", name.it, to.name.it), "one crate has all three");
        } else if to.parent.is_some() {
            let why = format!("`{}` stands below a parent, whose id its own does not tell", to.name.it);
            refuse(why, "include what stands between, and what that refers to");
        } else if let Some(row) = rows::of(definition).iter().find(|row| !may_read(row, link, to)) {
            let why = format!("whoever reads `{}` in the {} may not read `{}`", definition.name.it, row.app, name.it);
            refuse(why, "its answers would tell what is tied: read both with the same scopes");
        }
    }
}

/// The attributes of a resource that refer to rows of another one.
fn referring<'a>(link: &'a Definition, to: &'a Definition) -> impl Iterator<Item = &'a Attribute> {
    let leads = |attribute: &&Attribute| attribute.references.as_ref().is_some_and(|of| of.to.it == to.name.it);
    link.attributes.iter().filter(leads)
}

/// Whether whoever reads a row may read its children, and what they refer to: those without routes of their own are read
/// with it.
fn may_read(row: &Row<'_>, link: &Definition, to: &Definition) -> bool {
    let rows = rows::of(link);
    let mut reading = rows.iter().filter(|other| other.app == row.app && !other.verb.verb.writes()).peekable();
    let shown = referring(link, to).all(|of| of.is_in(row.app) && of.access.reads() && !of.secret);
    let read = reading.peek().is_none() || reading.any(|other| other.lets_in_all_of(row));
    row.verb.verb.writes() || (shown && read)
}
