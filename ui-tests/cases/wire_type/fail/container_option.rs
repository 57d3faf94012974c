// Options of the whole type go into the macro's own arguments.
use aster::wire_type;

#[wire_type("mission/Report")]
#[wire(rename_all = "camelCase")]
struct Report {
    agent_id: String,
}

fn main() {}
