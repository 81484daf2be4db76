//! The only ways by which a value of a definition reaches a template.

use std::fmt;

/// A Rust string literal.
pub(super) struct RustStr<'a>(pub(super) &'a str);

impl fmt::Display for RustStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

/// A raw Rust string literal, for texts of one line that are full of quotes.
pub(super) struct RawStr<'a>(pub(super) &'a str);

impl fmt::Display for RawStr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut hashes = String::from("#");
        while self.0.contains(&format!("\"{hashes}")) {
            hashes.push('#');
        }
        write!(f, "r{hashes}\"{}\"{hashes}", self.0)
    }
}

/// Doc comment lines. What could end the comment or start markup of rustdoc is made harmless.
pub(super) struct DocText<'a>(pub(super) &'a str);

impl fmt::Display for DocText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.lines() {
            write!(f, "#[doc = ")?;
            let mut safe = String::from(" ");
            for c in line.chars() {
                // A comment must be read in the order in which it stands.
                let c = if c.is_control() || crate::definition::turns(c) { ' ' } else { c };
                if matches!(c, '<' | '>' | '[' | ']' | '\\') {
                    safe.push('\\');
                }
                safe.push(c);
            }
            writeln!(f, "{safe:?}]")?;
        }
        Ok(())
    }
}
