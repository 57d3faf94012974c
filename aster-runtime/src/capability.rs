//! Capabilities by name: the enums of a program.

/// A value that is a capability, for `requires = Role::Admin`.
///
/// `#[derive(Capability)]` implements it for enums.
///
/// ```
/// # use aster_macros::Capability;
/// use aster_runtime::Capability;
///
/// #[derive(Capability, Clone, Copy)]
/// enum Role {
///     #[capability("ops.status")]
///     Status,
///     #[capability("ops.admin")]
///     Admin,
/// }
///
/// assert_eq!(Role::Admin.name(), "ops.admin");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a capability",
    label = "cannot be required",
    note = "put `#[derive(Capability)]` on the enum and `#[capability(\"ops.admin\")]` on each variant, or write the name itself in quotes"
)]
pub trait Capability {
    /// The discriminant and the name of every variant. Constants cannot call
    /// [`name`](Self::name), so generated code looks here.
    #[doc(hidden)]
    const NAMES: &'static [(i128, &'static str)];

    /// The name in credentials, compared exactly.
    fn name(&self) -> &'static str;
}

/// The names of the type of a value.
pub const fn names_of<T: Capability>(_: &T) -> &'static [(i128, &'static str)] {
    T::NAMES
}

/// The name beside a discriminant. There is one for every variant of an enum
/// that compiles; the empty name is held by nobody.
#[must_use]
pub const fn name_in(
    mut names: &'static [(i128, &'static str)],
    discriminant: i128,
) -> &'static str {
    while let [(other, name), rest @ ..] = names {
        if *other == discriminant {
            return name;
        }
        names = rest;
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_found_by_its_discriminant() {
        const NAMES: &[(i128, &str)] = &[(-7, "a"), (u64::MAX as i128, "b"), (0, "c")];
        assert_eq!([-7, u64::MAX.into(), 0].map(|n| name_in(NAMES, n)), ["a", "b", "c"]);
        assert_eq!(name_in(NAMES, 1), "");
        assert_eq!(name_in(&[], 0), "");
    }
}
