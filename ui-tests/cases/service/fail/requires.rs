// A requirement names capabilities.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

#[service]
pub trait Greeter {
    #[rpc(requires = "")]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = "a,b")]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = any_of())]
    async fn c(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = all_of("a", 7))]
    async fn d(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = one_of("a"))]
    async fn e(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = 5)]
    async fn f(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
