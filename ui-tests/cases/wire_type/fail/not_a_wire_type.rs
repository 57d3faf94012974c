// Every field is a wire type; the field's type is underlined.
use aster::wire_type;

struct Position {
    x: f64,
}

#[wire_type("mission/Report")]
struct Report {
    name: String,
    position: Position,
    history: Vec<Position>,
}

fn main() {}
