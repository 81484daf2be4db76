//! The query grammar that every collection understands: `page[offset]`, `page[limit]`, `sort`.

use crate::codes;
use crate::error::ErrorRow;

/// The parsed query string of one request.
#[derive(Clone, Debug, Default)]
pub struct Query {
    pairs: Vec<(String, String)>,
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

impl Query {
    /// Parses a raw query string. What is not a pair is kept as a name with an empty value.
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        if raw.is_empty() {
            return Self::default();
        }
        Self { pairs: serde_urlencoded::from_str(raw).unwrap_or_default() }
    }

    /// The value of `name`; the last one when there are several.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The window asked for, or one of `default` rows from the start; `max` bounds both.
    ///
    /// Only both members together ask for a window; an offset without a limit is an error
    /// (contract/framework.md §1.1.5, §2.7).
    ///
    /// # Errors
    /// [`codes::BAD_PAGE`] when a member is not an integer or the limit is not positive.
    pub fn page(&self, default: i64, max: i64) -> Result<Page, &'static ErrorRow> {
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

    /// The query string as links carry it: decoded, with its question mark; empty when there is none.
    #[must_use]
    pub fn suffix(&self) -> String {
        join(self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())))
    }

    /// As [`Query::suffix`], for another window of the same collection.
    #[must_use]
    pub fn suffix_at(&self, offset: i64, limit: i64) -> String {
        let others = self.pairs.iter().filter(|(name, _)| !name.starts_with("page["));
        let (offset, limit) = (offset.to_string(), limit.to_string());
        let page = [("page[offset]", offset.as_str()), ("page[limit]", limit.as_str())];
        join(others.map(|(name, value)| (name.as_str(), value.as_str())).chain(page))
    }
}

/// More criteria than any order needs.
const MAX_SORTS: usize = 16;

/// No collection is that long; larger values never reach the database.
const MAX_OFFSET: i64 = i32::MAX as i64;

fn join<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        text.push(if text.is_empty() { '?' } else { '&' });
        text.push_str(name);
        if !value.is_empty() {
            text.push('=');
            text.push_str(value);
        }
    }
    text
}
