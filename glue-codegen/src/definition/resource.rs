//! What one file says of its resource.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use super::action::{ActionUse, SetUse};
use super::at::At;
use super::attribute::{Attribute, Kind};
use super::family::{Ancestor, EntityTags, IncludedType, LinkUse, ParentUse, RelatedFilter, RelationUse, Target};
use super::owner::{OwnerColumn, OwnerKind};
use super::verb::{QueryUse, VerbName, VerbUse};
use crate::names;
use crate::source::Source;

/// One resource.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The file.
    pub source: Source,
    /// JSON:API's type, the URL segment, the name of everything generated.
    pub name: At<String>,
    /// The singular of the type, kebab-case.
    pub singular: String,
    /// Its version; none when it has none.
    pub version: Option<At<Version>>,
    /// Whether no other definition has a newer version of the type; known once all definitions are read.
    pub newest: bool,
    /// One line.
    pub summary: String,
    /// More lines, possibly none.
    pub description: String,
    /// The media type.
    pub format: Format,
    /// The whole path, when it is not that of a resource.
    pub path: Option<At<String>>,
    /// Whether no cache may keep its answers.
    pub no_store: bool,
    /// Whether its writing verbs ask for a second factor of whoever has one.
    pub multi_factor: bool,
    /// The profiles that have it, when not all.
    pub profiles: Vec<At<String>>,
    /// The applications that mount it.
    pub apps: Vec<AppUse>,
    /// The attribute that must equal the caller's identity.
    pub owner: Option<At<String>>,
    /// Whose identity that is: a customer's, unless the definition says otherwise.
    pub owner_kind: OwnerKind,
    /// Whether a caller has one row, for whose id `mine` stands, and where the definition says so.
    pub mine: Option<Range<usize>>,
    /// The resource whose path stands in front of this one's.
    pub parent: Option<ParentUse>,
    /// The resources in front of this one, outermost first; known once all definitions are read.
    pub ancestors: Vec<Ancestor>,
    /// What it leads to.
    pub relations: Vec<RelationUse>,
    /// Every type that an answer can include, over all levels; known once all definitions are read.
    pub included: Vec<IncludedType>,
    /// How relations of others lead here; known once all definitions are read.
    pub target: Target,
    /// What ties its rows to many of others, where relations lead through it; known once all definitions are read.
    pub links: Vec<LinkUse>,
    /// The children that come with a new row, by the attributes that hold them; known once all definitions are read.
    pub made: Vec<(String, Definition)>,
    /// Whether it carries entity tags.
    pub entity_tags: EntityTags,
    /// The verbs, in the order of the file.
    pub verbs: Vec<VerbUse>,
    /// What can be done with it beside its verbs; each becomes a definition of its own.
    pub actions: Vec<ActionUse>,
    /// The attributes, in the order of the file.
    pub attributes: Vec<Attribute>,
    /// Paging and order.
    pub list: ListUse,
    /// The query parameters that hand-written reads understand.
    pub query: Vec<QueryUse>,
    /// Where the rows are; none when the behaviour is hand-written.
    pub storage: Option<Storage>,
    /// The hand-written implementation.
    pub handler: Option<At<String>>,
    /// What it is an action of.
    pub action_of: Option<ActionOf>,
    /// Whether the file itself has errors: what follows from them is not reported as well.
    pub broken: bool,
    /// Why the resource as a whole protects less than it did.
    pub because: Option<At<String>>,
    /// Why layers protect less than what lies below them.
    pub loosened: Vec<Loosened>,
    /// Where each layer over it names it.
    pub layers: Vec<Range<usize>>,
    /// The rows of the resource's code table.
    pub errors: Vec<ErrorUse>,
}

impl Format {
    /// Whether bodies are forms.
    #[must_use]
    pub fn is_form(self) -> bool {
        matches!(self, Self::Form | Self::Page)
    }
}

impl Definition {
    /// Whether clients are told that they can ask for some of its attributes only. Answers that nobody keeps are wanted
    /// whole: they are credentials.
    #[must_use]
    pub fn is_sparse(&self) -> bool {
        !self.format.is_form() && !self.no_store
    }

    /// The module of what is generated: that of a version has the version at its end.
    #[must_use]
    pub fn module(&self) -> String {
        let name = names::snake(&self.name.it);
        self.version.as_ref().map_or_else(|| name.clone(), |at| format!("{name}_v{}_{}", at.it.major, at.it.minor))
    }

    /// The type of one resource.
    #[must_use]
    pub fn one(&self) -> String {
        self.versioned(names::type_of_one(&self.singular))
    }

    /// The type that stands for the resource itself.
    #[must_use]
    pub fn many(&self) -> String {
        self.versioned(names::pascal(&self.name.it))
    }

    fn versioned(&self, name: String) -> String {
        self.version.as_ref().map_or_else(|| name.clone(), |at| format!("{name}V{}_{}", at.it.major, at.it.minor))
    }

    /// Whether answers carry ids: where something can be read, unless the id itself is a secret.
    #[must_use]
    pub fn shows_ids(&self) -> bool {
        let reads = self.verbs.iter().any(|verb| matches!(verb.verb, VerbName::Get | VerbName::List));
        let secret = self.attributes.iter().any(|attribute| attribute.id && attribute.secret);
        (self.storage.is_some() || reads) && !secret
    }

    /// Whose the rows are: its own owner's, or those of the resource in front of it that has one.
    #[must_use]
    pub fn owned(&self) -> Option<Owned<'_>> {
        if let Some(own) = &self.owner {
            return Some(Owned { attribute: &own.it, kind: self.owner_kind, span: own.span.clone(), above: None });
        }
        let above = self.ancestors.iter().rev().find(|ancestor| ancestor.owner.is_some())?;
        let (attribute, _) = above.owner.as_ref()?;
        let span = self.parent.as_ref().map_or_else(|| self.name.span.clone(), |parent| parent.resource.span.clone());
        Some(Owned { attribute, kind: above.owner_kind, span, above: Some(above) })
    }

    /// Whether a change may lead to a state that cannot be reached from the present one.
    #[must_use]
    pub fn has_transitions(&self) -> bool {
        self.attributes.iter().any(|attribute| !attribute.transitions.is_empty())
    }

    /// Whether `verb` takes a body: an action without input has none.
    #[must_use]
    pub fn takes_body(&self, verb: VerbName) -> bool {
        verb.has_body() && self.action_of.as_ref().is_none_or(ActionOf::takes_body)
    }

    /// The resource that answers are one of: that of an action which says so, else itself.
    #[must_use]
    pub fn answered(&self) -> &Self {
        self.answers_with().unwrap_or(self)
    }

    /// The resource that an action's answers are one of, when it says so.
    #[must_use]
    pub fn answers_with(&self) -> Option<&Self> {
        self.action_of.as_ref().filter(|of| of.returns()).map(|of| &*of.resource)
    }

    /// What an application has of it: attributes can be of some applications only.
    #[must_use]
    pub fn in_app(&self, app: &str) -> Cow<'_, Self> {
        let narrowed = |of: &Self| of.attributes.iter().any(|attribute| attribute.only.is_some());
        let made = self.made.iter().any(|(_, child)| narrowed(child));
        if !narrowed(self) && !made && !self.action_of.as_ref().is_some_and(|of| narrowed(&of.resource)) {
            return Cow::Borrowed(self);
        }
        let mut here = self.clone();
        here.attributes.retain(|attribute| attribute.is_in(app));
        for attribute in here.attributes.iter_mut().filter(|attribute| attribute.made.is_some()) {
            if let Kind::List(of) = &mut attribute.kind
                && let Kind::Object(members) = &mut **of
            {
                members.retain(|member| member.is_in(app));
            }
        }
        for (_, child) in &mut here.made {
            child.attributes.retain(|attribute| attribute.is_in(app));
        }
        if let Some(of) = &mut here.action_of {
            of.resource.attributes.retain(|attribute| attribute.is_in(app));
        }
        Cow::Owned(here)
    }

    /// The resource whose rows generated behaviour reaches: itself, or as an action that changes rows what it is one of.
    #[must_use]
    pub fn stored(&self) -> Option<&Self> {
        let acted_on = self.action_of.as_ref().filter(|of| of.changes()).map(|of| &*of.resource);
        acted_on.or_else(|| self.storage.is_some().then_some(self))
    }

    /// Whether the path of `verb` ends in the resource's id.
    #[must_use]
    pub fn takes_id(&self, verb: VerbName) -> bool {
        self.path.is_none() && verb.has_id()
    }
}

/// Whose the rows of a resource are.
#[derive(Clone, Debug)]
pub struct Owned<'a> {
    /// The attribute that holds an identifier of theirs.
    pub attribute: &'a str,
    /// Which kind of caller it identifies.
    pub kind: OwnerKind,
    /// Where the definition says so.
    pub span: Range<usize>,
    /// The resource in front that has the attribute, when it is not the resource itself.
    above: Option<&'a Ancestor>,
}

impl Owned<'_> {
    /// Whether an application leaves ownership out.
    #[must_use]
    pub fn is_left_out(&self, app: &AppUse) -> bool {
        app.unowned || self.above.is_some_and(|above| above.unowned_in.contains(&app.name.it))
    }
}

/// The version of a resource: `2.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    /// Changes that break clients.
    pub major: u16,
    /// Changes that do not.
    pub minor: u16,
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

/// The media type that a resource speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `application/vnd.api+json`.
    JsonApi,
    /// A form in, JSON out.
    Form,
    /// A form in, a page for people out.
    Page,
    /// Attributes without an envelope, in and out: a list of them, or one object where there can be one only.
    Json {
        /// Whether one is shown as an object.
        single: bool,
    },
}

/// How one application uses a resource.
#[derive(Clone, Debug)]
pub struct AppUse {
    /// Its name.
    pub name: At<String>,
    /// Its verbs, when not all of them.
    pub verbs: Option<Vec<At<VerbName>>>,
    /// The actions that are named among those.
    pub actions: Vec<At<String>>,
    /// Its scopes for this resource.
    pub scopes: Option<Vec<At<String>>>,
    /// Whether an API key does as well as a token for its protected verbs.
    pub api_key: bool,
    /// Whether it leaves ownership out.
    pub unowned: bool,
}

impl AppUse {
    /// Whether it has an action: whoever names verbs names actions too.
    #[must_use]
    pub fn has_action(&self, name: &str) -> bool {
        self.verbs.is_none() || self.actions.iter().any(|action| action.it == name)
    }
}

/// What a layer says of protecting less.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loosened {
    /// The one row that is meant, by its type, its application and its verb; every row without one.
    pub row: Option<(String, String, VerbName)>,
    /// Why.
    pub because: String,
}

/// What a definition is an action of.
#[derive(Clone, Debug)]
pub struct ActionOf {
    /// The resource.
    pub resource: Box<Definition>,
    /// What the resource says of it.
    pub action: ActionUse,
}

impl ActionOf {
    /// Whether what it does is said in whole: it writes into a row.
    #[must_use]
    pub fn changes(&self) -> bool {
        !self.action.sets.is_empty()
    }

    /// Whether what it writes is a state that cannot be reached from every other.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.written().any(|attribute| !attribute.transitions.is_empty())
    }

    /// The attributes that it writes whoever calls.
    pub fn written(&self) -> impl Iterator<Item = &Attribute> {
        let named = |set: &SetUse| self.resource.attributes.iter().find(|own| own.name.it == set.attribute.it);
        self.action.sets.iter().filter_map(named)
    }

    /// Whether its answer is the resource.
    #[must_use]
    pub fn returns(&self) -> bool {
        self.action.verb.answers() && (self.changes() || self.action.returns.is_some())
    }

    /// Whether it has a body: a form always has one.
    #[must_use]
    pub fn takes_body(&self) -> bool {
        self.resource.format.is_form() || !(self.action.input.is_empty() && self.action.own.is_empty())
    }
}

/// Paging and order of the collection.
#[derive(Clone, Debug)]
pub struct ListUse {
    /// Where it is said, when it is.
    pub span: Option<Range<usize>>,
    /// Rows without a page parameter.
    pub default: i64,
    /// Most rows of one answer.
    pub max: i64,
    /// Attributes that clients may sort by.
    pub sort: Vec<At<String>>,
    /// The order of rows when clients ask for none: attributes, and whether the greatest is first.
    pub order: Vec<(At<String>, bool)>,
    /// Attributes that clients may filter by.
    pub filter: Vec<At<String>>,
    /// Attributes of related resources that clients may filter by, `products.name`.
    pub related: Vec<RelatedFilter>,
}

impl ListUse {
    /// Pages of so many rows, in no order but that of their keys.
    #[must_use]
    pub fn of(default: i64, max: i64) -> Self {
        let (sort, order, filter, related) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { span: None, default, max, sort, order, filter, related }
    }
}

/// Where the rows are.
#[derive(Clone, Debug)]
pub struct Storage {
    /// The table.
    pub table: At<String>,
    /// Its primary key.
    pub key: String,
    /// The owner's column, when it is not the owner attribute's own.
    pub owner: Option<OwnerColumn>,
    /// The column that refers to the parent's key, when it is not `fk_<parent>`.
    pub parent: Option<String>,
    /// The column that says when a row was deleted, where deleted rows are kept.
    pub deleted: Option<At<String>>,
    /// Lists of attributes that are unique together.
    pub unique: Vec<Vec<At<String>>>,
    /// Lists of attributes that queries find rows by.
    pub index: Vec<Vec<At<String>>>,
}

/// One row of the code table.
#[derive(Clone, Debug)]
pub struct ErrorUse {
    /// Its name.
    pub name: At<String>,
    /// The HTTP status.
    pub status: u16,
    /// The code.
    pub code: String,
    /// The text.
    pub detail: String,
    /// The text in German, for the dialect that translates.
    pub german: Option<String>,
    /// Verbs with another status.
    pub status_on: Vec<(VerbName, u16)>,
    /// The verbs that can give it, when the generator cannot know.
    pub on: Option<Vec<VerbName>>,
    /// The profiles that send it, when not all.
    pub profiles: Vec<At<String>>,
    /// The dialects that send it, when not all.
    pub dialects: Vec<At<String>>,
    /// What stands for the placeholders of the texts in examples, by name.
    pub samples: Vec<(String, String)>,
}

impl ErrorUse {
    /// The status that `verb` answers with.
    #[must_use]
    pub fn status_for(&self, verb: VerbName) -> u16 {
        self.status_on.iter().find(|(other, _)| *other == verb).map_or(self.status, |(_, status)| *status)
    }
}
