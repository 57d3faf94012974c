//! One admission of one peer.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use futures::future::Either;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::clock::Now;
use crate::gate::Ending;
use crate::peer::PeerId;
use crate::trust::{Capabilities, Grant, Revocations};

/// What a peer was admitted with, shared by its connections and calls. What
/// began under it ends with it.
#[derive(Debug)]
pub(crate) struct Admitted {
    pub(crate) grant: Grant,
    pub(crate) attributes: Arc<BTreeMap<String, String>>,
    /// When it is over by the steady clock.
    until: Option<Instant>,
    /// A newer admission of the same peer is in force.
    replaced: AtomicBool,
    ending: OnceLock<Ending>,
    /// Cancelled when it ends; `None` for one that never does.
    ended: Option<CancellationToken>,
}

impl Admitted {
    pub(super) fn new(grant: Grant, attributes: BTreeMap<String, String>, now: Now) -> Self {
        let until = now.steady_at(grant.not_after());
        let ended = Some(CancellationToken::new());
        Self { until, ended, ..Self::endless(grant, attributes) }
    }

    /// A peer at an open gate: no capabilities, no end.
    pub(crate) fn anybody(peer: PeerId) -> Self {
        Self::within(peer, Capabilities::default())
    }

    /// A caller within this program, which says itself what it may do.
    pub(crate) fn within(peer: PeerId, capabilities: Capabilities) -> Self {
        let mut attributes = BTreeMap::new();
        if !capabilities.is_empty() {
            attributes.insert(crate::trust::ROLE_ATTRIBUTE.to_owned(), capabilities.to_string());
        }
        Self::endless(Grant::local(peer, capabilities), attributes)
    }

    fn endless(grant: Grant, attributes: BTreeMap<String, String>) -> Self {
        Self {
            grant,
            attributes: Arc::new(attributes),
            until: None,
            replaced: AtomicBool::new(false),
            ending: OnceLock::new(),
            ended: None,
        }
    }

    /// Whether it is over, by either clock or because it was ended.
    pub(crate) fn is_over(&self, now: Now) -> bool {
        self.ending.get().is_some()
            || self.grant.is_over(now.epoch)
            || self.until.is_some_and(|until| now.steady >= until)
    }

    /// Whether it was ended: by revocation, or because it was over.
    pub(crate) fn has_ended(&self) -> bool {
        self.ending.get().is_some()
    }

    /// How it ended; `Expired` for one that is over and not ended yet.
    pub(crate) fn ending(&self) -> Ending {
        self.ending.get().copied().unwrap_or(Ending::Expired)
    }

    /// Whether the peer has a newer one.
    pub(crate) fn is_replaced(&self) -> bool {
        self.replaced.load(Ordering::Acquire)
    }

    pub(super) fn replace(&self) {
        self.replaced.store(true, Ordering::Release);
    }

    /// Resolves when it has ended.
    pub(crate) fn ended(&self) -> impl Future<Output = ()> + Send + 'static {
        match &self.ended {
            Some(ended) => Either::Left(ended.clone().cancelled_owned()),
            None => Either::Right(std::future::pending()),
        }
    }

    /// Ends it if it is over or revoked; says whether it has ended by now.
    pub(super) fn end_if_due(&self, now: Now, revocations: &Revocations) -> bool {
        let revoked = self.grant.revoked(revocations).map(Ending::Revoked);
        let due = revoked.or_else(|| self.is_over(now).then_some(Ending::Expired));
        if let Some(ending) = due {
            let _ = self.ending.set(ending);
            if let Some(ended) = &self.ended {
                ended.cancel();
            }
        }
        due.is_some()
    }
}
