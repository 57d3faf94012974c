//! The messages.

use std::collections::HashMap;

use aster::wire_type;
use bytes::Bytes;
use serde::{Deserialize, Serialize};

/// What is echoed: 64 bytes as a payload, if the text has as many characters
/// as the encoding leaves.
#[wire_type("bench/Message")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    pub text: String,
}

impl Message {
    /// Characters that make 64 bytes of XLANG.
    pub const XLANG: usize = 42;
    /// The same for JSON.
    pub const JSON: usize = 53;
    /// The same for postcard.
    pub const POSTCARD: usize = 63;
    /// The same for bincode.
    pub const BINCODE: usize = 56;

    /// A message with a text of this length.
    #[must_use]
    pub fn of(length: usize) -> Self {
        Self { text: "x".repeat(length) }
    }
}

/// An item of a stream, without anything on the heap: 64 bytes of payload.
#[wire_type("bench/Item")]
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Item {
    pub a: f64,
    pub b: f64,
    pub c: f64,
    pub d: f64,
    pub e: f64,
    pub f: f32,
    pub g: bool,
    pub h: bool,
}

/// How many items to send, or how many came.
#[wire_type("bench/Count")]
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Count {
    pub count: i64,
}

/// A large message.
#[wire_type("bench/Blob")]
#[derive(Clone, Debug, PartialEq)]
pub struct Blob {
    pub data: Bytes,
}

/// A point of the guide's metrics chapter.
#[wire_type("bench/MetricPoint")]
#[derive(Clone, Debug, PartialEq)]
pub struct MetricPoint {
    pub name: String,
    pub value: f64,
    pub timestamp: f64,
    pub tags: HashMap<String, String>,
}

impl MetricPoint {
    /// The point with this number.
    #[must_use]
    pub fn number(n: u32) -> Self {
        let tag = |key: &str, value: String| (key.to_owned(), value);
        Self {
            name: "cpu.load".to_owned(),
            value: f64::from(n) / 3.0,
            timestamp: 1.8e9 + f64::from(n),
            tags: [tag("agent", "edge-node-7".to_owned()), tag("core", (n % 8).to_string())].into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use aster::codec::{Encoding, encode};
    use bytes::BytesMut;

    use super::*;

    fn size<T: aster::WireType>(encoding: Encoding, value: &T) -> usize {
        let mut out = BytesMut::new();
        encode(encoding, value, &mut out).expect("encodes");
        out.len()
    }

    #[test]
    fn messages_and_items_take_64_bytes() {
        assert_eq!(size(Encoding::Xlang, &Message::of(Message::XLANG)), 64);
        assert_eq!(size(Encoding::Json, &Message::of(Message::JSON)), 64);
        assert_eq!(size(Encoding::Xlang, &Item::default()), 64);
    }
}
