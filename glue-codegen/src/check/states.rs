//! Values that depend on others: defaults, the states that a row goes through, references to other rows.

use super::examples;
use crate::definition::{Access, At, Attribute, Condition, Definition, Kind, ReferenceUse, StateGuard, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;

/// Checks defaults, transitions, references and the states in which verbs are served.
pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    for attribute in &definition.attributes {
        default(definition, attribute, problems);
        transitions(definition, attribute, problems);
        demanded(definition, attribute, problems);
        if let Some(reference) = &attribute.references {
            refers(definition, attribute, reference, problems);
            needs(definition, &reference.error.it, "what is referred to may not be there", &reference.error, problems);
        }
        if attribute.made.is_none() {
            parts(definition, attribute, &attribute.kind, problems);
        }
    }
    for verb in &definition.verbs {
        for guard in &verb.guards {
            guarded(definition, verb.verb, guard, problems);
        }
    }
}

/// What is a part of an attribute is read with it, and looks at nothing beside it.
fn parts(definition: &Definition, whole: &Attribute, kind: &Kind, problems: &mut Problems) {
    for member in kind.members().unwrap_or_default() {
        let compared = member.rules.iter().find_map(|rule| match &rule.holds {
            Condition::Equals(other) | Condition::Above { other, .. } => Some(&other.span),
            Condition::Pattern(_) | Condition::Check(_) => None,
        });
        let said = [
            member.default.as_ref().map(|at| &at.span),
            member.transitions.first().map(|at| &at.from.span),
            member.references.as_ref().map(|reference| &reference.to.span),
            member.required_when.first().map(|state| &state.attribute.span),
            member.fill.as_ref().map(|at| &at.span),
            member.made.as_ref().map(|made| &made.of.span),
            compared,
        ];
        if let Some(span) = said.into_iter().flatten().next() {
            let message = format!("`{}` is sent as a part of `{}`", member.name.it, whole.name.it);
            let problem = Problem::new(Code::RuleMismatch, &definition.source, span.clone(), message);
            let help = "only attributes of the resource itself have defaults, transitions, references and children, are \
                        filled in, or compared with others";
            problems.add(problem.help(help));
        }
        parts(definition, whole, &member.kind, problems);
    }
}

fn default(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let Some(default) = &attribute.default else {
        // Behaviour by hand gives it what it likes.
        let generated = definition.storage.is_some() && definition.handler.is_none();
        if attribute.access == Access::Change && !attribute.nullable && generated {
            let message = format!("nobody says what `{}` of a new resource is", attribute.name.it);
            let problem = Problem::new(Code::MissingKey, &definition.source, attribute.name.span.clone(), message);
            problems.add(problem.help("add `default: …`, or `nullable: true`"));
        }
        return;
    };
    let scalar =
        matches!(attribute.kind, Kind::String | Kind::Text | Kind::Enum(_) | Kind::Int | Kind::Money | Kind::Bool);
    let sent = attribute.access.writes(VerbName::Post);
    let why = if attribute.id || attribute.computed.is_some() || definition.format.is_form() || !scalar {
        Some("has no default: texts, words, numbers and flags have one".to_owned())
    } else if attribute.nullable {
        Some("has a default, so it is never null".to_owned())
    } else if attribute.required.contains(&VerbName::Post) {
        Some("is required of POST, so its default is never taken".to_owned())
    } else if !sent && definition.storage.is_none() {
        Some("has a default, but no storage that would take it".to_owned())
    } else {
        examples::unfit(attribute, &default.it).map(|why| format!("has a default that {why}"))
    };
    if let Some(why) = why {
        let message = format!("`{}` {why}", attribute.name.it);
        let problem = Problem::new(Code::BadDefault, &definition.source, default.span.clone(), message);
        problems.add(problem.help("remove `default`, or what contradicts it"));
    }
}

fn transitions(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let Some(first) = attribute.transitions.first() else { return };
    let source = &definition.source;
    let stateful = matches!(attribute.kind, Kind::Enum(_)) && !attribute.nullable && attribute.access == Access::Change;
    if !stateful || definition.storage.is_none() {
        let message = format!("`{}` does not go from state to state", attribute.name.it);
        let problem = Problem::new(Code::BadTransition, source, first.from.span.clone(), message);
        let help = "transitions are of a stored `type: enum` with `access: change` and a `default:`, never null";
        return problems.add(problem.help(help));
    }
    let named = attribute.transitions.iter().flat_map(|of| std::iter::once(&of.from).chain(&of.to));
    for word in named {
        known(definition, attribute, word, problems);
    }
    needs(definition, "transition", "a change may not be allowed", &first.from, problems);
    let example = attribute.example.as_ref().and_then(|example| serde_json::from_str(example).ok());
    let example = example.map(|value| names::plain(&value));
    let example = example.or_else(|| attribute.words().first().cloned()).unwrap_or_default();
    let start = attribute.default_text().unwrap_or_default();
    if !attribute.before(&example).contains(&start.as_str()) {
        let message = format!("the example of `{}` is no change of a new resource", attribute.name.it);
        let problem = Problem::new(Code::BadExample, source, attribute.name.span.clone(), message);
        problems.add(problem.help(format!("`example:` is `{start}`, or what it may become")));
    }
}

/// What is required when another attribute is a word comes in one body with it, and not always.
fn demanded(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    for state in &attribute.required_when {
        let name = &state.attribute;
        let mut refuse = |message: String, help: &str| {
            let problem = Problem::new(Code::RuleMismatch, &definition.source, name.span.clone(), message);
            problems.add(problem.help(help.to_owned()));
        };
        let found = definition.attributes.iter().find(|other| other.name.it == name.it);
        let worded = |other: &&Attribute| matches!(other.kind, Kind::String | Kind::Text | Kind::Enum(_));
        let Some(other) = found.filter(worded) else {
            let message = format!("`{}` is no attribute that has words", name.it);
            return refuse(message, "`requiredWhen` names an enum or a text that the same body carries");
        };
        let alone = |verb: &VerbName| attribute.access.writes(*verb) && !other.access.writes(*verb);
        if [VerbName::Post, VerbName::Patch].iter().any(alone) {
            return refuse(
                format!("`{}` is sent without `{}`", attribute.name.it, other.name.it),
                "let clients send both",
            );
        }
        if !attribute.required.is_empty() || attribute.default.is_some() {
            let message = format!("`{}` has a value anyway", attribute.name.it);
            return refuse(message, "remove `required` or `default`, or `requiredWhen`");
        }
        for word in state.words.iter().filter(|_| !other.words().is_empty()) {
            known(definition, other, word, problems);
        }
    }
}

fn guarded(definition: &Definition, verb: VerbName, guard: &StateGuard, problems: &mut Problems) {
    let name = &guard.attribute;
    let mut refuse = |message: String, help: &str| {
        let problem = Problem::new(Code::RuleMismatch, &definition.source, name.span.clone(), message);
        problems.add(problem.help(help));
    };
    let rows = definition.stored().unwrap_or(definition);
    let found = rows.attributes.iter().find(|attribute| attribute.name.it == name.it);
    let stateful = |attribute: &&Attribute| {
        let words = matches!(attribute.kind, Kind::Enum(_)) && !attribute.nullable;
        words && attribute.access.reads() && attribute.computed.is_none()
    };
    let Some(attribute) = found.filter(stateful) else {
        let message = format!("`{}` is no state that clients see", name.it);
        return refuse(message, "`while` names an attribute of `type: enum` that is never null");
    };
    let acts = definition.action_of.is_some();
    if !(acts || matches!(verb, VerbName::Patch | VerbName::Delete)) || definition.stored().is_none() {
        let message = match acts {
            true => "nothing looks at the row's state".to_owned(),
            false => format!("`{}` finds no row in a state", verb.as_str()),
        };
        let help = "`while` belongs to `patch`, `delete` and actions with `set:` of a resource with `storage:`";
        return refuse(message, help);
    }
    if guard.words.is_empty() {
        return refuse(
            format!("no `{}` is named", name.it),
            "name the words of the states in which the verb is served",
        );
    }
    for word in &guard.words {
        known(definition, attribute, word, problems);
    }
    needs(definition, "state", "a row may be in another state", name, problems);
}

/// A reference is looked up when it is sent: nothing else gives it a value.
fn refers(definition: &Definition, attribute: &Attribute, reference: &ReferenceUse, problems: &mut Problems) {
    let sent = [VerbName::Post, VerbName::Patch].iter().any(|verb| attribute.access.writes(*verb));
    if !sent || attribute.default.is_some() {
        let message = format!("nobody sends `{}`, so nothing looks whether it leads somewhere", attribute.name.it);
        let problem = Problem::new(Code::BadReference, &definition.source, reference.to.span.clone(), message);
        problems.add(problem.help("let clients write it, without a `default:`"));
    }
}

/// Refuses a word that an enum does not have.
fn known(definition: &Definition, attribute: &Attribute, word: &At<String>, problems: &mut Problems) {
    if !attribute.words().contains(&word.it) {
        let message = format!("`{}` is never `{}`", attribute.name.it, word.it);
        let problem = Problem::new(Code::UnknownReference, &definition.source, word.span.clone(), message);
        problems.add(problem.suggest(&word.it, attribute.words().iter().map(String::as_str)));
    }
}

/// Demands a row of the code table.
fn needs(definition: &Definition, name: &str, why: &str, at: &At<String>, problems: &mut Problems) {
    if definition.errors.iter().all(|error| error.name.it != name) {
        let message = format!("there is no error `{name}`");
        let problem = Problem::new(Code::MissingError, &definition.source, at.span.clone(), message);
        problems.add(
            problem.help(format!("{why}: add `{name}: {{ status: 422, code: \"…\", detail: … }}` under `errors:`")),
        );
    }
}
