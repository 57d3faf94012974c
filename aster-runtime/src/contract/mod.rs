//! Contracts: what a service is, by content. See `docs/contracts.md`.

mod canonical;
mod id;
mod model;

pub use canonical::{Container, ContractDef, FieldDef, Leaf, MethodDef, TypeDef};
pub use id::{ContractId, InvalidContractId};
pub use model::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};
