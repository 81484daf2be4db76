//! Every shipped definition with one fact of its protection turned over: nothing of it happens in silence. A mutant is
//! refused, or the comparison with what was there before tells it, and asks for a reason where it protects less.

use std::collections::BTreeMap;

use glue_codegen::against::{self, Effect};
use glue_codegen::diagnostic::{Problems, Severity};
use glue_codegen::rows::{self, Row};
use glue_codegen::source::Source;
use glue_codegen::workspace::Workspace;
use glue_codegen::yaml::{self, Entry, Node, Value};

use crate::project::Project;

/// A change of a text: what it is, where, and what stands there then.
struct Mutant {
    what: &'static str,
    at: std::ops::Range<usize>,
    text: String,
}

/// What became of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// It is an error.
    Refused,
    /// It protects less, and is refused without a reason.
    Reasoned,
    /// It is told, and protects no less.
    Told,
    /// It says in other words what was said before.
    Same,
    /// Nobody would know.
    Silent,
}

fn entry<'a>(node: &'a Node, key: &str) -> Option<&'a Entry> {
    entries(node).iter().find(|entry| entry.key == key)
}

fn entries(node: &Node) -> &[Entry] {
    if let Value::Map(entries) = &node.value { entries } else { &[] }
}

/// Adds a key to a mapping, or makes one of nothing.
fn with(node: &Entry, key: &str, what: &'static str, text: &str) -> Mutant {
    match &node.value.value {
        Value::Map(_) => {
            let at = node.value.span.start + text[node.value.span.start..].find('{').map_or(0, |at| at + 1);
            Mutant { what, at: at..at, text: format!(" {key}, ") }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Text(_) | Value::List(_) => {
            let at = node.key_span.end + 1;
            Mutant { what, at: at..at, text: format!(" {{ {key} }}") }
        }
    }
}

/// Takes an entry out, with what separates it from the next one.
fn without(node: &Entry, what: &'static str, text: &str) -> Mutant {
    let (start, mut end) = (node.key_span.start, node.value.span.end.max(node.key_span.end + 1));
    end += text[end..]
        .find(|c: char| !c.is_whitespace() || c == '\n')
        .filter(|at| text[end + at..].starts_with(','))
        .map_or(0, |at| at + 1);
    Mutant { what, at: start..end, text: String::new() }
}

fn replaced(node: &Node, what: &'static str, text: &str) -> Mutant {
    Mutant { what, at: node.span.clone(), text: text.to_owned() }
}

/// Every mutant of one definition.
fn mutants(text: &str) -> Vec<Mutant> {
    let mut problems = Problems::default();
    let tree = yaml::parse(&Source::new("x.resource.yml".to_owned(), text.to_owned()), &mut problems)
        .expect("a shipped definition");
    let resource = &entry(&tree, "resource").expect("a resource").value;
    let mut mutants = Vec::new();
    let verbs =
        ["verbs", "actions"].into_iter().filter_map(|key| entry(resource, key)).flat_map(|verbs| entries(&verbs.value));
    for verb in verbs {
        let said = |key| entry(&verb.value, key);
        match said("protected") {
            Some(flag) => mutants.push(replaced(&flag.value, "a public verb is protected", "true")),
            None if ["agent", "client"].iter().any(|key| said(key).is_some()) => {}
            None => {
                mutants.push(with(verb, "protected: false", "a protected verb is public", text));
                mutants.push(with(verb, "protected: optional", "a protected verb is optional", text));
            }
        }
        for (key, what) in [
            ("agent", "no agent is asked for"),
            ("client", "no client authenticates"),
            ("factorCode", "no code is asked for"),
        ] {
            mutants.extend(said(key).map(|key| without(key, what, text)));
        }
        for key in ["agent", "client"].into_iter().filter_map(said) {
            if matches!(&key.value.value, Value::Text(word) if word == "required") {
                let at = key.key_span.start..key.value.span.end;
                mutants.push(Mutant { what: "strangers come in", at, text: "protected: false".to_owned() });
            }
        }
        if said("owner").is_none() {
            mutants.push(with(verb, "owner: none", "ownership is left out at a verb", text));
        }
        mutants.push(with(verb, "apiKey: true", "a verb takes API keys", text));
        mutants.push(with(verb, "scopes: []", "a verb asks for no scope", text));
        mutants.push(without(verb, "a verb is gone", text));
        mutants.extend(said("only").map(|only| without(only, "a verb is mounted everywhere", text)));
        // What reads may be public without a reason.
        let because = said("because").filter(|_| !["list", "get"].contains(&verb.key.as_str()));
        mutants.extend(because.map(|because| without(because, "a reason is gone", text)));
    }
    for app in entry(resource, "apps").map(|apps| entries(&apps.value)).unwrap_or_default() {
        mutants.extend(
            entry(&app.value, "scopes").map(|scopes| without(scopes, "an application asks for no scope", text)),
        );
        if entry(&app.value, "owner").is_none() {
            mutants.push(with(app, "owner: none", "ownership is left out in an application", text));
        }
        mutants.push(with(app, "apiKey: true", "an application takes API keys", text));
    }
    for (key, what) in [("multiFactor", "no second factor"), ("noStore", "caches keep it"), ("owner", "nobody owns it")]
    {
        mutants.extend(entry(resource, key).map(|found| without(found, what, text)));
    }
    let owner = entry(resource, "parent").and_then(|parent| entry(&parent.value, "owner"));
    mutants.extend(owner.map(|owner| without(owner, "a parent is anybody's", text)));
    for attribute in entry(resource, "attributes").map(|of| entries(&of.value)).unwrap_or_default() {
        for (key, what) in [
            ("secret", "no longer secret"),
            ("max", "a limit is gone"),
            ("rules", "a rule is gone"),
            ("password", "any password"),
        ] {
            mutants.extend(entry(&attribute.value, key).map(|found| without(found, what, text)));
        }
        if let Some(access) = entry(&attribute.value, "access")
            && matches!(&access.value.value, Value::Text(word) if word == "hidden" || word == "create" || word == "update")
        {
            mutants.push(replaced(&access.value, "what was kept is shown", "read"));
        }
    }
    mutants
}

/// The protection table.
fn lines(workspace: &Workspace) -> Vec<String> {
    rows::all(workspace).iter().map(Row::line).collect()
}

/// What becomes of `project`, compared with `old`.
fn fate(project: &Project, old: &Workspace) -> Fate {
    let (new, problems) = project.workspace();
    if problems.has_errors() {
        return Fate::Refused;
    }
    let mut problems = Problems::default();
    let changes = against::compare(old, &new, &mut problems);
    let errors = problems.sorted().iter().any(|problem| problem.severity == Severity::Error);
    match changes.as_slice() {
        [] if lines(old) == lines(&new) => Fate::Same,
        [] => Fate::Silent,
        _ if errors => Fate::Reasoned,
        changes => {
            let loosened = changes.iter().any(|change| change.effect == Effect::Loosened);
            if loosened { Fate::Silent } else { Fate::Told }
        }
    }
}

#[test]
fn no_mutant_of_protection_is_silent() {
    let project = Project::of_this_repository();
    let (old, _) = project.workspace();
    let mut table: BTreeMap<(&str, Fate), usize> = BTreeMap::new();
    let mut silent = Vec::new();
    for domain in &old.domains {
        let files =
            domain.definitions.iter().map(|of| of.source.path.clone()).collect::<std::collections::BTreeSet<_>>();
        for path in files {
            let text = project.read(&path);
            for mutant in mutants(&text) {
                let mut mutated = text.clone();
                mutated.replace_range(mutant.at.clone(), &mutant.text);
                project.write(&path, &mutated);
                let fate = fate(&project, &old);
                *table.entry((mutant.what, fate)).or_default() += 1;
                if fate == Fate::Silent {
                    silent.push(format!("{path}: {} at {:?}", mutant.what, mutant.at));
                }
            }
            project.write(&path, &text);
        }
    }
    let rows: Vec<String> = table.iter().map(|((what, fate), count)| format!("{what}: {fate:?} {count}")).collect();
    insta::assert_snapshot!(rows.join("\n"));
    assert_eq!(silent, Vec::<String>::new());
}
