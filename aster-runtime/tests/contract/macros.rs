//! The peer's contracts, declared with the macros.

use std::collections::BTreeMap;

use aster_macros::{service, wire_type};
use aster_runtime::codec::{Shape, TypeDescriptor};
use aster_runtime::contract::Contract;
use aster_runtime::{Service, ServiceDescriptor, Status};
use serde_json::Value;

use crate::vectors::{DECLARED, EQUAL, UNDECLARABLE};

/// The messages of a service by tag.
fn types(service: &ServiceDescriptor) -> BTreeMap<&'static str, &'static TypeDescriptor> {
    fn add(
        ty: &'static TypeDescriptor,
        types: &mut BTreeMap<&'static str, &'static TypeDescriptor>,
    ) {
        if types.insert(ty.tag, ty).is_none() {
            ty.fields().iter().for_each(|field| look_into(&field.shape, types));
        }
    }
    fn look_into(shape: &Shape, types: &mut BTreeMap<&'static str, &'static TypeDescriptor>) {
        match shape {
            Shape::Struct(ty) => add(ty(), types),
            Shape::Optional(inner) | Shape::List(inner) | Shape::Set(inner) => {
                look_into(inner, types);
            }
            Shape::Map { value, .. } => look_into(value, types),
            _ => {}
        }
    }
    let mut types = BTreeMap::new();
    for method in service.methods {
        add((method.request)(), &mut types);
        add((method.response)(), &mut types);
    }
    types
}

/// The hash of bytes that are written in hexadecimal.
fn hash(hex: &Value) -> [u8; 32] {
    let bytes = data_encoding::HEXLOWER.decode(hex.as_str().unwrap().as_bytes()).unwrap();
    *blake3::hash(&bytes).as_bytes()
}

#[test]
fn declared_contracts_are_those_of_the_peer() {
    let data: Value = serde_json::from_str(include_str!("../../vectors/contract.json")).unwrap();
    let vectors = data["services"].as_array().unwrap();
    let mut declared: BTreeMap<_, _> = DECLARED.iter().copied().collect();
    let mut left_out: BTreeMap<_, _> = UNDECLARABLE.iter().copied().collect();
    for vector in vectors {
        let id = vector["name"].as_str().unwrap();
        let Some(service) = declared.remove(id) else {
            assert!(left_out.remove(id).is_some(), "{id} is not declared");
            continue;
        };
        let types = types(service);
        let tags = vector["tags"].as_array().unwrap();
        assert_eq!(types.len(), tags.len(), "{id}");
        for (tag, bytes) in tags.iter().zip(vector["types"].as_array().unwrap()) {
            let ty = types[tag.as_str().unwrap()];
            assert_eq!(ty.hash, hash(bytes), "{id} {tag}");
        }
        assert_eq!(*service.contract_id.as_bytes(), hash(&vector["contract"]), "{id}");
        assert_eq!(service.contract_id.to_string(), vector["id"], "{id}");
    }
    assert_eq!((declared.len(), left_out.len()), (0, 0));
    assert_eq!((DECLARED.len(), UNDECLARABLE.len()), (30, 18));
}

#[test]
fn described_contracts_have_the_ids_of_the_compiler() {
    for (id, service) in DECLARED {
        Contract::of(service).verify().unwrap_or_else(|error| panic!("{id}: {error}"));
    }
}

#[test]
fn what_makes_no_difference_to_the_peer_makes_none_here() {
    let declared: BTreeMap<_, _> = DECLARED.iter().copied().collect();
    for group in EQUAL {
        assert!(group.len() > 1);
        let first = declared[group[0]].contract_id;
        assert!(group.iter().all(|id| declared[id].contract_id == first), "{group:?}");
    }
    assert_eq!(EQUAL.len(), 2);
}

#[wire_type("t/Empty")]
pub struct Empty {}

#[service(version = 7)]
pub trait Timed {
    #[rpc(timeout = 30)]
    async fn a_half_minute(&self, request: Empty) -> Result<Empty, Status>;
    #[rpc(timeout = 0.1)]
    async fn b_tenth(&self, request: Empty) -> Result<Empty, Status>;
    #[rpc(timeout = "1.1s")]
    async fn c_odd(&self, request: Empty) -> Result<Empty, Status>;
    #[rpc(timeout = "250ms")]
    async fn d_quarter(&self, request: Empty) -> Result<Empty, Status>;
    #[rpc(timeout = 0.3)]
    async fn e_rounded(&self, request: Empty) -> Result<Empty, Status>;
}

#[test]
fn timeouts_are_the_seconds_that_were_written() {
    let contract = Contract::of(TimedClient::DESCRIPTOR);
    contract.verify().unwrap();
    let bytes = contract.canonical().unwrap().bytes;
    let mut rest = bytes.as_slice();
    for seconds in [30.0_f64, 0.1, 1.1, 0.25, 0.3] {
        let at = rest.windows(8).position(|bytes| bytes == seconds.to_le_bytes());
        rest = &rest[at.unwrap_or_else(|| panic!("{seconds} s are not in the contract")) + 8..];
    }
}

struct Conditional;

#[service(name = "S")]
impl Conditional {
    #[rpc]
    async fn m(&self, request: Empty) -> Result<Empty, Status> {
        Ok(request)
    }

    #[cfg(any())]
    #[rpc]
    async fn never(&self, request: Missing) -> Result<Empty, Status> {
        Ok(request)
    }
}

struct Plain;

#[service(name = "S")]
impl Plain {
    #[rpc]
    async fn m(&self, request: Empty) -> Result<Empty, Status> {
        Ok(request)
    }
}

#[test]
fn a_method_that_is_not_built_is_not_in_the_contract() {
    assert_eq!(Conditional::CONTRACT_ID, Plain::CONTRACT_ID);
    assert_eq!(ConditionalClient::CONTRACT_ID, Conditional::DESCRIPTOR.contract_id);
}
