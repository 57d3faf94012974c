//! Why a contract could not be encoded, read or believed.

use data_encoding::HEXLOWER;

use super::ContractId;

/// A contract that lacks what its identity is made of.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IncompleteContract {
    /// A type is named and not described. Manifests of the reference do not
    /// describe nested types (contract.md 5.1).
    #[error("{used_by} names the type {tag}, which the contract does not describe")]
    MissingType {
        /// The tag of the type.
        tag: String,
        /// What names it: `method m` or `t/Type.field`.
        used_by: String,
    },
    /// A message is named and something else is described.
    #[error("{used_by} names the message {tag}, which is described as an enum")]
    NotAMessage {
        /// The tag of the type.
        tag: String,
        /// What names it.
        used_by: String,
    },
    /// Types contain each other and no field closes the cycle.
    #[error(
        "the types {} contain each other: one of the fields between them must be the back edge",
        .0.join(" -> ")
    )]
    Cycle(Vec<String>),
    /// There is more of something than a contract may have.
    #[error("the contract has more than {max} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        max: usize,
    },
}

/// Canonical bytes that are not what an encoder of contract.md 2 writes, or
/// that this version does not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("byte {at}: {reason}")]
pub struct MalformedDefinition {
    at: usize,
    reason: String,
}

impl MalformedDefinition {
    pub(super) fn new(at: usize, reason: impl Into<String>) -> Self {
        Self { at, reason: reason.into() }
    }

    /// Where in the bytes, from 0.
    #[must_use]
    pub const fn at(&self) -> usize {
        self.at
    }
}

/// A published contract that cannot be believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContractError {
    /// The id is computed from what the contract says, and it is another one.
    #[error("the contract states the id {stated}, and what it says has the id {computed}")]
    WrongId {
        /// The id that was announced or stated.
        stated: ContractId,
        /// The hash of the content.
        computed: ContractId,
    },
    /// The identity cannot be computed.
    #[error(transparent)]
    Incomplete(#[from] IncompleteContract),
    /// The collection has no such entry.
    #[error("the collection has no {0}")]
    MissingEntry(String),
    /// The collection has an entry twice, or a type under two names.
    #[error("the collection has {0} twice")]
    Duplicate(String),
    /// A blob does not hash to its name.
    #[error("the content of {name} has the hash {}: it is not what its name says", HEXLOWER.encode(.found))]
    Forged {
        /// The name of the entry.
        name: String,
        /// The hash of its content.
        found: [u8; 32],
    },
    /// An entry is larger than it may be.
    #[error("{name} has {len} bytes; at most {max} are read")]
    TooLarge {
        /// The name of the entry.
        name: String,
        /// Its size, in bytes.
        len: usize,
        /// The limit, in bytes.
        max: usize,
    },
    /// There is more of something than a collection may have.
    #[error("the collection has more than {max} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The limit.
        max: usize,
    },
    /// Canonical bytes cannot be read.
    #[error("{name}: {error}")]
    Malformed {
        /// The name of the entry.
        name: String,
        /// What is wrong with it.
        error: MalformedDefinition,
    },
    /// A definition refers to a type that is not there.
    #[error("{used_by} has the type {}, which the collection does not hold", HEXLOWER.encode(.hash))]
    MissingType {
        /// The hash of the type.
        hash: [u8; 32],
        /// What refers to it: `method m` or `t/Type.field`.
        used_by: String,
    },
    /// The manifest cannot be read.
    #[error("manifest.json: {0}")]
    Manifest(String),
    /// The manifest says something else than the canonical bytes.
    #[error("manifest.json contradicts the contract: {0}")]
    Contradiction(String),
}
