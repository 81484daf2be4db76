//! What a code of a problem means: why it is one, what is wrong, what is right.

use crate::diagnostic::Code;

/// The page of every code.
const PAGES: &str = include_str!("../explain/codes.txt");

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The code.
    pub code: Code,
    /// Why it is a problem.
    pub why: String,
    /// Lines of a definition that have it, and the lines that do not; possibly none.
    pub wrong: Vec<String>,
    /// The same without it.
    pub right: Vec<String>,
}

/// The page of a code, as users write it: `G0203`, with or without its case.
#[must_use]
pub fn page(code: &str) -> Option<Page> {
    let code = Code::ALL.iter().copied().find(|known| known.as_str().eq_ignore_ascii_case(code))?;
    let page = PAGES.split("=== ").find(|page| page.lines().next() == Some(code.as_str()))?;
    let lines = |sign: char| {
        let marked = page.lines().filter_map(|line| line.strip_prefix(sign)?.strip_prefix(' '));
        marked.map(str::to_owned).collect()
    };
    let why = page.lines().skip(1).filter(|line| !line.is_empty() && !line.starts_with(['-', '+']));
    Some(Page { code, why: why.collect::<Vec<_>>().join(" "), wrong: lines('-'), right: lines('+') })
}

impl std::fmt::Display for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{}\n\n{}", self.code.as_str(), self.why)?;
        for (title, lines) in [("Wrong", &self.wrong), ("Right", &self.right)] {
            if !lines.is_empty() {
                writeln!(f, "\n{title}:")?;
            }
            lines.iter().try_for_each(|line| writeln!(f, "    {line}"))?;
        }
        Ok(())
    }
}
