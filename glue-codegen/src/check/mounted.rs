//! Applications depend on the crates whose resources they mount.

use std::fs;

use crate::diagnostic::{Code, Problem, Problems};
use crate::workspace::Workspace;

/// Checks the manifests of the applications, as far as they are there.
pub(super) fn check(workspace: &Workspace, problems: &mut Problems) {
    for (name, app) in &workspace.apps {
        let path = format!("{}/Cargo.toml", app.dir);
        let manifest = fs::read_to_string(workspace.root.join(&path)).ok();
        let Some(manifest) = manifest.and_then(|text| text.parse::<toml::Table>().ok()) else { continue };
        let dependencies = manifest.get("dependencies").and_then(toml::Value::as_table);
        let depends = |on: &str| dependencies.is_some_and(|known| known.contains_key(on));
        for domain in workspace.domains.iter().filter(|domain| domain.dir != app.dir && !depends(&domain.name)) {
            let whole = domain.definitions.iter().filter(|of| of.action_of.is_none());
            let mut uses = whole.flat_map(|of| of.apps.iter().map(move |app| (of, app)));
            let Some((definition, used)) = uses.find(|(_, used)| used.name.it == *name) else { continue };
            let krate = &domain.name;
            let message = format!("the {name} mounts `{}` and does not depend on `{krate}`", definition.name.it);
            let problem = Problem::new(Code::MissingDependency, &definition.source, used.name.span.clone(), message);
            problems.add(problem.help(format!("`{krate}.workspace = true` under `[dependencies]` of {path}")));
        }
    }
}
