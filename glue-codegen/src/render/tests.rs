//! Contract tests: per row, every identity that must be refused and the one that must be served.

use askama::Template;

use super::draft::{Draft, NotRust};
use super::quote::{RawStr, RustStr};
use super::{examples, operations};
use crate::definition::{
    ActionOf, Ancestor, AppUse, At, Attribute, Condition, Definition, EntityTags, ErrorUse, Flag, Format, Kind,
    Refusal, SetUse, StateGuard, VerbName,
};
use crate::names;
use crate::ownership::{self, Evidence};
use crate::rows::{self, Row};
use crate::workspace::Domain;

#[derive(Template)]
#[template(path = "contract.rs.txt", escape = "none", syntax = "rust")]
struct ContractTemplate<'a> {
    mark: &'static str,
    name: &'a str,
    imports: String,
    rows: Vec<RowTests>,
}

/// A row as the table of tests has it.
struct RowTests {
    /// `storefront_get`.
    name: String,
    app: String,
    method: &'static str,
    /// The path as people know it.
    shown: String,
    line: String,
    /// The expression that makes the row: its first call and those that follow.
    made: String,
    /// What all rows of its kind promise.
    words: String,
    /// What it promises beside that: the name of a test, and the case as an expression.
    cases: Vec<(String, String)>,
}

pub(super) fn contract(domain: &Domain, definition: &Definition) -> Result<Draft, NotRust> {
    let module = definition.module();
    let rows: Vec<RowTests> = rows::of(definition).iter().map(|row| tests(domain, definition, row)).collect();
    let cases = || rows.iter().flat_map(|row| &row.cases);
    let mut imports = vec!["Row"];
    imports.extend(cases().next().map(|_| "Case::*"));
    imports.extend(rows.iter().any(|row| row.made.contains("Reference::new(")).then_some("Reference"));
    imports.extend(cases().any(|(_, case)| case.starts_with("WrongAttribute(")).then_some("Wrong::*"));
    imports.sort_unstable();
    let imports = match imports.as_slice() {
        [one] => (*one).to_owned(),
        many => format!("{{{}}}", many.join(", ")),
    };
    let template = ContractTemplate { mark: super::MARK, name: &definition.name.it, imports, rows };
    let path = format!("{}/tests/generated/{module}.rs", domain.dir);
    match template.render() {
        Ok(text) => Ok(Draft::plain(path, text + "\n")),
        Err(error) => Err(NotRust { path, reason: error.to_string() }),
    }
}

fn tests(domain: &Domain, whole: &Definition, row: &Row<'_>) -> RowTests {
    let definition = &*whole.in_app(row.app);
    RowTests {
        name: names::ident(&names::snake(&format!("{}-{}", row.app, row.verb.verb.as_str()))),
        app: row.app.to_owned(),
        method: row.method(),
        shown: row.shown_path(),
        line: definition.source.origin(&row.verb.span),
        made: made(domain, definition, row),
        words: words(definition, row).join(", "),
        cases: cases(definition, row).into_iter().chain(unshown(whole, row)).collect(),
    }
}

/// The row, and the request that is right for it.
fn made(domain: &Domain, definition: &Definition, row: &Row<'_>) -> String {
    let verb = row.verb.verb;
    let prefix = rows::prefix(definition);
    let example_path = format!("{prefix}{}", examples::example_path(definition));
    let id = examples::id(definition);
    let id = id.as_str().unwrap_or("example");
    let path = if definition.takes_id(verb) { format!("{example_path}/{id}") } else { example_path };
    let (resource, collection, suffix) = place(definition, verb);
    let texts = [row.app, row.method(), &path, &row.operation_id(), resource].map(|text| RustStr(text).to_string());
    let mut made = format!("Row::new({})", texts.join(", "));
    let mut call = |name: &str, argument: &dyn std::fmt::Display| {
        made.push_str(&format!("\n            .{name}({argument})"));
    };
    if !prefix.is_empty() {
        call("version", &RustStr(&prefix));
    }
    if let Some(collection) = &collection {
        call("collection", &RustStr(collection));
    }
    if !suffix.is_empty() {
        call("suffix", &RustStr(&suffix));
    }
    if definition.takes_body(verb) && !definition.format.is_form() {
        let (whole, smallest) = (examples::request(definition, verb), examples::smallest(definition, verb));
        call("body", &RawStr(&whole.to_string()));
        if smallest != whole {
            call("smallest", &RawStr(&smallest.to_string()));
        }
    }
    let maker = maker(definition);
    let posting = posting(domain, maker, row);
    if let Some(app) = posting {
        call("made_in", &RustStr(app));
    }
    let makes = ownership::makes_rows(maker, posting.unwrap_or(row.app));
    if makes && (verb == VerbName::List || suffix.starts_with("/{id}")) {
        call("created", &RawStr(&examples::request(maker, VerbName::Post).to_string()));
    }
    let references = self::references(domain, maker, MAX_REFERENCES);
    if !references.is_empty() {
        call("refers_to", &format!("&[{}]", references.join(", ")));
    }
    let above = above(domain, maker);
    if !above.is_empty() {
        call("above", &format!("&[{}]", above.join(", ")));
    }
    if is_conditional(definition, verb) {
        call("conditional", &"");
    }
    if row.owner.is_some() && row.verb.protected.it != Flag::Protected {
        call("open", &"");
    }
    if row.verb.client || row.verb.protected.it == Flag::Client {
        call("authenticates_clients", &"");
    }
    made
}

/// The resource that makes the rows: an action is about those of what it is an action of.
fn maker(definition: &Definition) -> &Definition {
    definition.action_of.as_ref().map_or(definition, |of| &of.resource)
}

/// The application that makes rows which this one reaches whosever they are, and cannot make.
fn posting<'a>(domain: &'a Domain, maker: &'a Definition, row: &Row<'_>) -> Option<&'a str> {
    let above = maker.ancestors.first();
    let first = above.map_or(Some(maker), |above| {
        domain.definitions.iter().find(|other| other.newest && other.name.it == above.name)
    })?;
    let is_generated = [first, maker].iter().all(|of| of.storage.is_some() && of.handler.is_none());
    if row.owner.is_some() || !is_generated || ownership::makes_rows(first, row.app) {
        return None;
    }
    let makes = |app: &&AppUse| ownership::makes_rows(first, &app.name.it);
    first.apps.iter().find(makes).map(|app| app.name.it.as_str())
}

/// The resource whose rows are meant, the path of its collection where that is the same for everybody, and what follows it.
fn place(definition: &Definition, verb: VerbName) -> (&str, Option<String>, String) {
    let name = definition.name.it.as_str();
    match (&definition.action_of, &definition.path) {
        (Some(of), _) => {
            let collection = of.resource.ancestors.is_empty().then(|| rows::collection_path(&of.resource));
            (&of.resource.name.it, collection, of.action.path.it.clone())
        }
        (None, Some(path)) if path.it.contains('{') => (name, None, String::new()),
        (None, Some(path)) => (name, Some(path.it.clone()), String::new()),
        (None, None) => {
            let suffix = if definition.takes_id(verb) { "/{id}" } else { "" };
            (name, definition.ancestors.is_empty().then(|| format!("/{name}")), suffix.to_owned())
        }
    }
}

fn is_conditional(definition: &Definition, verb: VerbName) -> bool {
    verb == VerbName::Patch && definition.entity_tags == EntityTags::Required
}

fn words(definition: &Definition, row: &Row<'_>) -> Vec<&'static str> {
    let protected = row.verb.protected.it == Flag::Protected;
    let mut words = vec![match row.verb.protected.it {
        Flag::Protected => "protected",
        Flag::Agent => "agent",
        Flag::Optional | Flag::Public | Flag::Client => "public",
    }];
    if !row.scopes.is_empty() {
        words.push("scoped");
    }
    match (row.api_key, protected) {
        (true, _) => words.push("api_key"),
        (false, true) => words.push("no_api_key"),
        (false, false) => {}
    }
    if definition.takes_body(row.verb.verb) {
        match definition.format {
            Format::JsonApi => words.push("document_body"),
            Format::Json { .. } => words.push("json_body"),
            Format::Form | Format::Page => {}
        }
    }
    words
}

fn cases(definition: &Definition, row: &Row<'_>) -> Vec<(String, String)> {
    let verb = row.verb.verb;
    let mut cases = match definition.takes_body(verb) && !definition.format.is_form() {
        true => bodies(definition, verb),
        false => Vec::new(),
    };
    let mut case = |name: &str, case: String| cases.push((name.to_owned(), case));
    let error = |name: &str| definition.errors.iter().find(|error| error.name.it == name);
    let refusal = |error: &ErrorUse| format!("{}, {}", error.status_for(verb), RustStr(&error.code));
    // Nobody has seen the state of what is not there for them.
    let unseen = is_conditional(definition, verb).then(|| "412, \"006\"".to_owned());
    if let Some(storage) = &definition.storage {
        states(definition, row, &mut case);
        if verb == VerbName::List {
            case("refuses_a_page_that_is_no_number", "PageOfLetters".into());
        }
        let sent = |at: &At<String>| {
            let owns = definition.owner.as_ref().is_some_and(|owner| owner.it == at.it);
            owns || examples::written(definition, verb).any(|attribute| attribute.name.it == at.it)
        };
        let twice = verb == VerbName::Post && storage.unique.iter().any(|list| list.iter().all(sent));
        if let Some(error) = error("duplicate").filter(|_| twice) {
            case("refuses_the_same_twice", format!("Duplicate({})", refusal(error)));
        }
        if definition.takes_id(verb) {
            let uuid = definition.attributes.iter().any(|a| a.id && matches!(a.kind, Kind::Uuid));
            let unknown = unseen.clone().filter(|_| !uuid).or_else(|| error("notFound").map(refusal));
            if let Some(unknown) = unknown {
                case("does_not_know_an_unknown_id", format!("UnknownId({unknown})"));
            }
        }
    }
    if let (Some(error), VerbName::Get) = (error("notFound").filter(|_| definition.mine.is_some()), verb)
        && row.owner.is_some()
    {
        let served = operations::status(definition, row.verb);
        case("serves_mine_to_each", format!("Mine({served}, {})", refusal(error)));
    }
    if let Some(of) = definition.action_of.as_ref().filter(|of| of.changes() && definition.handler.is_none()) {
        acted(definition, of, row, &mut case);
    }
    match row.owner.filter(|_| !row.is_unchecked()).map(|_| ownership::evidence(definition, row)) {
        Some(Evidence::Hidden) => {
            if let Some(hidden) = ownership::refusal(definition).map(refusal) {
                case("hides_the_rows_of_others", format!("Hidden({hidden})"));
            }
        }
        Some(Evidence::Unlisted) => case("lists_no_rows_of_others", "Unlisted".into()),
        Some(Evidence::Elsewhere | Evidence::None) | None => {}
    }
    cases
}

/// What other applications have of a resource, and answers of this one do not.
fn unshown(definition: &Definition, row: &Row<'_>) -> Vec<(String, String)> {
    if definition.storage.is_none() || row.verb.verb != VerbName::Get {
        return Vec::new();
    }
    let elsewhere = definition.attributes.iter().filter(|of| of.access.reads() && !of.is_in(row.app));
    let case = |of: &Attribute| {
        let (name, snake) = (RustStr(&of.name.it), names::snake(&of.name.it));
        (format!("does_not_show_{snake}"), format!("Unshown({name})"))
    };
    elsewhere.map(case).collect()
}

/// What is done to a new row: it is served in its state or is not, and refers to what is there or does not.
fn states(definition: &Definition, row: &Row<'_>, case: &mut impl FnMut(&str, String)) {
    let verb = row.verb.verb;
    let refusal = |name: &str| {
        let error = definition.errors.iter().find(|error| error.name.it == name)?;
        Some(format!("{}, {}", error.status_for(verb), RustStr(&error.code)))
    };
    match (starts_outside(definition, row), refusal("state")) {
        (Some(false), _) => {
            case("serves_the_right_caller", format!("Served({})", operations::status(definition, row.verb)));
        }
        (Some(true), Some(state)) => return case("refuses_a_row_in_another_state", format!("Refused({state})")),
        (Some(true), None) | (None, _) => return,
    }
    if let (Some(transition), VerbName::Patch) = (refusal("transition"), verb) {
        for (name, word) in forbidden(definition, row) {
            let arguments = format!("{}, {}, {transition}", RustStr(name), RustStr(word));
            case(&format!("refuses_a_forbidden_{}", names::snake(name)), format!("ForbiddenChange({arguments})"));
        }
    }
    for attribute in examples::written(definition, verb).filter(|_| verb.has_body()) {
        if let Some(unknown) = attribute.references.as_ref().and_then(|reference| refusal(&reference.error.it)) {
            let (name, snake) = (RustStr(&attribute.name.it), names::snake(&attribute.name.it));
            case(&format!("refuses_an_unknown_{snake}"), format!("UnknownReference({name}, {unknown})"));
        }
    }
}

/// What an action does with a new row, and with one that is not there.
fn acted(definition: &Definition, of: &ActionOf, row: &Row<'_>, case: &mut impl FnMut(&str, String)) {
    let refusal = |name: &str| {
        let error = definition.errors.iter().find(|error| error.name.it == name)?;
        Some(format!("{}, {}", error.status_for(row.verb.verb), RustStr(&error.code)))
    };
    // Nobody has seen the state of what is not there for them.
    let uuid = of.resource.attributes.iter().any(|attribute| attribute.id && matches!(attribute.kind, Kind::Uuid));
    let unseen = (is_conditional(definition, row.verb.verb) && !uuid).then(|| "412, \"006\"".to_owned());
    if let Some(unknown) = unseen.or_else(|| refusal("notFound")) {
        case("does_not_know_an_unknown_id", format!("UnknownId({unknown})"));
    }
    if !ownership::makes_rows(&of.resource, row.app) {
        return;
    }
    let is_out_of_reach = |set: &SetUse| {
        let attribute = of.resource.attributes.iter().find(|attribute| attribute.name.it == set.attribute.it)?;
        let (start, word) = (attribute.default_text()?, serde_json::from_str(&set.to.it).ok()?);
        let reached = attribute.before(&names::plain(&word)).contains(&start.as_str());
        Some(!attribute.transitions.is_empty() && !reached)
    };
    let beyond = of.action.sets.iter().filter_map(is_out_of_reach).any(|beyond| beyond);
    match starts_outside(&of.resource, row) {
        Some(true) => refusal("state")
            .into_iter()
            .for_each(|state| case("refuses_a_row_in_another_state", format!("Refused({state})"))),
        Some(false) if beyond => {
            refusal("transition").into_iter().for_each(|it| case("refuses_a_new_row", format!("Refused({it})")));
        }
        Some(false) => {
            let status = operations::status(definition, row.verb);
            case("serves_the_right_caller", format!("Served({status})"));
        }
        None => {}
    }
}

/// What the bodies of resources in front of one refer to, by their types.
fn above(domain: &Domain, maker: &Definition) -> Vec<String> {
    let refers = |ancestor: &Ancestor| {
        let found = domain.definitions.iter().find(|other| other.newest && other.name.it == ancestor.name)?;
        let references = references(domain, found, MAX_REFERENCES);
        (!references.is_empty()).then(|| format!("({}, &[{}])", RustStr(&ancestor.name), references.join(", ")))
    };
    maker.ancestors.iter().filter_map(refers).collect()
}

/// How many rows may have to be there before another can be; a circle ends here too.
const MAX_REFERENCES: usize = 4;

/// The attributes that hold ids of other rows, with the types of those, and what those refer to.
fn references(domain: &Domain, definition: &Definition, depth: usize) -> Vec<String> {
    let of = |attribute: &Attribute| {
        let reference = attribute.references.as_ref().filter(|_| depth > 0)?;
        let to = domain.definitions.iter().find(|other| other.newest && other.name.it == reference.to.it);
        let further = to.filter(|to| to.name.it != definition.name.it).map(|to| references(domain, to, depth - 1));
        let (name, resource) = (RustStr(&attribute.name.it), RustStr(&reference.to.it));
        Some(format!("Reference::new({name}, {resource}, &[{}])", further.unwrap_or_default().join(", ")))
    };
    let below = definition.made.iter().filter(|_| depth > 0).flat_map(|(name, child)| {
        let inside = references(domain, child, depth - 1).into_iter();
        // The first of a list stands for all of them.
        inside.map(move |reference| reference.replacen("new(\"", &format!("new(\"{name}/0/"), 1))
    });
    definition.attributes.iter().filter_map(of).chain(below).collect()
}

/// Whether a new row is in no state in which the verb is served; none when nobody knows how rows begin.
fn starts_outside(definition: &Definition, row: &Row<'_>) -> Option<bool> {
    let guards = &row.verb.guards;
    if !guards.is_empty() && !ownership::makes_rows(definition, row.app) {
        return None;
    }
    let begins = |guard: &StateGuard| {
        let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == guard.attribute.it)?;
        match attribute.access.writes(VerbName::Post) {
            true => examples::value(attribute).as_str().map(str::to_owned),
            false => attribute.default_text(),
        }
    };
    let outside = |guard: &StateGuard| {
        let word = begins(guard)?;
        Some(guard.words.iter().all(|known| known.it != word))
    };
    guards.iter().map(outside).try_fold(false, |any, outside| Some(any || outside?))
}

/// For each attribute that goes from state to state, one that a new row cannot go to.
fn forbidden<'a>(definition: &'a Definition, row: &Row<'_>) -> Vec<(&'a str, &'a str)> {
    if !ownership::makes_rows(definition, row.app) {
        return Vec::new();
    }
    let found = |attribute: &'a Attribute| {
        let start = attribute.default_text().filter(|_| !attribute.transitions.is_empty())?;
        let mut words = attribute.words().iter().map(String::as_str);
        let word = words.find(|word| !attribute.before(word).contains(&start.as_str()))?;
        Some((attribute.name.it.as_str(), word))
    };
    definition.attributes.iter().filter_map(found).collect()
}

/// What is done to the attributes of a body that has to be refused.
fn bodies(definition: &Definition, verb: VerbName) -> Vec<(String, String)> {
    let mut cases = Vec::new();
    for attribute in examples::written(definition, verb) {
        let (name, snake) = (RustStr(&attribute.name.it), names::snake(&attribute.name.it));
        let mut case = |what: &str, sent: &str, status: u16, code: &str| {
            cases.push((
                format!("refuses_{snake}_{what}"),
                format!("WrongAttribute({name}, {sent}, {status}, {})", RustStr(code)),
            ));
        };
        if !matches!(attribute.kind, Kind::List(_)) {
            case("as_a_list", "List", 422, "901");
        }
        if attribute.required.contains(&verb) {
            case("missing", "Nothing", 422, "901");
        }
        bounds(attribute, &mut case);
        texts(definition, attribute, verb, &mut case);
    }
    cases
}

/// What is just outside of the bounds of a number, a day or a list.
fn bounds(attribute: &Attribute, case: &mut impl FnMut(&str, &str, u16, &str)) {
    let mut outside = |what: &str, sent: String| case(what, &sent, 422, "901");
    match attribute.kind {
        Kind::Int | Kind::Money => {
            let least = attribute.min.and_then(|min| min.checked_sub(1)).or(attribute.greater_than);
            let most = attribute.max.and_then(|max| max.checked_add(1)).or(attribute.less_than);
            least.into_iter().for_each(|number| outside("too_small", format!("Number({number})")));
            most.into_iter().for_each(|number| outside("too_great", format!("Number({number})")));
        }
        Kind::List(_) => {
            // A body of that many has to be made.
            let some = |items: &i64| (0..1_000).contains(items);
            let fewer = attribute.min.and_then(|min| min.checked_sub(1)).filter(some);
            let more = attribute.max.and_then(|max| max.checked_add(1)).filter(some);
            fewer.into_iter().for_each(|items| outside("with_too_few_items", format!("Items({items})")));
            more.into_iter().for_each(|items| outside("with_too_many_items", format!("Items({items})")));
        }
        Kind::Date | Kind::DateTime => {
            // A year is enough to be outside of bounds that nobody can count from here.
            let (first, last) = ("1000-01-01", "9999-01-01");
            let early = attribute.earliest.as_ref().filter(|at| at.it.as_str() > first).map(|_| first);
            let late = attribute.latest.as_ref().filter(|at| at.it == "today" || at.it.as_str() < last).map(|_| last);
            early.into_iter().for_each(|day| outside("too_early", format!("Text({})", RustStr(day))));
            late.into_iter().for_each(|day| outside("too_late", format!("Text({})", RustStr(day))));
        }
        Kind::String
        | Kind::Text
        | Kind::Decimal
        | Kind::Bool
        | Kind::Uuid
        | Kind::Enum(_)
        | Kind::Object(_)
        | Kind::Map => {}
    }
}

fn texts(definition: &Definition, attribute: &Attribute, verb: VerbName, case: &mut impl FnMut(&str, &str, u16, &str)) {
    if !matches!(attribute.kind, Kind::String | Kind::Text) {
        return;
    }
    if attribute.required.contains(&verb) {
        case("empty", "Text(\"\")", 422, "901");
    }
    if let Some(max) = attribute.max.and_then(|max| usize::try_from(max).ok()) {
        case("too_long", &format!("Long({})", max + 1), 422, "901");
    }
    if !attribute.choice.is_empty() {
        case("unknown", "Text(\"something else\")", 422, "901");
    }
    for rule in &attribute.rules {
        let (Condition::Pattern(pattern), Refusal::Error(named)) = (&rule.holds, &rule.refusal) else { continue };
        let outside = "\u{1f512}#\u{e4}";
        let breaks = regex::Regex::new(&pattern.it).is_ok_and(|pattern| !pattern.is_match(outside));
        let error = definition.errors.iter().find(|error| error.name.it == named.it);
        if let (true, Some(error)) = (breaks, error) {
            case("unfitting", &format!("Text({})", RustStr(outside)), error.status_for(verb), &error.code);
        }
    }
}
