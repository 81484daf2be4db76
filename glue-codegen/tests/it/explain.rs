//! Every code has a page whose examples are what they stand for.

use std::collections::BTreeMap;

use glue_codegen::diagnostic::Code;
use glue_codegen::explain::{self, Page};

use crate::project::Project;

/// A definition without a problem, key by key.
const BASE: [(&str, &str); 7] = [
    ("type", "things"),
    ("summary", "Things."),
    ("apps", "{ storefront: {} }"),
    ("verbs", "{ list: }"),
    ("attributes", "{ name: { type: string, id: true, access: read } }"),
    ("storage", "{ table: spy_thing }"),
    ("errors", "{ notFound: { status: 404, code: \"1\", detail: No. } }"),
];

fn with(lines: &[String]) -> String {
    let said: BTreeMap<&str, &str> = lines.iter().filter_map(|line| line.split_once(':')).collect();
    let base = BASE.iter().filter(|(key, _)| !said.contains_key(key)).map(|(key, value)| format!("  {key}: {value}\n"));
    let own = lines.iter().map(|line| format!("  {line}\n"));
    format!("resource:\n{}", base.chain(own).collect::<String>())
}

#[test]
fn every_code_has_a_page() {
    for code in Code::ALL {
        let page = explain::page(code.as_str()).unwrap_or_else(|| panic!("no page for {}", code.as_str()));
        assert!(page.why.len() > 60, "{}", code.as_str());
        assert_eq!(page.wrong.is_empty(), page.right.is_empty(), "{}", code.as_str());
    }
    assert_eq!(explain::page("G9999"), None);
    assert_eq!(explain::page("g0201").map(|page| page.code), Some(Code::BadFlag));
}

#[test]
fn what_a_page_calls_wrong_is_and_what_it_calls_right_is_not() {
    let mut tried = 0;
    for Page { code, wrong, right, .. } in Code::ALL.iter().filter_map(|code| explain::page(code.as_str())) {
        if wrong.is_empty() {
            continue;
        }
        tried += 1;
        for (lines, is_wrong) in [(&wrong, true), (&right, false)] {
            let project = Project::new();
            project.define(&with(lines));
            let problems = project.problems();
            let found = problems.iter().any(|problem| problem.code == code);
            let text: String = problems.iter().map(ToString::to_string).collect();
            assert_eq!(found, is_wrong, "{}:\n{}\n{text}", code.as_str(), with(lines));
        }
    }
    assert!(tried >= 25, "{tried}");
}
