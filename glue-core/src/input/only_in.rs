//! Attributes that only some applications have.

/// An attribute that only some applications have: for the others, clients neither read nor write it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OnlyIn {
    /// The attribute.
    pub attribute: &'static str,
    /// The applications, by their names.
    pub applications: &'static [&'static str],
}

impl OnlyIn {
    /// Whether `application` has `attribute`, as far as `limits` say.
    #[must_use]
    pub fn allows(limits: &[Self], attribute: &str, application: &str) -> bool {
        let limit = limits.iter().find(|limit| limit.attribute == attribute);
        limit.is_none_or(|limit| limit.applications.contains(&application))
    }
}
