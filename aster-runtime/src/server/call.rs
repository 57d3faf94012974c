//! One stream of a connection: a call on a shared service, or a session.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::timeout;

use super::core::{CallRequest, Caller, Outcome, ServerCore, encoding_of_header, run};
use super::placement::{self, FirstPoll, Pace};
use super::session::{Place, serve_session};
use super::table::{Entry, Route};
use crate::clock::Now;
use crate::codec::Encoding;
use crate::deadline::limited;
use crate::dispatch::{Call, Dispatch, Input, Outlet, Responses, SessionFactory, Source};
use crate::frame::{Flags, Frame};
use crate::framed::{FrameReader, FrameWriter, ReadError};
use crate::header::{MODE_JSON, StreamHeader};
use crate::limits::QUICK_REQUEST_BYTES;
use crate::message::encoding_of;
use crate::metadata::Metadata;
use crate::service::Pattern;
use crate::status::Status;
use crate::streaming::{EndOfInput, FrameSource, RequestFrames};

/// The rest of a stream that is a session. It is apart, so that one that does
/// nothing takes no more room than it needs.
pub(super) type Session = BoxFuture<'static, ()>;

/// Serves one stream to its end, or to where a session begins. Every outcome that the peer can still read
/// is answered with a trailer and the end of the stream.
///
/// What few streams need is boxed: a stream's task is made for each call, and
/// is as large as the largest of what it may do.
#[expect(clippy::manual_async_fn, reason = "an async fn would keep its arguments twice")]
pub(crate) fn serve_stream(
    core: Arc<ServerCore>,
    caller: Caller,
    mut reader: FrameReader,
    mut writer: FrameWriter,
) -> impl Future<Output = Option<Session>> {
    async move {
        let first = limited(pin!(reader.frame()), || core.header_due()).await;
        let refusal = match first {
            Some(Ok(Some(frame))) => match opened(&core, &caller, &frame).await {
                Ok(Opened::Call(mut call)) if call.is_unary() => {
                    call.unary(&mut reader, &mut writer).await;
                    delivered(&core, &writer).await;
                    return None;
                }
                Ok(Opened::Call(call)) => {
                    Box::pin(call.streaming(reader, &mut writer)).await;
                    delivered(&core, &writer).await;
                    return None;
                }
                Ok(Opened::Session(opening)) => {
                    let (core, caller) = (core.clone(), caller.clone());
                    return Some(opening.session(core, caller, reader, writer));
                }
                Err(refusal) => {
                    placement::leave().await;
                    answer(&mut writer, Err(&refusal.status), refusal.encoding).await;
                    delivered(&core, &writer).await;
                    Box::pin(discard(&core, reader)).await;
                    return None;
                }
            },
            // Opened and ended without a word, or gone: nobody to answer.
            Some(Ok(None)) => {
                writer.finish();
                return None;
            }
            Some(Err(ReadError::Transport(_))) => return None,
            Some(Err(error)) => error.into(),
            None => Status::deadline_exceeded("no stream header arrived in time"),
        };
        drop(reader);
        answer(&mut writer, Err(&refusal), Encoding::Xlang).await;
        delivered(&core, &writer).await;
        None
    }
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
enum Opened<'a> {
    Session(Opening<'a>),
    Call(Served<'a>),
}

/// [`open`], where it may be: a header of unusual size is read elsewhere than
/// beside packets.
async fn opened<'a>(
    core: &'a ServerCore,
    caller: &'a Caller,
    first: &'a Frame,
) -> Result<Opened<'a>, Refusal> {
    if first.payload.len() > QUICK_REQUEST_BYTES {
        placement::leave().await;
    }
    open(core, caller, first)
}

/// Reads the header and routes it to what the caller may use.
fn open<'a>(
    core: &'a ServerCore,
    caller: &'a Caller,
    first: &'a Frame,
) -> Result<Opened<'a>, Refusal> {
    // Until the header is understood, answers are in the form that every
    // client reads.
    let early = |status| Refusal { status, encoding: Encoding::Xlang };
    if !first.flags.has(Flags::HEADER) {
        return Err(early(Status::internal("First frame must have HEADER flag")));
    }
    let header = StreamHeader::decode(&first.payload, &core.limits)
        .map_err(|error| early(Status::internal(format!("Invalid StreamHeader: {error}"))))?;
    let encoding = encoding_of_header(&first.payload, header.serialization_mode).map_err(early)?;
    let refuse = |status| Refusal { status, encoding };
    let route = core.table.route(&header).map_err(refuse)?;
    if core.draining.is_cancelled() {
        return Err(refuse(Status::unavailable("the server is shutting down")));
    }
    let now = Now::read();
    match route {
        Route::Session { entry, factory } => {
            core.may_use(&caller.admitted, entry.descriptor, now).map_err(refuse)?;
            let session_id = match &*header.call_id {
                "" => format!("session-{:016x}", crate::random::u64()).into(),
                chosen => Arc::from(chosen),
            };
            Ok(Opened::Session(Opening { entry, factory, session_id, encoding }))
        }
        Route::Call { entry, service, method } => {
            core.may_call(&caller.admitted, entry.descriptor, method.descriptor, now)
                .map_err(refuse)?;
            let metadata =
                Metadata::from_wire(header.metadata_keys, header.metadata_values, &core.limits);
            let request = CallRequest {
                service: entry.descriptor,
                method,
                metadata: metadata.map_err(refuse)?,
                deadline_epoch_ms: header.deadline_epoch_ms,
                call_id: header.call_id,
                session_id: None,
                encoding,
            };
            let pace = entry.pace(method);
            let mode = header.serialization_mode;
            Ok(Opened::Call(Served { core, caller, service: &**service, pace, request, mode, now }))
        }
    }
}

/// A session about to be opened.
struct Opening<'a> {
    entry: &'a Arc<Entry>,
    factory: &'a SessionFactory,
    session_id: Arc<str>,
    encoding: Encoding,
}

impl Opening<'_> {
    fn session(
        self,
        core: Arc<ServerCore>,
        caller: Caller,
        mut reader: FrameReader,
        mut writer: FrameWriter,
    ) -> Session {
        let Self { entry, factory, session_id, encoding } = self;
        let (entry, factory) = (entry.clone(), factory.clone());
        let place = Place { core, caller, entry, session_id, encoding };
        Box::pin(async move {
            // The instance is made where the program's code belongs.
            placement::leave().await;
            match place.instance(&factory) {
                Ok(service) => serve_session(&place, &service, &mut reader, &mut writer).await,
                Err(status) => answer(&mut writer, Err(&status), place.encoding).await,
            }
            delivered(&place.core, &writer).await;
        })
    }
}

/// A call on a shared service, about to be run.
struct Served<'a> {
    core: &'a ServerCore,
    caller: &'a Caller,
    service: &'a dyn Dispatch,
    pace: Option<&'a Pace>,
    request: CallRequest<'a>,
    /// The header's serialization mode.
    mode: i64,
    /// When the header arrived.
    now: Now,
}

impl Served<'_> {
    fn is_unary(&self) -> bool {
        self.request.method.descriptor.pattern == Pattern::Unary
    }

    async fn unary(&mut self, reader: &mut FrameReader, writer: &mut FrameWriter) {
        let frame = match self.single_request(reader).await {
            Ok(frame) => frame,
            Err(status) => return answer(writer, Err(&status), self.request.encoding).await,
        };
        let pace = self.pace;
        reader.end();
        let compressed = frame.flags.has(Flags::COMPRESSED);
        let small = frame.payload.len() <= QUICK_REQUEST_BYTES && !compressed;
        let quick = small && pace.is_some_and(Pace::is_quick);
        placement::place(quick).await;
        let (index, encoding) = (self.request.method.index, self.request.encoding);
        let call = self.call();
        let context = call.context.clone();
        let (buffer, gone) = writer.buffer_and_stopped();
        let responses = Responses { format: call.format.clone(), to: Outlet::One(buffer) };
        let handler = self.service.dispatch(index, call, Input(Source::Single(frame)), responses);
        let note = |run: FirstPoll| {
            if let (true, Some(pace)) = (small, pace) {
                pace.note(run);
            }
        };
        let outcome = run(&context, handler, gone, note).await;
        conclude(outcome, true, writer, encoding).await;
    }

    async fn streaming(mut self, mut reader: FrameReader, writer: &mut FrameWriter) {
        placement::leave().await;
        let method = self.request.method;
        let pattern = method.descriptor.pattern;
        let mut rest = None;
        let source = if pattern.single_request() {
            match self.single_request(&mut reader).await {
                // The reader stays: dropping it here would tell the caller to
                // stop sending what it has sent already.
                Ok(frame) => {
                    rest = Some(reader);
                    Source::Single(frame)
                }
                Err(status) => return answer(writer, Err(&status), self.request.encoding).await,
            }
        } else {
            Source::Stream(Box::new(RequestFrames {
                source: FrameSource::Stream(reader, EndOfInput::of(pattern)),
                limits: self.core.limits.clone(),
                seen: 0,
                memory: None,
            }))
        };
        let encoding = self.request.encoding;
        let call = self.call();
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
    async fn single_request(&mut self, reader: &mut FrameReader) -> Result<Frame, Status> {
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
            self.request.encoding = encoding_of(&frame.payload);
        }
        Ok(frame)
    }

    fn call(&mut self) -> Call {
        self.core.call(self.caller, self.caller.admitted.clone(), &mut self.request, self.now)
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
