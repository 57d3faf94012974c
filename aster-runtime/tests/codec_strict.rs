//! What the binary decoder accepts beside its own output, and what it refuses.

mod codec_types;

use aster_macros::wire_type;
use aster_runtime::codec::{
    DecodeError, DecodeErrorKind, DecodeLimits, EncodeErrorKind, Encoding, Value, WireType, decode,
    encode,
};
use bytes::BytesMut;
use codec_types::*;

fn bytes(hex: &str) -> Vec<u8> {
    let hex: String = hex.split_whitespace().collect();
    data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("hex")
}

fn read<T: WireType>(hex: &str) -> Result<T, DecodeError> {
    decode(Encoding::Xlang, &bytes(hex), &DecodeLimits::default())
}

#[track_caller]
fn refuse<T: WireType>(hex: &str, kind: DecodeErrorKind, parts: &[&str]) {
    match read::<T>(hex) {
        Ok(_) => panic!("{hex} is accepted"),
        Err(error) => {
            let text = error.to_string();
            assert_eq!(error.kind(), kind, "{hex}: {text}");
            for part in parts {
                assert!(text.contains(part), "{hex}: {text}");
            }
        }
    }
}

use DecodeErrorKind::{LimitExceeded, Malformed, SchemaMismatch, WrongType};

/// One-field messages `t/T`, whose head is `02ff1d 02014c 02034c` and a hash.
macro_rules! one_field {
    ($($module:ident: $ty:ty = $head:literal;)*) => {$(
        mod $module {
            #[allow(unused_imports)]
            use super::*;

            #[wire_type("t/T")]
            #[derive(Debug, PartialEq)]
            pub(super) struct T {
                pub(super) v: $ty,
            }
            pub(super) const HEAD: &str = concat!("02ff1d02014c02034c", $head);
            pub(super) fn read(hex: &str) -> Result<$ty, DecodeError> {
                super::read::<T>(&format!("{HEAD}{hex}")).map(|t| t.v)
            }
        }
    )*};
}

one_field! {
    text: String = "6fa26b1d";
    int: i64 = "9131d7e7";
    flag: bool = "a634a3e1";
    raw: Vec<u8> = "3d87d800";
    texts: Vec<String> = "980c5cfe";
    ints: Vec<i64> = "980c5cfe";
    small: Vec<i8> = "980c5cfe";
    floats: Vec<f64> = "980c5cfe";
    options: Vec<Option<String>> = "980c5cfe";
    inners: Vec<Inner> = "980c5cfe";
    values: Vec<Value> = "980c5cfe";
    text_map: std::collections::BTreeMap<String, String> = "bcc4a989";
    option_map: std::collections::BTreeMap<String, Option<String>> = "bcc4a989";
    value_map: std::collections::BTreeMap<String, Value> = "bcc4a989";
    set: std::collections::BTreeSet<String> = "3841b93f";
    maybe: Option<String> = "dde489d3";
    time: jiff::Timestamp = "b681cbe5";
    day: jiff::civil::Date = "1db47691";
    inner: Inner = "32fcbeee";
    color: Color = "32fcbeee";
    value: Value = "32fcbeee";
}

fn strings(items: &[&str]) -> Vec<String> {
    items.iter().map(|item| (*item).to_owned()).collect()
}

#[test]
fn other_forms_of_the_same_value_are_accepted() {
    for form in ["04e9", "0ac3a9", "09e900"] {
        assert_eq!(text::read(form).expect(form), "é");
    }
    assert_eq!(int::read("808000").expect("padded"), 0);
    for list in [
        "020c04610462",
        "020eff0461ff0462",
        "02081504610462",
        "020a15ff0461ff0462",
        "020015046115 0462",
        "0202ff150461ff150462",
    ] {
        assert_eq!(texts::read(list).expect(list), strings(&["a", "b"]));
    }
    assert_eq!(ints::read("02 08 05 0203").expect("i32 elements"), [1, -2]);
    assert_eq!(ints::read("02 00 02ff 0e05").expect("mixed widths"), [-1, 5]);
    assert_eq!(floats::read("02 00 0702 14000000000000f83f").expect("int, float"), [1.0, 1.5]);
    let none = vec![Some("a".to_owned()), None];
    for list in ["020eff0461fd", "020a15ff0461fd", "0202ff150461fd", "0200 150461 24"] {
        assert_eq!(options::read(list).expect(list), none);
    }
    for map in
        ["0124010461 0462", "010401 15 0461 0462", "012001 15 0461 0462", "010001 15 15 0461 0462"]
    {
        assert_eq!(text_map::read(map).expect(map)["a"], "b");
    }
    for map in ["01140461", "0111ff150461", "0110ff150461", "010401 24 0461"] {
        assert_eq!(option_map::read(map).expect(map)["a"], None, "{map}");
    }
    assert_eq!(maybe::read("000461").expect("zero is a value flag"), Some("a".into()));
    // Elements of a struct type with their type in front.
    let typed = "01 08 1d02014c... ".replace("02014c... ", "020154 0803a1ad2440 d992b1db 02 0478");
    let inner = inners::read(&typed).expect("typed elements");
    assert_eq!((inner[0].x, inner[0].y.as_str()), (1, "x"));
}

#[test]
fn names_in_other_packings_and_root_flags_are_accepted() {
    let hash = "e416bc25";
    let body = "a038 18656467652d31 1c72756e6e696e67";
    for head in [
        "02 ff 1d 0a013112921cd0 1604f65304e92ec4927b9b2200",
        "00 ff 1d 0a013112921cd0 1604f65304e92ec4927b9b2200",
        "02 00 1d 0a013112921cd0 1604f65304e92ec4927b9b2200",
        // The namespace as UTF-8, then the name as UTF-8.
        "02 ff 1d 0e006d697373696f6e 1604f65304e92ec4927b9b2200",
        "02 ff 1d 0a013112921cd0 1c00537461747573526573706f6e7365",
    ] {
        let status = read::<StatusResponse>(&format!("{head}{hash}{body}"));
        assert_eq!(status.expect(head).agent_id, "edge-1");
    }
}

#[test]
fn a_wrong_root_says_what_it_is() {
    let status =
        "02ff1d0a013112921cd01604f65304e92ec4927b9b2200e416bc25a03818656467652d311c72756e6e696e67";
    refuse::<Inner>(
        status,
        WrongType,
        &["expected a value of type v/Inner, found a value of type mission/StatusResponse"],
    );
    refuse::<StatusResponse>(
        "02ff1d0a013112921cd01604f65304e92ec4927b9b220000000001a03818",
        SchemaMismatch,
        &[
            "mission/StatusResponse",
            "0x01000000",
            "0x25bc16e4",
            "agent_id,21,0; status,21,0; uptime_secs,7,0",
        ],
    );
    refuse::<Inner>("03fd", Malformed, &["null", "v/Inner"]);
    refuse::<Inner>("02fd", Malformed, &["null", "v/Inner"]);
    refuse::<Inner>("02fe00", Malformed, &["flag"]);
    refuse::<Inner>("06ff", Malformed, &["0x06"]);
    refuse::<Inner>("01ff1d", Malformed, &["null"]);
    refuse::<Inner>("7b7d", Malformed, &["JSON"]);
    refuse::<Inner>("", Malformed, &["ends early"]);
    refuse::<Inner>("02ff1e00", WrongType, &["compatible mode", "30"]);
    refuse::<Inner>("02ff1c00", WrongType, &["compatible mode", "28"]);
    refuse::<Inner>("02ff15086869", WrongType, &["v/Inner", "a string"]);
    refuse::<Inner>("02ff6300", WrongType, &["99"]);
    refuse::<StatusResponse>(&format!("{status}00"), Malformed, &["1 bytes follow", "exactly one"]);
    // References to names that were not sent.
    refuse::<Inner>("02ff1d0303", Malformed, &["not yet sent"]);
    refuse::<Inner>("02ff1d01", Malformed, &["not yet sent"]);
}

#[test]
fn broken_values_are_refused_where_they_are() {
    let check = |result: Result<(), DecodeError>, kind, path: &str, part: &str| {
        let error = result.expect_err(part);
        assert_eq!((error.kind(), error.path()), (kind, path), "{error}");
        assert!(error.to_string().contains(part), "{error}");
    };
    macro_rules! broken {
        ($($module:ident $hex:literal $kind:ident $path:literal $part:literal;)*) => {$(
            check($module::read($hex).map(drop), $kind, $path, $part);
        )*};
    }
    broken! {
        flag "02" Malformed "v" "2 is not a bool";
        raw "05 00" Malformed "v" "5 more bytes";
        raw "ffffffffffffffffff" Malformed "v" "ends early";
        texts "ffffffff0f" Malformed "v" "4294967295 elements";
        texts "010d0461" Malformed "v" "0x0d";
        texts "01040461" Malformed "v" "0x04";
        texts "010efd" Malformed "v[0]" "null";
        texts "0108070400" WrongType "v[0]" "expected a string, found an integer";
        texts "01081c" WrongType "v[0]" "compatible mode";
        texts "020c0461" Malformed "v[1]" "ends inside";
        small "0108078002" Malformed "v[0]" "does not fit into i8";
        ints "01 08 0e ffffffffffffffffff" Malformed "v[0]" "does not fit into i64";
        values "010c0461" Malformed "v" "0x0c";
        values "01081d020154 0803a1ad2440 d992b1db 02 0478" WrongType "v[0]" "`v/Inner`";
        text_map "01240004610462" Malformed "v" "chunk of 0";
        text_map "0124020461046204630464" Malformed "v" "chunk of 2";
        text_map "0125010461 0462" Malformed "v" "0x25";
        text_map "01140461" Malformed "v" "null";
        text_map "02240204610462 04610463" Malformed "v" "twice";
        value_map "01240104610462" Malformed "v" "dynamic";
        set "020c04610461" Malformed "v[1]" "twice";
        maybe "fe" Malformed "v" "0xfe";
        time "0000000000000000 00ca9a3b" Malformed "v" "1000000000 ns";
        time "ffffffffffffff7f 00000000" Malformed "v" "timestamp";
        day "ffffff7f" Malformed "v" "2147483647 days";
        color "03" Malformed "v" "3 is none of them";
        color "ffffffffffffffffff" Malformed "v" "none of them";
        inner "24" WrongType "v" "found null";
        inner "1d020154 0403a0" Malformed "v" "ends early";
        value "1a0c01ef6c021bbd80 080389cb7440 01" WrongType "v" "`__main__/Color`";
        value "0effffffffffffffffff" Malformed "v" "64-bit";
        value "25" WrongType "v" "type number 37";
    }
}

#[test]
fn a34_depth_is_limited_in_both_directions() {
    let chain = |length: usize| {
        let mut chain = None;
        for value in 0..length as i64 {
            chain = Some(Box::new(Chain { value, next: chain }));
        }
        *chain.expect("not empty")
    };
    let mut out = BytesMut::from(&b"kept"[..]);
    let error = encode(Encoding::Xlang, &chain(51), &mut out).expect_err("deep");
    assert_eq!((error.kind(), &out[..]), (EncodeErrorKind::TooDeep, &b"kept"[..]));
    assert!(encode(Encoding::Json, &chain(51), &mut out).is_err());
    out.clear();
    encode(Encoding::Xlang, &chain(50), &mut out).expect("fifty levels");
    assert!(decode::<Chain>(Encoding::Xlang, &out, &DecodeLimits::default()).is_ok());
    let limits = DecodeLimits { max_depth: 49, ..DecodeLimits::default() };
    let error = decode::<Chain>(Encoding::Xlang, &out, &limits).expect_err("deep");
    assert_eq!(error.kind(), LimitExceeded);

    // A million nested lists in two bytes each.
    let nested = "0116".repeat(200_000);
    refuse::<value::T>(
        &format!("{}16{}", value::HEAD, nested.replace("0116", "010816")),
        LimitExceeded,
        &["deeper than 50"],
    );
}

#[test]
fn items_are_limited() {
    let texts = Texts { items: vec![String::new(); 101] };
    let mut out = BytesMut::new();
    encode(Encoding::Xlang, &texts, &mut out).expect("encodes");
    let limits = |max_items| DecodeLimits { max_items, ..DecodeLimits::default() };
    assert!(decode::<Texts>(Encoding::Xlang, &out, &limits(101)).is_ok());
    let error = decode::<Texts>(Encoding::Xlang, &out, &limits(100)).expect_err("many");
    assert_eq!(error.kind(), LimitExceeded);
}

#[test]
fn type_aliases_and_renamed_types_have_the_schema_of_what_they_stand_for() {
    type Id = i64;
    type Blob = Vec<u8>;
    type Many<T> = Vec<T>;
    use std::string::String as Text;

    #[wire_type("v/Optionals2")]
    struct Aliased {
        id: Id,
        blob: Option<Blob>,
        many: Many<Id>,
        text: Text,
    }
    #[wire_type("v/Optionals2")]
    struct Plain {
        id: i64,
        blob: Option<Vec<u8>>,
        many: Vec<i64>,
        text: String,
    }
    let mut aliased = BytesMut::new();
    let value = Aliased { id: 1, blob: Some(vec![2]), many: vec![3], text: "4".into() };
    encode(Encoding::Xlang, &value, &mut aliased).expect("encodes");
    let plain: Plain =
        decode(Encoding::Xlang, &aliased, &DecodeLimits::default()).expect("same schema");
    assert_eq!((plain.id, plain.blob, plain.many), (1, Some(vec![2]), vec![3]));
    assert_eq!(plain.text, "4");
}
