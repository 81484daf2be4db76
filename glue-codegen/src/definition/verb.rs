//! What a definition says of its verbs.

use std::ops::Range;

use super::at::At;

/// A verb's name in definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum VerbName {
    /// `GET` without an id.
    List,
    /// `GET` with an id.
    Get,
    /// `POST`.
    Post,
    /// `PATCH`.
    Patch,
    /// `DELETE`.
    Delete,
}

impl VerbName {
    /// Every verb.
    pub const ALL: [Self; 5] = [Self::List, Self::Get, Self::Post, Self::Patch, Self::Delete];

    /// As definitions write it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "get",
            Self::Post => "post",
            Self::Patch => "patch",
            Self::Delete => "delete",
        }
    }

    /// Whether it changes something.
    #[must_use]
    pub fn writes(self) -> bool {
        matches!(self, Self::Post | Self::Patch | Self::Delete)
    }

    /// Whether the path of a resource ends in an id with it.
    #[must_use]
    pub fn has_id(self) -> bool {
        matches!(self, Self::Get | Self::Patch | Self::Delete)
    }

    /// Whether it takes a body.
    #[must_use]
    pub fn has_body(self) -> bool {
        matches!(self, Self::Post | Self::Patch)
    }
}

/// One verb of a resource.
#[derive(Clone, Debug)]
pub struct VerbUse {
    /// Which.
    pub verb: VerbName,
    /// Where.
    pub span: Range<usize>,
    /// Who may call it.
    pub protected: At<Flag>,
    /// Why strangers may.
    pub because: Option<At<String>>,
    /// Its own scopes instead of the application's.
    pub scopes: Option<Vec<At<String>>>,
    /// Whether an API key does as well as a token, when not as the application says.
    pub api_key: Option<bool>,
    /// Whether an agent may act through the caller.
    pub agent: bool,
    /// Whether the client may authenticate.
    pub client: bool,
    /// Whether it is told which guest calls.
    pub guest: bool,
    /// Whether everybody has to send the code of a second factor.
    pub factor_code: bool,
    /// What becomes of ownership here.
    pub owner: OwnerRule,
    /// The applications that have it, when not all.
    pub only: Option<Vec<At<String>>>,
    /// What it asks instead in some applications: each of these is `only` for one of them.
    pub in_apps: Vec<VerbUse>,
    /// In which states of a row it is served.
    pub guards: Vec<StateGuard>,
    /// The function that is called with what was written, before anybody else sees it.
    pub then: Option<At<String>>,
    /// How long its answers may be kept.
    pub cache: Option<CacheUse>,
    /// Whether it is on its way out.
    pub deprecated: Option<DeprecatedUse>,
    /// Its own summary.
    pub summary: Option<String>,
    /// The status of its success, when not the usual one.
    pub status: Option<At<i64>>,
    /// Whether its success has no body, though others of its kind have one.
    pub empty: bool,
    /// Whether what the file says of it has errors: what follows from them is not reported as well.
    pub broken: bool,
}

/// What becomes of ownership at a verb.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OwnerRule {
    /// It is kept, and a test shows it.
    Kept,
    /// It is left out: every row is reached.
    None,
    /// It is kept by hand, and no test can show it.
    Unchecked(Range<usize>),
}

impl VerbUse {
    /// What it asks in one application.
    #[must_use]
    pub fn in_app(&self, app: &str) -> &Self {
        let own = |verb: &&Self| verb.only.iter().flatten().any(|only| only.it == app);
        self.in_apps.iter().find(own).unwrap_or(self)
    }

    /// Whether its success has a body.
    #[must_use]
    pub fn answers(&self) -> bool {
        self.verb != VerbName::Delete && !self.empty
    }
}

/// How long answers may be kept.
#[derive(Clone, Debug)]
pub struct CacheUse {
    /// Where the definition says so.
    pub span: Range<usize>,
    /// For so many seconds.
    pub seconds: u32,
    /// Whether caches on the way may keep them, for everybody.
    pub shared: bool,
}

/// What is on its way out.
#[derive(Clone, Debug)]
pub struct DeprecatedUse {
    /// Since which day, `2026-01-31`.
    pub since: At<String>,
    /// Until which day.
    pub until: Option<At<String>>,
    /// What to use instead.
    pub instead: Option<At<String>>,
}

/// A state of a row: an attribute, and the words that it may have.
#[derive(Clone, Debug)]
pub struct StateGuard {
    /// The attribute.
    pub attribute: At<String>,
    /// The words.
    pub words: Vec<At<String>>,
}

/// A query parameter of a hand-written read.
#[derive(Clone, Debug)]
pub struct QueryUse {
    /// Its name.
    pub name: String,
    /// What it does.
    pub description: String,
    /// An example.
    pub example: String,
    /// Whether the read is refused without it: the handler does that, the document says so.
    pub required: bool,
}

/// The protection flag of a verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// A token is needed; the default.
    Protected,
    /// A token is judged when it is sent.
    Optional,
    /// No token is needed.
    Public,
    /// An agent's token is needed instead of the caller's.
    Agent,
    /// The client has to authenticate instead of a caller.
    Client,
}

impl Flag {
    /// Whether strangers come in: nobody is asked who they are.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Optional | Self::Public)
    }
}
