// Only structs and enums have a wire form.
use aster::wire_type;

#[wire_type("mission/Bits")]
union Bits {
    int: u32,
    float: f32,
}

#[wire_type("mission/call")]
fn call() {}

fn main() {}
