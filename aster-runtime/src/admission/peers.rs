//! The table of admitted peers.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::admitted::Admitted;
use super::clock::Now;
use crate::gate::Denial;
use crate::peer::PeerId;
use crate::trust::Revocations;

/// Admissions by the key of the peer. A peer stays in it until its admission
/// ends, connected or not.
#[derive(Debug)]
pub(super) struct Peers {
    current: HashMap<PeerId, Arc<Admitted>>,
    /// Admissions that a newer one has replaced, while calls run under them.
    replaced: Vec<Weak<Admitted>>,
    max: usize,
}

impl Peers {
    pub(super) fn new(max: usize) -> Self {
        Self { current: HashMap::new(), replaced: Vec::new(), max }
    }

    pub(super) fn get(&self, peer: PeerId) -> Option<Arc<Admitted>> {
        self.current.get(&peer).cloned()
    }

    /// Admits the peer, in place of its earlier admission.
    pub(super) fn insert(
        &mut self,
        peer: PeerId,
        admitted: Arc<Admitted>,
        now: Now,
        revocations: &Revocations,
    ) -> Result<(), Denial> {
        if self.current.len() >= self.max && !self.current.contains_key(&peer) {
            self.sweep(now, revocations);
            if self.current.len() >= self.max {
                return Err(Denial::Full);
            }
        }
        if let Some(earlier) = self.current.insert(peer, admitted) {
            earlier.replace();
            self.replaced.retain(|one| one.strong_count() > 0);
            self.replaced.push(Arc::downgrade(&earlier));
        }
        Ok(())
    }

    /// Ends what is over or revoked; returns how many that were.
    pub(super) fn sweep(&mut self, now: Now, revocations: &Revocations) -> usize {
        let before = self.current.len();
        self.current.retain(|_, admitted| !admitted.end_if_due(now, revocations));
        self.replaced.retain(|one| {
            one.upgrade().is_some_and(|admitted| !admitted.end_if_due(now, revocations))
        });
        before - self.current.len()
    }
}
