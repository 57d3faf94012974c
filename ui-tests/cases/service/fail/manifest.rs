// A manifest exists, can be read, has the service, and its contract is the one
// in it.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

#[service(manifest = ".aster/manifest.json")]
pub trait Missing {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

#[service(manifest = "Cargo.toml")]
pub trait Malformed {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

#[service(manifest = "manifest.json", version = 2)]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

#[service(manifest = "manifest.json")]
pub trait BadId {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

fn main() {}
