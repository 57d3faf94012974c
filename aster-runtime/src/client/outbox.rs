//! Calls that begin together share packets.
//!
//! Whatever is written to a connection is sent as soon as the runtime comes to
//! it, and on a multi-threaded one that is at once: a packet, and a system
//! call, for each call. So calls that find others in progress give their first
//! bytes to a task, which lets everything else that is ready come first and
//! then writes what has gathered. A call that is alone writes for itself.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use bytes::BytesMut;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use crate::framed::{FrameReader, FrameWriter};
use crate::limits::{CALLS_AT_ONCE, QUICK_REQUEST_BYTES};
use crate::transport::{Connection, RecvHalf, SendHalf, TransportError};

/// The way out for the calls of one connection.
#[derive(Debug)]
pub(super) struct Outbox {
    connection: Connection,
    /// Calls between their request and the end of their answer.
    in_progress: Arc<AtomicUsize>,
    /// `None` where there are no packets.
    queue: Option<mpsc::UnboundedSender<Posted>>,
}

/// What a call sends first, and at once: all of its input.
#[derive(Debug)]
pub(super) struct First {
    pub(super) bytes: BytesMut,
    /// Largest frame of the answer.
    pub(super) max_frame: usize,
}

/// A call that was sent, counted until it is dropped.
#[derive(Debug)]
pub(super) struct Sent {
    pub(super) reader: FrameReader,
    _counted: Counted,
}

impl Sent {
    /// The answer of a call that goes on: it does not count as in progress.
    pub(super) fn into_reader(self) -> FrameReader {
        self.reader
    }
}

/// Why a call was not sent.
#[derive(Debug)]
pub(super) enum Unsent {
    /// The connection did not take it: nothing has left.
    NotBegun(First, TransportError),
    /// Some of it may have arrived.
    Broken(TransportError),
}

#[derive(Debug)]
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Outbox {
    /// The way out of a connection whose packets are handled on `runtime`.
    pub(super) fn network(connection: Connection, runtime: &Handle) -> Self {
        let (queue, letters) = mpsc::unbounded_channel();
        let in_progress = Arc::<AtomicUsize>::default();
        runtime.spawn(deliver(connection.clone(), letters, in_progress.clone()));
        Self { connection, in_progress, queue: Some(queue) }
    }

    /// The way out of a connection within this process.
    pub(super) fn memory(connection: Connection) -> Self {
        Self { connection, in_progress: Arc::default(), queue: None }
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Opens a stream, sends `first` and ends the sending side.
    pub(super) async fn send(&self, first: First) -> Result<Sent, Unsent> {
        let others = self.in_progress.fetch_add(1, Ordering::Relaxed);
        let counted = Counted(self.in_progress.clone());
        let alone = others == 0 || first.bytes.len() > QUICK_REQUEST_BYTES;
        let reader = match &self.queue {
            Some(queue) if !alone => queued(queue, first).await?,
            _ => send(&self.connection, first).await?,
        };
        Ok(Sent { reader, _counted: counted })
    }
}

/// One call on its way out.
#[derive(Debug)]
struct Letter(Mutex<State>);

#[derive(Debug)]
enum State {
    /// To be sent, with the task that waits for the answer.
    Waiting(First, Option<Waker>),
    /// The answer can be read.
    Sent(Result<FrameReader, Unsent>),
    /// Nobody waits any more, or somebody is at it.
    Taken,
}

/// A call that waits. One that is given up is not sent any more.
struct Claim(Arc<Letter>);

impl Drop for Claim {
    fn drop(&mut self) {
        let state = self.0.replace(State::Taken);
        // A reader tells the server to stop: outside the lock.
        drop(state);
    }
}

async fn queued(
    queue: &mpsc::UnboundedSender<Posted>,
    first: First,
) -> Result<FrameReader, Unsent> {
    let claim = Claim(Arc::new(Letter(Mutex::new(State::Waiting(first, None)))));
    // One that cannot be handed in is dropped, which tells the call.
    let _ = queue.send(Posted(claim.0.clone()));
    std::future::poll_fn(|cx| claim.0.poll_sent(cx)).await
}

impl Letter {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn replace(&self, state: State) -> State {
        std::mem::replace(&mut *self.lock(), state)
    }

    fn poll_sent(&self, cx: &mut Context<'_>) -> Poll<Result<FrameReader, Unsent>> {
        let mut state = self.lock();
        match &mut *state {
            State::Waiting(_, Some(waker)) => waker.clone_from(cx.waker()),
            State::Waiting(_, waker) => *waker = Some(cx.waker().clone()),
            State::Sent(_) => {
                if let State::Sent(result) = std::mem::replace(&mut *state, State::Taken) {
                    return Poll::Ready(result);
                }
            }
            State::Taken => {}
        }
        Poll::Pending
    }

    fn is_wanted(&self) -> bool {
        matches!(*self.lock(), State::Waiting(..))
    }

    /// What is to be sent, unless its call was given up.
    fn first(&self) -> Option<First> {
        match &mut *self.lock() {
            State::Waiting(first, _) => {
                Some(First { bytes: std::mem::take(&mut first.bytes), max_frame: first.max_frame })
            }
            _ => None,
        }
    }

    /// Hands the answer's reader to the call. From here on the answer itself
    /// wakes the task that waits.
    fn sent(&self, result: Result<FrameReader, Unsent>) {
        let mut state = self.lock();
        let State::Waiting(_, waker) = &mut *state else { return };
        let waker = waker.take();
        let mut wake = true;
        let result = result.and_then(|mut reader| {
            if let Some(waker) = &waker {
                let early = reader.wait_for_bytes(&mut Context::from_waker(waker));
                wake = early.map_err(Unsent::Broken)?;
            }
            Ok(reader)
        });
        *state = State::Sent(result);
        drop(state);
        if let Some(waker) = waker.filter(|_| wake) {
            waker.wake();
        }
    }
}

/// A letter in the hands of [`deliver`]. If that ends, its call is told.
#[derive(Debug)]
struct Posted(Arc<Letter>);

impl Drop for Posted {
    fn drop(&mut self) {
        // Most were answered, or given up.
        if self.0.is_wanted() {
            let gone = "the client's runtime has ended".to_owned();
            self.0.sent(Err(Unsent::Broken(TransportError::Connection(gone))));
        }
    }
}

/// Sends what calls hand in, for as long as the outbox is there.
async fn deliver(
    connection: Connection,
    mut letters: mpsc::UnboundedReceiver<Posted>,
    in_progress: Arc<AtomicUsize>,
) {
    let mut batch = Vec::with_capacity(CALLS_AT_ONCE);
    while letters.recv_many(&mut batch, CALLS_AT_ONCE).await > 0 {
        // A part of all: the server works while the others gather.
        let most = (in_progress.load(Ordering::Relaxed) / 4).max(CALLS_AT_ONCE);
        if batch.len() < most {
            // Calls that are ready in this moment come along.
            tokio::task::yield_now().await;
            while batch.len() < most
                && let Ok(letter) = letters.try_recv()
            {
                batch.push(letter);
            }
        }
        for Posted(letter) in batch.iter() {
            if letter.is_wanted() {
                let opened = connection.open().await;
                // It may have been given up meanwhile.
                if let Some(first) = letter.first() {
                    letter.sent(write(opened, first).await);
                }
            }
        }
        batch.clear();
    }
}

async fn send(connection: &Connection, first: First) -> Result<FrameReader, Unsent> {
    write(connection.open().await, first).await
}

async fn write(
    opened: Result<(SendHalf, RecvHalf), TransportError>,
    first: First,
) -> Result<FrameReader, Unsent> {
    let (send, recv) = match opened {
        Ok(halves) => halves,
        Err(error) => return Err(Unsent::NotBegun(first, error)),
    };
    let mut writer = FrameWriter::new(send);
    *writer.buffer() = first.bytes;
    match writer.flush().await {
        Ok(()) => writer.finish(),
        // It may have answered already: read why.
        Err(TransportError::Stopped) => {}
        Err(error) => return Err(Unsent::Broken(error)),
    }
    Ok(FrameReader::new(recv, first.max_frame))
}
