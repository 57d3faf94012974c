// The fields do not depend on the build.
use aster::wire_type;

#[wire_type("mission/Report")]
struct Report {
    name: String,
    #[cfg(unix)]
    inode: u64,
}

fn main() {}
