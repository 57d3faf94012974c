// A capability holds no data.
#[derive(aster::Capability)]
pub enum Role {
    #[capability("ops.logs")]
    Logs(String),
    #[capability("ops.run")]
    Run { command: String },
    #[capability("ops.admin")]
    Admin(),
}

fn main() {}
