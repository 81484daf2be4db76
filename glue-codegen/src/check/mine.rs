//! Resources of which a caller has one: `mine` stands for its id.

use crate::definition::{Definition, VerbName};
use crate::diagnostic::{Code, Problem, Problems};
use crate::rows::{self, Row};

/// Checks that `mine` means one row wherever it stands.
pub(super) fn check(definition: &Definition, problems: &mut Problems) {
    let Some(span) = &definition.mine else { return };
    let source = &definition.source;
    let Some(owner) = &definition.owner else {
        let problem = Problem::new(Code::NotServable, source, span.clone(), "nobody's row is `mine`");
        return problems.add(problem.help("name the attribute that says whose it is: `owner: customerReference`"));
    };
    let rows = rows::of(definition);
    let names_one = |row: &Row<'_>| row.owner.is_some() && definition.takes_id(row.verb.verb);
    if !rows.iter().any(names_one) {
        let message = format!("no verb asks for the row of a caller: none of them has an id and `{}`", owner.it);
        let problem = Problem::new(Code::NotServable, source, span.clone(), message);
        problems.add(problem.help("add `get`, `patch` or `delete`, or remove `mine`"));
    }
    for list in rows.iter().filter(|row| row.verb.verb == VerbName::List) {
        if rows.iter().any(|row| row.app == list.app && names_one(row)) {
            let message = format!("`mine` would be two things in the {}: this collection, and one row of it", list.app);
            let problem = Problem::new(Code::RouteClash, source, list.verb.span.clone(), message);
            let problem = problem.label("the collection").other(source, span.clone(), "the row");
            problems.add(problem.help("remove one of them: whoever has one row has no need of a list"));
        }
    }
    let deletes = definition.verbs.iter().find(|verb| verb.verb == VerbName::Delete);
    let kept = definition.storage.as_ref().and_then(|storage| storage.deleted.as_ref());
    if let (Some(delete), Some(kept)) = (deletes, kept) {
        let message = "whoever deletes `mine` could never have another: the row is kept, and there is one a caller";
        let problem = Problem::new(Code::NotServable, source, delete.span.clone(), message);
        let problem = problem.other(source, kept.span.clone(), "kept here");
        problems.add(problem.help("remove `delete`, or `softDelete`"));
    }
    let told = definition.verbs.iter().filter(|verb| verb.verb == VerbName::Delete).find_map(|verb| verb.then.as_ref());
    if let Some(then) = told {
        let message = format!("`{}` would be told that `mine` was deleted, and not whose that was", then.it);
        let problem = Problem::new(Code::NotServable, source, then.span.clone(), message);
        problems.add(problem.help("serve `delete` by a `handler:`"));
    }
}
