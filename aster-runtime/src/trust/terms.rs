//! What one link of a chain grants, and when that is narrower than another.

use super::audience::Audience;
use super::capabilities::Capabilities;
use super::expiry::{self, MAX_EXPIRES_AT};
use crate::limits::{MAX_CAPABILITIES, MAX_CAPABILITY_BYTES, MAX_CHAIN_LINKS, MAX_NAME_BYTES};
use crate::peer::PeerId;

/// What a link grants, to whom and for how long.
///
/// ```
/// use aster_runtime::PeerId;
/// use aster_runtime::trust::{Audience, Capabilities, Terms};
/// let agent: PeerId = "ab".repeat(32).parse()?;
/// let terms = Terms {
///     subject: agent,
///     not_before: 1_800_000_000,
///     not_after: 1_800_003_600,
///     capabilities: Capabilities::from_role("ops.status,ops.logs"),
///     audience: Audience::parse(["Fleet"])?,
///     delegations: 1,
/// };
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The key of the node that may use it, and nobody else.
    pub subject: PeerId,
    /// The first second at which it is valid, since 1970.
    pub not_before: u64,
    /// The first second at which it is no longer valid, since 1970.
    pub not_after: u64,
    /// What the holder may do, as services name it in `requires`. At most
    /// [`MAX_CAPABILITIES`].
    pub capabilities: Capabilities,
    /// Where it may be used.
    pub audience: Audience,
    /// How many further links may follow: 0 for a holder that may not
    /// delegate. Less than [`MAX_CHAIN_LINKS`].
    pub delegations: u8,
}

impl Terms {
    /// Checks that a link can have these terms.
    pub(super) fn check(&self) -> Result<(), InvalidTerms> {
        if self.not_before >= self.not_after {
            return Err(InvalidTerms::Window);
        }
        if self.not_after > MAX_EXPIRES_AT {
            return Err(InvalidTerms::Time);
        }
        if usize::from(self.delegations) >= MAX_CHAIN_LINKS {
            return Err(InvalidTerms::Delegations);
        }
        if self.capabilities.iter().count() > MAX_CAPABILITIES {
            return Err(InvalidTerms::CapabilityCount);
        }
        self.capabilities.iter().try_for_each(check_capability)
    }

    /// Checks that these terms give nothing that `parent` does not give.
    pub(super) fn check_within(&self, parent: &Self) -> Result<(), Widening> {
        if self.delegations >= parent.delegations {
            return Err(Widening::Delegations { allowed: parent.delegations });
        }
        if self.not_before < parent.not_before {
            return Err(Widening::Start { earliest: parent.not_before });
        }
        if self.not_after > parent.not_after {
            return Err(Widening::End { latest: parent.not_after });
        }
        let extra = self.capabilities.iter().find(|name| !parent.capabilities.contains(name));
        if let Some(extra) = extra {
            return Err(Widening::Capability(extra.to_owned()));
        }
        match self.audience.beyond(&parent.audience) {
            Some(extra) => Err(Widening::Audience(extra)),
            None => Ok(()),
        }
    }
}

/// Checks that this is one capability, also in the comma-separated list of an
/// interoperable credential (trust.md 2.3).
pub(super) fn check_capability(text: &str) -> Result<(), InvalidTerms> {
    let sound = !text.is_empty()
        && text.len() <= MAX_CAPABILITY_BYTES
        && text.trim() == text
        && !text.chars().any(|c| c.is_control() || c == ',');
    if sound { Ok(()) } else { Err(InvalidTerms::Capability(text.to_owned())) }
}

/// Why a link cannot have these terms.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidTerms {
    /// It would never be valid.
    #[error("it would never be valid: its end is not after its start")]
    Window,
    /// The end is beyond the year 9999.
    #[error("its end is beyond the year 9999; times are in seconds, not milliseconds")]
    Time,
    /// Longer chains are not read.
    #[error("at most {} further delegations can be allowed", MAX_CHAIN_LINKS - 1)]
    Delegations,
    /// There are too many capabilities.
    #[error("it has more than {MAX_CAPABILITIES} capabilities")]
    CapabilityCount,
    /// This is no capability.
    #[error(
        "{0:?} is no capability: 1 to {MAX_CAPABILITY_BYTES} bytes, no comma, no control characters, no space at the ends"
    )]
    Capability(String),
    /// There are too many audience entries.
    #[error("its audience has more than {} entries", crate::limits::MAX_AUDIENCE_ENTRIES)]
    AudienceCount,
    /// This is no audience entry.
    #[error(
        "{0:?} is no audience: write Service, Service@2, Service.method or Service@2.method, names of 1 to {MAX_NAME_BYTES} bytes without spaces"
    )]
    Audience(String),
    /// All together is too much for a link.
    #[error(
        "it takes more than {} bytes; name fewer or shorter capabilities and audience entries",
        crate::limits::MAX_LINK_BYTES
    )]
    Size,
}

/// How a link would give more than the one before it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Widening {
    /// It allows as many further links as its parent, or the parent none.
    #[error("{}", match allowed {
        0 => "the credential it comes from may not be delegated".to_owned(),
        n => format!("it may allow fewer than {n} further delegations"),
    })]
    Delegations {
        /// How many links may follow the parent, this one included.
        allowed: u8,
    },
    /// It starts before its parent.
    #[error("it starts before the credential it comes from, which starts at {}", expiry::format(*earliest))]
    Start {
        /// The parent's start, seconds since 1970.
        earliest: u64,
    },
    /// It ends after its parent.
    #[error("it ends after the credential it comes from, which ends at {}", expiry::format(*latest))]
    End {
        /// The parent's end, seconds since 1970.
        latest: u64,
    },
    /// It has a capability that its parent lacks.
    #[error("the credential it comes from does not have the capability {0:?}")]
    Capability(String),
    /// It is for a service or method that its parent is not for.
    #[error("the credential it comes from is not for {0}")]
    Audience(String),
}
