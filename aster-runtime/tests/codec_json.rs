//! The JSON form: what it looks like, what is accepted, what errors say.

mod codec_types;

use std::collections::{BTreeMap, HashMap};

use aster_macros::wire_type;
use aster_runtime::codec::{
    DecodeError, DecodeErrorKind, DecodeLimits, EncodeErrorKind, Encoding, Value, WireType, decode,
    encode,
};
use bytes::{Bytes, BytesMut};
use codec_types::*;

fn write<T: WireType>(value: &T) -> String {
    let mut out = BytesMut::new();
    encode(Encoding::Json, value, &mut out).expect("encodes");
    String::from_utf8(out.to_vec()).expect("UTF-8")
}

fn read<T: WireType>(json: &str) -> Result<T, DecodeError> {
    decode(Encoding::Json, json.as_bytes(), &DecodeLimits::default())
}

#[track_caller]
fn refuse<T: WireType>(json: &str, kind: DecodeErrorKind, message: &str) -> DecodeError {
    match read::<T>(json) {
        Ok(_) => panic!("{json} is accepted"),
        Err(error) => {
            assert_eq!(error.to_string(), message, "{json}");
            assert_eq!(error.kind(), kind, "{json}");
            error
        }
    }
}

const INVALID: DecodeErrorKind = DecodeErrorKind::InvalidValue;

#[wire_type("j/Kinds", rename_all = "camelCase")]
#[derive(Debug, PartialEq)]
struct Kinds {
    big_number: i64,
    raw: Bytes,
    vec_raw: Vec<u8>,
    day: jiff::civil::Date,
    time: jiff::Timestamp,
    color: Color,
    by_color: BTreeMap<Color, u8>,
    by_number: BTreeMap<i16, bool>,
    by_flag: BTreeMap<bool, String>,
    by_day: BTreeMap<jiff::civil::Date, f32>,
    value: Value,
    maybe: Option<f64>,
}

const KINDS: &str = r#"{"bigNumber":-9223372036854775808,"raw":"AAH/","vecRaw":"eA==","day":"2024-02-29","time":"2024-02-29T12:30:15.25Z","color":"BLUE","byColor":{"GREEN":7},"byNumber":{"-5":true},"byFlag":{"false":"no \"\\\n"},"byDay":{"1969-12-31":1.5},"value":{"a":[1,2.5,null,"é"]},"maybe":null}"#;

fn kinds() -> Kinds {
    Kinds {
        big_number: i64::MIN,
        raw: Bytes::from_static(&[0, 1, 255]),
        vec_raw: b"x".to_vec(),
        day: jiff::civil::date(2024, 2, 29),
        time: "2024-02-29T12:30:15.25Z".parse().expect("time"),
        color: Color::Blue,
        by_color: [(Color::Green, 7)].into(),
        by_number: [(-5, true)].into(),
        by_flag: [(false, "no \"\\\n".to_owned())].into(),
        by_day: [(jiff::civil::date(1969, 12, 31), 1.5)].into(),
        value: Value::map([("a", Value::list([1.into(), 2.5.into(), Value::Null, "é".into()]))]),
        maybe: None,
    }
}

#[test]
fn fields_are_in_declared_order_and_compact() {
    assert_eq!(write(&kinds()), KINDS);
    assert_eq!(read::<Kinds>(KINDS).expect("reads"), kinds());
    assert_eq!(
        write(&StatusResponse { agent_id: "é\u{1}".into(), status: "b".into(), uptime_secs: 1 }),
        r#"{"agent_id":"é\u0001","status":"b","uptime_secs":1}"#
    );
    assert_eq!(write(&Empty {}), "{}");
}

#[test]
fn missing_fields_take_their_defaults() {
    #[wire_type("j/Defaults")]
    #[derive(Debug, PartialEq)]
    struct Defaults {
        #[wire(default = 5 * 2)]
        computed: u16,
        #[wire(default)]
        by_trait: HashMap<String, i64>,
        #[wire(default = Some("x".to_owned()))]
        some: Option<String>,
        #[wire(default = "text")]
        text: String,
        color: Color,
        inner: CommandResult,
        day: jiff::civil::Date,
        list: Vec<i64>,
    }
    let defaults: Defaults = read("{}").expect("reads");
    assert_eq!(
        defaults,
        Defaults {
            computed: 10,
            by_trait: HashMap::new(),
            some: Some("x".into()),
            text: "text".into(),
            color: Color::Red,
            inner: CommandResult { stdout: String::new(), stderr: String::new(), exit_code: -1 },
            day: jiff::civil::date(1970, 1, 1),
            list: vec![],
        }
    );
    let status: StatusResponse = read(r#" { "uptime_secs" : 3 } "#).expect("reads");
    assert_eq!((status.status.as_str(), status.uptime_secs), ("idle", 3));
    // Order is free, and a null is a value of an optional field.
    let partial: Defaults = read(r#"{"list":[1],"some":null,"computed":0}"#).expect("reads");
    assert_eq!((partial.computed, partial.some, partial.list), (0, None, vec![1]));
}

#[test]
fn an_unknown_field_names_itself_and_the_nearest_real_one() {
    let error = refuse::<MetricBatch>(
        r#"{"points":[{},{"tgas":{}}]}"#,
        DecodeErrorKind::ContractViolation,
        "field `points[1].tgas`: the type mission/MetricPoint has no such field; did you mean \
         `tags`?",
    );
    assert_eq!(error.path(), "points[1].tgas");
    assert_eq!(error.unknown_field_name(), Some("tgas"));
    refuse::<MetricPoint>(
        r#"{"host":1}"#,
        DecodeErrorKind::ContractViolation,
        "field `host`: the type mission/MetricPoint has no such field; it has name, value, \
         timestamp, tags",
    );
    refuse::<Empty>(
        r#"{"x":1}"#,
        DecodeErrorKind::ContractViolation,
        "field `x`: the type v/Empty has no such field; it has no fields",
    );
    // The peer chooses the name, so it is shortened and escaped.
    let long = format!(r#"{{"{}\u0007":1}}"#, "x".repeat(100_000));
    let error = read::<Empty>(&long).expect_err("unknown");
    assert!(error.to_string().len() < 300, "{error}");
    let error = read::<Empty>(r#"{"a\u001b[2J":1}"#).expect_err("unknown");
    assert!(!error.to_string().contains('\u{1b}'), "{error}");
}

#[test]
fn a_wrong_type_names_the_path_what_was_expected_and_what_was_found() {
    let cases = [
        (r#"{"name":5}"#, "field `name`: expected a string, found the number 5"),
        (r#"{"name":null}"#, "field `name`: expected a string, found null"),
        (r#"{"value":"1.5"}"#, "field `value`: expected a number, found the string \"1.5\""),
        (r#"{"value":{}}"#, "field `value`: expected a number, found an object"),
        (r#"{"tags":[]}"#, "field `tags`: expected an object, found an array"),
        (r#"{"tags":{"host":true}}"#, "field `tags.host`: expected a string, found true"),
        ("[]", "expected an object, found an array"),
        ("null", "expected an object, found null"),
        ("\"x\"", "expected an object, found the string \"x\""),
    ];
    for (json, message) in cases {
        let message = message.replace("a number, found the s", "a number (f64), found the s");
        refuse::<MetricPoint>(json, INVALID, &message);
    }
    refuse::<MetricBatch>(
        r#"{"points":[{},{},{},{"tags":{"host":[]}}]}"#,
        INVALID,
        "field `points[3].tags.host`: expected a string, found an array",
    );
    for (json, message) in [
        (r#"{"i8":128}"#, "field `i8`: expected an integer (i8), found the number 128"),
        (r#"{"u8":-1}"#, "field `u8`: expected an integer (u8), found the number -1"),
        (r#"{"i64":1.5}"#, "field `i64`: expected an integer (i64), found the number 1.5"),
        (r#"{"i64":1e3}"#, "field `i64`: expected an integer (i64), found the number 1000.0"),
        (r#"{"b":0}"#, "field `b`: expected true or false, found the number 0"),
        (r#"{"f32":1e39}"#, "field `f32`: expected a number (f32), found the number 1e39"),
    ] {
        refuse::<Numbers>(json, INVALID, message);
    }
    let base64 = "expected bytes as standard base64, found the string";
    for (json, message) in [
        (r#"{"raw":"!"}"#, format!("field `raw`: {base64} \"!\"")),
        (r#"{"raw":"eA="}"#, format!("field `raw`: {base64} \"eA=\"")),
        (r#"{"vecRaw":"e==="}"#, format!("field `vecRaw`: {base64} \"e===\"")),
        (
            r#"{"color":"PINK"}"#,
            "field `color`: expected one of RED, GREEN, BLUE, found the string \"PINK\"".into(),
        ),
        (
            r#"{"color":1}"#,
            "field `color`: expected one of RED, GREEN, BLUE, found the number 1".into(),
        ),
        (
            r#"{"byColor":{"x":1}}"#,
            "field `byColor`: expected the name of a variant as a key, found the string \"x\""
                .into(),
        ),
        (
            r#"{"byNumber":{"70000":true}}"#,
            "field `byNumber`: expected an integer (i16) in quotes as a key, found the string \
             \"70000\""
                .into(),
        ),
        (
            r#"{"day":"2024-02-30"}"#,
            "field `day`: expected a date such as \"2024-02-29\", found the string \"2024-02-30\""
                .into(),
        ),
        (
            r#"{"time":"2024-02-29"}"#,
            "field `time`: expected a time such as \"2024-02-29T12:30:15Z\", found the string \
             \"2024-02-29\""
                .into(),
        ),
        (
            r#"{"value":{"a":[18446744073709551615]}}"#,
            "field `value.a[0]`: expected an integer of at most 64 bits with sign, found the \
             number 18446744073709551615"
                .into(),
        ),
    ] {
        refuse::<Kinds>(json, INVALID, &message);
    }
}

#[test]
fn bytes_are_accepted_without_padding() {
    let kinds: Kinds = read(r#"{"raw":"eA","vecRaw":""}"#).expect("reads");
    assert_eq!((&kinds.raw[..], kinds.vec_raw.len()), (&b"x"[..], 0));
}

#[test]
fn broken_or_repeated_or_trailing_text_is_malformed() {
    let malformed = DecodeErrorKind::Malformed;
    for json in ["", "{", "{\"name\":\"x\"", "{} {}", "{}x", "{\"name\":NaN}", "\u{feff}{}"] {
        let error = read::<MetricPoint>(json).expect_err(json);
        assert_eq!(error.kind(), malformed, "{json}: {error}");
        assert!(error.to_string().starts_with("the JSON text is broken: "), "{error}");
    }
    refuse::<MetricPoint>(
        r#"{"name":"a","name":"b"}"#,
        malformed,
        "field `name`: the object has this field twice",
    );
    refuse::<MetricPoint>(
        r#"{"tags":{"a":"1","a":"2"}}"#,
        malformed,
        "field `tags`: a map holds a key twice",
    );
    let error = read::<Kinds>(r#"{"value":{"a":{"b":1,"b":2}}}"#).expect_err("twice");
    assert_eq!((error.kind(), error.path()), (malformed, "value.a"));
    let error = decode::<Empty>(Encoding::Json, b"{\"\xff\":1}", &DecodeLimits::default());
    assert_eq!(error.expect_err("not UTF-8").kind(), malformed);
}

#[test]
fn a34_limits_hold() {
    let nested = |levels: usize| {
        let mut tree = String::from("{}");
        for _ in 1..levels {
            tree = format!(r#"{{"kids":[{tree}]}}"#);
        }
        read::<Tree>(&tree)
    };
    // A level of the tree is a struct and a list.
    assert!(nested(25).is_ok());
    assert_eq!(nested(26).expect_err("deep").kind(), DecodeErrorKind::LimitExceeded);
    let deep = format!(r#"{{"value":{}1{}}}"#, "[".repeat(60), "]".repeat(60));
    let error = read::<Dynamic>(&deep).expect_err("deep");
    assert_eq!(error.kind(), DecodeErrorKind::LimitExceeded);
    let endless = format!(r#"{{"value":{}"#, "[".repeat(1_000_000));
    assert!(read::<Dynamic>(&endless).is_err());

    let limits = DecodeLimits { max_items: 3, ..DecodeLimits::default() };
    let error = decode::<Texts>(Encoding::Json, br#"{"items":["","","",""]}"#, &limits);
    assert_eq!(error.expect_err("many").kind(), DecodeErrorKind::LimitExceeded);
}

#[test]
fn what_json_cannot_say_is_an_error_and_leaves_the_buffer_alone() {
    let mut out = BytesMut::from(&b"kept"[..]);
    let point =
        |value| MetricPoint { name: String::new(), value, timestamp: 0.0, tags: BTreeMap::new() };
    let batch = MetricBatch { points: vec![point(0.0), point(f64::NAN)] };
    let error = encode(Encoding::Json, &batch, &mut out).expect_err("NaN");
    assert_eq!(error.kind(), EncodeErrorKind::Unrepresentable);
    assert_eq!(
        error.to_string(),
        "field `points[1].value`: JSON has no NaN; send a finite number, or use the binary \
         encoding"
    );
    assert_eq!(&out[..], b"kept");

    let by_list = Dynamic { value: Value::Map(vec![(Value::list([1]), 1.into())]) };
    let error = encode(Encoding::Json, &by_list, &mut out).expect_err("key");
    assert_eq!((error.path(), &out[..]), ("value", &b"kept"[..]));
}

#[test]
fn a_descriptor_tells_names_shapes_and_defaults() {
    use aster_runtime::codec::{Scalar, Shape, TypeKind};

    /// What an agent reports.
    ///
    /// Every minute.
    #[wire_type("mission/Report", rename_all = "camelCase")]
    struct Report {
        /// Who.
        agent_id: String,
        #[wire(default = 7)]
        level: u16,
        parts: Option<Vec<Option<Inner>>>,
        #[wire(any)]
        tags: HashMap<String, String>,
        color: Color,
        raw: Vec<u8>,
    }

    let report = Report::descriptor();
    assert_eq!((report.namespace, report.name, report.tag), ("mission", "Report", Report::TAG));
    assert_eq!(report.doc, "What an agent reports.\n\nEvery minute.");
    let [agent, level, parts, tags, color, raw] = report.fields() else { panic!("six fields") };
    assert_eq!((agent.name, agent.doc), ("agentId", "Who."));
    assert!(matches!(agent.shape, Shape::Scalar(Scalar::String)));
    assert!(level.explicit_default && !agent.explicit_default);
    assert!(parts.optional && !parts.dynamic);
    let Shape::List(Shape::Optional(Shape::Struct(inner))) = parts.shape else {
        panic!("{:?}", parts.shape)
    };
    assert_eq!(inner().tag, "v/Inner");
    assert!(tags.dynamic && matches!(tags.shape, Shape::Map { .. }));
    let Shape::Enum(variants) = color.shape else { panic!("{:?}", color.shape) };
    let variants: Vec<_> = variants().variants().iter().map(|variant| variant.name).collect();
    assert_eq!(variants, ["RED", "GREEN", "BLUE"]);
    assert!(matches!(raw.shape, Shape::Scalar(Scalar::Binary)));
    let TypeKind::Struct { default_json, .. } = report.kind else { panic!("a struct") };
    let defaults: Vec<_> = (0..7).map(default_json).collect();
    let texts: Vec<_> = defaults.iter().map(Option::as_deref).collect();
    assert_eq!(
        texts,
        [Some("\"\""), Some("7"), Some("null"), Some("{}"), Some("\"RED\""), Some("\"\""), None]
    );

    // The names and shapes are constants, also of recursive types.
    const CHAIN: &str = Chain::FIELDS[1].name;
    assert_eq!(CHAIN, "next");
    const OPTIONAL: bool = Chain::FIELDS[1].optional;
    const { assert!(OPTIONAL) };
    const FIRST: Shape = <Vec<Vec<u8>> as aster_runtime::codec::WireValue>::SHAPE;
    assert!(matches!(FIRST, Shape::List(Shape::Scalar(Scalar::Binary))));
}
