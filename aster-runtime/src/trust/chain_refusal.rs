//! Why a chain does not let its holder in.

use super::credential_id::CredentialId;
use super::expiry;
use super::link::InvalidLink;
use super::revocations::Revoked;
use super::terms::{InvalidTerms, Widening};
use crate::limits::{MAX_CHAIN_BYTES, MAX_CHAIN_LINKS};
use crate::peer::PeerId;

/// Why [`Chain::verify`](super::Chain::verify) refuses. For the log of the
/// server and for the tool that holds the chain, never for the peer.
///
/// Links are counted from 1, the one that the root key signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ChainRefusal {
    /// It begins at another root key.
    #[error("it is signed by the root key {}, but {} is trusted", issuer.short(), trusted.short())]
    OtherRoot {
        /// The key that it begins at.
        issuer: PeerId,
        /// The key that is trusted.
        trusted: PeerId,
    },
    /// The revocations given are those of another root key.
    #[error("the revocation list in use is of another root key")]
    OtherRevocations,
    /// It was made for another node.
    #[error("it is bound to the node {}, and {} presents it", subject.short(), peer.short())]
    OtherPeer {
        /// The node it is for.
        subject: PeerId,
        /// The node that the connection belongs to.
        peer: PeerId,
    },
    /// The link is not signed by the holder of the link before.
    #[error("link {link} is not issued by the holder of the link before it")]
    Issuer {
        /// The link.
        link: usize,
    },
    /// The link continues another one than the link before.
    #[error("link {link} continues another credential ({})", parent.map_or_else(|| "none".to_owned(), |id| id.short()))]
    Parent {
        /// The link.
        link: usize,
        /// The one it continues.
        parent: Option<CredentialId>,
    },
    /// A key is in the chain twice.
    #[error("the key {} is in the chain twice", key.short())]
    RepeatedKey {
        /// The key.
        key: PeerId,
    },
    /// The link gives more than the one before it.
    #[error("link {link} gives more than it has: {widening}")]
    Widened {
        /// The link.
        link: usize,
        /// What it adds.
        widening: Widening,
    },
    /// It is not valid yet.
    #[error(
        "it is not valid for another {} (until {})",
        expiry::span(.not_before.saturating_sub(*.now)),
        expiry::format(*.not_before)
    )]
    NotYet {
        /// The first second at which it is valid.
        not_before: u64,
        /// The time of the check.
        now: u64,
    },
    /// It is over.
    #[error(
        "it expired {} ago ({})",
        expiry::span(.now.saturating_sub(*.not_after)),
        expiry::format(*.not_after)
    )]
    Expired {
        /// The first second at which it is over.
        not_after: u64,
        /// The time of the check.
        now: u64,
    },
    /// The root key has withdrawn it, or a key it depends on.
    #[error("{0} is revoked")]
    Revoked(Revoked),
    /// The signature is not the issuer's.
    #[error("the signature of link {link} is not by {}", issuer.short())]
    Signature {
        /// The link.
        link: usize,
        /// Whose it should be.
        issuer: PeerId,
    },
}

/// Why a text is not a chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidChain {
    /// It is something else.
    #[error("it is not a chain as `aster trust delegate` writes it")]
    Content,
    /// It is of another version of this format.
    #[error("it has another version of the chain format; this program reads version 1")]
    Version,
    /// It is larger than any chain.
    #[error("it is larger than {MAX_CHAIN_BYTES} bytes")]
    Size,
    /// It has too many links.
    #[error("it has more than {MAX_CHAIN_LINKS} links")]
    Length,
    /// A link is not base64 text.
    #[error("link {link} is not base64")]
    Base64 {
        /// The link, counted from 1.
        link: usize,
    },
    /// A link cannot be read.
    #[error("link {link}: {error}")]
    Link {
        /// The link, counted from 1.
        link: usize,
        /// What is wrong with it.
        error: InvalidLink,
    },
}

/// Why a holder cannot delegate a chain in this way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DelegateError {
    /// The chain is bound to another node.
    #[error("the credential is bound to the node {}, and this is the key of {}; use its identity file", subject.short(), holder.short())]
    OtherHolder {
        /// The node it is for.
        subject: PeerId,
        /// The node that would delegate.
        holder: PeerId,
    },
    /// The new holder is in the chain already.
    #[error("the node {} is in the chain already", .0.short())]
    RepeatedKey(PeerId),
    /// The terms are wider than the chain's.
    #[error("this would give more than the credential has: {0}")]
    Widened(#[from] Widening),
    /// No link can have these terms.
    #[error(transparent)]
    Terms(#[from] InvalidTerms),
}
