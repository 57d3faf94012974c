//! What one stream for all calls would give: numbered frames, written by one
//! task that empties its queue before it writes, on one thread.
//!
//! No framework works like that on this transport; it is the mark to aim at.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::{Buf, BufMut, Bytes, BytesMut};
use iroh::endpoint::{Connection, RecvStream, SendStream};
use tokio::sync::{mpsc, oneshot};

use super::ECHO_LOADS;
use super::raw::{ALPN, announce, endpoint, target};
use crate::figures::Figures;
use crate::row::{Row, Run, Runtime, Table};

/// Bytes of a call: its number and its message.
const FRAME_BYTES: usize = 8 + 64;

/// Calls that wait for the writer.
const QUEUE: usize = 1024;

/// Most bytes read at once.
const READ_BYTES: usize = 64 * 1024;

pub(super) const ROWS: &[Row] = &[Row {
    name: "raw-multiplexed",
    title: "raw iroh, one stream for all calls, one thread",
    table: Table::Unary,
    baseline: "raw",
    loads: ECHO_LOADS,
    runtime: Runtime::CurrentThread,
    environment: &[],
    serve: || Box::pin(serve()),
    measure: |run| Box::pin(measure(run)),
}];

async fn serve() {
    let endpoint = endpoint(1).await;
    announce(&endpoint);
    while let Some(incoming) = endpoint.accept().await {
        tokio::spawn(async move {
            let Ok(connection) = incoming.await else { return };
            if let Ok((send, recv)) = connection.accept_bi().await {
                answer(send, recv).await;
            }
            connection.closed().await;
        });
    }
}

/// Sends back what came: every whole frame at once.
async fn answer(mut send: SendStream, mut recv: RecvStream) {
    let mut pending = BytesMut::new();
    while let Ok(Some(chunk)) = recv.read_chunk(READ_BYTES).await {
        pending.extend_from_slice(&chunk);
        let whole = pending.len() / FRAME_BYTES * FRAME_BYTES;
        if send.write_all(&pending.split_to(whole)).await.is_err() {
            return;
        }
    }
}

/// The calls that wait for their answers, by number.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<HashMap<u64, oneshot::Sender<Bytes>>>>);

#[derive(Clone)]
struct Multiplexed {
    waiting: Waiting,
    next: Arc<AtomicU64>,
    queue: mpsc::Sender<u64>,
}

impl Multiplexed {
    async fn over(connection: &Connection) -> Self {
        let (send, recv) = connection.open_bi().await.expect("a stream");
        let (queue, queued) = mpsc::channel(QUEUE);
        let waiting = Waiting::default();
        tokio::spawn(write(send, queued));
        tokio::spawn(read(recv, waiting.clone()));
        Self { waiting, next: Arc::default(), queue }
    }

    async fn echo(self) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let (answer, answered) = oneshot::channel();
        self.waiting.0.lock().expect("nobody panics with it").insert(number, answer);
        self.queue.send(number).await.expect("the writer runs");
        let message = answered.await.expect("answered");
        assert_eq!(message.len(), 64);
    }
}

async fn write(mut send: SendStream, mut queued: mpsc::Receiver<u64>) {
    let mut numbers = Vec::new();
    let mut out = BytesMut::new();
    while queued.recv_many(&mut numbers, QUEUE).await > 0 {
        for number in numbers.drain(..) {
            out.put_u64_le(number);
            out.put_slice(&[7; 64]);
        }
        send.write_all(&out.split()).await.expect("written");
    }
}

async fn read(mut recv: RecvStream, waiting: Waiting) {
    let mut pending = BytesMut::new();
    while let Ok(Some(chunk)) = recv.read_chunk(READ_BYTES).await {
        pending.extend_from_slice(&chunk);
        let mut waiting = waiting.0.lock().expect("nobody panics with it");
        while pending.len() >= FRAME_BYTES {
            let mut frame = pending.split_to(FRAME_BYTES).freeze();
            if let Some(answer) = waiting.remove(&frame.get_u64_le()) {
                let _ = answer.send(frame);
            }
        }
    }
}

async fn measure(run: Run) -> Figures {
    let endpoint = endpoint(1).await;
    let connection = endpoint.connect(target(&run.address), ALPN).await.expect("connected");
    let client = Multiplexed::over(&connection).await;
    let figures = run.calls(move || client.clone().echo()).await;
    endpoint.close().await;
    figures
}
