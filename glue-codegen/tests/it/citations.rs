//! What comments, tests and documents cite is in this repository: sections of the reference, requirements by their ids.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::project::repository;

/// Every file that people write, by its path.
fn files() -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            let is_text = [".rs", ".md", ".yml", ".toml", ".txt", ".sql", ".php"].iter().any(|end| name.ends_with(end));
            if path.is_dir() && !["target", "var", ".git", "node_modules", "corpus"].contains(&name.as_str()) {
                walk(&path, found);
            } else if path.is_file() && is_text {
                found.push(path);
            }
        }
    }
    let root = repository();
    let mut found = Vec::new();
    walk(&root, &mut found);
    let read = |path: PathBuf| {
        Some((path.strip_prefix(&root).ok()?.to_string_lossy().into_owned(), fs::read_to_string(&path).ok()?))
    };
    found.into_iter().filter_map(read).collect()
}

/// The reference: each document by its name, with the numbers of its sections.
fn reference(files: &[(String, String)]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut documents = BTreeMap::new();
    for (path, text) in files {
        let Some((_, name)) = path.rsplit_once("reference/").filter(|(_, name)| name.ends_with(".md")) else {
            continue;
        };
        let headings = text.lines().filter(|line| line.starts_with('#'));
        let numbers = headings.filter_map(|line| line.trim_start_matches('#').split_whitespace().next());
        let sections = numbers.map(|number| number.trim_end_matches('.')).collect();
        assert!(documents.insert(name, sections).is_none(), "two documents are called {name}");
    }
    documents
}

/// The words that end in `.md`, each with what follows it.
fn cited(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.match_indices(".md").filter_map(move |(at, end)| {
        let (before, after) = text.split_at_checked(at + end.len())?;
        let start = before.rfind(|c: char| !c.is_ascii_alphanumeric() && !"._-/".contains(c)).map_or(0, |at| at + 1);
        Some((before.get(start..).filter(|word| word.len() > 3)?, after))
    })
}

/// The sections that directly follow the name of a document: ` §1.1 step 9, §1.3`.
fn sections(after: &str) -> Vec<&str> {
    let mut sections = Vec::new();
    let mut rest = after.trim_start_matches('`').trim_start_matches(['\n', '/', '!', '#', ' ']);
    while let Some(number) = rest.strip_prefix('§') {
        let end = number.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(number.len());
        let (section, after) = number.split_at(end);
        sections.push(section.trim_end_matches('.'));
        let after =
            after.strip_prefix(" step ").map_or(after, |step| step.trim_start_matches(|c: char| c.is_ascii_digit()));
        rest = after.trim_start_matches([',', '–', '/', '\n', '!', '#', ' ']).trim_start_matches("and ");
    }
    sections
}

#[test]
fn every_cited_document_and_section_is_here() {
    let files = files();
    let documents = reference(&files);
    let names: BTreeSet<&str> = files.iter().filter_map(|(path, _)| path.rsplit('/').next()).collect();
    let mut found = 0;
    for (path, text) in files.iter().filter(|(path, _)| !path.ends_with("it/citations.rs")) {
        for (document, after) in cited(text) {
            let name = document.rsplit('/').next().unwrap_or(document);
            // `errors-*.md`, `<application>.md`: a name with a gap is none.
            let is_whole = name.chars().next().is_some_and(char::is_alphanumeric);
            assert!(!is_whole || names.contains(name), "{path} cites {document}, which is not here");
            for section in sections(after) {
                let known = documents.get(name).unwrap_or_else(|| panic!("{path} cites {document} §{section}"));
                assert!(known.contains(section), "{path} cites {document} §{section}, which is not there");
                found += 1;
            }
        }
    }
    assert!(found > 150, "only {found} citations are found: they are written in another way");
}

#[test]
fn every_source_file_that_a_document_names_is_here() {
    let files = files();
    let mut found = 0;
    for (path, text) in files.iter().filter(|(path, _)| path.ends_with(".md")) {
        for named in text.split('`').skip(1).step_by(2) {
            let file = named.split("::").next().unwrap_or(named).trim_start_matches("…/");
            if file.ends_with(".rs") && !file.contains(['<', '*', ' ']) {
                let is_here = files.iter().any(|(path, _)| path.ends_with(file));
                assert!(is_here, "{path} names {file}, which is not here");
                found += 1;
            }
        }
    }
    assert!(found > 100, "only {found} names of files are found");
}

/// The ids that a requirement has: a capital letter and a number, `A1–A3` as three.
fn ids(text: &str) -> Option<Vec<String>> {
    let id = |text: &str| {
        let (letter, number) = (text.get(..1)?, text.get(1..)?.parse::<u32>().ok()?);
        letter.chars().all(|c| c.is_ascii_uppercase()).then(|| (letter.to_owned(), number))
    };
    let mut ids = Vec::new();
    for part in text.split(", ") {
        let (first, last) = part.split_once('–').unwrap_or((part, part));
        let ((letter, first), (_, last)) = (id(first.trim())?, id(last.trim())?);
        ids.extend((first..=last).map(|number| format!("{letter}{number}")));
    }
    Some(ids)
}

#[test]
fn every_cited_requirement_is_in_the_reference() {
    let files = files();
    let (_, security) =
        files.iter().find(|(path, _)| path.ends_with("reference/security.md")).expect("the requirements");
    let cells = security.lines().filter_map(|line| line.strip_prefix("| ")?.split(" |").next());
    let known: BTreeSet<String> = cells.filter_map(ids).flatten().collect();
    assert!(known.len() > 180, "only {} requirements are found", known.len());
    let mut found = 0;
    for (path, text) in &files {
        for line in text.lines().map(str::trim) {
            // The comment of a test begins with what it holds; so does a row of the README.
            let comment =
                line.strip_prefix("///").or_else(|| line.strip_prefix("//")).and_then(|line| line.split_once(": "));
            let row =
                line.strip_prefix("| ").filter(|_| path.ends_with("README.md")).and_then(|line| line.split_once(" |"));
            for id in comment.or(row).and_then(|(first, _)| ids(first)).into_iter().flatten() {
                assert!(known.contains(&id), "{path} cites {id}, which is no requirement");
                found += 1;
            }
        }
    }
    assert!(found > 200, "only {found} citations are found: they are written in another way");
}
