// An implementation's futures change threads as well.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {
    pub name: String,
}

#[service]
pub trait Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status>;
}

pub struct Polite;

impl Greeter for Polite {
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        let name = std::rc::Rc::new(hello);
        std::future::ready(()).await;
        Ok(Hello { name: name.name.clone() })
    }
}

fn main() {}
