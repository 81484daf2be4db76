//! From definitions to files, all in memory: nothing here reads or writes a disk.

mod acts;
mod behaviour;
mod columns;
mod constraints;
mod draft;
mod errors;
mod examples;
mod family;
mod filters;
mod imports;
mod inputs;
mod layered;
mod layout;
mod links;
mod made;
mod named;
mod operations;
mod quote;
mod registry;
mod resource;
mod states;
mod storage;
mod stub;
mod tables;
mod tests;
mod types;
mod verbs;
mod view;
use crate::cores::on_every_core;
use crate::definition::{Attribute, Definition};
use crate::workspace::{Domain, Workspace};

pub use draft::{Draft, File, MARK, NotRust};
pub use stub::stub;

/// Renders everything that a workspace's definitions say, sorted by path.
///
/// # Errors
/// [`NotRust`] when a template produced something that does not parse.
pub fn render(workspace: &Workspace) -> Result<Vec<File>, NotRust> {
    drafts(workspace)?.into_iter().map(Draft::formatted).collect()
}

/// The example of an attribute, as documents and tests have it.
pub(crate) fn example(attribute: &Attribute) -> serde_json::Value {
    examples::value(attribute)
}

/// What a layer asks of a resource whose code is compiled elsewhere, and only that code could give; nothing when the rows of
/// applications say all of it.
///
/// # Errors
/// [`NotRust`] when a template fails.
pub fn beyond_rows(domain: &Domain, compiled: &Definition, layered: &Definition) -> Result<Option<String>, NotRust> {
    layered::beyond_rows(domain, compiled, layered)
}

/// The same before it is laid out.
///
/// # Errors
/// [`NotRust`] when a template fails.
pub fn drafts(workspace: &Workspace) -> Result<Vec<Draft>, NotRust> {
    let mut definitions: Vec<(&Domain, &Definition)> = Vec::new();
    for domain in workspace.own() {
        definitions.extend(domain.definitions.iter().map(|definition| (domain, definition)));
    }
    let of = |(domain, definition): (&Domain, &Definition)| {
        let mut drafts = resource::files(domain, definition)?;
        drafts.push(tests::contract(domain, definition)?);
        Ok(drafts)
    };
    let mut drafts = Vec::new();
    for rendered in on_every_core(definitions, of) {
        drafts.extend(rendered?);
    }
    for domain in workspace.own() {
        drafts.push(registry::domain(domain)?);
        drafts.push(registry::tests(workspace, domain)?);
    }
    for (name, app) in &workspace.apps {
        drafts.push(registry::application(workspace, name, app)?);
    }
    drafts.push(registry::protection(workspace));
    drafts.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(drafts)
}
