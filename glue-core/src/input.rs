//! What a request says, read and judged: the attributes of its body and the parameters of its query.

pub mod breaches;
mod field;
mod members;
mod only_in;
pub mod query;
mod violations;

pub use field::Field;
pub(crate) use members::snake;
pub use members::{Input, InputDef, Members, read};
pub use only_in::OnlyIn;
pub use violations::{DayBound, Pattern, Violations};
