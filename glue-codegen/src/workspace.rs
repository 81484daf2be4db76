//! A workspace: its applications and the crates that hold definitions.

use crate::definition::{Definition, OwnerKind};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// One application.
#[derive(Debug, Deserialize)]
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
    /// Its definitions, sorted by type.
    pub definitions: Vec<Definition>,
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

    /// Every definition and the folder of its crate.
    pub(crate) fn located_mut(&mut self) -> impl Iterator<Item = (String, &mut Definition)> {
        self.domains.iter_mut().flat_map(|domain| {
            let dir = domain.dir.clone();
            domain.definitions.iter_mut().map(move |definition| (dir.clone(), definition))
        })
    }
}
