//! Our two encodings beside prost, postcard and serde_json, on the same
//! messages.

use std::hint::black_box;

use aster::WireType;
use aster::codec::{DecodeLimits, Encoding, decode, encode};
use bytes::BytesMut;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::Meter;
use super::sample::{Report, short};
use crate::figures::{Figures, Measure};

/// The messages, as lines name them.
pub const SAMPLES: [&str; 2] = ["short text", "report"];

/// What XLANG is compared with.
pub const PEERS: [&str; 2] = ["prost", "postcard"];

/// Our binary encoding, as lines name it.
pub const OURS: &str = "XLANG";

/// Enough for every sample.
const CAPACITY: usize = 1024;

/// The name of a line.
#[must_use]
pub fn line_name(codec: &str, sample: &str, direction: &str) -> String {
    format!("{sample}, {codec}, {direction}")
}

pub(super) fn run(meter: &mut Meter) {
    meter.group("Encodings, on the same messages");
    for_sample(meter, SAMPLES[0], &short());
    #[cfg(feature = "codecs")]
    prost(meter, SAMPLES[0], &super::sample::protobuf::Message::from(short()));
    for_sample(meter, SAMPLES[1], &Report::sample());
    #[cfg(feature = "codecs")]
    prost(meter, SAMPLES[1], &super::sample::protobuf::Report::from(Report::sample()));
}

fn for_sample<T: WireType + Serialize + DeserializeOwned>(
    meter: &mut Meter,
    sample: &str,
    value: &T,
) {
    let limits = DecodeLimits::default();
    for (codec, encoding) in [(OURS, Encoding::Xlang), ("JSON", Encoding::Json)] {
        let put = |out: &mut BytesMut| encode(encoding, value, out).expect("it has a form");
        let get = |bytes: &[u8]| drop(black_box(decode::<T>(encoding, bytes, &limits)));
        directions(meter, codec, sample, put, get);
    }
    #[cfg(feature = "codecs")]
    {
        let put = |out: &mut BytesMut| {
            let mut buffer = [0; CAPACITY];
            out.extend_from_slice(postcard::to_slice(value, &mut buffer).expect("it fits"));
        };
        let get = |bytes: &[u8]| drop(black_box(postcard::from_bytes::<T>(bytes)));
        directions(meter, "postcard", sample, put, get);
    }
    let put = |out: &mut BytesMut| {
        use bytes::BufMut;
        serde_json::to_writer(out.writer(), value).expect("it has a form");
    };
    let get = |bytes: &[u8]| drop(black_box(serde_json::from_slice::<T>(bytes)));
    directions(meter, "serde_json", sample, put, get);
}

#[cfg(feature = "codecs")]
fn prost<T: prost::Message + Default>(meter: &mut Meter, sample: &str, value: &T) {
    let put = |out: &mut BytesMut| value.encode(out).expect("it grows");
    let get = |bytes: &[u8]| drop(black_box(T::decode(bytes)));
    directions(meter, "prost", sample, put, get);
}

/// Both directions of one encoding, with a buffer that is used again.
fn directions(
    meter: &mut Meter,
    codec: &str,
    sample: &str,
    put: impl Fn(&mut BytesMut),
    get: impl Fn(&[u8]),
) {
    let mut out = BytesMut::with_capacity(CAPACITY);
    let line = meter.each(&line_name(codec, sample, "encode"), || {
        out.clear();
        put(&mut out);
        black_box(&out);
    });
    let size = Figures::default().with(Measure::Bytes, out.len() as f64);
    line.figures = std::mem::take(&mut line.figures).and(size);
    meter.each(&line_name(codec, sample, "decode"), || get(black_box(&out)));
}
