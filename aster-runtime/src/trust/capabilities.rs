//! What a holder may do.

use std::fmt;

use crate::service::Requirement;

/// The capabilities of an admitted peer.
///
/// Names are compared exactly: no prefixes, no wildcards, no case folding.
///
/// ```
/// use aster_runtime::trust::Capabilities;
/// let held = Capabilities::from_role("ops.status, ops.logs");
/// assert!(held.contains("ops.logs"));
/// assert!(!held.contains("ops"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// Sorted, no name twice, none empty.
    names: Box<[Box<str>]>,
}

impl Capabilities {
    /// The capabilities in the value of `aster.role`: names between commas,
    /// without the white space around them (trust.md 2.3).
    #[must_use]
    pub fn from_role(role: &str) -> Self {
        let names = role.split(',').map(str::trim).filter(|name| !name.is_empty());
        let mut names: Vec<Box<str>> = names.map(Box::from).collect();
        names.sort_unstable();
        names.dedup();
        Self { names: names.into_boxed_slice() }
    }

    /// Whether exactly this capability is held. Does not allocate.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.names.binary_search_by(|held| (**held).cmp(name)).is_ok()
    }

    /// Whether a requirement is met. One that names nothing is met by
    /// nobody. Does not allocate.
    #[must_use]
    pub fn meet(&self, requirement: &Requirement) -> bool {
        match requirement {
            // Who has capabilities to be asked for was admitted.
            Requirement::Admitted => true,
            Requirement::Role(name) => self.contains(name),
            Requirement::AnyOf(names) => names.iter().any(|name| self.contains(name)),
            Requirement::AllOf(names) => {
                !names.is_empty() && names.iter().all(|name| self.contains(name))
            }
        }
    }

    /// The names, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(AsRef::as_ref)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// The form of `aster.role`.
impl fmt::Display for Capabilities {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a20_names_are_compared_exactly() {
        let held = Capabilities::from_role(" ops.status ,\tops.logs,, ,ops.status");
        assert_eq!(held.iter().collect::<Vec<_>>(), ["ops.logs", "ops.status"]);
        assert_eq!(held.to_string(), "ops.logs,ops.status");
        assert!(!held.is_empty());
        for not in ["", "ops", "ops.", "ops.status ", "OPS.STATUS", "ops.statuses", "ops.*", "*"] {
            assert!(!held.contains(not), "{not:?}");
        }
        for nothing in ["", ",", " , ,", "\t"] {
            let held = Capabilities::from_role(nothing);
            assert!(held.is_empty() && !held.contains("") && held == Capabilities::default());
        }
        let spaced = Capabilities::from_role("ops.status ops.admin");
        assert!(!spaced.contains("ops.admin") && spaced.contains("ops.status ops.admin"));
        // A look-alike letter is another letter.
        assert!(!Capabilities::from_role("\u{43e}ps.status").contains("ops.status"));
        assert!(!Capabilities::from_role("ops.status\u{200b}").contains("ops.status"));
    }

    #[test]
    fn b15_a_requirement_that_names_nothing_is_met_by_nobody() {
        for held in ["", "ops.admin", "*"] {
            let held = Capabilities::from_role(held);
            assert!(!held.meet(&Requirement::AnyOf(&[])));
            assert!(!held.meet(&Requirement::AllOf(&[])));
            assert!(!held.meet(&Requirement::Role("")));
        }
    }

    #[test]
    fn every_admitted_peer_meets_admitted() {
        for held in ["", "ops.admin"] {
            assert!(Capabilities::from_role(held).meet(&Requirement::Admitted), "{held:?}");
        }
    }

    #[test]
    fn any_and_all() {
        let held = Capabilities::from_role("a,b");
        assert!(held.meet(&Requirement::AnyOf(&["x", "b"])));
        assert!(!held.meet(&Requirement::AnyOf(&["x", "y"])));
        assert!(held.meet(&Requirement::AllOf(&["a", "b"])));
        assert!(!held.meet(&Requirement::AllOf(&["a", "b", "c"])));
        assert!(!held.meet(&Requirement::AllOf(&["c", "a"])));
    }
}
