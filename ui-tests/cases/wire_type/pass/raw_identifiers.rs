// Raw identifiers lose their prefix on the wire.
use aster::{WireType, wire_type};

#[wire_type("t/Raw")]
struct r#Struct {
    r#type: String,
    r#match: r#enum,
    #[wire(rename = "self")]
    this: i64,
}

#[wire_type("t/Enum")]
#[allow(non_camel_case_types)]
enum r#enum {
    r#fn,
    r#loop,
}

fn main() {
    let fields: Vec<_> = r#Struct::descriptor().fields().iter().map(|f| f.name).collect();
    assert_eq!(fields, ["type", "match", "self"]);
}
