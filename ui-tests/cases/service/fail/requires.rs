// A requirement names a capability.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(requires = "")]
pub trait Greeter {
    #[rpc(requires = "")]
    async fn a(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = "a,b")]
    async fn b(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = 5)]
    async fn c(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = one_of("a"))]
    async fn d(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires = "a\nb")]
    async fn e(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires)]
    async fn f(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc(requires("a"))]
    async fn g(&self, hello: Hello) -> Result<Hello, Status>;
    #[rpc]
    async fn no_warning(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
