// Naming styles are a fixed list.
use aster::wire_type;

#[wire_type("mission/Report", rename_all = "Camel")]
struct Report {
    agent_id: String,
}

fn main() {}
