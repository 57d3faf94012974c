//! Payloads of the Python peer decode to the expected values and back.
//!
//! `vectors/xlang.json` is made by `interop/peer/make_vectors.py`.

mod codec_types;

use std::cell::RefCell;
use std::collections::BTreeMap;

use aster_runtime::codec::{DecodeLimits, Encoding, Value, WireType, decode, encode};
use bytes::BytesMut;
use codec_types::*;
use jiff::civil::date;

/// The vectors not yet checked.
struct Vectors(RefCell<BTreeMap<String, String>>);

impl Vectors {
    fn load() -> Self {
        let text = include_str!("../vectors/xlang.json");
        Self(RefCell::new(serde_json::from_str(text).expect("the vectors are JSON")))
    }

    /// Checks one vector against the value that the peer encoded.
    #[track_caller]
    fn check<T: WireType + PartialEq + std::fmt::Debug>(&self, name: &str, value: &T) {
        let hex = self.0.borrow_mut().remove(name).unwrap_or_else(|| panic!("no vector {name}"));
        let payload = data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("hex");
        let decoded: T = decode(Encoding::Xlang, &payload, &DecodeLimits::default())
            .unwrap_or_else(|error| panic!("{name}: {error}\n{hex}"));
        assert_eq!(&decoded, value, "{name}");
        let mut encoded = BytesMut::from(&b"before"[..]);
        encode(Encoding::Xlang, value, &mut encoded).unwrap_or_else(|e| panic!("{name}: {e}"));
        let encoded = data_encoding::HEXLOWER.encode(&encoded[6..]);
        assert_eq!(encoded, hex, "{name} is encoded differently");

        // The same value survives JSON, unless it holds what JSON has not.
        let mut json = BytesMut::new();
        if encode(Encoding::Json, value, &mut json).is_ok() && !name.starts_with("dynamic") {
            let back: T = decode(Encoding::Json, &json, &DecodeLimits::default())
                .unwrap_or_else(|error| panic!("{name}: {error}\n{json:?}"));
            assert_eq!(&back, value, "{name} through JSON {json:?}");
        }
    }
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

fn map<K: Ord, V>(entries: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    entries.into_iter().collect()
}

fn tags(entries: &[(&str, &str)]) -> BTreeMap<String, String> {
    map(entries.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())))
}

fn inner(x: i64, y: &str) -> Inner {
    Inner { x, y: y.into() }
}

fn key<V>(k: &str, v: V) -> BTreeMap<String, V> {
    map([(k.to_owned(), v)])
}

fn log(level: &str, message: &str, agent_id: &str, timestamp: f64) -> LogEntry {
    LogEntry { timestamp, level: level.into(), message: message.into(), agent_id: agent_id.into() }
}

fn no_maps() -> Maps {
    Maps {
        ss: map([]),
        si: map([]),
        ib: map([]),
        bs: map([]),
        sl: map([]),
        sc: map([]),
        ci: map([]),
        so: map([]),
        sn: map([]),
    }
}

#[test]
fn every_vector_of_the_peer_decodes_and_encodes_byte_for_byte() {
    let v = Vectors::load();
    control(&v);
    guide(&v);
    scalars(&v);
    collections(&v);
    optionals_and_times(&v);
    dynamic(&v);
    names(&v);
    let rest: Vec<String> = v.0.into_inner().into_keys().collect();
    assert!(rest.is_empty(), "vectors without a check: {rest:?}");
}

fn control(v: &Vectors) {
    let stream_header = StreamHeader {
        service: String::new(),
        method: String::new(),
        version: 0,
        call_id: String::new(),
        deadline_epoch_ms: 0,
        serialization_mode: 0,
        metadata_keys: vec![],
        metadata_values: vec![],
    };
    v.check("stream_header_empty", &stream_header);
    v.check(
        "stream_header",
        &StreamHeader {
            service: "Hello".into(),
            method: "sayHello".into(),
            version: 1,
            call_id: "11111111-2222-4333-8444-555555555555".into(),
            deadline_epoch_ms: 1_767_225_600_000,
            serialization_mode: 3,
            metadata_keys: strings(&["authorization", "é"]),
            metadata_values: strings(&["Bearer t", "日本"]),
        },
    );
    let call_header = |method: &str, call_id: &str, deadline_epoch_ms, keys, values| CallHeader {
        method: method.into(),
        call_id: call_id.into(),
        deadline_epoch_ms,
        metadata_keys: strings(keys),
        metadata_values: strings(values),
    };
    v.check("call_header_empty", &call_header("", "", 0, &[], &[]));
    v.check("call_header", &call_header("add", "c-1", 1_767_225_600_000, &["k"], &["v"]));
    let status = |code, message: &str, keys, values| RpcStatus {
        code,
        message: message.into(),
        detail_keys: strings(keys),
        detail_values: strings(values),
    };
    v.check("rpc_status_ok", &status(0, "", &[], &[]));
    v.check("rpc_status", &status(101, "bad", &["unexpected_fields"], &["'x'"]));
}

fn guide(v: &Vectors) {
    let status = |agent: &str, status: &str, uptime_secs| StatusResponse {
        agent_id: agent.into(),
        status: status.into(),
        uptime_secs,
    };
    v.check("status", &status("edge-1", "running", 3600));
    v.check("status_default", &status("", "idle", 0));
    v.check("log", &log("warn", "disk is 91% full", "edge-1", 1_700_000_000.5));
    v.check("log_latin1", &log("info", "café ÿ", "x", 0.0));
    v.check("log_utf16", &log("info", "你好 aé", "x", 0.0));
    v.check("log_utf8", &log("info", "ok 😀 é", "x", 0.0));
    v.check("log_long", &log("info", &"x".repeat(5000), &"é".repeat(200), -0.0));
    let metric = |name: &str, value, timestamp, entries| MetricPoint {
        name: name.into(),
        value,
        timestamp,
        tags: tags(entries),
    };
    let first = metric("cpu.load", 0.75, 1_700_000_000.25, &[("dc", "eu"), ("host", "web-1")]);
    let second = metric("mem", 12.5, 1_700_000_001.0, &[]);
    v.check("metric", &first);
    v.check("metric_no_tags", &second);
    v.check("batch", &MetricBatch { points: vec![first, second] });
    v.check("batch_empty", &MetricBatch { points: vec![] });
    v.check(
        "command_result",
        &CommandResult { stdout: "out".into(), stderr: "err".into(), exit_code: -1 },
    );
    let point = |entries| GuidePoint { name: "cpu".into(), tags: tags(entries) };
    v.check("guide_point", &point(&[("dc", "eu"), ("host", "web-1")]));
    v.check("guide_point_empty", &point(&[]));
    let beat = |items| GuideHeartbeat {
        agent_id: "edge-1".into(),
        capabilities: strings(items),
        load_avg: 0.5,
    };
    v.check("guide_heartbeat", &beat(&["gpu", "arm64"]));
    v.check("guide_heartbeat_empty", &beat(&[]));
}

fn scalars(v: &Vectors) {
    let numbers = Numbers {
        i64: 0,
        i32: 0,
        i16: 0,
        i8: 0,
        u64: 0,
        u32: 0,
        u16: 0,
        u8: 0,
        f32: 0.0,
        f64: 0.0,
        b: false,
    };
    v.check("numbers_zero", &numbers);
    v.check(
        "numbers_max",
        &Numbers {
            i64: i64::MAX,
            i32: i32::MAX,
            i16: i16::MAX,
            i8: i8::MAX,
            u64: u64::MAX,
            u32: u32::MAX,
            u16: u16::MAX,
            u8: u8::MAX,
            f32: 1.5,
            f64: 1e308,
            b: true,
        },
    );
    v.check(
        "numbers_min",
        &Numbers {
            i64: i64::MIN,
            i32: i32::MIN,
            i16: i16::MIN,
            i8: i8::MIN,
            f32: -1.5,
            f64: 5e-324,
            ..numbers
        },
    );
    let none = OptionalNumbers {
        i64: None,
        i32: None,
        i16: None,
        i8: None,
        u64: None,
        u32: None,
        u16: None,
        u8: None,
        f32: None,
        f64: None,
        b: None,
    };
    v.check("optional_numbers_none", &none);
    v.check(
        "optional_numbers",
        &OptionalNumbers {
            i64: Some(-1),
            i32: Some(-2),
            i16: Some(-3),
            i8: Some(-4),
            u64: Some(5),
            u32: Some(6),
            u16: Some(7),
            u8: Some(8),
            f32: Some(0.5),
            f64: Some(0.25),
            b: Some(true),
        },
    );
    let mut items = Vec::new();
    for bits in 0..63 {
        for offset in [-1, 0, 1] {
            items.push((1i64 << bits) + offset);
            items.push(-((1i64 << bits) + offset));
        }
    }
    items.extend([i64::MAX, i64::MIN]);
    v.check("int_edges", &Ints { items });
    let texts = ["", "a", "é", "日本", "😀", "aé日", "\0", "ÿ", "Ā", "\u{ffff}", "\u{10000}"];
    v.check("texts", &Texts { items: strings(&texts) });
    v.check("texts_many", &Texts { items: (0..600).map(|i| i.to_string()).collect() });
}

fn collections(v: &Vectors) {
    v.check(
        "lists_empty",
        &Lists {
            names: vec![],
            floats: vec![],
            flags: vec![],
            blobs: vec![],
            small: vec![],
            words: [].into(),
            nested: vec![],
            inner: vec![],
            days: vec![],
            colors: vec![],
        },
    );
    v.check(
        "lists",
        &Lists {
            names: strings(&["a", "b"]),
            floats: vec![1.5, f64::INFINITY],
            flags: vec![true, false],
            blobs: vec![b"x".to_vec(), vec![], b"yz".to_vec()],
            small: vec![1, -2],
            words: [1, -70000].into(),
            nested: vec![strings(&["x"]), vec![], strings(&["y", "z"])],
            inner: vec![inner(1, "p"), inner(2, "q")],
            days: vec![date(2024, 1, 2), date(1969, 12, 31)],
            colors: vec![Color::Blue, Color::Red],
        },
    );
    v.check(
        "optional_items",
        &OptionalItems {
            names: vec![Some("a".into()), None, Some("c".into())],
            lists: vec![None, Some(strings(&["a"]))],
            colors: vec![Some(Color::Green), None],
            inner: vec![Some(inner(1, "a")), None],
        },
    );
    v.check(
        "optional_items_all_none",
        &OptionalItems {
            names: vec![None, None],
            lists: vec![None],
            colors: vec![None],
            inner: vec![None],
        },
    );
    v.check(
        "optional_items_no_none",
        &OptionalItems {
            names: vec![Some("a".into())],
            lists: vec![Some(strings(&["b"]))],
            colors: vec![Some(Color::Red)],
            inner: vec![Some(inner(0, ""))],
        },
    );
    v.check("maps_empty", &no_maps());
    v.check(
        "maps",
        &Maps {
            ss: key("a", "1".into()),
            si: key("n", -5),
            ib: map([(7, true)]),
            bs: map([(false, "no".into())]),
            sl: key("l", vec![inner(1, "x")]),
            sc: key("c", Color::Green),
            ci: map([(Color::Blue, 9)]),
            so: key("o", Some("some".into())),
            sn: key("i", inner(3, "y")),
        },
    );
    let so = [("a", Some("b")), ("c", None), ("d", Some("e")), ("f", None), ("g", None)];
    let so = map(so.map(|(k, v)| (k.to_owned(), v.map(str::to_owned))));
    v.check("maps_null_values", &Maps { so, ..no_maps() });
    for size in [1, 254, 255, 256, 600] {
        let si = map((0..size).map(|i| (format!("k{i:03}"), i)));
        v.check(&format!("maps_{size}"), &Maps { si, ..no_maps() });
    }
    v.check("sets_empty", &Sets { texts: [].into(), ints: [].into() });
    v.check("sets", &Sets { texts: ["only".to_owned()].into(), ints: [3].into() });
}

fn optionals_and_times(v: &Vectors) {
    let none = Optionals {
        text: None,
        raw: None,
        items: None,
        tags: None,
        inner: None,
        color: None,
        day: None,
        time: None,
        unique: None,
    };
    v.check("optionals_none", &none);
    v.check(
        "optionals",
        &Optionals {
            text: Some("s".into()),
            raw: Some("zz".into()),
            items: Some(strings(&["a"])),
            tags: Some(tags(&[("k", "v")])),
            inner: Some(inner(4, "i")),
            color: Some(Color::Green),
            day: Some(date(2024, 2, 29)),
            time: Some("2024-02-29T12:30:15.25Z".parse().expect("time")),
            unique: Some([1].into()),
        },
    );
    v.check(
        "optionals_empty",
        &Optionals {
            text: Some(String::new()),
            raw: Some("".into()),
            items: Some(vec![]),
            tags: Some(map([])),
            inner: Some(inner(0, "")),
            color: Some(Color::Red),
            unique: Some([].into()),
            ..none
        },
    );
    let times = |day, time: &str| Times { day, time: time.parse().expect("time") };
    v.check("times", &times(date(2024, 1, 2), "2024-01-02T03:04:05.6789Z"));
    v.check("times_before_epoch", &times(date(1, 1, 1), "1969-12-31T23:59:59.5Z"));
    v.check("times_late", &times(date(9999, 12, 31), "9999-12-30T21:59:59Z"));
}

fn dynamic(v: &Vectors) {
    let null = || Value::Null;
    let empty = || Value::list::<i64>([]);
    let pairs = |entries: Vec<(Value, Value)>| Value::Map(entries);
    let no_map = || pairs(vec![]);
    let values: Vec<(&str, Value)> = vec![
        ("null", null()),
        ("true", true.into()),
        ("int", 1.into()),
        ("int_big", (-(1i64 << 40)).into()),
        ("float", 1.5.into()),
        ("text", "x".into()),
        ("text_wide", "日".into()),
        ("bytes", Value::Bytes(b"x\0"[..].into())),
        ("list_empty", empty()),
        ("list_ints", Value::list([1, 2])),
        ("list_mixed", Value::list([Value::from(1), "a".into()])),
        ("list_null", Value::list([Some(1), None])),
        ("list_nulls", Value::list([null(), null()])),
        ("list_mixed_null", Value::list([1.into(), "a".into(), null()])),
        ("list_lists", Value::list([Value::list([1]), Value::list(["a"]), empty()])),
        ("list_maps", Value::list([no_map(), Value::map([("a", 1.into())])])),
        ("list_bool_int", Value::list([Value::from(true), 1.into()])),
        ("map_empty", no_map()),
        ("map_same", Value::map([("a", "b".into()), ("c", "d".into())])),
        (
            "map_mixed",
            Value::map([
                ("a", 1.into()),
                ("b", "x".into()),
                ("c", null()),
                ("d", 2.into()),
                ("e", Value::list([1])),
                ("f", Value::map([("g", true.into())])),
            ]),
        ),
        ("map_int_keys", pairs(vec![(1.into(), 2.into()), (3.into(), 4.into())])),
        ("map_null_key", pairs(vec![(null(), 1.into())])),
        ("map_null_both", pairs(vec![(null(), null())])),
        ("map_mixed_keys", pairs(vec![(1.into(), "a".into()), ("b".into(), "c".into())])),
        ("map_300", Value::map((0..300).map(|i| (format!("k{i}"), i.into())))),
        ("set", Value::Set(vec![1.into()])),
        ("set_empty", Value::Set(vec![])),
        ("date", date(2024, 1, 2).into()),
        ("time", Value::Timestamp("2024-01-02T00:00:00Z".parse().expect("time"))),
    ];
    for (name, value) in values {
        v.check(&format!("dynamic_{name}"), &Dynamic { value });
    }
    v.check("dynamic_lists_empty", &DynamicLists { bare: empty(), listed: vec![], optional: None });
    v.check(
        "dynamic_lists",
        &DynamicLists {
            bare: Value::list([Value::from("a"), 1.into()]),
            listed: vec![1.into(), "x".into(), null(), 2.5.into(), Value::list([1])],
            optional: Some(Value::list(["o"])),
        },
    );
    v.check(
        "dynamic_lists_same",
        &DynamicLists {
            bare: Value::list([1.5]),
            listed: vec!["x".into(), "y".into()],
            optional: Some(empty()),
        },
    );
    v.check("dynamic_maps_empty", &DynamicMaps { bare: no_map(), keyed: map([]), optional: None });
    let keyed = [
        ("a", 1.into()),
        ("b", "x".into()),
        ("c", 2.5.into()),
        ("d", null()),
        ("e", Value::list([1])),
        ("f", true.into()),
    ];
    v.check(
        "dynamic_maps",
        &DynamicMaps {
            bare: Value::map([("a", 1.into()), ("b", "x".into())]),
            keyed: map(keyed.map(|(k, v)| (k.to_owned(), v))),
            optional: Some(Value::map([("o", null())])),
        },
    );
    v.check("bare_set", &BareSet { unique: ["z".to_owned()].into() });
    v.check(
        "bare_ints",
        &BareInts {
            words: vec![1, -70000],
            floats: vec![1.5, 2.5],
            optional: vec![Some("a".into()), None],
            nested: vec![strings(&["a"]), vec![]],
            inner: vec![inner(1, "p"), inner(2, "q")],
            by_name: key("i", inner(3, "r")),
            colors: vec![Some(Color::Green), None],
        },
    );
}

fn names(v: &Vectors) {
    let two = |a: (i64, &str), b: (i64, &str), c: Option<(i64, &str)>, d: &[(i64, &str)]| Two {
        a: inner(a.0, a.1),
        b: inner(b.0, b.1),
        c: c.map(|c| inner(c.0, c.1)),
        d: d.iter().map(|d| inner(d.0, d.1)).collect(),
    };
    v.check("two", &two((1, "a"), (2, "b"), Some((3, "c")), &[(4, "d"), (5, "e")]));
    v.check(
        "deep",
        &Deep {
            two: two((1, "a"), (2, "b"), None, &[]),
            inner: inner(9, "z"),
            again: two((3, "c"), (4, "d"), Some((0, "")), &[]),
        },
    );
    v.check("bare_name", &Bare { x: 9 });
    let outer = |a, b, c| BareOuter { a: Bare { x: a }, b: Bare { x: b }, inner: c };
    v.check("bare_outer", &outer(1, 2, inner(3, "n")));
    v.check("mixed", &Mixed { bare: Bare { x: 1 }, outer: outer(2, 3, inner(4, "m")) });
    let tree = |name: &str, kids| Tree { name: name.into(), kids };
    v.check("tree", &tree("root", vec![tree("l", vec![]), tree("r", vec![tree("rr", vec![])])]));
    let chain = |value, next: Option<Chain>| Chain { value, next: next.map(Box::new) };
    v.check("chain", &chain(1, Some(chain(2, Some(chain(3, None))))));
    v.check("empty", &Empty {});
    v.check("empty_holder", &EmptyHolder { e: Empty {} });
    v.check(
        "camel",
        &Camel { user_name: "bob".into(), some_value: 7, under_score: 8, r#type: "t".into() },
    );
    v.check("long_name", &LongName { x: 1 });
    v.check("longer_name", &LongerName { x: 9 });
    v.check("huge_name", &HugeName { x: 1, again: Some(Bare { x: 2 }) });
    v.check("slashes", &Slashes { x: 1 });
    v.check("dotted", &Dotted { x: 1 });
    v.check("kebab", &Kebab { x: 1 });
    v.check("digits", &Digits { x: 1 });
    v.check("special", &Special { x: 1 });
    v.check("pipes", &Pipes { x: 1 });
    v.check("wide", &wide());
}

/// Forty fields, more than any table on the stack is sized for by accident.
macro_rules! wide {
    ($($field:ident)*) => {
        #[aster_macros::wire_type("v/Wide")]
        #[derive(Debug, PartialEq)]
        struct Wide {
            $($field: i64,)*
        }

        fn wide() -> Wide {
            let mut next = -1;
            $(next += 1; let $field = next;)*
            Wide { $($field),* }
        }
    };
}

wide! {
    f00 f01 f02 f03 f04 f05 f06 f07 f08 f09 f10 f11 f12 f13 f14 f15 f16 f17 f18 f19
    f20 f21 f22 f23 f24 f25 f26 f27 f28 f29 f30 f31 f32 f33 f34 f35 f36 f37 f38 f39
}
