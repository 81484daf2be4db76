//! The code table: `errors:`.

use super::super::fields::{Fields, text};
use super::super::{At, ErrorUse, VerbName};
use super::{known_words, named, profiles, unknown_verb, verb_name, verb_names};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{Node, Value};

pub(super) fn read(source: &Source, node: &Node, problems: &mut Problems) -> Vec<ErrorUse> {
    let mut errors = Vec::new();
    for entry in Fields::of(source, node, problems).all() {
        let name = At { it: entry.key.clone(), span: entry.key_span.clone() };
        named(source, &name, names::is_attribute(&name.it), "letters and digits, a lower-case letter first", problems);
        let fields = Fields::of(source, &entry.value, problems);
        let status = fields.int("status", problems).and_then(|status| u16::try_from(status).ok());
        let (code, detail) = (fields.needed("code", problems), fields.needed("detail", problems));
        let on = fields
            .words("on", problems)
            .map(|words| verb_names(source, words, problems).into_iter().map(|at| at.it).collect());
        let status_on = status_on(&fields, problems);
        let german = fields.text("german", problems).map(|at| at.it);
        if !status.is_some_and(|status| (400..600).contains(&status)) {
            problems.add(Problem::new(
                Code::WrongShape,
                source,
                entry.key_span.clone(),
                "`status` is missing or no error status",
            ));
        }
        let profiles = profiles(&fields, problems);
        let dialects = known_words(&fields, "dialects", "dialect", &["rest", "decoupled"], problems);
        let samples = samples(&fields, problems);
        fields.finish(problems);
        if let (Some(status), Some(code), Some(detail)) = (status, code, detail) {
            let texts = [Some(detail.it.as_str()), german.as_deref()];
            fits(source, &name, &texts.into_iter().flatten().collect::<Vec<_>>(), &samples, problems);
            let samples = samples.into_iter().map(|(name, value)| (name.it, value)).collect();
            let (code, detail) = (code.it, detail.it);
            errors.push(ErrorUse { name, status, code, detail, german, status_on, on, profiles, dialects, samples });
        }
    }
    errors
}

fn status_on(fields: &Fields<'_>, problems: &mut Problems) -> Vec<(VerbName, u16)> {
    let Some(entry) = fields.get("statusOn") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        match (verb_name(&entry.key), &entry.value.value) {
            (Some(verb), Value::Int(status)) => found.extend(u16::try_from(*status).ok().map(|status| (verb, status))),
            (None, _) => unknown_verb(fields.source, &entry.key, entry.key_span.clone(), problems),
            _ => problems.add(Problem::new(
                Code::WrongShape,
                fields.source,
                entry.value.span.clone(),
                "a status is a number",
            )),
        }
    }
    found
}

/// What stands for the placeholders of the texts, by name.
fn samples(fields: &Fields<'_>, problems: &mut Problems) -> Vec<(At<String>, String)> {
    let Some(entry) = fields.get("samples") else { return Vec::new() };
    let mut found = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let name = At { it: entry.key.clone(), span: entry.key_span.clone() };
        found.extend(text(fields.source, &entry.value, problems).map(|value| (name, value.it)));
    }
    found
}

/// Every placeholder has a sample and every sample a placeholder: documents show errors as they are sent.
fn fits(
    source: &Source,
    error: &At<String>,
    texts: &[&str],
    samples: &[(At<String>, String)],
    problems: &mut Problems,
) {
    for name in texts.iter().flat_map(|text| placeholders(text)) {
        if !samples.iter().any(|(sample, _)| sample.it == name) {
            let message = format!("`%{name}%` has no sample for the documents");
            let problem = Problem::new(Code::MissingKey, source, error.span.clone(), message);
            problems.add(problem.help(format!("say what stands there, say: `samples: {{ {name}: \"5\" }}`")));
        }
    }
    for (sample, _) in samples {
        if !texts.iter().any(|text| placeholders(text).any(|name| name == sample.it)) {
            let message = format!("no text of this error has a `%{}%`", sample.it);
            problems.add(Problem::new(Code::UnknownKey, source, sample.span.clone(), message));
        }
    }
}

/// The lower-case words between two `%`.
fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split('%').skip(1);
    let between = pieces.clone().zip(pieces.skip(1)).map(|(piece, _)| piece);
    between.filter(|name| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()))
}
