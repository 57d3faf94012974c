//! What a handler can know about the call it serves.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering, fence};
use std::sync::{Arc, OnceLock};

use tokio_util::sync::{
    CancellationToken, WaitForCancellationFuture, WaitForCancellationFutureOwned,
};

use crate::admission::Admitted;
use crate::deadline::Deadline;
use crate::metadata::Metadata;
use crate::peer::PeerId;
use crate::service::{MethodDescriptor, ServiceDescriptor};
use crate::trust::Capabilities;

/// The facts about one call. A handler that wants them takes `&CallContext`
/// as an argument, anywhere after `&self`.
///
/// Cloning is cheap, so the context can be handed to tasks that the handler
/// starts.
#[derive(Clone, Debug)]
pub struct CallContext(Arc<Facts>);

#[derive(Debug)]
pub(crate) struct Facts {
    pub(crate) peer: PeerId,
    pub(crate) admitted: Arc<Admitted>,
    pub(crate) service: &'static ServiceDescriptor,
    pub(crate) method: &'static MethodDescriptor,
    pub(crate) metadata: Metadata,
    pub(crate) deadline: Option<Deadline>,
    pub(crate) call_id: String,
    pub(crate) session_id: Option<Arc<str>>,
    pub(crate) cancellation: Cancellation,
    pub(crate) draining: CancellationToken,
}

/// Whether a call was cancelled. Few handlers wait for that: the token is made
/// for those that do.
#[derive(Debug, Default)]
pub(crate) struct Cancellation {
    cancelled: AtomicBool,
    token: OnceLock<CancellationToken>,
}

impl CallContext {
    pub(crate) fn new(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    /// The caller's public key, proved by the connection.
    #[must_use]
    pub fn peer(&self) -> PeerId {
        self.0.peer
    }

    /// What the caller's credential says about it.
    #[must_use]
    pub fn attributes(&self) -> &BTreeMap<String, String> {
        &self.0.admitted.attributes
    }

    /// What the caller may do. What the service and the method require has
    /// been asked already; this is for decisions that depend on the request.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        self.0.admitted.grant.capabilities()
    }

    /// The service called.
    #[must_use]
    pub fn service(&self) -> &'static ServiceDescriptor {
        self.0.service
    }

    /// The method called.
    #[must_use]
    pub fn method(&self) -> &'static MethodDescriptor {
        self.0.method
    }

    /// The call's metadata. It is the caller's claim, not proof of anything.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.0.metadata
    }

    /// When the call must be done, from the caller's deadline, the method's
    /// timeout and the server's limit, whichever is first.
    #[must_use]
    pub fn deadline(&self) -> Option<Deadline> {
        self.0.deadline
    }

    /// The caller's id for this call. May be empty.
    #[must_use]
    pub fn call_id(&self) -> &str {
        &self.0.call_id
    }

    /// The session's id, for session-scoped services.
    #[must_use]
    pub fn session_id(&self) -> Option<&str> {
        self.0.session_id.as_deref()
    }

    /// Whether the call was cancelled: the caller went away, dropped the call,
    /// or its deadline passed. The handler itself is dropped at its next
    /// await; this is for work that it handed to other threads.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancellation.cancelled.load(Ordering::SeqCst)
    }

    /// Resolves when the call is cancelled.
    pub fn cancelled(&self) -> WaitForCancellationFuture<'_> {
        let cancellation = &self.0.cancellation;
        let token = cancellation.token.get_or_init(CancellationToken::new);
        // Cancelled before there was a token to tell it; the fences see to it
        // that one of the two sides sees the other.
        fence(Ordering::SeqCst);
        if cancellation.cancelled.load(Ordering::SeqCst) {
            token.cancel();
        }
        token.cancelled()
    }

    /// Resolves when the server begins to shut down. A stream without an end
    /// should end then, or it holds the shutdown up until it is cut.
    pub fn shutting_down(&self) -> WaitForCancellationFutureOwned {
        self.0.draining.clone().cancelled_owned()
    }

    pub(crate) fn admitted(&self) -> &Admitted {
        &self.0.admitted
    }

    pub(crate) fn cancel(&self) {
        let cancellation = &self.0.cancellation;
        cancellation.cancelled.store(true, Ordering::SeqCst);
        fence(Ordering::SeqCst);
        if let Some(token) = cancellation.token.get() {
            token.cancel();
        }
    }
}
