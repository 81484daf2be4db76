//! The constraints of attributes: every violation, in order, with its path (reference/framework.md §5, resources.md §0.3).

use std::sync::Arc;

use glue_core::input::breaches::{BreachedPasswords, PasswordList};
use glue_core::input::{self, Field, Input, Members, Violations};

/// What a definition with every constraint makes of a body.
#[derive(Debug)]
struct Everything;

impl Input for Everything {
    const KNOWN: &'static [&'static str] =
        &["mail", "choice", "least", "more", "number", "terms", "day", "password", "confirm", "part", "parts"];

    fn read(members: &Members<'_>, violations: &mut Violations) -> Option<Self> {
        let mail = members.field::<String>("mail");
        violations.not_blank("mail", &mail);
        violations.email("mail", &mail);
        violations.choice("choice", &members.field("choice"), &["Mr", "Ms"]);
        let least = members.field::<i64>("least");
        violations.typed("least", &least, "integer");
        violations.at_least("least", &least, 1);
        violations.at_most("least", &least, 9);
        let more = members.field("more");
        violations.greater_than("more", &more, 0);
        violations.less_than("more", &more, 10);
        let number = members.numeric("number");
        violations.typed("number", &number, "numeric");
        violations.greater_than("number", &number, 0);
        violations.is_true("terms", &members.field("terms"));
        violations.dated("day", &members.date("day"));
        let password = members.field::<String>("password");
        violations.password("password", &password);
        let confirm = members.field::<String>("confirm");
        violations.holds("confirm", &confirm, |value| password.equals(value), "These differ.");
        let part = members.object::<Part>("part", violations);
        violations.typed("part", &part, "array");
        let parts = members.objects::<Part>("parts", violations);
        violations.typed("parts", &parts, "array");
        Some(Self)
    }
}

#[derive(Debug)]
struct Part;

impl Input for Part {
    const KNOWN: &'static [&'static str] = &["sku", "parts"];

    fn read(members: &Members<'_>, violations: &mut Violations) -> Option<Self> {
        let sku = members.field::<String>("sku");
        violations.present("sku", &sku);
        violations.not_blank("sku", &sku);
        let inner = members.objects::<Part>("parts", violations);
        violations.typed("parts", &inner, "array");
        matches!(sku, Field::Value(_)).then_some(Self)
    }
}

fn violations(attributes: &str) -> Vec<String> {
    found(attributes, Violations::default())
}

fn found(attributes: &str, so_far: Violations) -> Vec<String> {
    match input::read::<Everything>(attributes, so_far) {
        Ok(_) => Vec::new(),
        Err(refused) => refused.errors().iter().map(|error| error.detail.to_string()).collect(),
    }
}

#[test]
fn each_constraint_has_its_message() {
    for (attributes, detail) in [
        (r#"{"mail":""}"#, "mail => This value should not be blank."),
        (r#"{"mail":"x@y"}"#, "mail => This value is not a valid email address."),
        (r#"{"choice":"Sir"}"#, "choice => The value you selected is not a valid choice."),
        (r#"{"choice":""}"#, "choice => The value you selected is not a valid choice."),
        (r#"{"least":0}"#, "least => This value should be greater than or equal to 1."),
        (r#"{"least":10}"#, "least => This value should be less than or equal to 9."),
        (r#"{"least":"1"}"#, "least => This value should be of type integer."),
        (r#"{"least":1.5}"#, "least => This value should be of type integer."),
        (r#"{"more":0}"#, "more => This value should be greater than 0."),
        (r#"{"more":10}"#, "more => This value should be less than 10."),
        (r#"{"number":"0"}"#, "number => This value should be greater than 0."),
        (r#"{"number":"x"}"#, "number => This value should be of type numeric."),
        (r#"{"terms":false}"#, "terms => This value should be true."),
        (r#"{"day":"2026-02-30"}"#, "day => This value is not a valid date."),
        (r#"{"day":"01.02.2026"}"#, "day => This value is not a valid date."),
        (r#"{"password":"Aa1!aaaaaaaa","confirm":"other"}"#, "confirm => These differ."),
        (r#"{"part":{}}"#, "part.sku => This field is missing."),
        (r#"{"part":[]}"#, "part => This value should be of type array."),
        (r#"{"parts":{}}"#, "parts => This value should be of type array."),
        (r#"{"parts":[{"sku":"a"},{"sku":""}]}"#, "parts.1.sku => This value should not be blank."),
        (r#"{"parts":[{"sku":"a","parts":[{}]}]}"#, "parts.0.parts.0.sku => This field is missing."),
        (r#"{"parts":["a"]}"#, "parts.0 => This value should be of type array."),
        (r#"{"part":{"sku":"a","sku":"b"}}"#, "part => This value should be of type array."),
    ] {
        assert_eq!(violations(attributes), [detail], "{attributes}");
    }
}

#[test]
fn what_fits_passes_and_null_and_nothing_are_left_alone() {
    for attributes in [
        "{}",
        "[]",
        r#"{"mail":"a@b.de","choice":"Ms","least":1,"more":5,"number":"12","terms":true,"day":"2026-02-28"}"#,
        r#"{"choice":null,"least":null,"more":null,"number":null,"day":null,"day2":1}"#,
        r#"{"password":"Aa1!aaaaaaaa","confirm":"Aa1!aaaaaaaa","part":{"sku":"a"},"parts":[]}"#,
    ] {
        assert_eq!(violations(attributes), [""; 0], "{attributes}");
    }
}

#[test]
fn all_violations_are_reported_in_the_order_of_the_definition() {
    let found = violations(r#"{"terms":false,"parts":[{"sku":""},{}],"least":0,"mail":""}"#);
    let paths: Vec<&str> = found.iter().filter_map(|detail| detail.split(" => ").next()).collect();
    assert_eq!(paths, ["mail", "least", "terms", "parts.0.sku", "parts.1.sku"]);
}

#[test]
fn a_password_needs_all_four_kinds_and_no_other() {
    for weak in ["aaaaaaaaaaa1!", "AAAAAAAAAA1!", "Aaaaaaaaaaa!", "Aaaaaaaaaaa1", "Aa1!ääääääää", "Aa1! aaaaaaa"]
    {
        let found = violations(&format!(r#"{{"password":"{weak}"}}"#));
        assert!(
            found.first().is_some_and(|detail| detail.starts_with("password => Your password must include")),
            "{weak}"
        );
    }
}

/// P14: what attackers know is refused, whatever it is made of.
#[test]
fn a_password_that_is_out_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("breached.txt");
    std::fs::write(&file, "Aa1!aaaaaaaa\n\nchange123\n").expect("a writable folder");
    let list = PasswordList::read(&file).expect("a readable list");
    assert_eq!(format!("{list:?}"), "PasswordList(2)");
    let list: Arc<dyn BreachedPasswords> = Arc::new(list);
    let refusal =
        "password => This password has been leaked in a data breach, it must not be used. Please use another password.";
    let with = |body: &str| found(body, Violations::knowing(Some(list.clone())));
    assert_eq!(with(r#"{"password":"Aa1!aaaaaaaa","confirm":"Aa1!aaaaaaaa"}"#), [refusal]);
    assert_eq!(with(r#"{"password":"change123","confirm":"change123"}"#).last().map(String::as_str), Some(refusal));
    assert_eq!(with(r#"{"password":"Aa1!aaaaaaab","confirm":"Aa1!aaaaaaab"}"#), [""; 0]);
    assert_eq!(with(r#"{"password":"","confirm":""}"#), [""; 0]);
    assert!(PasswordList::read(&folder.path().join("missing")).is_err());
}
