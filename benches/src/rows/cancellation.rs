//! How long after a caller drops its call the handler is dropped.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use aster::{AsterClient, AsterServer, Network, Status, service, wire_type};

/// Calls that are made and dropped.
const CALLS: usize = 200;

#[wire_type("bench/Nothing")]
pub struct Nothing {}

static DROPPED: Mutex<Option<Instant>> = Mutex::new(None);

/// Notes when it is dropped.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        *DROPPED.lock().expect("not poisoned") = Some(Instant::now());
    }
}

struct Sleeper;

#[service]
impl Sleeper {
    #[rpc]
    async fn sleep(&self, _request: Nothing) -> Result<Nothing, Status> {
        let _guard = Guard;
        std::future::pending().await
    }
}

pub async fn measure() {
    let server = AsterServer::builder()
        .open_gate()
        .network(Network::loopback())
        .service(Sleeper)
        .bind()
        .await
        .expect("bound");
    let address = server.address().to_string();
    let builder = AsterClient::builder().network(Network::loopback());
    let client = builder.connect(&address).await.expect("connected");
    let sleeper = SleeperClient::new(&client).expect("offered");
    let mut delays = Vec::new();
    for _ in 0..CALLS {
        let call = tokio::spawn(sleeper.sleep(Nothing {}).into_future());
        tokio::time::sleep(Duration::from_millis(5)).await;
        *DROPPED.lock().expect("not poisoned") = None;
        let began = Instant::now();
        call.abort();
        loop {
            tokio::time::sleep(Duration::from_micros(100)).await;
            if let Some(dropped) = *DROPPED.lock().expect("not poisoned") {
                delays.push(dropped - began);
                break;
            }
        }
    }
    delays.sort();
    println!(
        "handler dropped after: median {:?}, slowest of {CALLS} {:?}",
        delays[CALLS / 2],
        delays[CALLS - 1]
    );
}
