//! What definitions are to each other: parents and children, relations and their targets.

mod check;
mod filters;
mod links;
mod members;

use std::collections::BTreeMap;

use crate::definition::{Target, VerbName};
use crate::diagnostic::Problems;
use crate::rows;
use crate::workspace::Workspace;
use members::Family;
pub use members::owner_column;

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
        definition.links = if definition.newest { family.links(definition) } else { Vec::new() };
        let target = family.targets.get(&definition.name.it).copied().unwrap_or_default();
        // Relations lead to the newest version alone; a row can be deleted through each.
        let referred = Target { referred: target.referred, ..Target::default() };
        definition.target = if definition.newest { target } else { referred };
    }
    together(workspace);
}

/// Tells children whose parents make them, whose those are.
fn together(workspace: &mut Workspace) {
    let mut made: BTreeMap<String, (bool, bool)> = BTreeMap::new();
    for definition in workspace.definitions() {
        let posts = rows::of(definition).into_iter().filter(|row| row.verb.verb == VerbName::Post);
        let owned: Vec<bool> = posts.map(|row| row.owner.is_some()).collect();
        for of in definition.attributes.iter().filter_map(|attribute| attribute.made.as_ref()) {
            let known = made.entry(of.of.it.clone()).or_default();
            known.0 |= owned.contains(&true);
            known.1 |= owned.contains(&false);
        }
    }
    for (_, definition) in workspace.located_mut() {
        let (owned, unowned) = made.get(&definition.name.it).copied().unwrap_or_default();
        (definition.target.made_owned, definition.target.made_unowned) = (owned, unowned);
    }
}
