// Names depend on nothing.
#[derive(aster::Capability)]
pub enum Role<const N: usize> {
    #[capability("ops.admin")]
    Admin,
}

fn main() {
    let _ = Role::<1>::Admin.to_string();
}
