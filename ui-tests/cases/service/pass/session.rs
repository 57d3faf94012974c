// A session-scoped service: opened, used, closed.
use aster::{Status, service, wire_type};

#[wire_type("ui/Count")]
pub struct Count {
    pub value: i64,
}

#[derive(Default)]
pub struct Counter(std::sync::atomic::AtomicI64);

#[service(scope = "session")]
impl Counter {
    #[rpc]
    async fn add(&self, count: Count) -> Result<Count, Status> {
        let before = self.0.fetch_add(count.value, std::sync::atomic::Ordering::Relaxed);
        Ok(Count { value: before + count.value })
    }
}

#[service(scope = "session")]
pub trait Timer {
    #[rpc]
    async fn tick(&self, count: Count) -> Result<Count, Status>;
}

pub async fn count(client: &aster::AsterClient) -> Result<i64, Status> {
    let counter = CounterClient::open(client).await?;
    let sum = counter.add(Count { value: 2 }).await?;
    counter.close().await;
    TimerClient::open(client).await?.close().await;
    Ok(sum.value)
}

fn main() {
    assert_eq!(CounterClient::DESCRIPTOR.scope, aster::Scope::Session);
}
