//! Streams within one process: the same calls without sockets, for tests and
//! for services that live beside their caller.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};

use super::TransportError;
use crate::peer::PeerId;

/// Chunks that may wait in one direction of a stream. A writer beyond that
/// waits for the reader, as QUIC's flow control would make it.
const CHUNKS_IN_FLIGHT: usize = 16;

/// Streams that may wait to be accepted.
const STREAMS_IN_FLIGHT: usize = 128;

type Stream = (super::SendHalf, super::RecvHalf);

/// One end of an in-memory connection.
#[derive(Clone, Debug)]
pub(crate) struct Connection {
    peer: PeerId,
    outgoing: mpsc::Sender<Stream>,
    incoming: Arc<tokio::sync::Mutex<mpsc::Receiver<Stream>>>,
    closed: CancellationToken,
}

/// The two ends of a new connection: `a` sees the peer `b_id` and vice versa.
pub(crate) fn pair(a_id: PeerId, b_id: PeerId) -> (Connection, Connection) {
    let (to_b, from_a) = mpsc::channel(STREAMS_IN_FLIGHT);
    let (to_a, from_b) = mpsc::channel(STREAMS_IN_FLIGHT);
    let closed = CancellationToken::new();
    let end = |peer, outgoing, incoming| Connection {
        peer,
        outgoing,
        incoming: Arc::new(tokio::sync::Mutex::new(incoming)),
        closed: closed.clone(),
    };
    (end(b_id, to_b, from_b), end(a_id, to_a, from_a))
}

impl Connection {
    pub(super) async fn open(&self) -> Result<Stream, TransportError> {
        let pipes = Arc::new(Pipes {
            there: Lane::default(),
            back: Lane::default(),
            closed: self.closed.clone(),
        });
        let halves = |outgoing, incoming| {
            let send = SendHalf { pipes: pipes.clone(), direction: outgoing, closed: None };
            let recv = RecvHalf { pipes: pipes.clone(), direction: incoming };
            (super::SendHalf::Memory(send), super::RecvHalf::Memory(recv))
        };
        let near = halves(Direction::There, Direction::Back);
        let far = halves(Direction::Back, Direction::There);
        if self.closed.is_cancelled() {
            return Err(lost());
        }
        let far = match self.outgoing.try_send(far) {
            Ok(()) => return Ok(near),
            Err(mpsc::error::TrySendError::Full(far)) => far,
            Err(mpsc::error::TrySendError::Closed(_)) => return Err(lost()),
        };
        let place = Box::pin(async {
            tokio::select! {
                biased;
                () = self.closed.cancelled() => Err(lost()),
                sent = self.outgoing.send(far) => sent.map_err(|_| lost()),
            }
        });
        place.await.map(|()| near)
    }

    pub(super) async fn accept(&self) -> Option<Stream> {
        let mut incoming = self.incoming.lock().await;
        tokio::select! {
            biased;
            () = self.closed.cancelled() => None,
            stream = incoming.recv() => stream,
        }
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.is_cancelled() || self.outgoing.is_closed()
    }

    pub(super) fn close(&self) {
        self.closed.cancel();
    }

    pub(super) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    pub(super) fn peer(&self) -> PeerId {
        self.peer
    }
}

fn lost() -> TransportError {
    TransportError::Connection("closed".to_owned())
}

/// The two directions of a stream.
#[derive(Debug)]
struct Pipes {
    there: Lane,
    back: Lane,
    /// Cancelled with the connection.
    closed: CancellationToken,
}

/// From or to the side that opened the stream.
#[derive(Clone, Copy, Debug)]
enum Direction {
    There,
    Back,
}

impl Pipes {
    fn lane(&self, direction: Direction) -> &Lane {
        match direction {
            Direction::There => &self.there,
            Direction::Back => &self.back,
        }
    }
}

/// One direction.
#[derive(Debug, Default)]
struct Lane {
    state: Mutex<State>,
    /// Told when the reader is gone.
    stopped: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// The chunk to be read next: few calls have more than one on the way.
    next: Option<Bytes>,
    /// Those behind it.
    more: VecDeque<Bytes>,
    end: End,
    /// The reader is gone.
    stopped: bool,
    reader: Option<Waker>,
    writer: Option<Waker>,
}

/// How a direction ends after its chunks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum End {
    #[default]
    Open,
    Finished,
    Reset,
}

impl Lane {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing more will be read.
    fn is_over(&self) -> bool {
        let state = self.lock();
        state.stopped || state.end != End::Open
    }

    fn end(&self, end: End) {
        let mut state = self.lock();
        if state.end == End::Open {
            state.end = end;
            if let Some(reader) = state.reader.take() {
                reader.wake();
            }
        }
    }
}

impl State {
    /// Appends a chunk if there is room for it.
    fn push(&mut self, chunk: &mut Bytes) -> Option<Result<(), TransportError>> {
        if self.end != End::Open {
            return Some(Err(TransportError::Closed));
        }
        if self.stopped {
            return Some(Err(TransportError::Stopped));
        }
        if self.more.len() + 1 >= CHUNKS_IN_FLIGHT {
            return None;
        }
        let chunk = std::mem::take(chunk);
        match &self.next {
            None => self.next = Some(chunk),
            Some(_) => self.more.push_back(chunk),
        }
        if let Some(reader) = self.reader.take() {
            reader.wake();
        }
        Some(Ok(()))
    }
}

/// Sends chunks; dropping it without [`finish`](Self::finish) is a reset.
#[derive(Debug)]
pub(crate) struct SendHalf {
    pipes: Arc<Pipes>,
    direction: Direction,
    /// Resolves with the connection; made by the first write that waits.
    closed: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl SendHalf {
    fn lane(&self) -> &Lane {
        self.pipes.lane(self.direction)
    }

    pub(super) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
        chunk: &mut Bytes,
    ) -> Poll<Result<(), TransportError>> {
        if chunk.is_empty() {
            return Poll::Ready(Ok(()));
        }
        if self.pipes.closed.is_cancelled() {
            return Poll::Ready(Err(lost()));
        }
        let mut state = self.pipes.lane(self.direction).lock();
        if let Some(result) = state.push(chunk) {
            return Poll::Ready(result);
        }
        state.writer = Some(cx.waker().clone());
        drop(state);
        // Full: the end of the connection wakes it as well.
        let closed = self
            .closed
            .get_or_insert_with(|| Box::pin(self.pipes.closed.clone().cancelled_owned()));
        ready!(closed.as_mut().poll(cx));
        Poll::Ready(Err(lost()))
    }

    pub(super) fn finish(&mut self) {
        self.lane().end(End::Finished);
    }

    pub(super) fn reset(&mut self) {
        self.lane().end(End::Reset);
    }

    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let (pipes, direction) = (self.pipes.clone(), self.direction);
        async move {
            let lane = pipes.lane(direction);
            let stopped = async {
                loop {
                    let told = lane.stopped.notified();
                    if lane.is_over() {
                        return;
                    }
                    told.await;
                }
            };
            tokio::select! {
                () = stopped => {}
                () = pipes.closed.cancelled() => {}
            }
        }
    }
}

impl Drop for SendHalf {
    fn drop(&mut self) {
        self.reset();
    }
}

/// Receives chunks.
#[derive(Debug)]
pub(crate) struct RecvHalf {
    pipes: Arc<Pipes>,
    direction: Direction,
}

impl RecvHalf {
    pub(super) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, TransportError>> {
        let mut state = self.pipes.lane(self.direction).lock();
        if let Some(chunk) = state.next.take() {
            state.next = state.more.pop_front();
            if let Some(writer) = state.writer.take() {
                writer.wake();
            }
            return Poll::Ready(Ok(Some(chunk)));
        }
        match state.end {
            End::Finished => Poll::Ready(Ok(None)),
            End::Reset => Poll::Ready(Err(TransportError::Reset)),
            End::Open => {
                state.reader = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

impl Drop for RecvHalf {
    fn drop(&mut self) {
        let lane = self.pipes.lane(self.direction);
        let mut state = lane.lock();
        state.stopped = true;
        (state.next, state.more) = (None, VecDeque::new());
        if let Some(writer) = state.writer.take() {
            writer.wake();
        }
        drop(state);
        lane.stopped.notify_waiters();
    }
}
