// The tag is a string literal.
use aster::wire_type;

#[wire_type(mission::Request)]
struct Path {}

#[wire_type(name = "mission/Request")]
struct Named {}

fn main() {}
