//! Damaged payloads: an error or a sound value, never a panic or a hang.
//!
//! The seeds are the golden vectors. The generator of damage is seeded, so a
//! failure repeats.

mod codec_types;

use std::collections::BTreeMap;

use aster_runtime::codec::{DecodeLimits, Encoding, WireType, decode, encode};
use bytes::BytesMut;
use codec_types::*;

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }
}

/// Decodes a payload as some type; if that works, checks the value. Returns
/// whether it worked.
type Check = fn(Encoding, &[u8]) -> bool;

fn check<T: WireType>(encoding: Encoding, payload: &[u8]) -> bool {
    let limits = DecodeLimits::default();
    let Ok(value) = decode::<T>(encoding, payload, &limits) else {
        return false;
    };
    // Whatever is accepted has a canonical form that is stable.
    let mut first = BytesMut::new();
    encode(encoding, &value, &mut first).expect("an accepted value can be sent");
    let again: T = decode(encoding, &first, &limits).expect("an own payload is accepted");
    let mut second = BytesMut::new();
    encode(encoding, &again, &mut second).expect("encodes again");
    assert_eq!(first, second);
    true
}

/// The seeds with a type that reads them.
fn seeds() -> Vec<(&'static str, Check, Vec<u8>)> {
    let vectors: BTreeMap<String, String> =
        serde_json::from_str(include_str!("../vectors/xlang.json")).expect("JSON");
    let types: [(&str, Check); 24] = [
        ("stream_header", check::<StreamHeader>),
        ("rpc_status", check::<RpcStatus>),
        ("status", check::<StatusResponse>),
        ("log_latin1", check::<LogEntry>),
        ("log_utf16", check::<LogEntry>),
        ("log_utf8", check::<LogEntry>),
        ("batch", check::<MetricBatch>),
        ("guide_point", check::<GuidePoint>),
        ("numbers_min", check::<Numbers>),
        ("optional_numbers", check::<OptionalNumbers>),
        ("lists", check::<Lists>),
        ("optional_items", check::<OptionalItems>),
        ("maps", check::<Maps>),
        ("maps_null_values", check::<Maps>),
        ("sets", check::<Sets>),
        ("optionals", check::<Optionals>),
        ("times", check::<Times>),
        ("dynamic_map_mixed", check::<Dynamic>),
        ("dynamic_list_mixed_null", check::<Dynamic>),
        ("dynamic_maps", check::<DynamicMaps>),
        ("bare_ints", check::<BareInts>),
        ("deep", check::<Deep>),
        ("tree", check::<Tree>),
        ("long_name", check::<LongName>),
    ];
    types
        .map(|(name, check)| {
            let hex = vectors.get(name).expect(name);
            (name, check, data_encoding::HEXLOWER.decode(hex.as_bytes()).expect("hex"))
        })
        .into()
}

fn damage(random: &mut Random, payload: &mut Vec<u8>, other: &[u8]) {
    match random.below(8) {
        0 => payload.truncate(random.below(payload.len())),
        1 => {
            let at = random.below(payload.len());
            let huge = [0xff, 0xff, 0xff, 0xff, 0x0f];
            payload.splice(at..at, huge);
        }
        2 => {
            let (from, to) = (random.below(other.len()), random.below(payload.len()));
            let len = random.below(16).min(other.len() - from);
            payload.splice(to..to, other[from..from + len].iter().copied());
        }
        3 => {
            let at = random.below(payload.len());
            payload.drain(at..(at + 1 + random.below(4)).min(payload.len()));
        }
        4 if !payload.is_empty() => {
            let at = random.below(payload.len());
            payload[at] = [0x00, 0x7f, 0x80, 0xff, 0xfd, 0x0c, 0x08, 0x24, 0x1d][random.below(9)];
        }
        _ if !payload.is_empty() => {
            let at = random.below(payload.len());
            payload[at] ^= 1 << random.below(8);
        }
        _ => payload.push(random.next() as u8),
    }
}

#[test]
fn three_hundred_thousand_damaged_payloads_are_refused_or_sound() {
    let seeds = seeds();
    let mut random = Random(2026);
    let (mut accepted, mut refused) = (0, 0);
    for round in 0..300_000 {
        let (_, check, seed) = &seeds[round % seeds.len()];
        let (_, _, other) = &seeds[random.below(seeds.len())];
        let mut payload = seed.clone();
        for _ in 0..1 + random.below(3) {
            damage(&mut random, &mut payload, other);
        }
        if check(Encoding::Xlang, &payload) {
            accepted += 1;
        } else {
            refused += 1;
        }
    }
    // Damage must reach the values, and must mostly be noticed.
    assert!(accepted > 20_000, "{accepted} accepted");
    assert!(refused > 100_000, "{refused} refused");
}

#[test]
fn damaged_json_is_refused_or_sound() {
    let seeds: [(Check, &[u8]); 4] = [
        (
            check::<MetricBatch>,
            br#"{"points":[{"name":"a\u00e9","value":1.5e3,"tags":{"h":"w"}}]}"#,
        ),
        (check::<Dynamic>, br#"{"value":{"a":[1,null,"x",{"b":false}],"c":-0.25}}"#),
        (
            check::<Optionals>,
            br#"{"raw":"AAH/","day":"2024-02-29","time":"2024-02-29T12:30:15Z","color":"RED"}"#,
        ),
        (check::<Tree>, br#"{"name":"n","kids":[{"kids":[{}]}]}"#),
    ];
    let mut random = Random(7);
    let mut accepted = 0;
    for round in 0..40_000 {
        let (check, seed) = seeds[round % seeds.len()];
        let mut payload = seed.to_vec();
        damage(&mut random, &mut payload, seed);
        accepted += usize::from(check(Encoding::Json, &payload));
    }
    assert!(accepted > 1000, "{accepted} accepted");
}

#[test]
fn every_truncation_and_every_extension_is_refused() {
    for (name, check, payload) in seeds() {
        assert!(check(Encoding::Xlang, &payload), "{name}");
        for len in 0..payload.len() {
            assert!(!check(Encoding::Xlang, &payload[..len]), "{name} cut to {len}");
        }
        let mut longer = payload.clone();
        longer.push(0);
        assert!(!check(Encoding::Xlang, &longer), "{name} with a byte more");
    }
}

#[test]
fn every_single_bit_flip_is_refused_or_sound() {
    for (_, check, payload) in seeds() {
        for bit in 0..payload.len() * 8 {
            let mut flipped = payload.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            check(Encoding::Xlang, &flipped);
        }
    }
}
