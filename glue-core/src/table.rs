//! The routing table: the only way to add a managed route, and the only input of mount, guard and documents.

mod ambiguity;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::context::Application;
use crate::path::{self, Step};
use crate::profile::{Dialect, Profile};
use crate::relation::{RelationDef, TargetDef};
use crate::route::{MINE, Place, Protection, RouteDef, Verb, Version, Wire};
use crate::settings::{ConfigError, ProtectSettings};

pub use ambiguity::Ambiguous;

/// A row and the actix handler that serves it.
#[derive(Clone, Copy)]
pub struct Operation {
    /// The row.
    pub def: &'static RouteDef,
    pub(crate) handler: fn() -> actix_web::Route,
}

impl Operation {
    /// Ties `handler` to its row. Generated registries call this, nobody else.
    #[must_use]
    pub const fn new(def: &'static RouteDef, handler: fn() -> actix_web::Route) -> Self {
        Self { def, handler }
    }
}

/// What a crate brings to an application: its operations, and what includes can follow.
#[derive(Clone, Default)]
pub struct Mount {
    /// The operations.
    pub operations: Vec<Operation>,
    /// The relations of its resource types.
    pub relations: Vec<RelationDef>,
    /// What relations of other crates may lead to.
    pub targets: Vec<TargetDef>,
}

impl Mount {
    /// Several of them as one.
    #[must_use]
    pub fn all<const N: usize>(mounts: [Self; N]) -> Self {
        let mut all = Self::default();
        for mount in mounts {
            all.operations.extend(mount.operations);
            all.relations.extend(mount.relations);
            all.targets.extend(mount.targets);
        }
        all
    }

    /// The rows of its operations.
    pub fn rows(&self) -> impl Iterator<Item = &'static RouteDef> + '_ {
        self.operations.iter().map(|operation| operation.def)
    }

    /// What this profile has of it.
    #[must_use]
    pub fn in_profile(mut self, profile: Profile) -> Self {
        self.operations.retain(|of| of.def.is_in(profile));
        self
    }

    /// The same with a token needed wherever one of `rules` matches: configuration can tighten what a definition says,
    /// and the guard and the document follow.
    ///
    /// # Errors
    /// [`ConfigError`] when a pattern does not parse.
    pub fn tightened(mut self, rules: &[ProtectSettings]) -> Result<Self, ConfigError> {
        for rule in rules {
            let pattern = regex::Regex::new(&format!("^(?:{})$", rule.path))
                .map_err(|error| ConfigError::bad_value("server.protect", &error.to_string()))?;
            let unknown = |method: &&String| !METHODS.iter().any(|own| own.eq_ignore_ascii_case(method));
            if let Some(method) = rule.methods.iter().find(unknown) {
                return Err(ConfigError::bad_value("server.protect", &format!("there is no method `{method}`")));
            }
            let mut meant = false;
            for operation in &mut self.operations {
                let def = operation.def;
                let named = rule.methods.is_empty()
                    || rule.methods.iter().any(|method| method.eq_ignore_ascii_case(def.verb.method()));
                if !named || !(pattern.is_match(def.path) || pattern.is_match(&def.shown_path())) {
                    continue;
                }
                meant = true;
                if def.protection != Protection::Protected {
                    // Rows live as long as the process.
                    operation.def = Box::leak(Box::new(RouteDef { protection: Protection::Protected, ..*def }));
                }
            }
            if !meant {
                // Whoever writes a rule believes that something is protected by it.
                let message = format!("`{}` is the path of no route; ids are written as documents do", rule.path);
                return Err(ConfigError::bad_value("server.protect", &message));
            }
        }
        Ok(self)
    }
}

/// The methods that rows have.
const METHODS: [&str; 4] = ["GET", "POST", "PATCH", "DELETE"];

/// All managed routes of one application: custom ones found by their path, resources by the last type of a path.
pub struct RoutingTable {
    pub(crate) operations: Vec<Operation>,
    shapes: Vec<Vec<&'static str>>,
    by_type: HashMap<&'static str, Vec<usize>>,
    by_path: HashMap<Cow<'static, str>, Vec<usize>>,
    patterns: BTreeMap<&'static str, Pattern>,
}

/// A custom path with parameters, and its rows.
struct Pattern {
    segments: Vec<&'static str>,
    rows: Vec<usize>,
}

impl Pattern {
    /// What the parameters stand for, when `path` is one of this pattern.
    fn values(&self, path: &str) -> Option<Vec<String>> {
        let mut values = Vec::new();
        let mut segments = path.split('/');
        for own in &self.segments {
            let segment = segments.next()?;
            if own.starts_with('{') {
                values.push(path::decode(segment).filter(|value| !value.is_empty())?.into_owned());
            } else if *own != segment {
                return None;
            }
        }
        segments.next().is_none().then_some(values)
    }
}

impl RoutingTable {
    /// Builds the table.
    ///
    /// # Errors
    /// [`Ambiguous`] when one request would match two of them.
    pub fn new(operations: Vec<Operation>) -> Result<Self, Ambiguous> {
        let mut table = Self {
            operations: Vec::new(),
            shapes: Vec::new(),
            by_type: HashMap::new(),
            by_path: HashMap::new(),
            patterns: BTreeMap::new(),
        };
        for operation in operations {
            let path = operation.def.path.trim_matches('/');
            let (shape, rows): (Vec<&'static str>, _) = match operation.def.place {
                Place::Resource => {
                    (path.split('/').step_by(2).collect(), table.by_type.entry(operation.def.resource).or_default())
                }
                Place::Custom if !path.contains('{') => (vec![path], table.by_path.entry(path.into()).or_default()),
                Place::Custom => (vec![path], pattern(&mut table.patterns, path)),
            };
            for &row in rows.iter() {
                let (Some(other), Some(taken)) = (table.operations.get(row), table.shapes.get(row)) else {
                    continue;
                };
                let same = other.def.verb == operation.def.verb && other.def.version == operation.def.version;
                if same && *taken == shape {
                    return Err(Ambiguous::new(other.def, operation.def));
                }
            }
            rows.push(table.operations.len());
            table.operations.push(operation);
            table.shapes.push(shape);
        }
        Ambiguous::refuse(&table.rows().collect::<Vec<_>>())?;
        Ok(table)
    }

    /// Serves the rows of a custom path at another path too, which no document names: for clients that derive it from
    /// something else. Nothing happens when no custom route has `path`, or when one has `also`.
    pub fn serve_also(&mut self, path: &str, also: String) {
        if let Some(rows) = self.by_path.get(path.trim_matches('/')).cloned() {
            self.by_path.entry(also.trim_matches('/').to_owned().into()).or_insert(rows);
        }
    }

    /// Every row, in the order of registration.
    pub fn rows(&self) -> impl Iterator<Item = &'static RouteDef> + '_ {
        self.operations.iter().map(|operation| operation.def)
    }

    /// What a custom path says to `method`, and what its parameters stand for. `None` when no custom route has it.
    pub(crate) fn find_custom(&self, method: &str, path: &str, seen: Seen) -> Option<(Found, Vec<String>)> {
        let (rows, values) = self.custom(path)?;
        let wanted = if method == "HEAD" { "GET" } else { method };
        let mut found = Found::NoResource;
        for (row, def) in self.seen(rows, seen) {
            found = match found {
                Found::Row(..) => found,
                Found::NoMethod | Found::NoResource if def.verb.method() == wanted => Found::Row(row, def),
                Found::NoMethod | Found::NoResource => Found::NoMethod,
            };
        }
        Some((found, values))
    }

    /// Those of `rows` that can be seen.
    fn seen(&self, rows: &[usize], seen: Seen) -> impl Iterator<Item = (usize, &'static RouteDef)> {
        let rows = rows.iter().filter_map(|&row| Some((row, self.operations.get(row)?.def)));
        rows.filter(move |(_, def)| match seen {
            Seen::All => true,
            Seen::JsonApi => def.wire == Wire::JsonApi,
            Seen::Plain => def.wire != Wire::JsonApi,
        })
    }

    fn custom(&self, path: &str) -> Option<(&[usize], Vec<String>)> {
        let path = path.trim_matches('/');
        if let Some(rows) = self.by_path.get(path) {
            return Some((rows, Vec::new()));
        }
        self.patterns.values().find_map(|pattern| Some((pattern.rows.as_slice(), pattern.values(path)?)))
    }

    /// The row that serves `method` on a path of these steps: of the version asked for, else of the newest. The id
    /// `mine` names the collection where it is reserved (contract/framework.md §3.1).
    pub(crate) fn find(
        &self,
        method: &str,
        steps: &[Step<'_>],
        asked: Option<Version>,
        mine: Mine,
        seen: Seen,
    ) -> Found {
        let rows = steps.last().and_then(|last| self.by_type.get(last.kind)).map_or(&[][..], Vec::as_slice);
        let id = steps.last().and_then(|last| last.id.as_deref()).unwrap_or_default();
        let lists = |row: &usize| self.operations.get(*row).is_some_and(|of| of.def.verb == Verb::List);
        let mine =
            mine == Mine::Reserved && id == MINE && rows.iter().any(|row| lists(row) && self.has_shape(*row, steps));
        let named = !id.is_empty() && !mine;
        let mut found = Found::NoResource;
        for (row, def) in self.seen(rows, seen) {
            if !self.has_shape(row, steps) || (asked.is_some() && asked != def.version) {
                continue;
            }
            let fits = match (method, def.verb) {
                ("GET" | "HEAD", Verb::List) | ("POST", Verb::Post) => !named,
                ("GET" | "HEAD", Verb::Get) => named,
                // Without an id these reach the pipeline, which says that the id is missing.
                ("PATCH", Verb::Patch) | ("DELETE", Verb::Delete) => true,
                _ => false,
            };
            found = match found {
                Found::Row(_, older) if !fits || older.version >= def.version => found,
                Found::Row(..) | Found::NoMethod | Found::NoResource if fits => Found::Row(row, def),
                Found::Row(..) | Found::NoMethod | Found::NoResource => Found::NoMethod,
            };
        }
        found
    }

    /// The methods that a path, or its resource, takes, each once, in the order of the contract.
    pub(crate) fn methods(&self, path: &str, seen: Seen, of: MethodsOf) -> Vec<&'static str> {
        let mut methods: Vec<&'static str> = Vec::new();
        if let Some((rows, _)) = self.custom(path) {
            methods.extend(self.seen(rows, seen).map(|(_, def)| def.verb.method()));
            methods.dedup();
            return methods;
        }
        let (_, path) = path::version(path);
        let Some(steps) = path::steps(path) else { return Vec::new() };
        let rows = steps.last().and_then(|last| self.by_type.get(last.kind)).map_or(&[][..], Vec::as_slice);
        let named = steps.last().and_then(|last| last.id.as_deref()).is_some_and(|id| !id.is_empty());
        let of_path = self.seen(rows, seen).filter(|(row, _)| self.has_shape(*row, &steps));
        for verb in of_path.map(|(_, def)| def.verb) {
            let fits = of == MethodsOf::Resource || matches!(verb, Verb::Get | Verb::Patch | Verb::Delete) == named;
            if fits && !methods.contains(&verb.method()) {
                methods.push(verb.method());
            }
        }
        methods
    }

    /// Whether all that a custom path serves are pages.
    pub(crate) fn is_for_people(&self, path: &str) -> bool {
        let page = |row: &usize| self.operations.get(*row).is_some_and(|of| of.def.wire == Wire::Page);
        self.custom(path).is_some_and(|(rows, _)| rows.iter().all(page))
    }

    /// Whether every row of a path needs a token.
    pub(crate) fn is_closed(&self, steps: &[Step<'_>]) -> bool {
        let rows = steps.last().and_then(|last| self.by_type.get(last.kind)).map_or(&[][..], Vec::as_slice);
        let mut of_path = rows.iter().filter(|&&row| self.has_shape(row, steps));
        of_path.all(|&row| self.operations.get(row).is_some_and(|of| of.def.protection == Protection::Protected))
    }

    fn has_shape(&self, row: usize, steps: &[Step<'_>]) -> bool {
        let Some(shape) = self.shapes.get(row) else { return false };
        shape.len() == steps.len() && shape.iter().zip(steps).all(|(kind, step)| *kind == step.kind)
    }
}

/// The rows of a custom path with parameters.
fn pattern<'a>(patterns: &'a mut BTreeMap<&'static str, Pattern>, path: &'static str) -> &'a mut Vec<usize> {
    let fresh = || Pattern { segments: path.split('/').collect(), rows: Vec::new() };
    &mut patterns.entry(path).or_insert_with(fresh).rows
}

/// Which rows somebody sees: in the decoupled dialect those of one convention, as if there were no others
/// (contract/backend.md §1.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    All,
    JsonApi,
    Plain,
}

impl Seen {
    /// What whoever speaks `convention` sees.
    pub(crate) fn by(convention: Wire, dialect: Dialect) -> Self {
        match (dialect, convention) {
            (Dialect::Rest, _) => Self::All,
            (Dialect::Decoupled, Wire::JsonApi) => Self::JsonApi,
            (Dialect::Decoupled, Wire::Form | Wire::Json(_) | Wire::Page) => Self::Plain,
        }
    }
}

/// Whose methods: those of the path alone, or all that its resource has (contract/framework.md §7.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum MethodsOf {
    Path,
    Resource,
}

/// Whether the id `mine` means the collection.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mine {
    Reserved,
    AnyId,
}

/// What the table says of a path and a method.
#[derive(Clone, Copy)]
pub(crate) enum Found {
    /// The row and its number.
    Row(usize, &'static RouteDef),
    /// The path is known, the method is not its.
    NoMethod,
    /// The path is not known.
    NoResource,
}

/// What one application serves: its table and its context, shared by all workers.
#[derive(Clone)]
pub struct Managed {
    pub(crate) table: Arc<RoutingTable>,
    pub(crate) application: Arc<Application>,
}

impl Managed {
    /// Ties a table to its application.
    #[must_use]
    pub fn new(table: RoutingTable, application: Application) -> Self {
        Self { table: Arc::new(table), application: Arc::new(application) }
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &RoutingTable {
        &self.table
    }

    /// The application.
    #[must_use]
    pub fn application(&self) -> &Arc<Application> {
        &self.application
    }
}
