//! Contracts: what a service is, by content. See `docs/contracts.md`.

mod artifact;
mod canonical;
mod collection;
mod decode;
mod describe;
mod encode;
mod error;
mod export;
mod id;
mod limits;
pub mod manifest;
mod model;
mod outline;
#[cfg(test)]
mod sample;
mod text;
#[cfg(test)]
mod vectors;

pub use artifact::{ArtifactRef, InvalidArtifactRef, MAX_ARTIFACT_REF_BYTES};
pub use canonical::{Container, ContractDef, FieldDef, Leaf, MethodDef, TypeDef};
pub use collection::Collection;
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
