//! Calls on shared services: each on a stream of its own.

use std::borrow::Cow;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::BytesMut;
use futures::Stream;
use tokio::time::Sleep;
use tokio_util::task::AbortOnDropHandle;

use super::call::{Outgoing, SharedTarget};
use super::channel::Channel;
use super::outbox::{First, Sent};
use crate::clock::Now;
use crate::codec::Encoding;
use crate::deadline::{Deadline, deadline_exceeded, limited};
use crate::frame::{Flags, Frame, FrameView, OpenFrame};
use crate::framed::{FrameReader, FrameWriter};
use crate::header::{MODE_JSON, StreamHeader, decode_status, metadata_lists};
use crate::limits::Limits;
use crate::message::MessageFormat;
use crate::status::Status;
use crate::streaming::Streaming;
use crate::transport::TransportError;

/// Room for the header of a stream without growing.
const FIRST_WRITE_BYTES: usize = 256;

pub(super) async fn unary(
    target: &Arc<SharedTarget>,
    call: &Outgoing,
    put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
) -> Result<Frame, Status> {
    let (deadline, now) = call.deadline();
    let first = first_write(target, call, (deadline, now), crate::scratch::buffer(), put)?;
    let answer = pin!(async {
        let mut sent = send(target, first).await?;
        single_response(&mut sent.reader, &target.limits).await
    });
    within(deadline, now, answer).await
}

pub(super) async fn server_stream<T: Send + 'static>(
    target: &Arc<SharedTarget>,
    call: &Outgoing,
    put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
    read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
) -> Result<Streaming<T>, Status> {
    let (deadline, now) = call.deadline();
    let first = first_write(target, call, (deadline, now), crate::scratch::buffer(), put)?;
    let sent = within(deadline, now, pin!(send(target, first))).await?;
    Ok(responses(sent.into_reader(), None, target, deadline, read))
}

pub(super) async fn client_stream<I: Send + 'static>(
    target: &Arc<SharedTarget>,
    call: &Outgoing,
    items: impl Stream<Item = I> + Send + 'static,
    put: impl FnMut(I, &mut BytesMut) -> Result<(), Status> + Send + 'static,
) -> Result<Frame, Status> {
    let (deadline, now) = call.deadline();
    let out = BytesMut::with_capacity(FIRST_WRITE_BYTES);
    let first = first_write(target, call, (deadline, now), out, |_| Ok(()))?;
    let answer = pin!(async {
        let (mut writer, mut reader) = start(target, first).await?;
        let mut response = pin!(single_response(&mut reader, &target.limits));
        let pump = pump(&mut writer, items, put);
        tokio::select! {
            biased;
            // The server may answer before it has read everything.
            early = &mut response => return early,
            pumped = pump => pumped?,
        }
        response.await
    });
    within(deadline, now, answer).await
}

pub(super) async fn bidi<I: Send + 'static, T: Send + 'static>(
    target: &Arc<SharedTarget>,
    call: &Outgoing,
    items: impl Stream<Item = I> + Send + 'static,
    put: impl FnMut(I, &mut BytesMut) -> Result<(), Status> + Send + 'static,
    read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
) -> Result<Streaming<T>, Status> {
    let (deadline, now) = call.deadline();
    let out = BytesMut::with_capacity(FIRST_WRITE_BYTES);
    let first = first_write(target, call, (deadline, now), out, |_| Ok(()))?;
    let begun = pin!(async {
        let (mut writer, reader) = start(target, first).await?;
        writer.flush().await?;
        Ok((writer, reader))
    });
    let (mut writer, reader) = within(deadline, now, begun).await?;
    let pump = tokio::spawn(async move { pump(&mut writer, items, put).await });
    Ok(responses(reader, Some(AbortOnDropHandle::new(pump)), target, deadline, read))
}

/// Header and, for single requests, the request: one write.
fn first_write(
    target: &Arc<SharedTarget>,
    call: &Outgoing,
    (deadline, now): (Option<Deadline>, Now),
    mut out: BytesMut,
    put: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
) -> Result<BytesMut, Status> {
    let (channel, format) = (&target.channel, &target.format);
    let deadline = deadline.map(|deadline| deadline.to_wire(now));
    put_header(&mut out, channel, format, &call.method, "", call, deadline)?;
    put(&mut out)?;
    Ok(out)
}

/// Appends a stream header frame. An empty method opens a session.
pub(super) fn put_header(
    out: &mut BytesMut,
    channel: &Channel,
    format: &MessageFormat,
    method: &str,
    call_id: &str,
    call: &Outgoing,
    deadline_epoch_ms: Option<i64>,
) -> Result<(), Status> {
    let (metadata_keys, metadata_values) = metadata_lists(&call.metadata);
    let header = StreamHeader {
        service: Cow::Borrowed(channel.service()),
        method: Cow::Borrowed(method),
        version: channel.version().into(),
        call_id: Cow::Borrowed(call_id),
        deadline_epoch_ms: deadline_epoch_ms.unwrap_or(0),
        serialization_mode: match format.encoding() {
            Encoding::Json => MODE_JSON,
            Encoding::Xlang => 0,
        },
        metadata_keys,
        metadata_values,
    };
    let frame = OpenFrame::new(out, Flags::HEADER);
    header.encode(format.encoding(), out);
    frame
        .close(out, format.max_frame())
        .map_err(|error| Status::resource_exhausted(error.to_string()))
}

async fn send(target: &SharedTarget, bytes: BytesMut) -> Result<Sent, Status> {
    let first = First { bytes, max_frame: target.limits.max_frame_bytes };
    target.channel.send(first).await
}

async fn start(
    target: &SharedTarget,
    first: BytesMut,
) -> Result<(FrameWriter, FrameReader), Status> {
    let (send, recv) = target.channel.open().await?;
    let mut writer = FrameWriter::new(send);
    *writer.buffer() = first;
    Ok((writer, FrameReader::new(recv, target.limits.max_frame_bytes)))
}

/// Sends all items, then the end of the stream. A server that stops reading
/// has answered or will: that is not the pump's error.
async fn pump<I>(
    writer: &mut FrameWriter,
    items: impl Stream<Item = I>,
    put: impl FnMut(I, &mut BytesMut) -> Result<(), Status>,
) -> Result<(), Status> {
    let sent = async {
        match writer.forward_with(items, put).await? {
            Ok(()) => {
                writer.flush().await?;
                writer.finish();
                Ok(Ok(()))
            }
            Err(status) => Ok(Err(status)),
        }
    };
    match sent.await {
        Ok(result) => result,
        Err(TransportError::Stopped) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The response of a unary or client-stream call: one message and a trailer.
async fn single_response(reader: &mut FrameReader, limits: &Limits) -> Result<Frame, Status> {
    let mut response = None;
    loop {
        match reader.frame().await? {
            Some(frame) if frame.flags.has(Flags::TRAILER) => {
                reader.end();
                if let Some(status) = trailer(frame.view(), limits)? {
                    return Err(status);
                }
                return response.ok_or_else(|| {
                    Status::internal("the server reported success without a response")
                });
            }
            Some(frame) if frame.flags.has(Flags::ROW_SCHEMA) => drop(frame),
            Some(frame) => {
                if response.replace(frame).is_some() {
                    return Err(Status::internal("the server sent more than one response"));
                }
            }
            None => return Err(Status::unavailable("the stream ended before the response")),
        }
    }
}

/// Reads a trailer; `None` for success.
pub(super) fn trailer(frame: FrameView<'_>, limits: &Limits) -> Result<Option<Status>, Status> {
    decode_status(frame.payload, limits)
        .map_err(|error| Status::internal(format!("the server's trailer is malformed: {error}")))
}

fn responses<T: Send + 'static>(
    reader: FrameReader,
    pump: Option<AbortOnDropHandle<Result<(), Status>>>,
    target: &Arc<SharedTarget>,
    deadline: Option<Deadline>,
    read: impl Fn(FrameView<'_>) -> Result<T, Status> + Send + 'static,
) -> Streaming<T> {
    let mut responses = Responses {
        reader,
        pump,
        target: target.clone(),
        late: deadline.map(|d| Box::pin(tokio::time::sleep_until(d.instant()))),
    };
    Streaming::new(futures::stream::poll_fn(move |cx| responses.poll_read(cx, &read)))
}

/// The responses of a streaming call. Dropping it stops the server and the
/// pump.
struct Responses {
    reader: FrameReader,
    pump: Option<AbortOnDropHandle<Result<(), Status>>>,
    /// Keeps the connection, also when the client was a temporary.
    target: Arc<SharedTarget>,
    late: Option<Pin<Box<Sleep>>>,
}

impl Responses {
    /// Reads the next response where it lies.
    fn poll_read<T>(
        &mut self,
        cx: &mut Context<'_>,
        read: impl Fn(FrameView<'_>) -> Result<T, Status>,
    ) -> Poll<Option<Result<T, Status>>> {
        while let Poll::Ready(found) = self.reader.poll_next(cx) {
            if !found.map_err(Status::from)? {
                return Poll::Ready(Some(Err(Status::unavailable(
                    "the stream ended without a status",
                ))));
            }
            let frame = self.reader.view();
            if frame.flags.has(Flags::TRAILER) {
                let outcome = trailer(frame, &self.target.limits);
                self.reader.end();
                return Poll::Ready(match outcome {
                    Ok(None) => None,
                    Ok(Some(status)) | Err(status) => Some(Err(status)),
                });
            }
            if !frame.flags.has(Flags::ROW_SCHEMA) {
                return Poll::Ready(Some(read(frame)));
            }
        }
        // A request that could not be sent ends the call.
        if let Some(pump) = &mut self.pump
            && let Poll::Ready(pumped) = Pin::new(pump).poll(cx)
        {
            self.pump = None;
            if let Ok(Err(status)) = pumped {
                return Poll::Ready(Some(Err(status)));
            }
        }
        if let Some(late) = &mut self.late {
            ready!(late.as_mut().poll(cx));
            return Poll::Ready(Some(Err(deadline_exceeded())));
        }
        Poll::Pending
    }
}

/// Runs `work`, which begins `now`, until the deadline.
pub(super) async fn within<T>(
    deadline: Option<Deadline>,
    now: Now,
    work: Pin<&mut impl Future<Output = Result<T, Status>>>,
) -> Result<T, Status> {
    match deadline {
        Some(deadline) if deadline.instant() <= now.steady => Err(deadline_exceeded()),
        Some(deadline) => {
            let done = limited(work, || deadline.instant()).await;
            done.unwrap_or_else(|| Err(deadline_exceeded()))
        }
        None => work.await,
    }
}
