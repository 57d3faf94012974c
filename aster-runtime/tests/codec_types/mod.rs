//! The Rust side of the types in `interop/peer/make_vectors.py`.
#![allow(dead_code, unreachable_pub, reason = "each test uses a part")]

use std::collections::{BTreeMap, BTreeSet};

use aster_macros::wire_type;
use aster_runtime::codec::Value;
use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;

/// Declares messages that can be compared, printed and generated.
macro_rules! messages {
    ($(#[wire_type($($tag:tt)*)] struct $name:ident { $($body:tt)* })*) => {$(
        #[wire_type($($tag)*)]
        #[derive(Clone, Debug, PartialEq)]
        pub struct $name { $($body)* }
    )*};
}

#[wire_type("__main__/Color", rename_all = "UPPERCASE")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Color {
    Red,
    Green,
    Blue,
}

messages! {
    #[wire_type("_aster/StreamHeader", rename_all = "camelCase")]
    struct StreamHeader {
        pub service: String,
        pub method: String,
        pub version: i64,
        pub call_id: String,
        pub deadline_epoch_ms: i64,
        pub serialization_mode: i64,
        pub metadata_keys: Vec<String>,
        pub metadata_values: Vec<String>,
    }

    #[wire_type("_aster/CallHeader", rename_all = "camelCase")]
    struct CallHeader {
        pub method: String,
        pub call_id: String,
        pub deadline_epoch_ms: i64,
        pub metadata_keys: Vec<String>,
        pub metadata_values: Vec<String>,
    }

    #[wire_type("_aster/RpcStatus", rename_all = "camelCase")]
    struct RpcStatus {
        pub code: i64,
        pub message: String,
        pub detail_keys: Vec<String>,
        pub detail_values: Vec<String>,
    }

    #[wire_type("mission/StatusResponse")]
    struct StatusResponse {
        pub agent_id: String,
        #[wire(default = "idle")]
        pub status: String,
        pub uptime_secs: i64,
    }

    #[wire_type("mission/LogEntry")]
    struct LogEntry {
        pub timestamp: f64,
        pub level: String,
        pub message: String,
        pub agent_id: String,
    }

    #[wire_type("mission/MetricPoint")]
    struct MetricPoint {
        pub name: String,
        pub value: f64,
        pub timestamp: f64,
        pub tags: BTreeMap<String, String>,
    }

    #[wire_type("mission/MetricBatch")]
    struct MetricBatch {
        pub points: Vec<MetricPoint>,
    }

    #[wire_type("guide/MetricPoint")]
    struct GuidePoint {
        pub name: String,
        #[wire(any)]
        pub tags: BTreeMap<String, String>,
    }

    #[wire_type("guide/Heartbeat")]
    struct GuideHeartbeat {
        pub agent_id: String,
        #[wire(any)]
        pub capabilities: Vec<String>,
        pub load_avg: f64,
    }

    #[wire_type("mission/CommandResult")]
    struct CommandResult {
        pub stdout: String,
        pub stderr: String,
        #[wire(default = -1)]
        pub exit_code: i32,
    }

    #[wire_type("v/Inner")]
    struct Inner {
        pub x: i64,
        pub y: String,
    }

    #[wire_type("v/Numbers")]
    struct Numbers {
        pub i64: i64,
        pub i32: i32,
        pub i16: i16,
        pub i8: i8,
        pub u64: u64,
        pub u32: u32,
        pub u16: u16,
        pub u8: u8,
        pub f32: f32,
        pub f64: f64,
        pub b: bool,
    }

    #[wire_type("v/OptionalNumbers")]
    struct OptionalNumbers {
        pub i64: Option<i64>,
        pub i32: Option<i32>,
        pub i16: Option<i16>,
        pub i8: Option<i8>,
        pub u64: Option<u64>,
        pub u32: Option<u32>,
        pub u16: Option<u16>,
        pub u8: Option<u8>,
        pub f32: Option<f32>,
        pub f64: Option<f64>,
        pub b: Option<bool>,
    }

    #[wire_type("v/Texts")]
    struct Texts {
        pub items: Vec<String>,
    }

    #[wire_type("v/Ints")]
    struct Ints {
        pub items: Vec<i64>,
    }

    #[wire_type("v/Lists")]
    struct Lists {
        pub names: Vec<String>,
        pub floats: Vec<f64>,
        pub flags: Vec<bool>,
        pub blobs: Vec<Vec<u8>>,
        pub small: Vec<i8>,
        pub words: std::collections::VecDeque<i32>,
        pub nested: Vec<Vec<String>>,
        pub inner: Vec<Inner>,
        pub days: Vec<Date>,
        pub colors: Vec<Color>,
    }

    #[wire_type("v/OptionalItems")]
    struct OptionalItems {
        pub names: Vec<Option<String>>,
        pub lists: Vec<Option<Vec<String>>>,
        pub colors: Vec<Option<Color>>,
        pub inner: Vec<Option<Inner>>,
    }

    #[wire_type("v/Maps")]
    struct Maps {
        pub ss: BTreeMap<String, String>,
        pub si: BTreeMap<String, i64>,
        pub ib: BTreeMap<i64, bool>,
        pub bs: BTreeMap<bool, String>,
        pub sl: BTreeMap<String, Vec<Inner>>,
        pub sc: BTreeMap<String, Color>,
        pub ci: BTreeMap<Color, i64>,
        pub so: BTreeMap<String, Option<String>>,
        pub sn: BTreeMap<String, Inner>,
    }

    #[wire_type("v/Sets")]
    struct Sets {
        pub texts: std::collections::HashSet<String>,
        pub ints: BTreeSet<i64>,
    }

    #[wire_type("v/Optionals")]
    struct Optionals {
        pub text: Option<String>,
        pub raw: Option<Bytes>,
        pub items: Option<Vec<String>>,
        pub tags: Option<BTreeMap<String, String>>,
        pub inner: Option<Inner>,
        pub color: Option<Color>,
        pub day: Option<Date>,
        pub time: Option<Timestamp>,
        pub unique: Option<BTreeSet<i64>>,
    }

    #[wire_type("v/Times")]
    struct Times {
        pub day: Date,
        pub time: Timestamp,
    }

    #[wire_type("v/Dynamic")]
    struct Dynamic {
        pub value: Value,
    }

    #[wire_type("v/DynamicLists")]
    struct DynamicLists {
        pub bare: Value,
        pub listed: Vec<Value>,
        pub optional: Option<Value>,
    }

    #[wire_type("v/DynamicMaps")]
    struct DynamicMaps {
        pub bare: Value,
        pub keyed: BTreeMap<String, Value>,
        pub optional: Option<Value>,
    }

    #[wire_type("v/BareSet")]
    struct BareSet {
        #[wire(any)]
        pub unique: BTreeSet<String>,
    }

    #[wire_type("v/BareInts")]
    struct BareInts {
        #[wire(any)]
        pub words: Vec<i32>,
        #[wire(any)]
        pub floats: Vec<f32>,
        #[wire(any)]
        pub optional: Vec<Option<String>>,
        #[wire(any)]
        pub nested: Vec<Vec<String>>,
        #[wire(any)]
        pub inner: Vec<Inner>,
        #[wire(any)]
        pub by_name: BTreeMap<String, Inner>,
        #[wire(any)]
        pub colors: Vec<Option<Color>>,
    }

    #[wire_type("v/Two")]
    struct Two {
        pub a: Inner,
        pub b: Inner,
        pub c: Option<Inner>,
        pub d: Vec<Inner>,
    }

    #[wire_type("v/Deep")]
    struct Deep {
        pub two: Two,
        pub inner: Inner,
        pub again: Two,
    }

    #[wire_type("Bare")]
    struct Bare {
        pub x: i64,
    }

    #[wire_type("BareOuter")]
    struct BareOuter {
        pub a: Bare,
        pub b: Bare,
        pub inner: Inner,
    }

    #[wire_type("v/Mixed")]
    struct Mixed {
        pub bare: Bare,
        pub outer: BareOuter,
    }

    #[wire_type("v/Tree")]
    struct Tree {
        pub name: String,
        pub kids: Vec<Tree>,
    }

    #[wire_type("v/Chain")]
    struct Chain {
        pub value: i64,
        pub next: Option<Box<Chain>>,
    }

    #[wire_type("v/Empty")]
    struct Empty {}

    #[wire_type("v/EmptyHolder")]
    struct EmptyHolder {
        pub e: Empty,
    }

    #[wire_type("v/Camel", rename_all = "camelCase")]
    struct Camel {
        pub user_name: String,
        pub some_value: i64,
        #[wire(rename = "under_score")]
        pub under_score: i64,
        pub r#type: String,
    }

    #[wire_type("com.example.inventory/WarehouseStockReservationRequest")]
    struct LongName {
        pub x: i64,
    }

    #[wire_type("com.example.very.long.namespace.for.test/AVeryLongTypeNameForTesting2")]
    struct LongerName {
        pub x: i64,
    }

    #[wire_type("nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn.long/Xyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy")]
    struct HugeName {
        pub x: i64,
        pub again: Option<Bare>,
    }

    #[wire_type("a/b/C")]
    struct Slashes {
        pub x: i64,
    }

    #[wire_type("my.pkg.Type")]
    struct Dotted {
        pub x: i64,
    }

    #[wire_type("x-y/HTTPServer")]
    struct Kebab {
        pub x: i64,
    }

    #[wire_type("io.aster.v1/A1b")]
    struct Digits {
        pub x: i64,
    }

    #[wire_type("a_b$c/User$Profile_2")]
    struct Special {
        pub x: i64,
    }

    #[wire_type("ns|p/UserProfile")]
    struct Pipes {
        pub x: i64,
    }
}
