//! The routing table: the only way to add a managed route, and the only input of mount, guard and documents.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use super::ambiguity::AmbiguousRoute;
use super::def::{Place, Protection, RouteDef, Verb};
use super::path::{self, MINE, Step, Version};
use super::wire::Wire;
use crate::percent;
use crate::profile::{Conventions, MethodsOf, MineId};

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
                values.push(percent::decode(segment).filter(|value| !value.is_empty())?.into_owned());
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
    /// [`AmbiguousRoute`] when one request would match two of them.
    pub fn new(operations: Vec<Operation>) -> Result<Self, AmbiguousRoute> {
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
                    return Err(AmbiguousRoute::new(other.def, operation.def));
                }
            }
            rows.push(table.operations.len());
            table.operations.push(operation);
            table.shapes.push(shape);
        }
        AmbiguousRoute::refuse(&table.rows().collect::<Vec<_>>())?;
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
    pub(crate) fn find_custom(&self, method: &str, path: &str, seen: VisibleRows) -> Option<(RouteMatch, Vec<String>)> {
        let (rows, values) = self.custom(path)?;
        let wanted = if method == "HEAD" { "GET" } else { method };
        let mut found = RouteMatch::NoResource;
        for (row, def) in self.seen(rows, seen) {
            found = match found {
                RouteMatch::Row(..) => found,
                RouteMatch::NoMethod | RouteMatch::NoResource if def.verb.method() == wanted => {
                    RouteMatch::Row(row, def)
                }
                RouteMatch::NoMethod | RouteMatch::NoResource => RouteMatch::NoMethod,
            };
        }
        Some((found, values))
    }

    /// Those of `rows` that can be seen.
    fn seen(&self, rows: &[usize], seen: VisibleRows) -> impl Iterator<Item = (usize, &'static RouteDef)> {
        let rows = rows.iter().filter_map(|&row| Some((row, self.operations.get(row)?.def)));
        rows.filter(move |(_, def)| match seen {
            VisibleRows::All => true,
            VisibleRows::JsonApi => def.wire == Wire::JsonApi,
            VisibleRows::Plain => def.wire != Wire::JsonApi,
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
    /// `mine` names the collection where it is reserved (reference/framework.md §3.1).
    pub(crate) fn find(
        &self,
        method: &str,
        steps: &[Step<'_>],
        asked: Option<Version>,
        mine: MineId,
        seen: VisibleRows,
    ) -> RouteMatch {
        let rows = steps.last().and_then(|last| self.by_type.get(last.kind)).map_or(&[][..], Vec::as_slice);
        let id = steps.last().and_then(|last| last.id.as_deref()).unwrap_or_default();
        let here = || {
            let here = self.seen(rows, seen).filter(|(row, _)| self.has_shape(*row, steps));
            here.filter(|(_, def)| asked.is_none() || asked == def.version)
        };
        let mine = mine == MineId::Reserved && id == MINE && {
            let newest = here().map(|(_, def)| def.version).max();
            here().any(|(_, def)| def.verb == Verb::List && Some(def.version) == newest)
        };
        let named = !id.is_empty() && !mine;
        let mut found = RouteMatch::NoResource;
        for (row, def) in here() {
            let fits = match (method, def.verb) {
                ("GET" | "HEAD", Verb::List) | ("POST", Verb::Post) => !named,
                ("GET" | "HEAD", Verb::Get) => named,
                // Without an id these reach the pipeline, which says that the id is missing.
                ("PATCH", Verb::Patch) | ("DELETE", Verb::Delete) => true,
                _ => false,
            };
            found = match found {
                RouteMatch::Row(_, older) if !fits || older.version >= def.version => found,
                RouteMatch::Row(..) | RouteMatch::NoMethod | RouteMatch::NoResource if fits => {
                    RouteMatch::Row(row, def)
                }
                RouteMatch::Row(..) | RouteMatch::NoMethod | RouteMatch::NoResource => RouteMatch::NoMethod,
            };
        }
        found
    }

    /// The methods that a path, or its resource, takes, each once, in the order of the contract.
    pub(crate) fn methods(&self, path: &str, seen: VisibleRows, of: MethodsOf) -> Vec<&'static str> {
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
    pub(crate) fn serves_pages_only(&self, path: &str) -> bool {
        let page = |row: &usize| self.operations.get(*row).is_some_and(|of| of.def.wire == Wire::Page);
        self.custom(path).is_some_and(|(rows, _)| rows.iter().all(page))
    }

    /// Whether every row of a path needs a token.
    pub(crate) fn is_all_protected(&self, steps: &[Step<'_>]) -> bool {
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
/// (reference/backend.md §1.2).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum VisibleRows {
    All,
    JsonApi,
    Plain,
}

impl VisibleRows {
    /// What whoever speaks `convention` sees.
    pub(crate) fn by(convention: Wire, conventions: Conventions) -> Self {
        match (conventions, convention) {
            (Conventions::One, _) => Self::All,
            (Conventions::ByMediaType, Wire::JsonApi) => Self::JsonApi,
            (Conventions::ByMediaType, Wire::Form | Wire::Json(_) | Wire::Page) => Self::Plain,
        }
    }
}

/// What the table says of a path and a method.
#[derive(Clone, Copy)]
pub(crate) enum RouteMatch {
    /// The row and its number.
    Row(usize, &'static RouteDef),
    /// The path is known, the method is not its.
    NoMethod,
    /// The path is not known.
    NoResource,
}
