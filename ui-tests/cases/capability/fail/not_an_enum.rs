// Capabilities are the variants of an enum.
#[derive(aster::Capability)]
#[capability("ops.admin")]
pub struct Admin;

#[derive(aster::Capability)]
pub union Both {
    one: u8,
}

#[derive(aster::Capability)]
pub enum None {}

fn main() {
    let _ = Admin.to_string();
}
