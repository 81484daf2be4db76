//! What a definition says of its attributes.

use super::at::At;
use super::owner::{OwnerColumn, OwnerKind};
use super::verb::{StateGuard, VerbName};
use crate::names;

/// One attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name on the wire.
    pub name: At<String>,
    /// Its type.
    pub kind: Kind,
    /// Whether it is the resource's id.
    pub id: bool,
    /// Who reads and writes it.
    pub access: Access,
    /// The applications that have it, when not all.
    pub only: Option<Vec<At<String>>>,
    /// The verbs whose body has to have it.
    pub required: Vec<VerbName>,
    /// Fewest characters of a text or items of a list, the least value of a number.
    pub min: Option<i64>,
    /// Most characters of a text or items of a list, the greatest value of a number.
    pub max: Option<i64>,
    /// The first day that it may be, `2026-01-31` or `today`.
    pub earliest: Option<At<String>>,
    /// The last day that it may be.
    pub latest: Option<At<String>>,
    /// What others have to be for it to be required.
    pub required_when: Vec<StateGuard>,
    /// The function that gives a new row its value.
    pub fill: Option<At<String>>,
    /// Blanks at both ends are cut off before anything is checked.
    pub trim: bool,
    /// It has to be an e-mail address.
    pub email: bool,
    /// The words that it can have.
    pub choice: Vec<String>,
    /// What a number has to be greater than.
    pub greater_than: Option<i64>,
    /// What a number has to be less than.
    pub less_than: Option<i64>,
    /// Numbers may be sent as texts.
    pub numeric: bool,
    /// It has to be `true`.
    pub is_true: bool,
    /// It has to be a strong password.
    pub password: bool,
    /// The type's name in the message of its violation, when not the usual one.
    pub named: Option<String>,
    /// Rules of the resource itself.
    pub rules: Vec<Rule>,
    /// What it is when a new resource does not say, as JSON.
    pub default: Option<At<String>>,
    /// From which value a change leads to which others, when not every change is allowed.
    pub transitions: Vec<Transition>,
    /// The resource whose id it holds, when a row of that has to be there.
    pub references: Option<ReferenceUse>,
    /// The children that are made of its items, when it is no column.
    pub made: Option<MadeUse>,
    /// How it is computed, when it is no column.
    pub computed: Option<Computed>,
    /// Its value never reaches a log, an error or an answer.
    pub secret: bool,
    /// It may be `null`.
    pub nullable: bool,
    /// It is on its way out: documents say so.
    pub deprecated: bool,
    /// What it is.
    pub description: String,
    /// An example of it, as JSON.
    pub example: Option<String>,
    /// Its column, when not its name in snake case.
    pub column: Option<String>,
}

/// Children that come with their parent, in one request.
#[derive(Clone, Debug)]
pub struct MadeUse {
    /// Their type.
    pub of: At<String>,
    /// The module that is generated for them; known once all definitions are read.
    pub module: String,
    /// The Rust type of one of them; known once all definitions are read.
    pub one: String,
}

impl Attribute {
    /// Whether an application has it.
    #[must_use]
    pub fn is_in(&self, app: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|only| only.it == app))
    }

    /// Whether it is a column of its resource's table.
    #[must_use]
    pub fn is_column(&self) -> bool {
        self.computed.is_none() && self.made.is_none()
    }

    /// The name of its column: the one that the definition says, or its own in snake case.
    #[must_use]
    pub fn column_name(&self) -> String {
        self.column.clone().unwrap_or_else(|| names::snake(&self.name.it))
    }

    /// The values from which a change may lead to `word`; what it is already, it may stay.
    #[must_use]
    pub fn before<'a>(&'a self, word: &'a str) -> Vec<&'a str> {
        let leads = |transition: &&Transition| transition.to.iter().any(|to| to.it == word);
        let from = self.transitions.iter().filter(leads).map(|transition| transition.from.it.as_str());
        std::iter::once(word).chain(from.filter(|from| *from != word)).collect()
    }

    /// The words of an enum.
    #[must_use]
    pub fn words(&self) -> &[String] {
        if let Kind::Enum(words) = &self.kind { words } else { &[] }
    }

    /// The text that a new resource has when nobody says another.
    #[must_use]
    pub fn default_text(&self) -> Option<String> {
        let default = self.default.as_ref()?;
        serde_json::from_str(&default.it).ok().map(|value| names::plain(&value))
    }
}

/// A value of an enum, and the values that a change may lead to from there.
#[derive(Clone, Debug)]
pub struct Transition {
    /// What it is.
    pub from: At<String>,
    /// What it may become.
    pub to: Vec<At<String>>,
}

/// A reference to a row of another resource, or of the same.
#[derive(Clone, Debug)]
pub struct ReferenceUse {
    /// Its type.
    pub to: At<String>,
    /// The error for an id that no row has.
    pub error: At<String>,
    /// Whether this row goes when that one does.
    pub cascades: bool,
    /// Where the rows are; known once all definitions are read.
    pub rows: Option<Referred>,
}

/// Where the rows are that a reference leads to.
#[derive(Clone, Debug)]
pub struct Referred {
    /// Their table.
    pub table: String,
    /// Its primary key.
    pub key: String,
    /// The column of their ids.
    pub id: String,
    /// The column that says when a row was deleted, where deleted rows are kept.
    pub deleted: Option<String>,
    /// Whose they are, when they are somebody's.
    pub owner: Option<(OwnerKind, OwnerColumn)>,
    /// Whether this workspace writes the table's migrations.
    pub is_own: bool,
}

/// The vocabulary of attribute types.
#[derive(Clone, Debug)]
pub enum Kind {
    /// A text of one line.
    String,
    /// A text of many lines.
    Text,
    /// An integer.
    Int,
    /// A decimal number, as a text.
    Decimal,
    /// An amount in the smallest unit of its currency.
    Money,
    /// `true` or `false`.
    Bool,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DD HH:MM:SS.ffffff`, UTC.
    DateTime,
    /// A UUID.
    Uuid,
    /// One of some words.
    Enum(Vec<String>),
    /// A list.
    List(Box<Kind>),
    /// An object with attributes of its own.
    Object(Vec<Attribute>),
    /// An object with any keys and texts as values.
    Map,
}

impl Kind {
    /// Whether the database can order and compare values of this kind as people would.
    #[must_use]
    pub fn is_compared(&self) -> bool {
        !matches!(self, Self::List(_) | Self::Object(_) | Self::Map | Self::Decimal)
    }

    /// The members of an object, or of a list's objects.
    #[must_use]
    pub fn members(&self) -> Option<&[Attribute]> {
        match self {
            Self::Object(members) => Some(members),
            Self::List(of) => of.members(),
            Self::String
            | Self::Text
            | Self::Int
            | Self::Decimal
            | Self::Money
            | Self::Bool
            | Self::Date
            | Self::DateTime
            | Self::Uuid
            | Self::Enum(_)
            | Self::Map => None,
        }
    }
}

/// Who reads and writes an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Clients read and write it.
    ReadWrite,
    /// Clients read it.
    Read,
    /// Clients send it with POST and read it; nobody changes it.
    Once,
    /// Clients read it and send it with PATCH; a new resource has its default.
    Change,
    /// Clients send it with POST; it is never returned.
    Create,
    /// Clients send it with PATCH; it is never returned.
    Update,
    /// It is stored, and clients neither read nor write it.
    Hidden,
}

impl Access {
    /// Whether answers carry it.
    #[must_use]
    pub fn reads(self) -> bool {
        matches!(self, Self::ReadWrite | Self::Read | Self::Once | Self::Change)
    }

    /// Whether the body of `verb` may carry it.
    #[must_use]
    pub fn writes(self, verb: VerbName) -> bool {
        match self {
            Self::ReadWrite => verb.has_body(),
            Self::Read | Self::Hidden => false,
            Self::Once | Self::Create => verb == VerbName::Post,
            Self::Change | Self::Update => verb == VerbName::Patch,
        }
    }
}

/// A rule of the resource itself, and what the client reads when it is broken.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What has to hold.
    pub holds: Condition,
    /// What is answered when it does not.
    pub refusal: Refusal,
}

/// What has to hold of a value.
#[derive(Clone, Debug)]
pub enum Condition {
    /// A text matches this regular expression.
    Pattern(At<String>),
    /// The value equals that of another attribute.
    Equals(At<String>),
    /// The value is not below that of another attribute, or it is above it.
    Above {
        /// The other attribute.
        other: At<String>,
        /// Whether it may be the same.
        or_equal: bool,
    },
    /// A function says so: `fn(&T) -> bool`, `fn(&str) -> bool` for texts, by its path in the crate.
    Check(At<String>),
}

impl Condition {
    /// The attribute that the value is compared with, when it is.
    #[must_use]
    pub fn other(&self) -> Option<&String> {
        match self {
            Self::Equals(other) | Self::Above { other, .. } => Some(&other.it),
            Self::Pattern(_) | Self::Check(_) => None,
        }
    }
}

/// What a broken rule answers with.
#[derive(Clone, Debug)]
pub enum Refusal {
    /// A row of the code table.
    Error(At<String>),
    /// 422/901 with this text.
    Message(String),
}

/// How an attribute is read that is no column.
#[derive(Clone, Debug)]
pub enum Computed {
    /// The number of rows of another table that refer to this one.
    Count {
        /// The table whose rows are counted.
        table: String,
        /// Its column with this resource's key.
        by: String,
        /// Its column that says when a row was deleted; known once all definitions are read.
        deleted: Option<String>,
    },
    /// What becomes of a column of the rows of another table that refer to this one.
    Fold {
        /// What is made of the values.
        fold: Fold,
        /// The table whose rows are read.
        table: String,
        /// Its column that is read.
        take: String,
        /// Its column with this resource's key.
        by: String,
        /// Its column that says when a row was deleted; known once all definitions are read.
        deleted: Option<String>,
        /// Whether the column that is read may be empty; known once all definitions are read.
        nullable: bool,
    },
    /// A column of the row of another table that a column of this one names.
    Lookup {
        /// The other table.
        table: String,
        /// Its column that is read.
        take: String,
        /// Its column that is compared.
        key: String,
        /// The column here that it is compared with.
        by: String,
        /// Its column that says when a row was deleted; known once all definitions are read.
        deleted: Option<String>,
    },
}

/// What is made of the values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Their sum.
    Sum,
    /// Their average, with two digits.
    Average,
    /// The least of them.
    Min,
    /// The greatest of them.
    Max,
}

impl Fold {
    /// Each, and its key in definitions.
    pub const ALL: [(&'static str, Self); 4] =
        [("sum", Self::Sum), ("average", Self::Average), ("min", Self::Min), ("max", Self::Max)];
}

impl Computed {
    /// The other table.
    #[must_use]
    pub fn table(&self) -> &str {
        match self {
            Self::Count { table, .. } | Self::Fold { table, .. } | Self::Lookup { table, .. } => table,
        }
    }
}
