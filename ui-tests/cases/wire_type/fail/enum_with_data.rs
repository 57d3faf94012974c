// Variants carry no data.
use aster::wire_type;

#[wire_type("mission/Event")]
enum Event {
    Started,
    Stopped { code: i32 },
    Failed(String),
}

#[wire_type("mission/Never")]
enum Never {}

fn main() {}
