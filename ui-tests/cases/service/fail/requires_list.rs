// A requirement on several names at least one.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(requires = all_of())]
pub trait Greeter {
    #[rpc(requires = any_of())]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = all_of("a", 7))]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of("a", " b"))]
    async fn c(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = ["a", "b"])]
    async fn d(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = [])]
    async fn e(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of("a", all_of("b", "c")))]
    async fn f(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of("a", admitted))]
    async fn g(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of(["a"]))]
    async fn h(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of(""))]
    async fn i(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
