//! The code table of a resource.

use std::collections::BTreeMap;

use crate::definition::{Definition, ErrorUse, Refusal};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;

/// What the framework itself answers with, by code: no resource gives these another meaning.
const FRAMEWORK: [(&str, &str); 11] = [
    ("001", "Invalid access token."),
    ("002", "Missing access token."),
    ("005", "If-Match header is missing."),
    ("007", "Not found"),
    ("008", "Method does not exist"),
    ("010", "Unsupported `Accept` format used."),
    ("011", "Unsupported `Filter` format is used. Please use `filter[resource.property]`"),
    ("313", "Currency is invalid."),
    ("314", "Price mode is invalid."),
    ("5900", "X-MFA-Code header is missing."),
    ("5901", "X-MFA-Code is invalid."),
];

/// Checks that every error has a name and a code of its own, and is given by something.
pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    let source = &definition.source;
    let mut codes: BTreeMap<&str, &ErrorUse> = BTreeMap::new();
    let mut constants: BTreeMap<String, &ErrorUse> = BTreeMap::new();
    for error in &definition.errors {
        let base = names::constant(&error.name.it);
        let on = error.status_on.iter().map(|(verb, _)| format!("{base}_ON_{}", names::constant(verb.as_str())));
        for constant in on.chain([base.clone()]) {
            if let Some(first) = constants.insert(constant, error) {
                let message = format!("`{}` and `{}` are one name in Rust", first.name.it, error.name.it);
                let problem = Problem::new(Code::NameClash, source, error.name.span.clone(), message);
                let problem = problem.label("here").other(source, first.name.span.clone(), "and here");
                problems.add(problem.help("choose another name for one of them"));
            }
        }
        let is_number = error.code.bytes().all(|byte| byte.is_ascii_digit());
        if let Some((code, detail)) =
            FRAMEWORK.iter().find(|(code, detail)| *code == error.code && *detail != error.detail)
        {
            let message = format!("the code {code} is the framework's: {detail}");
            let problem = Problem::new(Code::BadErrorCode, source, error.name.span.clone(), message);
            problems.add(problem.help("choose a number of the resource's own hundred"));
        }
        if let Some(first) = codes.insert(&error.code, error).filter(|first| is_number && first.detail != error.detail)
        {
            let message = format!("the code {} has two texts", error.code);
            let problem = Problem::new(Code::BadErrorCode, source, error.name.span.clone(), message);
            let problem = problem.label("here").other(source, first.name.span.clone(), "and here");
            problems.add(problem.help("one number has one meaning"));
        }
        if !is_given(definition, error) {
            let message = format!("nothing answers with `{}`", error.name.it);
            let problem = Problem::new(Code::UnknownReference, source, error.name.span.clone(), message).warning();
            problems.add(problem.help("name the verbs of a `handler:` that do with `on: […]`, or remove it"));
        }
    }
}

/// Whether generated behaviour or a handler can answer with an error.
fn is_given(definition: &Definition, error: &ErrorUse) -> bool {
    const OWN: [&str; 4] = ["notFound", "duplicate", "parentNotFound", "foreignParent"];
    let rules = || definition.attributes.iter().flat_map(|attribute| &attribute.rules);
    let named =
        |rule: &crate::definition::Rule| matches!(&rule.refusal, Refusal::Error(name) if name.it == error.name.it);
    // What an action does not answer with, its resource may.
    let acts = definition.action_of.is_some();
    acts || definition.handler.is_some()
        || error.on.is_some()
        || OWN.contains(&error.name.it.as_str())
        || (error.name.it == "inUse" && definition.target.referred)
        || definition.attributes.iter().filter_map(|a| a.references.as_ref()).any(|to| to.error.it == error.name.it)
        || (error.name.it == "state" && definition.verbs.iter().any(|verb| !verb.guards.is_empty()))
        || (error.name.it == "transition" && definition.has_transitions())
        || !definition.actions.is_empty()
        || rules().any(named)
}
