//! Attributes: their types, their rules, how they are computed.

use super::super::fields::{Fields, words};
use super::super::{
    Access, At, Attribute, Computed, Condition, Fold, Kind, MadeUse, ReferenceUse, Refusal, Rule, Transition, VerbName,
};
use super::shared::{json, named, once};
use super::verbs;
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::source::Source;
use crate::yaml::{Entry, Node, Value};

pub(super) fn read(source: &Source, node: &Node, problems: &mut Problems) -> Vec<Attribute> {
    let entries = Fields::of(source, node, problems).all();
    entries.iter().filter_map(|entry| attribute(source, entry, problems)).collect()
}

pub(super) fn attribute(source: &Source, entry: &Entry, problems: &mut Problems) -> Option<Attribute> {
    let name = At { it: entry.key.clone(), span: entry.key_span.clone() };
    named(
        source,
        &name,
        names::is_attribute(&name.it),
        "letters, digits and underscores, a lower-case letter first",
        problems,
    );
    let fields = Fields::of(source, &entry.value, problems);
    let kind = kind(&fields, problems);
    let on_days = matches!(kind, Some(Kind::Date | Kind::DateTime));
    let made = made(&fields);
    let attribute = Attribute {
        id: fields.flag("id", problems),
        access: match (&made, fields.get("access")) {
            (Some(_), None) => Access::Create,
            _ => access(&fields, problems),
        },
        only: fields.words("only", problems),
        required: required(&fields, problems),
        min: if on_days { None } else { fields.int("min", problems) },
        max: if on_days { None } else { fields.int("max", problems) },
        earliest: if on_days { fields.text("min", problems) } else { None },
        latest: if on_days { fields.text("max", problems) } else { None },
        required_when: verbs::states(&fields, "requiredWhen", problems),
        fill: fields.text("fill", problems),
        trim: fields.flag("trim", problems),
        email: fields.flag("email", problems),
        choice: fields.words("choice", problems).unwrap_or_default().into_iter().map(|at| at.it).collect(),
        greater_than: fields.int("greaterThan", problems),
        less_than: fields.int("lessThan", problems),
        numeric: fields.flag("numeric", problems),
        is_true: fields.flag("isTrue", problems),
        password: fields.flag("password", problems),
        named: fields.text("named", problems).map(|at| at.it),
        rules: rules(&fields, problems),
        default: fields.get("default").map(|entry| At { it: json(&entry.value), span: entry.value.span.clone() }),
        transitions: transitions(&fields, problems),
        references: references(&fields, problems),
        computed: computed(&fields, problems),
        made,
        secret: fields.flag("secret", problems),
        nullable: fields.flag("nullable", problems),
        deprecated: fields.flag("deprecated", problems),
        description: fields.text("description", problems).map(|at| at.it).unwrap_or_default(),
        example: fields.get("example").map(|entry| json(&entry.value)),
        column: fields.text("column", problems).map(|at| at.it),
        kind: kind.clone().unwrap_or(Kind::String),
        name,
    };
    fields.finish(problems);
    kind.map(|_| attribute)
}

const KINDS: [&str; 13] =
    ["string", "text", "int", "decimal", "money", "bool", "date", "datetime", "uuid", "enum", "list", "object", "map"];

fn kind(fields: &Fields<'_>, problems: &mut Problems) -> Option<Kind> {
    let word = fields.needed("type", problems)?;
    let kind = match word.it.as_str() {
        "string" => Kind::String,
        "text" => Kind::Text,
        "int" => Kind::Int,
        "decimal" => Kind::Decimal,
        "money" => Kind::Money,
        "bool" => Kind::Bool,
        "date" => Kind::Date,
        "datetime" => Kind::DateTime,
        "uuid" => Kind::Uuid,
        "map" => Kind::Map,
        "enum" => Kind::Enum(values(fields, &word, problems)?),
        "object" => match fields.get("attributes").map(|entry| read(fields.source, &entry.value, problems)) {
            Some(members) if !members.is_empty() => Kind::Object(members),
            Some(_) | None => {
                let message = "an object needs `attributes:`";
                let problem = Problem::new(Code::MissingKey, fields.source, word.span, message);
                problems.add(problem.help("name its members; an object with any keys is a `map`"));
                return None;
            }
        },
        "list" => {
            let Some(of) = fields.get("of") else {
                problems.add(Problem::new(Code::MissingKey, fields.source, word.span, "a list needs `of:`"));
                return None;
            };
            if matches!(of.value.value, Value::Text(_)) {
                // Children: what they carry is known once all definitions are read.
                return Some(Kind::List(Box::new(Kind::Object(Vec::new()))));
            }
            let element = Fields::of(fields.source, &of.value, problems);
            let kind = kind(&element, problems)?;
            element.finish(problems);
            Kind::List(Box::new(kind))
        }
        other => {
            let problem = Problem::new(Code::UnknownType, fields.source, word.span, format!("unknown type `{other}`"));
            problems.add(match elsewhere(other) {
                Some(own) => problem.help(format!("it is called `{own}`")),
                None => problem.suggest(other, KINDS),
            });
            return None;
        }
    };
    let refuse = |key: &'static str, of: &str, problems: &mut Problems| {
        fields.refuse(key, &format!("belongs to `type: {of}`"), &format!("write `type: {of}`, or remove it"), problems);
    };
    if !matches!(kind, Kind::Enum(_)) {
        refuse("values", "enum", problems);
    }
    if !matches!(kind, Kind::List(_)) {
        refuse("of", "list", problems);
    }
    if !matches!(kind, Kind::Object(_)) {
        refuse("attributes", "object", problems);
    }
    Some(kind)
}

/// `of: order-items`: the items of a list become children.
fn made(fields: &Fields<'_>) -> Option<MadeUse> {
    let entry = fields.get("of")?;
    let Value::Text(word) = &entry.value.value else { return None };
    let of = At { it: word.clone(), span: entry.value.span.clone() };
    Some(MadeUse { of, module: String::new(), one: String::new() })
}

/// What types of other languages are called here.
fn elsewhere(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "integer" | "number" | "bigint" | "long" => "int",
        "boolean" => "bool",
        "float" | "double" | "numeric" => "decimal",
        "str" | "varchar" | "char" => "string",
        "timestamp" | "dateTime" | "date-time" => "datetime",
        "array" => "list",
        "json" | "dict" => "map",
        "guid" => "uuid",
        "price" | "amount" => "money",
        _ => return None,
    })
}

/// The words of an enum: some, and each once.
fn values(fields: &Fields<'_>, word: &At<String>, problems: &mut Problems) -> Option<Vec<String>> {
    let values = fields.words("values", problems).unwrap_or_default();
    if values.is_empty() {
        let problem = Problem::new(Code::MissingKey, fields.source, word.span.clone(), "an enum needs `values:`");
        problems.add(problem.help("write `type: enum, values: [small, large]`"));
        return None;
    }
    once(fields.source, &values, problems);
    Some(values.into_iter().map(|at| at.it).collect())
}

const ACCESSES: [&str; 7] = ["read-write", "read", "once", "change", "create", "update", "hidden"];

fn access(fields: &Fields<'_>, problems: &mut Problems) -> Access {
    let Some(at) = fields.text("access", problems) else {
        return Access::ReadWrite;
    };
    match at.it.as_str() {
        "read-write" => Access::ReadWrite,
        "read" => Access::Read,
        "once" => Access::Once,
        "change" => Access::Change,
        "create" => Access::Create,
        "update" => Access::Update,
        "hidden" => Access::Hidden,
        other => {
            let problem = Problem::new(Code::UnknownWord, fields.source, at.span, format!("unknown access `{other}`"));
            problems.add(problem.suggest(other, ACCESSES));
            Access::Read
        }
    }
}

/// `true` means POST; a list names the verbs.
fn required(fields: &Fields<'_>, problems: &mut Problems) -> Vec<VerbName> {
    let node = match fields.get("required").map(|entry| &entry.value) {
        None | Some(Node { value: Value::Bool(false), .. }) => return Vec::new(),
        Some(Node { value: Value::Bool(true), .. }) => return vec![VerbName::Post],
        Some(node) => node,
    };
    let mut verbs = Vec::new();
    for word in words(fields.source, node, problems) {
        match [VerbName::Post, VerbName::Patch].into_iter().find(|verb| verb.as_str() == word.it) {
            Some(verb) => verbs.push(verb),
            None => {
                let message = format!("nothing is required of `{}`", word.it);
                let problem = Problem::new(Code::WrongShape, fields.source, word.span, message);
                problems.add(problem.help("`true`, or the verbs with a body: `[post, patch]`"));
            }
        }
    }
    verbs
}

/// `{ new: [paid, cancelled], paid: shipped }`.
fn transitions(fields: &Fields<'_>, problems: &mut Problems) -> Vec<Transition> {
    let Some(entry) = fields.get("transitions") else { return Vec::new() };
    let mut transitions = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let from = At { it: entry.key.clone(), span: entry.key_span.clone() };
        transitions.push(Transition { from, to: words(fields.source, &entry.value, problems) });
    }
    transitions
}

/// `references: products`, or `{ to: products, error: unknownProduct, onDelete: cascade }`.
fn references(fields: &Fields<'_>, problems: &mut Problems) -> Option<ReferenceUse> {
    let entry = fields.get("references")?;
    let at = |it: &str| At { it: it.to_owned(), span: entry.value.span.clone() };
    if let Value::Text(word) = &entry.value.value {
        return Some(ReferenceUse { to: at(word), error: at("unknownReference"), cascades: false, rows: None });
    }
    let reference = Fields::of(fields.source, &entry.value, problems);
    let to = reference.needed("to", problems);
    let error = reference.text("error", problems).unwrap_or_else(|| at("unknownReference"));
    let cascades = reference.text("onDelete", problems).is_some_and(|word| {
        if !matches!(word.it.as_str(), "cascade" | "refuse") {
            let message = format!("unknown rule `{}`", word.it);
            let problem = Problem::new(Code::UnknownWord, fields.source, word.span.clone(), message);
            problems.add(problem.suggest(&word.it, ["cascade", "refuse"]));
        }
        word.it == "cascade"
    });
    reference.finish(problems);
    Some(ReferenceUse { to: to?, error, cascades, rows: None })
}

fn rules(fields: &Fields<'_>, problems: &mut Problems) -> Vec<Rule> {
    let Some(entry) = fields.get("rules") else {
        return Vec::new();
    };
    let Value::List(items) = &entry.value.value else {
        problems.add(Problem::new(Code::IncompleteRule, fields.source, entry.value.span.clone(), "`rules` is a list"));
        return Vec::new();
    };
    items.iter().filter_map(|item| rule(fields.source, item, problems)).collect()
}

fn rule(source: &Source, node: &Node, problems: &mut Problems) -> Option<Rule> {
    let fields = Fields::of(source, node, problems);
    let (pattern, equals, check) =
        (fields.text("pattern", problems), fields.text("equals", problems), fields.text("check", problems));
    let (above, from) = (fields.text("above", problems), fields.text("atLeast", problems));
    let (error, message) = (fields.text("error", problems), fields.text("message", problems));
    fields.finish(problems);
    let conditions = [
        pattern.map(Condition::Pattern),
        equals.map(Condition::Equals),
        check.map(Condition::Check),
        above.map(|other| Condition::Above { other, or_equal: false }),
        from.map(|other| Condition::Above { other, or_equal: true }),
    ];
    let mut conditions = conditions.into_iter().flatten();
    let holds = conditions.next().filter(|_| conditions.next().is_none());
    let refusal = match (error, message) {
        (Some(error), None) => Some(Refusal::Error(error)),
        (None, Some(message)) => Some(Refusal::Message(message.it)),
        _ => None,
    };
    if let (Some(holds), Some(refusal)) = (holds, refusal) {
        return Some(Rule { holds, refusal });
    }
    let problem = Problem::new(Code::IncompleteRule, source, node.span.clone(), "this rule is not complete");
    problems
        .add(problem.help("one of `pattern`, `equals`, `above`, `atLeast`, `check`, and one of `error`, `message`"));
    None
}

fn computed(fields: &Fields<'_>, problems: &mut Problems) -> Option<Computed> {
    let entry = fields.get("computed")?;
    let source = fields.source;
    let fields = Fields::of(source, &entry.value, problems);
    let by = fields.needed("by", problems);
    let (count, lookup) = (fields.text("count", problems), fields.text("lookup", problems));
    let folds = Fold::ALL.map(|(key, fold)| fields.text(key, problems).map(|table| (fold, table)));
    let (take, key) = (fields.text("take", problems), fields.text("key", problems));
    fields.finish(problems);
    let folded = folds.iter().flatten().map(|(_, table)| table);
    for name in [&count, &lookup, &by, &take, &key].into_iter().flatten().chain(folded) {
        let fits = names::is_snake(&name.it);
        named(source, name, fits, "lower-case words with underscores between them", problems);
    }
    let by = by?.it;
    let mut folds = folds.into_iter().flatten();
    let fold = folds.next().filter(|_| folds.next().is_none());
    match (count, lookup, fold, take, key) {
        (Some(table), None, None, None, None) => Some(Computed::Count { table: table.it, by, deleted: None }),
        (None, None, Some((fold, table)), Some(take), None) => {
            let (table, take) = (table.it, take.it);
            Some(Computed::Fold { fold, table, take, by, deleted: None, nullable: false })
        }
        (None, Some(table), None, Some(take), Some(key)) => {
            Some(Computed::Lookup { table: table.it, take: take.it, key: key.it, by, deleted: None })
        }
        _ => {
            let problem =
                Problem::new(Code::BadComputed, source, entry.value.span.clone(), "this does not say what is computed");
            problems.add(
                problem.help(
                    "`{ count: table, by: column }`, `{ sum: table, take: column, by: column }` (or `average`, `min`, `max`), \
                     or `{ lookup: table, take: column, key: column, by: column }`",
                ),
            );
            None
        }
    }
}
