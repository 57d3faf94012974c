use super::*;
use crate::contract::vectors::{self, bytes};
use crate::contract::{ContractDef, TypeDef};

fn encode_type(ty: &DecodedType<'_>) -> Vec<u8> {
    TypeDef { package: ty.package, name: ty.name, fields: &ty.fields }.to_vec()
}

/// None if there are requirements, which the encoder here does not write.
fn encode_contract(contract: &DecodedContract<'_>) -> Option<Vec<u8>> {
    let methods: Vec<_> = contract.methods.iter().map(|method| method.def).collect();
    let requires = contract.methods.iter().any(|method| method.requires.is_some());
    let def = ContractDef {
        name: contract.name,
        version: contract.version,
        methods: &methods,
        modes: &contract.modes,
        scope: contract.scope,
    };
    (!requires && contract.requires.is_none()).then(|| def.to_vec())
}

#[test]
fn what_the_reference_publishes_is_read_and_written_again() {
    let services = vectors::read().services;
    assert!(services.len() > 40);
    for service in services {
        let contract = service.contract();
        let decoded = DecodedContract::decode(&contract).unwrap();
        assert_eq!(encode_contract(&decoded).unwrap(), contract, "{}", service.name);
        for (ty, tag) in service.types().iter().zip(&service.tags) {
            let decoded = DecodedType::decode(ty).unwrap();
            assert_eq!(format!("{}/{}", decoded.package, decoded.name), *tag);
            assert_eq!(encode_type(&decoded), *ty, "{} {tag}", service.name);
        }
    }
}

#[test]
fn definitions_of_types_are_read_or_refused_for_a_reason() {
    let refused = [
        ("enum_color", "byte 1: the definition of an enum: no service publishes one"),
        ("union", "byte 1: the definition of a union: no service publishes one"),
        ("field_ids_sorted", "byte 8: the field number -1 stands where 1 belongs"),
        ("field_all_flags", "byte 8: the field number 3 stands where 1 belongs"),
    ];
    for vector in vectors::read().types {
        let bytes = bytes(&vector.bytes);
        assert_eq!(blake3::hash(&bytes).to_string(), vector.hash);
        let found = DecodedType::decode(&bytes);
        if let Some((_, reason)) = refused.iter().find(|(name, _)| *name == vector.name) {
            assert_eq!(found.unwrap_err().to_string(), *reason);
        } else {
            assert_eq!(encode_type(&found.unwrap()), bytes, "{}", vector.name);
        }
    }
}

#[test]
fn requirements_are_read() {
    let requirement = |name: &str| {
        let vectors = vectors::read().contracts;
        let vector = vectors.iter().find(|vector| vector.name == name).unwrap();
        let bytes = bytes(&vector.bytes);
        assert_eq!(blake3::hash(&bytes).to_string(), vector.hash);
        let contract = DecodedContract::decode(&bytes).unwrap();
        match encode_contract(&contract) {
            Some(again) => assert_eq!(again, bytes, "{name}"),
            None => assert!(name.starts_with("requires"), "{name}"),
        }
        let method = contract.methods.first().and_then(|method| method.requires.clone());
        (method, contract.requires)
    };
    let list = |roles: &[&str]| roles.iter().map(|role| (*role).to_owned()).collect();
    assert_eq!(requirement("requires_role").0, Some(Requirement::Role("admin".into())));
    assert_eq!(
        requirement("requires_any_of_sorted").0,
        Some(Requirement::AnyOf(list(&["ops.admin", "ops.logs"])))
    );
    assert_eq!(
        requirement("requires_all_of_service_level").1,
        Some(Requirement::AllOf(list(&["a", "b"])))
    );
    assert_eq!(
        requirement("requires_roles_nfc_and_codepoint_order").1,
        Some(Requirement::AllOf(list(&["Z", "caf\u{e9}", "caf\u{e9}", "\u{ff21}", "\u{1f600}"])))
    );
    for name in ["modes_order_kept", "no_modes", "version_min"] {
        assert_eq!(requirement(name), (None, None));
    }
}

/// The numbers of the fields of the smallest type, to be damaged one by one.
const SMALLEST: &str = "0006740e526571010c0206610016696e7436340002000000000200000c000c";

fn refusal(hex: &str) -> String {
    DecodedType::decode(&bytes(&hex.replace(' ', ""))).unwrap_err().to_string()
}

#[test]
fn only_one_form_of_a_definition_is_read() {
    DecodedType::decode(&bytes(SMALLEST)).unwrap();
    let long = refusal("8000");
    assert_eq!(long, "byte 2: a number takes more bytes than it needs");
    assert_eq!(refusal("ffffffff1f"), "byte 5: a number has more than 32 bits");
    assert_eq!(refusal("ffffffffff01"), "byte 5: a number has more than 32 bits");
    assert_eq!(refusal("05"), "byte 1: 5 is not the number of a kind of type");
    assert_eq!(refusal("00 0474"), "byte 2: a text is not announced as UTF-8");
    assert_eq!(refusal("00 06ff"), "byte 2: a text is not UTF-8");
    assert_eq!(
        refusal("00 fe07"),
        "byte 3: the definition ends early: 255 more bytes are announced and 0 are left"
    );
    assert_eq!(refusal("00 8208"), "byte 3: a text of 256 bytes; at most 255 are read");
    assert_eq!(refusal("00 02 02 00 0d"), "byte 5: a list has not the mark of a list");
    assert_eq!(refusal("00 02 02 e907 0c"), "byte 6: 1001 fields; at most 1000 are read");
    assert_eq!(
        refusal("00 02 02 ffffffff0f 0c"),
        "byte 9: 4294967295 fields; at most 1000 are read"
    );
    assert_eq!(refusal(&format!("{SMALLEST}00")), "byte 31: 1 bytes after the end");
    let with = |from: &str, to: &str| refusal(&SMALLEST.replacen(from, to, 1));
    assert_eq!(
        with("0206610016", "0406610016"),
        "byte 10: the field number 2 stands where 1 belongs"
    );
    assert!(with("696e743634000200", "696e743634000202").contains("2 is not a truth value"));
    assert!(with("696e74363400020000", "696e74363400020001").contains("tracked reference"));
    assert!(with("696e743634000200000000", "696e743634000200000400").contains("a container"));
    assert!(with("0000000002000", "0000000302000").contains("the key of a field"));
    assert!(with("000c000c", "010c000c").contains("values of an enum"));
    assert!(with("0016696e743634", "0416696e743634").contains("a kind of leaf"));
    assert!(with("0016696e743634", "0316696e743634").contains("no primitive is not empty"));
    let twice = "00 02 02 02 0c 02 0661 03 02 00 02 00 00 00 00 02 00 \
                 04 0661 03 02 00 02 00 00 00 00 02 00 00 0c 00 0c";
    assert!(refusal(twice).contains("the field \"a\" is there twice"));
}

#[test]
fn only_one_form_of_a_service_is_read() {
    let zero = "00".repeat(32);
    let method =
        |name: &str, timeout: &str| format!("06{name} 00 20 {zero} 20 {zero} 00 {timeout} fd");
    let refusal = |methods: &[String], end: &str| {
        let text = format!("0653 02 0{} 0c {} {end}", methods.len(), methods.concat());
        DecodedContract::decode(&bytes(&text.replace(' ', ""))).unwrap_err().to_string()
    };
    let none = "0000000000000000";
    let fine = [method("61", none), method("62", none)];
    let text = format!("0653 02 02 0c {} 000c 00 fd", fine.concat()).replace(' ', "");
    assert_eq!(DecodedContract::decode(&bytes(&text)).unwrap().methods.len(), 2);
    assert!(refusal(&[method("62", none), method("61", none)], "").contains("order of names"));
    assert!(refusal(&[method("61", none), method("61", none)], "").contains("order of names"));
    assert!(refusal(&[method("61", "000000000000f07f")], "").contains("no number of seconds"));
    assert!(refusal(&[method("61", "000000000000f0bf")], "").contains("no number of seconds"));
    assert!(refusal(&[], "000c 02 fd").contains("2 is not the number of a scope"));
    assert!(refusal(&[], "000c 00 05").contains("does not tell whether"));
    assert!(refusal(&[], "000c 00 00 00 00 0c").contains("0 roles where one belongs"));
    assert!(refusal(&[], "000c 00 00 01 02 0c 0662 0661").contains("order of names"));
    assert!(refusal(&[], "000c 00 fd fd").contains("after the end"));
    let short = fine[0].replacen("20 00", "1f ", 1);
    assert!(refusal(&[short], "").contains("a hash of 31 bytes"));
}

#[test]
fn a43_a_service_with_ten_thousand_methods_is_refused_at_the_count() {
    let zero = [0; 32];
    let names: Vec<_> = (0..10_000).map(|i| format!("m{i:05}")).collect();
    let methods: Vec<_> = names
        .iter()
        .map(|name| MethodDef {
            name,
            pattern: Pattern::Unary,
            request: &zero,
            response: &zero,
            idempotent: false,
            timeout: 0.0,
        })
        .collect();
    let encode = |methods: &[MethodDef<'_>]| {
        ContractDef { name: "S", version: 1, methods, modes: &["xlang"], scope: Scope::Shared }
            .to_vec()
    };
    let error = DecodedContract::decode(&encode(&methods)).unwrap_err();
    assert_eq!(error.to_string(), "byte 6: 10000 methods; at most 1000 are read");
    assert_eq!(error.at(), 6);
    let most = encode(&methods[..MAX_METHODS]);
    assert_eq!(DecodedContract::decode(&most).unwrap().methods.len(), MAX_METHODS);
}

/// Cuts and flips every byte. What is read in spite of the damage must be what
/// the damaged bytes say: no two byte strings mean the same.
fn damage(bytes: &[u8], read: impl Fn(&[u8]) -> Option<Vec<u8>>) {
    for len in 0..bytes.len() {
        assert_eq!(read(&bytes[..len]), None, "cut to {len}");
    }
    let mut damaged = bytes.to_vec();
    for at in 0..bytes.len() {
        for value in 0..=255 {
            damaged[at] = value;
            if let Some(again) = read(&damaged) {
                assert_eq!(again, damaged, "byte {at} is {value:02x}");
            }
        }
        damaged[at] = bytes[at];
    }
}

#[test]
fn damaged_bytes_are_refused_or_mean_something_else() {
    for name in ["dicts", "rec_self_containers", "patterns_all"] {
        let service = vectors::service(name);
        damage(&service.contract(), |bytes| {
            let contract = DecodedContract::decode(bytes).ok()?;
            // One damaged byte can announce a requirement in place of none.
            Some(encode_contract(&contract).unwrap_or_else(|| bytes.to_vec()))
        });
        for ty in service.types() {
            damage(&ty, |bytes| Some(encode_type(&DecodedType::decode(bytes).ok()?)));
        }
    }
}
