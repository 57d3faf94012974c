//! Calls of quick handlers that begin together.
//!
//! Their handlers run on the program's runtime, as all do, one after the
//! other: one change of thread for all of them. Their answers are written
//! where the packets are, again together.

use std::pin::Pin;
use std::task::Poll;

use tokio::sync::mpsc;
use tokio_util::task::task_tracker::TaskTrackerToken;

use super::Shared;
use super::call::Session;
use super::placement::{self, Begun};

/// A call that goes on as a task, counted among those in progress.
pub(super) struct Running<F> {
    call: Pin<Box<F>>,
    _counted: TaskTrackerToken,
}

impl<F> Running<F>
where
    F: Future<Output = Option<Session>> + Send + 'static,
{
    pub(super) fn new(call: Pin<Box<F>>, counted: TaskTrackerToken) -> Self {
        Self { call, _counted: counted }
    }

    /// Goes on as a task of its own.
    pub(super) async fn apart(mut self) {
        let session = self.call.as_mut().await;
        let Self { call, _counted } = self;
        // A session needs none of it.
        drop(call);
        if let Some(session) = session {
            session.await;
        }
    }
}

/// The batch that gathers, and those that come back.
pub(super) struct Batch<F> {
    calls: Vec<Running<F>>,
    /// Made for the first batch: few connections have one.
    back: Option<Back<F>>,
}

struct Back<F> {
    sender: mpsc::UnboundedSender<Vec<Running<F>>>,
    receiver: mpsc::UnboundedReceiver<Vec<Running<F>>>,
}

impl<F> Batch<F>
where
    F: Future<Output = Option<Session>> + Send + 'static,
{
    pub(super) fn new() -> Self {
        Self { calls: Vec::new(), back: None }
    }

    pub(super) fn push(&mut self, call: Running<F>) {
        self.calls.push(call);
    }

    /// Sends what has gathered to the program's runtime.
    pub(super) fn leave(&mut self, shared: &Shared) {
        if self.calls.len() < 2 {
            if let Some(call) = self.calls.pop() {
                shared.app.spawn(call.apart());
            }
            return;
        }
        let back = self.back.get_or_insert_with(|| {
            let (sender, receiver) = mpsc::unbounded_channel();
            Back { sender, receiver }
        });
        shared.app.spawn(run(std::mem::take(&mut self.calls), back.sender.clone()));
    }

    /// Waits for the next calls whose handlers are done, and writes their
    /// answers.
    pub(super) async fn conclude(&mut self, shared: &Shared) {
        let next = match &mut self.back {
            Some(back) => back.receiver.recv().await,
            None => None,
        };
        let Some(calls) = next else { return std::future::pending().await };
        for mut running in calls {
            // One that flow control holds back waits by itself.
            if !matches!(
                placement::begin(&shared.app, false, running.call.as_mut()),
                Begun::Done(_)
            ) {
                shared.app.spawn(running.apart());
            }
        }
    }

    /// The same for all that are still to come. Does not end.
    pub(super) async fn conclude_all(&mut self, shared: &Shared) {
        loop {
            self.conclude(shared).await;
        }
    }
}

/// Runs the handlers of a batch. One that is not done when it is polled goes on
/// as a task of its own.
async fn run<F>(calls: Vec<Running<F>>, back: mpsc::UnboundedSender<Vec<Running<F>>>)
where
    F: Future<Output = Option<Session>> + Send + 'static,
{
    let mut done = Vec::with_capacity(calls.len());
    for mut running in calls {
        match placement::in_batch(running.call.as_mut()) {
            Poll::Ready(_) => {}
            Poll::Pending if placement::may_return() => done.push(running),
            Poll::Pending => drop(tokio::spawn(running.apart())),
        }
    }
    // The connection is over: nobody reads the answers, but each call has to
    // come to its end.
    if let Err(mpsc::error::SendError(done)) = back.send(done) {
        for call in done {
            tokio::spawn(call.apart());
        }
    }
}
