//! A stream of messages from a peer.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use futures::Stream;
use futures::stream::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::budget::Reservation;
use crate::codec::WireType;
use crate::frame::{Flags, Frame, FrameView};
use crate::framed::FrameReader;
use crate::header;
use crate::limits::Limits;
use crate::message::MessageFormat;
use crate::service::Pattern;
use crate::status::Status;

/// Messages as they arrive: a [`Stream`], and for loops without combinators
/// [`message`](Self::message).
///
/// Nothing is read ahead beyond the flow-control window, so a slow reader
/// holds the sender back. Dropping the stream tells the sender to stop.
///
/// ```
/// # use aster_runtime::{Status, Streaming};
/// async fn sum(mut numbers: Streaming<i64>) -> Result<i64, Status> {
///     let mut total = 0;
///     while let Some(number) = numbers.message().await? {
///         total += number;
///     }
///     Ok(total)
/// }
/// ```
#[must_use = "a stream does nothing until it is read"]
pub struct Streaming<T> {
    items: Pin<Box<dyn Stream<Item = Result<T, Status>> + Send>>,
    /// An error or the end was handed out: nothing follows.
    done: bool,
}

impl<T> Streaming<T> {
    pub(crate) fn new(items: impl Stream<Item = Result<T, Status>> + Send + 'static) -> Self {
        Self { items: Box::pin(items), done: false }
    }

    /// The next message; `None` at the end.
    ///
    /// # Errors
    /// The status that ended the stream early.
    ///
    /// # Cancel safety
    /// Dropping the future loses no message.
    pub async fn message(&mut self) -> Result<Option<T>, Status> {
        self.next().await.transpose()
    }
}

impl<T> Stream for Streaming<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.done {
            return Poll::Ready(None);
        }
        let item = ready!(self.items.as_mut().poll_next(cx));
        self.done = !matches!(item, Some(Ok(_)));
        Poll::Ready(item)
    }
}

impl<T> fmt::Debug for Streaming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streaming").field("done", &self.done).finish_non_exhaustive()
    }
}

/// The request frames of one call, not yet decoded.
#[derive(Debug)]
pub(crate) enum FrameSource {
    /// A stream of its own: ends with the stream or a trailer.
    Stream(FrameReader, EndOfInput),
    /// A session's reader hands the frames on, and sees to the trailer.
    Session(mpsc::Receiver<Result<QueuedFrame, Status>>),
}

/// A frame of a session on the way to its handler.
#[derive(Debug)]
pub(crate) struct QueuedFrame {
    pub(crate) frame: Frame,
    /// A large frame's memory, until the next one is asked for.
    pub(crate) memory: Option<Reservation>,
    /// The place for a large frame in the session's queue, until it is taken.
    #[expect(dead_code, reason = "held until it is dropped")]
    pub(crate) place: Option<OwnedSemaphorePermit>,
}

/// Whether an end-of-input trailer may carry an error. The reference looks at
/// it for client streams and not for bidi.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndOfInput {
    Checked,
    Unchecked,
}

impl EndOfInput {
    pub(crate) fn of(pattern: Pattern) -> Self {
        if pattern == Pattern::Bidi { Self::Unchecked } else { Self::Checked }
    }
}

/// Decodes request frames one by one, as the handler asks for them.
#[derive(Debug)]
pub(crate) struct RequestFrames {
    pub(crate) source: FrameSource,
    pub(crate) limits: Arc<Limits>,
    pub(crate) seen: u64,
    /// What the last frame holds.
    pub(crate) memory: Option<Reservation>,
}

impl RequestFrames {
    pub(crate) fn typed<T: WireType>(mut self, format: MessageFormat) -> Streaming<T> {
        Streaming::new(futures::stream::poll_fn(move |cx| {
            self.poll_read(cx, |frame| format.read(frame))
        }))
    }

    /// Reads the next frame where it lies.
    fn poll_read<T>(
        &mut self,
        cx: &mut Context<'_>,
        read: impl FnOnce(FrameView<'_>) -> Result<T, Status>,
    ) -> Poll<Option<Result<T, Status>>> {
        self.memory = None;
        let queued;
        let frame = match &mut self.source {
            FrameSource::Session(frames) => match ready!(frames.poll_recv(cx)) {
                None => return Poll::Ready(None),
                Some(next) => {
                    let QueuedFrame { frame, memory, .. } = next?;
                    self.memory = memory;
                    queued = frame;
                    queued.view()
                }
            },
            FrameSource::Stream(reader, end) => loop {
                if !ready!(reader.poll_next(cx)).map_err(Status::from)? {
                    return Poll::Ready(None);
                }
                let flags = reader.view().flags;
                if flags.has(Flags::TRAILER) {
                    let outcome = end_of_input(reader.view(), *end, &self.limits);
                    return Poll::Ready(outcome.err().map(Err));
                }
                // No meaning on a stream of its own.
                if !flags.has(Flags::CANCEL) {
                    break reader.view();
                }
            },
        };
        if let Some(max) = self.limits.max_stream_items {
            self.seen += 1;
            if self.seen > max {
                return Poll::Ready(Some(Err(Status::resource_exhausted(format!(
                    "the request stream exceeds the maximum of {max} items"
                )))));
            }
        }
        Poll::Ready(Some(read(frame)))
    }
}

/// Reads a trailer that a client sends after its last item. An empty or
/// unreadable one counts as success, as the reference has it.
pub(crate) fn end_of_input(
    frame: FrameView<'_>,
    end: EndOfInput,
    limits: &Limits,
) -> Result<(), Status> {
    match (end, header::decode_status(frame.payload, limits)) {
        (EndOfInput::Checked, Ok(Some(status))) => Err(Status::internal(format!(
            "client sent non-OK EoI trailer (code={})",
            status.code().number()
        ))),
        _ => Ok(()),
    }
}

/// A bounded queue of messages: the sending end for a program, the receiving
/// end as the request stream of a client-stream or bidi call.
///
/// ```
/// # tokio_test::block_on(async {
/// use futures::StreamExt;
/// let (sender, mut receiver) = aster_runtime::channel(4);
/// sender.send(1).await?;
/// drop(sender);
/// assert_eq!(receiver.next().await, Some(1));
/// assert_eq!(receiver.next().await, None);
/// # Ok::<(), aster_runtime::Status>(())
/// # }).unwrap();
/// ```
#[must_use]
pub fn channel<T>(capacity: usize) -> (Sender<T>, Receiver<T>) {
    let (sender, receiver) = mpsc::channel(capacity.max(1));
    (Sender(sender), Receiver(receiver))
}

/// The sending end of [`channel`]. The stream ends when the last clone is
/// dropped.
#[derive(Debug)]
pub struct Sender<T>(mpsc::Sender<T>);

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Sender<T> {
    /// Queues a message; waits while the queue is full, that is while the peer
    /// does not keep up.
    ///
    /// # Errors
    /// CANCELLED when nobody reads the other end any more.
    pub async fn send(&self, message: T) -> Result<(), Status> {
        self.0
            .send(message)
            .await
            .map_err(|_| Status::cancelled("the call is over; nobody reads this stream any more"))
    }

    /// Whether nobody reads the other end any more.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.0.is_closed()
    }

    /// Resolves when nobody reads the other end any more.
    pub async fn closed(&self) {
        self.0.closed().await;
    }
}

/// The receiving end of [`channel`], a [`Stream`].
#[derive(Debug)]
pub struct Receiver<T>(mpsc::Receiver<T>);

impl<T> Stream for Receiver<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.0.poll_recv(cx)
    }
}
