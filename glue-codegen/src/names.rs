//! One name, in every spelling that Rust, SQL and URLs ask for.

/// Lower-case words with dashes between them.
#[must_use]
pub fn is_kebab(name: &str) -> bool {
    words_fit(name, '-')
}

/// Lower-case words with underscores between them.
#[must_use]
pub fn is_snake(name: &str) -> bool {
    words_fit(name, '_')
}

/// Letters, digits and underscores, a lower-case letter first.
#[must_use]
pub fn is_attribute(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn words_fit(name: &str, separator: char) -> bool {
    let word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.split(separator).all(word)
}

/// The singular of a plural type.
#[must_use]
pub fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    if ["sses", "xes", "ches", "shes"].iter().any(|ending| name.ends_with(ending)) {
        return name.strip_suffix("es").unwrap_or(name).to_owned();
    }
    match name.strip_suffix('s') {
        Some(stem) if !stem.is_empty() && !stem.ends_with('s') => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// A JSON value as a text: YAML takes a text of digits for a number.
#[must_use]
pub fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// `access-tokens`, `numberOfItems` → `AccessTokens`, `NumberOfItems`.
#[must_use]
pub fn pascal(name: &str) -> String {
    words(name).iter().map(|word| capital(word)).collect()
}

/// `access-tokens`, `numberOfItems` → `access_tokens`, `number_of_items`.
#[must_use]
pub fn snake(name: &str) -> String {
    words(name).join("_")
}

/// `access-tokens` → `accessTokens`.
#[must_use]
pub fn camel(name: &str) -> String {
    let words = words(name);
    words.iter().enumerate().map(|(i, word)| if i == 0 { word.clone() } else { capital(word) }).collect()
}

/// `notFound` → `NOT_FOUND`.
#[must_use]
pub fn constant(name: &str) -> String {
    words(name).join("_").to_uppercase()
}

/// `access-tokens` → `access tokens`.
#[must_use]
pub fn spaced(name: &str) -> String {
    words(name).join(" ")
}

/// A name as a Rust identifier: keywords are made raw.
#[must_use]
pub fn ident(snake: &str) -> String {
    match snake {
        // These four cannot be raw.
        "crate" | "self" | "super" | "Self" => format!("{snake}_"),
        // Reserved since the edition of 2024; `syn` takes it for a name.
        "gen" => "r#gen".to_owned(),
        _ if syn::parse_str::<syn::Ident>(snake).is_err() => format!("r#{snake}"),
        _ => snake.to_owned(),
    }
}

/// Names that stand in generated modules beside the resource's own: the prelude's, and what is imported there.
const IMPORTED: &[&str] = &[
    "Anyone",
    "ApiError",
    "AsMut",
    "AsRef",
    "Attributes",
    "Authed",
    "Backend",
    "Behaviour",
    "Box",
    "By",
    "Clone",
    "CollectionLinks",
    "Conn",
    "Copy",
    "Cow",
    "Create",
    "Criterion",
    "Date",
    "DateTime",
    "DbError",
    "Debug",
    "Default",
    "Delete",
    "Direction",
    "Document",
    "Done",
    "DoubleEndedIterator",
    "Drop",
    "Entity",
    "EntityTags",
    "Eq",
    "Err",
    "ErrorDocument",
    "ErrorMember",
    "ErrorRow",
    "ExactSizeIterator",
    "Extend",
    "Fn",
    "FnMut",
    "FnOnce",
    "Form",
    "From",
    "Future",
    "Get",
    "Hash",
    "Html",
    "Input",
    "InputDef",
    "Into",
    "IntoIterator",
    "Iterator",
    "LazyLock",
    "List",
    "Listing",
    "Members",
    "Mount",
    "NoContent",
    "None",
    "OauthErrorDocument",
    "Ok",
    "OpenRoute",
    "Operation",
    "Option",
    "Ord",
    "Outcome",
    "Owner",
    "Ownership",
    "Page",
    "Parameter",
    "ParameterKind",
    "PartialEq",
    "PartialOrd",
    "PartialSchema",
    "Pattern",
    "Payload",
    "Place",
    "Plain",
    "PossibleError",
    "ProtectedRoute",
    "Protection",
    "RefOr",
    "RelationDef",
    "Relationship",
    "Reply",
    "RequestContext",
    "Resource",
    "ResourceIdentifier",
    "Result",
    "Route",
    "RouteDef",
    "Row",
    "Schema",
    "SchemaDef",
    "Self",
    "SelfLink",
    "Send",
    "Serialize",
    "Sized",
    "Some",
    "Stored",
    "String",
    "Sync",
    "TargetDef",
    "ToOwned",
    "ToSchema",
    "ToString",
    "TryFrom",
    "TryInto",
    "Unpin",
    "Update",
    "Vec",
    "Verb",
    "Version",
    "Via",
    "Violations",
    "Wire",
];

/// An attribute as a variant of an enum: one of them cannot be.
#[must_use]
pub fn variant(name: &str) -> String {
    match pascal(name).as_str() {
        "Self" => "SelfAttribute".to_owned(),
        free => free.to_owned(),
    }
}

/// The type of what clients read of one: its name, or one that does not hide what stands there already, nor what is made
/// of it.
#[must_use]
pub fn type_of_one(singular: &str) -> String {
    let name = pascal(singular);
    let hides = types_of(&name).iter().any(|made| IMPORTED.contains(&made.as_str()));
    if hides { format!("{name}Attributes") } else { name }
}

/// The types that are made for a resource, of which one is called `one`. Schemas of the documents have their names.
#[must_use]
pub fn types_of(one: &str) -> Vec<String> {
    let after = ["", "Id", "Parents", "Resource", "Document", "Collection", "Relationships", "Included"];
    let before = ["Create", "Update"]
        .iter()
        .flat_map(|verb| ["", "Resource", "Document"].map(|end| format!("{verb}{one}{end}")));
    after.iter().map(|end| format!("{one}{end}")).chain(before).collect()
}

/// A table as a Rust identifier: what `diesel::table!` or Rust uses itself gets an underscore, which no table ends with.
#[must_use]
pub fn table(name: &str) -> String {
    const TAKEN: [&str; 9] = ["table", "columns", "diesel", "glue_core", "serde", "std", "time", "utoipa", "core"];
    if ident(name) == name && !TAKEN.contains(&name) { name.to_owned() } else { format!("{name}_") }
}

/// A column of a table, the same way; its table's name is taken too.
#[must_use]
pub fn column(table: &str, name: &str) -> String {
    const DIESEL: [&str; 6] = ["table", "columns", "dsl", "star", "all_columns", "diesel"];
    let free = ident(name) == name && name != table && !DIESEL.contains(&name);
    if free { name.to_owned() } else { format!("{name}_") }
}

fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut fresh = true;
    for c in name.chars() {
        if c == '-' || c == '_' {
            fresh = true;
            continue;
        }
        match words.last_mut() {
            Some(word) if !fresh && !c.is_ascii_uppercase() => word.push(c),
            _ => words.push(c.to_ascii_lowercase().to_string()),
        }
        fresh = false;
    }
    words
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + chars.as_str())
}

/// Whether a text is a day of the calendar, as `2026-01-31`.
#[must_use]
pub fn is_date(text: &str) -> bool {
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|digits| digits.parse::<u32>().ok())
    };
    let dashed = text.len() == 10 && [4, 7].iter().all(|at| text.as_bytes().get(*at) == Some(&b'-'));
    let (Some(year), Some(month), Some(day)) = (number(0, 4), number(5, 7), number(8, 10)) else { return false };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    dashed && year > 0 && (1..=12).contains(&month) && (1..=last).contains(&day)
}
