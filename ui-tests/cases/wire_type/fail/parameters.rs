// A tag names one concrete type.
use aster::wire_type;

#[wire_type("mission/Page")]
struct Page<'a, T, const N: usize> {
    items: [&'a T; N],
}

fn main() {}
