// What `any` keeps out of the contract closes no circle.
use aster::wire_type;

#[wire_type("ui/Report")]
struct Report {
    #[wire(back_edge, any)]
    tags: Vec<String>,
}

fn main() {}
