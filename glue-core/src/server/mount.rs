//! What crates bring to an application.

use crate::document::{RelationDef, TargetDef};
use crate::profile::Profile;
use crate::route::{Operation, Protection, RouteDef};
use crate::settings::{ConfigError, ProtectSettings};

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

    /// The same without the operation of a row: a layer over a module's definition takes it away.
    #[must_use]
    pub fn without(mut self, def: &RouteDef) -> Self {
        self.operations.retain(|of| of.def.operation_id != def.operation_id);
        self
    }

    /// The same with another row for the operation of its id: what a layer over a module's definition says. The module's
    /// code stays as it is, so that the row must not let in whom its handler does not expect.
    #[must_use]
    pub fn with(mut self, def: &'static RouteDef) -> Self {
        let same = |of: &&mut Operation| of.def.operation_id == def.operation_id;
        self.operations.iter_mut().filter(same).for_each(|of| of.def = def);
        self
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
