//! The rules that make a definition safe and generable.

mod attributes;

use crate::definition::{AppUse, At, Definition, Flag, Format, VerbName, VerbUse};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows;
use crate::workspace::Workspace;

/// Checks every definition of a workspace.
pub fn check(workspace: &Workspace, problems: &mut Problems) {
    for definition in workspace.definitions() {
        applications(definition, workspace, problems);
        for verb in &definition.verbs {
            protection(definition, verb, problems);
        }
        behaviour(definition, problems);
        attributes::check(definition, problems);
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
        let verbs = definition.verbs.iter().filter_map(|verb| verb.scopes.as_ref()).flatten();
        for scope in own.chain(verbs).filter(|scope| !application.scopes.contains_key(&scope.it)) {
            let message = format!("the {} has no scope `{}`", app.name.it, scope.it);
            let problem = Problem::new(Code::UnknownScope, source, scope.span.clone(), message);
            let scopes = application.scopes.keys().map(String::as_str);
            problems.add(problem.label("not in glue.toml").suggest(&scope.it, scopes));
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

fn protection(definition: &Definition, verb: &VerbUse, problems: &mut Problems) {
    let source = &definition.source;
    let name = verb.verb.as_str();
    if verb.verb.writes() && owner(definition).is_some() {
        owned_write(definition, verb, problems);
    }
    api_key(definition, verb, problems);
    if verb.protected.it != Flag::Public {
        if let Some(because) = &verb.because {
            let message = format!("`{name}` is not public, so there is nothing to justify");
            problems
                .add(Problem::new(Code::NeedlessBecause, source, because.span.clone(), message).label("remove this"));
        }
        return;
    }
    if verb.verb.writes() && verb.because.is_none() {
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
    if let Some((owner, span)) = owner(definition).filter(|_| !verb.unowned) {
        let message = format!("`{name}` is public, but its rows belong to `{owner}`");
        let problem = Problem::new(Code::PublicOwned, source, verb.protected.span.clone(), message).warning();
        let problem = problem.label("a caller without a token owns nothing").other(source, span, "owned here");
        problems.add(problem.help(format!("to publish every row: `{name}: {{ protected: false, owner: none }}`")));
    }
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
    let left_out = |app: &&AppUse| {
        let above = definition.ancestors.iter().filter(|ancestor| ancestor.owner.is_some());
        app.unowned || above.into_iter().any(|ancestor| ancestor.unowned_in.contains(&app.name.it))
    };
    for app in definition.apps.iter().filter(left_out).filter(|app| rows::mounts(app, verb)) {
        refuse(app.name.span.clone(), "but this application leaves ownership out");
    }
}

/// Whose the rows are, and where the definition says so: by its own `owner:` or by that of a resource in front of it.
fn owner(definition: &Definition) -> Option<(&str, std::ops::Range<usize>)> {
    let own = definition.owner.as_ref().map(|at| (at.it.as_str(), at.span.clone()));
    own.or_else(|| {
        let parent = definition.parent.as_ref()?;
        let above = definition.ancestors.iter().rev().find_map(|ancestor| ancestor.owner.as_ref())?;
        Some((above.0.as_str(), parent.resource.span.clone()))
    })
}

fn behaviour(definition: &Definition, problems: &mut Problems) {
    let at = || (definition.source.clone(), definition.name.span.clone());
    let name = &definition.name.it;
    if definition.storage.is_none() && definition.handler.is_none() {
        let (source, span) = at();
        let problem = Problem::new(Code::NoBehaviour, &source, span, format!("nothing serves `{name}`"));
        problems.add(problem.help("add `storage:` for generated behaviour or `handler:` for your own"));
    }
    for verb in &definition.verbs {
        let key = verb.verb.as_str();
        let mut refuse = |why: &str| {
            let problem =
                Problem::new(Code::NotServable, &definition.source, verb.span.clone(), format!("`{key}` {why}"));
            problems.add(problem);
        };
        let takes_forms = match definition.format {
            Format::Form => verb.verb == VerbName::Post,
            Format::Page => matches!(verb.verb, VerbName::Get | VerbName::Post),
            Format::JsonApi | Format::Json { .. } => true,
        };
        if !takes_forms {
            refuse("cannot take a form");
        }
        if !definition.apps.is_empty() && !definition.apps.iter().any(|app| rows::mounts(app, verb)) {
            refuse("is mounted by no application");
        }
    }
    if let Some(path) = &definition.path {
        custom(definition, path, problems);
    }
    if let (Some(version), Some(action)) = (&definition.version, definition.actions.first()) {
        let message = "a version has no place for actions";
        let problem = Problem::new(Code::NotServable, &definition.source, action.name.span.clone(), message);
        problems.add(problem.other(&definition.source, version.span.clone(), "versioned here"));
    }
    if definition.format.is_form() && definition.storage.is_some() {
        let (source, span) = at();
        problems.add(Problem::new(
            Code::NoBehaviour,
            &source,
            span,
            format!("`{name}` speaks forms: its behaviour is hand-written"),
        ));
    }
    if definition.verbs.is_empty() {
        let (source, span) = at();
        problems.add(Problem::new(Code::MissingKey, &source, span, format!("`{name}` lists no verb")));
    }
    if definition.apps.is_empty() {
        let (source, span) = at();
        problems.add(
            Problem::new(Code::MissingKey, &source, span, format!("no application mounts `{name}`"))
                .help("add `apps: { storefront: {} }`"),
        );
    }
}

/// A custom route is its path and its handler: nothing of a resource can stand beside it.
fn custom(definition: &Definition, path: &At<String>, problems: &mut Problems) {
    let id = definition.attributes.iter().find(|attribute| attribute.id).map(|attribute| attribute.name.span.clone());
    let storage = definition.storage.as_ref().map(|storage| storage.table.span.clone());
    let parent = definition.parent.as_ref().map(|parent| parent.resource.span.clone());
    let version = definition.version.as_ref().map(|version| version.span.clone());
    let parts = [("an id", id), ("storage", storage), ("a parent", parent), ("a version", version)];
    for (what, span) in parts.into_iter().filter_map(|(what, span)| Some((what, span?))) {
        let message = format!("a custom route has no place for {what}");
        let problem = Problem::new(Code::NotServable, &definition.source, span, message);
        problems.add(problem.other(&definition.source, path.span.clone(), "custom here"));
    }
}
