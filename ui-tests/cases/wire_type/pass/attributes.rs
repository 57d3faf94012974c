// Every attribute, under strict lints, with derives before and after.
#![deny(warnings, missing_docs, unused, clippy::all, clippy::pedantic, clippy::restriction)]
#![allow(dead_code)]
//! Documented.

use std::collections::HashMap;

use aster::{Value, wire_type};

/// A level.
#[derive(Debug, Clone)]
#[wire_type("mission/Level", rename_all = "SCREAMING_SNAKE_CASE")]
#[derive(Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Low.
    VeryLow = 0,
    /// High.
    #[wire(rename = "top")]
    High,
}

/// A report.
#[derive(Debug, Clone)]
#[wire_type("mission/Report", rename_all = "camelCase")]
#[derive(PartialEq)]
pub struct Report {
    /// Who.
    agent_id: String,
    /// How much.
    #[wire(rename = "amount", default = 7)]
    pub count: i64,
    /// What.
    #[wire(default = "idle")]
    pub(crate) status: String,
    #[wire(any, default)]
    tags: HashMap<String, Vec<i64>>,
    by_level: HashMap<Level, Option<Level>>,
    #[allow(clippy::struct_field_names)]
    #[deprecated = "unused"]
    value: Value,
}

fn main() {}
