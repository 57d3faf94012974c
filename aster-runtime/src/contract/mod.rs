//! Contracts: what a service is, by content. See `docs/contracts.md`.

mod artifact;
mod blake3;
mod canonical;
mod change;
mod collection;
mod compatibility;
mod decode;
mod describe;
mod difference;
mod drift;
mod encode;
mod error;
mod export;
mod graph;
mod id;
mod identity;
mod limits;
pub mod manifest;
mod members;
mod model;
mod outline;
mod published;
#[cfg(feature = "registry")]
mod references;
mod report;
#[cfg(test)]
mod sample;
mod text;
mod type_pairs;
#[cfg(test)]
mod vectors;
mod verdict;

pub use artifact::{ArtifactRef, InvalidArtifactRef, MAX_ARTIFACT_REF_BYTES};
pub use canonical::{Container, ContractDef, FieldDef, Leaf, MethodDef, TypeDef};
pub use change::{Aspect, Change, ChangeKind, Direction, Place};
pub use collection::Collection;
pub use difference::Difference;
pub use encode::{Canonical, CanonicalType};
pub use error::{ContractError, IncompleteContract, MalformedDefinition};
pub use export::{EXPORT_MANIFEST, EXPORT_VARIABLE, export};
pub use id::{ContractId, InvalidContractId};
pub use limits::{
    MAX_CONTRACT_BYTES, MAX_DOC_BYTES, MAX_ENTRIES, MAX_FIELDS, MAX_MANIFEST_BYTES,
    MAX_MANIFEST_VALUES, MAX_METHODS, MAX_MODES, MAX_NAME_BYTES, MAX_ROLES, MAX_SERVICES,
    MAX_TIMEOUT_SECONDS, MAX_TYPE_BYTES, MAX_TYPE_DEPTH, MAX_TYPE_TEXT_BYTES, MAX_TYPES,
};
pub use model::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};
pub use text::InvalidFieldType;
pub use verdict::{Effect, Impact, Sides, Verdict};

/// What the code of `#[wire_type]` and `#[service]` names.
#[doc(hidden)]
pub mod generated {
    pub use super::drift::{Expectation, assert_contract_id};
    pub use super::graph::{
        Edge, Layer, Node, Step, assert_finite, assert_hashed, assert_message, method_def,
    };
    pub use super::identity::{Depth, Form, Identity, NotAPart, Part, Top};

    use super::{ContractDef, ContractId};

    /// The id of a contract.
    #[must_use]
    pub const fn contract_id(contract: &Contract) -> ContractId {
        ContractId::from_bytes(contract.hash())
    }

    /// [`ContractDef`], named by generated code.
    pub type Contract = ContractDef<'static>;
}
