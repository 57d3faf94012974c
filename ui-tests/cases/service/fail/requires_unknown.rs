// A small word is one of three.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(requires = admited)]
pub trait Greeter {
    #[rpc(requires = admittd)]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = everybody)]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of)]
    async fn c(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = admitted())]
    async fn d(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = anyof("a"))]
    async fn e(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = Role::Admin("a"))]
    async fn f(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = all_of("a", admin))]
    async fn g(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = Self::ADMIN)]
    async fn h(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = true)]
    async fn i(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
