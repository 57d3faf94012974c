//! What every stream of a server looks at, and how a handler is run.

use std::borrow::Cow;
use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

use futures::FutureExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::placement::{self, FirstPoll};
use super::table::{Method, ServiceTable};
use crate::admission::{Admissions, Admitted};
use crate::budget::Budget;
use crate::clock::Now;
use crate::codec::Encoding;
use crate::context::{CallContext, Cancellation, Facts};
use crate::deadline::{Deadline, deadline_exceeded, earlier};
use crate::dispatch::Call;
use crate::gate::{self, Denial, Gate};
use crate::header::MODE_JSON;
use crate::limits::Limits;
use crate::message::MessageFormat;
use crate::metadata::Metadata;
use crate::peer::PeerId;
use crate::printable::Printable;
use crate::service::{MethodDescriptor, ServiceDescriptor};
use crate::status::Status;

/// Shared by all connections of a server.
#[derive(Debug)]
pub(crate) struct ServerCore {
    pub(crate) table: ServiceTable,
    pub(crate) limits: Arc<Limits>,
    /// Who is admitted, and by which gate.
    pub(crate) admissions: Arc<Admissions>,
    /// What the large messages of all connections may take.
    pub(crate) memory: Arc<Budget>,
    /// Set when the server shuts down: no new calls.
    pub(crate) draining: CancellationToken,
}

/// The peer of a connection and what it is admitted with.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) peer: PeerId,
    pub(crate) admitted: Arc<Admitted>,
    /// What the large messages of the connection may take.
    pub(crate) memory: Arc<Budget>,
}

/// A call whose header was read and routed.
pub(crate) struct CallRequest<'a> {
    pub(crate) service: &'static ServiceDescriptor,
    pub(crate) method: Method,
    pub(crate) metadata: Metadata,
    pub(crate) deadline_epoch_ms: i64,
    pub(crate) call_id: Cow<'a, str>,
    pub(crate) session_id: Option<Arc<str>>,
    pub(crate) encoding: Encoding,
}

impl ServerCore {
    /// What the caller is admitted with now, which a newer admission may have
    /// replaced since the connection or session began.
    pub(crate) fn admitted(&self, caller: &Caller) -> Arc<Admitted> {
        let newer = caller.admitted.is_replaced().then(|| self.admissions.current(caller.peer));
        newer.flatten().unwrap_or_else(|| caller.admitted.clone())
    }

    /// When a header, or the one request after it, is to be here.
    pub(crate) fn header_due(&self) -> Instant {
        Instant::now() + self.limits.header_timeout
    }

    /// Gate 2: whether the caller may use the service. Asked before anything
    /// is made for it.
    pub(crate) fn may_use(
        &self,
        admitted: &Admitted,
        service: &'static ServiceDescriptor,
        now: Now,
    ) -> Result<(), Status> {
        let decide = |gate, now| gate::service(gate, service, &admitted.grant, now);
        self.ask(admitted, now, decide)
    }

    /// Gates 2 and 3: whether the caller may call the method. Asked before any
    /// byte of a request is read.
    pub(crate) fn may_call(
        &self,
        admitted: &Admitted,
        service: &'static ServiceDescriptor,
        method: &'static MethodDescriptor,
        now: Now,
    ) -> Result<(), Status> {
        let decide = |gate, now| gate::method(gate, service, method, &admitted.grant, now);
        self.ask(admitted, now, decide)
    }

    fn ask(
        &self,
        admitted: &Admitted,
        now: Now,
        decide: impl FnOnce(Gate, u64) -> Result<(), Denial>,
    ) -> Result<(), Status> {
        let decision = if admitted.is_over(now) {
            Err(Denial::Ended(admitted.ending()))
        } else {
            decide(self.admissions.gate(), now.epoch)
        };
        decision.map_err(|denial| {
            tracing::info!(
                peer = %admitted.grant.peer().short(),
                "call denied: {}",
                Printable(&denial)
            );
            denial.status()
        })
    }

    /// The call, as it arrived `now`, with its context; the deadline is the
    /// earliest of the caller's, the method's and the server's.
    pub(crate) fn call(
        &self,
        caller: &Caller,
        admitted: Arc<Admitted>,
        request: &mut CallRequest<'_>,
        now: Now,
    ) -> Call {
        let within = |limit| Deadline::starting(now.steady, limit);
        let deadline = earlier(
            Deadline::from_wire(request.deadline_epoch_ms, now),
            earlier(
                request.method.descriptor.timeout.map(within),
                self.limits.max_call_duration.map(within),
            ),
        );
        Call {
            context: CallContext::new(Facts {
                peer: caller.peer,
                admitted,
                service: request.service,
                method: request.method.descriptor,
                metadata: std::mem::take(&mut request.metadata),
                deadline,
                call_id: std::mem::take(&mut request.call_id).into_owned(),
                session_id: request.session_id.take(),
                cancellation: Cancellation::default(),
                draining: self.draining.clone(),
            }),
            format: MessageFormat::new(request.encoding, &self.limits),
        }
    }
}

/// The encoding that a header asks for. A JSON header with another mode is a
/// typed client of a service that offers JSON only.
pub(crate) fn encoding_of_header(payload: &[u8], mode: i64) -> Result<Encoding, Status> {
    match mode {
        MODE_JSON => Ok(Encoding::Json),
        // 1 and 2 are other names of XLANG in the reference.
        0..=2 => Ok(crate::message::encoding_of(payload)),
        _ => Err(Status::invalid_argument(format!("Unsupported serialization mode: {mode}"))),
    }
}

/// How a handler's run ended.
pub(crate) enum Outcome {
    /// It returned, or its time was up: this is to be answered.
    Done(Result<(), Status>),
    /// The caller is gone: nobody to answer.
    Abandoned,
}

/// Runs a handler until it returns, its deadline passes, its caller is not
/// admitted any more, or `gone` resolves. Most handlers are done when they are
/// polled for the first time: only for others is `gone` asked for, and a timer
/// set. `pace` is told how long that took.
/// A handler that panics is an INTERNAL status; the panic's text stays in the
/// local log.
pub(crate) async fn run<G: Future<Output = ()>>(
    context: &CallContext,
    handler: impl Future<Output = Result<(), Status>>,
    gone: impl FnOnce() -> G,
    pace: impl FnOnce(FirstPoll),
) -> Outcome {
    let deadline = context.deadline();
    let began = Instant::now();
    if deadline.is_some_and(|deadline| deadline.instant() <= began) {
        context.cancel();
        return Outcome::Done(Err(deadline_exceeded()));
    }
    // The gates were asked where the packets are; what was revoked on the way
    // here does not run.
    if context.admitted().has_ended() {
        context.cancel();
        return Outcome::Done(Err(Denial::Ended(context.admitted().ending()).status()));
    }
    let handler = Deadline::scope(deadline, AssertUnwindSafe(handler).catch_unwind());
    let mut handler = pin!(handler);
    let first = poll_fn(|cx| Poll::Ready(handler.as_mut().poll(cx))).await;
    let took = began.elapsed();
    placement::note_poll(took);
    pace(FirstPoll {
        took,
        done: matches!(first, Poll::Ready(Ok(_))),
        panicked: matches!(first, Poll::Ready(Err(_))),
    });
    if let Poll::Ready(result) = first {
        return returned(context, result);
    }
    placement::leave().await;
    // Apart, because what one call may need every call would carry.
    Box::pin(watched(context, deadline, handler, gone())).await
}

/// Runs the rest of a handler, until somebody ends it.
async fn watched(
    context: &CallContext,
    deadline: Option<Deadline>,
    handler: Pin<&mut impl Future<Output = std::thread::Result<Result<(), Status>>>>,
    gone: impl Future<Output = ()>,
) -> Outcome {
    let late = async {
        match deadline {
            Some(deadline) => tokio::time::sleep_until(deadline.instant()).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        biased;
        result = handler => returned(context, result),
        () = gone => {
            context.cancel();
            Outcome::Abandoned
        }
        () = late => {
            context.cancel();
            Outcome::Done(Err(deadline_exceeded()))
        }
        () = context.admitted().ended() => {
            context.cancel();
            Outcome::Done(Err(Denial::Ended(context.admitted().ending()).status()))
        }
    }
}

fn returned(context: &CallContext, result: std::thread::Result<Result<(), Status>>) -> Outcome {
    let result = result.unwrap_or_else(|_panic| {
        tracing::error!(
            service = context.service().name,
            method = context.method().name,
            "handler panicked"
        );
        Err(Status::internal("the handler panicked"))
    });
    if let Err(status) = &result {
        log_failure(context, status);
    }
    Outcome::Done(result)
}

/// A cause that the peer does not see is for the operator of this server.
fn log_failure(context: &CallContext, status: &Status) {
    if let Some(source) = std::error::Error::source(status) {
        tracing::warn!(
            service = context.service().name,
            method = context.method().name,
            peer = %context.peer().short(),
            code = status.code().name(),
            cause = %Printable(source),
            "call failed"
        );
    }
}
