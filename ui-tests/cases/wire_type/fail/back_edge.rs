// A back edge is a field with a message that is part of the contract.
use std::collections::HashMap;

use aster::wire_type;

#[wire_type("ui/Level")]
enum Level {
    Low,
}

#[wire_type("ui/Report")]
struct Report {
    #[wire(back_edge)]
    title: String,
    #[wire(back_edge)]
    levels: HashMap<String, Level>,
}

fn main() {}
