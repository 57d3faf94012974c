//! Contracts: what a service is, by content. See `docs/contracts.md`.

mod artifact;
mod canonical;
mod collection;
mod decode;
mod encode;
mod error;
mod id;
mod limits;
mod model;
mod outline;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod vectors;

pub use artifact::{ArtifactRef, InvalidArtifactRef, MAX_ARTIFACT_REF_BYTES};
pub use canonical::{Container, ContractDef, FieldDef, Leaf, MethodDef, TypeDef};
pub use collection::Collection;
pub use encode::{Canonical, CanonicalType};
pub use error::{ContractError, IncompleteContract, MalformedDefinition};
pub use id::{ContractId, InvalidContractId};
pub use model::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};
