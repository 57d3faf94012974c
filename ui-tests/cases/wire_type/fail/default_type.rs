// A default has the type of its field.
use aster::wire_type;

#[wire_type("mission/Report")]
struct Report {
    #[wire(default = true)]
    count: i64,
    #[wire(default = "five")]
    level: Level,
}

#[wire_type("mission/Level")]
enum Level {
    Low,
}

fn main() {}
