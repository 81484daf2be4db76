//! `query:`, the parameters of a hand-written read.

use crate::definition::QueryUse;
use crate::definition::fields::Fields;
use crate::diagnostic::Problems;

pub(super) fn read(fields: &Fields<'_>, problems: &mut Problems) -> Vec<QueryUse> {
    let Some(entry) = fields.get("query") else { return Vec::new() };
    let mut found = Vec::new();
    for entry in Fields::of(fields.source, &entry.value, problems).all() {
        let parameter = Fields::of(fields.source, &entry.value, problems);
        let (description, example) = (parameter.needed("description", problems), parameter.needed("example", problems));
        let required = parameter.flag("required", problems);
        parameter.finish(problems);
        if let (Some(description), Some(example)) = (description, example) {
            let (description, example) = (description.it, example.it);
            found.push(QueryUse { name: entry.key.clone(), description, example, required });
        }
    }
    found
}
