//! What is not as it should be, as machines read it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::diagnostic::{Code, Problem, Severity};
use crate::explain;

/// A problem of a definition, or a file that is not as definitions say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// The file, relative to the workspace.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// One sentence.
    pub message: String,
}

impl Finding {
    /// Something about a whole file.
    #[must_use]
    pub fn of_file(code: Code, file: &str, message: &str) -> Self {
        Self { code, severity: Severity::Error, file: file.to_owned(), line: 1, column: 1, message: message.to_owned() }
    }

    /// A problem of a definition.
    #[must_use]
    pub fn of_problem(problem: &Problem) -> Self {
        let (file, line, column) = problem.position();
        let (code, severity, message) = (problem.code, problem.severity, problem.message().to_owned());
        Self { code, severity, file: file.to_owned(), line, column, message }
    }

    fn level(&self) -> &'static str {
        match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// One JSON array.
#[must_use]
pub fn json(found: &[Finding]) -> String {
    let object = |of: &Finding| {
        json!({
            "code": of.code.as_str(), "severity": of.level(), "file": of.file, "line": of.line, "column": of.column,
            "message": of.message,
        })
    };
    format!("{:#}\n", Value::Array(found.iter().map(object).collect()))
}

/// Lines that a workflow of GitHub turns into notes at their places.
#[must_use]
pub fn annotations(found: &[Finding]) -> String {
    let escaped = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let line = |of: &Finding| {
        let (level, code, message) = (of.level(), of.code.as_str(), escaped(&of.message));
        format!("::{level} file={},line={},col={},title={code}::{message}\n", of.file, of.line, of.column)
    };
    found.iter().map(line).collect()
}

/// One log of SARIF 2.1.0, for code scanning: each code that was found is a rule with its page.
#[must_use]
pub fn sarif(found: &[Finding]) -> String {
    let codes: BTreeSet<&'static str> = found.iter().map(|of| of.code.as_str()).collect();
    let rule = |code: &&'static str| {
        let why = explain::page(code).map_or_else(|| (*code).to_owned(), |page| page.why);
        json!({ "id": code, "fullDescription": { "text": why }, "help": { "text": format!("cargo glue explain {code}") } })
    };
    let result = |of: &Finding| {
        let region = json!({ "startLine": of.line, "startColumn": of.column });
        let place = json!({ "artifactLocation": { "uri": of.file }, "region": region });
        json!({
            "ruleId": of.code.as_str(), "level": of.level(), "message": { "text": of.message },
            "locations": [{ "physicalLocation": place }],
        })
    };
    let driver = json!({ "name": "glue", "rules": codes.iter().map(rule).collect::<Vec<_>>() });
    let run = json!({
        "tool": { "driver": driver }, "columnKind": "unicodeCodePoints",
        "results": found.iter().map(result).collect::<Vec<_>>(),
    });
    let schema = "https://json.schemastore.org/sarif-2.1.0.json";
    format!("{:#}\n", json!({ "$schema": schema, "version": "2.1.0", "runs": [run] }))
}
