//! The messages of the comparison of encodings: a short text, and one with
//! something of everything.

use std::collections::HashMap;

use aster::wire_type;
use serde::{Deserialize, Serialize};

use crate::message::Message;

/// Something of everything.
#[wire_type("bench/Report")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub agent: String,
    pub number: i64,
    pub ratio: f64,
    pub healthy: bool,
    pub lines: Vec<String>,
    pub counters: HashMap<String, i64>,
    pub note: Option<String>,
    pub part: Part,
}

/// A message in another.
#[wire_type("bench/Part")]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub label: String,
    pub value: i64,
}

impl Report {
    /// One with about 200 bytes.
    #[must_use]
    pub fn sample() -> Self {
        let counter = |name: &str, value| (name.to_owned(), value);
        Self {
            agent: "edge-node-7".to_owned(),
            number: 123_456_789,
            ratio: 0.75,
            healthy: true,
            lines: (1..=4).map(|n| format!("line {n} of the report")).collect(),
            counters: [counter("started", 41), counter("failed", 2), counter("skipped", 700)]
                .into(),
            note: Some("checked twice".to_owned()),
            part: Part { label: "disk".to_owned(), value: -5 },
        }
    }
}

/// A short text, the same for every encoding.
#[must_use]
pub fn short() -> Message {
    Message::of(Message::XLANG)
}

/// The same messages for prost.
#[cfg(feature = "codecs")]
pub mod protobuf {
    use std::collections::HashMap;

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Message {
        #[prost(string, tag = "1")]
        pub text: String,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Report {
        #[prost(string, tag = "1")]
        pub agent: String,
        #[prost(int64, tag = "2")]
        pub number: i64,
        #[prost(double, tag = "3")]
        pub ratio: f64,
        #[prost(bool, tag = "4")]
        pub healthy: bool,
        #[prost(string, repeated, tag = "5")]
        pub lines: Vec<String>,
        #[prost(map = "string, int64", tag = "6")]
        pub counters: HashMap<String, i64>,
        #[prost(string, optional, tag = "7")]
        pub note: Option<String>,
        #[prost(message, optional, tag = "8")]
        pub part: Option<Part>,
    }

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct Part {
        #[prost(string, tag = "1")]
        pub label: String,
        #[prost(int64, tag = "2")]
        pub value: i64,
    }

    impl From<super::Message> for Message {
        fn from(message: super::Message) -> Self {
            Self { text: message.text }
        }
    }

    impl From<super::Report> for Report {
        fn from(report: super::Report) -> Self {
            let part = Part { label: report.part.label, value: report.part.value };
            Self {
                agent: report.agent,
                number: report.number,
                ratio: report.ratio,
                healthy: report.healthy,
                lines: report.lines,
                counters: report.counters,
                note: report.note,
                part: Some(part),
            }
        }
    }
}
