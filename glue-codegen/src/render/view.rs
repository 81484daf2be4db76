//! One resource as its templates see it.

use askama::Template;

use super::acts::{self, ActionsView};
use super::errors::{self, ErrorView};
use super::examples;
use super::family::{self, IncludedView, ParentView, RelationView};
use super::inputs::{self, InputView, PatternView};
use super::made::{self, MadeView};
use super::operations::{self, AppView, RowView};
use super::quote::{DocText, RustStr};
use super::storage::{self, StorageView};
use super::types::{self, StructView};
use super::verbs::{self, VerbView};
use crate::definition::{ActionOf, Attribute, Definition, EntityTags, Format, Kind, Target, VerbName};
use crate::rows;

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
    /// More than that, as a literal; empty when there is no more.
    pub(super) description: String,
    /// Whether its path is its own.
    pub(super) custom: bool,
    pub(super) profiles: String,
    /// The media type, as an expression.
    pub(super) speaks: &'static str,
    pub(super) entity_tags: &'static str,
    pub(super) version: Option<String>,
    pub(super) one: String,
    pub(super) many: String,
    pub(super) form: bool,
    /// Whether answers are pages.
    pub(super) page: bool,
    /// Whether one resource is shown as an object, without a list around it.
    pub(super) single: bool,
    pub(super) id: Option<IdView>,
    pub(super) structs: Vec<StructView>,
    pub(super) inputs: Vec<InputView>,
    pub(super) patterns: Vec<PatternView>,
    pub(super) verbs: Vec<VerbView>,
    /// What it has to do with actions.
    pub(super) actions: ActionsView,
    /// The attributes of its answers, as literals.
    pub(super) readable: String,
    /// Those that only some applications show, as values.
    pub(super) limits: String,
    /// What others have of that in its bodies: the module, the type and what that implements.
    limited: Vec<(String, String, &'static str)>,
    pub(super) apps: Vec<AppView>,
    pub(super) errors: Vec<ErrorView>,
    pub(super) storage: Option<StorageView>,
    pub(super) behaviour: String,
    pub(super) has_list: bool,
    pub(super) no_store: bool,
    pub(super) page_default: i64,
    pub(super) page_max: i64,
    pub(super) parents: Vec<ParentView>,
    pub(super) relations: Vec<RelationView>,
    pub(super) included: Vec<IncludedView>,
    pub(super) targets: Vec<String>,
    pub(super) tagged: bool,
    /// What a handler does with the ids in front of its own.
    pub(super) parents_statement: String,
    /// How others lead here.
    pub(super) target: Target,
    /// The children that come with a new row.
    pub(super) made: Vec<MadeView>,
}

pub(super) struct IdView {
    pub(super) name: String,
    pub(super) uuid: bool,
    /// Whether `mine` stands for the id of the caller's row.
    pub(super) mine: bool,
    /// Without a row for unknown ids, the behaviour gets every id to judge.
    pub(super) unchecked: bool,
    /// The id only names things in paths: nothing can be read under it, so answers carry `null`.
    pub(super) path_only: bool,
}

impl ResourceView {
    pub(super) fn of(definition: &Definition) -> Self {
        let rows = rows::of(definition);
        let many = definition.many();
        let one = definition.one();
        let mut inputs = if definition.format.is_form() { Vec::new() } else { inputs::of(definition) };
        let mut view = Self {
            name: definition.name.it.clone(),
            wire: RustStr(&definition.name.it).to_string(),
            module: definition.module(),
            file: definition.source.origin(&definition.name.span),
            summary: definition.summary.clone(),
            description: match definition.description.as_str() {
                "" => String::new(),
                text => RustStr(text).to_string(),
            },
            custom: definition.path.is_some(),
            profiles: operations::profiles(definition),
            speaks: operations::wire(definition),
            entity_tags: operations::entity_tags(definition),
            version: operations::version(definition),
            form: definition.format.is_form(),
            page: definition.format == Format::Page,
            single: definition.format == (Format::Json { single: true }),
            id: id_view(definition, &one),
            structs: shown(definition, &one),
            verbs: verbs::of(definition, &rows),
            actions: acts::of(definition),
            readable: types::readable(definition),
            limited: limited(definition),
            limits: types::limits(definition.attributes.iter().filter(|attribute| attribute.access.reads())),
            apps: operations::apps(definition, &rows),
            errors: errors::of(definition),
            storage: None,
            behaviour: served_by(definition),
            has_list: definition.verbs.iter().any(|verb| verb.verb == VerbName::List),
            no_store: definition.no_store,
            page_default: definition.list.default,
            page_max: definition.list.max,
            parents: family::parents(definition),
            relations: family::relations(definition),
            included: family::included(definition),
            targets: family::targets(definition),
            tagged: definition.entity_tags != EntityTags::None,
            parents_statement: String::new(),
            target: definition.target,
            made: made::of(definition),
            patterns: each_once(&mut inputs),
            inputs,
            one,
            many,
        };
        view.parents_statement = family::parents_statement(definition, view.unknown_parent());
        view.adapt(definition);
        if let Some(storage) = storage::of(definition, &rows) {
            view.store(storage);
        }
        view
    }

    /// What differs in formats that have no resource objects.
    fn adapt(&mut self, definition: &Definition) {
        if let Some(whole) = self.structs.first_mut().filter(|_| !self.form) {
            whole.present = Some(!definition.is_sparse());
        }
        if self.form || self.single {
            // OAuth's answers and metadata leave out what they have nothing to say about.
            let fields = self.structs.iter_mut().flat_map(|whole| &mut whole.fields);
            for field in fields.filter(|field| field.ty.starts_with("Option<")) {
                field.unsaid = true;
                field.schema.push("nullable = false".into());
            }
        }
        if self.form {
            self.structs.extend(form_input(definition));
        }
    }

    /// Adds the rows, and the queries that some verb asks.
    fn store(&mut self, mut storage: StorageView) {
        let acts = |owned: bool| self.actions.queries.iter().any(|act| act.asked(&owned));
        let owned = self.verbs.iter().any(|verb| verb.owned_somewhere) || acts(true) || self.target.made_owned;
        let unowned = self.verbs.iter().any(|verb| verb.unowned_somewhere) || acts(false) || self.target.made_unowned;
        let render = |owned: bool| QueriesTemplate { r: self, s: &storage, owned }.render().unwrap_or_default();
        let queries =
            (if owned { render(true) } else { String::new() }, if unowned { render(false) } else { String::new() });
        (storage.owned_queries, storage.unscoped_queries) = queries;
        self.storage = Some(storage);
    }

    /// The summary as a doc comment.
    pub(super) fn doc(&self) -> DocText<'_> {
        DocText(&self.summary)
    }

    /// The summary as a literal.
    pub(super) fn about(&self) -> RustStr<'_> {
        RustStr(&self.summary)
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &RowView> {
        self.apps.iter().flat_map(|app| &app.rows)
    }

    /// The schemas with attributes that only some applications have, each with where those are named.
    pub(super) fn schema_limits(&self) -> Vec<(String, String)> {
        let named = |module: &str, name: &str, of: &str| {
            (name.to_owned(), format!("<crate::generated::{module}::attributes::{name} as glue_core::{of}>::ONLY_IN"))
        };
        let own = Some(&self.one).filter(|_| !self.limits.is_empty() && self.shown());
        let own = own.map(|one| named(&self.module, one, "document::Resource"));
        let inputs = self.inputs.iter().filter(|input| !input.limits.is_empty());
        let inputs = inputs.map(|input| named(&self.module, &input.name, "input::Input"));
        let others = self.limited.iter().map(|(module, name, of)| named(module, name, of));
        own.into_iter().chain(inputs).chain(others).collect()
    }

    /// Whether it has documents of its own.
    pub(super) fn has_documents(&self) -> bool {
        !self.form && (self.shown() || self.whole_inputs().next().is_some())
    }

    /// Whether a row names a body of the resource's own documents.
    pub(super) fn has_own_bodies(&self) -> bool {
        let own = |row: &RowView| row.request.is_some() || (row.response.is_some() && row.answered.is_none());
        self.rows().any(own)
    }

    /// Whether a verb answers with one of the resource itself.
    pub(super) fn answers_one(&self) -> bool {
        self.actions.returned.is_none() && self.verbs.iter().any(|verb| verb.answers && verb.key != "list")
    }

    /// Whether generated behaviour serves the verbs that nobody wrote.
    pub(super) fn has_defaults(&self) -> bool {
        self.storage.is_some() || self.actions.behaviour.is_some()
    }

    /// The document of one resource in an answer.
    pub(super) fn document(&self) -> String {
        match &self.actions.returned {
            Some((module, one)) => format!("crate::generated::{module}::documents::{one}Document"),
            None => format!("{}Document", self.one),
        }
    }

    /// The type of ids.
    pub(super) fn id_name(&self) -> &str {
        self.id.as_ref().map_or("String", |id| id.name.as_str())
    }

    /// The row for ids that nothing can have.
    pub(super) fn unknown_id(&self) -> &'static str {
        match &self.id {
            Some(id) if !id.unchecked => "errors::NOT_FOUND",
            _ => "glue_core::error::codes::NOT_FOUND",
        }
    }

    /// Whether answers name an id.
    pub(super) fn has_id(&self) -> bool {
        self.id.as_ref().is_some_and(|id| !id.path_only)
    }

    /// Whether one of these verbs needs queries with (or without) an owner.
    pub(super) fn asks(&self, owned: &bool, keys: &str) -> bool {
        let needs = |verb: &&VerbView| if *owned { verb.owned_somewhere } else { verb.unowned_somewhere };
        self.verbs.iter().filter(needs).any(|verb| keys.split(' ').any(|key| key == verb.key))
    }

    /// Whether rows are added with (or without) an owner, by POST or together with their parent.
    pub(super) fn inserts(&self, owned: &bool) -> bool {
        let made = if *owned { self.target.made_owned } else { self.target.made_unowned };
        made || self.asks(owned, "post")
    }

    /// Whether what the body of a verb refers to is looked for, with (or without) an owner.
    pub(super) fn looks(&self, owned: &bool, key: &str) -> bool {
        self.asks(owned, key) || (key == "post" && self.inserts(owned))
    }

    /// Whether one of these verbs asks for one row, with (or without) an owner.
    pub(super) fn finds(&self, owned: &bool) -> bool {
        let needs = |verb: &&VerbView| if *owned { verb.owned_somewhere } else { verb.unowned_somewhere };
        let finds = |verb: &VerbView| {
            let asks =
                matches!(verb.key, "get" | "patch") || (verb.key == "post" && (verb.answers || verb.then.is_some()));
            asks || !verb.refusal.is_empty()
        };
        let acts = self.actions.queries.iter().any(|act| act.finds && act.asked(owned));
        self.verbs.iter().filter(needs).any(finds) || acts || self.locks(owned)
    }

    /// The states in which a verb is served, as conditions.
    pub(super) fn guarded(&self, key: &str) -> &str {
        self.verbs.iter().find(|verb| verb.key == key).map_or("", |verb| verb.guarded.as_str())
    }

    /// Whether anything loads rows.
    pub(super) fn reads_rows(&self) -> bool {
        let reached =
            self.storage.as_ref().is_some_and(|storage| !(storage.reaches.is_empty() && storage.links.is_empty()));
        self.has_list || reached || self.finds(&true) || self.finds(&false)
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.verbs.iter().any(|verb| verb.key == key)
    }

    /// Whether an answer is one of the resource: its own, or that of an action.
    pub(super) fn replies(&self) -> bool {
        self.rows().any(|row| row.response.is_some() && row.answered.is_none()) || self.actions.is_returned
    }

    /// The inputs of verbs, without their parts.
    pub(super) fn whole_inputs(&self) -> impl Iterator<Item = &InputView> {
        self.inputs.iter().filter(|input| input.whole)
    }

    /// Whether a resource object of this type can stand in a document.
    pub(super) fn shown(&self) -> bool {
        self.replies() || self.target.any()
    }

    /// Whether a change looks at the row's state first.
    pub(super) fn locks(&self, owned: &bool) -> bool {
        let acts = self.actions.queries.iter().any(|act| act.asked(owned));
        self.tagged && (acts || self.asks(owned, "patch delete"))
    }

    pub(super) fn has_keys(&self) -> bool {
        self.relations.iter().any(|relation| !relation.keys.is_empty())
    }

    /// `, parents: WishlistItemParents`.
    pub(super) fn parents_parameter(&self) -> String {
        if self.parents.is_empty() { String::new() } else { format!(", parents: {}Parents", self.one) }
    }

    /// `&parents, `.
    pub(super) fn parents_argument(&self) -> &'static str {
        if self.parents.is_empty() { "" } else { "&parents, " }
    }

    /// `, parents`.
    pub(super) fn parents_moved(&self) -> &'static str {
        if self.parents.is_empty() { "" } else { ", parents" }
    }

    /// The row for a parent that is not there.
    pub(super) fn unknown_parent(&self) -> &'static str {
        match self.errors.iter().any(|error| error.constant == "PARENT_NOT_FOUND") {
            true => "errors::PARENT_NOT_FOUND",
            false => self.unknown_id(),
        }
    }
}

fn id_view(definition: &Definition, one: &str) -> Option<IdView> {
    let id = definition.attributes.iter().find(|attribute| attribute.id)?;
    Some(IdView {
        name: format!("{one}Id"),
        uuid: matches!(id.kind, Kind::Uuid),
        mine: definition.mine.is_some(),
        unchecked: !knows_not_found(definition),
        path_only: !definition.shows_ids(),
    })
}

/// The types of other resources in its bodies, as far as some applications have less of them: what its actions answer
/// with, and the children that are made with it.
fn limited(definition: &Definition) -> Vec<(String, String, &'static str)> {
    let narrowed = |of: &&Definition| of.attributes.iter().any(|attribute| attribute.only.is_some());
    let answered = definition.answers_with().filter(narrowed);
    let answered = answered.map(|of| (of.module(), of.one(), "document::Resource"));
    let made = definition.made.iter().map(|(_, child)| child).filter(narrowed);
    let made = made.map(|child| (child.module(), inputs::name(child, VerbName::Post), "input::Input"));
    answered.into_iter().chain(made).collect()
}

/// What clients read; nothing of an action that answers with its resource.
fn shown(definition: &Definition, one: &str) -> Vec<StructView> {
    if definition.action_of.as_ref().is_some_and(ActionOf::returns) {
        return Vec::new();
    }
    let readable = definition.attributes.iter().filter(|attribute| !attribute.id && attribute.access.reads());
    let doc = format!("What clients read of `{}`.", definition.name.it);
    types::structs(definition, one, &doc, &readable.collect::<Vec<_>>())
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
                field.schema.push("nullable = false".into());
            }
        }
    }
    structs
}

fn served_by(definition: &Definition) -> String {
    match &definition.handler {
        Some(handler) => format!("crate::{}::{}", definition.module(), handler.it),
        None => "api::Stored".into(),
    }
}

/// The patterns of all inputs, each once.
fn each_once(inputs: &mut [InputView]) -> Vec<PatternView> {
    let mut patterns: Vec<PatternView> = Vec::new();
    for pattern in inputs.iter_mut().flat_map(|input| input.patterns.drain(..)) {
        if !patterns.iter().any(|known| known.constant == pattern.constant) {
            patterns.push(pattern);
        }
    }
    patterns
}
