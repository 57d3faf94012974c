//! A session: one stream, one instance of the service, calls one after the
//! other.
//!
//! While there are calls, two loops share the stream. The intake sorts frames
//! into calls and may run ahead of the handlers by a bounded queue, so that a
//! client that pipelines calls is served and a CANCEL is seen while a handler
//! runs. The executor runs the calls in order and writes the answers. Between
//! calls there is only the stream: an idle session costs little.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use super::core::{CallRequest, Caller, Outcome, ServerCore, run};
use super::table::{Entry, Method};
use crate::clock::Now;
use crate::codec::Encoding;
use crate::dispatch::{
    Call, Dispatch, Input, Outlet, Responses, SessionContext, SessionFactory, Source,
};
use crate::frame::Frame;
use crate::framed::{FrameReader, FrameWriter, ReadError};
use crate::header::CallHeader;
use crate::limits::SMALL_MESSAGE_BYTES;
use crate::metadata::Metadata;
use crate::session::{Event, SessionInput};
use crate::status::Status;
use crate::streaming::{EndOfInput, FrameSource, QueuedFrame, RequestFrames, end_of_input};

/// What the reader asks of the executor, in the order of the frames.
enum Step {
    /// Run this call.
    Call(PendingCall),
    /// Answer a call that was turned away.
    Refuse(Status),
    /// A CANCEL was read. A call that it ended has answered already; between
    /// calls it is answered by itself.
    Cancel,
    /// Answer so and end the session.
    Fail(Status),
}

struct PendingCall {
    method: Method,
    call: Call,
    requests: mpsc::Receiver<Result<QueuedFrame, Status>>,
    control: Control,
}

/// How the reader reaches a call that is queued or running.
#[derive(Clone, Default)]
struct Control {
    cancelled: CancellationToken,
    /// The caller went on to its next call: it reads no trailer of this one.
    superseded: Arc<AtomicBool>,
}

/// The newest call, from the reader's side.
struct Current {
    requests: Option<mpsc::Sender<Result<QueuedFrame, Status>>>,
    control: Control,
    end: EndOfInput,
}

/// Whose session it is, and of what.
pub(super) struct Place {
    pub(super) core: Arc<ServerCore>,
    pub(super) caller: Caller,
    pub(super) entry: Arc<Entry>,
    pub(super) session_id: Arc<str>,
    pub(super) encoding: Encoding,
}

impl Place {
    /// Makes the service's instance.
    pub(super) fn instance(&self, factory: &SessionFactory) -> Result<Arc<dyn Dispatch>, Status> {
        factory(&SessionContext {
            peer: self.caller.peer,
            admitted: self.caller.admitted.clone(),
            session_id: self.session_id.clone(),
        })
    }
}

/// Serves a session to its end. Everything that it needs while nothing
/// happens is borrowed: an async fn keeps its arguments twice.
pub(super) async fn serve_session(
    place: &Place,
    service: &Arc<dyn Dispatch>,
    reader: &mut FrameReader,
    writer: &mut FrameWriter,
) {
    let mut gone = pin!(writer.stopped());
    let mut input = SessionInput::new();
    loop {
        writer.release();
        let frame = tokio::select! {
            biased;
            frame = reader.frame() => frame,
            () = &mut gone => break,
            // A session that is asked to end, ends.
            () = place.core.draining.cancelled() => break,
        };
        let frame = match frame {
            Ok(None) | Err(ReadError::Transport(_)) => break,
            frame => frame,
        };
        // Apart: between calls there is none of it.
        let calls = Box::pin(calls(place, service, &mut input, frame, reader, writer));
        tokio::select! {
            biased;
            ended = calls => if ended == Ended::Session { break },
            () = &mut gone => break,
        }
    }
    writer.finish();
}

/// What has come to its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// The calls that there were; more may come.
    Calls,
    Session,
}

/// Serves calls, from the frame that begins the first one until nothing is to
/// be done.
async fn calls(
    place: &Place,
    service: &Arc<dyn Dispatch>,
    input: &mut SessionInput,
    first: Result<Option<Frame>, ReadError>,
    reader: &mut FrameReader,
    writer: &mut FrameWriter,
) -> Ended {
    let (steps, queue) = mpsc::channel(place.core.limits.session_pipeline.max(1));
    let to_do = ToDo::default();
    let mut intake = Intake {
        place,
        steps,
        input,
        current: None,
        large: Arc::new(Semaphore::new(1)),
        to_do: &to_do,
    };
    let read = async {
        let ended = intake.run(first, reader).await;
        drop(intake);
        match ended {
            Ok(Ended::Calls) => Ended::Calls,
            // Let the calls that were sent before the end finish.
            Ok(Ended::Session) => std::future::pending().await,
            Err(_lost) => Ended::Session,
        }
    };
    let mut executor = Executor {
        core: &place.core,
        service,
        encoding: place.encoding,
        writer,
        cancel_answered: false,
        to_do: &to_do,
    };
    tokio::select! {
        biased;
        ended = executor.run(queue) => ended,
        ended = read => ended,
    }
}

/// What the two loops know of each other.
#[derive(Default)]
struct ToDo {
    /// Steps that are queued or running.
    steps: AtomicUsize,
    /// The intake waits for a frame that is none of a call which has begun.
    between_calls: AtomicBool,
}

impl ToDo {
    /// Whether neither of them has anything left to do.
    fn is_nothing(&self) -> bool {
        self.between_calls.load(Ordering::Acquire) && self.steps.load(Ordering::Acquire) == 0
    }
}

/// The reading side.
struct Intake<'a> {
    place: &'a Place,
    steps: mpsc::Sender<Step>,
    input: &'a mut SessionInput,
    current: Option<Current>,
    /// One large frame at a time waits for its handler; the next one is not
    /// taken from the peer before.
    large: Arc<Semaphore>,
    to_do: &'a ToDo,
}

impl Intake<'_> {
    /// Reads until nothing is to be done, or the client ends the session.
    async fn run(
        &mut self,
        first: Result<Option<Frame>, ReadError>,
        reader: &mut FrameReader,
    ) -> Result<Ended, ReadError> {
        let mut next = Some(first);
        loop {
            let frame = match next.take() {
                Some(frame) => frame,
                None => {
                    self.to_do
                        .between_calls
                        .store(self.input.is_between_calls(), Ordering::Release);
                    let here = poll_fn(|cx| Poll::Ready(reader.poll_frame(cx))).await;
                    let frame = match here {
                        Poll::Ready(frame) => frame,
                        Poll::Pending if self.to_do.is_nothing() => return Ok(Ended::Calls),
                        Poll::Pending => reader.frame().await,
                    };
                    self.to_do.between_calls.store(false, Ordering::Release);
                    frame
                }
            };
            let frame = match frame {
                Ok(Some(frame)) => frame,
                Ok(None) => return Ok(Ended::Session),
                Err(lost @ ReadError::Transport(_)) => return Err(lost),
                Err(error) => {
                    self.fail(error.into()).await;
                    return Ok(Ended::Session);
                }
            };
            match self.input.frame(frame) {
                Event::Call(header) => self.begin(&header).await,
                Event::Interrupted(header) => {
                    self.request(Err(Status::failed_precondition(
                        "the next CALL came before the end of this call's requests",
                    )))
                    .await;
                    self.begin(&header).await;
                }
                Event::Superseded(header) => {
                    if let Some(current) = &self.current {
                        current.control.superseded.store(true, Ordering::Release);
                    }
                    self.begin(&header).await;
                }
                Event::Request(frame) => {
                    let queued = self.queued(frame, reader).await;
                    self.request(Ok(queued)).await;
                }
                Event::EndOfInput(frame) => {
                    let end = self.current.as_ref().map_or(EndOfInput::Checked, |c| c.end);
                    if let Err(status) = end_of_input(frame.view(), end, &self.place.core.limits) {
                        self.request(Err(status)).await;
                    }
                    self.close_input();
                }
                Event::Cancel => {
                    if let Some(current) = &self.current {
                        current.control.cancelled.cancel();
                    }
                    self.close_input();
                    self.push(Step::Cancel).await;
                }
                Event::Nothing => {}
                Event::Violation(text) => {
                    self.fail(Status::failed_precondition(text)).await;
                    return Ok(Ended::Session);
                }
            }
        }
    }

    /// A CALL frame: queue the call, or turn it away and skip its payload.
    async fn begin(&mut self, frame: &Frame) {
        self.current = None;
        match self.accept(frame) {
            Ok((pending, current)) => {
                self.input.begin(pending.method.descriptor.pattern);
                self.current = Some(current);
                self.push(Step::Call(pending)).await;
            }
            Err(status) => {
                self.input.skip();
                self.push(Step::Refuse(status)).await;
            }
        }
    }

    fn accept(&self, frame: &Frame) -> Result<(PendingCall, Current), Status> {
        let Place { core, caller, entry, session_id, encoding } = self.place;
        let limits = &core.limits;
        let header = CallHeader::decode(&frame.payload, limits)
            .map_err(|error| Status::internal(format!("Invalid CallHeader: {error}")))?;
        let method = entry.method(&header.method)?;
        let admitted = core.admitted(caller);
        let now = Now::read();
        core.may_call(&admitted, entry.descriptor, method.descriptor, now)?;
        let metadata = Metadata::from_wire(header.metadata_keys, header.metadata_values, limits)?;
        let mut request = CallRequest {
            service: entry.descriptor,
            method,
            metadata,
            deadline_epoch_ms: header.deadline_epoch_ms,
            call_id: header.call_id,
            session_id: Some(session_id.clone()),
            encoding: *encoding,
        };
        let call = core.call(caller, admitted, &mut request, now);
        let (sender, requests) = mpsc::channel(limits.session_item_queue.max(1));
        let control = Control::default();
        let end = EndOfInput::of(method.descriptor.pattern);
        let pending = PendingCall { method, call, requests, control: control.clone() };
        let current = Current { requests: Some(sender), control, end };
        Ok((pending, current))
    }

    /// Waits for the place that a large frame takes in the queue.
    async fn queued(&self, frame: Frame, reader: &mut FrameReader) -> QueuedFrame {
        if frame.payload.len() <= SMALL_MESSAGE_BYTES {
            return QueuedFrame { frame, memory: None, place: None };
        }
        // It is never closed.
        let place = self.large.clone().acquire_owned().await.ok();
        QueuedFrame { frame, memory: reader.take_memory(), place }
    }

    /// Hands a request to the newest call. One whose handler is done already
    /// does not want it.
    async fn request(&self, item: Result<QueuedFrame, Status>) {
        if let Some(requests) = self.current.as_ref().and_then(|c| c.requests.as_ref()) {
            let _ = requests.send(item).await;
        }
    }

    fn close_input(&mut self) {
        if let Some(current) = &mut self.current {
            current.requests = None;
        }
    }

    async fn fail(&self, status: Status) {
        self.push(Step::Fail(status)).await;
    }

    async fn push(&self, step: Step) {
        self.to_do.steps.fetch_add(1, Ordering::AcqRel);
        // Fails only when the executor ended, and the session with it.
        let _ = self.steps.send(step).await;
    }
}

/// The running and answering side.
struct Executor<'a> {
    core: &'a ServerCore,
    service: &'a Arc<dyn Dispatch>,
    encoding: Encoding,
    writer: &'a mut FrameWriter,
    /// A call was ended by a CANCEL whose own step is still to come.
    cancel_answered: bool,
    to_do: &'a ToDo,
}

impl Executor<'_> {
    async fn run(&mut self, mut queue: mpsc::Receiver<Step>) -> Ended {
        loop {
            let step = tokio::select! {
                biased;
                step = queue.recv() => step,
                // Between calls a session that is asked to end, ends.
                () = self.core.draining.cancelled() => None,
            };
            let Some(step) = step else { return Ended::Session };
            match step {
                Step::Call(pending) => self.call(pending).await,
                Step::Refuse(status) => self.writer.put_trailer(Err(&status), self.encoding),
                Step::Cancel if std::mem::take(&mut self.cancel_answered) => {}
                Step::Cancel => {
                    self.writer.put_trailer(Err(&cancelled()), self.encoding);
                }
                Step::Fail(status) => {
                    self.writer.put_trailer(Err(&status), self.encoding);
                    let _ = self.writer.flush().await;
                    return Ended::Session;
                }
            }
            if self.writer.flush().await.is_err() {
                return Ended::Session;
            }
            self.to_do.steps.fetch_sub(1, Ordering::AcqRel);
            if self.to_do.is_nothing() {
                return Ended::Calls;
            }
        }
    }

    /// Runs one call and collects the end of its answer.
    async fn call(&mut self, pending: PendingCall) {
        let pattern = pending.method.descriptor.pattern;
        let (service, core) = (self.service.clone(), self.core);
        let context = pending.call.context.clone();
        let format = pending.call.format.clone();
        let control = pending.control.clone();
        let to = if pattern.single_response() {
            Outlet::One(self.writer.buffer())
        } else {
            Outlet::Many(&mut *self.writer)
        };
        let responses = Responses { format, to };
        let handler = async move {
            let PendingCall { method, call, mut requests, .. } = pending;
            // What a single request holds, it holds while its handler runs.
            let (input, _memory) = if pattern.single_request() {
                match requests.recv().await.transpose()? {
                    Some(QueuedFrame { frame, memory, .. }) => (Source::Single(frame), memory),
                    None => return Err(Status::unavailable("Stream ended")),
                }
            } else {
                let frames = RequestFrames {
                    source: FrameSource::Session(requests),
                    limits: core.limits.clone(),
                    seen: 0,
                    memory: None,
                };
                (Source::Stream(Box::new(frames)), None)
            };
            service.dispatch(method.index, call, Input(input), responses).await
        };
        let outcome = run(&context, handler, || control.cancelled.cancelled(), |_| ()).await;
        match outcome {
            // The client needs no trailer after the one response it waits for.
            Outcome::Done(Ok(())) if pattern.single_response() => {}
            Outcome::Done(_) if control.superseded.load(Ordering::Acquire) => {}
            Outcome::Done(Ok(())) => self.writer.put_trailer(Ok(()), self.encoding),
            Outcome::Done(Err(status)) => {
                if pattern.single_response() {
                    self.writer.discard();
                }
                self.writer.put_trailer(Err(&status), self.encoding);
            }
            Outcome::Abandoned => {
                self.cancel_answered = true;
                self.writer.discard();
                self.writer.put_trailer(Err(&cancelled()), self.encoding);
            }
        }
    }
}

fn cancelled() -> Status {
    Status::cancelled("cancelled")
}
