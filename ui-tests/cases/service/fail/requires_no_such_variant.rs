// The compiler knows the variants.
use aster::{Capability, Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[derive(Capability)]
pub enum Role {
    #[capability("ops.admin")]
    Admin,
}

#[service]
pub trait Greeter {
    #[rpc(requires = Role::Amdin)]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of(Role::Admin, Rolle::Admin))]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
