//! Connections and byte streams between two peers, over QUIC or in memory.
//!
//! Everything above this module sees only these types. Only `quic`, `endpoint` and `mount`
//! name types of iroh; outside it, only `registry` does.

pub(crate) mod endpoint;
pub(crate) mod hooks;
pub(crate) mod memory;
pub(crate) mod mount;
pub(crate) mod path;
pub(crate) mod quic;
pub(crate) mod relay;

use std::future::{Future, poll_fn};
use std::task::{Context, Poll, ready};

use bytes::Bytes;

use self::path::ConnectionPath;
use crate::peer::PeerId;
use crate::status::Status;

/// Code of a stream that its own side gives up, in both directions.
pub(crate) const STREAM_CANCELLED: u32 = 1;

/// Why a connection or stream does not work any more.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum TransportError {
    /// The connection is gone.
    #[error("connection lost: {0}")]
    Connection(String),
    /// No connection came about.
    #[error("{0}")]
    Unreachable(String),
    /// The peer is there, but not for this protocol.
    #[error("the peer does not offer this protocol")]
    NoProtocol,
    /// The peer's gate closed the connection.
    #[error("the peer did not admit this connection")]
    NotAdmitted,
    /// The peer reset this stream.
    #[error("the peer reset the stream")]
    Reset,
    /// The peer does not read this stream any more.
    #[error("the peer stopped reading")]
    Stopped,
    /// This side closed the stream before.
    #[error("the stream is closed")]
    Closed,
}

impl From<TransportError> for Status {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotAdmitted => Self::permission_denied(
                "the peer's gate did not admit this connection; present a credential that it accepts",
            ),
            TransportError::Stopped | TransportError::Reset => {
                Self::cancelled(error.to_string()).with_source(error)
            }
            _ => Self::unavailable(error.to_string()).with_source(error),
        }
    }
}

/// A connection to a peer.
#[derive(Clone, Debug)]
pub(crate) enum Connection {
    Quic(quic::Connection),
    Memory(memory::Connection),
}

impl Connection {
    /// Opens a stream both ways. Waits while the peer allows no more streams.
    pub(crate) async fn open(&self) -> Result<(SendHalf, RecvHalf), TransportError> {
        match self {
            Self::Quic(connection) => connection.open().await,
            Self::Memory(connection) => connection.open().await,
        }
    }

    /// The next stream that the peer opens, or `None` when the connection is
    /// over.
    pub(crate) async fn accept(&self) -> Option<(SendHalf, RecvHalf)> {
        match self {
            Self::Quic(connection) => connection.accept().await,
            Self::Memory(connection) => connection.accept().await,
        }
    }

    /// Whether it is one of the network.
    pub(crate) fn has_packets(&self) -> bool {
        matches!(self, Self::Quic(_))
    }

    /// Whether it is known to be over.
    pub(crate) fn is_closed(&self) -> bool {
        match self {
            Self::Quic(connection) => connection.is_closed(),
            Self::Memory(connection) => connection.is_closed(),
        }
    }

    /// Closes it at once, streams included.
    pub(crate) fn close(&self, reason: &'static str) {
        match self {
            Self::Quic(connection) => connection.close(0, reason),
            Self::Memory(connection) => connection.close(),
        }
    }

    /// Closes it because the gate does not let the peer in.
    pub(crate) fn refuse(&self) {
        match self {
            Self::Quic(connection) => connection.close(quic::CLOSE_NOT_ADMITTED, "not admitted"),
            Self::Memory(connection) => connection.close(),
        }
    }

    /// Resolves when the connection is over.
    pub(crate) async fn closed(&self) {
        match self {
            Self::Quic(connection) => connection.closed().await,
            Self::Memory(connection) => connection.closed().await,
        }
    }

    /// The way that its packets take now, as far as known.
    pub(crate) fn path(&self) -> Option<ConnectionPath> {
        match self {
            Self::Quic(connection) => connection.path(),
            Self::Memory(_) => Some(ConnectionPath::InProcess),
        }
    }

    /// The peer at the other end.
    pub(crate) fn peer(&self) -> PeerId {
        match self {
            Self::Quic(connection) => connection.peer(),
            Self::Memory(connection) => connection.peer(),
        }
    }
}

/// The sending half of a stream. Dropping it before [`finish`](Self::finish)
/// resets the stream, so a peer never takes a broken call for a whole one.
#[derive(Debug)]
pub(crate) enum SendHalf {
    Quic(quic::SendHalf),
    Memory(memory::SendHalf),
}

impl SendHalf {
    /// Writes the beginning of `bytes`; says how much. Waits while flow control
    /// holds the writer back. Cancel-safe: dropped early, nothing was written.
    pub(crate) async fn write_some(&mut self, bytes: &[u8]) -> Result<usize, TransportError> {
        poll_fn(|cx| match self {
            Self::Quic(half) => half.poll_write(cx, bytes),
            Self::Memory(half) => {
                let mut chunk = Bytes::copy_from_slice(bytes);
                ready!(half.poll_chunk(cx, &mut chunk))?;
                Poll::Ready(Ok(bytes.len()))
            }
        })
        .await
    }

    /// Whether the other end reads from the buffer itself, so that there is
    /// nothing to be gained by copying a small one.
    pub(crate) fn keeps_buffers(&self) -> bool {
        matches!(self, Self::Memory(_))
    }

    /// Writes `chunk` without copying it. Dropped early, `chunk` holds what is
    /// still to be written.
    pub(crate) async fn write_chunk(&mut self, chunk: &mut Bytes) -> Result<(), TransportError> {
        poll_fn(|cx| match self {
            Self::Quic(half) => half.poll_chunk(cx, chunk),
            Self::Memory(half) => half.poll_chunk(cx, chunk),
        })
        .await
    }

    /// Ends the stream after what was written.
    pub(crate) fn finish(&mut self) {
        match self {
            Self::Quic(half) => half.finish(),
            Self::Memory(half) => half.finish(),
        }
    }

    /// Gives the stream up.
    pub(crate) fn reset(&mut self) {
        match self {
            Self::Quic(half) => half.reset(STREAM_CANCELLED),
            Self::Memory(half) => half.reset(),
        }
    }

    /// Resolves when the peer does not read this stream any more, or is gone;
    /// after [`finish`](Self::finish) also when everything was delivered.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        match self {
            Self::Quic(half) => futures::future::Either::Left(half.stopped()),
            // Larger than the other, which idle sessions hold.
            Self::Memory(half) => futures::future::Either::Right(Box::pin(half.stopped())),
        }
    }
}

/// The receiving half of a stream. Dropping it before its end tells the peer
/// to stop sending.
#[derive(Debug)]
pub(crate) enum RecvHalf {
    Quic(quic::RecvHalf),
    Memory(memory::RecvHalf),
}

impl RecvHalf {
    /// The next bytes; `None` at the end of the stream.
    pub(crate) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Bytes>, TransportError>> {
        match self {
            Self::Quic(half) => half.poll_chunk(cx),
            Self::Memory(half) => half.poll_chunk(cx),
        }
    }

    /// All bytes that have come, in few pieces; `false` at the end of the
    /// stream.
    pub(crate) fn poll_chunks(
        &mut self,
        cx: &mut Context<'_>,
        each: impl FnMut(Bytes),
    ) -> Poll<Result<bool, TransportError>> {
        match self {
            Self::Quic(half) => half.poll_chunks(cx, each),
            Self::Memory(half) => half.poll_chunk(cx).map_ok(|chunk| chunk.map(each).is_some()),
        }
    }

    /// Everything until the end of the stream; `None` beyond `max` bytes.
    pub(crate) async fn read_to_end(
        &mut self,
        max: usize,
    ) -> Result<Option<Vec<u8>>, TransportError> {
        let mut body = Vec::new();
        while let Some(chunk) = poll_fn(|cx| self.poll_chunk(cx)).await? {
            if body.len() + chunk.len() > max {
                return Ok(None);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Some(body))
    }
}
