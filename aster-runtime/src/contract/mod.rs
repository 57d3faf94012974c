//! Contracts: what a service is, by content. See `docs/contracts.md`.

mod blake3;
mod canonical;
mod drift;
mod graph;
mod id;
mod identity;
mod model;
mod report;

pub use canonical::{Container, ContractDef, FieldDef, Leaf, MethodDef, TypeDef};
pub use id::{ContractId, InvalidContractId};
pub use model::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};

/// What the code of `#[wire_type]` and `#[service]` names.
#[doc(hidden)]
pub mod generated {
    pub use super::drift::{Expectation, assert_contract_id};
    pub use super::graph::{
        Edge, Layer, Node, Step, assert_finite, assert_hashed, assert_message, field_defs,
        method_def, node, type_def,
    };
    pub use super::identity::{Depth, Form, Identity, NotAPart, Part, Top};

    use super::{ContractDef, ContractId, FieldDef, MethodDef, TypeDef};

    /// The id of the contract with these canonical bytes.
    #[must_use]
    pub const fn contract_id(canonical: &[u8]) -> ContractId {
        ContractId::from_bytes(super::blake3::hash(canonical))
    }

    /// [`ContractDef`], named by generated code.
    pub type Contract = ContractDef<'static>;
    /// [`TypeDef`], named by generated code.
    pub type Type = TypeDef<'static>;
    /// [`FieldDef`], named by generated code.
    pub type Field = FieldDef<'static>;
    /// [`MethodDef`], named by generated code.
    pub type Method = MethodDef<'static>;
}
