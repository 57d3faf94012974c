// A tag can be sent and read.
use aster::wire_type;

#[wire_type("")]
struct Empty {}

#[wire_type("mission/")]
struct NoName {}

#[wire_type("/Request")]
struct NoNamespace {}

#[wire_type("mission/A\nB")]
struct Control {}

#[wire_type("mission/Größe")]
struct NotAscii {}

#[wire_type("mission/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
struct TooLong {}

fn main() {}
