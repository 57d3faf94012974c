//! Contracts: what a service is, by content. See `docs/contracts.md`.

mod canonical;
mod describe;
mod id;
mod limits;
pub mod manifest;
mod model;
mod text;

pub use canonical::{Container, ContractDef, FieldDef, Leaf, MethodDef, TypeDef};
pub use id::{ContractId, InvalidContractId};
pub use limits::{
    MAX_DOC_BYTES, MAX_FIELDS, MAX_MANIFEST_BYTES, MAX_MANIFEST_VALUES, MAX_METHODS, MAX_MODES,
    MAX_NAME_BYTES, MAX_ROLES, MAX_SERVICES, MAX_TIMEOUT_SECONDS, MAX_TYPE_DEPTH,
    MAX_TYPE_TEXT_BYTES, MAX_TYPES,
};
pub use model::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};
pub use text::InvalidFieldType;
