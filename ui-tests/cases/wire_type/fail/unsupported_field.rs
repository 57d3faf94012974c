// Types without a wire form.
use aster::wire_type;

#[wire_type("mission/Report")]
struct Report {
    size: usize,
    pair: (i64, i64),
    letter: char,
}

fn main() {}
