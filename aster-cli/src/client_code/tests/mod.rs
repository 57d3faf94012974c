//! What the generator promises, beside what the snapshots show.

mod hostile;
mod snapshots;

use aster::contract::{Contract, Requirement, manifest};

use super::prose::method_doc;
use super::{GenerateError, Language, Options, generate};

const LANGUAGES: [Language; 3] = [Language::Rust, Language::Python, Language::Typescript];

/// A service `S` with one method `go` and these types, as JSON.
fn contract(types: &str) -> Contract {
    contract_with(1, "t/Request", types)
}

fn contract_with(version: i32, request: &str, types: &str) -> Contract {
    let id = "0".repeat(64);
    let text = format!(
        r#"{{"v": 1, "service": "S", "version": {version}, "contract_id": "{id}",
            "serialization_modes": ["xlang"], "scoped": "shared", "methods": [
            {{"name": "go", "pattern": "unary", "request_type": "Request", "response_type": "Request",
              "request_wire_tag": "{request}", "response_wire_tag": "{request}",
              "contract": {{"types": [{types}]}}}}]}}"#
    );
    manifest::read(&text).unwrap().remove(0)
}

/// All text of all files.
fn text(contracts: &[Contract], language: Language) -> String {
    let files = generate(contracts, language, &Options::default()).unwrap();
    files.into_iter().map(|file| file.text).collect()
}

#[track_caller]
fn check_error(contract: &Contract, language: Language, wanted: &str) {
    let error =
        generate(std::slice::from_ref(contract), language, &Options::default()).unwrap_err();
    assert!(error.to_string().contains(wanted), "{error}");
}

#[test]
fn nothing_is_made_from_nothing() {
    for language in LANGUAGES {
        assert_eq!(generate(&[], language, &Options::default()), Err(GenerateError::Nothing));
    }
}

#[test]
fn a_type_that_is_not_described_is_an_error_not_an_empty_class() {
    let contract =
        contract(r#"{"tag": "t/Request", "fields": [{"name": "inner", "type": "list<t/Inner>"}]}"#);
    for language in LANGUAGES {
        check_error(
            &contract,
            language,
            "does not say what \"t/Inner\" looks like, which the field \"inner\"",
        );
    }
}

#[test]
fn a_type_without_end_is_an_error() {
    let direct =
        contract(r#"{"tag": "t/Request", "fields": [{"name": "next", "type": "t/Request"}]}"#);
    let by_default = contract(
        r#"{"tag": "t/Request", "fields": [{"name": "next", "type": "optional<t/Request>", "default": {}}]}"#,
    );
    for language in LANGUAGES {
        check_error(&direct, language, "every \"t/Request\" holds another one without end");
        check_error(&by_default, language, "every \"t/Request\" holds another one without end");
    }
}

#[test]
fn what_a_language_cannot_do_is_an_error_that_says_so() {
    let set = contract(r#"{"tag": "t/Request", "fields": [{"name": "x", "type": "set<f64>"}]}"#);
    check_error(&set, Language::Rust, "a set of values that Rust cannot compare");
    let dunder =
        contract(r#"{"tag": "t/Request", "fields": [{"name": "__class__", "type": "i64"}]}"#);
    check_error(
        &dunder,
        Language::Python,
        "Python keeps names like that of the field \"__class__\"",
    );
    let proto =
        contract(r#"{"tag": "t/Request", "fields": [{"name": "__proto__", "type": "i64"}]}"#);
    check_error(&proto, Language::Typescript, "no object has a field \"__proto__\" of its own");
    let quotes = contract(r#"{"tag": "t/Request", "fields": [{"name": "a\"b", "type": "i64"}]}"#);
    check_error(&quotes, Language::Rust, "has quotes");
}

#[test]
fn the_order_of_the_contracts_does_not_matter() {
    let first = contract_with(1, "t/A", r#"{"tag": "t/A", "fields": []}"#);
    let second = contract_with(2, "t/B", r#"{"tag": "t/B", "fields": []}"#);
    for language in LANGUAGES {
        let there = text(&[first.clone(), second.clone()], language);
        let back = text(&[second.clone(), first.clone(), second.clone()], language);
        assert_eq!(there, back);
    }
}

#[test]
fn versions_that_disagree_about_a_type_have_types_of_their_own() {
    let first = contract(r#"{"tag": "t/Request", "fields": [{"name": "a", "type": "i64"}]}"#);
    let second = contract_with(
        2,
        "t/Request",
        r#"{"tag": "t/Request", "fields": [{"name": "b", "type": "i64"}]}"#,
    );
    let both = [first, second];
    let names = |language| -> Vec<String> {
        let files = generate(&both, language, &Options::default()).unwrap();
        files.iter().map(|file| file.path.display().to_string()).collect()
    };
    assert_eq!(
        names(Language::Rust),
        ["mod", "types", "types_2", "s_v1", "s_v2"].map(|name| format!("clients/{name}.rs"))
    );
    assert!(text(&both, Language::Rust).contains("use super::types_2 as types;"));
    assert!(text(&both, Language::Python).contains("from . import types_2 as types"));
    assert!(text(&both, Language::Typescript).contains("from \"./types-2.js\""));
}

#[test]
fn a_field_without_default_must_be_given() {
    let contract = contract(
        r#"{"tag": "t/Inner", "fields": [{"name": "a", "type": "i64"}]},
           {"tag": "t/Request", "fields": [
             {"name": "a", "type": "string", "default": "x"},
             {"name": "b", "type": "i64"},
             {"name": "inner", "type": "t/Inner", "default": {}}]}"#,
    );
    let contracts = [contract];
    let python = text(&contracts, Language::Python);
    assert!(python.contains("kw_only=True"), "{python}");
    assert!(python.contains("    b: int\n    inner: Inner = dataclasses.field(default_factory=lambda: Inner(**{\"a\": 0}))\n"), "{python}");
    let typescript = text(&contracts, Language::Typescript);
    assert!(typescript.contains("init: Partial<Request> & Pick<Request, \"b\">"), "{typescript}");
    assert!(typescript.contains("= new Inner({ a: 0 });"), "{typescript}");
}

#[test]
fn docs_say_who_may_call() {
    use Requirement::{Admitted, Role};
    let role = |name: &str| Some(Role(name.to_owned()));
    let notes = |service: Option<Requirement>, method: Option<Requirement>| {
        let mut contract = contract("");
        contract.requires = service;
        contract.methods[0].requires = method;
        method_doc(&contract, &contract.methods[0]).join(" ")
    };
    assert_eq!(notes(None, None), "");
    let open = "Open to any admitted peer.";
    assert_eq!(notes(Some(Admitted), None), open);
    assert_eq!(notes(None, Some(Admitted)), open);
    assert_eq!(notes(Some(Admitted), Some(Admitted)), open);
    assert_eq!(notes(Some(Admitted), role("a")), "Needs the capability a.");
    assert_eq!(notes(role("a"), Some(Admitted)), "Needs the capability a.");
    assert_eq!(notes(role("a"), role("b")), "Needs the capability a. Needs the capability b.");
}

#[test]
fn the_package_can_be_named() {
    let contract = [contract(r#"{"tag": "t/Request", "fields": []}"#)];
    for (name, wanted) in [("My Clients", "my_clients"), ("../up", "up"), ("import", "import_")] {
        let options = Options { package: Some(name.to_owned()) };
        let files = generate(&contract, Language::Python, &options).unwrap();
        assert!(files.iter().all(|file| file.path.starts_with(wanted)), "{files:?}");
    }
}
