//! The peer's definitions, encoded and hashed at run time.

use aster_runtime::contract::{
    Container, ContractDef, ContractId, FieldDef, Leaf, MethodDef, TypeDef,
};
use aster_runtime::{Pattern, Scope};
use data_encoding::HEXLOWER;
use serde_json::Value;

pub(crate) fn data() -> Value {
    serde_json::from_str(include_str!("../../vectors/contract_ids.json")).unwrap()
}

pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// A hash that lives as long as the test.
fn hash(hex: &str) -> &'static [u8; 32] {
    Box::leak(Box::new(HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()))
}

fn leaf(text: &str) -> Leaf<'_> {
    match text.split_once(' ') {
        Some(("ref", hex)) => Leaf::Ref(hash(hex)),
        Some(("self", name)) => Leaf::SelfRef(name),
        _ if text == "any" => Leaf::Any,
        _ => Leaf::Primitive(text),
    }
}

fn field(value: &Value) -> FieldDef<'_> {
    FieldDef {
        name: text(&value["name"]),
        leaf: leaf(text(&value["leaf"])),
        container: match value["container"].as_str() {
            None => Container::None,
            Some("list") => Container::List,
            Some("set") => Container::Set,
            Some("map") => Container::Map(leaf(text(&value["key"]))),
            Some(other) => panic!("no container is called {other}"),
        },
        optional: value["optional"] == true,
    }
}

/// The canonical bytes of a type.
fn type_bytes(def: &Value) -> Vec<u8> {
    let fields: Vec<_> = list(&def["fields"]).iter().map(field).collect();
    let (package, name) = (text(&def["package"]), text(&def["name"]));
    TypeDef { package, name, fields: &fields }.to_vec()
}

/// The canonical bytes of a contract.
fn contract_bytes(def: &Value) -> Vec<u8> {
    let methods: Vec<_> = list(&def["methods"])
        .iter()
        .map(|method| MethodDef {
            name: text(&method["name"]),
            pattern: match text(&method["pattern"]) {
                "unary" => Pattern::Unary,
                "server_stream" => Pattern::ServerStream,
                "client_stream" => Pattern::ClientStream,
                "bidi_stream" => Pattern::Bidi,
                other => panic!("no pattern is called {other}"),
            },
            request: hash(text(&method["request"])),
            response: hash(text(&method["response"])),
            idempotent: method["idempotent"].as_bool().unwrap(),
            timeout: method["timeout"].as_f64().unwrap(),
        })
        .collect();
    let modes: Vec<_> = list(&def["modes"]).iter().map(text).collect();
    let contract = ContractDef {
        name: text(&def["name"]),
        version: i32::try_from(def["version"].as_i64().unwrap()).unwrap(),
        methods: &methods,
        modes: &modes,
        scope: match text(&def["scope"]) {
            "session" => Scope::Session,
            _ => Scope::Shared,
        },
    };
    let bytes = contract.to_vec();
    assert_eq!(contract.encoded_len(), bytes.len());
    bytes
}

fn check(id: &Value, bytes: &[u8], canonical: &Value, hash: &Value) {
    assert_eq!(HEXLOWER.encode(bytes), text(canonical), "{id}");
    assert_eq!(ContractId::of(bytes).to_string(), text(hash), "{id}");
}

#[test]
fn every_definition_of_the_peer_has_its_bytes_and_its_hash() {
    let data = data();
    let mut types = 0;
    for service in list(&data["services"]) {
        for ty in list(&service["types"]) {
            check(&service["id"], &type_bytes(&ty["def"]), &ty["canonical"], &ty["hash"]);
            types += 1;
        }
        let bytes = contract_bytes(&service["contract"]);
        check(&service["id"], &bytes, &service["canonical"], &service["contract_id"]);
    }
    assert_eq!(types, 113);
    assert_eq!(list(&data["services"]).len(), 48);
    for ty in list(&data["types"]) {
        check(&ty["id"], &type_bytes(&ty["def"]), &ty["canonical"], &ty["hash"]);
    }
    for contract in list(&data["contracts"]) {
        let bytes = contract_bytes(&contract["contract"]);
        check(&contract["id"], &bytes, &contract["canonical"], &contract["contract_id"]);
    }
    assert_eq!((list(&data["types"]).len(), list(&data["contracts"]).len()), (15, 4));
}
