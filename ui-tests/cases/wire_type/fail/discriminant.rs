// The wire value of a variant is its position.
use aster::wire_type;

#[wire_type("mission/Level")]
enum Level {
    Low = 0,
    High = 10,
}

fn main() {}
