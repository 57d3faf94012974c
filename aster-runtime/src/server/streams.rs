//! The streams of one connection: taken, begun, and handed on.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use tokio::task::JoinHandle;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::call::{Session, serve_stream};
use super::connection::refuse;
use super::placement::{self, Quick};
use super::{Caller, Shared};
use crate::admission::Admitted;
use crate::framed::{FrameReader, FrameWriter};
use crate::gate::Denial;
use crate::io::Relief;
use crate::limits::{CALLS_AT_ONCE, ENDING_GRACE};
use crate::transport::{Connection, RecvHalf, SendHalf};

/// Serves the streams of one connection, for as long as its peer is admitted.
pub(crate) async fn serve_calls(
    shared: &Arc<Shared>,
    connection: Connection,
    admitted: Arc<Admitted>,
) {
    let memory = shared.core.memory.part(shared.core.limits.connection_memory_bytes);
    let caller = Caller { peer: connection.peer(), admitted, memory };
    serve_streams(Streams::new(shared.clone(), connection, caller)).await;
}

/// What it takes to serve the streams of a connection.
struct Streams {
    shared: Arc<Shared>,
    connection: Connection,
    caller: Caller,
    /// Goes on with them while a handler holds up who began.
    successor: Mutex<Option<JoinHandle<()>>>,
}

impl Streams {
    fn new(shared: Arc<Shared>, connection: Connection, caller: Caller) -> Arc<Self> {
        Arc::new(Self { shared, connection, caller, successor: Mutex::default() })
    }

    fn successor(&self) -> Option<JoinHandle<()>> {
        self.successor.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Relief for Streams {
    fn take_over(self: Arc<Self>) {
        let (shared, caller) = (self.shared.clone(), self.caller.clone());
        let streams = Self::new(shared, self.connection.clone(), caller);
        let successor = tokio::spawn(serve_streams(streams));
        *self.successor.lock().unwrap_or_else(PoisonError::into_inner) = Some(successor);
    }
}

/// What a connection has for who serves it.
enum Next {
    /// A stream; `None`: there are no more.
    Stream(Option<(SendHalf, RecvHalf)>),
    /// What the peer was admitted with has ended; the next stream all the same.
    Ended(Option<Option<(SendHalf, RecvHalf)>>),
}

/// Takes streams and begins to serve them. What is not done at once goes on as
/// a task of the program's runtime, so a handler that blocks holds up neither
/// this loop nor the packets.
async fn serve_streams(streams: Arc<Streams>) {
    let Streams { shared, connection, caller, .. } = &*streams;
    let mut caller = caller.clone();
    let mut ended = pin!(caller.admitted.ended());
    let mut stopped = pin!(shared.stop.cancelled());
    // Streams since others had their turn, and those that were answered.
    let (mut taken, mut answered) = (0, 0);
    // The room of a task that is done, for the next one.
    let mut spare = None;
    loop {
        let turn_over = taken == CALLS_AT_ONCE;
        if turn_over {
            // What they wrote leaves before more is done.
            tokio::task::yield_now().await;
            (taken, answered) = (0, 0);
        }
        let mut waited = false;
        let mut accepted = pin!(connection.accept());
        let next = poll_fn(|cx| {
            let stream = match accepted.as_mut().poll(cx) {
                Poll::Ready(stream) => Some(stream),
                Poll::Pending => None,
            };
            waited |= stream.is_none();
            // Asked now and then only, while streams come one after the other.
            if stream.is_none() || turn_over {
                if ended.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Next::Ended(stream));
                }
                if stopped.as_mut().poll(cx).is_ready() {
                    return Poll::Ready(Next::Stream(None));
                }
            }
            stream.map_or(Poll::Pending, |stream| Poll::Ready(Next::Stream(stream)))
        });
        let stream = match next.await {
            Next::Stream(stream) => stream,
            Next::Ended(stream) => {
                let Some(newer) = shared.core.admissions.current(caller.peer) else {
                    let denial = Denial::Ended(caller.admitted.ending());
                    // Running calls end with a status of their own; it is on
                    // its way before the connection closes.
                    tokio::time::sleep(ENDING_GRACE).await;
                    refuse(connection, &denial);
                    break;
                };
                ended.set(newer.ended());
                caller.admitted = newer;
                let Some(stream) = stream else { continue };
                stream
            }
        };
        if waited {
            (taken, answered) = (0, 0);
        }
        let Some((send, recv)) = stream else { break };
        if caller.admitted.is_replaced() {
            caller.admitted = shared.core.admitted(&caller);
            ended.set(caller.admitted.ended());
        }
        let reader = FrameReader::new(recv, shared.core.limits.max_frame_bytes);
        let (reader, writer) = (reader.within(&caller.memory), FrameWriter::new(send));
        let serving = serve_stream(shared.core.clone(), caller.clone(), reader, writer);
        let mut serving = boxed(serving, spare.take());
        let counted = shared.calls.token();
        taken += 1;
        let quick = if !connection.has_packets() {
            Quick::Here
        } else if shared.core.limits.handlers_beside_packets {
            // The first answer wakes the connection's driver, which cannot run
            // before this loop waits: what follows the second wakes it no more.
            Quick::BesidePackets { relief: &streams, woken: answered < 2 }
        } else {
            Quick::Apart
        };
        let begun = placement::begin(&shared.app, quick, serving.as_mut());
        match begun.output {
            Some(None) => {
                answered += 1;
                spare = Some(serving);
            }
            Some(Some(session)) => drop(shared.calls.spawn_on(session, &shared.app)),
            None => drop(shared.app.spawn(apart(serving, counted))),
        }
        if begun.relieved {
            if let Some(successor) = streams.successor() {
                // The connection counts for as long as somebody serves it.
                let _ = successor.await;
                return;
            }
            // This thread may have no packets any more.
            taken = CALLS_AT_ONCE;
        }
    }
    tracing::debug!(peer = %caller.peer.short(), "connection ended");
}

/// Goes on with a stream as a task of its own, counted among those in progress.
async fn apart<F>(mut serving: Pin<Box<F>>, _counted: TaskTrackerToken)
where
    F: Future<Output = Option<Session>>,
{
    let session = serving.as_mut().await;
    // A session needs none of it.
    drop(serving);
    if let Some(session) = session {
        session.await;
    }
}

/// Puts a task into the room of one that is done, if there is one.
fn boxed<F>(task: F, spare: Option<Pin<Box<F>>>) -> Pin<Box<F>> {
    match spare {
        Some(mut room) => {
            room.set(task);
            room
        }
        None => Box::pin(task),
    }
}
