//! The rules that make a definition safe and generable.

mod actions;
mod attributes;
mod behaviour;
mod errors;
mod examples;
mod functions;
mod mine;
mod modules;
mod mounted;
mod only;
mod patterns;
mod protection;
mod states;
mod storage;
mod together;

use crate::definition::Definition;
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows;
use crate::workspace::Workspace;

/// Checks every definition of a workspace.
pub fn check(workspace: &Workspace, problems: &mut Problems) {
    for domain in &workspace.domains {
        let crate_dir = domain.folder(&workspace.root);
        for definition in &domain.definitions {
            protection::check(definition, problems);
            if definition.broken {
                continue;
            }
            applications(definition, workspace, problems);
            identities(definition, workspace, problems);
            strangers(definition, workspace, problems);
            behaviour::check(definition, &crate_dir, problems);
            attributes::check(definition, &crate_dir, problems);
            functions::hooks(definition, &crate_dir, problems);
            states::check(definition, problems);
            mine::check(definition, problems);
            only::check(definition, workspace, problems);
            actions::check(definition, problems);
            storage::check(definition, workspace.columns, problems);
            errors::check(definition, problems);
        }
    }
    together::check(workspace, problems);
    mounted::check(workspace, problems);
    if !problems.has_errors() {
        modules::check(workspace, problems);
    }
}

fn applications(definition: &Definition, workspace: &Workspace, problems: &mut Problems) {
    let source = &definition.source;
    let known = || workspace.apps.keys().map(String::as_str);
    for app in &definition.apps {
        let Some(application) = workspace.apps.get(&app.name.it) else {
            let message = format!("unknown application `{}`", app.name.it);
            let problem = Problem::new(Code::UnknownApplication, source, app.name.span.clone(), message);
            problems.add(problem.label("not in glue.toml").suggest(&app.name.it, known()));
            continue;
        };
        let own = app.scopes.iter().flatten();
        let mounted = definition.verbs.iter().filter(|verb| rows::mounts(app, verb));
        let verbs = mounted.filter_map(|verb| verb.in_app(&app.name.it).scopes.as_ref()).flatten();
        for scope in own.chain(verbs).filter(|scope| !application.scopes.contains_key(&scope.it)) {
            let message = format!("the {} has no scope `{}`", app.name.it, scope.it);
            let problem = Problem::new(Code::UnknownScope, source, scope.span.clone(), message);
            let scopes = application.scopes.keys().map(String::as_str);
            problems.add(problem.label("not in glue.toml").suggest(&scope.it, scopes));
        }
    }
    // What an application narrows are the verbs of the resource, not of its actions.
    for app in definition.apps.iter().filter(|_| definition.action_of.is_none()) {
        for verb in app.verbs.iter().flatten().filter(|at| definition.verbs.iter().all(|verb| verb.verb != at.it)) {
            let message = format!("`{}` is not under `verbs:`", verb.it.as_str());
            let problem = Problem::new(Code::Unmounted, source, verb.span.clone(), message);
            problems.add(problem.help("list it there first"));
        }
        if app.verbs.as_ref().is_some_and(Vec::is_empty) && app.actions.is_empty() {
            let message = format!("the {} mounts no verb", app.name.it);
            let problem = Problem::new(Code::Unmounted, source, app.name.span.clone(), message);
            problems.add(problem.help("remove the application, or name its verbs"));
        }
    }
    let ways = || definition.verbs.iter().flat_map(|verb| &verb.in_apps);
    for only in definition.verbs.iter().chain(ways()).filter_map(|verb| verb.only.as_ref()).flatten() {
        if !definition.apps.iter().any(|app| app.name.it == only.it) {
            let message = format!("`{}` does not mount this resource", only.it);
            let is_known = workspace.apps.contains_key(&only.it);
            let code = if is_known { Code::Unmounted } else { Code::UnknownApplication };
            let problem = Problem::new(code, source, only.span.clone(), message).label("not under `apps:`");
            problems.add(match is_known {
                true => problem.help(format!("`apps: {{ {}: {{}} }}` mounts it there too", only.it)),
                false => problem.suggest(&only.it, known()),
            });
        }
    }
}

/// Whoever changes rows of everybody is not one of those whom they belong to, or there is a reason for it.
fn strangers(definition: &Definition, workspace: &Workspace, problems: &mut Problems) {
    let Some(kind) = definition.owned().map(|owned| owned.kind) else { return };
    for row in rows::of(definition).iter().filter(|row| row.owner.is_none() && row.verb.verb.writes()) {
        let is_theirs = workspace.apps.get(row.app).is_some_and(|app| app.identity == Some(kind));
        if is_theirs && row.because().is_none() {
            let (app, whose) = (row.app, kind.as_str());
            let message = format!("every {whose} of the {app} would change rows of every other {whose}");
            let problem = Problem::new(Code::UnownedWrite, &definition.source, row.verb.span.clone(), message);
            problems.add(problem.help("keep the owner, or say why not: `because: …`"));
        }
    }
}

/// Rows belong to callers whose number stands in the tokens of the application: customer 4 is not user 4.
fn identities(definition: &Definition, workspace: &Workspace, problems: &mut Problems) {
    let source = &definition.source;
    let mut told: Vec<&str> = Vec::new();
    let Some(kind) = definition.owned().map(|owned| owned.kind) else { return };
    for row in rows::of(definition).into_iter().filter(|row| row.owner.is_some()) {
        let Some(application) = workspace.apps.get(row.app).filter(|_| !told.contains(&row.app)) else { continue };
        let span = definition.apps.iter().find(|app| app.name.it == row.app).map(|app| app.name.span.clone());
        let span = span.unwrap_or_else(|| definition.name.span.clone());
        let (owner, app) = (row.owner.unwrap_or_default(), row.app);
        let problem = match application.identity {
            Some(identity) if identity == kind => continue,
            Some(identity) => {
                let (whose, known) = (kind.as_str(), identity.as_str());
                let message = format!("`{owner}` is a {whose}'s, but the {app} authenticates {known}s");
                let problem = Problem::new(Code::ForeignOwner, source, span, message);
                problem.help(format!("`{app}: {{ owner: none }}`, or an owner of its kind: `owner: {{ {known}: … }}`"))
            }
            None => {
                let message = format!("nothing says whether `{owner}` is whom the {app} authenticates");
                let problem = Problem::new(Code::ForeignOwner, source, span, message).warning();
                problem.help(format!("in glue.toml: `[applications.{app}] identity = \"{}\"`", kind.as_str()))
            }
        };
        told.push(app);
        problems.add(problem);
    }
}
