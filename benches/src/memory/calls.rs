//! Calls and streams within one process: all of the framework on both sides,
//! and no network. On one thread, so that no time goes into waking another.

use std::hint::black_box;
use std::time::Duration;

use aster::trust::Capabilities;
use aster::{AsterServer, Proxy};
use serde_json::json;
use tokio::runtime::Runtime;

use super::{Meter, names};
use crate::message::{Count, Item, Message};
use crate::services::{Guarded, GuardedClient, Textual, TextualClient};

/// Items of one stream.
const ITEMS: u32 = 10_000;

/// Clients of a server in this process, and the runtime of both.
#[derive(Debug)]
pub struct Caller {
    runtime: Runtime,
    guarded: GuardedClient,
    textual: TextualClient,
    proxy: Proxy,
}

impl Default for Caller {
    fn default() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime starts");
        let client = {
            let _inside = runtime.enter();
            let services = AsterServer::builder().service(Guarded).service(Textual);
            services.in_process_as(Capabilities::from_role("bench.call")).expect("it starts")
        };
        Self {
            guarded: GuardedClient::new(&client).expect("offered"),
            textual: TextualClient::new(&client).expect("offered"),
            proxy: client.proxy("Guarded").expect("offered"),
            runtime,
        }
    }
}

impl Caller {
    /// Typed unary calls, one after the other.
    pub fn unary(&self, runs: u32) {
        self.runtime.block_on(async {
            for _ in 0..runs {
                let reply = self.guarded.echo(Message::of(Message::XLANG)).await;
                black_box(reply.expect("answered"));
            }
        });
    }

    fn json(&self, runs: u32) {
        self.runtime.block_on(async {
            for _ in 0..runs {
                let reply = self.textual.echo(Message::of(Message::JSON)).await;
                black_box(reply.expect("answered"));
            }
        });
    }

    fn dynamic(&self, runs: u32) {
        let text = Message::of(Message::JSON).text;
        self.runtime.block_on(async {
            for _ in 0..runs {
                let call = self.proxy.call("echo", json!({ "text": text }));
                black_box(call.timeout(Duration::from_secs(30)).await.expect("answered"));
            }
        });
    }

    /// Reads a server stream of this many items.
    pub fn read_items(&self, items: u32) {
        self.runtime.block_on(async {
            let asked = Count { count: i64::from(items) };
            let mut stream = self.guarded.items(asked).await.expect("begun");
            while let Some(item) = stream.message().await.expect("no error") {
                black_box(item);
            }
        });
    }

    fn send_items(&self, items: u32) {
        self.runtime.block_on(async {
            let items = futures::stream::iter((0..items).map(|_| Item::default()));
            black_box(self.guarded.count(items).await.expect("counted"));
        });
    }

    fn mirror_items(&self, items: u32) {
        self.runtime.block_on(async {
            let items = futures::stream::iter((0..items).map(|_| Item::default()));
            let mut stream = self.guarded.mirror(items).await.expect("begun");
            while let Some(item) = stream.message().await.expect("no error") {
                black_box(item);
            }
        });
    }
}

pub(super) fn run(meter: &mut Meter) {
    let caller = Caller::default();
    let each = |stream: fn(&Caller, u32)| {
        let caller = &caller;
        move |runs| (0..runs).for_each(|_| stream(caller, ITEMS))
    };
    meter.group("Calls in one process, client and server together; gates and deadline on");
    meter.many(names::UNARY, 1, |runs| caller.unary(runs));
    meter.many("unary call, JSON", 1, |runs| caller.json(runs));
    meter.many("unary call without types", 1, |runs| caller.dynamic(runs));
    meter.many(names::SERVER_STREAM, ITEMS, each(Caller::read_items));
    meter.many(names::CLIENT_STREAM, ITEMS, each(Caller::send_items));
    meter.many(names::BIDI, ITEMS, each(Caller::mirror_items));
}
