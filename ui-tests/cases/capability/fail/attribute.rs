// The attribute of a variant is its name, once.
#[derive(aster::Capability)]
#[capability(rename_all = "kebab-case")]
pub enum Role {
    #[capability]
    Plain,
    #[capability = "ops.status"]
    Status,
    #[capability(name = "ops.logs")]
    Logs,
    #[capability("ops.run", "ops.exec")]
    Run,
    #[capability("ops.one")]
    #[capability("ops.two")]
    Two,
    #[capability(5)]
    Five,
}

fn main() {}
