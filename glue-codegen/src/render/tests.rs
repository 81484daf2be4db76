//! Contract tests: per row, every identity that must be refused and the one that must be served.

use askama::Template;

use super::quote::RustStr;
use super::{Draft, NotRust, examples, operations, rust};
use crate::definition::{Attribute, Condition, Definition, EntityTags, Flag, Format, Kind, Refusal, VerbName};
use crate::names;
use crate::rows::{self, Row};
use crate::workspace::Domain;

#[derive(Template)]
#[template(path = "contract.rs.txt", escape = "none", syntax = "rust")]
struct ContractTemplate<'a> {
    name: &'a str,
    rows: Vec<RowTests>,
}

struct RowTests {
    /// `storefront_get`.
    prefix: String,
    app: String,
    method: &'static str,
    operation: String,
    /// What stands in front of the path that a link names: the version.
    version: String,
    /// The path with an id that looks right.
    path: String,
    /// The body of the example, as an expression.
    body: String,
    protected: bool,
    scoped: bool,
    owned: bool,
    /// Whether generated behaviour answers, so that success can be tested without anything hand-written.
    stored: bool,
    verb: &'static str,
    /// The collection of the right caller, as an expression.
    collection: String,
    resource: String,
    example: String,
    status: u16,
    not_found: String,
    /// What somebody else reads instead of a row that is not theirs.
    hidden: String,
    duplicate: Option<String>,
    bodies: Vec<BodyTest>,
    creates: bool,
    /// Whether an API key does as well as a token.
    api_key: bool,
    /// Whether the client has to say which state it has seen.
    needs_tag: bool,
    /// Whether another scheme than the token's has a meaning of its own.
    client_auth: bool,
}

/// A body that has to be refused.
struct BodyTest {
    name: String,
    body: String,
    status: u16,
    code: String,
}

pub(super) fn contract(domain: &Domain, definition: &Definition) -> Result<Draft, NotRust> {
    let module = definition.module();
    let rows = rows::of(definition).iter().map(|row| tests(definition, row)).collect();
    let template = ContractTemplate { name: &definition.name.it, rows };
    rust(format!("{}/tests/generated/{module}.rs", domain.dir), &template)
}

fn tests(definition: &Definition, row: &Row<'_>) -> RowTests {
    let verb = row.verb.verb;
    let name = &definition.name.it;
    let id = examples::id(definition);
    let id = id.as_str().unwrap_or("example");
    let quoted = |text: &str| RustStr(text).to_string();
    let prefix = rows::prefix(definition);
    let example_path = format!("{prefix}{}", examples::example_path(definition));
    let body = |verb: VerbName| match definition.format {
        Format::JsonApi | Format::Json { .. } => {
            format!("Some({})", quoted(&examples::request(definition, verb).to_string()))
        }
        Format::Form | Format::Page => "None".into(),
    };
    let error = |name: &str| definition.errors.iter().find(|error| error.name.it == name);
    let expectation =
        |error: &crate::definition::ErrorUse, verb| format!("{}, {}", error.status_for(verb), quoted(&error.code));
    let mounted =
        |verb: VerbName| rows::of(definition).iter().any(|other| other.app == row.app && other.verb.verb == verb);
    let needs_tag = verb == VerbName::Patch && definition.entity_tags == EntityTags::Required;
    // Nobody has seen the state of what is not there for them.
    let id_is_uuid = definition.attributes.iter().any(|attribute| attribute.id && matches!(attribute.kind, Kind::Uuid));
    let unseen = needs_tag.then(|| "412, \"006\"".to_owned());
    let unique = definition.storage.as_ref().is_some_and(|storage| !storage.unique.is_empty());
    RowTests {
        prefix: names::ident(&names::snake(&format!("{}-{}", row.app, verb.as_str()))),
        app: quoted(row.app),
        method: row.method(),
        operation: quoted(&row.operation_id()),
        version: prefix.clone(),
        path: quoted(&if definition.takes_id(verb) { format!("{example_path}/{id}") } else { example_path }),
        body: if verb.has_body() { body(verb) } else { "None".into() },
        protected: row.verb.protected.it == Flag::Protected,
        scoped: !row.scopes.is_empty(),
        owned: row.owner.is_some(),
        stored: definition.storage.is_some(),
        verb: verb.as_str(),
        collection: if definition.ancestors.is_empty() {
            quoted(&format!("{prefix}/{name}"))
        } else if prefix.is_empty() {
            format!("&fixture::collection({}, {})", quoted(row.app), quoted(name))
        } else {
            let collection = format!("fixture::collection({}, {})", quoted(row.app), quoted(name));
            format!("&format!(\"{prefix}{{}}\", {collection})")
        },
        resource: quoted(name),
        example: body(VerbName::Post),
        status: operations::status(definition, row.verb),
        not_found: unseen
            .clone()
            .filter(|_| !id_is_uuid)
            .unwrap_or_else(|| error("notFound").map_or_else(String::new, |error| expectation(error, verb))),
        hidden: unseen.unwrap_or_else(|| {
            match definition.ancestors.last() {
                Some(parent) if parent.is_caller => error("foreignParent"),
                Some(_) => error("parentNotFound").or_else(|| error("notFound")),
                None => error("notFound"),
            }
            .map_or_else(String::new, |error| expectation(error, verb))
        }),
        duplicate: error("duplicate")
            .filter(|_| unique && verb == VerbName::Post)
            .map(|error| expectation(error, verb)),
        bodies: if verb.has_body() && !definition.format.is_form() { bodies(definition, verb) } else { Vec::new() },
        api_key: row.api_key,
        needs_tag,
        creates: mounted(VerbName::Post),
        client_auth: definition.client_auth,
    }
}

fn bodies(definition: &Definition, verb: VerbName) -> Vec<BodyTest> {
    let name = &definition.name.it;
    let quoted = |text: &str| RustStr(text).to_string();
    let test = |name: &str, body: &str, status: u16, code: &str| BodyTest {
        name: name.to_owned(),
        body: format!("Some({})", quoted(body)),
        status,
        code: if code.is_empty() { "None".into() } else { format!("Some({})", quoted(code)) },
    };
    let deep = BodyTest { body: "Some(&\"[\".repeat(200_000))".into(), ..test("deep_nesting", "", 400, "") };
    let mut tests = vec![test("no_json", "{", 400, ""), deep];
    // Where the attributes are in the body.
    let attributes = match definition.format {
        Format::JsonApi => {
            tests.extend([
                test("no_data", "{}", 400, ""),
                test("no_attributes", &format!("{{\"data\":{{\"type\":\"{name}\"}}}}"), 400, ""),
                test("another_type", "{\"data\":{\"type\":\"another\",\"attributes\":{}}}", 400, ""),
            ]);
            "/data/attributes"
        }
        Format::Form | Format::Page | Format::Json { .. } => "",
    };
    // Only what has to be there stands beside the attribute that a test is about.
    let smallest = examples::smallest(definition, verb);
    for attribute in examples::written(definition, verb) {
        let with = |value: serde_json::Value| {
            let mut body = smallest.clone();
            if let Some(members) = body.pointer_mut(attributes).and_then(serde_json::Value::as_object_mut) {
                members.insert(attribute.name.it.clone(), value);
            }
            body.to_string()
        };
        let snake = names::snake(&attribute.name.it);
        if !matches!(attribute.kind, Kind::List(_)) {
            tests.push(test(&format!("a_list_as_{snake}"), &with(serde_json::json!([1])), 422, "901"));
        }
        if attribute.required.contains(&verb) {
            let mut body = smallest.clone();
            if let Some(members) = body.pointer_mut(attributes).and_then(serde_json::Value::as_object_mut) {
                members.remove(&attribute.name.it);
            }
            tests.push(test(&format!("no_{snake}"), &body.to_string(), 422, "901"));
        }
        tests.extend(
            texts(definition, attribute, verb, &with)
                .into_iter()
                .map(|(what, body, status, code)| test(&format!("{what}_{snake}"), &body, status, &code)),
        );
    }
    tests
}

fn texts(
    definition: &Definition,
    attribute: &Attribute,
    verb: VerbName,
    with: &impl Fn(serde_json::Value) -> String,
) -> Vec<(&'static str, String, u16, String)> {
    let mut found = Vec::new();
    if !matches!(attribute.kind, Kind::String | Kind::Text) {
        return found;
    }
    if attribute.required.contains(&verb) {
        found.push(("an_empty", with("".into()), 422, "901".to_owned()));
    }
    if let Some(max) = attribute.max.and_then(|max| usize::try_from(max).ok()) {
        found.push(("too_long_a", with("a".repeat(max + 1).into()), 422, "901".into()));
    }
    if !attribute.choice.is_empty() {
        found.push(("an_unknown", with("something else".into()), 422, "901".into()));
    }
    for rule in &attribute.rules {
        let (Condition::Pattern(pattern), Refusal::Error(named)) = (&rule.holds, &rule.refusal) else { continue };
        let outside = "\u{1f512}#\u{e4}";
        let breaks = regex::Regex::new(&pattern.it).is_ok_and(|pattern| !pattern.is_match(outside));
        let error = definition.errors.iter().find(|error| error.name.it == named.it);
        if let (true, Some(error)) = (breaks, error) {
            found.push(("an_unfitting", with(outside.into()), error.status_for(verb), error.code.clone()));
        }
    }
    found
}
