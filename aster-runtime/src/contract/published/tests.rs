use bytes::Bytes;

use super::*;
use crate::codec::Scalar;
use crate::contract::sample::{
    I64, STRING, choice, contract, field, field_or, list, map, message, method, optional, restate,
    ty,
};
use crate::contract::vectors::{self, Published};
use crate::contract::{IncompleteContract, Requirement};

fn collection(service: &Published) -> Collection {
    let type_blob = |ty: Vec<u8>| (format!("types/{}.bin", blake3::hash(&ty)), Bytes::from(ty));
    let mut entries = vec![("contract.bin".to_owned(), service.contract().into())];
    entries.extend(service.types().into_iter().map(type_blob));
    entries.push(("manifest.json".to_owned(), service.manifest.clone().into()));
    Collection { entries }
}

fn fetch(service: &Published) -> Contract {
    Contract::from_collection(service.id.parse().unwrap(), &collection(service)).unwrap()
}

fn fields<'a>(contract: &'a Contract, tag: &str) -> &'a [Field] {
    match &contract.types.iter().find(|ty| ty.tag == tag).unwrap().body {
        TypeBody::Message(fields) => fields,
        TypeBody::Enum(_) => panic!("{tag} is an enum"),
    }
}

/// What the reference hashes differently: names of Python classes and zeros in
/// cycles (contract.md 1.5).
const NOT_RECOMPUTED: [&str; 6] = [
    "rec_self_optional_other_module",
    "rec_self_containers",
    "rec_mutual_ab",
    "rec_diamond_cycle",
    "rec_self_inside_mutual",
    "rec_two_sccs",
];

/// The class of its `homelab/ReadLog/Result` sorts before that of
/// `homelab/ReadLog`.
const CLASSES_SORT_OTHERWISE: &str = "homelab_tools";

#[test]
fn every_published_contract_is_believed_and_has_the_id_it_is_announced_with() {
    for service in vectors::read().services {
        let contract = fetch(&service);
        let mut tags = service.tags.clone();
        tags.sort();
        let found: Vec<_> = contract
            .types
            .iter()
            .filter(|ty| matches!(ty.body, TypeBody::Message(_)))
            .map(|ty| ty.tag.clone())
            .collect();
        assert_eq!(found, tags, "{}", service.name);
        if NOT_RECOMPUTED.contains(&service.name.as_str()) {
            contract.verify().unwrap_err();
            continue;
        }
        // The types that the manifest made more precise hash as before.
        contract.verify().unwrap_or_else(|error| panic!("{}: {error}", service.name));
        let canonical = contract.canonical().unwrap();
        assert_eq!(canonical.bytes, service.contract(), "{}", service.name);
        let mut types: Vec<_> = canonical.types.iter().map(|ty| ty.bytes.clone()).collect();
        if service.name == CLASSES_SORT_OTHERWISE {
            types.reverse();
            assert_eq!(types, service.types());
            continue;
        }
        assert_eq!(types, service.types(), "{}: the order of types", service.name);
        let collection = Collection::new(canonical, service.manifest.clone());
        assert_eq!(vectors::hex(&collection.hash()), service.collection_hash, "{}", service.name);
    }
}

#[test]
fn nested_types_come_from_the_canonical_bytes() {
    let contract = fetch(&vectors::service("deep_chain"));
    assert_eq!(fields(&contract, "t/Req")[0].ty, map(STRING, message("t/B")));
    let chain: Vec<_> = contract.types.iter().map(|ty| ty.tag.as_str()).collect();
    assert_eq!(chain, ["t/B", "t/C", "t/D", "t/Req", "t/Resp"]);
}

#[test]
fn what_the_manifest_gets_wrong_stays_as_proven() {
    let contract = fetch(&vectors::service("untyped_containers_any"));
    for field in fields(&contract, "t/Req") {
        assert_eq!((&field.ty, field.dynamic), (&FieldType::Any, true), "{}", field.name);
    }
    let contract = fetch(&vectors::service("enum_is_any"));
    let color = FieldType::Enum("Color".to_owned());
    let found: Vec<_> = fields(&contract, "t/Req").iter().map(|field| field.ty.clone()).collect();
    assert_eq!(found[..3], [color.clone(), optional(color.clone()), list(color)]);
    assert!(contract.types.iter().any(|ty| ty.tag == "Color"));
    let default = fields(&fetch(&vectors::service("unary_minimal")), "t/Req")[0].default.clone();
    assert_eq!(default, Some(0.into()));
}

#[test]
fn cycles_are_found_by_the_names_of_their_classes() {
    let contract = fetch(&vectors::service("rec_mutual_ab"));
    let back = &fields(&contract, "t/B")[0];
    assert_eq!((&back.ty, back.back_edge), (&optional(message("t/A")), true));
    // The reference hashes zeros in place of the other direction.
    assert_eq!(fields(&contract, "t/A")[0].ty, optional(FieldType::Any));
    let tree = fetch(&vectors::service("rec_self_containers"));
    assert!(fields(&tree, "t/Tree").iter().any(|f| f.ty == list(message("t/Tree"))));
}

#[test]
fn roots_without_a_message_are_scalars_or_any() {
    let contract = fetch(&vectors::service("primitive_request_response"));
    assert!(contract.types.is_empty());
    assert!(contract.methods.iter().all(|m| matches!(m.request, FieldType::Scalar(_))));
    let contract = fetch(&vectors::service("pep563_response_is_zero"));
    assert!(contract.methods.iter().any(|m| m.response == FieldType::Any));
}

/// A contract of ours, complete, with its manifest.
fn ours() -> (Contract, Collection) {
    let mut leaf = field_or("n", FieldType::Scalar(Scalar::U8), 3.into());
    leaf.doc = "How many.".to_owned();
    let mut contract = contract(
        vec![method("m", "t/Req", "t/Resp")],
        vec![
            ty("t/Req", vec![field("leaves", list(optional(message("t/Leaf"))))]),
            ty("t/Leaf", vec![leaf, field("color", FieldType::Enum("t/Color".into()))]),
            ty("t/Resp", vec![field("when", FieldType::Scalar(Scalar::Date))]),
            choice("t/Color", &["red", "green"]),
        ],
    );
    contract.requires = Some(Requirement::Role("admin".to_owned()));
    contract.doc = "A service.".to_owned();
    restate(&mut contract);
    let manifest = manifest::write(std::slice::from_ref(&contract));
    let collection = Collection::new(contract.canonical().unwrap(), manifest);
    (contract, collection)
}

#[test]
fn our_own_publication_comes_back_whole() {
    let (contract, collection) = ours();
    assert_eq!(Contract::from_collection(contract.id, &collection).unwrap(), contract);
}

#[test]
fn without_the_manifest_only_what_is_hashed_is_known() {
    let (contract, mut collection) = ours();
    collection.entries.pop();
    let bare = Contract::from_collection(contract.id, &collection).unwrap();
    assert_eq!(bare.id, contract.id);
    assert_eq!(bare.types.len(), 3, "enums are not hashed");
    let leaf = fields(&bare, "t/Leaf");
    assert_eq!((&leaf[0].ty, &leaf[0].default), (&I64, &None));
    assert_eq!((&leaf[1].ty, leaf[1].dynamic), (&FieldType::Any, true));
    bare.verify().unwrap();
}

fn refused(collection: &Collection, id: ContractId) -> String {
    Contract::from_collection(id, collection).unwrap_err().to_string()
}

#[test]
fn a44_what_does_not_hash_to_its_name_is_refused() {
    let (contract, whole) = ours();
    let other = ContractId::from_bytes([9; 32]);
    assert!(refused(&whole, other).contains("states the id 0909"));

    for (index, (name, content)) in whole.entries.iter().enumerate() {
        if name == "manifest.json" {
            continue;
        }
        let mut collection = whole.clone();
        for at in 0..content.len() {
            for bit in 0..8 {
                let mut damaged = content.to_vec();
                damaged[at] ^= 1 << bit;
                collection.entries[index].1 = damaged.into();
                let error = Contract::from_collection(contract.id, &collection).unwrap_err();
                assert!(
                    matches!(error, ContractError::WrongId { .. } | ContractError::Forged { .. }),
                    "{error}"
                );
            }
        }
    }
    let mut swapped = whole.clone();
    let first = swapped.entries[1].1.clone();
    swapped.entries[1].1 = swapped.entries[2].1.clone();
    swapped.entries[2].1 = first;
    assert!(refused(&swapped, contract.id).contains("not what its name says"));
}

#[test]
fn what_is_missing_or_twice_is_named() {
    let (contract, whole) = ours();
    let without = |index: usize| {
        let mut collection = whole.clone();
        collection.entries.remove(index);
        refused(&collection, contract.id)
    };
    assert_eq!(without(0), "the collection has no contract.bin");
    let missing = without(2);
    assert!(missing.starts_with("method m has the type "), "{missing}");
    assert!(missing.ends_with(", which the collection does not hold"), "{missing}");

    let mut twice = whole.clone();
    twice.entries.push(whole.entries[1].clone());
    assert!(refused(&twice, contract.id).ends_with(" twice"));
    let mut more = whole.clone();
    more.entries.push(("README.md".to_owned(), Bytes::new()));
    Contract::from_collection(contract.id, &more).unwrap();
    more.entries.resize(MAX_ENTRIES + 1, ("x".to_owned(), Bytes::new()));
    assert!(refused(&more, contract.id).contains("entries"));

    let mut large = whole.clone();
    let entry = large.entries[0].clone();
    large.entries[0] = (entry.0, vec![0; crate::contract::MAX_CONTRACT_BYTES + 1].into());
    assert!(refused(&large, contract.id).contains("contract.bin has 1048577 bytes"));
}

#[test]
fn a_hash_of_nothing_is_not_a_type() {
    let service = vectors::service("nested_struct");
    let mut collection = collection(&service);
    // `t/Req` refers to `t/Leaf`, which is first.
    collection.entries.remove(1);
    let error = refused(&collection, service.id.parse().unwrap());
    assert!(error.starts_with("t/Req.leaf has the type "), "{error}");
}

#[test]
fn canonical_bytes_that_hash_right_must_also_be_canonical() {
    let bytes = Bytes::from_static(b"not a contract");
    let id = ContractId::from_bytes(*blake3::hash(&bytes).as_bytes());
    let collection = Collection { entries: vec![("contract.bin".to_owned(), bytes)] };
    assert!(refused(&collection, id).starts_with("contract.bin: byte "));

    let (contract, mut collection) = ours();
    let junk = Bytes::from_static(b"\x01");
    collection.entries.push((format!("types/{}.bin", blake3::hash(&junk)), junk));
    assert!(refused(&collection, contract.id).contains("the definition of an enum"));

    // Two definitions of one tag.
    let other = super::super::TypeDef { package: "t", name: "Req", fields: &[] }.to_vec();
    let (name, content) = collection.entries.last_mut().unwrap();
    (*name, *content) = (format!("types/{}.bin", blake3::hash(&other)), other.into());
    assert_eq!(refused(&collection, contract.id), "the collection has the type t/Req twice");
}

#[test]
fn a_manifest_that_contradicts_is_refused() {
    let (contract, whole) = ours();
    let with = |change: &dyn Fn(&mut Contract)| {
        let (mut changed, mut collection) = (contract.clone(), whole.clone());
        change(&mut changed);
        let text = manifest::write(std::slice::from_ref(&changed));
        collection.entries.last_mut().unwrap().1 = text.into();
        refused(&collection, contract.id)
    };
    let start = "manifest.json contradicts the contract: ";
    type Change<'a> = &'a dyn Fn(&mut Contract);
    let cases: [(Change<'_>, &str); 8] = [
        (&|c| c.id = ContractId::from_bytes([1; 32]), "it states the id 0101"),
        (&|c| c.version = 2, "it does not describe version 1 of S"),
        (&|c| c.scope = crate::service::Scope::Session, "it states the scope session"),
        (&|c| c.methods[0].name = "n".to_owned(), "it does not have the method m"),
        (&|c| c.methods.push(method("z", "t/Req", "t/Req")), "it has the method z"),
        (
            &|c| c.methods[0].pattern = crate::service::Pattern::Bidi,
            "it states that m is bidi_stream",
        ),
        (&|c| c.methods[0].request = message("t/Leaf"), "it states t/Leaf where m has t/Req"),
        (
            &|c| c.types[2].body = TypeBody::Message(vec![field("l", STRING)]),
            "it states the field l where t/Req has leaves",
        ),
    ];
    for (change, reason) in cases {
        let error = with(change);
        assert!(error.starts_with(&format!("{start}{reason}")), "{error}");
    }
    let mut broken = whole.clone();
    broken.entries.last_mut().unwrap().1 = "{".into();
    assert!(refused(&broken, contract.id).starts_with("manifest.json: "));
    broken.entries.last_mut().unwrap().1 = Bytes::from_static(b"\xff");
    assert!(refused(&broken, contract.id).contains("not UTF-8"));
}

#[test]
fn types_that_the_manifest_invents_are_not_taken() {
    let (contract, whole) = ours();
    let (mut changed, mut collection) = (contract.clone(), whole);
    // A width may be stated, another kind of number may not.
    changed.types.iter_mut().for_each(|ty| {
        if let TypeBody::Message(fields) = &mut ty.body
            && ty.tag == "t/Leaf"
        {
            fields[0].ty = FieldType::Scalar(Scalar::F64);
        }
    });
    changed.types.push(ty("t/Invented", vec![]));
    changed.types.sort_by(|a, b| a.tag.cmp(&b.tag));
    let text = manifest::write(std::slice::from_ref(&changed));
    collection.entries.last_mut().unwrap().1 = text.into();
    let found = Contract::from_collection(contract.id, &collection).unwrap();
    assert_eq!(fields(&found, "t/Leaf")[0].ty, I64);
    assert_eq!(fields(&found, "t/Leaf")[0].doc, "How many.");
    assert!(found.types.iter().all(|ty| ty.tag != "t/Invented"));
    found.verify().unwrap();
}

#[test]
fn a_cyclic_manifest_stays_incomplete() {
    let error = IncompleteContract::Cycle(vec!["t/A".into(), "t/B".into(), "t/A".into()]);
    assert_eq!(
        ContractError::from(error).to_string(),
        "the types t/A -> t/B -> t/A contain each other: one of the fields between them must be \
         the back edge"
    );
}
