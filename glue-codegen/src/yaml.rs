//! The YAML of a definition as a tree with spans; what would make YAML surprising is refused here.
//!
//! The tree is built from parser events rather than by deserialisation, so that one run reports every problem of a file.

use std::collections::HashMap;
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span};

use crate::diagnostic::{Code, Problem, Problems};
use crate::source::Source;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub value: Value,
    /// Its bytes in the file.
    pub span: Range<usize>,
}

/// The values that definitions are made of.
#[derive(Clone, Debug)]
pub enum Value {
    /// Nothing after the key.
    Null,
    /// `true` or `false`, and no other spelling.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// Any other scalar.
    Text(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping, in the order of the file.
    Map(Vec<Entry>),
}

/// One key of a mapping and its value.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: String,
    /// Its bytes in the file.
    pub key_span: Range<usize>,
    /// Its value.
    pub value: Node,
}

/// How a file begins.
pub(crate) const BEGIN: &str = "a layer over another definition starts with `override:`";

/// Deeper nesting than any definition needs.
const MAX_DEPTH: usize = 32;

/// Reads one document. `None` when the file is not YAML at all; lesser problems leave a usable tree.
pub fn parse(source: &Source, problems: &mut Problems) -> Option<Node> {
    let mut events = Vec::new();
    for event in Parser::new_from_str(&source.text) {
        match event {
            Ok((event, span)) => events.push((event, bytes(&span, source))),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0).min(source.text.len());
                let problem = Problem::new(Code::NotYaml, source, at..at, "this is not YAML").label(error.to_string());
                problems.add(match way_out(source, at) {
                    Some(help) => problem.help(help),
                    None => problem,
                });
                return None;
            }
        }
    }
    let empty = |event: &Event<'_>| {
        matches!(event, Event::StreamStart | Event::StreamEnd | Event::DocumentStart(..) | Event::DocumentEnd)
    };
    if events.iter().all(|(event, _)| empty(event)) {
        problems.add(Problem::new(Code::MissingKey, source, 0..0, "a definition starts with `resource:`").help(BEGIN));
        return None;
    }
    let before = problems.errors();
    let mut reader = Reader { source, problems, magic: false, events: events.into_iter().peekable(), depth: 0 };
    while reader.events.next_if(|(event, _)| matches!(event, Event::StreamStart | Event::DocumentStart(..))).is_some() {
    }
    let tree = reader.node();
    if let Some((_, span)) = reader.events.find(|(event, _)| matches!(event, Event::DocumentStart(..))) {
        let problem = Problem::new(Code::WrongShape, source, span, "a second document begins here");
        reader.problems.add(problem.help("one file defines one resource: move it to a file of its own"));
    }
    // What an alias stands for is not known, so nothing can be said of what is missing.
    let magic = reader.problems.errors() > before && reader.magic;
    tree.filter(|_| !magic)
}

/// What people mean who write what is not YAML.
fn way_out(source: &Source, at: usize) -> Option<&'static str> {
    let start = source.text.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let line = source.text.get(start..)?.lines().next()?;
    let before = source.text.get(..start).unwrap_or_default().lines().next_back().unwrap_or_default();
    if line.starts_with('\t') || before.starts_with('\t') {
        return Some("indent with blanks, not with tabs");
    }
    let flowing = |line: &str| line.contains('{') && (line.matches(": ").count() > 1 || line.contains(" #"));
    if line.contains('\0') {
        return Some("remove the NUL");
    }
    (flowing(line) || flowing(before)).then_some("a text with `: `, `, ` or ` #` in it needs quotes")
}

fn bytes(span: &Span, source: &Source) -> Range<usize> {
    let end = source.text.len();
    let start = span.start.byte_offset().unwrap_or(0).min(end);
    start..span.end.byte_offset().unwrap_or(start).clamp(start, end)
}

struct Reader<'a, I: Iterator<Item = (Event<'a>, Range<usize>)>> {
    source: &'a Source,
    problems: &'a mut Problems,
    /// Whether something was left out of the tree.
    magic: bool,
    events: std::iter::Peekable<I>,
    depth: usize,
}

impl<'a, I: Iterator<Item = (Event<'a>, Range<usize>)>> Reader<'a, I> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the parser's events are open-ended; only nodes matter here")]
    fn node(&mut self) -> Option<Node> {
        let (event, span) = self.events.next()?;
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_magic(anchor, tag.is_some(), &span);
                let value = if style == ScalarStyle::Plain { plain(&text) } else { Value::Text(text.into_owned()) };
                Some(Node { value, span })
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.refuse_magic(anchor, tag.is_some(), &span);
                self.sequence(span)
            }
            Event::MappingStart(_, anchor, tag) => {
                self.refuse_magic(anchor, tag.is_some(), &span);
                self.mapping(span)
            }
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.magic = true;
                self.problem(Code::YamlMagic, &span, "aliases are not part of a definition");
                Some(Node { value: Value::Null, span })
            }
            _ => None,
        }
    }

    fn sequence(&mut self, start: Range<usize>) -> Option<Node> {
        self.descend(&start)?;
        let mut items = Vec::new();
        loop {
            if let Some((_, end)) = self.events.next_if(|(event, _)| matches!(event, Event::SequenceEnd)) {
                self.depth -= 1;
                return Some(Node { value: Value::List(items), span: start.start..end.end.max(start.end) });
            }
            items.push(self.node()?);
        }
    }

    fn mapping(&mut self, start: Range<usize>) -> Option<Node> {
        self.descend(&start)?;
        let (mut entries, mut places): (Vec<Entry>, HashMap<String, Range<usize>>) = (Vec::new(), HashMap::new());
        loop {
            if let Some((_, end)) = self.events.next_if(|(event, _)| matches!(event, Event::MappingEnd)) {
                self.depth -= 1;
                return Some(Node { value: Value::Map(entries), span: start.start..end.end.max(start.end) });
            }
            let key = self.node()?;
            let value = self.node()?;
            let name = match key.value {
                Value::Text(text) => text,
                Value::Int(number) => number.to_string(),
                Value::Bool(flag) => flag.to_string(),
                Value::Null | Value::List(_) | Value::Map(_) => {
                    self.problem(Code::WrongShape, &key.span, "a key has to be a word");
                    continue;
                }
            };
            if name == "<<" {
                self.magic = true;
                self.problem(Code::YamlMagic, &key.span, "merge keys are not part of a definition");
                continue;
            }
            if let Some(first) = places.get(&name) {
                let problem =
                    Problem::new(Code::DuplicateKey, self.source, key.span.clone(), format!("`{name}` stands twice"));
                self.problems.add(
                    problem
                        .label("here again")
                        .other(self.source, first.clone(), "first here")
                        .help("remove one of them"),
                );
                continue;
            }
            places.insert(name.clone(), key.span.clone());
            entries.push(Entry { key: name, key_span: key.span, value });
        }
    }

    fn descend(&mut self, span: &Range<usize>) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.problem(Code::WrongShape, span, "this is nested too deeply");
            return None;
        }
        Some(())
    }

    fn refuse_magic(&mut self, anchor: usize, tagged: bool, span: &Range<usize>) {
        if anchor > 0 {
            self.problem(Code::YamlMagic, span, "anchors are not part of a definition");
        }
        if tagged {
            self.problem(Code::YamlMagic, span, "tags are not part of a definition");
        }
    }

    fn problem(&mut self, code: Code, span: &Range<usize>, message: &str) {
        let problem = Problem::new(code, self.source, span.clone(), message);
        let magic = code == Code::YamlMagic;
        self.problems.add(if magic { problem.help("write the value where it is needed") } else { problem });
    }
}

/// YAML 1.2's core schema, cut down: only `true` and `false` are booleans, only decimal digits are integers.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ => match text.parse::<i64>() {
            Ok(number) if number.to_string() == text => Value::Int(number),
            _ => Value::Text(text.to_owned()),
        },
    }
}
