// A handler holds nothing across an await that cannot change threads.
use aster::{Status, service, wire_type};

#[wire_type("ui/Hello")]
pub struct Hello {}

pub struct Greeter(std::sync::Mutex<u64>);

#[service]
impl Greeter {
    #[rpc]
    async fn greet(&self, hello: Hello) -> Result<Hello, Status> {
        let guard = self.0.lock();
        std::future::ready(()).await;
        drop(guard);
        Ok(hello)
    }
}

fn main() {}
