//! From definitions to rows: one per verb and application. Code, listings and the protection table all start here.

use crate::definition::{AppUse, At, Definition, Flag, Loosened, OwnerRule, VerbName, VerbUse};
use crate::names;
use crate::workspace::Workspace;

/// Who has to send the code of a second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactorCode {
    /// Nobody.
    None,
    /// Callers who have a second factor.
    Enrolled,
    /// Everybody.
    Always,
}

/// One managed route of one application.
#[derive(Clone, Debug)]
pub struct Row<'a> {
    /// The definition.
    pub definition: &'a Definition,
    /// The verb.
    pub verb: &'a VerbUse,
    /// The application.
    pub app: &'a str,
    /// The path with its parameters in braces.
    pub path: String,
    /// What a token has to carry.
    pub scopes: Vec<String>,
    /// Whether an API key does as well as a token.
    pub api_key: bool,
    /// Who has to send the code of a second factor.
    pub factor_code: FactorCode,
    /// The owner attribute, when rows are owned here.
    pub owner: Option<&'a str>,
    /// Whether the definition leaves ownership out here.
    pub is_everybodys: bool,
}

impl Row<'_> {
    /// The HTTP method.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match self.verb.verb {
            VerbName::List | VerbName::Get => "GET",
            VerbName::Post => "POST",
            VerbName::Patch => "PATCH",
            VerbName::Delete => "DELETE",
        }
    }

    /// What it asks of its caller, and what it takes beside that, as words.
    #[must_use]
    pub fn protection(&self) -> String {
        let mut words = vec![match (self.verb.protected.it, self.api_key, self.factor_code) {
            (Flag::Protected, _, FactorCode::Enrolled) => "protected with second factor",
            (Flag::Protected, _, FactorCode::Always) => "protected with factor code",
            (Flag::Protected, true, FactorCode::None) => "protected or api-key",
            (Flag::Protected, false, FactorCode::None) => "protected",
            (Flag::Optional, ..) => "optional",
            (Flag::Public, ..) => "public",
            (Flag::Agent, ..) => "agent",
            (Flag::Client, ..) => "client",
        }];
        let verb = self.verb;
        let taken = [(verb.agent, "agent optional"), (verb.client, "client optional"), (verb.guest, "guest")];
        words.extend(taken.into_iter().filter(|(taken, _)| *taken).map(|(_, word)| word));
        words.join(", ")
    }

    /// Why it asks its caller for less than others do: in its own words, in those of the last layer that is about it, or in
    /// those of the resource.
    #[must_use]
    pub fn because(&self) -> Option<&str> {
        let (name, verb) = (&self.definition.name.it, self.verb.verb);
        let layers = self.definition.loosened.iter().rev();
        let mine = |layer: &&Loosened| {
            layer.row.as_ref().is_none_or(|(of, app, at)| of == name && app == self.app && *at == verb)
        };
        let own = self.verb.because.as_ref().map(|at| at.it.as_str());
        let whole = || self.definition.because.as_ref().map(|at| at.it.as_str());
        own.or_else(|| layers.clone().find(mine).map(|layer| layer.because.as_str())).or_else(whole)
    }

    /// Whether everybody whom another row lets in comes in here too.
    #[must_use]
    pub fn lets_in_all_of(&self, other: &Row<'_>) -> bool {
        let flag = self.verb.protected.it;
        let asks_no_more = self.scopes.iter().all(|scope| other.scopes.contains(scope));
        let takes_keys = self.api_key || !other.api_key;
        flag.is_open() || (flag == other.verb.protected.it && asks_no_more && takes_keys)
    }

    /// Whether no test shows whose the rows are.
    #[must_use]
    pub fn is_unchecked(&self) -> bool {
        self.owner.is_some() && matches!(self.verb.owner, OwnerRule::Unchecked(_))
    }

    /// Stable and unique in its application (reference/framework.md §8.3).
    #[must_use]
    pub fn operation_id(&self) -> String {
        let name = match &self.definition.version {
            Some(version) => format!("{}-v{}", self.definition.name.it, version.it),
            None => self.definition.name.it.clone(),
        };
        match self.verb.verb {
            VerbName::List => format!("get-collection-of-{name}"),
            VerbName::Get => format!("get-{name}"),
            VerbName::Post => format!("create-{name}"),
            VerbName::Patch => format!("update-{name}"),
            VerbName::Delete => format!("delete-{name}"),
        }
    }

    /// The path as clients write it: that of a version starts with it.
    #[must_use]
    pub fn shown_path(&self) -> String {
        format!("{}{}", prefix(self.definition), self.path)
    }

    /// One line of `openapi/protection.tsv`.
    #[must_use]
    pub fn line(&self) -> String {
        let scopes = if self.scopes.is_empty() { "-".to_owned() } else { self.scopes.join(" ") };
        let because = self.because().unwrap_or("-");
        let (method, owner) = (self.method(), self.owner.unwrap_or("-"));
        let owner = if self.is_unchecked() { format!("{owner} unchecked") } else { owner.to_owned() };
        format!("{}\t{method}\t{}\t{}\t{scopes}\t{owner}\t{because}", self.app, self.shown_path(), self.protection())
    }
}

/// The first line of the protection table.
pub const HEADING: &str = "application\tmethod\tpath\tprotection\tscopes\towner\tbecause";

/// Every row of a workspace, sorted by application, path and method.
#[must_use]
pub fn all(workspace: &Workspace) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = workspace.definitions().flat_map(of).collect();
    rows.sort_by_cached_key(|row| (row.app, row.shown_path(), row.method()));
    rows
}

/// The rows of one definition, in the order of its applications and verbs.
#[must_use]
pub fn of(definition: &Definition) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for app in &definition.apps {
        for verb in definition.verbs.iter().filter(|verb| mounts(app, verb)) {
            let verb = verb.in_app(&app.name.it);
            rows.push(Row {
                definition,
                verb,
                app: &app.name.it,
                path: path(definition, verb.verb),
                scopes: scopes(verb, app.scopes.as_deref()),
                api_key: verb.api_key.unwrap_or(app.api_key && verb.protected.it == Flag::Protected),
                factor_code: match verb.factor_code {
                    true => FactorCode::Always,
                    false if definition.multi_factor && verb.verb.writes() => FactorCode::Enrolled,
                    false => FactorCode::None,
                },
                owner: owner(definition, app, verb),
                is_everybodys: app.unowned || verb.owner == OwnerRule::None,
            });
        }
    }
    rows
}

/// Every way in which the verbs of a definition ask, each with the applications that mount it so. A verb that no
/// application mounts stands there too.
#[must_use]
pub fn ways(definition: &Definition) -> Vec<(&VerbUse, Vec<&AppUse>)> {
    let mut ways = Vec::new();
    for verb in &definition.verbs {
        for way in std::iter::once(verb).chain(&verb.in_apps) {
            let here = |app: &&AppUse| mounts(app, verb) && std::ptr::eq(verb.in_app(&app.name.it), way);
            let apps: Vec<&AppUse> = definition.apps.iter().filter(here).collect();
            if !apps.is_empty() || verb.in_apps.is_empty() {
                ways.push((way, apps));
            }
        }
    }
    ways
}

/// Whether an application has a verb.
#[must_use]
pub fn mounts(app: &AppUse, verb: &VerbUse) -> bool {
    let narrowed = app.verbs.as_ref().is_some_and(|verbs| !verbs.iter().any(|at| at.it == verb.verb));
    let elsewhere = verb.only.as_ref().is_some_and(|only| !only.iter().any(|at| at.it == app.name.it));
    !narrowed && !elsewhere
}

fn scopes(verb: &VerbUse, app: Option<&[At<String>]>) -> Vec<String> {
    if !matches!(verb.protected.it, Flag::Protected | Flag::Optional) {
        return Vec::new();
    }
    verb.scopes.as_deref().or(app).unwrap_or_default().iter().map(|at| at.it.clone()).collect()
}

/// The owner attribute of the rows that a verb reaches.
fn owner<'a>(definition: &'a Definition, app: &AppUse, verb: &VerbUse) -> Option<&'a str> {
    definition
        .owned()
        .filter(|owned| verb.owner != OwnerRule::None && !owned.is_left_out(app))
        .map(|owned| owned.attribute)
}

/// What stands in front of a path: the version, where there is one.
#[must_use]
pub fn prefix(definition: &Definition) -> String {
    definition.version.as_ref().map(|version| format!("/v{}", version.it)).unwrap_or_default()
}

/// Where the resource is: its ancestors with their ids in front.
#[must_use]
pub fn collection_path(definition: &Definition) -> String {
    let above = definition.ancestors.iter();
    let above: String = above.map(|a| format!("/{}/{{{}Id}}", a.name, names::camel(&a.singular))).collect();
    format!("{above}/{}", definition.name.it)
}

fn path(definition: &Definition, verb: VerbName) -> String {
    if let Some(path) = &definition.path {
        return path.it.clone();
    }
    let collection = collection_path(definition);
    if definition.takes_id(verb) {
        format!("{collection}/{{{}Id}}", names::camel(&definition.singular))
    } else {
        collection
    }
}
