// Names, in programs and in constants.
#![deny(missing_docs, missing_debug_implementations, unused, unused_qualifications, warnings)]
#![forbid(unsafe_code)]
//! A crate with strict lints.

use aster::Capability;

/// What a holder may do.
#[derive(Capability, Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Role {
    /// Look.
    #[capability("ops.status")]
    Status,
    /// Some look, in another alphabet.
    #[capability("опс")]
    Logs = 7,
    /// Everything.
    #[deprecated]
    #[capability("ops.admin")]
    Admin = -1,
}

/// Neither copied nor compared, of one variant.
#[derive(Debug, Capability)]
#[repr(u64)]
pub enum Lone {
    /// The largest discriminant.
    #[capability("*")]
    Only = u64::MAX,
}

fn names(held: &[&dyn Fn() -> &'static str]) -> Vec<&'static str> {
    held.iter().map(|name| name()).collect()
}

fn main() {
    #[allow(deprecated)]
    let admin = Role::Admin;
    let names = names(&[&|| Role::Status.name(), &|| Role::Logs.name(), &|| admin.name(), &|| Lone::Only.name()]);
    assert_eq!(names, ["ops.status", "опс", "ops.admin", "*"]);
    assert_eq!(format!("{admin}|{:>11}|{}", Role::Status, Lone::Only), "ops.admin| ops.status|*");
}
