//! The streams of iroh connections.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf, Bytes};
use futures::FutureExt;
use iroh::TransportAddr;
use iroh::endpoint::{
    ConnectionError, Path, ReadError, RecvStream, SendStream, VarInt, WriteError,
};

use super::TransportError;
use super::path::ConnectionPath;
use crate::peer::PeerId;

/// Close code of a connection that a gate refused.
pub(crate) const CLOSE_NOT_ADMITTED: u32 = 403;

/// Most bytes taken from a stream at once; a whole flow-control window.
const READ_AT_MOST: usize = crate::limits::STREAM_WINDOW_BYTES as usize;

/// Pieces taken from a stream at once; a packet brings one.
const CHUNKS_AT_ONCE: usize = 16;

/// A connection of iroh.
#[derive(Clone, Debug)]
pub(crate) struct Connection(pub(crate) iroh::endpoint::Connection);

impl Connection {
    pub(super) async fn open(&self) -> Result<(super::SendHalf, super::RecvHalf), TransportError> {
        // Mostly the peer allows one more stream. Waiting is apart: it takes
        // more room than everything else that a call keeps.
        let now = pin!(self.0.open_bi()).poll(&mut Context::from_waker(Waker::noop()));
        let streams = match now {
            Poll::Ready(streams) => streams,
            Poll::Pending => Box::pin(self.0.open_bi()).await,
        };
        Ok(self.halves(streams.map_err(|e| connection_error(&e))?))
    }

    pub(super) async fn accept(&self) -> Option<(super::SendHalf, super::RecvHalf)> {
        let streams = self.0.accept_bi().await.ok()?;
        Some(self.halves(streams))
    }

    fn halves(&self, (send, recv): (SendStream, RecvStream)) -> (super::SendHalf, super::RecvHalf) {
        (
            super::SendHalf::Quic(SendHalf { stream: send, finished: false }),
            super::RecvHalf::Quic(RecvHalf { stream: recv, ended: false }),
        )
    }

    pub(super) fn is_closed(&self) -> bool {
        self.0.close_reason().is_some()
    }

    pub(super) fn close(&self, code: u32, reason: &'static str) {
        self.0.close(code.into(), reason.as_bytes());
    }

    pub(super) async fn closed(&self) {
        let _ = self.0.closed().await;
    }

    pub(super) fn path(&self) -> Option<ConnectionPath> {
        let paths = self.0.paths();
        let path = paths.iter().find(Path::is_selected).or_else(|| paths.iter().next())?;
        let round_trip = path.rtt();
        match path.remote_addr() {
            TransportAddr::Ip(address) => {
                Some(ConnectionPath::Direct { address: *address, round_trip })
            }
            TransportAddr::Relay(url) => {
                Some(ConnectionPath::Relayed { url: url.to_string(), round_trip })
            }
            _ => None,
        }
    }

    pub(super) fn peer(&self) -> PeerId {
        PeerId::from_bytes(*self.0.remote_id().as_bytes())
    }
}

/// What a lost connection means. A gate closes a connection after its
/// handshake, so a refusal shows on the first use only.
pub(crate) fn connection_error(error: &ConnectionError) -> TransportError {
    match error {
        ConnectionError::ApplicationClosed(close)
            if close.error_code == VarInt::from_u32(CLOSE_NOT_ADMITTED) =>
        {
            TransportError::NotAdmitted
        }
        ConnectionError::ApplicationClosed(_) => {
            TransportError::Connection("the peer closed it".to_owned())
        }
        ConnectionError::TimedOut => {
            TransportError::Connection("the peer does not answer any more".to_owned())
        }
        ConnectionError::LocallyClosed => TransportError::Connection("closed here".to_owned()),
        other => TransportError::Connection(other.to_string()),
    }
}

/// The sending half of a QUIC stream.
#[derive(Debug)]
pub(crate) struct SendHalf {
    stream: SendStream,
    finished: bool,
}

impl SendHalf {
    pub(super) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<Result<usize, TransportError>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes).map_err(write_error)
    }

    pub(super) fn poll_chunk(
        &mut self,
        cx: &mut Context<'_>,
        chunk: &mut Bytes,
    ) -> Poll<Result<(), TransportError>> {
        while !chunk.is_empty() {
            let mut one = [chunk.clone()];
            // It holds no state of its own either.
            let written = ready!(pin!(self.stream.write_many_chunks(&mut &mut one[..])).poll(cx));
            chunk.advance(written.map_err(write_error)?);
        }
        Poll::Ready(Ok(()))
    }

    pub(super) fn finish(&mut self) {
        // Fails only on a stream that was reset or stopped: nothing to end.
        let _ = self.stream.finish();
        self.finished = true;
    }

    pub(super) fn reset(&mut self, code: u32) {
        let _ = self.stream.reset(code.into());
        self.finished = true;
    }

    pub(super) fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        // Not an async block, which would keep it twice.
        self.stream.stopped().map(drop)
    }
}

impl Drop for SendHalf {
    fn drop(&mut self) {
        if !self.finished {
            self.reset(super::STREAM_CANCELLED);
        }
    }
}

fn write_error(error: WriteError) -> TransportError {
    match error {
        WriteError::Stopped(_) => TransportError::Stopped,
        WriteError::ConnectionLost(lost) => connection_error(&lost),
        _ => TransportError::Closed,
    }
}

/// The receiving half of a QUIC stream.
#[derive(Debug)]
pub(crate) struct RecvHalf {
    stream: RecvStream,
    /// No more to come: reading on would be an error of the library.
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
        // The future of `read_chunk` holds no state of its own, so a new one
        // for each poll is sound and costs nothing.
        let chunk = ready!(pin!(self.stream.read_chunk(READ_AT_MOST)).poll(cx));
        self.ended = !matches!(chunk, Ok(Some(_)));
        Poll::Ready(chunk.map_err(read_error))
    }

    /// Gives what several packets have brought to `each`, for one look into
    /// the connection; `false` at the end of the stream.
    pub(super) fn poll_chunks(
        &mut self,
        cx: &mut Context<'_>,
        each: impl FnMut(Bytes),
    ) -> Poll<Result<bool, TransportError>> {
        if self.ended {
            return Poll::Ready(Ok(false));
        }
        let mut chunks = [const { Bytes::new() }; CHUNKS_AT_ONCE];
        // It holds no state of its own either.
        let read = ready!(pin!(self.stream.read_many_chunks(&mut chunks)).poll(cx));
        self.ended = !matches!(read, Ok(Some(_)));
        let count = read.map_err(read_error)?.unwrap_or_default();
        chunks.iter_mut().take(count).map(std::mem::take).for_each(each);
        Poll::Ready(Ok(!self.ended))
    }
}

fn read_error(error: ReadError) -> TransportError {
    match error {
        ReadError::Reset(_) => TransportError::Reset,
        ReadError::ConnectionLost(lost) => connection_error(&lost),
        _ => TransportError::Closed,
    }
}

/// Tells the peer to stop sending, unless it has sent everything.
impl Drop for RecvHalf {
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.stream.stop(super::STREAM_CANCELLED.into());
        }
    }
}
