// There is one null.
use aster::wire_type;

#[wire_type("mission/Report")]
struct Report {
    name: Option<Option<String>>,
}

fn main() {}
