// Misspelt arguments are named, with the nearest real one.
use aster::wire_type;

#[wire_type("mission/Report", rename_al = "camelCase")]
struct Report {
    #[wire(renam = "x")]
    name: String,
    #[wire(skip, default = 1, default = 2)]
    count: i64,
    #[wire]
    other: i64,
    #[wire(any = 5, rename = x)]
    tags: Vec<String>,
}

fn main() {}
