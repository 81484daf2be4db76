//! What a definition says of its family: parents, relations, and what both become once all definitions are read.

use super::at::At;
use super::attribute::Attribute;
use super::owner::OwnerColumn;

/// The resource in front of another one.
#[derive(Clone, Debug)]
pub struct ParentUse {
    /// Its type.
    pub resource: At<String>,
    /// Whether its id has to be the caller's own identifier.
    pub is_caller: bool,
}

/// One resource in front of another one, as queries need it.
#[derive(Clone, Debug)]
pub struct Ancestor {
    /// Its type.
    pub name: String,
    /// The singular of its type.
    pub singular: String,
    /// The module of what is generated for it.
    pub module: String,
    /// The type of one of it.
    pub one: String,
    /// Its id.
    pub id: Attribute,
    /// Its table.
    pub table: String,
    /// The table's primary key.
    pub key: String,
    /// Whose its rows are: the attribute, the column and what it holds.
    pub owner: Option<(String, OwnerColumn)>,
    /// Whose identity its owner is.
    pub owner_kind: super::OwnerKind,
    /// The applications that leave its ownership out.
    pub unowned_in: Vec<String>,
    /// The column that says when a row was deleted, where deleted rows are kept.
    pub deleted: Option<String>,
    /// The column of the next table that refers to its key.
    pub referred_by: String,
    /// Whether the id has to be the caller's own identifier.
    pub is_caller: bool,
    /// Whether `mine` stands for the id of the caller's.
    pub mine: bool,
}

/// A relation as the definition declares it.
#[derive(Clone, Debug)]
pub struct RelationUse {
    /// The type that it leads to.
    pub to: At<String>,
    /// How.
    pub via: RelationVia,
    /// The module of what is generated for that type; known once all definitions are read.
    pub module: String,
}

/// How a relation finds what it leads to.
#[derive(Clone, Debug)]
pub enum RelationVia {
    /// The resources whose parent this one is.
    Children,
    /// The resources whose ids this attribute holds.
    By(At<String>),
    /// The resources whose owner has this one's id.
    Owned,
    /// The resources that children of this type refer to: each child ties one of these to one of those.
    Through(At<String>),
}

/// Children of another resource that refer to rows of one, and so tie many of both.
#[derive(Clone, Debug)]
pub struct LinkUse {
    /// Their type.
    pub name: String,
    /// Their table.
    pub table: String,
    /// Its primary key.
    pub key: String,
    /// The attribute that refers to rows of this resource.
    pub attribute: Attribute,
    /// The column that says when one was deleted, where deleted ones are kept.
    pub deleted: Option<String>,
    /// Whose children they are.
    pub from: Ancestor,
}

/// A filter by an attribute of related resources.
#[derive(Clone, Debug)]
pub struct RelatedFilter {
    /// As the definition has it.
    pub said: At<String>,
    /// The type of the related resource.
    pub resource: String,
    /// Its attribute; `id` is its id.
    pub name: String,
    /// Where the related rows are; known once all definitions are read.
    pub rows: Option<RelatedRows>,
}

/// Where related rows are, and what ties them to the rows that are filtered.
#[derive(Clone, Debug)]
pub struct RelatedRows {
    /// Their table.
    pub table: String,
    /// Its primary key.
    pub key: String,
    /// The attribute that is compared.
    pub attribute: Attribute,
    /// The column that says when a row was deleted, where deleted rows are kept.
    pub deleted: Option<String>,
    /// What ties them.
    pub tie: Tie,
}

/// What ties related rows to the rows that are filtered.
#[derive(Clone, Debug)]
pub enum Tie {
    /// They are children: this column of theirs refers to the key.
    Children(String),
    /// An attribute of the filtered rows holds the id that stands in this column of theirs.
    Reference {
        /// The attribute.
        attribute: String,
        /// The column.
        id: String,
    },
}

/// A type that answers can include.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct IncludedType {
    /// Its type.
    pub name: String,
    /// The module of what is generated for it.
    pub module: String,
    /// The type of one of it.
    pub one: String,
    /// Whether it lives in the same crate.
    pub near: bool,
    /// The applications that mount it.
    pub apps: Vec<String>,
}

/// How relations lead to a resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Target {
    /// Below a parent.
    pub child: bool,
    /// By id.
    pub by_id: bool,
    /// By owner.
    pub by_owner: bool,
    /// Through children of others that refer to it.
    pub through: bool,
    /// By a reference that has to lead somewhere.
    pub referred: bool,
    /// By parents that are made together with it, whose rows belong to somebody.
    pub made_owned: bool,
    /// By parents that are made together with it, whose rows belong to nobody.
    pub made_unowned: bool,
}

impl Target {
    /// Whether parents are made together with it.
    #[must_use]
    pub fn is_made(self) -> bool {
        self.made_owned || self.made_unowned
    }

    /// Whether any relation leads here.
    #[must_use]
    pub fn any(self) -> bool {
        self.child || self.by_id || self.by_owner || self.through
    }
}

/// Whether a resource carries entity tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityTags {
    /// It does not.
    None,
    /// A client may say which state it has seen.
    Offered,
    /// A client has to.
    Required,
}
