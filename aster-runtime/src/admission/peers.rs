//! The table of admitted peers.

use std::collections::HashMap;
use std::sync::{Arc, Weak};

use super::admitted::Admitted;
use crate::clock::Now;
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

#[cfg(test)]
mod tests {
    use super::super::tests::{admissions, admit, has_ended, later, node};
    use super::*;

    #[tokio::test]
    async fn b10_each_admission_that_was_replaced_ends_in_its_own_time() {
        let admissions = admissions(10);
        let first = admit(&admissions, 1, 60).await;
        let second = admit(&admissions, 1, 120).await;
        let third = admit(&admissions, 1, 600).await;
        assert!(first.is_replaced() && second.is_replaced() && !third.is_replaced());
        let now = Now::read();
        assert_eq!(admissions.sweep(later(now, 90)), 0, "the peer has a newer one");
        assert!(has_ended(&first).await && !has_ended(&second).await);
        assert_eq!(admissions.sweep(later(now, 150)), 0);
        assert!(has_ended(&second).await && !has_ended(&third).await);
        assert_eq!(admissions.sweep(later(now, 700)), 1);
        assert!(has_ended(&third).await && admissions.current(node(1)).is_none());
    }

    #[tokio::test]
    async fn b16_an_admission_that_nothing_runs_under_is_forgotten_when_it_is_replaced() {
        let admissions = admissions(10);
        for seconds in 60..80 {
            admit(&admissions, 1, seconds).await;
        }
        assert_eq!(
            admissions.peers().replaced.len(),
            1,
            "the last one, for which nobody asked yet"
        );
    }
}
