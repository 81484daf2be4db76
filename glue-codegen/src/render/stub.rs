//! Hand-written behaviour as it begins: a file that people own from then on.

use askama::Template;

use super::draft::{File, MARK, NotRust, rust};
use super::verbs::VerbView;
use super::view::ResourceView;
use crate::definition::{Definition, VerbName};
use crate::workspace::Domain;

/// The implementation of a definition's trait, under the name that the definition gives it: the verbs of `verbs` with their
/// default to add to, or all of them where there is none. `origin` is a line on where it came from, possibly none.
///
/// # Errors
/// [`NotRust`] when the template produced something that does not parse.
pub fn stub(
    domain: &Domain,
    definition: &Definition,
    handler: &str,
    verbs: &[VerbName],
    origin: &str,
) -> Result<File, NotRust> {
    let template = StubTemplate { r: ResourceView::of(definition), handler, verbs, origin };
    let file = rust(format!("{}/src/{}.rs", domain.dir, definition.module()), &template)?.formatted()?;
    let text = file.text.strip_prefix(MARK).unwrap_or(&file.text).to_owned();
    Ok(File { text, ..file })
}

#[derive(Template)]
#[template(path = "stub.rs.txt", escape = "none", syntax = "rust")]
struct StubTemplate<'a> {
    r: ResourceView,
    handler: &'a str,
    verbs: &'a [VerbName],
    origin: &'a str,
}

impl StubTemplate<'_> {
    /// The verbs to write: without storage nothing else serves the others.
    fn methods(&self) -> impl Iterator<Item = &VerbView> {
        let wanted =
            |verb: &&VerbView| !self.r.has_defaults() || self.verbs.iter().any(|wanted| wanted.as_str() == verb.key);
        self.r.verbs.iter().filter(wanted)
    }

    /// A parameter: what refuses everything looks at none.
    fn name(&self, name: &str) -> String {
        if self.r.has_defaults() { name.to_owned() } else { format!("_{name}") }
    }

    fn success(&self, verb: &&VerbView) -> String {
        let one = format!("crate::generated::{}::attributes::{}", self.r.module, self.r.one);
        match verb.key {
            "list" => format!("glue_core::document::Listing<{one}>"),
            "delete" => "()".into(),
            _ if verb.answers && self.r.actions.returned.is_none() => format!("glue_core::document::Entity<{one}>"),
            _ => self.r.success(verb),
        }
    }
}
