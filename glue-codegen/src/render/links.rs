//! Relations through children of others, as the storage template sees them.

use super::states;
use crate::definition::{Attribute, Definition, LinkUse};
use crate::names;

/// A query of what children of others tie to rows of the resource.
pub(super) struct LinkView {
    pub(super) function: String,
    pub(super) name: String,
    pub(super) table: String,
    /// The condition that ties them to rows of the resource.
    pub(super) tied: String,
    /// Leaves out those that were deleted and are kept.
    pub(super) kept: String,
    /// The table of whose children they are, the column of its ids, and what joins both.
    pub(super) from: String,
    pub(super) id: String,
    pub(super) joined: String,
    /// Its key: whoever is tied twice stands beside itself.
    pub(super) key: String,
}

/// The query of a relation through these children.
pub(super) fn through(link: &str) -> String {
    format!("through_{}", names::snake(link))
}

/// The queries of relations that lead here through children of others.
pub(super) fn of(definition: &Definition, own: &str, id: Option<&Attribute>) -> Vec<LinkView> {
    definition.links.iter().map(|link| view(own, id, link)).collect()
}

fn view(own: &str, id: Option<&Attribute>, link: &LinkUse) -> LinkView {
    let (table, from) = (names::table(&link.table), names::table(&link.from.table));
    let key = format!("{from}::{}", names::column(&link.from.table, &link.from.key));
    let id =
        format!("{}::{}", names::table(own), id.map(|id| names::column(own, &id.column_name())).unwrap_or_default());
    let id = if link.attribute.nullable { format!("{id}.nullable()") } else { id };
    LinkView {
        function: through(&link.name),
        name: link.name.clone(),
        tied: format!("{table}::{}.eq({id})", names::column(&link.table, &link.attribute.column_name())),
        kept: link.deleted.iter().map(|column| states::kept(&link.table, column)).collect(),
        id: format!("{from}::{}", names::column(&link.from.table, &link.from.id.column_name())),
        joined: format!("{key}.eq({table}::{})", names::column(&link.table, &link.from.referred_by)),
        key,
        from,
        table,
    }
}
