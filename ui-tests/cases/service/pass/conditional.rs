// A method under a false condition is nowhere; its types need not exist.
use aster::{Status, service, wire_type};

#[wire_type("ui/Item")]
pub struct Item {}

pub struct Store;

#[service]
impl Store {
    #[cfg(any())]
    #[rpc]
    async fn gone(&self, missing: Missing) -> Result<Missing, Status> {
        Ok(missing)
    }

    #[rpc]
    async fn first(&self, item: Item) -> Result<Item, Status> {
        Ok(item)
    }

    #[cfg(all())]
    #[rpc(name = "choice")]
    async fn chosen(&self, item: Item) -> Result<Item, Status> {
        Ok(item)
    }

    #[cfg(not(all()))]
    #[rpc(name = "choice")]
    async fn rejected(self, item: Item, item: Item) {}

    #[server_stream]
    #[cfg_attr(all(), allow(dead_code))]
    async fn last(&self, _: Item) -> Result<aster::Streaming<Item>, Status> {
        Err(Status::not_found("nothing"))
    }
}

#[service]
pub trait Api {
    #[rpc]
    #[cfg(any())]
    async fn gone(&self, missing: Missing) -> Result<Missing, Status>;

    #[rpc]
    async fn here(&self, item: Item) -> Result<Item, Status>;
}

fn main() {
    let names: Vec<_> = StoreClient::DESCRIPTOR.methods.iter().map(|m| m.name).collect();
    assert_eq!(names, ["first", "choice", "last"]);
    assert_eq!(<Store as aster::Service>::HANDLERS.len(), 3);
    assert_eq!(ApiClient::DESCRIPTOR.methods.len(), 1);
    let client = aster::AsterServer::builder().open_gate().service(Store).in_process();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let client = StoreClient::new(&client.expect("a server")).expect("the service");
        let error = client.last(Item {}).await.expect("a stream").message().await;
        assert_eq!(error.map(|_| ()).unwrap_err().code(), aster::Code::NotFound);
    });
}
