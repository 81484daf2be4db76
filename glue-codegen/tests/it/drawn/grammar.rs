//! The grammar of definitions as chances.

use std::collections::BTreeSet;

/// One definition.
pub(crate) struct Drawn {
    pub(crate) file: String,
    pub(crate) text: String,
}

impl Drawn {
    /// Where it stands in a workspace.
    pub(crate) fn place(&self) -> String {
        format!("resources/drawn/definitions/{}", self.file)
    }
}

/// A source of chance that is the same for the same seed (SplitMix64).
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD1B5_4A32_D192_ED03))
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let bound = u64::try_from(bound.max(1)).expect("a small number");
        usize::try_from((mixed ^ (mixed >> 31)) % bound).expect("a small number")
    }

    /// In so many of a hundred cases.
    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn maybe(&mut self, percent: usize, text: &str) -> String {
        if self.chance(percent) { text.to_owned() } else { String::new() }
    }
}

/// Types that are names of something else, in Rust, in SQL, in JSON:API or in generated code.
const TYPES: &[&str] = &[
    "options",
    "results",
    "lists",
    "rows",
    "updates",
    "entities",
    "futures",
    "outcomes",
    "gets",
    "creates",
    "deletes",
    "strings",
    "vecs",
    "boxes",
    "sends",
    "syncs",
    "types",
    "crates",
    "mods",
    "traits",
    "owners",
    "pages",
    "queries",
    "sorts",
    "filters",
    "values",
    "documents",
    "resources",
    "routes",
    "handlers",
    "storages",
    "relations",
    "apis",
    "contracts",
    "tables",
    "columns",
    "indexes",
    "orders",
    "groups",
    "users",
    "keys",
    "selects",
    "links",
    "metas",
    "cases",
    "fixtures",
    "parents",
    "verbs",
    "operations",
    "parameters",
    "payloads",
    "versions",
    "errors-of-hosts",
    "dates",
    "date-times",
    "patterns",
    "members",
    "criteria",
    "criterions",
    "reaches",
    "identities",
    "people",
    "news",
    "x",
    "a-b-c",
    "items2",
    "data",
    "included",
    "customers-of-shops",
    "directions",
    "includes",
    "clocks",
    "conns",
];

/// Attributes of the same kind.
const ATTRIBUTES: &[&str] = &[
    "name",
    "title",
    "self",
    "crate",
    "match",
    "async",
    "gen",
    "kind",
    "links",
    "data",
    "attributes",
    "table",
    "columns",
    "dsl",
    "star",
    "allColumns",
    "firstName",
    "iso2Code",
    "sku",
    "fooBar",
    "owner",
    "parent",
    "key",
    "value",
    "row",
    "now",
    "conn",
    "input",
    "violations",
    "members",
    "page",
    "sort",
    "criteria",
    "query",
    "cx",
    "error",
    "errors",
    "json",
    "box",
    "dyn",
    "try",
    "union",
    "default",
    "count",
    "limit",
    "offset",
    "insert",
    "update",
    "delete",
    "select",
    "from",
    "where",
    "order",
    "group",
    "user",
    "text",
    "status",
    "yield",
    "macro",
    "static",
    "super",
    "super2",
    "aB",
    "a1",
    "x",
    "included",
    "missing",
    "empty",
    "unknown",
    "asAList",
    "tooLong",
    "meta",
    "relationships",
    "rating",
    "isOpen",
    "dueAt",
    "r",
    "s",
];

const TEXTS: &[&str] = &[
    "Plain words.",
    "Says \\\"hi\\\" and {braces}.",
    "A \\\\ backslash.",
    "Ünïcödé, 日本, 🔒.",
    "Ends */ a comment.",
    "<b>bold</b> [link] `code`.",
    "use glue_core::db::Conn; is no import.",
    "r#\\\"raw\\\"# and \\\"#.",
    "100 % of %minutes%.",
    "https://example.com/?a=1&b[c]=2#d",
];

/// A resource, and in some cases what stands below it.
pub(crate) fn family(draw: &mut Draw, taken: &mut BTreeSet<String>) -> Vec<Drawn> {
    let name = free(draw, taken);
    let family = Family { app: draw.below(4), owner: draw.below(5) };
    let below: Vec<String> = match draw.below(6) {
        0 => vec![free(draw, taken)],
        1 => vec![free(draw, taken), free(draw, taken)],
        _ => Vec::new(),
    };
    let mut drawn = vec![definition(draw, &family, &name, None)];
    for (depth, child) in below.iter().enumerate() {
        // The second stands below the first as often as beside it.
        let parent = if depth == 1 && draw.chance(50) { below.first().unwrap_or(&name) } else { &name };
        drawn.push(definition(draw, &family, child, Some(parent)));
    }
    let together = below.first().filter(|_| draw.chance(60)).and_then(|child| brought(draw, &drawn[0], child));
    drawn.extend(together);
    drawn
}

/// The same definition with children that come with a new row.
fn brought(draw: &mut Draw, parent: &Drawn, child: &str) -> Option<Drawn> {
    let needed = draw.pick(&["", ", required: true, min: 1", ", max: 4"]);
    let (before, after) = parent.text.split_once("\n  storage:")?;
    let (before, list) = before
        .split_once("\n  list:")
        .map_or((before, String::new()), |(before, list)| (before, format!("\n  list:{list}")));
    let line = format!("\n    brought: {{ type: list, of: {child}{needed} }}");
    Some(Drawn { file: parent.file.clone(), text: format!("{before}{line}{list}\n  storage:{after}") })
}

fn free(draw: &mut Draw, taken: &mut BTreeSet<String>) -> String {
    let word = draw.pick(TYPES).to_owned();
    let name =
        (2..).map(|n| format!("{word}-no{n}s")).find(|name| !taken.contains(name)).filter(|_| taken.contains(&word));
    let name = name.unwrap_or(word);
    taken.insert(name.clone());
    name
}

/// What all of a family have in common.
struct Family {
    app: usize,
    owner: usize,
}

impl Family {
    fn apps(&self, draw: &mut Draw) -> String {
        let owned = self.owner > 1;
        let storefront = match draw.below(3) {
            0 => "storefront: { scopes: [customer] }",
            _ => "storefront: {}",
        };
        let backend = match (owned, draw.below(3)) {
            (true, _) => "backend: { scopes: [back-office-user], owner: none, verbs: [] }",
            (false, 0) => "backend: { scopes: [user], apiKey: true }",
            (false, 1) => "backend: { scopes: [user, back-office-user] }",
            (false, _) => "backend: {}",
        };
        match self.app {
            _ if owned => storefront.to_owned(),
            0 => backend.to_owned(),
            1 => format!("{storefront}, {backend}"),
            _ => storefront.to_owned(),
        }
    }
}

fn definition(draw: &mut Draw, family: &Family, name: &str, parent: Option<&str>) -> Drawn {
    let mut text = format!("resource:\n  type: {name}\n");
    let mut line = |line: String| {
        if !line.is_empty() {
            text.push_str(&format!("  {line}\n"));
        }
    };
    let version = parent.is_none() && draw.chance(10);
    line(if version { "version: \"1.0\"".into() } else { String::new() });
    line(draw.maybe(5, &format!("singular: the-{name}-one")));
    line(format!("summary: \"{}\"", draw.pick(TEXTS)));
    if draw.chance(20) {
        line(format!("description: \"{}\"", draw.pick(TEXTS)));
    }
    let apps = family.apps(draw);
    line(format!("apps: {{ {apps} }}"));
    let owner = if parent.is_none() { family.owner } else { 0 };
    let storage_owner = match owner {
        2 => {
            line("owner: customerReference".into());
            ", owner: { column: fk_customer, identifier: surrogate }"
        }
        3 => {
            line("owner: { customer: customerReference }".into());
            ", owner: { column: customer_reference, identifier: natural }"
        }
        4 => {
            line("owner: holder".into());
            ", owner: { column: of_holder, identifier: natural }"
        }
        _ => "",
    };
    let mine = owner > 1 && draw.chance(10);
    line(if mine { "mine: true".into() } else { String::new() });
    if let Some(parent) = parent {
        line(format!("parent: {{ resource: {parent} }}"));
    }
    line(draw.maybe(10, "noStore: true"));
    line(draw.maybe(5, "profiles: [documented]"));
    let tagged = draw.chance(25);
    line(if tagged { format!("entityTag: {}", draw.pick(&["offered", "required"])) } else { String::new() });
    let attributes = attributes(draw, apps.contains("storefront") && apps.contains("backend"));
    let writable = attributes.iter().any(|(_, writable, _)| *writable);
    let dated = tagged || draw.chance(70);
    let stateful = |spelled: &str| {
        let shown = !["create", "update", "hidden"].iter().any(|access| spelled.contains(&format!("access: {access}")));
        shown && spelled.contains("type: enum") && !spelled.contains("nullable") && !spelled.contains("column:")
    };
    let guard = attributes.iter().find(|(_, _, spelled)| stateful(spelled)).map(|(name, ..)| name.clone());
    let verbs = verbs(draw, owner > 1 || family.owner > 1, writable && dated, &apps);
    let states = draw.pick(&["new", "[new, shown]", "type"]);
    let guard = guard.filter(|_| verbs.contains("delete: {") && draw.chance(60));
    let verbs = match &guard {
        Some(name) => verbs.replace("delete: {", &format!("delete: {{ while: {{ {name}: {states} }},")),
        None => verbs,
    };
    line(format!("verbs: {{ {verbs} }}"));
    let acts = if version { String::new() } else { actions(draw, &attributes, guard.as_deref()) };
    line(acts);
    line("attributes:".into());
    // Ids that POST makes are UUIDs.
    let coded = draw.chance(if verbs.contains("post") { 1 } else { 40 });
    line(match coded {
        true => "  code: { type: string, id: true, access: read, example: A-1 }".into(),
        false => "  uuid: { type: uuid, id: true, access: read }".into(),
    });
    for (_, _, spelled) in &attributes {
        line(format!("  {spelled}"));
    }
    if dated {
        line("  createdAt: { type: datetime, access: read }".into());
        line("  updatedAt: { type: datetime, access: read }".into());
    }
    let (shown, texts): (Vec<&str>, Vec<&str>) = (
        attributes.iter().filter(|(_, _, spelled)| sortable(spelled)).map(|(name, ..)| name.as_str()).collect(),
        attributes
            .iter()
            .filter(|(_, writable, spelled)| *writable && unique(spelled))
            .map(|(name, ..)| name.as_str())
            .collect(),
    );
    if draw.chance(60) {
        let (default, max) = (1 + draw.below(20), 20 + draw.below(100));
        let some = |draw: &mut Draw| shown.iter().filter(|_| draw.chance(50)).copied().collect::<Vec<_>>().join(", ");
        let (sort, filter) = (some(draw), some(draw));
        let order = draw.maybe(30, &shown.first().map(|name| format!(", order: [-{name}]")).unwrap_or_default());
        line(format!(
            "list: {{ page: {{ default: {default}, max: {max} }}, sort: [{sort}], filter: [{filter}]{order} }}"
        ));
    }
    let unique =
        texts.first().filter(|_| draw.chance(30)).map(|name| format!(", unique: [[{name}]]")).unwrap_or_default();
    let soft = draw.maybe(20, ", softDelete: gone_at");
    line(format!("storage: {{ table: drawn_{}{storage_owner}{unique}{soft} }}", name.replace('-', "_")));
    line("errors:".into());
    line("  notFound: { status: 404, code: \"9001\", detail: Not found., german: Nicht gefunden. }".into());
    if parent.is_some() {
        line(draw.maybe(50, "  parentNotFound: { status: 404, code: \"9002\", detail: No parent. }"));
    }
    if !unique.is_empty() {
        line(format!(
            "  duplicate: {{ status: {}, code: \"9003\", detail: There is one. }}",
            draw.pick(&["400", "422", "409"])
        ));
    }
    if attributes.iter().any(|(_, _, spelled)| spelled.contains("transitions:")) {
        line("  transition: { status: 422, code: \"9005\", detail: It cannot become that. }".into());
    }
    if guard.is_some() {
        line("  state: { status: 409, code: \"9006\", detail: It is in another state. }".into());
    }
    if attributes.iter().any(|(_, _, spelled)| spelled.contains("error: unfit")) {
        line(format!(
            "  unfit: {{ status: 422, code: \"9004\", detail: Unfit.{} }}",
            draw.maybe(30, ", statusOn: { patch: 400 }")
        ));
    }
    let file = if version { format!("{name}-1.resource.yml") } else { format!("{name}.resource.yml") };
    Drawn { file, text }
}

/// Actions that write into a row, where there is something to write.
fn actions(draw: &mut Draw, attributes: &[(String, bool, String)], guard: Option<&str>) -> String {
    let value = |spelled: &str| match spelled {
        _ if spelled.contains("secret") || spelled.contains("rules") => None,
        _ if spelled.contains("nullable: true") => Some("null"),
        _ if spelled.contains("type: enum") => Some("shown"),
        _ if spelled.contains("type: int") || spelled.contains("type: money") => Some("5"),
        _ if spelled.contains("type: bool") => Some("false"),
        _ if spelled.contains("type: datetime") => Some("now"),
        _ if spelled.contains("type: string, required: true }") => Some("\"Ü \\\" \\\\\""),
        _ => None,
    };
    let sets: Vec<String> = attributes
        .iter()
        .filter_map(|(name, _, spelled)| Some(format!("{name}: {}", value(spelled)?)))
        .filter(|_| draw.chance(60))
        .collect();
    if sets.is_empty() || !draw.chance(60) {
        return String::new();
    }
    let written = attributes.iter().filter(|(name, writable, spelled)| {
        *writable && !spelled.contains("transitions") && sets.iter().all(|set| !set.starts_with(&format!("{name}:")))
    });
    let sent: Vec<&str> = written.map(|(name, ..)| name.as_str()).filter(|_| draw.chance(30)).collect();
    let method = draw.pick(&["post", "post", "patch", "delete"]);
    let mut keys = format!("method: {method}, path: \"{{id}}/pack\", set: {{ {} }}", sets.join(", "));
    if !sent.is_empty() && method != "delete" {
        keys.push_str(&format!(", input: [{}]", sent.join(", ")));
    }
    keys.push_str(&draw.maybe(30, ", empty: true"));
    if let Some(name) = guard {
        keys.push_str(&draw.maybe(50, &format!(", while: {{ {name}: [new, type] }}")));
    }
    format!("actions: {{ pack: {{ {keys} }} }}")
}

/// What a table can be ordered and narrowed by.
fn sortable(spelled: &str) -> bool {
    let whole = ["decimal", "list", "object", "map"].iter().any(|kind| spelled.contains(&format!("{{ type: {kind}")));
    !whole
        && !["create", "update", "hidden"].iter().any(|access| spelled.contains(&format!("access: {access}")))
        && !spelled.contains("secret")
}

/// What can be unique: a text of any words, which everybody sends.
fn unique(spelled: &str) -> bool {
    spelled.contains("type: string, required: true") && !spelled.contains("choice")
}

fn verbs(draw: &mut Draw, owned: bool, patched: bool, apps: &str) -> String {
    let mut verbs = Vec::new();
    for verb in ["list", "get", "post", "patch", "delete"] {
        if draw.chance(if verb == "patch" && !patched { 0 } else { 70 }) {
            let writes = !matches!(verb, "list" | "get");
            let mut keys = Vec::new();
            match draw.below(10) {
                0 if !owned && !apps.contains("scopes") && !apps.contains("apiKey") => {
                    keys.push("protected: false".to_owned());
                    keys.extend(writes.then(|| "because: everybody may".to_owned()));
                }
                1 if !owned && !apps.contains("apiKey") => keys.push("protected: optional".into()),
                2 if apps.contains("storefront") && !owned && !writes => {
                    keys.push("in: { storefront: { protected: false } }".into());
                }
                3 => keys.push(format!("summary: \"{}\"", draw.pick(TEXTS))),
                4 if verb == "post" => keys.push("empty: true".into()),
                5 if verb == "post" => keys.push("status: 202".into()),
                6 if apps == "storefront: {}" => keys.push("scopes: [customer]".into()),
                7 if apps == "storefront: {}" && !owned => keys.push("agent: required".into()),
                8 => keys.push(draw.pick(&["agent: optional", "guest: true", "factorCode: required"]).to_owned()),
                9 if !writes => keys.push("cache: { seconds: 60 }".into()),
                9 => keys.push("deprecated: { since: 2026-01-31, until: 2028-02-29, instead: the other one }".into()),
                _ => {}
            }
            verbs.push(format!("{verb}: {{ {} }}", keys.join(", ")));
        }
    }
    if verbs.is_empty() { "list: ".into() } else { verbs.join(", ") }
}

/// The attributes: their names, whether a client writes them, and how they are spelled. Where there are two applications,
/// some are of one only.
fn attributes(draw: &mut Draw, both: bool) -> Vec<(String, bool, String)> {
    let mut attributes: Vec<(String, bool, String)> = Vec::new();
    for _ in 0..draw.below(8) {
        let name = draw.pick(ATTRIBUTES).to_owned();
        if attributes.iter().any(|(other, ..)| *other == name) {
            continue;
        }
        let kind = draw.pick(&[
            "string", "string", "text", "int", "int", "money", "bool", "date", "datetime", "uuid", "enum", "enum",
            "decimal", "list", "object", "map",
        ]);
        let access = draw.pick(&["", "", "", "", "read", "once", "change", "create", "update", "hidden"]);
        let required = draw.chance(50) && access.is_empty();
        let mut keys = vec![format!("type: {kind}")];
        if required {
            keys.push(draw.pick(&["required: true", "required: true", "required: [post, patch]"]).into());
        }
        if !access.is_empty() {
            keys.push(format!("access: {access}"));
        }
        let default = match kind {
            "string" | "text" | "enum" => "default: new",
            "int" | "money" => "default: 5",
            "bool" => "default: true",
            _ => "",
        };
        let defaulted = !required && !default.is_empty() && access != "update" && draw.chance(30);
        if defaulted {
            keys.push(default.into());
        } else if !required || draw.chance(5) {
            keys.push("nullable: true".into());
            keys.extend(name.len().is_multiple_of(4).then(|| "deprecated: true".to_owned()));
            // Nobody is asked for what they do not have.
            keys.extend((both && !required && name.len().is_multiple_of(5)).then(|| "only: [storefront]".to_owned()));
        }
        let written = !matches!(access, "read" | "hidden");
        match kind {
            "enum" => {
                keys.push("values: [new, shown, \"a b\", type]".into());
                if access == "change" && defaulted && draw.chance(60) {
                    keys.push("transitions: { new: [shown, \"a b\"], shown: type, type: [type, new] }".into());
                }
            }
            "list" if written && draw.chance(30) => keys.push("of: { type: string }, min: 2, max: 3".into()),
            "list" => keys.push(draw.pick(&[
                "of: { type: string }",
                "of: { type: int }",
                "of: { type: object, attributes: { partName: { type: string, required: true }, type: { type: int, nullable: true } } }",
            ]).into()),
            "date" | "datetime" if written => {
                keys.push(draw.pick(&["max: 2099-12-31", "min: today", "min: 2000-02-03, max: today"]).into());
            }
            "object" => keys.push(
                "attributes: { self: { type: string, required: true }, links: { type: list, of: { type: string }, nullable: true } }"
                    .into(),
            ),
            "string" | "text" if written && !defaulted => match draw.below(8) {
                0 => keys.push("min: 2, max: 9, example: Right".into()),
                1 => keys.push("max: 3, example: abc".into()),
                2 => keys.push("email: true, example: sonia@acme.com".into()),
                3 => keys.push("choice: [Mr, Ms, \"\\\"\"], example: Ms".into()),
                4 => keys.push("trim: true, max: 80".into()),
                5 => keys.push("rules: [{ pattern: \"^[A-Za-z ]+$\", error: unfit }], example: Right".into()),
                6 => keys.push("secret: true".into()),
                _ => {}
            },
            "int" | "money" if written && !defaulted => match draw.below(4) {
                0 => keys.push("min: 1, max: 5, example: 5".into()),
                1 => keys.push("greaterThan: 0, lessThan: 9, example: 5".into()),
                2 => keys.push("numeric: true".into()),
                _ => {}
            },
            _ => {}
        }
        if draw.chance(10) {
            keys.push(format!("column: c_{}", name.to_lowercase()));
        }
        if draw.chance(20) {
            keys.push(format!("description: \"{}\"", draw.pick(TEXTS)));
        }
        let spelled = format!("{name}: {{ {} }}", keys.join(", "));
        attributes.push((name, written, spelled));
    }
    attributes
}
