//! Contracts for tests, made in few words.

use crate::codec::Scalar;
use crate::service::{Pattern, Scope};

use super::{Contract, ContractId, Field, FieldType, Method, Type, TypeBody, Variant};

pub(super) const I64: FieldType = FieldType::Scalar(Scalar::I64);
pub(super) const STRING: FieldType = FieldType::Scalar(Scalar::String);

pub(super) fn message(tag: &str) -> FieldType {
    FieldType::Message(tag.to_owned())
}

pub(super) fn list(element: FieldType) -> FieldType {
    FieldType::List(Box::new(element))
}

pub(super) fn map(key: FieldType, value: FieldType) -> FieldType {
    FieldType::Map(Box::new(key), Box::new(value))
}

pub(super) fn optional(inner: FieldType) -> FieldType {
    FieldType::Optional(Box::new(inner))
}

/// A field that must be there.
pub(super) fn field(name: &str, ty: FieldType) -> Field {
    Field {
        name: name.to_owned(),
        doc: String::new(),
        ty,
        dynamic: false,
        back_edge: false,
        default: None,
    }
}

/// A field that may be left out.
pub(super) fn field_or(name: &str, ty: FieldType, default: serde_json::Value) -> Field {
    Field { default: Some(default), ..field(name, ty) }
}

pub(super) fn ty(tag: &str, fields: Vec<Field>) -> Type {
    Type { tag: tag.to_owned(), doc: String::new(), body: TypeBody::Message(fields) }
}

pub(super) fn choice(tag: &str, variants: &[&str]) -> Type {
    let variants = variants
        .iter()
        .map(|name| Variant { name: (*name).to_owned(), doc: String::new() })
        .collect();
    Type { tag: tag.to_owned(), doc: String::new(), body: TypeBody::Enum(variants) }
}

pub(super) fn method(name: &str, request: &str, response: &str) -> Method {
    Method {
        name: name.to_owned(),
        pattern: Pattern::Unary,
        idempotent: false,
        timeout: None,
        requires: None,
        doc: String::new(),
        request: message(request),
        response: message(response),
    }
}

/// A service `S` with the right id.
pub(super) fn contract(methods: Vec<Method>, types: Vec<Type>) -> Contract {
    let mut contract = Contract {
        id: ContractId::from_bytes([0; 32]),
        service: "S".to_owned(),
        version: 1,
        scope: Scope::Shared,
        modes: vec!["xlang".to_owned()],
        doc: String::new(),
        requires: None,
        methods,
        types,
    };
    restate(&mut contract);
    contract
}

/// States the id of what the contract says.
pub(super) fn restate(contract: &mut Contract) {
    contract.methods.sort_by(|a, b| a.name.cmp(&b.name));
    contract.types.sort_by(|a, b| a.tag.cmp(&b.tag));
    if let Ok(canonical) = contract.canonical() {
        contract.id = canonical.id;
    }
}
