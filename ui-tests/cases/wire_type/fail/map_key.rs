// Keys have a text form.
use std::collections::{BTreeMap, HashMap};

use aster::wire_type;

#[wire_type("mission/Key")]
#[derive(PartialEq, Eq, Hash)]
struct Key {
    id: i64,
}

#[wire_type("mission/Report")]
struct Report {
    by_key: HashMap<Key, i64>,
    by_list: BTreeMap<Vec<i64>, i64>,
}

fn main() {}
