//! Patterns that Rust and the readers of documents understand alike: what `regex` and ECMA-262 share.

use regex_syntax::ast::{self, AssertionKind, Ast, ClassUnicodeKind, GroupKind};

use crate::definition::{At, Definition};
use crate::diagnostic::{Code, Problem, Problems};

/// Refuses a pattern that does not parse, and one that only Rust reads.
pub(super) fn check(definition: &Definition, pattern: &At<String>, problems: &mut Problems) {
    let mut refuse = |message: String, label: String, help: &str| {
        let problem = Problem::new(Code::BadPattern, &definition.source, pattern.span.clone(), message);
        problems.add(problem.label(label).help(help));
    };
    if let Err(error) = regex::Regex::new(&pattern.it) {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().to_owned();
        return refuse(
            "this pattern does not parse".into(),
            reason,
            "there is no look-around and there are no back references; say it in several rules, or with `check:`",
        );
    }
    if let Ok(tree) = ast::parse::Parser::new().parse(&pattern.it)
        && let Some(what) = foreign(&tree)
    {
        let message = format!("this pattern has {what}, which ECMA-262 does not know");
        refuse(
            message,
            String::new(),
            "documents carry it, and clients read it as JavaScript does (JSON Schema, 6.3.3)",
        );
    }
}

/// What of a pattern is Rust's alone.
fn foreign(tree: &Ast) -> Option<&'static str> {
    match tree {
        Ast::Flags(_) => Some("flags"),
        Ast::Assertion(assertion) => match assertion.kind {
            AssertionKind::StartLine | AssertionKind::EndLine => None,
            AssertionKind::WordBoundary | AssertionKind::NotWordBoundary => None,
            AssertionKind::StartText
            | AssertionKind::EndText
            | AssertionKind::WordBoundaryStart
            | AssertionKind::WordBoundaryEnd
            | AssertionKind::WordBoundaryStartAngle
            | AssertionKind::WordBoundaryEndAngle
            | AssertionKind::WordBoundaryStartHalf
            | AssertionKind::WordBoundaryEndHalf => Some("an anchor like `\\A` or `\\z`"),
        },
        Ast::ClassUnicode(class) => unicode(&class.kind),
        Ast::ClassBracketed(class) => set(&class.kind),
        Ast::Repetition(repetition) => foreign(&repetition.ast),
        Ast::Group(group) => match &group.kind {
            GroupKind::CaptureIndex(_) => foreign(&group.ast),
            GroupKind::CaptureName { starts_with_p: true, .. } => Some("a group named with `?P<`"),
            GroupKind::CaptureName { .. } => foreign(&group.ast),
            GroupKind::NonCapturing(flags) if flags.items.is_empty() => foreign(&group.ast),
            GroupKind::NonCapturing(_) => Some("flags"),
        },
        Ast::Alternation(all) => all.asts.iter().find_map(foreign),
        Ast::Concat(all) => all.asts.iter().find_map(foreign),
        Ast::Empty(_) | Ast::Literal(_) | Ast::Dot(_) | Ast::ClassPerl(_) => None,
    }
}

fn unicode(kind: &ClassUnicodeKind) -> Option<&'static str> {
    match kind {
        ClassUnicodeKind::OneLetter(_) => Some("a class without braces like `\\pL`"),
        ClassUnicodeKind::Named(_) | ClassUnicodeKind::NamedValue { .. } => None,
    }
}

fn set(set: &ast::ClassSet) -> Option<&'static str> {
    let item = match set {
        ast::ClassSet::BinaryOp(_) => return Some("an operation on classes"),
        ast::ClassSet::Item(item) => item,
    };
    one(item)
}

fn one(item: &ast::ClassSetItem) -> Option<&'static str> {
    match item {
        ast::ClassSetItem::Ascii(_) => Some("a class like `[:alpha:]`"),
        ast::ClassSetItem::Unicode(class) => unicode(&class.kind),
        ast::ClassSetItem::Bracketed(_) => Some("a class in a class"),
        ast::ClassSetItem::Union(union) => union.items.iter().find_map(one),
        ast::ClassSetItem::Empty(_)
        | ast::ClassSetItem::Literal(_)
        | ast::ClassSetItem::Range(_)
        | ast::ClassSetItem::Perl(_) => None,
    }
}
