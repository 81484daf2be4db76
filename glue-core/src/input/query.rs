//! The query grammar: `page[offset]`, `page[limit]`, `sort`, `filter[resource.attribute]`, `include`, `fields[type]`.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;

use crate::error::{ErrorRow, codes};
use crate::percent;
use crate::profile::Pages;

/// The parsed query string of one request.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
    /// Which name and which value links carry, when a name stands more than once: the first place, the last value.
    shown: Option<Vec<(usize, usize)>>,
}

/// A window on a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Rows to skip.
    pub offset: i64,
    /// Rows to return at most.
    pub limit: i64,
    /// Whether the client asked for this window; only then do answers carry links to the others.
    pub asked: bool,
}

impl Page {
    /// Whether everything has to be counted beside these rows: a window was asked for, or it is full, so that there may
    /// be more.
    #[must_use]
    pub fn counts(&self, rows: usize) -> bool {
        self.asked || i64::try_from(rows).is_ok_and(|rows| rows >= self.limit)
    }
}

/// One criterion of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The attribute.
    pub field: String,
    /// Its direction.
    pub direction: Direction,
}

/// The direction of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Smallest first.
    Ascending,
    /// Largest first.
    Descending,
}

/// One criterion of a filter: `filter[wishlists.name]=x`, or a JSON object with an operator as its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// The resource type, in front of the dot.
    pub resource: String,
    /// The attribute, behind the dot.
    pub attribute: String,
    /// How to compare.
    pub operator: Operator,
    /// What to compare with; one value, or those of `in`.
    pub values: Vec<String>,
}

/// How a filter compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal to one of the values.
    In,
    /// Not equal to any of the values.
    NotIn,
    /// Greater than the value.
    Greater,
    /// Greater than the value, or equal to it.
    GreaterOrEqual,
    /// Less than the value.
    Less,
    /// Less than the value, or equal to it.
    LessOrEqual,
}

impl Operator {
    fn named(word: &str) -> Option<Self> {
        Some(match word {
            "eq" | "in" => Self::In,
            "ne" | "nin" => Self::NotIn,
            "gt" => Self::Greater,
            "gte" => Self::GreaterOrEqual,
            "lt" => Self::Less,
            "lte" => Self::LessOrEqual,
            _ => return None,
        })
    }
}

impl Filter {
    /// The values as the attribute's own type.
    ///
    /// # Errors
    /// [`codes::BAD_FILTER_VALUE`] when one of them cannot be such a value.
    pub fn parsed<T>(&self, parse: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, &'static ErrorRow> {
        self.values.iter().map(|value| parse(value).ok_or(&codes::BAD_FILTER_VALUE)).collect()
    }

    /// Several criteria when the value is an object with several operators.
    fn read(key: &str, value: &str) -> Result<Vec<Self>, &'static ErrorRow> {
        let (resource, rest) = key.split_once('.').ok_or(&codes::BAD_FILTER)?;
        let attribute = rest.split('.').next().unwrap_or_default();
        let make = |operator, values| Self { resource: resource.into(), attribute: attribute.into(), operator, values };
        let object = value.trim_start().starts_with('{');
        let operators = if object { serde_json::from_str::<BTreeMap<String, Operand>>(value).ok() } else { None };
        let Some(operators) = operators else { return Ok(vec![make(Operator::In, vec![value.to_owned()])]) };
        let mut filters = Vec::new();
        for (word, operand) in operators {
            let operator = Operator::named(&word).ok_or(&codes::BAD_FILTER_VALUE)?;
            let values = operand.texts();
            let many = matches!(operator, Operator::In | Operator::NotIn);
            if values.len() > MAX_FILTER_VALUES || (!many && values.len() != 1) {
                return Err(&codes::BAD_FILTER_VALUE);
            }
            filters.push(make(operator, values));
        }
        Ok(filters)
    }
}

/// What stands behind an operator.
#[derive(Deserialize)]
#[serde(untagged)]
enum Operand {
    One(Scalar),
    Many(Vec<Scalar>),
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Scalar {
    Flag(bool),
    Number(serde_json::Number),
    Text(String),
}

impl Operand {
    fn texts(self) -> Vec<String> {
        let text = |scalar: Scalar| match scalar {
            Scalar::Flag(flag) => flag.to_string(),
            Scalar::Number(number) => number.to_string(),
            Scalar::Text(text) => text,
        };
        match self {
            Self::One(scalar) => vec![text(scalar)],
            Self::Many(scalars) => scalars.into_iter().map(text).collect(),
        }
    }
}

impl Query {
    /// Every parameter, decoded, in order.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// Parses a raw query string. What is not a pair is kept as a name with an empty value.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        if raw.is_empty() {
            return Self::default();
        }
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(raw).unwrap_or_default();
        Self { shown: shown(&pairs), pairs }
    }

    /// The value of `name`; the last one when there are several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The window asked for, or one of `default` rows from the start; `max` bounds both.
    ///
    /// Only both members together ask for a window; an offset without a limit is an error
    /// (reference/framework.md §1.1.5, §2.7).
    ///
    /// # Errors
    /// [`codes::BAD_PAGE`] when a member is not an integer or the limit is not positive, unless that is ignored.
    pub fn page(&self, default: i64, max: i64, pages: Pages) -> Result<Page, &'static ErrorRow> {
        match (self.window(default, max), pages) {
            (Err(_), Pages::Ignored) => Ok(Page { offset: 0, limit: default.min(max), asked: false }),
            (judged, Pages::Judged | Pages::Ignored) => judged,
        }
    }

    fn window(&self, default: i64, max: i64) -> Result<Page, &'static ErrorRow> {
        let nested = |name: &str| {
            let member = name.strip_prefix("page[offset]").or_else(|| name.strip_prefix("page[limit]"));
            member.is_some_and(|rest| !rest.is_empty())
        };
        if self.pairs.iter().any(|(name, _)| nested(name)) {
            return Err(&codes::BAD_PAGE);
        }
        let offset = self.get("page[offset]");
        let limit = self.get("page[limit]");
        if offset.is_none() && limit.is_none() {
            return Ok(Page { offset: 0, limit: default.min(max), asked: false });
        }
        let rows =
            limit.and_then(|limit| limit.parse::<i64>().ok()).filter(|rows| *rows > 0).ok_or(&codes::BAD_PAGE)?;
        let Some(offset) = offset else {
            return Ok(Page { offset: 0, limit: default.min(max), asked: false });
        };
        let skip = if offset.is_empty() { 0 } else { offset.parse::<i64>().map_err(|_| &codes::BAD_PAGE)? };
        Ok(Page { offset: skip.clamp(0, MAX_OFFSET), limit: rows.min(max), asked: true })
    }

    /// The filters asked for; the resource ignores attributes that it does not filter by.
    ///
    /// # Errors
    /// [`codes::BAD_FILTER`] for a key without a dot, [`codes::BAD_FILTER_VALUE`] for an operator or a list that is none.
    pub fn filters(&self) -> Result<Vec<Filter>, &'static ErrorRow> {
        let mut filters: BTreeMap<&str, &str> = BTreeMap::new();
        for (name, value) in self.pairs.iter().filter(|(name, _)| name == "filter" || name.starts_with("filter[")) {
            let key = name.strip_prefix("filter[").and_then(|rest| rest.strip_suffix(']')).ok_or(&codes::BAD_FILTER)?;
            if key.contains(['[', ']']) {
                return Err(&codes::BAD_FILTER);
            }
            // Of one key the last value counts.
            filters.insert(key, value);
            if filters.len() > MAX_FILTERS {
                return Err(&codes::BAD_FILTER);
            }
        }
        let mut read = Vec::new();
        for (key, value) in filters {
            read.extend(Filter::read(key, value)?);
        }
        Ok(read)
    }

    /// The resource types that `include` names; none when there is no `include`.
    #[must_use]
    pub fn includes(&self) -> Vec<&str> {
        let named = self.get("include").unwrap_or_default().split(',').map(str::trim);
        named.filter(|kind| !kind.is_empty()).take(MAX_INCLUDES).collect()
    }

    /// Whether the query names attributes of any type.
    pub(crate) fn has_fields(&self) -> bool {
        self.pairs.iter().any(|(name, _)| name.starts_with("fields["))
    }

    /// The attributes of this type that the client wants; all of them when it does not say.
    #[must_use]
    pub fn fields(&self, kind: &str) -> Option<Vec<&str>> {
        let named = |name: &str| name.strip_prefix("fields[").and_then(|rest| rest.strip_suffix(']')) == Some(kind);
        let (_, value) = self.pairs.iter().rev().find(|(name, _)| named(name))?;
        Some(value.split(',').map(str::trim).filter(|field| !field.is_empty()).collect())
    }

    /// The order asked for; the resource ignores fields that it does not sort by.
    #[must_use]
    pub fn sort(&self) -> Vec<Sort> {
        let named = self.get("sort").unwrap_or_default().split(',').filter(|field| !field.is_empty()).take(MAX_SORTS);
        named
            .map(|field| match field.strip_prefix('-') {
                Some(field) => Sort { field: field.to_owned(), direction: Direction::Descending },
                None => Sort { field: field.to_owned(), direction: Direction::Ascending },
            })
            .collect()
    }

    /// Puts the query string behind a link as links carry it: decoded, with its question mark; nothing when there is
    /// none.
    pub fn push_suffix(&self, link: &mut String) {
        push(link, self.shown());
    }

    /// As [`Query::push_suffix`], for another window of the same collection.
    pub fn push_suffix_at(&self, link: &mut String, offset: i64, limit: i64) {
        let (offset, limit) = (offset.to_string(), limit.to_string());
        let page = [("page[offset]", offset.as_str()), ("page[limit]", limit.as_str())];
        push(link, self.shown().filter(|(name, _)| !name.starts_with("page[")).chain(page));
    }

    /// What links carry: repeated names collapse (reference/framework.md §2.9), and a key that came along stays behind.
    fn shown(&self) -> impl Iterator<Item = (&str, &str)> {
        let all = self.shown.is_none().then_some(&self.pairs).into_iter().flatten();
        let some =
            self.shown.iter().flatten().filter_map(|&(name, value)| {
                Some((self.pairs.get(name)?.0.as_str(), self.pairs.get(value)?.1.as_str()))
            });
        let all = all.map(|(name, value)| (name.as_str(), value.as_str()));
        all.chain(some).filter(|(name, _)| *name != "api_key")
    }
}

/// More filters than any collection has.
const MAX_FILTERS: usize = 32;

/// More values than one criterion needs.
const MAX_FILTER_VALUES: usize = 500;

/// More types than an application has relations.
const MAX_INCLUDES: usize = 64;

/// More criteria than any order needs.
const MAX_SORTS: usize = 16;

/// No collection is that long; larger values never reach the database.
const MAX_OFFSET: i64 = i32::MAX as i64;

/// The place of each name's first pair and of its last value; `None` when every name stands once. Names that end in
/// `[]` are lists.
fn shown(pairs: &[(String, String)]) -> Option<Vec<(usize, usize)>> {
    if pairs.len() < 2 {
        return None;
    }
    let mut seen: HashMap<&str, usize> = HashMap::with_capacity(pairs.len());
    let mut shown: Vec<(usize, usize)> = Vec::with_capacity(pairs.len());
    for (at, (name, _)) in pairs.iter().enumerate() {
        match seen.get(name.as_str()).and_then(|&first| shown.get_mut(first)) {
            Some(first) if !name.ends_with("[]") => first.1 = at,
            _ => {
                seen.insert(name, shown.len());
                shown.push((at, at));
            }
        }
    }
    (shown.len() < pairs.len()).then_some(shown)
}

fn push<'a>(text: &mut String, pairs: impl Iterator<Item = (&'a str, &'a str)>) {
    let mut mark = '?';
    for (name, value) in pairs {
        text.push(mark);
        mark = '&';
        push_part(text, name, b"%&#+=\"'");
        text.push('=');
        push_part(text, value, b"%&#+\"'");
    }
}

/// A name or a value as links carry it: decoded, except for what would end it or mean something else there.
fn push_part(text: &mut String, part: &str, delimiters: &[u8]) {
    let ends = |byte: &u8| delimiters.contains(byte) || byte.is_ascii_control();
    let mut rest = part;
    while let Some(at) = rest.bytes().position(|byte| ends(&byte)) {
        let (before, after) = rest.split_at(at);
        text.push_str(before);
        after.bytes().take(1).for_each(|byte| percent::push_encoded(text, byte));
        rest = after.get(1..).unwrap_or_default();
    }
    text.push_str(rest);
}

/// Narrows a boxed query by one criterion of a filter: a column, an operator and values of the column's type.
#[macro_export]
macro_rules! compared {
    ($query:expr, $operator:expr, $column:expr, $values:expr) => {
        match ($operator, $values.first().cloned()) {
            ($crate::input::query::Operator::In, _) => $query.filter($column.eq_any($values.clone())),
            ($crate::input::query::Operator::NotIn, _) => $query.filter($column.ne_all($values.clone())),
            ($crate::input::query::Operator::Greater, Some(value)) => $query.filter($column.gt(value)),
            ($crate::input::query::Operator::GreaterOrEqual, Some(value)) => $query.filter($column.ge(value)),
            ($crate::input::query::Operator::Less, Some(value)) => $query.filter($column.lt(value)),
            ($crate::input::query::Operator::LessOrEqual, Some(value)) => $query.filter($column.le(value)),
            (_, None) => $query,
        }
    };
}
