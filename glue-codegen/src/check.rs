//! The rules that make a definition safe and generable.

mod attributes;
mod behaviour;
mod errors;
mod examples;
mod patterns;
mod storage;
mod together;

use crate::definition::{AppUse, Definition, Flag, VerbUse};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows;
use crate::workspace::Workspace;

/// Checks every definition of a workspace.
pub fn check(workspace: &Workspace, problems: &mut Problems) {
    for domain in &workspace.domains {
        let crate_dir = workspace.root.join(&domain.dir);
        for definition in &domain.definitions {
            for verb in definition.verbs.iter().filter(|verb| !verb.broken) {
                protection(definition, verb, problems);
            }
            if definition.broken {
                continue;
            }
            applications(definition, workspace, problems);
            identities(definition, workspace, problems);
            behaviour::check(definition, &crate_dir, problems);
            attributes::check(definition, &crate_dir, problems);
            storage::check(definition, problems);
            errors::check(definition, problems);
        }
    }
    together::check(workspace, problems);
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
        let verbs = mounted.filter_map(|verb| verb.scopes.as_ref()).flatten();
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
            let problem = Problem::new(Code::UnknownReference, source, verb.span.clone(), message);
            problems.add(problem.help("list it there first"));
        }
        if app.verbs.as_ref().is_some_and(Vec::is_empty) {
            let message = format!("the {} mounts no verb", app.name.it);
            let problem = Problem::new(Code::NotServable, source, app.name.span.clone(), message);
            problems.add(problem.help("remove the application, or name its verbs"));
        }
    }
    for only in definition.verbs.iter().filter_map(|verb| verb.only.as_ref()).flatten() {
        if !definition.apps.iter().any(|app| app.name.it == only.it) {
            let message = format!("`{}` does not mount this resource", only.it);
            let problem = Problem::new(Code::UnknownApplication, source, only.span.clone(), message);
            problems.add(problem.label("not under `apps:`").suggest(&only.it, known()));
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

fn protection(definition: &Definition, verb: &VerbUse, problems: &mut Problems) {
    let source = &definition.source;
    let name = verb.verb.as_str();
    let before = problems.errors();
    if verb.verb.writes() && definition.owned().is_some() {
        owned_write(definition, verb, problems);
    }
    let refused = problems.errors() > before;
    api_key(definition, verb, problems);
    let waived = waived(definition, verb, problems);
    if verb.protected.it != Flag::Public {
        if let Some(because) = verb.because.as_ref().filter(|_| !waived) {
            let message = format!("`{name}` is not public, so there is nothing to justify");
            problems
                .add(Problem::new(Code::NeedlessBecause, source, because.span.clone(), message).label("remove this"));
        }
        return;
    }
    if verb.verb.writes() && verb.because.is_none() && !refused {
        let message = format!("`{name}` is public and changes something");
        let problem = Problem::new(Code::PublicWrite, source, verb.protected.span.clone(), message);
        problems.add(
            problem.label("needs a reason").help(format!("say why: `{name}: {{ protected: false, because: … }}`")),
        );
    }
    if let Some(scope) = verb.scopes.iter().flatten().next() {
        let problem = Problem::new(
            Code::PublicScope,
            source,
            scope.span.clone(),
            format!("`{name}` is public but asks for a scope"),
        );
        problems.add(problem.label("scope can never be checked").other(
            source,
            verb.protected.span.clone(),
            "public here",
        ));
    }
    let scoped = |app: &&AppUse| rows::mounts(app, verb) && verb.scopes.is_none();
    for (app, scope) in
        definition.apps.iter().filter(scoped).filter_map(|app| Some((app, app.scopes.as_ref()?.first()?)))
    {
        let message = format!("the {} asks for a scope, but `{name}` is public", app.name.it);
        let problem = Problem::new(Code::PublicScope, source, scope.span.clone(), message);
        let problem = problem.label("scope can never be checked");
        let problem = problem.other(source, verb.protected.span.clone(), "public here");
        problems.add(problem.help(format!("protect the verb, or leave it out of the {}: `only: […]`", app.name.it)));
    }
    let written = verb.verb.writes();
    if let Some(owned) = definition.owned().filter(|_| !verb.unowned && !written) {
        let message = format!("`{name}` is public, but its rows belong to `{}`", owned.attribute);
        let problem = Problem::new(Code::PublicOwned, source, verb.protected.span.clone(), message).warning();
        let problem = problem.label("a caller without a token owns nothing").other(source, owned.span, "owned here");
        problems.add(problem.help(format!("to publish every row: `{name}: {{ protected: false, owner: none }}`")));
    }
}

/// `scopes: []` at a verb opens it to every token, where the application asks for more: that has a reason.
fn waived(definition: &Definition, verb: &VerbUse, problems: &mut Problems) -> bool {
    let asked = definition.apps.iter().filter(|app| rows::mounts(app, verb)).filter_map(|app| app.scopes.as_ref());
    let scopes = asked.flatten().next();
    let waives = verb.scopes.as_ref().is_some_and(Vec::is_empty) && scopes.is_some();
    // What a layer gives away is told beside the layer below.
    let own = definition.source.at(&verb.span).0.path == definition.source.path;
    if let (Some(scope), true, None) = (scopes, waives && own, &verb.because) {
        let message = format!("`{}` asks for no scope, although its application does", verb.verb.as_str());
        let problem = Problem::new(Code::Loosened, &definition.source, verb.span.clone(), message);
        let problem = problem.label("looser here").other(&definition.source, scope.span.clone(), "than here");
        problems.add(problem.help("say why: `because: …`"));
    }
    waives
}

/// A key is nobody: it stands in for a token, and it owns nothing.
fn api_key(definition: &Definition, verb: &VerbUse, problems: &mut Problems) {
    let keyed: Vec<_> =
        rows::of(definition).into_iter().filter(|row| row.verb.verb == verb.verb && row.api_key).collect();
    let mut refuse = |why: &str| {
        let message = format!("`{}` takes API keys, {why}", verb.verb.as_str());
        problems.add(Problem::new(Code::UselessKey, &definition.source, verb.span.clone(), message));
    };
    if verb.api_key && verb.protected.it != Flag::Protected {
        refuse("but needs no token that one could stand in for");
    }
    if keyed.iter().any(|row| row.multi_factor) {
        refuse("but asks for a second factor, which a key has not");
    }
    if keyed.iter().any(|row| row.owner.is_some()) {
        refuse("but its rows belong to somebody, and a key is nobody");
    }
}

/// Rows of an owned resource are written by their owner: by a known caller, whose rows they then are.
fn owned_write(definition: &Definition, verb: &VerbUse, problems: &mut Problems) {
    let (source, name) = (&definition.source, verb.verb.as_str());
    let mut refuse = |span: std::ops::Range<usize>, why: &str| {
        let problem = Problem::new(Code::UnownedWrite, source, span, format!("`{name}` writes owned rows, {why}"));
        problems.add(problem.help("owned rows are written by protected verbs, in applications that keep ownership"));
    };
    if verb.protected.it != Flag::Protected {
        refuse(verb.protected.span.clone(), "so its caller has to be known");
    }
    if verb.unowned {
        refuse(verb.span.clone(), "so ownership cannot be left out");
    }
    let left_out = |app: &&AppUse| definition.owned().is_some_and(|owned| owned.is_left_out(app));
    for app in definition.apps.iter().filter(left_out).filter(|app| rows::mounts(app, verb)) {
        refuse(app.name.span.clone(), "but this application leaves ownership out");
    }
}
