// Every variant says its name; none is guessed.
#[derive(aster::Capability)]
pub enum Role {
    #[capability("ops.status")]
    Status,
    Logs,
    /// Documented.
    Admin,
}

fn main() {
    let _ = Role::Logs.to_string();
}
