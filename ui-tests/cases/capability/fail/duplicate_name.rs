// Two variants of one name are one capability.
#[derive(aster::Capability)]
pub enum Role {
    #[capability("ops.status")]
    Status,
    #[capability("ops.admin")]
    Admin,
    #[capability("ops.status")]
    State,
}

fn main() {}
