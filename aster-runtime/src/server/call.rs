//! One stream of a connection: a call on a shared service, or a session.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;

use super::core::{CallRequest, Caller, Outcome, ServerCore, encoding_of_header, run};
use super::session::serve_session;
use super::table::Route;
use crate::codec::Encoding;
use crate::dispatch::{Dispatch, Input, Responses, Source};
use crate::frame::{Flags, Frame};
use crate::framed::{FrameReader, FrameWriter, ReadError};
use crate::header::{MODE_JSON, StreamHeader};
use crate::message::encoding_of;
use crate::metadata::Metadata;
use crate::status::Status;
use crate::streaming::{EndOfInput, FrameSource, RequestFrames};
use crate::transport::{RecvHalf, SendHalf};

/// Serves one stream to its end. Every outcome that the peer can still read
/// is answered with a trailer and the end of the stream.
pub(crate) async fn serve_stream(
    core: Arc<ServerCore>,
    caller: Caller,
    send: SendHalf,
    recv: RecvHalf,
) {
    let mut reader = FrameReader::new(recv, core.limits.max_frame_bytes).within(&caller.memory);
    let mut writer = FrameWriter::new(send);
    let first = timeout(core.limits.header_timeout, reader.frame()).await;
    let (refusal, rest) = match first {
        Ok(Ok(Some(frame))) => match open(&core, &caller, &frame) {
            Ok(opened) => {
                serve(&core, &caller, opened, reader, &mut writer).await;
                return delivered(&core, &writer).await;
            }
            Err(refusal) => (refusal, Some(reader)),
        },
        // Opened and ended without a word, or gone: nobody to answer.
        Ok(Ok(None)) => {
            writer.finish();
            return;
        }
        Ok(Err(ReadError::Transport(_))) => return,
        Ok(Err(error)) => (Refusal { status: error.into(), encoding: Encoding::Xlang }, None),
        Err(_elapsed) => {
            let status = Status::deadline_exceeded("no stream header arrived in time");
            (Refusal { status, encoding: Encoding::Xlang }, None)
        }
    };
    answer(&mut writer, Err(&refusal.status), refusal.encoding).await;
    delivered(&core, &writer).await;
    if let Some(rest) = rest {
        discard(&core, rest).await;
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
        let _ = timeout(DELIVERY_WAIT, writer.stopped()).await;
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
    let metadata = match &route {
        Route::Session { entry, .. } => {
            core.may_use(&caller.admitted, entry.descriptor).map_err(refuse)?;
            Metadata::default()
        }
        Route::Call { entry, method, .. } => {
            core.may_call(&caller.admitted, entry.descriptor, method.descriptor).map_err(refuse)?;
            let keys = std::mem::take(&mut header.metadata_keys);
            let values = std::mem::take(&mut header.metadata_values);
            Metadata::from_wire(keys, values, &core.limits).map_err(refuse)?
        }
    };
    Ok(Opened { route, header, metadata, encoding })
}

async fn serve(
    core: &ServerCore,
    caller: &Caller,
    opened: Opened<'_>,
    reader: FrameReader,
    writer: &mut FrameWriter,
) {
    let Opened { route, header, metadata, encoding } = opened;
    match route {
        Route::Session { entry, factory } => {
            let session_id = if header.call_id.is_empty() {
                format!("session-{:016x}", crate::random::u64()).into()
            } else {
                Arc::from(&*header.call_id)
            };
            let entry = entry.clone();
            let factory = factory.clone();
            drop(header);
            serve_session(core, caller, entry, factory, session_id, encoding, reader, writer).await;
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
            serve_call(core, caller, &**service, request, mode, reader, writer).await;
        }
    }
}

async fn serve_call(
    core: &ServerCore,
    caller: &Caller,
    service: &dyn Dispatch,
    mut request: CallRequest<'_>,
    mode: i64,
    mut reader: FrameReader,
    writer: &mut FrameWriter,
) {
    let method = request.method;
    let (input, kept_reader) = if method.descriptor.pattern.single_request() {
        match single_request(core, &mut reader).await {
            Ok(frame) => {
                // The form of the request is that of the answer, unless the
                // header has said JSON.
                let plain = !frame.flags.has(Flags::COMPRESSED) && !frame.payload.is_empty();
                if plain && mode != MODE_JSON {
                    request.encoding = encoding_of(&frame.payload);
                }
                // The reader is kept: dropping it here would tell the caller
                // to stop sending what it has sent already.
                (Source::Single(frame), Some(reader))
            }
            Err(status) => {
                answer(writer, Err(&status), request.encoding).await;
                return;
            }
        }
    } else {
        let frames = RequestFrames {
            source: FrameSource::Stream(reader, EndOfInput::of(method.descriptor.pattern)),
            limits: core.limits.clone(),
            seen: 0,
            memory: None,
        };
        (Source::Stream(Box::new(frames)), None)
    };
    let encoding = request.encoding;
    let call = core.call(caller.peer, caller.admitted.clone(), request);
    let context = call.context.clone();
    let gone = writer.stopped();
    let responses = Responses { format: call.format.clone(), writer: &mut *writer };
    let handler = service.dispatch(method.index, call, Input(input), responses);
    match run(&context, handler, gone).await {
        Outcome::Done(result) => {
            if result.is_err() && method.descriptor.pattern.single_response() {
                writer.discard();
            }
            answer(writer, result.as_ref().copied(), encoding).await;
        }
        Outcome::Abandoned => writer.reset(),
    }
    drop(kept_reader);
}

/// The one request of a unary or server-stream call.
async fn single_request(core: &ServerCore, reader: &mut FrameReader) -> Result<Frame, Status> {
    let read = async {
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
    };
    timeout(core.limits.header_timeout, read)
        .await
        .unwrap_or_else(|_| Err(Status::deadline_exceeded("no request arrived in time")))
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
