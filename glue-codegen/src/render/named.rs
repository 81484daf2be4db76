//! The names that the templates of one resource import.

use super::view::ResourceView;

impl ResourceView {
    /// The verbs as types, sorted.
    pub(super) fn verb_idents(&self) -> String {
        let mut names: Vec<&str> = self.verbs.iter().map(|verb| verb.ident).collect();
        names.sort_unstable();
        names.join(", ")
    }

    /// The types of `attributes.rs` that behaviour deals with, sorted.
    pub(super) fn behaviour_types(&self) -> String {
        let parents = format!("{}Parents", self.one);
        let mut names: Vec<&str> = Vec::new();
        if !self.parents.is_empty() {
            names.push(&parents);
        }
        if self.rows().any(|row| row.response.is_some() && row.answered.is_none()) && !self.page {
            names.push(&self.one);
        }
        // A row that is made gets its id here.
        let makes = self.storage.is_some() && self.has("post");
        if makes || self.verbs.iter().any(|verb| verb.takes_id) {
            names.extend(self.id.iter().map(|id| id.name.as_str()));
        }
        names.extend(self.whole_inputs().map(|input| input.name.as_str()));
        names.sort_unstable();
        names.join(", ")
    }

    /// The types of `attributes.rs` that handlers deal with.
    pub(super) fn handler_types(&self) -> String {
        let mut names = Vec::new();
        if !self.parents.is_empty() {
            names.push(format!("{}Parents", self.one));
        }
        names.extend(self.whole_inputs().map(|input| input.name.clone()));
        if self.verbs.iter().any(|verb| verb.takes_id) {
            names.extend(self.id.iter().map(|id| id.name.clone()));
        }
        names.join(", ")
    }

    /// Whether attributes are written as JSON.
    pub(super) fn serializes(&self) -> bool {
        !self.structs.is_empty() || self.inputs.iter().any(|input| input.stored)
    }

    /// Whether documents describe attributes.
    pub(super) fn has_schemas(&self) -> bool {
        !self.structs.is_empty() || !self.inputs.is_empty() || self.page
    }

    /// The inputs of verbs.
    pub(super) fn handler_inputs(&self) -> String {
        self.whole_inputs().map(|input| input.name.clone()).collect::<Vec<_>>().join(", ")
    }

    /// The attributes that clients can ask for, as literals; empty where no row lets them.
    pub(super) fn readable(&self) -> String {
        let asked = self.rows().flat_map(|row| &row.parameters).any(|parameter| parameter.contains("READABLE"));
        if asked { self.readable.clone() } else { String::new() }
    }

    /// Whether answers can include what lives in the same crate.
    pub(super) fn includes_near(&self) -> bool {
        self.included.iter().any(|included| included.near)
    }
}
