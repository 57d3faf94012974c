//! Compiled services as contracts, and their manifests.
#![allow(missing_docs, dead_code, clippy::unwrap_used, reason = "the types are descriptions")]

use std::collections::{BTreeMap, BTreeSet};

use aster_macros::{service, wire_type};
use aster_runtime::codec::Value;
use aster_runtime::contract::{Contract, Requirement, Type, TypeBody, manifest};
use aster_runtime::{Pattern, Scope, Status, Streaming};
use bytes::Bytes;
use futures::Stream;
use jiff::Timestamp;
use jiff::civil::Date;

/// Everything a field can be.
#[wire_type("d/Everything")]
struct Everything {
    /// A flag.
    flag: bool,
    small: i8,
    wide: u64,
    half: f32,
    full: f64,
    #[wire(default = "it's")]
    text: String,
    #[wire(default = Bytes::from_static(b"it's\n"))]
    bytes: Bytes,
    date: Date,
    time: Timestamp,
    level: Level,
    leaf: Leaf,
    maybe: Option<i32>,
    leaves: Vec<Leaf>,
    gaps: Vec<Option<Leaf>>,
    rows: Vec<Vec<i64>>,
    set: BTreeSet<String>,
    map: BTreeMap<i64, Leaf>,
    maybe_map: Option<BTreeMap<String, f64>>,
    value: Value,
    #[wire(any)]
    bare_list: Vec<String>,
    #[wire(any)]
    bare_map: BTreeMap<String, Value>,
    #[wire(default = f64::NAN)]
    nothing: f64,
}

/// How bad.
#[wire_type("d/Level", rename_all = "lowercase")]
#[derive(Clone, Copy)]
enum Level {
    /// Not bad.
    Low,
    High,
}

#[wire_type("d/Leaf")]
struct Leaf {
    #[wire(default = 7)]
    x: i64,
}

#[wire_type("d/Empty")]
struct Empty {}

struct Descriptions;

/// Describes things.
#[service(version = 3, serialization = ["json", "xlang"], requires = "member")]
impl Descriptions {
    /// Then this.
    #[rpc(idempotent, timeout = "1500ms", requires = any_of("a", "b"))]
    async fn second(&self, _: Empty) -> Result<Everything, Status> {
        Err(Status::unimplemented("second"))
    }

    #[server_stream]
    async fn first(
        &self,
        _: Leaf,
    ) -> Result<impl Stream<Item = Result<Empty, Status>> + Send + use<>, Status> {
        Ok(futures::stream::empty())
    }

    #[client_stream]
    async fn third(&self, _: Streaming<Empty>) -> Result<Leaf, Status> {
        Err(Status::unimplemented("third"))
    }
}

fn contract() -> Contract {
    Contract::of(DescriptionsClient::DESCRIPTOR)
}

fn the_type(tag: &str) -> Type {
    contract().types.into_iter().find(|ty| ty.tag == tag).unwrap()
}

#[test]
fn a_service_is_described() {
    let contract = contract();
    assert_eq!((contract.service.as_str(), contract.version), ("Descriptions", 3));
    assert_eq!(contract.scope, Scope::Shared);
    assert_eq!(contract.modes, ["json", "xlang"]);
    assert_eq!(contract.doc, "Describes things.");
    assert_eq!(contract.requires, Some(Requirement::Role("member".into())));
    let names: Vec<_> = contract.methods.iter().map(|method| method.name.as_str()).collect();
    assert_eq!(names, ["first", "second", "third"]);
    let [first, second, third] = contract.methods.as_slice() else { panic!("three methods") };
    assert_eq!((first.pattern, third.pattern), (Pattern::ServerStream, Pattern::ClientStream));
    assert_eq!((second.idempotent, second.timeout), (true, Some(1.5)));
    assert_eq!(second.requires, Some(Requirement::AnyOf(vec!["a".into(), "b".into()])));
    assert_eq!(second.doc, "Then this.");
    assert_eq!(format!("{} -> {}", second.request, second.response), "d/Empty -> d/Everything");
    let tags: Vec<_> = contract.types.iter().map(|ty| ty.tag.as_str()).collect();
    assert_eq!(tags, ["d/Empty", "d/Everything", "d/Leaf", "d/Level"]);
}

#[test]
fn fields_are_described_with_their_defaults() {
    let everything = the_type("d/Everything");
    assert_eq!(everything.doc, "Everything a field can be.");
    let TypeBody::Message(fields) = &everything.body else { panic!("a message") };
    assert_eq!(fields[0].doc, "A flag.");
    let lines: Vec<_> = fields
        .iter()
        .map(|field| {
            let dynamic = if field.dynamic { "dynamic " } else { "" };
            let default = field.default.as_ref().unwrap();
            format!("{}: {dynamic}{} = {default}", field.name, field.ty)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "flag: bool = false",
            "small: i8 = 0",
            "wide: u64 = 0",
            "half: f32 = 0.0",
            "full: f64 = 0.0",
            "text: string = \"it's\"",
            "bytes: binary = \"aXQncwo=\"",
            "date: date = \"1970-01-01\"",
            "time: timestamp = \"1970-01-01T00:00:00Z\"",
            "level: enum d/Level = \"low\"",
            "leaf: d/Leaf = {\"x\":7}",
            "maybe: optional<i32> = null",
            "leaves: list<d/Leaf> = []",
            "gaps: list<optional<d/Leaf>> = []",
            "rows: list<list<i64>> = []",
            "set: set<string> = []",
            "map: map<i64, d/Leaf> = {}",
            "maybe_map: optional<map<string, f64>> = null",
            "value: dynamic any = null",
            "bare_list: dynamic list<string> = []",
            "bare_map: dynamic map<string, any> = {}",
            "nothing: f64 = null",
        ]
    );
}

#[test]
fn enums_are_described() {
    let level = the_type("d/Level");
    let TypeBody::Enum(variants) = &level.body else { panic!("an enum") };
    let lines: Vec<_> = variants.iter().map(|one| (one.name.as_str(), one.doc.as_str())).collect();
    assert_eq!(lines, [("low", "Not bad."), ("high", "")]);
}

#[test]
fn the_manifest_gives_the_same_contract_back() {
    let contracts = [contract()];
    assert_eq!(manifest::read(&manifest::write(&contracts)).unwrap(), contracts);
}

#[test]
fn python_reads_kinds_it_knows() {
    let text = manifest::write(&[contract()]);
    let manifest: serde_json::Value = serde_json::from_str(&text).unwrap();
    let second = &manifest["methods"][1];
    assert_eq!(second["response_type"], "Everything");
    let fields = second["response_fields"].as_array().unwrap();
    let lines: Vec<_> = fields
        .iter()
        .map(|field| {
            let text = |key: &str| match &field[key] {
                serde_json::Value::Null => String::new(),
                serde_json::Value::String(text) => format!(" {text}"),
                other => format!(" {other}"),
            };
            let name = field["name"].as_str().unwrap();
            let rest: String = [
                "kind",
                "ref_name",
                "item_kind",
                "item_ref",
                "key_kind",
                "value_kind",
                "value_ref",
                "default_kind",
                "default_value",
            ]
            .map(text)
            .concat();
            format!("{name}:{rest}")
        })
        .collect();
    assert_eq!(
        lines,
        [
            "flag: bool value false",
            "small: int value 0",
            "wide: int value 0",
            "half: float value 0.0",
            "full: float value 0.0",
            "text: string value it's",
            "bytes: bytes value b\"it's\\n\"",
            "date: string value 1970-01-01",
            "time: string value 1970-01-01T00:00:00Z",
            "level: enum Level value low",
            "leaf: ref Leaf factory",
            "maybe: int value",
            "leaves: list ref Leaf empty_list",
            "gaps: list ref Leaf empty_list",
            "rows: list list empty_list",
            "set: string factory",
            "map: map int ref Leaf empty_map",
            "maybe_map: map string float value",
            "value: string value",
            "bare_list: list string empty_list",
            "bare_map: map string string empty_map",
            "nothing: float value",
        ]
    );
}

#[wire_type("d/Node")]
struct Node {
    next: Option<Box<Self>>,
    kids: Vec<Self>,
}

struct Recursion;

#[service]
impl Recursion {
    #[rpc]
    async fn walk(&self, node: Node) -> Result<Node, Status> {
        Ok(node)
    }
}

#[test]
fn types_that_mention_themselves_are_described_once() {
    let contract = Contract::of(RecursionClient::DESCRIPTOR);
    assert_eq!(contract.types.len(), 1);
    let TypeBody::Message(fields) = &contract.types[0].body else { panic!("a message") };
    let types: Vec<_> = fields.iter().map(|field| field.ty.to_string()).collect();
    assert_eq!(types, ["optional<d/Node>", "list<d/Node>"]);
}
