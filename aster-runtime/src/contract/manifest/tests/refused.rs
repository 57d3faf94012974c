//! Texts that are no manifests, and what is said about them.

use serde_json::{Value, json};

use super::super::{read, write};
use super::everything;
use crate::contract::{MAX_FIELDS, MAX_MANIFEST_BYTES, MAX_MANIFEST_VALUES, MAX_METHODS};

/// What is said about a text.
fn refusal(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn published() -> Value {
    let method = json!({
        "name": "m", "pattern": "unary", "request_type": "Req", "response_type": "Resp",
        "request_wire_tag": "t/Req", "response_wire_tag": "t/Resp", "timeout": null,
        "idempotent": false, "response_fields": [],
        "fields": [{"name": "a", "kind": "int", "nullable": false, "required": true,
                    "default_value": null, "default_kind": "none", "properties": {}}],
    });
    json!({
        "v": 1, "service": "S", "version": 1,
        "contract_id": "e5c6d649aaf0def0d30009651a01f7ed4e5807a4268c145bdb25a8e194d28530",
        "canonical_encoding": "fory-xlang/0.15", "method_count": 1, "methods": [method],
        "serialization_modes": ["xlang"], "scoped": "shared",
    })
}

fn complete() -> Value {
    serde_json::from_str(&write(&[everything()])).unwrap()
}

/// What is said about a manifest after a change, without the place's numbers.
fn after(mut manifest: Value, change: impl FnOnce(&mut Value)) -> String {
    change(&mut manifest);
    let text = serde_json::to_string_pretty(&manifest).unwrap();
    let refusal = refusal(&text);
    refusal.split_once(": ").unwrap().1.to_owned()
}

/// As `after`, for a value at a JSON pointer.
fn with(manifest: Value, pointer: &str, value: Value) -> String {
    after(manifest, |manifest| *manifest.pointer_mut(pointer).unwrap() = value)
}

fn described(manifest: &mut Value) -> &mut Value {
    &mut manifest["methods"][0]["contract"]
}

#[test]
fn the_place_is_told_by_line_column_and_path() {
    let text = serde_json::to_string_pretty(&json!([published()])).unwrap();
    let bad = text.replace("\"int\"", "\"integer\"");
    let line = bad.lines().position(|line| line.contains("\"integer\"")).unwrap();
    let column = bad.lines().nth(line).unwrap().find("\"integer\"").unwrap();
    let error = read(&bad).unwrap_err();
    assert_eq!((error.line(), error.column()), (line + 1, column + 1));
    assert_eq!(error.path(), "[0].methods[0].fields[0].kind");
    assert_eq!(
        error.to_string(),
        format!(
            "line {}, column {}: [0].methods[0].fields[0].kind: expected one of string, int, float, \
             bool, bytes, list, map, enum, ref, found the string \"integer\"",
            line + 1,
            column + 1
        )
    );
    // Characters, not bytes; objects at their start; several lines.
    let wide = "{\"service\": \"\u{e9}\u{1f600}\", \"version\":\n\n  true}";
    assert_eq!(
        refusal(wide),
        "line 3, column 3: version: expected an integer of 32 bits, found true"
    );
    assert_eq!(refusal("  [{}]"), "line 1, column 4: [0]: the key `service` is missing");
    assert_eq!(
        refusal("{\"service\": \"\u{e9}\u{e9}\", \"version\": \"1\"}"),
        "line 1, column 30: version: expected an integer of 32 bits, found the string \"1\""
    );
}

#[test]
fn text_that_is_no_json_is_refused() {
    assert_eq!(refusal(""), "line 1, column 0: EOF while parsing a value");
    assert_eq!(refusal("{\n  \"v\": }"), "line 2, column 8: expected value");
    assert_eq!(refusal("{} {}"), "line 1, column 4: trailing characters");
    assert_eq!(refusal("\u{feff}{}"), "line 1, column 1: expected value");
    assert_eq!(refusal("[1e999]"), "line 1, column 6: number out of range");
    assert_eq!(refusal("[NaN]"), "line 1, column 2: expected value");
    assert_eq!(refusal("[-Infinity]"), "line 1, column 3: invalid number");
    assert_eq!(
        refusal(r#"{"service": "a", "service": "b"}"#),
        "line 1, column 26: the key \"service\" stands twice in the same object"
    );
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(refusal(&deep), "line 1, column 128: recursion limit exceeded");
}

#[test]
fn size_is_bounded() {
    let long = " ".repeat(MAX_MANIFEST_BYTES + 1);
    assert_eq!(refusal(&long), "more than 16777216 bytes");
    let many = format!("[{}0]", "0,".repeat(MAX_MANIFEST_VALUES));
    assert!(refusal(&many).ends_with(": more than 1000000 values"));
    assert_eq!(
        after(published(), |manifest| {
            let method = manifest["methods"][0].clone();
            manifest["methods"] = vec![method; 10_000].into();
        }),
        format!("methods: 10000 methods; at most {MAX_METHODS} are read")
    );
    assert_eq!(
        after(published(), |manifest| {
            let field = manifest["methods"][0]["fields"][0].clone();
            manifest["methods"][0]["fields"] = vec![field; MAX_FIELDS + 1].into();
        }),
        format!("methods[0].fields: 1001 fields; at most {MAX_FIELDS} are read")
    );
    assert_eq!(
        after(complete(), |manifest| {
            let ty = described(manifest)["types"][0].clone();
            described(manifest)["types"] = vec![ty; 5_000].into();
        }),
        "methods[0].contract.types: 5000 types; at most 4096 are read"
    );
    let roles = json!({"any_of": vec!["r"; 65]});
    assert_eq!(
        with(complete(), "/methods/1/requires", roles),
        "methods[1].requires.any_of: 65 roles; at most 64 are read"
    );
    let services = json!(vec![published(); 257]);
    assert!(refusal(&services.to_string()).ends_with(": 257 services; at most 256 are read"));
    let hash = published()["contract_id"].clone();
    assert_eq!(
        after(published(), |manifest| manifest["type_hashes"] = vec![hash; 4_097].into()),
        "type_hashes: 4097 hashes; at most 4096 are read"
    );
}

#[test]
fn names_are_bounded() {
    let long = json!("x".repeat(256));
    let too_long = "a name of 256 bytes; at most 255 are read";
    for pointer in ["/service", "/methods/0/name", "/methods/0/fields/0/name"] {
        let path = pointer[1..].replace("/0", "[0]").replace('/', ".");
        assert_eq!(with(published(), pointer, long.clone()), format!("{path}: {too_long}"));
        assert_eq!(with(published(), pointer, json!("")), format!("{path}: an empty name"));
        assert_eq!(
            with(published(), pointer, json!("a\u{1b}[2J")),
            format!("{path}: a name with a control character")
        );
    }
    let tag = "/methods/0/request_wire_tag";
    assert_eq!(
        with(published(), tag, long.clone()),
        format!("methods[0].request_wire_tag: {too_long}")
    );
    let path = "methods[0].contract.types[1].fields[0]";
    let pointer = "/methods/0/contract/types/1/fields/0";
    assert_eq!(
        with(complete(), &format!("{pointer}/type"), long),
        format!(
            "{path}.type: no type of a field: at character 1: the tag has 256 bytes; at most 255 are read"
        )
    );
    assert_eq!(
        with(complete(), &format!("{pointer}/description"), json!("x".repeat(65_537))),
        format!("{path}.description: a description of 65537 bytes; at most 65536 are read")
    );
}

#[test]
fn a43_types_nest_to_a_bound() {
    let pointer = "/methods/0/contract/types/1/fields/0/type";
    let deep = |levels: usize| json!(format!("{}i64{}", "set<".repeat(levels), ">".repeat(levels)));
    let path = "methods[0].contract.types[1].fields[0].type: no type of a field";
    assert_eq!(
        with(complete(), pointer, deep(40)),
        format!("{path}: at character 129: the type nests deeper than 32 levels")
    );
    assert_eq!(
        with(complete(), pointer, deep(100_000)),
        format!("{path}: at character 1: the type has 500003 bytes; at most 2048 are read")
    );
    let list = format!("{}int{}", "list[".repeat(40), "]".repeat(40));
    assert_eq!(
        after(published(), |manifest| {
            manifest["v"] = json!(null);
            manifest["methods"][0]["fields"] = json!([{"name": "a", "type": list}]);
        }),
        "methods[0].fields[0].type: a type that nests deeper than 32 levels"
    );
}

#[test]
fn types_may_mention_themselves() {
    let mut manifest = complete();
    for field in described(&mut manifest)["types"][1]["fields"].as_array_mut().unwrap() {
        field["type"] = json!("map<t/Node, list<optional<t/Node>>>");
    }
    let contracts = read(&manifest.to_string()).unwrap();
    assert_eq!(read(&write(&contracts)).unwrap(), contracts);
}

#[test]
fn nothing_stands_twice() {
    let twice = |manifest: Value, pointer: &str| {
        after(manifest, |manifest| {
            let list = manifest.pointer_mut(pointer).unwrap().as_array_mut().unwrap();
            list.insert(0, list[0].clone());
        })
    };
    assert_eq!(twice(published(), "/methods"), "methods[1].name: the method stands twice");
    assert_eq!(
        twice(published(), "/methods/0/fields"),
        "methods[0].fields[1].name: the field stands twice"
    );
    let types = "/methods/0/contract/types";
    assert_eq!(twice(complete(), types), "methods[0].contract.types[1].tag: the type stands twice");
    assert_eq!(
        twice(complete(), &format!("{types}/1/fields")),
        "methods[0].contract.types[1].fields[1].name: the field stands twice"
    );
    assert_eq!(
        twice(complete(), &format!("{types}/0/enum")),
        "methods[0].contract.types[0].enum[1].name: the variant stands twice"
    );
    let services = json!([published(), published()]);
    assert!(refusal(&services.to_string()).ends_with(": [1]: version 1 of S stands twice"));
    assert_eq!(
        after(complete(), |manifest| {
            manifest["methods"][1]["contract"] = described(manifest).clone();
        }),
        "methods[1].contract: the contract is described twice"
    );
    let other = json!([]);
    assert_eq!(
        after(published(), |manifest| {
            manifest["methods"][0]["response_wire_tag"] = json!("t/Req");
            manifest["methods"][0]["response_fields"] = other;
        }),
        "methods[0].response_fields: t/Req is described in another way before"
    );
}

#[test]
fn numbers_are_what_they_count() {
    for (value, found) in [
        (json!("1"), "the string \"1\""),
        (json!(1.0), "the number 1.0"),
        (json!(2_147_483_648_u64), "the number 2147483648"),
        (json!(1e300), "the number 1e+300"),
    ] {
        assert_eq!(
            with(published(), "/version", value),
            format!("version: expected an integer of 32 bits, found {found}")
        );
    }
    for (value, found) in [
        (json!(-1), "the number -1"),
        (json!(-0.001), "the number -0.001"),
        (json!(1e300), "the number 1e+300"),
        (json!("NaN"), "the string \"NaN\""),
        (json!([]), "an array"),
    ] {
        assert_eq!(
            with(published(), "/methods/0/timeout", value),
            format!("methods[0].timeout: expected seconds from 0 to 1e12, or null, found {found}")
        );
    }
    assert_eq!(
        with(published(), "/method_count", json!(2)),
        "method_count: 2 is stated, but `methods` has 1"
    );
    assert_eq!(
        after(published(), |manifest| {
            manifest["type_count"] = json!(3);
            manifest["type_hashes"] = json!([]);
        }),
        "type_count: 3 is stated, but `type_hashes` has 0"
    );
    assert_eq!(
        with(published(), "/serialization_modes", json!([4])),
        "serialization_modes[0]: expected a mode, 0 to 3, found the number 4"
    );
    assert_eq!(
        with(published(), "/v", json!(2)),
        "v: version 2 of the manifest format; this program reads version 1"
    );
}

#[test]
fn values_are_of_the_kind_expected() {
    let id = "expected 64 lowercase hex digits, found the string";
    let upper = published()["contract_id"].as_str().unwrap().to_uppercase();
    let start = &upper[..40];
    assert_eq!(
        with(published(), "/contract_id", json!(upper)),
        format!("contract_id: {id} \"{start}...\"")
    );
    for (pointer, value, said) in [
        ("", json!(3), "expected an object or an array of objects, found the number 3"),
        ("/service", json!(null), "the key `service` is missing"),
        ("/contract_id", json!(1), "contract_id: expected a string, found the number 1"),
        (
            "/canonical_encoding",
            json!("fory-xlang/0.16"),
            "canonical_encoding: expected \"fory-xlang/0.15\", found the string \"fory-xlang/0.16\"",
        ),
        (
            "/scoped",
            json!("sesion"),
            "scoped: expected one of shared, session, found the string \"sesion\"",
        ),
        ("/methods", json!({}), "methods: expected an array, found an object"),
        ("/methods/0", json!("m"), "methods[0]: expected an object, found the string \"m\""),
        (
            "/methods/0/pattern",
            json!("unry"),
            "methods[0].pattern: expected one of unary, server_stream, client_stream, bidi_stream, \
             found the string \"unry\"",
        ),
        (
            "/methods/0/idempotent",
            json!("no"),
            "methods[0].idempotent: expected true or false, found the string \"no\"",
        ),
        (
            "/methods/0/fields/0/default_kind",
            json!("value"),
            "methods[0].fields[0].default_kind: the field is required, but has a default",
        ),
    ] {
        assert_eq!(with(published(), pointer, value), said);
    }
}

#[test]
fn requirements_that_are_not_understood_are_refused() {
    for requires in [
        json!("ops"),
        json!("Admitted"),
        json!(["admitted"]),
        json!({"admitted": true}),
        json!([]),
        json!({}),
        json!({"roles": ["a"]}),
        json!({"role": "a", "all_of": ["b"]}),
        json!({"role": "a", "unless": "b"}),
        json!({"role": null}),
    ] {
        let said = with(complete(), "/methods/1/requires", requires.clone());
        assert!(said.starts_with("methods[1].requires: expected "), "{requires}: {said}");
    }
    let said = with(complete(), "/methods/0/contract/requires", json!({"none_of": []}));
    assert!(
        said.starts_with("methods[0].contract.requires: expected null, \"admitted\", {\"role\""),
        "{said}"
    );
    assert_eq!(
        with(complete(), "/methods/1/requires", json!({"any_of": [""]})),
        "methods[1].requires.any_of[0]: an empty name"
    );
}

#[test]
fn descriptions_contradict_nothing() {
    let types = "methods[0].contract.types";
    let ty = "/methods/0/contract/types/1/fields/0/type";
    assert_eq!(
        with(complete(), ty, json!("list<t/Level>")),
        format!("{types}[1].fields[0].type: t/Level is described as an enum, not as a message")
    );
    assert_eq!(
        with(complete(), ty, json!("enum t/Node")),
        format!("{types}[1].fields[0].type: t/Node is described as a message, not as an enum")
    );
    assert_eq!(
        after(complete(), |manifest| described(manifest)["types"][0]["fields"] = json!([])),
        format!("{types}[0]: a type has either `fields` or `enum`")
    );
    assert_eq!(
        after(complete(), |manifest| described(manifest)["types"][0]["hash"] = json!("00")),
        format!("{types}[0].hash: expected 64 lowercase hex digits, found the string \"00\"")
    );
    assert_eq!(
        after(complete(), |manifest| {
            described(manifest).as_object_mut().unwrap().remove("types");
        }),
        "methods[0].contract: the key `types` is missing"
    );
}
