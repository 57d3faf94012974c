// Wire names are unique; the second one is reported and the first is named.
use aster::wire_type;

#[wire_type("mission/Report", rename_all = "camelCase")]
struct Report {
    agent_id: String,
    #[wire(rename = "agentId")]
    other: String,
}

#[wire_type("mission/Level", rename_all = "lowercase")]
enum Level {
    High,
    HIGH,
}

fn main() {}
