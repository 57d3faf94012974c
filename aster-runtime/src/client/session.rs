//! Calls in a session: one stream, one call at a time.

use std::borrow::Cow;
use std::fmt;
use std::pin::pin;
use std::sync::Arc;

use bytes::BytesMut;
use futures::Stream;
use tokio::runtime::Handle;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::call::Outgoing;
use super::channel::Channel;
use super::shared::{put_header, trailer, within};
use crate::codec::Encoding;
use crate::deadline::{Deadline, deadline_exceeded};
use crate::frame::{Flags, Frame, FrameView, OpenFrame};
use crate::framed::{FrameReader, FrameWriter};
use crate::header::{CallHeader, metadata_lists};
use crate::limits::Limits;
use crate::message::MessageFormat;
use crate::metadata::Metadata;
use crate::status::{Code, Status};
use crate::streaming::Streaming;
use crate::transport::TransportError;

/// An open session. Calls made at the same time wait for each other. Dropping
/// the last clone ends the session, and with it the server's instance.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    /// `None` once the session is over.
    stream: Arc<Mutex<Option<Halves>>>,
    channel: Channel,
    format: MessageFormat,
    limits: Arc<Limits>,
    /// Where a dropped call is cleaned up.
    runtime: Handle,
}

struct Halves {
    writer: FrameWriter,
    reader: FrameReader,
}

impl Session {
    pub(super) async fn open(
        channel: Channel,
        encoding: Encoding,
        limits: &Arc<Limits>,
    ) -> Result<Self, Status> {
        let format = MessageFormat::new(encoding, limits);
        let (send, recv) = channel.open().await?;
        let mut writer = FrameWriter::new(send);
        let id = format!("{:016x}", crate::random::u64());
        let opening =
            Outgoing { method: Cow::Borrowed(""), timeout: None, metadata: Metadata::new() };
        put_header(writer.buffer(), &channel, &format, "", &id, &opening, None)?;
        writer.flush().await?;
        let reader = FrameReader::new(recv, limits.max_frame_bytes);
        Ok(Self(Arc::new(Inner {
            stream: Arc::new(Mutex::new(Some(Halves { writer, reader }))),
            channel,
            format,
            limits: limits.clone(),
            runtime: Handle::current(),
        })))
    }

    pub(super) fn format(&self) -> &MessageFormat {
        &self.0.format
    }

    /// Ends the session after the call that runs now.
    pub async fn close(&self) {
        if let Some(mut halves) = self.0.stream.lock().await.take() {
            halves.writer.finish();
        }
    }

    /// Whether no call can be made any more: the session was closed, or its
    /// stream was lost. That is noticed by calls, not while nothing runs.
    pub fn is_over(&self) -> bool {
        // Whoever has the lock makes a call.
        self.0.stream.try_lock().is_ok_and(|stream| stream.is_none())
    }

    pub(super) async fn unary(
        &self,
        call: &Outgoing,
        put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
    ) -> Result<Frame, Status> {
        let (deadline, now) = call.deadline();
        let answer = pin!(async {
            let mut running = self.begin(call, deadline, put).await?;
            running.single_response().await
        });
        within(deadline, now, answer).await
    }

    pub(super) async fn server_stream<T: Send + 'static>(
        &self,
        call: &Outgoing,
        put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
        read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
    ) -> Result<Streaming<T>, Status> {
        let (deadline, now) = call.deadline();
        let begun = pin!(self.begin(call, deadline, put));
        let running = within(deadline, now, begun).await?;
        Ok(running.responses(deadline, read))
    }

    pub(super) async fn client_stream<I: Send + 'static>(
        &self,
        call: &Outgoing,
        items: impl Stream<Item = I> + Send + 'static,
        put: impl FnMut(I, &mut BytesMut) -> Result<(), Status> + Send + 'static,
    ) -> Result<Frame, Status> {
        let (deadline, now) = call.deadline();
        let answer = pin!(async {
            let mut running = self.begin(call, deadline, |_| Ok(())).await?;
            running.spawn_pump(items, put);
            running.single_response().await
        });
        within(deadline, now, answer).await
    }

    pub(super) async fn bidi<I: Send + 'static, T: Send + 'static>(
        &self,
        call: &Outgoing,
        items: impl Stream<Item = I> + Send + 'static,
        put: impl FnMut(I, &mut BytesMut) -> Result<(), Status> + Send + 'static,
        read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
    ) -> Result<Streaming<T>, Status> {
        let (deadline, now) = call.deadline();
        let begun = pin!(self.begin(call, deadline, |_| Ok(())));
        let mut running = within(deadline, now, begun).await?;
        running.spawn_pump(items, put);
        Ok(running.responses(deadline, read))
    }

    /// Waits for the running call, then sends the CALL frame and what `put`
    /// appends.
    async fn begin(
        &self,
        call: &Outgoing,
        deadline: Option<Deadline>,
        put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
    ) -> Result<RunningCall, Status> {
        let mut place = self.0.stream.clone().lock_owned().await;
        let Some(halves) = place.take() else {
            return Err(Status::failed_precondition("the session is over; open a new one"));
        };
        let mut running = RunningCall {
            session: self.0.clone(),
            place: Some(place),
            reader: Some(halves.reader),
            sending: Sending::Here(halves.writer),
            stop: CancellationToken::new(),
            sent: false,
        };
        let Sending::Here(writer) = &mut running.sending else {
            return Err(Status::internal("the session has no writer"));
        };
        let put_call = |out: &mut BytesMut| {
            let (metadata_keys, metadata_values) = metadata_lists(&call.metadata);
            let header = CallHeader {
                method: Cow::Borrowed(&call.method),
                call_id: Cow::Borrowed(""),
                deadline_epoch_ms: deadline.map_or(0, Deadline::to_epoch_ms),
                metadata_keys,
                metadata_values,
            };
            let frame = OpenFrame::new(out, Flags::CALL);
            header.encode(self.0.format.encoding(), out);
            frame
                .close(out, self.0.format.max_frame())
                .map_err(|error| Status::resource_exhausted(error.to_string()))?;
            put(out)
        };
        if let Err(status) = put_call(writer.buffer()) {
            // Nothing was sent: the session goes on.
            writer.discard();
            running.complete().await;
            return Err(status);
        }
        running.sent = true;
        let Sending::Here(writer) = &mut running.sending else {
            return Err(Status::internal("the session has no writer"));
        };
        match writer.flush().await {
            Ok(()) | Err(TransportError::Stopped) => Ok(running),
            Err(error) => Err(running.lost(error.into())),
        }
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Session").field(&self.0.channel).finish()
    }
}

/// The sending half during a call.
enum Sending {
    Here(FrameWriter),
    /// A task sends the request stream and gives the half back.
    Pump(JoinHandle<(FrameWriter, Result<(), Status>)>),
    Gone,
}

/// A call that has the session's stream. Dropped before its end, it is
/// cancelled and the stream is made fit for the next call in the background.
struct RunningCall {
    session: Arc<Inner>,
    /// Where the halves go back to.
    place: Option<OwnedMutexGuard<Option<Halves>>>,
    reader: Option<FrameReader>,
    sending: Sending,
    /// Ends the pump.
    stop: CancellationToken,
    /// The CALL frame was (perhaps partly) written.
    sent: bool,
}

impl RunningCall {
    /// Sends `items` and then the trailer that ends the input.
    fn spawn_pump<I: Send + 'static>(
        &mut self,
        items: impl Stream<Item = I> + Send + 'static,
        put: impl FnMut(I, &mut BytesMut) -> Result<(), Status> + Send + 'static,
    ) {
        let Sending::Here(mut writer) = std::mem::replace(&mut self.sending, Sending::Gone) else {
            return;
        };
        let stop = self.stop.clone();
        let encoding = self.session.format.encoding();
        self.sending = Sending::Pump(self.session.runtime.spawn(async move {
            let sent = async {
                match writer.forward_with(items, put).await {
                    Ok(Ok(())) => {
                        writer.put_trailer(Ok(()), encoding);
                        writer.flush().await.map_err(Status::from)
                    }
                    Ok(Err(status)) => Err(status),
                    Err(error) => Err(error.into()),
                }
            };
            let result = tokio::select! {
                biased;
                () = stop.cancelled() => Ok(()),
                result = sent => result,
            };
            writer.discard();
            (writer, result)
        }));
    }

    /// The next response frame; `None` at the trailer of a successful call.
    async fn frame(&mut self) -> Result<Option<Frame>, Status> {
        let Some(reader) = &mut self.reader else {
            return Ok(None);
        };
        let frame = loop {
            let read = match &mut self.sending {
                Sending::Pump(pump) => tokio::select! {
                    biased;
                    frame = reader.frame() => Some(frame),
                    pumped = pump => {
                        let Ok((writer, result)) = pumped else {
                            return Err(self.lost(Status::internal("the request stream panicked")));
                        };
                        self.sending = Sending::Here(writer);
                        // A request that could not be sent: dropping the call
                        // cancels it.
                        result?;
                        None
                    }
                },
                _ => Some(reader.frame().await),
            };
            if let Some(frame) = read {
                break frame;
            }
        };
        match frame {
            Ok(Some(frame)) if frame.flags.has(Flags::TRAILER) => {
                let status = trailer(frame.view(), &self.session.limits);
                self.complete().await;
                match status? {
                    None => Ok(None),
                    Some(status) => Err(status),
                }
            }
            Ok(Some(frame)) => Ok(Some(frame)),
            Ok(None) => {
                Err(self.lost(Status::unavailable("the server ended the session during the call")))
            }
            Err(error) => Err(self.lost(error.into())),
        }
    }

    /// The response of a unary or client-stream call, which no trailer
    /// follows.
    async fn single_response(&mut self) -> Result<Frame, Status> {
        match self.frame().await? {
            Some(frame) => {
                self.complete().await;
                Ok(frame)
            }
            None => Err(Status::internal("the server reported success without a response")),
        }
    }

    fn responses<T: Send + 'static>(
        self,
        deadline: Option<Deadline>,
        read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
    ) -> Streaming<T> {
        let state = Some((self, read));
        Streaming::new(futures::stream::unfold(state, move |state| async move {
            let (mut running, read) = state?;
            let next = match deadline {
                Some(deadline) => tokio::time::timeout_at(deadline.instant(), running.frame())
                    .await
                    .unwrap_or_else(|_| Err(deadline_exceeded())),
                None => running.frame().await,
            };
            match next {
                Ok(None) => None,
                Ok(Some(frame)) => Some((read(frame.view()), Some((running, read)))),
                Err(status) => Some((Err(status), None)),
            }
        }))
    }

    /// The call is answered: the session is free for the next one.
    async fn complete(&mut self) {
        if let Some(writer) = self.take_writer().await
            && let (Some(reader), Some(mut place)) = (self.reader.take(), self.place.take())
        {
            *place = Some(Halves { writer, reader });
        }
    }

    async fn take_writer(&mut self) -> Option<FrameWriter> {
        match std::mem::replace(&mut self.sending, Sending::Gone) {
            Sending::Here(writer) => Some(writer),
            Sending::Pump(pump) => {
                self.stop.cancel();
                pump.await.ok().map(|(writer, _)| writer)
            }
            Sending::Gone => None,
        }
    }

    /// The stream is unusable: the session is over.
    fn lost(&mut self, status: Status) -> Status {
        self.stop.cancel();
        self.sending = Sending::Gone;
        self.reader = None;
        self.place = None;
        status
    }

    /// Cancels the call and reads up to the trailer that says so. The place
    /// stays empty, and the session is over, if that takes too long.
    async fn cancel(mut self) {
        let Some(mut writer) = self.take_writer().await else {
            return;
        };
        let (Some(mut reader), Some(mut place)) = (self.reader.take(), self.place.take()) else {
            return;
        };
        let drained = async {
            writer.put_empty(Flags::CANCEL);
            writer.flush().await.ok()?;
            loop {
                let frame = reader.frame().await.ok()??;
                // A call that ended by itself was answered before; the CANCEL
                // is answered after that.
                if frame.flags.has(Flags::TRAILER)
                    && let Ok(Some(status)) = trailer(frame.view(), &self.session.limits)
                    && status.code() == Code::Cancelled
                {
                    return Some(());
                }
            }
        };
        let drained = timeout(self.session.limits.cancel_drain_timeout, drained).await;
        if drained.ok().flatten().is_some() {
            *place = Some(Halves { writer, reader });
        }
    }
}

impl Drop for RunningCall {
    fn drop(&mut self) {
        if !self.sent || self.reader.is_none() || self.place.is_none() {
            return;
        }
        self.stop.cancel();
        let rest = Self {
            session: self.session.clone(),
            place: self.place.take(),
            reader: self.reader.take(),
            sending: std::mem::replace(&mut self.sending, Sending::Gone),
            stop: self.stop.clone(),
            // Its own drop does not try again: it is dropped early only when
            // the runtime ends.
            sent: false,
        };
        self.session.runtime.spawn(rest.cancel());
    }
}
