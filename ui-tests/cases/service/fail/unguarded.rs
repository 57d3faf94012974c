// A warning, here an error: nobody may call these on a server with a root.
#![deny(deprecated)]

use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter;

#[service]
impl Greeter {
    #[rpc(requires = "ops.logs")]
    async fn guarded(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    #[rpc]
    async fn forgotten(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }

    /// Not so if it is a condition that leaves it out.
    #[cfg(any())]
    #[rpc]
    async fn absent(&self, hello: Hello) -> Result<Hello, Status> {
        Ok(hello)
    }
}

#[service(name = "Api")]
pub trait Api {
    #[rpc(requires = admitted)]
    async fn guarded(&self, hello: Hello) -> Result<Hello, Status>;

    #[rpc(timeout = 1)]
    async fn forgotten(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
