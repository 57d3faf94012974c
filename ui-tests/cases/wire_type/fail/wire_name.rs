// A wire name needs no escapes.
use aster::wire_type;

#[wire_type("mission/Report")]
struct Report {
    #[wire(rename = "")]
    empty: String,
    #[wire(rename = "a\"b")]
    quoted: String,
    #[wire(rename = "a,b")]
    separated: String,
}

fn main() {}
