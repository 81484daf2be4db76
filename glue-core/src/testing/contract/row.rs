//! One route of one application, and a request that is right for it.

/// An attribute of a body that holds the id of a row.
#[derive(Clone, Copy, Debug)]
pub struct Reference {
    pub(super) attribute: &'static str,
    pub(super) resource: &'static str,
    pub(super) further: &'static [Reference],
}

impl Reference {
    /// The attribute, the type of that row's resource, and what a body that makes such a row refers to in its turn.
    #[must_use]
    pub const fn new(attribute: &'static str, resource: &'static str, further: &'static [Reference]) -> Self {
        Self { attribute, resource, further }
    }
}

/// One route of one application, and a request that is right for it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub(super) application: &'static str,
    pub(super) method: &'static str,
    pub(super) path: &'static str,
    pub(super) operation: &'static str,
    pub(super) resource: &'static str,
    pub(super) version: &'static str,
    pub(super) collection: Option<&'static str>,
    pub(super) suffix: &'static str,
    pub(super) body: Option<&'static str>,
    pub(super) smallest: Option<&'static str>,
    pub(super) created: Option<&'static str>,
    pub(super) made_in: Option<&'static str>,
    pub(super) references: &'static [Reference],
    pub(super) above: &'static [(&'static str, &'static [Reference])],
    pub(super) conditional: bool,
    pub(super) open: bool,
    pub(super) authenticates_clients: bool,
}

impl Row {
    /// A route without a body: its application, its method, its path with ids that look right, its operation's id and its
    /// resource's type.
    #[must_use]
    pub const fn new(
        application: &'static str,
        method: &'static str,
        path: &'static str,
        operation: &'static str,
        resource: &'static str,
    ) -> Self {
        Self {
            application,
            method,
            path,
            operation,
            resource,
            version: "",
            collection: None,
            suffix: "",
            body: None,
            smallest: None,
            created: None,
            made_in: None,
            references: &[],
            above: &[],
            conditional: false,
            open: false,
            authenticates_clients: false,
        }
    }

    /// Its version as it stands in paths: `/v2.0`.
    #[must_use]
    pub const fn version(self, version: &'static str) -> Self {
        Self { version, ..self }
    }

    /// The path of its collection, where that is the same for everybody; the fixture knows it otherwise.
    #[must_use]
    pub const fn collection(self, path: &'static str) -> Self {
        Self { collection: Some(path), ..self }
    }

    /// What follows the path of the collection, with `{id}` for the id of a row.
    #[must_use]
    pub const fn suffix(self, suffix: &'static str) -> Self {
        Self { suffix, ..self }
    }

    /// The body of the document's example.
    #[must_use]
    pub const fn body(self, json: &'static str) -> Self {
        Self { body: Some(json), ..self }
    }

    /// A body with what it has to carry and no more, where the example carries more.
    #[must_use]
    pub const fn smallest(self, json: &'static str) -> Self {
        Self { smallest: Some(json), ..self }
    }

    /// The body that makes a row: posted to the collection before a row is asked for. The fixture knows a row otherwise.
    #[must_use]
    pub const fn created(self, json: &'static str) -> Self {
        Self { created: Some(json), ..self }
    }

    /// The application that makes rows, where this one only reads and changes them. The fixture knows a row otherwise.
    #[must_use]
    pub const fn made_in(self, application: &'static str) -> Self {
        Self { made_in: Some(application), ..self }
    }

    /// The attributes of bodies that have to hold the id of a row. What can be posted is posted; the fixture knows a row
    /// otherwise.
    #[must_use]
    pub const fn refers_to(self, references: &'static [Reference]) -> Self {
        Self { references, ..self }
    }

    /// The same of resources in front of it, by their types.
    #[must_use]
    pub const fn above(self, above: &'static [(&'static str, &'static [Reference])]) -> Self {
        Self { above, ..self }
    }

    /// Clients have to say which state they have seen, in `If-Match`.
    #[must_use]
    pub const fn conditional(self) -> Self {
        Self { conditional: true, ..self }
    }

    /// Whoever has no token comes in as well.
    #[must_use]
    pub const fn open(self) -> Self {
        Self { open: true, ..self }
    }

    /// Clients authenticate here with the scheme `Basic`.
    #[must_use]
    pub const fn authenticates_clients(self) -> Self {
        Self { authenticates_clients: true, ..self }
    }
}
