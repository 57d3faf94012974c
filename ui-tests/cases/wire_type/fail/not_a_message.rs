// Payloads are messages; enums and plain values travel inside one.
use aster::codec::{Encoding, encode};
use aster::wire_type;

#[wire_type("mission/Level")]
enum Level {
    Low,
    High,
}

struct Plain {
    name: String,
}

fn main() {
    let mut out = Default::default();
    let _ = encode(Encoding::Xlang, &Level::Low, &mut out);
    let _ = encode(Encoding::Xlang, &Plain { name: String::new() }, &mut out);
}
