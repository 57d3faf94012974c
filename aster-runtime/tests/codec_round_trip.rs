//! Values of every kind survive both encodings.

mod codec_types;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use aster_macros::wire_type;
use aster_runtime::codec::{DecodeLimits, Encoding, Value, WireType, decode, encode};
use bytes::{Bytes, BytesMut};
use codec_types::{Color, Inner};
use jiff::Timestamp;
use jiff::civil::Date;
use proptest::collection::{btree_map, btree_set, hash_map, hash_set, vec};
use proptest::option::of;
use proptest::prelude::*;

fn survives<T: WireType + PartialEq + std::fmt::Debug>(value: &T, encodings: &[Encoding]) {
    for encoding in encodings {
        let mut payload = BytesMut::new();
        encode(*encoding, value, &mut payload).expect("encodes");
        let back = decode::<T>(*encoding, &payload, &DecodeLimits::default());
        assert_eq!(&back.expect("decodes"), value, "{encoding:?}");
        for len in (0..payload.len()).step_by(1 + payload.len() / 50) {
            let cut = decode::<T>(*encoding, &payload[..len], &DecodeLimits::default());
            assert!(cut.is_err(), "{encoding:?} cut to {len} of {}", payload.len());
        }
    }
}

const BOTH: &[Encoding] = &[Encoding::Xlang, Encoding::Json];

/// Declares a message whose fields come from strategies.
macro_rules! generated {
    ($tag:literal $name:ident $strategy:ident { $($(#[$meta:meta])* $field:ident: $ty:ty = $values:expr,)* }) => {
        #[wire_type($tag)]
        #[derive(Clone, Debug, PartialEq)]
        struct $name {
            $($(#[$meta])* $field: $ty,)*
        }

        prop_compose! {
            fn $strategy()($($field in $values),*) -> $name {
                $name { $($field),* }
            }
        }
    };
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[ -~]{0,12}",
        "[\u{0}-\u{ff}]{0,8}",
        "[\u{0}-\u{d7ff}]{0,8}",
        any::<String>().prop_map(|text| text.chars().take(16).collect()),
    ]
}

fn float() -> impl Strategy<Value = f64> {
    use prop::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    NORMAL | SUBNORMAL | ZERO | POSITIVE | NEGATIVE
}

fn single() -> impl Strategy<Value = f32> {
    use prop::num::f32::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    NORMAL | SUBNORMAL | ZERO | POSITIVE | NEGATIVE
}

fn day() -> impl Strategy<Value = Date> {
    (-9999i16..=9999, 1i8..=12, 1i8..=28).prop_map(|(y, m, d)| jiff::civil::date(y, m, d))
}

fn time() -> impl Strategy<Value = Timestamp> {
    (-377_705_000_000i64..253_402_000_000, 0..1_000_000_000i32)
        .prop_map(|(s, ns)| Timestamp::new(s, ns).expect("in range"))
}

fn color() -> impl Strategy<Value = Color> {
    prop_oneof![Just(Color::Red), Just(Color::Green), Just(Color::Blue)]
}

fn inner() -> impl Strategy<Value = Inner> {
    (any::<i64>(), text()).prop_map(|(x, y)| Inner { x, y })
}

fn raw() -> impl Strategy<Value = Vec<u8>> {
    vec(any::<u8>(), 0..20)
}

fn raw_bytes() -> impl Strategy<Value = Bytes> {
    raw().prop_map(Bytes::from)
}

fn few<S: Strategy>(item: S) -> impl Strategy<Value = Vec<S::Value>> {
    vec(item, 0..5)
}

generated! { "p/Numbers" Numbers numbers {
    b: bool = any::<bool>(),
    i1: i8 = any::<i8>(),
    i2: i16 = any::<i16>(),
    i4: i32 = any::<i32>(),
    i8: i64 = any::<i64>(),
    u1: u8 = any::<u8>(),
    u2: u16 = any::<u16>(),
    u4: u32 = any::<u32>(),
    u8: u64 = any::<u64>(),
    f4: f32 = single(),
    f8: f64 = float(),
} }

generated! { "p/Texts" Texts texts {
    plain: String = text(),
    raw: Vec<u8> = raw(),
    bytes: Bytes = raw_bytes(),
    day: Date = day(),
    time: Timestamp = time(),
    color: Color = color(),
    boxed: Box<Inner> = inner().prop_map(Box::new),
    boxes: VecDeque<Box<i64>> = few(any::<i64>().prop_map(Box::new)).prop_map(VecDeque::from),
} }

generated! { "p/Optionals" Optionals optionals {
    b: Option<bool> = of(any::<bool>()),
    i: Option<i64> = of(any::<i64>()),
    f: Option<f32> = of(single()),
    plain: Option<String> = of(text()),
    raw: Option<Vec<u8>> = of(raw()),
    day: Option<Date> = of(day()),
    color: Option<Color> = of(color()),
    inner: Option<Box<Inner>> = of(inner().prop_map(Box::new)),
    list: Option<Vec<Option<String>>> = of(few(of(text()))),
} }

generated! { "p/Lists" Lists lists {
    texts: Vec<String> = few(text()),
    small: Vec<i8> = few(any::<i8>()),
    bytes: VecDeque<u8> = few(any::<u8>()).prop_map(VecDeque::from),
    raws: Vec<Vec<u8>> = few(raw()),
    words: Vec<u16> = few(any::<u16>()),
    floats: Vec<Option<f64>> = few(of(float())),
    inner: Vec<Inner> = few(inner()),
    options: Vec<Option<Inner>> = few(of(inner())),
    colors: Vec<Option<Color>> = few(of(color())),
    nested: Vec<Vec<Option<Vec<i32>>>> = few(few(of(few(any::<i32>())))),
    texts_set: HashSet<String> = hash_set(text(), 0..5),
    days: BTreeSet<Date> = btree_set(day(), 0..5),
    maps: Vec<BTreeMap<u8, bool>> = few(btree_map(any::<u8>(), any::<bool>(), 0..4)),
} }

generated! { "p/Maps" Maps maps {
    texts: HashMap<String, String> = hash_map(text(), text(), 0..5),
    ints: BTreeMap<i16, u64> = btree_map(any::<i16>(), any::<u64>(), 0..600),
    options: BTreeMap<u32, Option<String>> = btree_map(any::<u32>(), of(text()), 0..8),
    colors: BTreeMap<Color, Inner> = btree_map(color(), inner(), 0..3),
    days: HashMap<Date, Vec<Inner>> = hash_map(day(), few(inner()), 0..3),
    flags: BTreeMap<bool, HashMap<String, i8>> =
        btree_map(any::<bool>(), hash_map(text(), any::<i8>(), 0..3), 0..3),
} }

generated! { "p/Anys" Anys anys {
    #[wire(any)]
    int: i32 = any::<i32>(),
    #[wire(any)]
    float: f64 = float(),
    #[wire(any)]
    texts: Vec<String> = few(text()),
    #[wire(any)]
    options: Vec<Option<u16>> = few(of(any::<u16>())),
    #[wire(any)]
    raws: Option<Vec<Vec<u8>>> = of(few(raw())),
    #[wire(any)]
    set: BTreeSet<i64> = btree_set(any::<i64>(), 0..4),
    #[wire(any)]
    map: HashMap<String, Option<Inner>> = hash_map(text(), of(inner()), 0..4),
    #[wire(any)]
    nested: BTreeMap<i64, Vec<Color>> = btree_map(any::<i64>(), few(color()), 0..4),
    #[wire(any)]
    inner: Option<Inner> = of(inner()),
    #[wire(any)]
    color: Color = color(),
} }

/// Values that JSON can tell apart.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        float().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::List),
            btree_map(text(), inner, 0..6).prop_map(Value::map),
        ]
    })
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        json_value(),
        raw_bytes().prop_map(Value::from),
        day().prop_map(Value::from),
        time().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Value::List),
            vec(inner.clone(), 0..6).prop_map(Value::Set),
            vec((inner.clone(), inner), 0..6).prop_map(Value::Map),
        ]
    })
}

generated! { "p/Values" Values values {
    value: Value = value(),
    list: Vec<Value> = few(value()),
    map: BTreeMap<String, Value> = btree_map(text(), value(), 0..5),
} }

generated! { "p/JsonValues" JsonValues json_values {
    value: Value = json_value(),
    list: Vec<Value> = few(json_value()),
    map: BTreeMap<String, Value> = btree_map(text(), json_value(), 0..5),
} }

proptest! {
    #[test]
    fn numbers_survive(value in numbers()) {
        survives(&value, BOTH);
    }

    #[test]
    fn texts_and_times_survive(value in texts()) {
        survives(&value, BOTH);
    }

    #[test]
    fn optionals_survive(value in optionals()) {
        survives(&value, BOTH);
    }

    #[test]
    fn lists_and_sets_survive(value in lists()) {
        survives(&value, BOTH);
    }

    #[test]
    fn maps_survive(value in maps()) {
        survives(&value, BOTH);
    }

    #[test]
    fn fields_with_their_type_survive(value in anys()) {
        survives(&value, BOTH);
    }

    #[test]
    fn dynamic_values_survive(value in values()) {
        survives(&value, &[Encoding::Xlang]);
    }

    #[test]
    fn dynamic_values_of_json_survive(value in json_values()) {
        survives(&value, BOTH);
        let json: serde_json::Value = value.value.clone().into();
        prop_assert_eq!(Value::from(json), value.value);
    }

    #[test]
    fn noise_never_panics(payload in vec(any::<u8>(), 0..200)) {
        for encoding in BOTH {
            let _ = decode::<Lists>(*encoding, &payload, &DecodeLimits::default());
            let _ = decode::<Values>(*encoding, &payload, &DecodeLimits::default());
        }
    }
}
