// A wire type owns its data.
use aster::wire_type;

#[wire_type("mission/Report")]
struct Report {
    name: &'static str,
}

fn main() {}
