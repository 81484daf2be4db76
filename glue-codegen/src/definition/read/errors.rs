//! The code table: `errors:`.

use super::super::fields::{Fields, text};
use super::super::{At, ErrorUse, VerbName};
use super::shared::{known_words, named, profiles};
use super::verbs::{unknown_verb, verb_name, verb_names};
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
        let status = status(&fields, &name, problems);
        let (code, detail) = (fields.needed("code", problems), fields.needed("detail", problems));
        let on = fields
            .words("on", problems)
            .map(|words| verb_names(source, words, &[], problems).0.into_iter().map(|at| at.it).collect());
        let status_on = status_on(&fields, problems);
        let german = fields.text("german", problems).map(|at| at.it);
        let profiles = profiles(&fields, problems);
        let dialects = known_words(&fields, "dialects", "dialect", &["rest", "decoupled"], problems);
        let samples = samples(&fields, problems);
        fields.finish(problems);
        if let (Some(status), Some(code), Some(detail)) = (status, code, detail) {
            let texts = [Some(detail.it.as_str()), german.as_deref()];
            fits(source, &name, &texts.into_iter().flatten().collect::<Vec<_>>(), &samples, problems);
            let samples = samples.into_iter().map(|(name, value)| (name.it, value)).collect();
            coded(source, &code, problems);
            let (code, detail) = (code.it, detail.it);
            errors.push(ErrorUse { name, status, code, detail, german, status_on, on, profiles, dialects, samples });
        }
    }
    errors
}

/// The status of an error.
fn status(fields: &Fields<'_>, name: &At<String>, problems: &mut Problems) -> Option<u16> {
    let Some(entry) = fields.get("status") else {
        let problem = Problem::new(Code::MissingKey, fields.source, name.span.clone(), "`status` is missing");
        problems.add(problem.help("an error has a status of 400 to 599"));
        return None;
    };
    let status = fields.int("status", problems)?;
    error_status(fields.source, status, entry.value.span.clone(), problems)
}

fn error_status(source: &Source, status: i64, span: std::ops::Range<usize>, problems: &mut Problems) -> Option<u16> {
    let fits = u16::try_from(status).ok().filter(|status| (400..600).contains(status));
    if fits.is_none() {
        let problem = Problem::new(Code::BadStatus, source, span, format!("{status} is the status of no error"));
        problems.add(problem.help("an error has a status of 400 to 599"));
    }
    fits
}

/// A code is a number, or a word of OAuth's.
fn coded(source: &Source, code: &At<String>, problems: &mut Problems) {
    let number = code.it.bytes().all(|byte| byte.is_ascii_digit());
    let word = code.it.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    if code.it.is_empty() || !(number || word) {
        let problem = Problem::new(Code::BadErrorCode, source, code.span.clone(), format!("`{}` is no code", code.it));
        problems.add(problem.help("a number in quotes, `\"0201\"`, or a word of RFC 6749: `invalid_grant`"));
    }
}

fn status_on(fields: &Fields<'_>, problems: &mut Problems) -> Vec<(VerbName, u16)> {
    let Some(entry) = fields.get("statusOn") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        match (verb_name(&entry.key), &entry.value.value) {
            (Some(verb), Value::Int(status)) => {
                let fits = error_status(fields.source, *status, entry.value.span.clone(), problems);
                found.extend(fits.map(|status| (verb, status)));
            }
            (None, _) => unknown_verb(fields.source, &entry.key, entry.key_span.clone(), problems),
            _ => problems.add(Problem::new(
                Code::BadStatus,
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
