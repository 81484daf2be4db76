//! Layers over resources whose code is compiled elsewhere: they change rows, and nothing that the code would have to follow.

use crate::diagnostic::{Code, Problem, Problems};
use crate::render;
use crate::workspace::Workspace;

/// Checks what a workspace lays over the resources of its modules.
pub(super) fn check(workspace: &Workspace, problems: &mut Problems) {
    for (domain, compiled, layered) in workspace.layered() {
        let what = match render::beyond_rows(domain, compiled, layered) {
            Ok(None) => continue,
            Ok(Some(what)) => what,
            Err(defect) => format!("code that is none: {}", defect.reason),
        };
        let Some(span) = layered.layers.last() else { continue };
        let message = format!("`{}` is a module's, and this layer asks for {what}", layered.name.it);
        let problem = Problem::new(Code::ForeignLayer, &layered.source, span.clone(), message);
        let problem = problem.label("laid over it here");
        problems.add(problem.help(format!(
            "rows can be changed from here: flags, scopes, verbs, texts and errors; `cargo glue adopt {}` makes the crate one of this workspace",
            domain.name
        )));
    }
}
