//! What `api.rs` and `handlers.rs` say of one resource: who is asked, and what becomes of what the storage says.

use super::made::MadeView;
use super::states::{in_another_state, unseen};
use super::storage::StorageView;
use super::verbs::{VerbView, WayView};
use super::view::ResourceView;

impl ResourceView {
    /// `, id: WishlistId`, for verbs whose path ends in an id.
    pub(super) fn id_parameter(&self, verb: &&VerbView) -> String {
        if verb.takes_id { format!(", id: {}", self.id_name()) } else { String::new() }
    }

    /// `, id`.
    pub(super) fn id_moved(&self, verb: &&VerbView) -> &'static str {
        if verb.takes_id { ", id" } else { "" }
    }

    /// What a handler does with its own id.
    pub(super) fn id_statement(&self, verb: &&VerbView) -> String {
        let (name, row) = (self.id_name(), self.unknown_id());
        if verb.takes_id { format!("let id = {name}::parse(cx.id()).ok_or(&{row})?;") } else { String::new() }
    }

    /// `, input: CreateWishlist`, for verbs that take a body.
    pub(super) fn input_parameter(&self, verb: &&VerbView) -> String {
        if verb.input.is_empty() { String::new() } else { format!(", input: {}", verb.input) }
    }

    /// The same as an extractor.
    pub(super) fn input_extracted(&self, verb: &&VerbView) -> String {
        if verb.input.is_empty() {
            return String::new();
        }
        format!(", glue_core::request::Validated(input): glue_core::request::Validated<{}>", verb.input)
    }

    /// `, input`.
    pub(super) fn input_moved(&self, verb: &&VerbView) -> &'static str {
        if verb.input.is_empty() { "" } else { ", input" }
    }

    /// What behaviour returns for one resource.
    pub(super) fn success(&self, verb: &&VerbView) -> String {
        match &self.actions.returned {
            _ if !verb.answers => "()".into(),
            Some((module, one)) => {
                format!("glue_core::document::Entity<crate::generated::{module}::attributes::{one}>")
            }
            None => format!("glue_core::document::Entity<{}>", self.one),
        }
    }

    /// Whether what a write does looks at rows before it is sure, and may refuse it for what it sees.
    pub(super) fn judges(&self, storage: &&StorageView, verb: &&VerbView) -> bool {
        let children = verb.key == "post" && self.judges_children();
        let tagged = self.tagged && verb.key != "post";
        tagged || children || !verb.refusal.is_empty() || !storage.refers(verb.key).is_empty()
    }

    /// What the job of a write is done with, as its result.
    pub(super) fn judged(&self, storage: &&StorageView, verb: &&VerbView, what: &str) -> String {
        if self.judges(storage, verb) { format!("Ok(Ok({what}))") } else { format!("Ok({what})") }
    }

    /// Looks at the state that the client has seen, where it says so.
    pub(super) fn unseen(&self, way: &WayView) -> String {
        if !self.tagged {
            return String::new();
        }
        unseen(way.queries(), way.owner(), self.parents_argument())
    }

    /// Refuses a body that refers to what is not there. Where the row itself or its parent is not, that is told instead.
    pub(super) fn unknown(&self, storage: &&StorageView, verb: &&VerbView, way: &WayView) -> String {
        if storage.refers(verb.key).is_empty() {
            return String::new();
        }
        let (queries, owner, parents) = (way.queries(), way.owner(), self.parents_argument());
        let narrowed = if storage.refers_to_owned(verb.key, &way.owned) { "&owner, " } else { "" };
        let unknown = format!("{queries}::unknown_on_{}(conn, {narrowed}&input)?", verb.key);
        let there = match verb.key {
            "patch" => format!(" && {queries}::find(conn, {owner}{parents}&id)?.is_some()"),
            _ if self.parents.is_empty() => String::new(),
            _ => format!(" && {queries}::has_parent(conn, {owner}{})?", parents.trim_end_matches(", ")),
        };
        format!("if let Some(row) = {unknown}{there} {{ return Ok(Err(glue_core::error::ApiError::from(row))); }}")
    }

    /// What a verb answers when the row is there, but in no state for it.
    pub(super) fn refused(&self, condition: &str, verb: &&VerbView, way: &WayView) -> String {
        if verb.refusal.is_empty() {
            return String::new();
        }
        let found = format!("{}::find(conn, {}{}&id)?", way.queries(), way.owner(), self.parents_argument());
        in_another_state(condition, &found, &verb.refusal)
    }

    /// What the job of POST is done with.
    pub(super) fn created(&self, storage: &&StorageView, verb: &&VerbView, way: &WayView) -> String {
        let found = format!("{}::find(conn, {}{}&id)?", way.queries(), way.owner(), self.parents_argument());
        let found = format!("{found}.ok_or(glue_core::db::DbError::NotFound)");
        match (&verb.then, verb.answers) {
            (None, false) => self.judged(storage, verb, "()"),
            (None, true) if self.judges(storage, verb) => format!("{found}.map(Ok)"),
            (None, true) => found,
            (Some(then), answers) => {
                let told = self.judged(storage, verb, if answers { "created" } else { "()" });
                format!("let created = {found}?;\n{then}(conn, &created)?;\n{told}")
            }
        }
    }

    /// What the job of PATCH is done with, once it changed the row.
    pub(super) fn changed(&self, storage: &&StorageView, verb: &&VerbView, way: &WayView) -> String {
        let found = format!("{}::find(conn, {}{}&id)", way.queries(), way.owner(), self.parents_argument());
        match &verb.then {
            None if self.judges(storage, verb) => format!("Ok(Ok({found}?))"),
            None => found,
            Some(then) => {
                let told = self.judged(storage, verb, "changed");
                format!(
                    "let changed = {found}?;\nif let Some(changed) = &changed {{ {then}(conn, changed)?; }}\n{told}"
                )
            }
        }
    }

    /// What is called with the id of a row that DELETE removed.
    pub(super) fn removed(&self, verb: &&VerbView) -> String {
        verb.then.as_ref().map(|then| format!("if rows > 0 {{ {then}(conn, &id)?; }}")).unwrap_or_default()
    }

    /// What the caller of POST is told.
    pub(super) fn after_post(&self, storage: &&StorageView, verb: &&VerbView) -> String {
        let told = "created.await.map_err(|error| refused(cx, error))";
        if self.judges(storage, verb) { format!("{told}?") } else { told.to_owned() }
    }

    /// What the caller of PATCH is told.
    pub(super) fn after_patch(&self, storage: &&StorageView, verb: &&VerbView) -> String {
        let judged = if self.judges(storage, verb) { "?" } else { "" };
        let silent = if verb.answers { "" } else { ".map(|_| ())" };
        let missing = ".ok_or_else(|| (&errors::NOT_FOUND).into())";
        format!("updated.await.map_err(|error| refused(cx, error))?{judged}{silent}{missing}")
    }

    /// What the caller of DELETE is told.
    pub(super) fn after_delete(&self, storage: &&StorageView, verb: &&VerbView) -> String {
        let judged = if self.judges(storage, verb) { "?" } else { "" };
        format!(
            "match removed.await.map_err(|error| refused(cx, error))?{judged} {{
                0 => Err((&errors::NOT_FOUND).into()),
                _ => Ok(()),
            }}"
        )
    }

    /// Whether a missing row and a missing parent have different answers.
    pub(super) fn checks_parent(&self) -> bool {
        !self.parents.is_empty() && self.errors.iter().any(|error| error.constant == "PARENT_NOT_FOUND")
    }

    /// Tells a missing parent from a missing row, when `missing` holds.
    pub(super) fn parent_check(&self, missing: &str, way: &WayView) -> String {
        if !self.checks_parent() {
            return String::new();
        }
        let call = format!("{}::has_parent(conn, {}&parents)?", way.queries(), way.owner());
        let condition = if missing == "true" { format!("!{call}") } else { format!("{missing} && !{call}") };
        format!("if {condition} {{ return Err(glue_core::db::DbError::NotFound); }}")
    }

    /// Whether what children refer to is looked for.
    pub(super) fn judges_children(&self) -> bool {
        self.made.iter().any(|made| made.refers)
    }

    /// The row for a reference that led somewhere when it was looked for, of the row itself or of a child of it.
    pub(super) fn lost_reference(&self, storage: &&StorageView) -> Option<String> {
        let own = storage.lost_reference().map(|reference| format!("errors::{}", reference.error));
        own.or_else(|| self.made.iter().find_map(|made| made.lost.clone()).filter(|_| !storage.is_tied()))
    }

    /// Refuses children that refer to what is not there, before anything is written.
    pub(super) fn unknown_children(&self, way: &WayView) -> String {
        let unknown = |made: &MadeView| {
            let owner = if made.refers_to_owned { way.owner() } else { "" };
            let (items, queries) = (made.items(), made.queries(way));
            format!(
                "for item in {items} {{
                    if let Some(row) = {queries}::unknown_on_post(conn, {owner}item)? {{
                        return Ok(Err(glue_core::error::ApiError::from(row)));
                    }}
                }}"
            )
        };
        self.made.iter().filter(|made| made.refers).map(unknown).collect::<Vec<_>>().join("\n")
    }

    /// Makes the children of a row that is there now.
    pub(super) fn children(&self, way: &WayView) -> String {
        let make = |made: &MadeView| {
            let (items, queries, owner) = (made.items(), made.queries(way), way.owner());
            let types = format!("crate::generated::{}::attributes::{}", made.module, made.one);
            let parents = &made.parents;
            format!(
                "let parents_of_{field} = {types}Parents {{ {parents} }};
                for item in {items} {{
                    {queries}::insert(conn, {owner}&parents_of_{field}, &{types}Id::fresh(), item, now)?;
                }}",
                field = made.field.trim_start_matches("r#"),
            )
        };
        self.made.iter().map(make).collect::<Vec<_>>().join("\n")
    }
}
