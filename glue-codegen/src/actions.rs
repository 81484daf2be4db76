//! Actions as what they are: definitions of their own, with a path below their resource.

use crate::definition::{
    Access, ActionOf, ActionUse, AppUse, At, Attribute, Definition, EntityTags, ListUse, Target, VerbName,
};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::rows;
use crate::workspace::Workspace;

/// Puts a definition beside each resource for each of its actions.
pub fn expand(workspace: &mut Workspace, problems: &mut Problems) {
    for domain in &mut workspace.domains {
        let mut actions = Vec::new();
        for definition in &domain.definitions {
            let own = definition.actions.iter().filter(|_| !definition.broken);
            actions.extend(own.map(|action| of(definition, action, problems)));
        }
        domain.definitions.extend(actions);
        domain.definitions.sort_by_key(Definition::module);
    }
}

/// `POST /wishlists/{wishlistId}/share` of `wishlists` becomes the type `wishlist-share`.
pub(crate) fn of(definition: &Definition, action: &ActionUse, problems: &mut Problems) -> Definition {
    let mut name = action.name.clone();
    name.it = format!("{}-{}", definition.singular, name.it);
    sendable(definition, action, problems);
    in_place(definition, action, problems);
    let id = format!("{{{}Id}}", names::camel(&definition.singular));
    let mut path = action.path.clone();
    path.it = format!("{}{}", rows::collection_path(definition), path.it.replace("{id}", &id));
    // The rows of an action are those of its resource, which may be those of a resource in front of it.
    let owned = definition.owned();
    let left_out = |app: &AppUse| owned.as_ref().map_or(app.unowned, |owned| owned.is_left_out(app));
    let apps = definition.apps.iter().filter(|app| app.has_action(&action.name.it));
    let apps = apps.map(|app| AppUse { unowned: left_out(app), verbs: None, actions: Vec::new(), ..app.clone() });
    Definition {
        source: definition.source.clone(),
        singular: name.it.clone(),
        version: None,
        newest: true,
        summary: action.verb.summary.clone().unwrap_or_else(|| definition.summary.clone()),
        description: definition.description.clone(),
        format: definition.format,
        path: Some(path),
        no_store: definition.no_store,
        multi_factor: definition.multi_factor,
        profiles: definition.profiles.clone(),
        apps: apps.collect(),
        action_of: Some(ActionOf { resource: Box::new(definition.clone()), action: action.clone() }),
        owner: owned.as_ref().map(|owned| At { it: owned.attribute.to_owned(), span: owned.span.clone() }),
        owner_kind: owned.as_ref().map_or(definition.owner_kind, |owned| owned.kind),
        mine: None,
        parent: None,
        ancestors: Vec::new(),
        relations: Vec::new(),
        included: Vec::new(),
        target: Target::default(),
        links: Vec::new(),
        made: Vec::new(),
        // Behaviour by hand looks at what it likes.
        entity_tags: if action.sets.is_empty() { EntityTags::None } else { definition.entity_tags },
        verbs: vec![action.verb.clone()],
        actions: Vec::new(),
        attributes: attributes(definition, action),
        list: ListUse::of(definition.list.default, definition.list.max),
        query: Vec::new(),
        storage: None,
        handler: action.handler.clone(),
        broken: definition.broken,
        because: definition.because.clone(),
        loosened: definition.loosened.clone(),
        layers: definition.layers.clone(),
        errors: definition.errors.clone(),
        name,
    }
}

/// What an action reads and shows, and the ids of its path.
fn attributes(definition: &Definition, action: &ActionUse) -> Vec<Attribute> {
    let is_retyped = |attribute: &&Attribute| action.own.iter().any(|own| own.name.it == attribute.name.it);
    let kept = definition.attributes.iter().filter(|attribute| !is_retyped(attribute));
    let kept = kept.filter_map(|attribute| part(attribute, action, definition));
    let above = definition.ancestors.iter().map(|ancestor| in_path(&ancestor.id, &ancestor.singular));
    kept.chain(above).chain(action.own.iter().map(|own| sent(own, action))).collect()
}

/// What an action takes are attributes that clients may send.
fn sendable(definition: &Definition, action: &ActionUse, problems: &mut Problems) {
    for input in &action.input {
        if !definition.attributes.iter().any(|attribute| attribute.name.it == input.it && !attribute.id) {
            let message = format!("`{}` has no attribute `{}`", definition.name.it, input.it);
            let problem = Problem::new(Code::ActionInput, &definition.source, input.span.clone(), message);
            problems.add(problem.suggest(&input.it, definition.attributes.iter().map(|a| a.name.it.as_str())));
        }
    }
    let owner = |input: &&At<String>| definition.owned().is_some_and(|owned| owned.attribute == input.it);
    if let Some(input) = action.input.iter().find(owner) {
        let message = format!("`{}` says whose the row is, so nobody sends it", input.it);
        let problem = Problem::new(Code::ActionInput, &definition.source, input.span.clone(), message);
        problems.add(problem.help("remove it from `input:`"));
    }
    let kept = |input: &&At<String>| {
        definition.attributes.iter().any(|own| own.name.it == input.it && own.access == Access::Hidden && !own.id)
    };
    if let Some(input) = action.input.iter().find(kept) {
        let message = format!("`{}` is hidden, so nobody sends it", input.it);
        let problem = Problem::new(Code::ActionInput, &definition.source, input.span.clone(), message);
        problems.add(problem.help("remove it from `input:`, or give it `access: create`"));
    }
}

/// The path of an action names the resource's id, and that once at most.
fn in_place(definition: &Definition, action: &ActionUse, problems: &mut Problems) {
    let parameters: Vec<&str> = action.path.it.split('/').filter(|segment| segment.starts_with('{')).collect();
    if parameters.iter().any(|parameter| *parameter != "{id}") || parameters.len() > 1 {
        let message = format!("the path of `{}` has a parameter that nobody fills", action.name.it);
        let problem = Problem::new(Code::BadPath, &definition.source, action.path.span.clone(), message);
        problems.add(problem.help("the one parameter of an action is the resource's id: `{id}/share`"));
    }
}

/// An id that stands in the path: it gives the parameter its example.
fn in_path(id: &Attribute, singular: &str) -> Attribute {
    let mut part = id.clone();
    part.id = false;
    part.computed = None;
    // What its resource does with rows is no matter of the action's own.
    (part.default, part.references) = (None, None);
    part.transitions.clear();
    part.access = Access::Hidden;
    part.name.it = format!("{}Id", names::camel(singular));
    part
}

/// An attribute as the action reads and shows it.
fn part(attribute: &Attribute, action: &ActionUse, definition: &Definition) -> Option<Attribute> {
    let sent = action.input.iter().any(|input| input.it == attribute.name.it);
    let mut part = attribute.clone();
    // What a new row has when nobody says another is no matter of what happens to it later.
    (part.computed, part.default, part.fill) = (None, None, None);
    let sent_too = |name: &str| action.input.iter().any(|input| input.it == name);
    part.required_when.retain(|state| sent_too(&state.attribute.it));
    if attribute.id {
        return Some(in_path(attribute, &definition.singular));
    }
    if !sent {
        part.required.clear();
    }
    part.required.retain(|verb| *verb == VerbName::Post || *verb == action.verb.verb);
    if sent && !part.required.is_empty() && !part.required.contains(&action.verb.verb) {
        part.required = vec![action.verb.verb];
    }
    // Where the answer is the resource, nothing of the action itself is shown.
    let itself = action.returns.is_some() || !action.sets.is_empty();
    part.access = match (sent, attribute.access.reads() && action.verb.answers() && !itself) {
        (true, true) => Access::ReadWrite,
        (true, false) => only_sent(action),
        (false, true) => Access::Read,
        (false, false) => return None,
    };
    Some(part)
}

/// What is sent and not shown.
fn only_sent(action: &ActionUse) -> Access {
    if action.verb.verb == VerbName::Patch { Access::Update } else { Access::Create }
}

/// What the body of an action carries and its resource does not have.
fn sent(own: &Attribute, action: &ActionUse) -> Attribute {
    let required = if own.required.is_empty() { Vec::new() } else { vec![action.verb.verb] };
    Attribute { access: only_sent(action), required, ..own.clone() }
}
