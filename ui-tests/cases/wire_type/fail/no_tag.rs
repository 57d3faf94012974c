// A wire type has a name that peers know.
use aster::wire_type;

#[wire_type]
struct Request {
    name: String,
}

fn main() {}
