// A name can stand in a credential.
#[derive(aster::Capability)]
pub enum Role {
    #[capability("")]
    Nothing,
    #[capability(" ")]
    Blank,
    #[capability("ops.logs,ops.admin")]
    Comma,
    #[capability("ops.logs ")]
    Around,
    #[capability("ops logs")]
    Inside,
    #[capability("ops\u{7}logs")]
    Control,
}

fn main() {}
