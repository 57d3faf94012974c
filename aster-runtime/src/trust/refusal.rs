//! Why a credential is not accepted.

use super::expiry;
use super::root_public_key::RootPublicKey;
use crate::peer::PeerId;

/// Why a well-formed credential admits nobody. For the holder's own tools and
/// for the server's log; a stranger is told nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// Another root signed it.
    #[error("signed by another root: {} instead of {}", .named.short(), .trusted.short())]
    OtherRoot {
        /// The root that the credential names.
        named: RootPublicKey,
        /// The root that is trusted.
        trusted: RootPublicKey,
    },
    /// The content is not what the root signed.
    #[error("tampered with: the signature of root {} does not fit the content", .root.short())]
    Signature {
        /// The root that the credential names.
        root: RootPublicKey,
    },
    /// Its time is over.
    #[error(
        "expired {} ago ({})",
        expiry::span(.now.saturating_sub(*.expires_at)),
        expiry::format(*.expires_at)
    )]
    Expired {
        /// When it ended, in epoch seconds.
        expires_at: u64,
        /// When it was presented, in epoch seconds.
        now: u64,
    },
    /// It is for another node.
    #[error("bound to another node: {} instead of {}", .bound_to.short(), .presented_by.short())]
    OtherNode {
        /// The node that the credential is for.
        bound_to: PeerId,
        /// The node that presented it.
        presented_by: PeerId,
    },
    /// It is for whoever holds it, and the server does not take such.
    #[error("bound to no node: this server takes only credentials that name their node")]
    Unbound,
    /// It makes a claim that nothing here can verify.
    #[error("{attribute:?} claims a cloud identity, which cannot be verified here")]
    CloudIdentity {
        /// The attribute with the claim.
        attribute: String,
    },
    /// A consumer's credential in place of a producer's.
    #[error("its role is consumer: it does not make a producer")]
    NotProducer,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_are_told_what_is_wrong_with_figures() {
        let root = |byte| RootPublicKey::claimed([byte; 32]);
        let node = |byte| PeerId::from_bytes([byte; 32]);
        for (refusal, text) in [
            (
                Refusal::OtherRoot { named: root(0xab), trusted: root(0xcd) },
                "signed by another root: ababababab instead of cdcdcdcdcd",
            ),
            (
                Refusal::Signature { root: root(0xab) },
                "tampered with: the signature of root ababababab does not fit the content",
            ),
            (
                Refusal::Expired { expires_at: 1_800_000_000, now: 1_800_010_800 },
                "expired 3 h ago (2027-01-15T08:00:00Z)",
            ),
            (
                Refusal::OtherNode { bound_to: node(1), presented_by: node(2) },
                "bound to another node: 0101010101 instead of 0202020202",
            ),
            (
                Refusal::Unbound,
                "bound to no node: this server takes only credentials that name their node",
            ),
            (
                Refusal::CloudIdentity { attribute: "aster.iid_\n".into() },
                "\"aster.iid_\\n\" claims a cloud identity, which cannot be verified here",
            ),
            (Refusal::NotProducer, "its role is consumer: it does not make a producer"),
        ] {
            assert_eq!(refusal.to_string(), text);
        }
    }
}
