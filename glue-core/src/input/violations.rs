//! The constraints of attributes and their messages (reference/framework.md §5, reference/resources.md §0.3).

use std::sync::Arc;

use time::Date as CalendarDate;

use super::breaches::BreachedPasswords;
use super::field::Field;
use crate::error::{ErrorObject, ErrorRow};
use crate::value::OnDay;

/// The first or the last day that a value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayBound {
    /// This one.
    On(CalendarDate),
    /// The day of the request, in UTC.
    Today,
}

/// Everything that is wrong with an input, in the order of its definition.
#[derive(Default)]
pub struct Violations {
    breaches: Option<Arc<dyn BreachedPasswords>>,
    /// The present day, in UTC.
    today: Option<CalendarDate>,
    /// The application that was sent the input.
    pub(super) application: &'static str,
    /// Whether an input is refused of which nothing can be written.
    pub(super) refuses_read_only: bool,
    /// Where the input that is being read stands: empty, or a path with a dot at its end.
    below: String,
    found: Vec<ErrorObject>,
    business: Vec<ErrorObject>,
}

impl Violations {
    /// None yet; passwords are looked up in `breaches`.
    #[must_use]
    pub fn knowing(breaches: Option<Arc<dyn BreachedPasswords>>) -> Self {
        Self { breaches, ..Self::default() }
    }

    /// The same, on a day.
    #[must_use]
    pub fn on(self, today: CalendarDate) -> Self {
        Self { today: Some(today), ..self }
    }

    /// The same, sent to an application.
    #[must_use]
    pub fn sent_to(self, application: &'static str) -> Self {
        Self { application, ..self }
    }

    /// The same, where an input is refused that names nothing but what is only read.
    #[must_use]
    pub fn refusing_read_only(self, refuses_read_only: bool) -> Self {
        Self { refuses_read_only, ..self }
    }

    /// Records `path => message` with 422/901.
    pub fn add(&mut self, path: &str, message: &str) {
        self.found.push(ErrorObject::violation(&format!("{}{path}", self.below), message));
    }

    /// Reads something that stands below `path`.
    pub fn below<T>(&mut self, path: &str, read: impl FnOnce(&mut Self) -> T) -> T {
        let length = self.below.len();
        self.below.push_str(path);
        self.below.push('.');
        let done = read(self);
        self.below.truncate(length);
        done
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty() && self.business.is_empty()
    }

    /// All errors: violations of the form, or, when there are none, the first business rule that was broken.
    #[must_use]
    pub fn into_errors(self) -> Vec<ErrorObject> {
        if self.found.is_empty() { self.business.into_iter().take(1).collect() } else { self.found }
    }

    /// The attribute's key has to be there.
    pub fn present<T>(&mut self, path: &str, field: &Field<T>) {
        if matches!(field, Field::Absent) {
            self.add(path, "This field is missing.");
        }
    }

    /// The attribute has to have its type; `kind` is the type's name in the message.
    pub fn typed<T>(&mut self, path: &str, field: &Field<T>, kind: &str) {
        if matches!(field, Field::Wrong) {
            self.add(path, &format!("This value should be of type {kind}."));
        }
    }

    /// Neither `null` nor empty; one blank is not blank.
    pub fn not_blank(&mut self, path: &str, field: &Field<String>) {
        let blank = match field {
            Field::Null => true,
            Field::Value(text) => text.is_empty(),
            Field::Absent | Field::Wrong => false,
        };
        if blank {
            self.add(path, "This value should not be blank.");
        }
    }

    /// Not `null`.
    pub fn not_null<T>(&mut self, path: &str, field: &Field<T>) {
        if matches!(field, Field::Null) {
            self.add(path, "This value should not be null.");
        }
    }

    /// At least `min` characters.
    pub fn min_length(&mut self, path: &str, field: &Field<String>, min: usize) {
        if matches!(field, Field::Value(text) if text.chars().count() < min) {
            self.add(path, &format!("This value is too short. It should have {min} characters or more."));
        }
    }

    /// At most `max` characters.
    pub fn max_length(&mut self, path: &str, field: &Field<String>, max: usize) {
        if matches!(field, Field::Value(text) if text.chars().count() > max) {
            self.add(path, &format!("This value is too long. It should have {max} characters or less."));
        }
    }

    /// One of these words.
    pub fn choice(&mut self, path: &str, field: &Field<String>, words: &[&str]) {
        if matches!(field, Field::Value(text) if !words.contains(&text.as_str())) {
            self.add(path, "The value you selected is not a valid choice.");
        }
    }

    /// A number that is not less than `min`.
    pub fn at_least(&mut self, path: &str, field: &Field<i64>, min: i64) {
        if matches!(field, Field::Value(number) if *number < min) {
            self.add(path, &format!("This value should be greater than or equal to {min}."));
        }
    }

    /// A number that is not greater than `max`.
    pub fn at_most(&mut self, path: &str, field: &Field<i64>, max: i64) {
        if matches!(field, Field::Value(number) if *number > max) {
            self.add(path, &format!("This value should be less than or equal to {max}."));
        }
    }

    /// A number greater than `bound`.
    pub fn greater_than(&mut self, path: &str, field: &Field<i64>, bound: i64) {
        if matches!(field, Field::Value(number) if *number <= bound) {
            self.add(path, &format!("This value should be greater than {bound}."));
        }
    }

    /// A number less than `bound`.
    pub fn less_than(&mut self, path: &str, field: &Field<i64>, bound: i64) {
        if matches!(field, Field::Value(number) if *number >= bound) {
            self.add(path, &format!("This value should be less than {bound}."));
        }
    }

    /// At least `min` items.
    pub fn min_items<T>(&mut self, path: &str, field: &Field<Vec<T>>, min: usize) {
        if matches!(field, Field::Value(items) if items.len() < min) {
            let word = if min == 1 { "element" } else { "elements" };
            self.add(path, &format!("This collection should contain {min} {word} or more."));
        }
    }

    /// At most `max` items.
    pub fn max_items<T>(&mut self, path: &str, field: &Field<Vec<T>>, max: usize) {
        if matches!(field, Field::Value(items) if items.len() > max) {
            let word = if max == 1 { "element" } else { "elements" };
            self.add(path, &format!("This collection should contain {max} {word} or less."));
        }
    }

    /// Not before a day, in UTC.
    pub fn not_before<T: OnDay>(&mut self, path: &str, field: &Field<T>, day: DayBound) {
        let Some(bound) = self.day(day) else { return };
        if matches!(field, Field::Value(value) if value.day() < bound) {
            self.add(path, &format!("This value should be greater than or equal to {bound}."));
        }
    }

    /// Not after a day, in UTC.
    pub fn not_after<T: OnDay>(&mut self, path: &str, field: &Field<T>, day: DayBound) {
        let Some(bound) = self.day(day) else { return };
        if matches!(field, Field::Value(value) if value.day() > bound) {
            self.add(path, &format!("This value should be less than or equal to {bound}."));
        }
    }

    /// The day that a bound means; none when nobody says which day it is.
    fn day(&self, bound: DayBound) -> Option<CalendarDate> {
        match bound {
            DayBound::On(day) => Some(day),
            DayBound::Today => self.today,
        }
    }

    /// `true`.
    pub fn is_true(&mut self, path: &str, field: &Field<bool>) {
        if matches!(field, Field::Value(false) | Field::Null) {
            self.add(path, "This value should be true.");
        }
    }

    /// A day, `YYYY-MM-DD`.
    pub fn dated<T>(&mut self, path: &str, field: &Field<T>) {
        if matches!(field, Field::Wrong) {
            self.add(path, "This value is not a valid date.");
        }
    }

    /// A point in time.
    pub fn timed<T>(&mut self, path: &str, field: &Field<T>) {
        if matches!(field, Field::Wrong) {
            self.add(path, "This value is not a valid datetime.");
        }
    }

    /// A decimal number without an exponent, or empty.
    pub fn decimal(&mut self, path: &str, field: &Field<String>) {
        if matches!(field, Field::Value(text) if !text.is_empty() && !crate::value::is_decimal(text)) {
            self.add(path, "This value is not valid.");
        }
    }

    /// A password of the required strength that nobody else knows, or empty (reference/resources.md §0.3).
    pub fn password(&mut self, path: &str, field: &Field<String>) {
        let Field::Value(text) = field else { return };
        if text.is_empty() {
            return;
        }
        if !is_strong(text) {
            self.add(path, PASSWORD);
        }
        if self.breaches.as_ref().is_some_and(|breaches| breaches.contains(text)) {
            self.add(path, BREACHED);
        }
    }

    /// A rule of the resource with a message of its own.
    pub fn holds<T>(&mut self, path: &str, field: &Field<T>, holds: impl FnOnce(&T) -> bool, message: &str) {
        if matches!(field, Field::Value(value) if !holds(value)) {
            self.add(path, message);
        }
    }

    /// A UUID, or empty.
    pub fn uuid(&mut self, path: &str, field: &Field<String>) {
        if matches!(field, Field::Value(text) if !text.is_empty() && crate::value::uuid(text).is_none()) {
            self.add(path, "This is not a valid UUID.");
        }
    }

    /// A text that no database column can hold: NUL.
    pub fn storable(&mut self, path: &str, field: &Field<String>) {
        if matches!(field, Field::Value(text) if text.contains('\0')) {
            self.add(path, "This value is not valid.");
        }
    }

    /// An e-mail address, or empty.
    pub fn email(&mut self, path: &str, field: &Field<String>) {
        if matches!(field, Field::Value(text) if !text.is_empty() && !is_email(text)) {
            self.add(path, "This value is not a valid email address.");
        }
    }

    /// A rule of the resource itself, with a row of its own.
    pub fn rule<T>(&mut self, field: &Field<T>, holds: impl FnOnce(&T) -> bool, row: &'static ErrorRow) {
        if let Field::Value(value) = field
            && !holds(value)
        {
            self.business.push(row.into());
        }
    }
}

/// A compiled pattern of a definition's rule.
#[derive(Debug)]
pub struct Pattern(Option<regex::Regex>);

impl Pattern {
    /// Compiles `pattern`. The generator refuses patterns that do not parse; such a one would match nothing.
    #[must_use]
    pub fn new(pattern: &str) -> Self {
        Self(regex::Regex::new(pattern).ok())
    }

    /// Whether `text` matches.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|pattern| pattern.is_match(text))
    }
}

const BREACHED: &str =
    "This password has been leaked in a data breach, it must not be used. Please use another password.";

const PASSWORD: &str = "Your password must include at least one uppercase letter, one lowercase letter, one number, and one special character from the following list: !@#$%^&*()_-+=[]{}|;:<>.,/?\\~. Non-Latin and other special characters are not allowed.";

/// A letter of each case, a digit, a special character, and nothing else.
fn is_strong(text: &str) -> bool {
    const SPECIAL: &str = "!@#$%^&*()_-+=[]{}|;:<>.,/?\\~";
    let has = |of: fn(char) -> bool| text.chars().any(of);
    has(|c| c.is_ascii_uppercase())
        && has(|c| c.is_ascii_lowercase())
        && has(|c| c.is_ascii_digit())
        && has(|c| SPECIAL.contains(c))
        && text.chars().all(|c| c.is_ascii_alphanumeric() || SPECIAL.contains(c))
}

/// One `@` between a local part without blanks and a host of at least two labels.
fn is_email(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else {
        return false;
    };
    let atoms = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+/=?^_`{|}~-.".contains(c);
    let local_fits = !local.is_empty() && local.len() <= 64 && local.chars().all(atoms);
    let dots_fit = !local.starts_with('.') && !local.ends_with('.') && !local.contains("..");
    let label = |label: &str| {
        let plain = label.chars().all(|c| c.is_alphanumeric() || c == '-');
        (1..=63).contains(&label.len()) && plain && !label.starts_with('-') && !label.ends_with('-')
    };
    local_fits && dots_fit && host.contains('.') && host.split('.').all(label)
}
