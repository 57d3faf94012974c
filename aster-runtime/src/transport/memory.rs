//! Streams within one process: the same calls without sockets, for tests and
//! for services that live beside their caller.

use std::future::Future;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

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
    incoming: Arc<Mutex<mpsc::Receiver<Stream>>>,
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
        incoming: Arc::new(Mutex::new(incoming)),
        closed: closed.clone(),
    };
    (end(b_id, to_b, from_b), end(a_id, to_a, from_a))
}

impl Connection {
    pub(super) async fn open(&self) -> Result<Stream, TransportError> {
        let (near_send, far_recv) = pipe(self.closed.clone());
        let (far_send, near_recv) = pipe(self.closed.clone());
        let far = (super::SendHalf::Memory(far_send), super::RecvHalf::Memory(far_recv));
        let lost = || TransportError::Connection("closed".to_owned());
        tokio::select! {
            biased;
            () = self.closed.cancelled() => Err(lost()),
            sent = self.outgoing.send(far) => {
                sent.map_err(|_| lost())?;
                Ok((super::SendHalf::Memory(near_send), super::RecvHalf::Memory(near_recv)))
            }
        }
    }

    pub(super) async fn accept(&self) -> Option<Stream> {
        let mut incoming = self.incoming.lock().await;
        tokio::select! {
            biased;
            () = self.closed.cancelled() => None,
            stream = incoming.recv() => stream,
        }
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.outgoing.same_channel(&other.outgoing)
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

enum Item {
    Chunk(Bytes),
    End,
}

fn pipe(closed: CancellationToken) -> (SendHalf, RecvHalf) {
    let (chunks, receiver) = mpsc::channel(CHUNKS_IN_FLIGHT);
    (SendHalf { chunks: Some(chunks), closed }, RecvHalf { receiver, ended: false })
}

/// Sends chunks; dropping it without [`finish`](Self::finish) is a reset.
#[derive(Debug)]
pub(crate) struct SendHalf {
    chunks: Option<mpsc::Sender<Item>>,
    closed: CancellationToken,
}

impl std::fmt::Debug for Item {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Chunk(chunk) => write!(f, "Chunk({} bytes)", chunk.len()),
            Self::End => f.write_str("End"),
        }
    }
}

impl SendHalf {
    pub(super) async fn write_chunk(&self, chunk: &mut Bytes) -> Result<(), TransportError> {
        let chunks = self.chunks.as_ref().ok_or(TransportError::Closed)?;
        tokio::select! {
            biased;
            () = self.closed.cancelled() => Err(TransportError::Connection("closed".to_owned())),
            place = chunks.reserve() => {
                let place = place.map_err(|_| TransportError::Stopped)?;
                place.send(Item::Chunk(std::mem::take(chunk)));
                Ok(())
            }
        }
    }

    pub(super) fn finish(&mut self) {
        if let Some(chunks) = self.chunks.take() {
            // A full queue: the end follows when there is room.
            if let Err(mpsc::error::TrySendError::Full(end)) = chunks.try_send(Item::End) {
                tokio::spawn(async move {
                    let _ = chunks.send(end).await;
                });
            }
        }
    }

    pub(super) fn reset(&mut self) {
        self.chunks = None;
    }

    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        let chunks = self.chunks.clone();
        let closed = self.closed.clone();
        async move {
            // Finished: nothing more to be read.
            let Some(chunks) = chunks else { return };
            tokio::select! {
                () = chunks.closed() => {}
                () = closed.cancelled() => {}
            }
        }
    }
}

/// Receives chunks.
#[derive(Debug)]
pub(crate) struct RecvHalf {
    receiver: mpsc::Receiver<Item>,
    ended: bool,
}

impl RecvHalf {
    pub(super) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, TransportError>> {
        if self.ended {
            return Poll::Ready(Ok(None));
        }
        Poll::Ready(match ready!(self.receiver.poll_recv(cx)) {
            Some(Item::Chunk(chunk)) => Ok(Some(chunk)),
            Some(Item::End) => {
                self.ended = true;
                Ok(None)
            }
            None => Err(TransportError::Reset),
        })
    }
}
