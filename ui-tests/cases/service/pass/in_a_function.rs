// A service inside a function, and one service from the handler of another.
use aster::{AsterClient, Status, service, wire_type};

fn main() {
    #[wire_type("ui/Item")]
    struct Item {}

    struct Inner;

    #[service]
    impl Inner {
        #[rpc]
        async fn get(&self, item: Item) -> Result<Item, Status> {
            Ok(item)
        }
    }

    struct Outer {
        inner: AsterClient,
    }

    #[service]
    impl Outer {
        #[rpc]
        async fn get(&self, item: Item) -> Result<Item, Status> {
            InnerClient::new(&self.inner)?.get(item).await
        }
    }

    let inner = aster::AsterServer::builder().open_gate().service(Inner).in_process();
    let _ = inner.map(|inner| aster::AsterServer::builder().open_gate().service(Outer { inner }));
}
