//! What a definition says of what can be done beside its verbs.

use super::at::At;
use super::attribute::Attribute;
use super::verb::VerbUse;

/// A custom operation on a resource.
#[derive(Clone, Debug)]
pub struct ActionUse {
    /// Its name.
    pub name: At<String>,
    /// Its method and its flags.
    pub verb: VerbUse,
    /// Its path below the resource; `{id}` stands for the resource's id.
    pub path: At<String>,
    /// The attributes of the resource that its body carries.
    pub input: Vec<At<String>>,
    /// What its body carries beside those.
    pub own: Vec<Attribute>,
    /// What it writes into the row that its path names.
    pub sets: Vec<SetUse>,
    /// Where it says that it answers with the resource.
    pub returns: Option<At<()>>,
    /// The hand-written implementation.
    pub handler: Option<At<String>>,
}

/// A value that an action writes.
#[derive(Clone, Debug)]
pub struct SetUse {
    /// The attribute.
    pub attribute: At<String>,
    /// What it becomes, as JSON; of a point in time, the word `now`.
    pub to: At<String>,
}
