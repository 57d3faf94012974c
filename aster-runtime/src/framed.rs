//! Frames over the halves of a stream.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::{Buf, Bytes, BytesMut};
use futures::Stream;
use futures::future::BoxFuture;

use crate::budget::{Budget, Exhausted, Reservation};
use crate::codec::{Encoding, WireType};
use crate::decoder::FrameDecoder;
use crate::frame::{Flags, Frame, FrameView, OpenFrame, put_frame};
use crate::header;
use crate::limits::{COALESCE_BYTES, SMALL_MESSAGE_BYTES};
use crate::message::MessageFormat;
use crate::status::Status;
use crate::transport::{RecvHalf, SendHalf, TransportError};
use crate::turn::Turn;

/// Reads frames.
#[derive(Debug)]
pub(crate) struct FrameReader {
    half: RecvHalf,
    decoder: FrameDecoder,
    /// Counts large frames, from their arrival until the next one is asked
    /// for.
    memory: Option<Reservation>,
    handed_out: bool,
}

/// Why no frame could be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReadError {
    #[error(transparent)]
    Transport(#[from] TransportError),
    #[error(transparent)]
    Frame(#[from] crate::frame::FrameError),
    #[error(transparent)]
    Memory(#[from] Exhausted),
}

impl From<ReadError> for Status {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::Transport(error) => error.into(),
            ReadError::Frame(error) => Self::internal(error.to_string()),
            ReadError::Memory(error) => Self::resource_exhausted(error.to_string()),
        }
    }
}

impl FrameReader {
    pub(crate) fn new(half: RecvHalf, max_frame: usize) -> Self {
        Self { half, decoder: FrameDecoder::new(max_frame), memory: None, handed_out: false }
    }

    /// Counts large frames against a budget.
    pub(crate) fn within(mut self, budget: &Arc<Budget>) -> Self {
        self.memory = Some(budget.reservation());
        self
    }

    /// The next frame; `None` at the end of the stream.
    pub(crate) fn poll_frame(
        &mut self,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Option<Frame>, ReadError>> {
        let found = ready!(self.poll_next(cx))?;
        Poll::Ready(Ok(found.then(|| self.decoder.take())))
    }

    /// Goes on to the next frame, which [`view`](Self::view) shows; `false` at
    /// the end of the stream.
    #[inline]
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, ReadError>> {
        if std::mem::take(&mut self.handed_out)
            && let Some(memory) = &mut self.memory
        {
            memory.release();
        }
        while !self.decoder.find()? {
            if !ready!(self.poll_more(cx))? {
                self.decoder.finish()?;
                return Poll::Ready(Ok(false));
            }
        }
        self.handed_out = true;
        Poll::Ready(Ok(true))
    }

    /// The frame that [`poll_next`](Self::poll_next) has found.
    #[inline]
    pub(crate) fn view(&self) -> FrameView<'_> {
        self.decoder.view()
    }

    /// Reads more bytes of an incomplete frame; `false` at the end of the
    /// stream.
    fn poll_more(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, ReadError>> {
        let collected = self.decoder.collected();
        if collected > SMALL_MESSAGE_BYTES
            && let Some(memory) = &mut self.memory
        {
            memory.grow_to(collected)?;
        }
        let read = self.half.poll_chunks(cx, |chunk| self.decoder.push(chunk));
        if read.is_pending() {
            self.decoder.release();
        }
        read.map_err(ReadError::from)
    }

    /// Asks to be woken when bytes arrive, or the end of the stream; `true` if
    /// they have already.
    pub(crate) fn wait_for_bytes(&mut self, cx: &mut Context<'_>) -> Result<bool, TransportError> {
        match self.half.poll_chunks(cx, |chunk| self.decoder.push(chunk)) {
            Poll::Pending => Ok(false),
            Poll::Ready(read) => read.map(|_| true),
        }
    }

    /// Hands on what the frame that was read last holds, so that it can be
    /// kept while further ones are read.
    pub(crate) fn take_memory(&mut self) -> Option<Reservation> {
        self.memory.as_mut()?.take()
    }

    /// See [`poll_frame`](Self::poll_frame). Cancel-safe.
    pub(crate) async fn frame(&mut self) -> Result<Option<Frame>, ReadError> {
        poll_fn(|cx| self.poll_frame(cx)).await
    }

    /// Notices the end of the stream if it has arrived: then letting go of the
    /// stream costs the connection nothing.
    pub(crate) fn end(&mut self) {
        let _ = self.half.poll_chunks(&mut Context::from_waker(Waker::noop()), drop);
    }

    /// Reads to the end of the stream and keeps nothing.
    pub(crate) async fn discard(&mut self) {
        while let Ok(true) = poll_fn(|cx| self.half.poll_chunks(cx, drop)).await {}
    }
}

/// Resolves when the peer does not read any more.
pub(crate) type Stopped = BoxFuture<'static, ()>;

/// Buffers up to this size are copied behind each other into full packets;
/// larger ones are handed over without a copy.
const COPY_BELOW: usize = 1024;

/// Writes frames, collected in a buffer until [`flush`](Self::flush).
///
/// The stream carries whole frames whatever happens: a flush that is dropped
/// half-way is completed by the next one.
#[derive(Debug)]
pub(crate) struct FrameWriter {
    half: SendHalf,
    /// Frames to be written. Of these, the first `committed` bytes belong to a
    /// flush that has begun.
    buffer: BytesMut,
    committed: usize,
    /// The rest of a large flush, before everything in `buffer`.
    large: Bytes,
}

impl FrameWriter {
    pub(crate) fn new(half: SendHalf) -> Self {
        Self { half, buffer: BytesMut::new(), committed: 0, large: Bytes::new() }
    }

    /// The bytes to be written with the next flush.
    pub(crate) fn buffer(&mut self) -> &mut BytesMut {
        &mut self.buffer
    }

    /// [`buffer`](Self::buffer) and, apart from it, [`stopped`](Self::stopped).
    pub(crate) fn buffer_and_stopped(&mut self) -> (&mut BytesMut, impl FnOnce() -> Stopped) {
        let half = &self.half;
        (&mut self.buffer, || Box::pin(half.stopped()))
    }

    /// Appends the trailer that ends a call, or its input.
    pub(crate) fn put_trailer(&mut self, outcome: Result<(), &Status>, encoding: Encoding) {
        put_trailer(&mut self.buffer, outcome, encoding);
    }

    /// Appends a frame without payload.
    pub(crate) fn put_empty(&mut self, flags: Flags) {
        let fits = put_frame(&mut self.buffer, flags, &[], crate::limits::MAX_FRAME_BYTES);
        debug_assert!(fits.is_ok());
    }

    /// Gives its memory back until there is something to write.
    pub(crate) fn release(&mut self) {
        if self.buffer.is_empty() {
            self.buffer = BytesMut::new();
        }
    }

    /// Forgets the frames that no flush has begun to write.
    pub(crate) fn discard(&mut self) {
        self.buffer.truncate(self.committed);
    }

    /// Writes what was collected. Waits while flow control holds the writer
    /// back.
    pub(crate) async fn flush(&mut self) -> Result<(), TransportError> {
        self.half.write_chunk(&mut self.large).await?;
        if self.committed == 0 && (self.buffer.len() >= COPY_BELOW || self.half.keeps_buffers()) {
            self.large = self.buffer.split().freeze();
            return self.half.write_chunk(&mut self.large).await;
        }
        self.committed = self.buffer.len();
        while self.committed > 0 {
            let bytes = self.buffer.get(..self.committed).unwrap_or_default();
            let written = self.half.write_some(bytes).await?;
            self.buffer.advance(written.min(self.buffer.len()));
            self.committed = self.committed.saturating_sub(written);
        }
        Ok(())
    }

    /// Ends the stream after what was flushed.
    pub(crate) fn finish(&mut self) {
        self.half.finish();
    }

    /// Gives the stream up.
    pub(crate) fn reset(&mut self) {
        self.half.reset();
    }

    /// Resolves when the peer does not read any more, or is gone; after
    /// [`finish`](Self::finish) also when everything was delivered.
    pub(crate) fn stopped(&self) -> impl Future<Output = ()> + Send + use<> {
        self.half.stopped()
    }

    /// Writes every item of `items`. Items that are ready together share a
    /// write; the source is asked for no more while flow control holds the
    /// writer back.
    ///
    /// The outer error is the transport's, the inner one the source's.
    pub(crate) async fn forward<T, E, S>(
        &mut self,
        items: S,
        format: &MessageFormat,
    ) -> Result<Result<(), Status>, TransportError>
    where
        T: WireType,
        E: Into<Status>,
        S: Stream<Item = Result<T, E>>,
    {
        let put = |item: Result<T, E>, buffer: &mut BytesMut| {
            format.put(&item.map_err(Into::into)?, buffer)
        };
        self.forward_with(items, put).await
    }

    /// [`forward`](Self::forward) with another way to write an item.
    pub(crate) async fn forward_with<I, S>(
        &mut self,
        items: S,
        mut put: impl FnMut(I, &mut BytesMut) -> Result<(), Status>,
    ) -> Result<Result<(), Status>, TransportError>
    where
        S: Stream<Item = I>,
    {
        let mut items = pin!(items);
        let mut turn = Turn::new();
        loop {
            let buffer = &mut self.buffer;
            let gathered = poll_fn(|cx| {
                loop {
                    match items.as_mut().poll_next(cx) {
                        Poll::Ready(Some(item)) => {
                            if let Err(status) = put(item, buffer) {
                                return Poll::Ready(Gathered::Failed(status));
                            }
                            if buffer.len() >= COALESCE_BYTES {
                                return Poll::Ready(Gathered::Enough);
                            }
                        }
                        Poll::Ready(None) => return Poll::Ready(Gathered::All),
                        // Nothing ready: write what there is before waiting.
                        Poll::Pending if !buffer.is_empty() => {
                            return Poll::Ready(Gathered::UntilNow);
                        }
                        Poll::Pending => return Poll::Pending,
                    }
                }
            });
            match gathered.await {
                Gathered::UntilNow => self.flush().await?,
                Gathered::Enough => {
                    self.flush().await?;
                    // The next write will be as large; growing step by step would copy it twice.
                    self.buffer.reserve(FULL_WRITE_BYTES);
                    turn.written().await;
                }
                Gathered::All => return Ok(Ok(())),
                Gathered::Failed(status) => return Ok(Err(status)),
            }
        }
    }
}

/// Room for what is gathered before a write, and the item that makes it enough.
const FULL_WRITE_BYTES: usize = COALESCE_BYTES + COALESCE_BYTES / 4;

/// Why a source was not asked for another item.
enum Gathered {
    /// Its next item is not ready.
    UntilNow,
    /// There is enough for a write.
    Enough,
    /// It has come to its end.
    All,
    /// An item could not be written, or is an error.
    Failed(Status),
}

/// Appends the trailer that ends a call, or its input.
pub(crate) fn put_trailer(out: &mut BytesMut, outcome: Result<(), &Status>, encoding: Encoding) {
    let frame = OpenFrame::new(out, Flags::TRAILER);
    match outcome {
        Ok(()) => header::put_ok(encoding, out),
        Err(status) => header::put_status(status, encoding, out),
    }
    let fits = frame.close(out, crate::limits::MAX_FRAME_BYTES);
    debug_assert!(fits.is_ok(), "status texts are cut long before");
}
