//! Made by the aster command; do not edit. To make it again:
//! aster contract gen-client SOURCE --lang rust --out DIR
//!
//! Service Every.Thing_*/_"x", version 1, contract dcbc62af91ac9dad01575532a5abd36cb2eb7806cc79d1a67319e924129ae170

use std::collections::{BTreeMap, BTreeSet};

#[aster::wire_type("alpha/Item")]
#[derive(Clone, Debug, PartialEq)]
pub struct AlphaItem {
    pub name: String,
    #[wire(default = 1)]
    pub count: i64,
}

#[aster::wire_type("beta/Item")]
#[derive(Clone, Debug, PartialEq)]
pub struct BetaItem {
    pub price: f64,
}

/// A colour.
#[aster::wire_type("paint/Color")]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Color {
    /// Like fire.
    #[wire(rename = "red")]
    Red,
    #[wire(rename = "DARK_BLUE")]
    DarkBlue,
    #[wire(rename = "class")]
    Class,
}

#[aster::wire_type("every/Containers")]
#[derive(Clone, Debug, PartialEq)]
pub struct Containers {
    pub items: Vec<AlphaItem>,
    pub others: Vec<Option<i64>>,
    pub table: BTreeMap<String, BetaItem>,
    pub by_number: BTreeMap<i64, Vec<String>>,
    pub tags: BTreeSet<String>,
    pub colors: Vec<Color>,
    pub maybe_list: Option<Vec<i32>>,
    #[wire(default = Some(String::from("given")))]
    pub maybe_text: Option<String>,
    pub maybe_item: Option<AlphaItem>,
    #[wire(default = vec![1, 2, 3])]
    pub defaults: Vec<i64>,
    #[wire(default = BTreeMap::from([(String::from("a"), 1.5)]))]
    pub weights: BTreeMap<String, f64>,
    #[wire(default = { let mut message = <AlphaItem as aster::WireValue>::wire_default(); message.name = String::from("x"); message })]
    pub item: AlphaItem,
    #[wire(default = Color::DarkBlue)]
    pub color: Color,
    pub maybe_color: Option<Color>,
    pub widths: Vec<u16>,
    pub times: Vec<jiff::Timestamp>,
}

/// Fields that carry their types.
#[aster::wire_type("every/Dynamic")]
#[derive(Clone, Debug, PartialEq)]
pub struct Dynamic {
    #[wire(any)]
    pub anything: aster::Value,
    #[wire(any)]
    pub list: Vec<String>,
    #[wire(any)]
    pub dict: BTreeMap<String, i64>,
    #[wire(any)]
    pub maybe: Option<BTreeMap<String, String>>,
}

#[aster::wire_type("every/Needs")]
#[derive(Clone, Debug, PartialEq)]
pub struct Needs {
    /// Must be given.
    pub id: String,
    pub note: String,
    /// Must be given.
    pub level: i64,
}

#[aster::wire_type("every/Nothing")]
#[derive(Clone, Debug, PartialEq)]
pub struct Nothing {}

/// One field of each width.
#[aster::wire_type("every/Scalars")]
#[derive(Clone, Debug, PartialEq)]
pub struct Scalars {
    #[wire(default = true)]
    pub flag: bool,
    #[wire(default = -128)]
    pub tiny: i8,
    #[wire(default = -3)]
    pub small: i16,
    pub medium: i32,
    #[wire(default = -9223372036854775808)]
    pub large: i64,
    #[wire(default = 255)]
    pub utiny: u8,
    pub usmall: u16,
    #[wire(default = 4294967295)]
    pub umedium: u32,
    #[wire(default = 18446744073709551615)]
    pub ularge: u64,
    #[wire(default = 0.5)]
    pub single: f32,
    /// A figure.
    #[wire(default = 1e300)]
    pub double: f64,
    #[wire(default = String::from("a \"quoted\" \\ line\nand another \u{202e} é"))]
    pub text: String,
    #[wire(default = b"\x00\x01\"\xff\\n".to_vec())]
    pub raw: Vec<u8>,
    pub day: jiff::civil::Date,
    pub moment: jiff::Timestamp,
}

/// Names that are none somewhere.
#[aster::wire_type("every/Strange")]
#[derive(Clone, Debug, PartialEq)]
pub struct Strange {
    pub class: String,
    #[wire(rename = "agentId")]
    pub agent_id: String,
    pub größe: i64,
    #[wire(rename = "a-b", default = String::from("x"))]
    pub a_b: String,
    pub str: String,
    #[wire(rename = "self")]
    pub self_: String,
    #[wire(rename = "type", default = 7)]
    pub type_: i64,
    #[wire(rename = "__x")]
    pub x: bool,
}

/// A type that holds itself.
#[aster::wire_type("tree/Node")]
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub label: String,
    pub children: Vec<Node>,
    /// Another one.
    pub next: Option<Box<Node>>,
}

/// Ends */ every `comment` """ and ''' \ in \u0022 it.
/// '''
/// fn main() { std::process::exit(1) }
/// '''
/// \</script>\<script>alert(1)\</script>
/// // @ts-expect-error �back
/// /// # coding: utf-7
#[aster::wire_type("every/Request")]
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    pub scalars: Scalars,
    pub containers: Containers,
    pub dynamic: Dynamic,
    pub strange: Strange,
    pub tree: Node,
    pub left: AlphaItem,
    pub right: BetaItem,
}
