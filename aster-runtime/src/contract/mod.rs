//! Contracts: what a service is, by content. See `docs/contracts.md`.

mod id;
mod model;

pub use id::{ContractId, InvalidContractId};
pub use model::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};
