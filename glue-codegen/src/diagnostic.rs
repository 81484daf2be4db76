//! Problems of definitions, written the way rustc writes them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;
use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use crate::source::Source;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        /// The stable code of a problem.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// As users see it.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$name),*];
        }
    };
}

codes! {
    /// The file is not YAML.
    NotYaml = "G0101";
    /// A key is not part of the format.
    UnknownKey = "G0102";
    /// A key stands twice.
    DuplicateKey = "G0103";
    /// Anchors, aliases, merge keys, tags.
    YamlMagic = "G0104";
    /// A value has the wrong shape or type.
    WrongShape = "G0105";
    /// A key that has to be there is not.
    MissingKey = "G0106";
    /// A name does not follow the naming rules.
    BadName = "G0107";
    /// Two definitions have the same type.
    DuplicateResource = "G0108";
    /// A status that its answer cannot have.
    BadStatus = "G0109";
    /// The code of an error that clients could not tell from another one.
    BadErrorCode = "G0110";
    /// A word outside of the few that a key knows.
    UnknownWord = "G0111";
    /// A path that no route can have.
    BadPath = "G0112";
    /// A version that is none.
    BadVersion = "G0113";
    /// A file that would not be read, or not be found.
    BadFile = "G0114";
    /// Two names that become one.
    NameClash = "G0115";
    /// More than fits.
    TooMany = "G0116";
    /// A flag is not `true`, `false` or `optional`.
    BadFlag = "G0201";
    /// A public writing verb without `because`.
    PublicWrite = "G0202";
    /// A public verb asks for a scope.
    PublicScope = "G0203";
    /// A public verb of an owned resource.
    PublicOwned = "G0204";
    /// A scope that no application declares.
    UnknownScope = "G0205";
    /// An application that does not exist.
    UnknownApplication = "G0206";
    /// A protected verb with `because`.
    NeedlessBecause = "G0207";
    /// A verb that writes rows without an owner to tie them to.
    UnownedWrite = "G0208";
    /// An API key where it opens nothing, or what belongs to somebody.
    UselessKey = "G0209";
    /// An owner whose number the application's tokens do not carry.
    ForeignOwner = "G0210";
    /// Rows that belong to somebody, and no test that shows it.
    Unchecked = "G0211";
    /// Answers that caches would give to others than those they are for.
    SharedAnswers = "G0212";
    /// A reason that nobody can read.
    BadReason = "G0213";
    /// A lifetime that cannot be.
    BadLifetime = "G0214";
    /// What no application has.
    Unmounted = "G0215";
    /// An override of a resource that is not there.
    NothingBelow = "G0301";
    /// Two layers that cannot both be kept.
    LayerConflict = "G0302";
    /// An override that removes what is not there.
    NothingToRemove = "G0303";
    /// An override that protects less than the layer below, without a reason.
    Loosened = "G0304";
    /// An override of a resource whose crate is not the workspace's.
    ForeignLayer = "G0305";
    /// An attribute type outside the vocabulary.
    UnknownType = "G0401";
    /// A rule that the attribute's type cannot have.
    RuleMismatch = "G0402";
    /// Not exactly one id where verbs need one.
    IdAttribute = "G0403";
    /// A reference to an error row, attribute or list that is not there.
    UnknownReference = "G0404";
    /// A regular expression that does not parse.
    BadPattern = "G0405";
    /// Pages that cannot be.
    BadPage = "G0406";
    /// An example that its attribute would refuse.
    BadExample = "G0407";
    /// A default that its attribute would refuse.
    BadDefault = "G0408";
    /// Transitions of what has no states.
    BadTransition = "G0409";
    /// A sort or a filter by what clients cannot read, or no database orders.
    NotSortable = "G0410";
    /// A rule without its half.
    IncompleteRule = "G0411";
    /// What an action cannot take.
    ActionInput = "G0412";
    /// What cannot be computed.
    BadComputed = "G0413";
    /// A secret that answers would show.
    ShownSecret = "G0414";
    /// An answer without its row in the code table.
    MissingError = "G0415";
    /// A parent or a relation that leads nowhere.
    BadRelation = "G0501";
    /// A reference that nothing could keep.
    BadReference = "G0502";
    /// Two routes for one request.
    RouteClash = "G0503";
    /// Behaviour that neither storage nor a handler provides.
    NoBehaviour = "G0601";
    /// An attribute that the storage cannot hold.
    NotStorable = "G0602";
    /// A verb that the storage cannot serve as it is described.
    NotServable = "G0603";
    /// One column for two things.
    ColumnClash = "G0604";
    /// A column that nothing fills.
    NoValue = "G0605";
    /// Definitions of one table that differ in what becomes of its rows.
    TableDisagreement = "G0606";
    /// Hand-written code that is not there.
    NoSuchHandler = "G0607";
    /// Columns that no database indexes together.
    BadIndex = "G0608";
    /// An application mounts what it does not depend on.
    MissingDependency = "G0609";
    /// A change of a table that rows, or running instances, do not survive.
    UnsafeChange = "G0611";
    /// A change of a table that loses what is stored.
    Destructive = "G0612";
    /// Tables that the definitions ask for and no migration makes.
    MissingMigration = "G0613";
    /// A generated file is not what the definitions say.
    Drift = "G0801";
    /// A generated file was edited by hand.
    EditedByHand = "G0802";
}

/// How much a problem weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// Nothing is generated.
    Error,
    /// Generation goes on.
    Warning,
}

/// One problem with its place, possibly a second place, and a way out.
#[derive(Clone, Debug)]
pub struct Problem {
    /// Its code.
    pub code: Code,
    /// Its weight.
    pub severity: Severity,
    message: String,
    source: Source,
    span: Range<usize>,
    label: String,
    other: Option<(Source, Range<usize>, String)>,
    help: Option<String>,
}

impl Problem {
    /// An error at `span`.
    #[must_use]
    pub fn new(code: Code, source: &Source, span: Range<usize>, message: impl Into<String>) -> Self {
        let (source, span) = source.at(&span);
        let (source, message) = (source.clone(), message.into());
        Self { code, severity: Severity::Error, message, source, span, label: String::new(), other: None, help: None }
    }

    /// Makes it a warning.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }

    /// Says what is wrong right at the span.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// Shows the other side.
    #[must_use]
    pub fn other(mut self, source: &Source, span: Range<usize>, label: impl Into<String>) -> Self {
        let (source, span) = source.at(&span);
        self.other = Some((source.clone(), span, label.into()));
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean" when one of `known` is close to `word`.
    #[must_use]
    pub fn suggest<'a>(self, word: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let best = known.into_iter().map(|candidate| (distance(word, candidate), candidate)).min();
        match best {
            Some((away, candidate)) if away <= 1 + candidate.len() / 4 => {
                self.help(format!("did you mean `{candidate}`?"))
            }
            _ => self,
        }
    }

    /// What is wrong, in a sentence.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The file, the line and the column of the primary span, counted from one.
    #[must_use]
    pub fn position(&self) -> (&str, usize, usize) {
        let (line, column) = self.source.position(self.span.start);
        (&self.source.path, line, column)
    }

    /// `file:line:column` of the primary span.
    #[must_use]
    pub fn place(&self) -> String {
        let (path, line, column) = self.position();
        format!("{path}:{line}:{column}")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
        };
        let primary = AnnotationKind::Primary.span(self.span.clone()).label(self.label.as_str());
        let mut snippet = Snippet::source(&*self.source.text).path(self.source.path.as_str()).annotation(primary);
        let title = level.primary_title(self.message.as_str()).id(self.code.as_str());
        let mut second = None;
        if let Some((source, span, label)) = &self.other {
            let context = AnnotationKind::Context.span(span.clone()).label(label.as_str());
            if source.path == self.source.path {
                snippet = snippet.annotation(context);
            } else {
                second = Some(Snippet::source(&*source.text).path(source.path.as_str()).annotation(context));
            }
        }
        let mut group = title.element(snippet);
        if let Some(second) = second {
            group = group.element(second);
        }
        if let Some(help) = &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        write!(f, "{}", Renderer::plain().render(&[group]))
    }
}

/// The problems of one run, in the order of files and places. What several applications or actions inherit is one
/// mistake, and told once.
#[derive(Debug, Default)]
pub struct Problems {
    told: BTreeMap<(String, usize, Code, usize, String), Problem>,
    errors: usize,
}

impl Problems {
    /// Adds one, unless it has been told.
    pub fn add(&mut self, problem: Problem) {
        let (span, path, message) = (&problem.span, problem.source.path.clone(), problem.message.clone());
        if let Entry::Vacant(place) = self.told.entry((path, span.start, problem.code, span.end, message)) {
            self.errors += usize::from(problem.severity == Severity::Error);
            place.insert(problem);
        }
    }

    /// How many errors there are.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.errors
    }

    /// Whether nothing may be generated.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// All of them, sorted by place.
    #[must_use]
    pub fn sorted(self) -> Vec<Problem> {
        self.told.into_values().collect()
    }
}

/// Edits between two words: insertions, deletions, replacements.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = i;
        let mut before = i + 1;
        let mut next = vec![before];
        for (b, above) in right.iter().zip(row.iter().skip(1)) {
            let cost = if a == *b { diagonal } else { 1 + diagonal.min(*above).min(before) };
            diagonal = *above;
            before = cost;
            next.push(cost);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}
