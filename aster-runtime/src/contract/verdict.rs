//! What a change of a contract means for callers.

use std::fmt;

use serde::Serialize;

/// What a caller of the old contract gets from a server of the new one.
///
/// The order is that of severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// It does not see a difference.
    #[default]
    None,
    /// Calls work as before.
    Compatible,
    /// It depends on something the contracts do not tell, such as the values
    /// in a field of any type, or the roles that a caller holds.
    Unknown,
    /// Some calls fail or mean something else.
    Breaking,
}

impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None | Self::Compatible => "compatible",
            Self::Unknown => "possibly breaking",
            Self::Breaking => "breaking",
        })
    }
}

/// The effects on the two directions of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sides {
    /// The caller writes by the old contract, the server reads by the new one.
    pub request: Effect,
    /// The server writes by the new contract, the caller reads by the old one.
    pub response: Effect,
}

impl Sides {
    pub(super) const NONE: Self = Self::new(Effect::None, Effect::None);
    pub(super) const BREAKING: Self = Self::new(Effect::Breaking, Effect::Breaking);

    pub(super) const fn new(request: Effect, response: Effect) -> Self {
        Self { request, response }
    }

    /// The worse effect on each side.
    pub(super) fn and(self, other: Self) -> Self {
        Self::new(self.request.max(other.request), self.response.max(other.response))
    }

    /// The same with the roles of old and new exchanged.
    pub(super) const fn reversed(self) -> Self {
        Self::new(self.response, self.request)
    }

    /// The worse of both.
    #[must_use]
    pub fn worst(self) -> Effect {
        self.request.max(self.response)
    }
}

/// What one change does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// On callers that send JSON.
    pub json: Sides,
    /// On callers that send the compact binary encoding.
    pub xlang: Sides,
    /// Whether the id of the contract changes with it.
    pub changes_id: bool,
}

/// What all changes together do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// There is no change.
    Identical,
    /// Only descriptions changed.
    Documentation,
    /// Something else changed, with these effects at worst.
    Changed {
        /// On callers that send JSON.
        json: Effect,
        /// On callers that send the compact binary encoding.
        xlang: Effect,
    },
}

impl Verdict {
    /// Whether something changed, and only descriptions.
    #[must_use]
    pub const fn is_documentation_only(self) -> bool {
        matches!(self, Self::Documentation)
    }

    /// The worst effect on callers that send JSON.
    #[must_use]
    pub const fn json(self) -> Effect {
        if let Self::Changed { json, .. } = self { json } else { Effect::None }
    }

    /// The worst effect on callers that send the compact binary encoding.
    #[must_use]
    pub const fn xlang(self) -> Effect {
        if let Self::Changed { xlang, .. } = self { xlang } else { Effect::None }
    }
}

/// ```
/// use aster_runtime::contract::{Effect, Verdict};
///
/// let verdict = Verdict::Changed { json: Effect::Compatible, xlang: Effect::Breaking };
/// assert_eq!(
///     verdict.to_string(),
///     "compatible for JSON callers, breaking for XLANG callers"
/// );
/// ```
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Identical => f.write_str("identical"),
            Self::Documentation => f.write_str("documentation only"),
            Self::Changed { json, xlang } => {
                write!(f, "{json} for JSON callers, {xlang} for XLANG callers")
            }
        }
    }
}
