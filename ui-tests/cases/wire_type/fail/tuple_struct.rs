// Fields have names.
use aster::wire_type;

#[wire_type("mission/Pair")]
struct Pair(#[wire(rename = "a")] String, i64);

fn main() {}
