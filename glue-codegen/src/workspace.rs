//! A workspace: its applications and the crates that hold definitions.

use crate::definition::{Definition, OwnerKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// One application.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// Its crate, relative to the root.
    #[serde(rename = "crate")]
    pub dir: String,
    /// Whom it authenticates: whose number stands in its tokens.
    #[serde(default)]
    pub identity: Option<OwnerKind>,
    /// The scopes that its tokens can carry, and who gets them.
    #[serde(default)]
    pub scopes: BTreeMap<String, String>,
}

/// A crate with definitions.
#[derive(Debug)]
pub struct Domain {
    /// Its folder, relative to the root, with forward slashes.
    pub dir: String,
    /// Its name.
    pub name: String,
    /// Where it is, when the workspace depends on it and does not own it: nothing is written there.
    pub elsewhere: Option<PathBuf>,
    /// Its definitions, sorted by type.
    pub definitions: Vec<Definition>,
}

impl Domain {
    /// Whether somebody else owns it.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.elsewhere.is_some()
    }

    /// Its folder, in a workspace at `root`.
    #[must_use]
    pub fn folder(&self, root: &Path) -> PathBuf {
        self.elsewhere.clone().unwrap_or_else(|| root.join(&self.dir))
    }
}

/// Everything that the generator reads.
#[derive(Debug)]
pub struct Workspace {
    /// The root.
    pub root: PathBuf,
    /// The applications.
    pub apps: BTreeMap<String, App>,
    /// The crates with definitions, sorted by folder.
    pub domains: Vec<Domain>,
    /// Those that it does not own, as they are compiled: without its own layers. None where it lays nothing over them.
    pub compiled: Vec<Domain>,
    /// How many columns a table can have: as Diesel's feature in `Cargo.toml` has it.
    pub columns: usize,
}

/// Diesel's features `…-column-tables`.
pub const WIDTHS: [usize; 3] = [32, 64, 128];

impl Workspace {
    /// Every definition, in the order of folders and types.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.domains.iter().flat_map(|domain| &domain.definitions)
    }

    /// The crates of the workspace itself.
    pub fn own(&self) -> impl Iterator<Item = &Domain> {
        self.domains.iter().filter(|domain| !domain.is_foreign())
    }

    /// The crate of the workspace itself that defines a type.
    #[must_use]
    pub fn home(&self, kind: &str) -> Option<&Domain> {
        self.own().find(|domain| domain.definitions.iter().any(|of| of.name.it == kind))
    }

    /// Each resource that somebody else owns and this workspace lays something over: its crate, how it is compiled, and how
    /// it is mounted.
    pub fn layered(&self) -> impl Iterator<Item = (&Domain, &Definition, &Definition)> {
        let same = |one: &Definition, other: &Definition| one.module() == other.module();
        self.compiled.iter().flat_map(move |compiled| {
            let domain = self.domains.iter().find(|domain| domain.dir == compiled.dir);
            let above = domain.into_iter().flat_map(|domain| &domain.definitions);
            above.filter(|above| !above.layers.is_empty()).filter_map(move |above| {
                let below = compiled.definitions.iter().find(|below| same(below, above))?;
                Some((compiled, below, above))
            })
        })
    }

    /// Every definition and the folder of its crate.
    pub(crate) fn located_mut(&mut self) -> impl Iterator<Item = (String, &mut Definition)> {
        self.domains.iter_mut().flat_map(|domain| {
            let dir = domain.dir.clone();
            domain.definitions.iter_mut().map(move |definition| (dir.clone(), definition))
        })
    }
}
