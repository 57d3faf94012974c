//! One stream of a connection: a call on a shared service, or a session.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::core::{CallRequest, Caller, Outcome, ServerCore, encoding_of_header, run};
use super::placement::{self, Pace};
use super::session::serve_session;
use super::table::{Entry, Route};
use crate::clock::Now;
use crate::codec::Encoding;
use crate::deadline::limited;
use crate::dispatch::{Dispatch, Input, Outlet, Responses, SessionFactory, Source};
use crate::frame::{Flags, Frame};
use crate::framed::{FrameReader, FrameWriter, ReadError};
use crate::header::{MODE_JSON, StreamHeader};
use crate::message::encoding_of;
use crate::limits::QUICK_REQUEST_BYTES;
use crate::metadata::Metadata;
use crate::service::Pattern;
use crate::status::Status;
use crate::streaming::{EndOfInput, FrameSource, RequestFrames};

/// Serves one stream to its end. Every outcome that the peer can still read
/// is answered with a trailer and the end of the stream.
///
/// What few streams need is boxed: a stream's task is made for each call, and
/// is as large as the largest of what it may do.
pub(crate) async fn serve_stream(
    core: Arc<ServerCore>,
    caller: Caller,
    mut reader: FrameReader,
    mut writer: FrameWriter,
) {
    let first = limited(pin!(reader.frame()), || core.header_due()).await;
    let refusal = match first {
        Some(Ok(Some(frame))) => match open(&core, &caller, &frame) {
            Ok(Opened { route, header, metadata, encoding, now }) => {
                match route {
                    Route::Session { entry, factory } => {
                        let session = Opening { entry, factory, header, encoding };
                        Box::pin(session.serve(&core, &caller, reader, &mut writer)).await;
                    }
                    Route::Call { entry, service, method } => {
                        let request = CallRequest {
                            service: entry.descriptor,
                            method,
                            metadata,
                            deadline_epoch_ms: header.deadline_epoch_ms,
                            call_id: &header.call_id,
                            session_id: None,
                            encoding,
                        };
                        let mode = header.serialization_mode;
                        let call =
                            Served { core: &core, caller: &caller, service: &**service, mode, now };
                        if method.descriptor.pattern == Pattern::Unary {
                            let pace = entry.pace(method);
                            call.unary(request, pace, &mut reader, &mut writer).await;
                        } else {
                            Box::pin(call.streaming(request, reader, &mut writer)).await;
                        }
                    }
                }
                return delivered(&core, &writer).await;
            }
            Err(refusal) => {
                answer(&mut writer, Err(&refusal.status), refusal.encoding).await;
                delivered(&core, &writer).await;
                return Box::pin(discard(&core, reader)).await;
            }
        },
        // Opened and ended without a word, or gone: nobody to answer.
        Some(Ok(None)) => return writer.finish(),
        Some(Err(ReadError::Transport(_))) => return,
        Some(Err(error)) => error.into(),
        None => Status::deadline_exceeded("no stream header arrived in time"),
    };
    drop(reader);
    answer(&mut writer, Err(&refusal), Encoding::Xlang).await;
    delivered(&core, &writer).await;
}

/// Reads, and throws away, what the caller still sends. The Python client
/// sends all its requests before it reads an answer; told to stop in between,
/// it fails without having read why.
async fn discard(core: &ServerCore, mut rest: FrameReader) {
    tokio::select! {
        () = rest.discard() => {}
        () = tokio::time::sleep(core.limits.header_timeout) => {}
        () = core.draining.cancelled() => {}
    }
}

/// How long a shutdown waits for one answer to arrive. A peer that is gone
/// without a word acknowledges nothing.
const DELIVERY_WAIT: Duration = Duration::from_secs(1);

/// While the server shuts down, a call counts as running until its answer has
/// arrived: closing the connection would take it back.
async fn delivered(core: &ServerCore, writer: &FrameWriter) {
    if core.draining.is_cancelled() {
        let _ = Box::pin(timeout(DELIVERY_WAIT, writer.stopped())).await;
    }
}

/// A stream that is turned away before a handler is chosen.
struct Refusal {
    status: Status,
    encoding: Encoding,
}

/// A stream that has a handler.
struct Opened<'a> {
    route: Route<'a>,
    header: StreamHeader<'a>,
    metadata: Metadata,
    encoding: Encoding,
    now: Now,
}

/// Reads the header and routes it to what the caller may use.
fn open<'a>(
    core: &'a ServerCore,
    caller: &Caller,
    first: &'a Frame,
) -> Result<Opened<'a>, Refusal> {
    // Until the header is understood, answers are in the form that every
    // client reads.
    let early = |status| Refusal { status, encoding: Encoding::Xlang };
    if !first.flags.has(Flags::HEADER) {
        return Err(early(Status::internal("First frame must have HEADER flag")));
    }
    let mut header = StreamHeader::decode(&first.payload, &core.limits)
        .map_err(|error| early(Status::internal(format!("Invalid StreamHeader: {error}"))))?;
    let encoding = encoding_of_header(&first.payload, header.serialization_mode).map_err(early)?;
    let refuse = |status| Refusal { status, encoding };
    let route = core.table.route(&header).map_err(refuse)?;
    if core.draining.is_cancelled() {
        return Err(refuse(Status::unavailable("the server is shutting down")));
    }
    let now = Now::read();
    let metadata = match &route {
        Route::Session { entry, .. } => {
            core.may_use(&caller.admitted, entry.descriptor, now).map_err(refuse)?;
            Metadata::default()
        }
        Route::Call { entry, method, .. } => {
            core.may_call(&caller.admitted, entry.descriptor, method.descriptor, now)
                .map_err(refuse)?;
            let keys = std::mem::take(&mut header.metadata_keys);
            let values = std::mem::take(&mut header.metadata_values);
            Metadata::from_wire(keys, values, &core.limits).map_err(refuse)?
        }
    };
    Ok(Opened { route, header, metadata, encoding, now })
}

/// A session about to be opened.
struct Opening<'a> {
    entry: &'a Entry,
    factory: &'a SessionFactory,
    header: StreamHeader<'a>,
    encoding: Encoding,
}

impl Opening<'_> {
    async fn serve(
        self,
        core: &ServerCore,
        caller: &Caller,
        reader: FrameReader,
        writer: &mut FrameWriter,
    ) {
        let session_id = match &*self.header.call_id {
            "" => format!("session-{:016x}", crate::random::u64()).into(),
            chosen => Arc::from(chosen),
        };
        let (entry, factory) = (self.entry.clone(), self.factory.clone());
        let encoding = self.encoding;
        drop(self);
        // The instance is made where the program's code belongs.
        placement::leave().await;
        serve_session(core, caller, entry, factory, session_id, encoding, reader, writer).await;
    }
}

/// A call on a shared service, about to be run.
struct Served<'a> {
    core: &'a ServerCore,
    caller: &'a Caller,
    service: &'a dyn Dispatch,
    /// The header's serialization mode.
    mode: i64,
    /// When the header arrived.
    now: Now,
}

impl Served<'_> {
    async fn unary(
        &self,
        mut request: CallRequest<'_>,
        pace: Option<&Pace>,
        reader: &mut FrameReader,
        writer: &mut FrameWriter,
    ) {
        let core = self.core;
        let frame = match self.single_request(reader, &mut request).await {
            Ok(frame) => frame,
            Err(status) => return answer(writer, Err(&status), request.encoding).await,
        };
        reader.end();
        let small = frame.payload.len() <= QUICK_REQUEST_BYTES;
        if !(small && pace.is_some_and(Pace::is_quick)) {
            placement::leave().await;
        }
        let (index, encoding) = (request.method.index, request.encoding);
        let call = core.call(self.caller.peer, self.caller.admitted.clone(), request, self.now);
        let context = call.context.clone();
        writer.expect_little();
        let (buffer, gone) = writer.buffer_and_stopped();
        let responses = Responses { format: call.format.clone(), to: Outlet::One(buffer) };
        let handler = self.service.dispatch(index, call, Input(Source::Single(frame)), responses);
        let note = |took| {
            if let (true, Some(pace)) = (small, pace) {
                pace.note(took, core.limits.quick_handler);
            }
        };
        let outcome = run(&context, handler, gone, note).await;
        conclude(outcome, true, writer, encoding).await;
    }

    async fn streaming(
        &self,
        mut request: CallRequest<'_>,
        mut reader: FrameReader,
        writer: &mut FrameWriter,
    ) {
        placement::leave().await;
        let method = request.method;
        let pattern = method.descriptor.pattern;
        let mut rest = None;
        let source = if pattern.single_request() {
            match self.single_request(&mut reader, &mut request).await {
                // The reader stays: dropping it here would tell the caller to
                // stop sending what it has sent already.
                Ok(frame) => {
                    rest = Some(reader);
                    Source::Single(frame)
                }
                Err(status) => return answer(writer, Err(&status), request.encoding).await,
            }
        } else {
            Source::Stream(Box::new(RequestFrames {
                source: FrameSource::Stream(reader, EndOfInput::of(pattern)),
                limits: self.core.limits.clone(),
                seen: 0,
                memory: None,
            }))
        };
        let encoding = request.encoding;
        let admitted = self.caller.admitted.clone();
        let call = self.core.call(self.caller.peer, admitted, request, self.now);
        let context = call.context.clone();
        let gone = writer.stopped();
        let format = call.format.clone();
        let to = if pattern.single_response() {
            Outlet::One(writer.buffer())
        } else {
            Outlet::Many(&mut *writer)
        };
        let responses = Responses { to, format };
        let handler = self.service.dispatch(method.index, call, Input(source), responses);
        let outcome = run(&context, handler, || gone, |_| ()).await;
        conclude(outcome, pattern.single_response(), writer, encoding).await;
        drop(rest);
    }

    /// The one request of a unary or server-stream call. Its form is that of
    /// the answer, unless the header has said JSON.
    async fn single_request(
        &self,
        reader: &mut FrameReader,
        request: &mut CallRequest<'_>,
    ) -> Result<Frame, Status> {
        let read = pin!(async {
            loop {
                match reader.frame().await? {
                    // No meaning on a stream of its own.
                    Some(frame) if frame.flags.has(Flags::CANCEL) => {}
                    Some(frame) if frame.flags.has(Flags::TRAILER) => break,
                    Some(frame) => return Ok(frame),
                    None => break,
                }
            }
            Err(Status::unavailable("Stream ended"))
        });
        let frame = limited(read, || self.core.header_due())
            .await
            .unwrap_or_else(|| Err(Status::deadline_exceeded("no request arrived in time")))?;
        let plain = !frame.flags.has(Flags::COMPRESSED) && !frame.payload.is_empty();
        if plain && self.mode != MODE_JSON {
            request.encoding = encoding_of(&frame.payload);
        }
        Ok(frame)
    }
}

/// Answers a call whose handler has ended.
async fn conclude(
    outcome: Outcome,
    single_response: bool,
    writer: &mut FrameWriter,
    encoding: Encoding,
) {
    match outcome {
        Outcome::Done(result) => {
            if result.is_err() && single_response {
                writer.discard();
            }
            answer(writer, result.as_ref().copied(), encoding).await;
        }
        Outcome::Abandoned => writer.reset(),
    }
}

/// Writes the trailer, together with what is still buffered, and ends the
/// stream. A peer that is gone needs no answer.
pub(super) async fn answer(
    writer: &mut FrameWriter,
    outcome: Result<(), &Status>,
    encoding: Encoding,
) {
    writer.put_trailer(outcome, encoding);
    if writer.flush().await.is_ok() {
        writer.finish();
    }
}
