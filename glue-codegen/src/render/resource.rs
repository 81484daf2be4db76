//! The files of one resource.

use askama::Template;

use super::inputs::{self, InputView, PatternView};
use super::quote::{DocText, RustStr};
use super::types::{self, StructView};
use super::{File, NotRust, examples, rust};
use crate::definition::{Attribute, Definition, Flag, Format, Identifier, Kind, VerbName};
use crate::names;
use crate::rows::{self, Row};
use crate::workspace::Domain;

/// Every file of `definition`.
pub(super) fn files(domain: &Domain, definition: &Definition) -> Result<Vec<File>, NotRust> {
    let view = ResourceView::of(definition);
    let module = names::snake(&definition.name.it);
    let base = format!("{}/src/generated/{module}", domain.dir);
    let mut files = vec![
        rust(format!("{base}.rs"), &ModuleTemplate { r: &view })?,
        rust(format!("{base}/attributes.rs"), &AttributesTemplate { r: &view })?,
        rust(format!("{base}/errors.rs"), &ErrorsTemplate { r: &view })?,
        rust(format!("{base}/routes.rs"), &RoutesTemplate { r: &view })?,
        rust(format!("{base}/api.rs"), &ApiTemplate { r: &view })?,
        rust(format!("{base}/handlers.rs"), &HandlersTemplate { r: &view })?,
    ];
    if !view.form {
        files.push(rust(format!("{base}/documents.rs"), &DocumentsTemplate { r: &view })?);
    }
    if view.storage.is_some() {
        files.push(rust(format!("{base}/storage.rs"), &StorageTemplate { r: &view })?);
    }
    Ok(files)
}

#[derive(Template)]
#[template(path = "module.rs.txt", escape = "none", syntax = "rust")]
struct ModuleTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "attributes.rs.txt", escape = "none", syntax = "rust")]
struct AttributesTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "errors.rs.txt", escape = "none", syntax = "rust")]
struct ErrorsTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "routes.rs.txt", escape = "none", syntax = "rust")]
struct RoutesTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "api.rs.txt", escape = "none", syntax = "rust")]
struct ApiTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "handlers.rs.txt", escape = "none", syntax = "rust")]
struct HandlersTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "documents.rs.txt", escape = "none", syntax = "rust")]
struct DocumentsTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "storage.rs.txt", escape = "none", syntax = "rust")]
struct StorageTemplate<'a> {
    r: &'a ResourceView,
}

#[derive(Template)]
#[template(path = "queries.rs.txt", escape = "none", syntax = "rust")]
struct QueriesTemplate<'a> {
    r: &'a ResourceView,
    s: &'a StorageView,
    owned: bool,
}

/// What the templates know of a resource.
pub(super) struct ResourceView {
    pub(super) name: String,
    pub(super) wire: String,
    pub(super) module: String,
    pub(super) file: String,
    pub(super) summary: String,
    pub(super) one: String,
    pub(super) many: String,
    pub(super) form: bool,
    pub(super) id: Option<IdView>,
    pub(super) structs: Vec<StructView>,
    pub(super) inputs: Vec<InputView>,
    pub(super) patterns: Vec<PatternView>,
    pub(super) verbs: Vec<VerbView>,
    pub(super) apps: Vec<AppView>,
    pub(super) errors: Vec<ErrorView>,
    pub(super) storage: Option<StorageView>,
    pub(super) behaviour: String,
    pub(super) has_list: bool,
    pub(super) no_store: bool,
    pub(super) page_default: i64,
    pub(super) page_max: i64,
}

pub(super) struct IdView {
    pub(super) name: String,
    pub(super) uuid: bool,
    /// Without a row for unknown ids, the behaviour gets every id to judge.
    pub(super) unchecked: bool,
    /// The id only names things in paths: nothing can be read under it, so answers carry `null`.
    pub(super) path_only: bool,
}

pub(super) struct VerbView {
    /// `Get`: the verb as a type.
    pub(super) ident: &'static str,
    /// `get`: the trait's method.
    pub(super) method: &'static str,
    /// `list`, `get`, `post`, `patch`, `delete`: the verb in the definition.
    pub(super) key: &'static str,
    pub(super) doc: String,
    pub(super) context: &'static str,
    pub(super) marker: &'static str,
    pub(super) input: String,
    pub(super) owned_somewhere: bool,
    pub(super) unowned_somewhere: bool,
}

pub(super) struct AppView {
    pub(super) function: String,
    pub(super) doc: String,
    pub(super) rows: Vec<RowView>,
}

pub(super) struct RowView {
    pub(super) constant: String,
    pub(super) app: String,
    pub(super) method: &'static str,
    pub(super) core_verb: &'static str,
    pub(super) path: String,
    pub(super) operation_id: String,
    pub(super) summary: String,
    pub(super) description: String,
    pub(super) protection: String,
    pub(super) scopes: String,
    pub(super) owner: String,
    pub(super) request: Option<PayloadView>,
    pub(super) response: Option<PayloadView>,
    pub(super) status: u16,
    pub(super) parameters: Vec<String>,
    pub(super) validated: bool,
    pub(super) errors: String,
    pub(super) source: String,
    pub(super) doc: String,
}

pub(super) struct PayloadView {
    pub(super) schema: String,
    pub(super) example: String,
}

pub(super) struct ErrorView {
    pub(super) constant: String,
    pub(super) doc: String,
    pub(super) status: u16,
    pub(super) code: String,
    pub(super) detail: String,
}

pub(super) struct StorageView {
    pub(super) table: String,
    pub(super) key: String,
    pub(super) id_column: String,
    pub(super) owner: Option<OwnerView>,
    pub(super) columns: Vec<ColumnView>,
    pub(super) counts: Vec<CountView>,
    pub(super) fields: Vec<RowFieldView>,
    pub(super) sorts: Vec<SortView>,
    pub(super) create: Vec<SetView>,
    pub(super) update: Vec<SetView>,
    pub(super) created_at: bool,
    pub(super) updated_at: bool,
    pub(super) owned_queries: String,
    pub(super) unscoped_queries: String,
    pub(super) duplicates: bool,
}

pub(super) struct OwnerView {
    pub(super) column: String,
    pub(super) getter: &'static str,
}

pub(super) struct ColumnView {
    pub(super) name: String,
    pub(super) ty: String,
}

pub(super) struct CountView {
    pub(super) table: String,
    pub(super) by: String,
}

pub(super) struct RowFieldView {
    pub(super) ident: String,
    pub(super) ty: String,
    pub(super) select: String,
    pub(super) convert: String,
}

pub(super) struct SortView {
    pub(super) wire: String,
    pub(super) column: String,
}

pub(super) struct SetView {
    pub(super) column: String,
    pub(super) ident: String,
    pub(super) required: bool,
}

impl StorageView {
    /// The owner as a parameter.
    fn owner_parameter(&self, owned: &bool) -> &'static str {
        if *owned { "owner: &glue_core::identity::Owner," } else { "" }
    }

    /// The owner as a condition.
    fn owner_filter(&self, owned: &bool) -> String {
        match &self.owner {
            Some(owner) if *owned => format!(".filter({}::{}.eq(owner.{}()))", self.table, owner.column, owner.getter),
            _ => String::new(),
        }
    }
}

impl ResourceView {
    fn of(definition: &Definition) -> Self {
        let rows = rows::of(definition);
        let many = names::pascal(&definition.name.it);
        let one = names::pascal(&definition.singular);
        let readable: Vec<&Attribute> = definition.attributes.iter().filter(|a| !a.id && a.access.reads()).collect();
        let doc = format!("What clients read of `{}`.", definition.name.it);
        let inputs = if definition.format == Format::Form { Vec::new() } else { inputs::of(definition) };
        let mut patterns: Vec<PatternView> = Vec::new();
        let mut view = Self {
            name: definition.name.it.clone(),
            wire: RustStr(&definition.name.it).to_string(),
            module: names::snake(&definition.name.it),
            file: definition.source.origin(&definition.name.span),
            summary: definition.summary.clone(),
            form: definition.format == Format::Form,
            id: id_view(definition, &one),
            structs: types::structs(definition, &one, &doc, &readable),
            verbs: verbs(definition, &rows),
            apps: apps(definition, &rows),
            errors: errors(definition),
            storage: None,
            behaviour: behaviour(definition),
            has_list: definition.verbs.iter().any(|verb| verb.verb == VerbName::List),
            no_store: definition.no_store,
            page_default: definition.list.default,
            page_max: definition.list.max,
            inputs,
            patterns: Vec::new(),
            one,
            many,
        };
        for input in &mut view.inputs {
            for pattern in input.patterns.drain(..) {
                if !patterns.iter().any(|known| known.constant == pattern.constant) {
                    patterns.push(pattern);
                }
            }
        }
        view.patterns = patterns;
        if view.form {
            view.structs.extend(form_input(definition));
        }
        if let Some(mut storage) = storage(definition, &rows) {
            let owned = view.verbs.iter().any(|verb| verb.owned_somewhere);
            let unowned = view.verbs.iter().any(|verb| verb.unowned_somewhere);
            let render = |owned: bool| QueriesTemplate { r: &view, s: &storage, owned }.render().unwrap_or_default();
            let queries =
                (if owned { render(true) } else { String::new() }, if unowned { render(false) } else { String::new() });
            (storage.owned_queries, storage.unscoped_queries) = queries;
            view.storage = Some(storage);
        }
        view
    }

    /// The summary as a doc comment.
    pub(super) fn doc(&self) -> DocText<'_> {
        DocText(&self.summary)
    }

    /// The summary as a literal.
    fn about(&self) -> RustStr<'_> {
        RustStr(&self.summary)
    }

    fn rows(&self) -> impl Iterator<Item = &RowView> {
        self.apps.iter().flat_map(|app| &app.rows)
    }

    fn needs_errors(&self) -> bool {
        self.inputs.iter().flat_map(|input| &input.statements).any(|statement| statement.contains("errors::"))
    }

    fn has_bodies(&self) -> bool {
        self.rows().any(|row| row.request.is_some() || row.response.is_some())
    }

    fn has_row_errors(&self) -> bool {
        self.rows().any(|row| !row.errors.is_empty())
    }

    /// The names that `routes.rs` uses of the framework, sorted.
    fn route_imports(&self) -> String {
        let mut names = vec!["Ownership", "Protection", "Route", "RouteDef", "Verb", "Wire"];
        names.extend(self.verbs.iter().map(|verb| verb.marker));
        if self.has_bodies() {
            names.extend(["Payload", "SchemaDef"]);
        }
        if self.rows().any(|row| !row.parameters.is_empty()) {
            names.extend(["Parameter", "ParameterKind"]);
        }
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }

    /// The contexts that handlers take, sorted.
    fn contexts(&self) -> String {
        let mut names: Vec<&str> = self.verbs.iter().map(|verb| verb.context).collect();
        names.sort_unstable();
        names.dedup();
        names.join(", ")
    }

    /// The verbs as types, sorted.
    fn verb_idents(&self) -> String {
        let mut names: Vec<&str> = self.verbs.iter().map(|verb| verb.ident).collect();
        names.sort_unstable();
        names.join(", ")
    }

    /// The types of `attributes.rs` that behaviour deals with, sorted.
    fn behaviour_types(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        if self.rows().any(|row| row.response.is_some()) {
            names.push(&self.one);
        }
        if self.verbs.iter().any(|verb| matches!(verb.key, "get" | "patch" | "delete")) {
            names.extend(self.id.iter().map(|id| id.name.as_str()));
        }
        names.extend(self.inputs.iter().map(|input| input.name.as_str()));
        names.sort_unstable();
        names.join(", ")
    }

    /// The shapes that behaviour returns, sorted.
    fn shapes(&self) -> String {
        let mut names = Vec::new();
        if self.verbs.iter().any(|verb| matches!(verb.key, "get" | "patch" | "post")) && !self.form {
            names.push("Entity");
        }
        if self.has_list {
            names.push("Listing");
        }
        names.join(", ")
    }

    /// The type of ids.
    fn id_name(&self) -> &str {
        self.id.as_ref().map_or("String", |id| id.name.as_str())
    }

    /// The row for ids that nothing can have.
    fn unknown_id(&self) -> &'static str {
        match &self.id {
            Some(id) if !id.unchecked => "errors::NOT_FOUND",
            _ => "glue_core::codes::NOT_FOUND",
        }
    }

    /// Whether answers name an id.
    fn has_id(&self) -> bool {
        self.id.as_ref().is_some_and(|id| !id.path_only)
    }

    /// Whether one of these verbs needs queries with (or without) an owner.
    fn asks(&self, owned: &bool, keys: &str) -> bool {
        let needs = |verb: &&VerbView| if *owned { verb.owned_somewhere } else { verb.unowned_somewhere };
        self.verbs.iter().filter(needs).any(|verb| keys.split(' ').any(|key| key == verb.key))
    }

    fn has(&self, key: &str) -> bool {
        self.verbs.iter().any(|verb| verb.key == key)
    }

    fn replies(&self) -> bool {
        self.rows().any(|row| row.response.is_some())
    }
}

fn id_view(definition: &Definition, one: &str) -> Option<IdView> {
    let id = definition.attributes.iter().find(|attribute| attribute.id)?;
    Some(IdView {
        name: format!("{one}Id"),
        uuid: matches!(id.kind, Kind::Uuid),
        unchecked: !knows_not_found(definition),
        path_only: !readable(definition),
    })
}

fn readable(definition: &Definition) -> bool {
    definition.storage.is_some()
        || definition.verbs.iter().any(|verb| matches!(verb.verb, VerbName::Get | VerbName::List))
}

fn knows_not_found(definition: &Definition) -> bool {
    definition.errors.iter().any(|error| error.name.it == "notFound")
}

/// The fields of a form, for the documents only: the handler reads the form itself.
fn form_input(definition: &Definition) -> Vec<StructView> {
    let written: Vec<&Attribute> = examples::written(definition, VerbName::Post).collect();
    let mut structs =
        types::structs(definition, &inputs::name(definition, VerbName::Post), "The form that clients send.", &written);
    for view in &mut structs {
        for (field, attribute) in view.fields.iter_mut().zip(&written) {
            if !attribute.required.contains(&VerbName::Post) {
                field.ty = format!("Option<{}>", field.ty);
                field.schema = match field.schema.strip_suffix(")]") {
                    Some(open) => format!("{open}, nullable = false)]"),
                    None => "#[schema(nullable = false)]".into(),
                };
            }
        }
    }
    structs
}

fn behaviour(definition: &Definition) -> String {
    match &definition.handler {
        Some(handler) => format!("crate::{}::{}", names::snake(&definition.name.it), handler.it),
        None => "api::Stored".into(),
    }
}

fn idents(verb: VerbName) -> (&'static str, &'static str, &'static str) {
    match verb {
        VerbName::List => ("List", "list", "List"),
        VerbName::Get => ("Get", "get", "Get"),
        VerbName::Post => ("Create", "create", "Post"),
        VerbName::Patch => ("Update", "update", "Patch"),
        VerbName::Delete => ("Delete", "delete", "Delete"),
    }
}

fn verbs(definition: &Definition, rows: &[Row<'_>]) -> Vec<VerbView> {
    let view = |verb: &crate::definition::VerbUse| {
        let (ident, method, _) = idents(verb.verb);
        let mine = || rows.iter().filter(|row| row.verb.verb == verb.verb);
        let protected = verb.protected.it == Flag::Protected;
        let path = mine().next().map_or_else(String::new, |row| row.path.clone());
        let line = definition.source.origin(&verb.span);
        VerbView {
            ident,
            method,
            key: verb.verb.as_str(),
            doc: DocText(&format!("`{} {path}`, from {line}.", mine().next().map_or("", Row::method))).to_string(),
            context: if protected { "Authed" } else { "Anyone" },
            marker: if protected { "ProtectedRoute" } else { "OpenRoute" },
            input: if verb.verb.has_body() { inputs::name(definition, verb.verb) } else { String::new() },
            owned_somewhere: mine().any(|row| row.owner.is_some()),
            unowned_somewhere: mine().any(|row| row.owner.is_none()),
        }
    };
    definition.verbs.iter().map(view).collect()
}

fn apps(definition: &Definition, rows: &[Row<'_>]) -> Vec<AppView> {
    let mut apps = Vec::new();
    for app in &definition.apps {
        let name = &app.name.it;
        apps.push(AppView {
            function: names::ident(&names::snake(name)),
            doc: DocText(&format!("What the {name} mounts.")).to_string(),
            rows: rows.iter().filter(|row| row.app == name.as_str()).map(|row| row_view(definition, row)).collect(),
        });
    }
    apps
}

fn row_view(definition: &Definition, row: &Row<'_>) -> RowView {
    let verb = row.verb.verb;
    let (_, method, core_verb) = idents(verb);
    let one = names::pascal(&definition.singular);
    let form = definition.format == Format::Form;
    let quoted = |text: &str| RustStr(text).to_string();
    let list = |texts: &[String]| texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", ");
    let because = row.verb.because.as_ref().map_or("None".to_owned(), |at| format!("Some({})", quoted(&at.it)));
    let request = verb.has_body().then(|| PayloadView {
        schema: if form {
            inputs::name(definition, verb)
        } else {
            format!("{}Document", inputs::name(definition, verb))
        },
        example: quoted(&examples::request(definition, verb).to_string()),
    });
    let response = (verb != VerbName::Delete).then(|| PayloadView {
        schema: match (form, verb) {
            (true, _) => one.clone(),
            (false, VerbName::List) => format!("{one}Collection"),
            (false, _) => format!("{one}Document"),
        },
        example: quoted(&examples::response(definition, verb).to_string()),
    });
    let status = match verb {
        VerbName::List | VerbName::Get | VerbName::Patch => 200,
        VerbName::Post if form => 200,
        VerbName::Post => 201,
        VerbName::Delete => 204,
    };
    RowView {
        constant: names::constant(&format!("{}-{}", row.app, verb.as_str())),
        app: quoted(row.app),
        method,
        core_verb,
        path: quoted(&row.path),
        operation_id: quoted(&row.operation_id()),
        summary: quoted(&summary(definition, row)),
        description: quoted(&definition.description),
        protection: match row.verb.protected.it {
            Flag::Protected => "Protection::Protected".into(),
            Flag::Optional => "Protection::Optional".into(),
            Flag::Public => format!("Protection::Public {{ because: {because} }}"),
        },
        scopes: list(&row.scopes),
        owner: row
            .owner
            .map_or("Ownership::Unowned".into(), |owner| format!("Ownership::Rows {{ attribute: {} }}", quoted(owner))),
        request,
        response,
        status,
        parameters: parameters(definition, verb),
        validated: verb.has_body() && !form && examples::written(definition, verb).next().is_some(),
        errors: row_errors(definition, verb).join(", "),
        source: quoted(&definition.source.origin(&row.verb.span)),
        doc: DocText(&format!("`{} {}` of the {}.", row.method(), row.path, row.app)).to_string(),
    }
}

fn summary(definition: &Definition, row: &Row<'_>) -> String {
    let many = names::spaced(&definition.name.it);
    row.verb.summary.clone().unwrap_or_else(|| match row.verb.verb {
        VerbName::List => format!("Get collection of {many}."),
        VerbName::Get => format!("Get {many}."),
        VerbName::Post => format!("Create {many}."),
        VerbName::Patch => format!("Update {many}."),
        VerbName::Delete => format!("Delete {many}."),
    })
}

fn parameters(definition: &Definition, verb: VerbName) -> Vec<String> {
    if verb != VerbName::List || definition.storage.is_none() {
        return Vec::new();
    }
    let mut parameters = vec![
        "Parameter { name: \"page[offset]\", description: \"Resources to skip; takes effect together with `page[limit]`.\", kind: ParameterKind::Integer { minimum: 0, example: 0 } }".to_owned(),
        format!(
            "Parameter {{ name: \"page[limit]\", description: \"Resources to return; at most {max} have an effect.\", kind: ParameterKind::Integer {{ minimum: 1, example: {default} }} }}",
            max = definition.list.max,
            default = definition.list.default
        ),
    ];
    if let Some(first) = definition.list.sort.first() {
        let fields: Vec<&str> = definition.list.sort.iter().map(|at| at.it.as_str()).collect();
        let text = format!("Attributes to sort by, a minus for descending: {}. Others are ignored.", fields.join(", "));
        parameters.push(format!(
            "Parameter {{ name: \"sort\", description: {}, kind: ParameterKind::Text {{ example: {} }} }}",
            RustStr(&text),
            RustStr(&format!("-{}", first.it))
        ));
    }
    parameters
}

/// The rows of the code table that `verb` can give.
fn row_errors(definition: &Definition, verb: VerbName) -> Vec<String> {
    let gives = |error: &&crate::definition::ErrorUse| match &error.on {
        Some(on) => on.contains(&verb),
        None if definition.storage.is_none() => true,
        None => match error.name.it.as_str() {
            "notFound" => verb.has_id(),
            "duplicate" => verb.has_body(),
            name => examples::written(definition, verb)
                .any(|a| verb.has_body() && a.rules.iter().any(|rule| rule.error.it == name)),
        },
    };
    let rows = definition.errors.iter().filter(gives);
    rows.map(|error| format!("&errors::{}", error_constant(definition, &error.name.it, verb))).collect()
}

/// The constant of an error as `verb` answers with it.
pub(super) fn error_constant(definition: &Definition, name: &str, verb: VerbName) -> String {
    let base = names::constant(name);
    match definition.errors.iter().find(|error| error.name.it == name) {
        Some(error) if error.status_for(verb) != error.status => {
            format!("{base}_ON_{}", names::constant(verb.as_str()))
        }
        _ => base,
    }
}

fn errors(definition: &Definition) -> Vec<ErrorView> {
    let mut views = Vec::new();
    for error in &definition.errors {
        let base = names::constant(&error.name.it);
        let line = definition.source.origin(&error.name.span);
        let view = |constant: String, status: u16| ErrorView {
            doc: DocText(&format!("{} From {line}.", error.detail)).to_string(),
            code: RustStr(&error.code).to_string(),
            detail: RustStr(&error.detail).to_string(),
            constant,
            status,
        };
        views.push(view(base.clone(), error.status));
        for (verb, status) in &error.status_on {
            views.push(view(format!("{base}_ON_{}", names::constant(verb.as_str())), *status));
        }
    }
    views
}

fn storage(definition: &Definition, rows: &[Row<'_>]) -> Option<StorageView> {
    let storage = definition.storage.as_ref()?;
    let id = definition.attributes.iter().find(|attribute| attribute.id);
    let stored: Vec<&Attribute> = definition.attributes.iter().filter(|a| !a.id && a.computed.is_none()).collect();
    let owner = rows.iter().find_map(|row| row.owner).map(|attribute| owner_view(definition, attribute));
    let mut columns = vec![ColumnView { name: storage.key.clone(), ty: "BigInt".into() }];
    columns.extend(id.map(|id| ColumnView { name: types::column(id), ty: "Text".into() }));
    columns.extend(storage.owner.as_ref().map(|owner| ColumnView {
        name: owner.column.clone(),
        ty: if owner.identifier == Identifier::Surrogate { "BigInt".into() } else { "Text".into() },
    }));
    columns.extend(stored.iter().map(|a| ColumnView { name: types::column(a), ty: types::sql_type(a) }));
    let has = |name: &str| stored.iter().any(|attribute| attribute.name.it == name);
    Some(StorageView {
        table: storage.table.it.clone(),
        key: storage.key.clone(),
        id_column: id.map(types::column).unwrap_or_default(),
        owner,
        columns,
        counts: definition
            .attributes
            .iter()
            .filter_map(|a| a.computed.as_ref())
            .map(|c| CountView { table: c.count.clone(), by: c.by.clone() })
            .collect(),
        fields: definition
            .attributes
            .iter()
            .filter(|a| !a.id && a.access.reads())
            .map(|a| row_field(&storage.table.it, &storage.key, a))
            .collect(),
        sorts: definition.list.sort.iter().filter_map(|at| sort_view(definition, &at.it)).collect(),
        create: sets(definition, VerbName::Post),
        update: sets(definition, VerbName::Patch),
        created_at: has("createdAt"),
        updated_at: has("updatedAt"),
        owned_queries: String::new(),
        unscoped_queries: String::new(),
        duplicates: definition.errors.iter().any(|error| error.name.it == "duplicate"),
    })
}

fn owner_view(definition: &Definition, attribute: &str) -> OwnerView {
    match definition.storage.as_ref().and_then(|storage| storage.owner.as_ref()) {
        Some(owner) => OwnerView {
            column: owner.column.clone(),
            getter: if owner.identifier == Identifier::Surrogate { "surrogate" } else { "natural" },
        },
        None => {
            let column = definition.attributes.iter().find(|a| a.name.it == attribute).map(types::column);
            OwnerView { column: column.unwrap_or_else(|| names::snake(attribute)), getter: "natural" }
        }
    }
}

fn row_field(table: &str, key: &str, attribute: &Attribute) -> RowFieldView {
    let ident = names::ident(&names::snake(&attribute.name.it));
    match &attribute.computed {
        Some(computed) => RowFieldView {
            ty: "Option<i64>".into(),
            select: format!(
                "{0}::table.filter({0}::{1}.eq({table}::{key})).count().single_value()",
                computed.count, computed.by
            ),
            convert: format!("row.{ident}.unwrap_or_default()"),
            ident,
        },
        None => RowFieldView {
            ty: types::row_type(attribute),
            select: format!("{table}::{}", types::column(attribute)),
            convert: types::from_row(attribute, &ident),
            ident,
        },
    }
}

fn sort_view(definition: &Definition, name: &str) -> Option<SortView> {
    let attribute = definition.attributes.iter().find(|attribute| attribute.name.it == name)?;
    Some(SortView { wire: RustStr(name).to_string(), column: types::column(attribute) })
}

fn sets(definition: &Definition, verb: VerbName) -> Vec<SetView> {
    let set = |attribute: &Attribute| SetView {
        column: types::column(attribute),
        ident: names::ident(&names::snake(&attribute.name.it)),
        required: attribute.required.contains(&verb),
    };
    examples::written(definition, verb).filter(|attribute| attribute.computed.is_none()).map(set).collect()
}
