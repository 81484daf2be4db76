//! What people write by mistake, and what they read then: one table of all of it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use glue_codegen::diagnostic::{Problem, Severity};

use crate::project::{Project, repository};

/// One mistake: its name, what it is, and the files that make it.
struct Case {
    name: String,
    files: Vec<(String, Vec<u8>)>,
}

/// Reads `tests/mistakes/cases.txt`, and adds what no text file can hold well.
fn cases() -> Vec<Case> {
    let text = fs::read_to_string(repository().join("glue-codegen/tests/mistakes/cases.txt")).expect("the cases");
    let mut cases: Vec<Case> = Vec::new();
    for block in text.split("\n=== ").skip(1) {
        let (title, body) = block.split_once('\n').expect("a title and a body");
        let (name, _) = title.split_once(": ").expect("a name and what it is");
        let base = cases.first().map(|base| String::from_utf8_lossy(&base.files[0].1).into_owned());
        cases.push(Case { name: name.to_owned(), files: files(body, base.as_deref().unwrap_or_default()) });
    }
    let base = String::from_utf8_lossy(&cases[0].files[0].1).into_owned();
    let mut add = |name: &str, text: Vec<u8>| {
        let files = vec![("reviews.resource.yml".to_owned(), text)];
        cases.push(Case { name: name.to_owned(), files });
    };
    let with = |count: usize| {
        let fields: String =
            (0..count).map(|n| format!("    field{n}: {{ type: string, nullable: true }}\n")).collect();
        base.replace("    createdAt:", &format!("{fields}    createdAt:")).into_bytes()
    };
    add("bom", format!("\u{feff}{base}").into_bytes());
    add("crlf", base.replace('\n', "\r\n").into_bytes());
    add("nul", base.replace("customers", "\0").into_bytes());
    add("latin1", b"resource:\n  type: reviews\n  summary: gr\xf6\xdfe\n".to_vec());
    add("deep", format!("resource: {}{}\n", "{ a: ".repeat(5_000), "}".repeat(5_000)).into_bytes());
    add("columns_40", with(40));
    add("columns_130", with(130));
    add("huge", with(18_000));
    cases
}

fn files(body: &str, base: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut lines = body.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((kind, path)) = line.split_once(' ').filter(|(kind, _)| ["file", "edit"].contains(kind)) else {
            continue;
        };
        let mut text = if kind == "edit" { base.to_owned() } else { String::new() };
        while let Some(line) = lines.next_if(|line| line.starts_with("| ")) {
            text.push_str(&line[2..]);
            text.push('\n');
        }
        while lines.peek().is_some_and(|line| line.starts_with("- ")) {
            let mut part = |mark: &str| {
                let mut part = String::new();
                while let Some(line) = lines.next_if(|line| line.starts_with(mark)) {
                    part.push_str(&line[2..]);
                    part.push('\n');
                }
                part
            };
            let (old, new) = (part("- "), part("+ "));
            assert!(text.contains(&old), "{path}: {old}");
            text = text.replacen(&old, &new, 1);
            // Between two places.
            let _ = lines.next_if_eq(&"~");
        }
        files.push((path.to_owned(), text.into_bytes()));
    }
    files
}

/// The problems of a case in a workspace that has everything else already.
fn problems(project: &Project, case: &Case) -> Vec<Problem> {
    let folder = project.root().join("resources/things/definitions");
    let _ = fs::remove_dir_all(&folder);
    for (path, text) in &case.files {
        let place = folder.join(path);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::write(place, text).expect("a file");
    }
    project.problems()
}

/// The problems of every case, in their order.
pub(crate) fn all() -> impl Iterator<Item = Problem> {
    let project = Project::of_this_repository();
    project.write("resources/things/src/lib.rs", "");
    // Lines of a file of many attributes are told by their case.
    let cases = cases().into_iter().filter(|case| !["huge", "deep"].contains(&&*case.name));
    cases.flat_map(move |case| problems(&project, &case))
}

/// A problem as one line: its code, what stands at its place, and whether there is a way out.
fn told(project: &Project, problem: &Problem) -> String {
    let place = problem.place();
    let [path, line, column] = place.splitn(3, ':').collect::<Vec<_>>()[..] else { panic!("{place}") };
    let number = |text: &str| text.parse::<usize>().expect("a number") - 1;
    let text = String::from_utf8_lossy(&fs::read(project.root().join(path)).unwrap_or_default()).replace("\r\n", "\n");
    let rest: String =
        text.lines().nth(number(line)).unwrap_or_default().chars().skip(number(column)).take(24).collect();
    let warning = if problem.severity == Severity::Warning { " (warning)" } else { "" };
    let help = if problem.to_string().contains("= help: ") { "" } else { ", no way out" };
    format!("{}{warning} at {rest:?}{help}", problem.code.as_str())
}

/// What is refused is refused at its place and with a way out, and what is accepted is meant to be.
#[test]
fn every_mistake_is_told_once_and_where_it_stands() {
    let project = Project::of_this_repository();
    project.write("resources/things/src/lib.rs", "");
    let mut table = String::new();
    for case in cases() {
        let problems = problems(&project, &case);
        let told: Vec<String> = problems.iter().map(|problem| told(&project, problem)).collect();
        let verdict = if told.is_empty() { "accepted".to_owned() } else { told.join("; ") };
        let _ = writeln!(table, "{}: {verdict}", case.name);
    }
    assert!(!table.contains("no way out"), "{table}");
    insta::assert_snapshot!(table);
}

/// Writes what is accepted into the folder that `GLUE_ACCEPTED` names, each type under a name of its own, for a check that
/// compiles all of it together.
#[test]
#[expect(clippy::disallowed_methods, reason = "a check of this repository says where to write")]
fn what_is_accepted_can_be_written_down() {
    let target = std::env::var("GLUE_ACCEPTED").unwrap_or_default();
    let project = Project::of_this_repository();
    project.write("resources/things/src/lib.rs", "");
    let mut written = 0;
    for (number, case) in cases().iter().enumerate() {
        let accepted = problems(&project, case).iter().all(|problem| problem.severity == Severity::Warning);
        for (path, text) in case.files.iter().filter(|_| accepted && !case.name.starts_with("override")) {
            let (first, second) = (u8::try_from(number / 26).expect("few"), u8::try_from(number % 26).expect("few"));
            let prefix = format!("{}{}", char::from(b'a' + first), char::from(b'a' + second));
            let stem = path.trim_end_matches(".resource.yml");
            // Types that are themselves the case keep their names.
            let name = if case.name.starts_with("type_") { stem.to_owned() } else { format!("{prefix}-{stem}") };
            let text = String::from_utf8_lossy(text).replacen(&format!("type: {stem}"), &format!("type: {name}"), 1);
            // Cases are strangers to each other: none says anything of another one's rows.
            let text = text.replace("table: spy_", &format!("table: spy_{prefix}_"));
            let text = case.files.iter().fold(text, |text, (other, _)| {
                let other = other.trim_end_matches(".resource.yml");
                // Filters name a type in front of an attribute, relations in front of what stands between.
                let text = text.replace(&format!(" {other}."), &format!(" {prefix}-{other}."));
                let text = text.replace(&format!(" {other}: {{ through"), &format!(" {prefix}-{other}: {{ through"));
                ["resource", "references", "of", "to", "through"].iter().fold(text, |text, key| {
                    text.replace(&format!("{key}: {other}"), &format!("{key}: {prefix}-{other}"))
                })
            });
            written += 1;
            if !target.is_empty() {
                fs::write(Path::new(&target).join(format!("{name}.resource.yml")), text).expect("a folder");
            }
        }
    }
    assert!(written > 70, "{written}");
}
