//! Against the manifests that the reference published, see
//! `vectors/manifests.json`: for each its text as data, and its messages.

use serde_json::{Value, json};

use super::super::write::{Hashes, write_hashed};
use super::super::{Release, read, read::entries, write, write_with};
use super::everything;
use crate::contract::{Contract, TypeBody};
use crate::service::{Pattern, Scope};

fn vectors() -> Vec<Value> {
    serde_json::from_str(include_str!("../../../../vectors/manifests.json")).unwrap()
}

fn vector(name: &str) -> Value {
    vectors().into_iter().find(|vector| vector["name"] == name).unwrap()["manifest"].clone()
}

fn read_one(manifest: &Value) -> Contract {
    let [contract] = read(&manifest.to_string()).unwrap().try_into().unwrap();
    contract
}

/// The messages, a line for each tag and field.
fn outline(contract: &Contract) -> Vec<String> {
    let mut lines = Vec::new();
    for ty in &contract.types {
        if let TypeBody::Message(fields) = &ty.body {
            lines.push(ty.tag.clone());
            lines.extend(fields.iter().map(|field| format!("  {}: {}", field.name, field.ty)));
        }
    }
    lines
}

#[test]
fn manifests_of_the_reference_are_read() {
    let vectors = vectors();
    assert_eq!(vectors.len(), 24);
    for vector in vectors {
        let manifest = &vector["manifest"];
        let contract = read_one(manifest);
        assert_eq!(json!(outline(&contract)), vector["types"], "{}", vector["name"]);
        assert_eq!(contract.id.to_string(), manifest["contract_id"]);
        assert_eq!(contract.service, manifest["service"]);
        assert_eq!(contract.version, manifest["version"]);
        assert_eq!(contract.scope.name(), manifest["scoped"]);
        assert_eq!(json!(contract.modes), manifest["serialization_modes"]);
        let names: Vec<_> = contract.methods.iter().map(|method| &method.name).collect();
        let stated: Vec<_> =
            manifest["methods"].as_array().unwrap().iter().map(|method| &method["name"]).collect();
        assert_eq!(json!(names), json!(stated));
    }
}

#[test]
fn patterns_scopes_and_timeouts_are_read() {
    let patterns = read_one(&vector("patterns_all")).methods;
    let patterns: Vec<_> = patterns.iter().map(|method| method.pattern).collect();
    let all = [Pattern::Bidi, Pattern::ClientStream, Pattern::ServerStream, Pattern::Unary];
    assert!(all.iter().all(|pattern| patterns.contains(pattern)), "{patterns:?}");
    assert_eq!(read_one(&vector("session_scope")).scope, Scope::Session);
    let cs = read_one(&vector("client_stream_idempotent_timeout")).methods;
    let cs = cs.iter().find(|method| method.name == "cs").unwrap();
    assert_eq!((cs.timeout, cs.idempotent), (Some(4.5), true));
    let timeouts = read_one(&vector("timeouts")).methods;
    let timeout = |name| timeouts.iter().find(|method| method.name == name).unwrap().timeout;
    assert_eq!(timeout("int30"), Some(30.0));
    assert_eq!(timeout("bs"), Some(1e9));
    assert_eq!(timeout("zero"), None);
}

#[test]
fn roots_that_are_no_messages_are_read() {
    let roots = |name| -> Vec<_> {
        let methods = read_one(&vector(name)).methods;
        methods.iter().map(|method| format!("{} -> {}", method.request, method.response)).collect()
    };
    assert_eq!(
        roots("primitive_request_response"),
        ["string -> string", "i64 -> f64", "binary -> bool"]
    );
    assert_eq!(
        roots("container_request_is_zero"),
        ["any -> t/Resp", "t/Req -> any", "any -> t/Resp", "any -> any"]
    );
}

#[test]
fn enums_and_defaults_are_read() {
    let contract = read_one(&vector("enum_is_any"));
    let variants = |tag: &str| match &contract.types.iter().find(|ty| ty.tag == tag).unwrap().body {
        TypeBody::Enum(variants) => variants.iter().map(|one| one.name.clone()).collect(),
        TypeBody::Message(_) => Vec::new(),
    };
    assert_eq!(variants("Color"), ["red", "blue"]);
    assert_eq!(variants("Level"), ["1", "2"]);
    let defaults = |name: &str, tag: &str| -> Value {
        let contract = read_one(&vector(name));
        let ty = contract.types.iter().find(|ty| ty.tag == tag).unwrap();
        let TypeBody::Message(fields) = &ty.body else { panic!("{tag} is a message") };
        fields.iter().map(|field| json!([field.default])).collect()
    };
    assert_eq!(defaults("enum_is_any", "t/Req"), json!([["red"], [null], [[]], [{}], ["1"]]));
    assert_eq!(
        defaults("scalars_all", "t/Req"),
        json!([[""], [0], [0.0], [false], [""], [null]]),
        "the default of the bytes is base64, not Python"
    );
    assert_eq!(defaults("mission_control_ch4", "mission/TailRequest"), json!([[""], ["info"]]));
}

/// The reference's part of a manifest, numbers without regard to their form.
fn reference_part(mut manifest: Value) -> Value {
    for method in manifest["methods"].as_array_mut().unwrap() {
        let method = method.as_object_mut().unwrap();
        for key in ["description", "requires", "contract"] {
            method.remove(key);
        }
        method["timeout"] = json!(method["timeout"].as_f64());
    }
    manifest
}

#[test]
fn what_was_read_is_written_as_the_reference_does() {
    for mut vector in vectors() {
        let manifest = vector["manifest"].take();
        let entry = entries(&manifest.to_string()).unwrap().remove(0);
        // The hashes of nested types need the types.
        let stated = entry.type_hashes.unwrap();
        let hashes = |_: &Contract| -> Hashes {
            stated.iter().map(|hash| (hash.to_string(), *hash)).collect()
        };
        let text = write_hashed(std::slice::from_ref(&entry.contract), &Release::default(), hashes);
        let written: Value = serde_json::from_str(&text).unwrap();
        let mut expected = reference_part(manifest);
        // What Python can say and a contract cannot.
        let methods = &mut expected["methods"];
        match vector["name"].as_str().unwrap() {
            // An enum whose values are numbers.
            "enum_is_any" => {
                methods[0]["fields"][4]["enum_values"] = json!(["1", "2"]);
                methods[0]["fields"][4]["default_value"] = json!("1");
            }
            // No timeout, said with a zero.
            "timeouts" => {
                assert_eq!(methods[6]["name"], "zero");
                methods[6]["timeout"] = json!(null);
            }
            // A default that the manifest hides.
            "untyped_containers_any" => methods[0]["fields"][2]["default_kind"] = json!("value"),
            // A map's key, whose class is not stated.
            "rec_self_containers" => {
                for fields in ["fields", "response_fields"] {
                    methods[0][fields][4]["key_kind"] = json!("string");
                }
            }
            // Classes that are not called like their tags.
            "homelab_tools" => {
                methods[0]["request_type"] = json!("ReadLog");
                methods[0]["response_type"] = json!("Result");
            }
            "unicode_names" => {
                for method in 0..3 {
                    methods[method]["response_type"] = json!("\u{41e}\u{442}\u{432}\u{435}\u{442}");
                }
            }
            // Python types that have no tag and no fields.
            "container_request_is_zero" => {
                for (method, key) in [
                    (0, "request_type"),
                    (1, "response_type"),
                    (2, "request_type"),
                    (3, "request_type"),
                ] {
                    methods[method][key] = json!("Any");
                }
            }
            _ => {}
        }
        assert_eq!(reference_part(written), expected, "{}", vector["name"]);
    }
}

/// The keys as they stand in the text, within the first `{`.
fn keys(text: &str, indent: &str) -> Vec<String> {
    let keys = text.lines().filter_map(|line| line.strip_prefix(indent)?.strip_prefix('"'));
    keys.filter_map(|line| line.split_once("\":").map(|(key, _)| key.to_owned())).collect()
}

#[test]
fn the_text_is_laid_out_like_the_reference_s() {
    let text = write(&[everything()]);
    assert!(text.is_ascii());
    assert!(
        text.starts_with("{\n  \"v\": 1,\n  \"service\": \"Wetterdienst \\u2600 \\ud83d\\ude00\"")
    );
    assert!(text.ends_with("\"published_at_epoch_ms\": 0\n}"));
    assert_eq!(
        keys(&text, "  "),
        [
            "v",
            "service",
            "version",
            "contract_id",
            "canonical_encoding",
            "type_count",
            "type_hashes",
            "method_count",
            "methods",
            "serialization_modes",
            "scoped",
            "deprecated",
            "semver",
            "vcs_revision",
            "vcs_tag",
            "vcs_url",
            "changelog",
            "published_by",
            "published_at_epoch_ms",
        ]
    );
    let first = text.split("\n    },").next().unwrap();
    assert_eq!(
        keys(first, "      "),
        [
            "name",
            "pattern",
            "request_type",
            "response_type",
            "request_wire_tag",
            "response_wire_tag",
            "timeout",
            "idempotent",
            "fields",
            "response_fields",
            "description",
            "requires",
            "contract",
        ]
    );
    let field = first.split("\n        },").next().unwrap();
    assert_eq!(
        keys(field, "          "),
        ["name", "kind", "nullable", "required", "default_value", "default_kind", "properties"]
    );
}

#[test]
fn complete_contracts_come_back_as_they_were() {
    let mut other = everything();
    other.service = "Other".into();
    for contracts in [vec![], vec![everything()], vec![everything(), other]] {
        let text = write(&contracts);
        assert_eq!(text.starts_with('{'), contracts.len() == 1);
        assert_eq!(read(&text).unwrap(), contracts);
    }
}

#[test]
fn a_version_for_people_is_kept() {
    let release = Release { semver: Some("1.2.3".into()) };
    let text = write_with(&[everything()], &release);
    assert!(text.contains("\n  \"semver\": \"1.2.3\",\n"));
    assert_eq!(read(&text).unwrap(), [everything()]);
}

#[test]
fn nested_values_are_described_as_python_would() {
    let text = write(&[everything()]);
    let manifest: Value = serde_json::from_str(&text).unwrap();
    let fields = &manifest["methods"][0]["fields"];
    let [must, level, deep, half, big, tags, next] = fields.as_array().unwrap().as_slice() else {
        panic!("{fields}");
    };
    assert_eq!((&must["required"], &must["default_kind"]), (&json!(true), &json!("none")));
    assert_eq!(
        (&level["ref_name"], &level["enum_values"]),
        (&json!("Level"), &json!(["low", "high"]))
    );
    assert_eq!((&deep["item_kind"], &deep["item_nullable"]), (&json!("map"), &json!(true)));
    assert_eq!((&half["kind"], &half["default_value"]), (&json!("float"), &json!(0.5)));
    assert_eq!((&big["kind"], &big["default_value"]), (&json!("int"), &json!(u64::MAX)));
    assert_eq!(
        (&tags["value_kind"], &tags["default_kind"]),
        (&json!("string"), &json!("empty_map"))
    );
    assert_eq!((&next["wire_tag"], &next["nullable"]), (&json!("t/Node"), &json!(true)));
}

#[test]
fn the_command_line_of_the_reference_writes_modes_as_numbers() {
    let mut manifest = vector("modes_all");
    manifest["serialization_modes"] = json!([0, 3]);
    assert_eq!(read_one(&manifest).modes, ["xlang", "json"]);
}

#[test]
fn keys_without_a_meaning_are_ignored() {
    let mut manifest = vector("nested_struct");
    let plain = read_one(&manifest);
    manifest["new"] = json!({"a": [1]});
    manifest["methods"][0]["new"] = json!(1);
    manifest["methods"][0]["fields"][0]["new"] = json!(null);
    assert_eq!(read_one(&manifest), plain);
}

#[test]
fn manifests_without_a_version_have_types_as_text() {
    let mut manifest = vector("empty_service");
    manifest.as_object_mut().unwrap().remove("v");
    manifest["method_count"] = json!(1);
    manifest["methods"] = json!([{
        "name": "m", "pattern": "unary", "request_type": "Req", "response_type": "Resp",
        "request_wire_tag": "t/Req", "response_wire_tag": "t/Resp",
        "fields": [
            {"name": "s", "type": "str", "required": true},
            {"name": "i", "type": "int", "required": false, "default": 7},
            {"name": "l", "type": "list", "required": false, "element_type": "Leaf",
             "element_wire_tag": "t/Leaf"},
            {"name": "n", "type": "list[int]", "required": false},
            {"name": "d", "type": "dict[str, float]", "required": false},
            {"name": "o", "type": "Optional[bool]", "required": false},
            {"name": "leaf", "type": "Leaf", "required": true, "wire_tag": "t/Leaf"},
            {"name": "k", "kind": "bytes", "nullable": false, "required": true},
        ],
    }]);
    let contract = read_one(&manifest);
    assert_eq!(
        outline(&contract),
        [
            "t/Req",
            "  s: string",
            "  i: i64",
            "  l: list<t/Leaf>",
            "  n: list<i64>",
            "  d: map<string, f64>",
            "  o: optional<bool>",
            "  leaf: t/Leaf",
            "  k: binary",
        ]
    );
    let TypeBody::Message(fields) = &contract.types[0].body else { panic!("a message") };
    let defaults: Value = fields.iter().map(|field| json!([field.default])).collect();
    // A missing default and a default of null look the same in JSON.
    assert_eq!(defaults, json!([[null], [7], [[]], [[]], [{}], [null], [null], [null]]));
    let required: Vec<_> = fields.iter().map(|field| field.default.is_none()).collect();
    assert_eq!(required, [true, false, false, false, false, false, true, true]);
}
