//! What the storage can hold and serve.

use std::collections::BTreeMap;

use crate::definition::{
    Access, Attribute, Computed, Definition, EntityTags, Fold, Identifier, Kind, Storage, VerbName,
};
use crate::diagnostic::{Code, Problem, Problems};
use crate::names;
use crate::rows::{self, Row};
use crate::workspace::WIDTHS;

/// Checks everything that is about rows and columns; `most` is how many of them a table can have.
pub(super) fn check(definition: &Definition, most: usize, problems: &mut Problems) {
    references(definition, problems);
    let Some(storage) = &definition.storage else { return };
    for attribute in definition.attributes.iter().filter(|attribute| attribute.made.is_none()) {
        storable(definition, attribute, problems);
    }
    serves(definition, storage, most, problems);
    tagged(definition, problems);
    // Whoever names the verb elsewhere, or none at all, is told so there.
    let meant = definition.apps.iter().flat_map(|app| app.verbs.iter().flatten()).map(|at| at.it);
    let lists = definition.verbs.iter().map(|verb| verb.verb).chain(meant).any(|verb| verb == VerbName::List);
    if let Some(span) = definition.list.span.clone().filter(|_| !lists && !definition.verbs.is_empty()) {
        let problem =
            Problem::new(Code::UnknownKey, &definition.source, span, "`list` says how to read many, and no verb does");
        problems.add(problem.label("means nothing here").help("remove it, or add the verb: `verbs: { list: }`"));
    }
    lookups(definition, storage, problems);
    let generated = definition.handler.is_none();
    if let Some(query) = definition.query.first().filter(|_| generated) {
        let message = format!("nobody reads the parameter `{}`", query.name);
        let problem = Problem::new(Code::NotServable, &definition.source, storage.table.span.clone(), message);
        problems.add(problem.help("`query:` is for a `handler:`; generated reads have `list: { filter: […] }`"));
    }
}

/// Characters of a column of MySQL beside others: a row has 65,535 bytes.
const MAX_STRING: i64 = 4_000;

/// Whether what is computed fits the attribute's type.
fn is_shaped(attribute: &Attribute) -> bool {
    match &attribute.computed {
        None => true,
        Some(Computed::Count { .. }) => matches!(attribute.kind, Kind::Int) && !attribute.nullable,
        Some(Computed::Lookup { .. }) => matches!(attribute.kind, Kind::String) && attribute.nullable,
        Some(Computed::Fold { fold: Fold::Sum, .. }) => {
            matches!(attribute.kind, Kind::Int | Kind::Money) && !attribute.nullable
        }
        Some(Computed::Fold { fold: Fold::Average, .. }) => {
            matches!(attribute.kind, Kind::Decimal) && attribute.nullable
        }
        Some(Computed::Fold { fold: Fold::Min | Fold::Max, .. }) => {
            let ordered = matches!(attribute.kind, Kind::Int | Kind::Money | Kind::Date | Kind::DateTime);
            ordered && attribute.nullable
        }
    }
}

fn storable(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let (name, column) = (&attribute.name.it, attribute.column_name());
    if attribute.is_column() && !names::is_snake(&column) {
        let message = format!("`{column}` is not a usable column");
        let problem = Problem::new(Code::NotStorable, &definition.source, attribute.name.span.clone(), message);
        return problems.add(problem.help("name another one with `column:`"));
    }
    if attribute.computed.is_some() && (!is_shaped(attribute) || attribute.access != Access::Read) {
        let message = format!("`{name}` is not what is computed");
        let problem = Problem::new(Code::NotStorable, &definition.source, attribute.name.span.clone(), message);
        let help = "a count or a sum is an `int`, a lookup a nullable `string`, an average a nullable `decimal`, the least \
                    and the greatest are nullable as what they are taken from, with `access: read`";
        problems.add(problem.help(help));
    }
    let mut refuse = |why: String| {
        problems.add(Problem::new(Code::NotStorable, &definition.source, attribute.name.span.clone(), why));
    };
    if matches!(attribute.kind, Kind::String) && attribute.max.is_some_and(|max| max > MAX_STRING) {
        refuse(format!("`{name}` is too long for a column of its kind: write `type: text`"));
    }
    dated(definition, attribute, problems);
    filled(definition, attribute, problems);
    let mut refuse = |why: String| {
        problems.add(Problem::new(Code::NotStorable, &definition.source, attribute.name.span.clone(), why));
    };
    let posts =
        definition.verbs.iter().any(|verb| verb.verb == VerbName::Post) && attribute.access.writes(VerbName::Post);
    let always = attribute.required.contains(&VerbName::Post) || attribute.default.is_some();
    if posts && !attribute.id && !attribute.nullable && !always {
        let message = format!("`{name}` may be left out of POST, but its column cannot be null");
        let problem = Problem::new(Code::NoValue, &definition.source, attribute.name.span.clone(), message);
        problems.add(problem.help("add `required: true`, `default: …` or `nullable: true`"));
        return;
    }
    if definition.owner.as_ref().is_some_and(|owner| owner.it == *name) && attribute.access != Access::Read {
        refuse(format!("`{name}` decides whose row this is: it needs `access: read`"));
    }
    whole(definition, attribute, &attribute.kind, problems);
}

/// An object is stored whole: what it holds is always there, or can be null.
fn whole(definition: &Definition, attribute: &Attribute, kind: &Kind, problems: &mut Problems) {
    for member in kind.members().unwrap_or_default() {
        if member.required.is_empty() && !member.nullable && attribute.access != Access::Read {
            let message = format!("`{}` may be left out of `{}`, but is never null", member.name.it, attribute.name.it);
            let problem = Problem::new(Code::NoValue, &definition.source, member.name.span.clone(), message);
            problems.add(problem.help("add `required: true` or `nullable: true`"));
        }
        whole(definition, attribute, &member.kind, problems);
    }
}

/// Whoever has to say which state they have seen has been told its tag: by GET, or by the POST that made it.
fn tagged(definition: &Definition, problems: &mut Problems) {
    if definition.entity_tags != EntityTags::Required {
        return;
    }
    let rows = rows::of(definition);
    for row in rows.iter().filter(|row| row.verb.verb == VerbName::Patch) {
        let tells = |other: &Row<'_>| match other.verb.verb {
            VerbName::Get => true,
            VerbName::Post => other.verb.answers(),
            VerbName::List | VerbName::Patch | VerbName::Delete => false,
        };
        if !rows.iter().any(|other| other.app == row.app && tells(other)) {
            let message = format!("`patch` of the {} asks for an entity tag that no verb tells", row.app);
            let problem = Problem::new(Code::NotServable, &definition.source, row.verb.span.clone(), message);
            problems.add(problem.help("add `get`, or say `entityTag: offered`"));
        }
    }
}

/// The times that generated writes set.
fn dated(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    if !matches!(attribute.name.it.as_str(), "createdAt" | "updatedAt") || attribute.computed.is_some() {
        return;
    }
    let set = matches!(attribute.kind, Kind::DateTime) && !attribute.nullable;
    if !set || !matches!(attribute.access, Access::Read | Access::Hidden) {
        let message = format!("`{}` is set by every write", attribute.name.it);
        let problem = Problem::new(Code::NotStorable, &definition.source, attribute.name.span.clone(), message);
        problems.add(problem.help("write `{ type: datetime, access: read }`, or choose another name"));
    }
}

/// A row that is added has a value for each of its columns.
fn filled(definition: &Definition, attribute: &Attribute, problems: &mut Problems) {
    let has_id = definition.attributes.iter().any(|attribute| attribute.id);
    let posts = has_id && definition.verbs.iter().any(|verb| verb.verb == VerbName::Post);
    let given = attribute.id
        // Refused already.
        || !attribute.required.is_empty()
        || own_columns(definition, definition.storage.iter()).iter().any(|(own, _)| *own == attribute.column_name())
        || attribute.nullable
        || attribute.default.is_some()
        || attribute.fill.is_some()
        // Told where defaults are.
        || attribute.access == Access::Change
        || !attribute.is_column()
        || attribute.access.writes(VerbName::Post)
        || matches!(attribute.name.it.as_str(), "createdAt" | "updatedAt")
        || definition.owner.as_ref().is_some_and(|owner| owner.it == attribute.name.it);
    if posts && definition.handler.is_none() && !given {
        let message = format!("POST adds rows, and nothing gives them a `{}`", attribute.name.it);
        let problem = Problem::new(Code::NoValue, &definition.source, attribute.name.span.clone(), message);
        problems.add(
            problem.help("let clients write it, make it `nullable: true`, or serve the resource with a `handler:`"),
        );
    }
}

/// The columns that are nobody's attribute: the key, the owner's, the parent's.
fn own_columns<'a>(definition: &Definition, storage: impl Iterator<Item = &'a Storage>) -> Vec<(String, &'static str)> {
    let mut columns = Vec::new();
    for storage in storage {
        columns.push((storage.key.clone(), "the key"));
        columns.extend(storage.owner.as_ref().map(|owner| (owner.column.clone(), "the owner's")));
        columns.extend(storage.deleted.as_ref().map(|at| (at.it.clone(), "when a row was deleted")));
    }
    columns.extend(definition.ancestors.last().map(|parent| (parent.referred_by.clone(), "the parent's")));
    columns
}

/// A column is one attribute's, and never that which ties a row to its owner, its parent or its key.
fn columns(definition: &Definition, storage: &Storage, most: usize, problems: &mut Problems) {
    let source = &definition.source;
    let mut taken: BTreeMap<String, &Attribute> = BTreeMap::new();
    let own = own_columns(definition, std::iter::once(storage));
    for (at, (column, whose)) in own.iter().enumerate() {
        if let Some((_, other)) = own.iter().take(at).find(|(known, _)| known == column) {
            let message = format!("the column `{column}` is {other} and {whose}");
            let problem = Problem::new(Code::ColumnClash, source, storage.table.span.clone(), message);
            problems.add(problem.help("each of them has a column of its own"));
        }
    }
    for attribute in definition.attributes.iter().filter(|attribute| attribute.is_column()) {
        let column = attribute.column_name();
        if let Some((_, whose)) = own.iter().find(|(own, _)| *own == column) {
            let message = format!("the column `{column}` is {whose}, and no attribute");
            let problem = Problem::new(Code::ColumnClash, source, attribute.name.span.clone(), message);
            let problem = problem.other(source, storage.table.span.clone(), "of this table");
            problems.add(problem.help("rows are tied by it; name another column, or remove the attribute"));
        }
        let first = taken.insert(column.clone(), attribute);
        // Showing a column twice is no harm; no statement can set it twice.
        let set = |attribute: &Attribute| attribute.id || !matches!(attribute.access, Access::Read);
        let named = |first: &Attribute| names::snake(&first.name.it) == names::snake(&attribute.name.it);
        if let Some(first) = first.filter(|first| set(first) && set(attribute) && !named(first)) {
            let message = format!("`{}` and `{}` are one column, `{column}`", first.name.it, attribute.name.it);
            let problem = Problem::new(Code::ColumnClash, source, attribute.name.span.clone(), message);
            let problem = problem.label("here").other(source, first.name.span.clone(), "and here");
            problems.add(problem.help("name another column for one of them with `column:`"));
        }
    }
    let stored = || definition.attributes.iter().filter(|attribute| attribute.is_column());
    let hidden = |attribute: &&Attribute| attribute.secret || !attribute.access.reads();
    let kept: BTreeMap<String, &Attribute> = stored().filter(hidden).map(|of| (of.column_name(), of)).collect();
    for shown in stored().filter(|attribute| attribute.access.reads()) {
        let Some(first) = kept.get(&shown.column_name()).filter(|first| first.name.it != shown.name.it) else {
            continue;
        };
        let message = format!("`{}` shows what `{}` keeps", shown.name.it, first.name.it);
        let problem = Problem::new(Code::ColumnClash, source, shown.name.span.clone(), message);
        let problem = problem.label("here").other(source, first.name.span.clone(), "kept here");
        problems.add(problem.help("one of them only: a column is seen by clients, or it is not"));
    }
    // Of a circle that is refused already, nobody knows what stands in front.
    let around = definition.ancestors.iter().any(|ancestor| ancestor.name == definition.name.it);
    let same = definition.ancestors.iter().find(|ancestor| ancestor.table == storage.table.it);
    if let Some(above) = same.filter(|_| !around) {
        let message = format!("`{}` has the table of `{}`, in front of it", definition.name.it, above.name);
        let problem = Problem::new(Code::NotStorable, source, storage.table.span.clone(), message);
        problems.add(problem.help("rows below others stand in a table of their own"));
    }
    let count = taken.len() + own.len();
    if count > most {
        let message = format!("{count} columns are more than the {most} that queries can have");
        let problem = Problem::new(Code::TooMany, source, storage.table.span.clone(), message);
        problems.add(problem.help(match WIDTHS.iter().find(|width| **width >= count) {
            Some(width) => format!("give diesel the feature `{width}-column-tables` in Cargo.toml, or split the table"),
            None => "split the table, or serve the resource with a `handler:`".to_owned(),
        }));
    }
}

/// A count is of another table; a lookup compares texts, one of them a column of this row.
fn lookups(definition: &Definition, storage: &Storage, problems: &mut Problems) {
    for attribute in &definition.attributes {
        let mut refuse = |why: String, help: &str| {
            let problem = Problem::new(Code::BadComputed, &definition.source, attribute.name.span.clone(), why);
            problems.add(problem.help(help));
        };
        match &attribute.computed {
            Some(computed) if computed.table() == storage.table.it => {
                let table = computed.table();
                refuse(format!("`{table}` is the resource's own table"), "rows of another table are read");
            }
            Some(Computed::Lookup { by, .. }) => {
                let texty = |attribute: &&Attribute| matches!(attribute.kind, Kind::String | Kind::Text | Kind::Uuid);
                let own = definition.attributes.iter().filter(|own| own.computed.is_none()).filter(texty);
                let natural = storage.owner.as_ref().filter(|owner| owner.identifier == Identifier::Natural);
                let mut known = own.map(Attribute::column_name).chain(natural.map(|owner| owner.column.clone()));
                if !known.any(|column| column == *by) {
                    refuse(
                        format!("this row has no text in a column `{by}`"),
                        "`by` names a text column of this table",
                    );
                }
            }
            Some(Computed::Count { .. } | Computed::Fold { .. }) | None => {}
        }
    }
}

/// Clients sort and filter by what they see, and by nothing that belongs to somebody else.
fn references(definition: &Definition, problems: &mut Problems) {
    let stored: Vec<&Attribute> = definition.attributes.iter().filter(|a| a.is_column()).collect();
    let names = || stored.iter().map(|attribute| attribute.name.it.as_str());
    let source = &definition.source;
    let order = definition.list.order.iter().map(|(name, _)| name);
    for name in definition.list.sort.iter().chain(&definition.list.filter).chain(order) {
        match stored.iter().find(|attribute| attribute.name.it == name.it) {
            Some(attribute) if !attribute.kind.is_compared() => {
                let message = format!("rows have no order by `{}`", name.it);
                let problem = Problem::new(Code::NotSortable, source, name.span.clone(), message);
                problems
                    .add(problem.other(source, attribute.name.span.clone(), "stored as a text").help("remove it here"));
            }
            Some(attribute) if attribute.access.reads() && !attribute.secret => {}
            Some(attribute) => {
                let message = format!("clients do not see `{}`, so they cannot sort or filter by it", name.it);
                let problem = Problem::new(Code::NotSortable, source, name.span.clone(), message);
                let problem = problem.other(source, attribute.name.span.clone(), "not readable here");
                problems.add(problem.help("remove it here, or give it `access: read`"));
            }
            None => {
                let message = format!("there is no column `{}`", name.it);
                let problem = Problem::new(Code::NotSortable, source, name.span.clone(), message);
                let problem = problem.help("clients sort and filter by stored attributes that they read");
                problems.add(problem.suggest(&name.it, names()));
            }
        }
    }
    together_fits(definition, problems);
    let owner = definition.owner.as_ref().map(|at| at.it.as_str());
    let together = definition.storage.iter().flat_map(|storage| storage.unique.iter().chain(&storage.index).flatten());
    for name in together {
        let texts = stored.iter().find(|attribute| attribute.name.it == name.it);
        if texts.is_some_and(|attribute| matches!(attribute.kind, Kind::List(_) | Kind::Object(_) | Kind::Map)) {
            let message = format!("no row is found by `{}`", name.it);
            let problem = Problem::new(Code::NotStorable, source, name.span.clone(), message);
            problems.add(problem.help("lists, objects and maps are stored whole"));
        } else if !names().any(|known| known == name.it) && owner != Some(name.it.as_str()) {
            let message = format!("there is no column `{}`", name.it);
            let problem = Problem::new(Code::UnknownReference, source, name.span.clone(), message);
            problems.add(problem.suggest(&name.it, names()));
        }
    }
}

/// Characters that an index of MySQL holds: 3,072 bytes.
const MAX_INDEXED: i64 = 768;

/// Lists of columns that every database can index.
fn together_fits(definition: &Definition, problems: &mut Problems) {
    let Some(storage) = &definition.storage else { return };
    for list in storage.unique.iter().chain(&storage.index) {
        let span = list.first().map_or_else(|| storage.table.span.clone(), |at| at.span.clone());
        let mut refuse = |why: &str, help: &str| {
            let problem = Problem::new(Code::BadIndex, &definition.source, span.clone(), why);
            problems.add(problem.help(help));
        };
        let found: Vec<&Attribute> =
            list.iter().filter_map(|at| definition.attributes.iter().find(|of| of.name.it == at.it)).collect();
        let twice = list.iter().enumerate().any(|(at, of)| list.iter().take(at).any(|other| other.it == of.it));
        let is_string = |of: &&Attribute| matches!(of.kind, Kind::String);
        let long = |of: &&Attribute| if is_string(of) { of.max.unwrap_or(255) } else { 36 };
        if list.is_empty() || twice {
            refuse("each list names attributes, each of them once", "write `[[customerReference, name]]`");
        } else if found.iter().any(|of| matches!(of.kind, Kind::Text)) {
            refuse("no index holds a text of any length", "give the attribute `type: string` and a `max:`");
        } else if found.iter().map(long).sum::<i64>() > MAX_INDEXED {
            refuse("this is more than the 768 characters that an index holds", "give the texts a smaller `max:`");
        }
    }
}

fn serves(definition: &Definition, storage: &Storage, most: usize, problems: &mut Problems) {
    columns(definition, storage, most, problems);
    let missing = |name: &str, why: &str| {
        let problem = Problem::new(
            Code::MissingError,
            &definition.source,
            storage.table.span.clone(),
            format!("there is no error `{name}`"),
        );
        problem.help(format!("{why}: add it under `errors:`"))
    };
    for verb in &definition.verbs {
        let mut refuse = |why: &str| {
            let message = format!("`{}` {why}", verb.verb.as_str());
            let problem = Problem::new(Code::NotServable, &definition.source, verb.span.clone(), message);
            problems.add(problem.help("remove the verb, or add what it needs"));
        };
        let ids: Vec<_> = definition.attributes.iter().filter(|attribute| attribute.id).collect();
        let id_is_text = matches!(ids.as_slice(), [id] if matches!(id.kind, Kind::String));
        if verb.verb == VerbName::Post && definition.handler.is_none() && id_is_text {
            refuse("makes ids, which only a `uuid` can be");
        }
        let writes = |attribute: &Attribute| !attribute.id && attribute.access.writes(VerbName::Patch);
        let dated = definition.attributes.iter().any(|attribute| attribute.name.it == "updatedAt");
        if verb.verb == VerbName::Patch && !(definition.attributes.iter().any(writes) && dated) {
            refuse("needs an attribute that can be written, and `updatedAt`");
        }
    }
    let has = |name: &str| definition.errors.iter().any(|error| error.name.it == name);
    if definition.verbs.iter().any(|verb| definition.takes_id(verb.verb)) && !has("notFound") {
        problems.add(missing("notFound", "a row may not be there"));
    }
    let changes = definition.verbs.iter().find(|verb| matches!(verb.verb, VerbName::Patch | VerbName::Delete));
    let tagged = changes.filter(|_| definition.entity_tags != EntityTags::None);
    let dated = definition.attributes.iter().any(|attribute| attribute.name.it == "updatedAt");
    if let Some(verb) = tagged.filter(|_| !dated) {
        let message = format!("`{}` is tagged, so its rows need `updatedAt`", verb.verb.as_str());
        problems.add(Problem::new(Code::NotServable, &definition.source, verb.span.clone(), message));
    }
    let is_caller = definition.parent.as_ref().is_some_and(|parent| parent.is_caller);
    if is_caller && !has("foreignParent") {
        problems.add(missing("foreignParent", "the parent may be somebody else's"));
    }
    if definition.parent.is_some() && !has("parentNotFound") && !has("notFound") {
        problems.add(missing("parentNotFound", "the parent may not be there"));
    }
    let creates = definition.verbs.iter().any(|verb| verb.verb.has_body());
    if creates && !storage.unique.is_empty() && !has("duplicate") {
        problems.add(missing("duplicate", "a unique row may already be there"));
    }
    if let Some(owner) = &definition.owner
        && storage.owner.is_none()
        && !definition.attributes.iter().any(|attribute| attribute.name.it == owner.it)
    {
        let message = format!("`{}` is neither an attribute nor a column of the storage", owner.it);
        let problem = Problem::new(Code::UnknownReference, &definition.source, owner.span.clone(), message);
        problems
            .add(problem.help("name its column: `storage: { owner: { column: fk_customer, identifier: surrogate } }`"));
    }
}
