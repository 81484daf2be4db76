//! The query parameters that rows understand.

/// A query parameter. What all resources understand is described once, here.
#[derive(Clone, Copy, Debug)]
pub enum QueryParameter {
    /// `fields[type]`: which of these attributes to answer with.
    Fields(&'static [&'static str]),
    /// `page[offset]`.
    PageOffset,
    /// `page[limit]`: the rows of a page, and the most of one.
    PageLimit {
        /// Without the parameter.
        default: i64,
        /// At most.
        max: i64,
    },
    /// `sort`: by which of these attributes.
    Sort(&'static [&'static str]),
    /// `filter[type.attribute]`.
    Filter {
        /// The type of the resource that has the attribute: the row's own, or one that its resource is related to.
        resource: &'static str,
        /// The attribute.
        attribute: &'static str,
        /// An example.
        example: &'static str,
    },
    /// What only this verb understands: a text.
    Own {
        /// Its name.
        name: &'static str,
        /// What it does.
        description: &'static str,
        /// An example.
        example: &'static str,
        /// Whether the operation is refused without it.
        required: bool,
    },
}
