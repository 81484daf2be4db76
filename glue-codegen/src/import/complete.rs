//! What a definition needs beside what a foreign file says: an id, times, errors.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftAttribute, DraftVerb, quoted};
use crate::definition::VerbName;
use crate::names;

/// Adds what is missing; `code` gives the numbers of new errors.
pub(super) fn complete(draft: &mut Draft, code: &mut impl Iterator<Item = String>) {
    let takes_id = draft.path.is_none();
    let secret = draft.attributes.iter().any(|(_, of)| of.writable && !of.readable && !of.id);
    draft.stored = takes_id && !secret;
    if draft.path.is_some() {
        draft.entity_tag = None;
        draft.attributes.iter_mut().for_each(|(_, of)| of.id = false);
    }
    let key = format!("id_{}", names::snake(&names::singular(&draft.kind)));
    let mut ids = draft.attributes.iter_mut().filter(|(_, of)| of.id);
    if let Some((name, id)) = ids.next() {
        let kind = id_kind(draft.stored, &draft.verbs, id);
        let mut keys: Vec<(&'static str, String)> =
            id.keys.drain(..).filter(|(key, _)| *key == "description").collect();
        if names::snake(name) == key {
            // That column is the table's own key.
            keys.push(("column", "uuid".into()));
        }
        *id = DraftAttribute { kind, id: true, readable: true, keys, ..DraftAttribute::default() };
    } else if takes_id {
        let id = DraftAttribute { kind: "uuid".into(), id: true, readable: true, ..DraftAttribute::default() };
        draft.attributes.insert(0, ("uuid".into(), id));
    }
    for (name, of) in draft.attributes.iter_mut().filter(|(_, of)| !of.id) {
        let left_out = !of.required.contains(&VerbName::Post) && of.default.is_none();
        of.nullable |= draft.stored && left_out && !matches!(name.as_str(), "createdAt" | "updatedAt");
        if of.kind != "enum" && of.default.is_some() && of.nullable {
            of.default = None;
        }
    }
    if draft.stored {
        for name in ["createdAt", "updatedAt"] {
            let time = DraftAttribute { kind: "datetime".into(), readable: true, ..DraftAttribute::default() };
            match draft.attribute(name) {
                Some(known) => *known = DraftAttribute { readable: known.readable, ..time },
                None => draft.attributes.push((name.into(), DraftAttribute { readable: false, ..time })),
            }
        }
    }
    if let Some(row) = draft.errors.get_mut("forbidden") {
        let verbs: Vec<&str> = draft.verbs.keys().map(|verb| verb.as_str()).collect();
        row.push_str(&format!(", on: [{}]", verbs.join(", ")));
    }
    let finds = (takes_id && draft.verbs.keys().any(|verb| verb.has_id())) || draft.parent.is_some();
    let missing = format!("Can't find {}.", names::singular(&draft.kind).replace('-', " "));
    for (name, status, detail, wanted) in
        [("notFound", 404, missing.as_str(), finds), ("notImplemented", 501, "This is not written yet.", !draft.stored)]
    {
        if wanted && !draft.errors.contains_key(name) {
            let (code, detail) = (quoted(&code.next().unwrap_or_default()), quoted(detail));
            draft.errors.insert(name.into(), format!("status: {status}, code: {code}, detail: {detail}"));
        }
    }
}

fn id_kind(stored: bool, verbs: &BTreeMap<VerbName, DraftVerb>, id: &DraftAttribute) -> String {
    // Rows that POST makes get their ids here.
    let made = stored && verbs.contains_key(&VerbName::Post);
    if made || id.kind == "uuid" { "uuid".into() } else { "string".into() }
}
