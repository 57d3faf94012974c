//! How much memory the messages of peers may take together, beyond the limit
//! on each of them.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Bytes that may be held at once; a part of a larger budget if it has a
/// parent.
#[derive(Debug)]
pub(crate) struct Budget {
    left: AtomicUsize,
    parent: Option<Arc<Self>>,
}

/// No room for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many large messages at once; send fewer, or smaller ones")]
pub(crate) struct Exhausted;

impl Budget {
    pub(crate) fn new(bytes: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(bytes), parent: None })
    }

    /// A budget of its own that also counts against this one.
    pub(crate) fn part(self: &Arc<Self>, bytes: usize) -> Arc<Self> {
        Arc::new(Self { left: AtomicUsize::new(bytes), parent: Some(self.clone()) })
    }

    /// A reservation of nothing yet.
    pub(crate) fn reservation(self: &Arc<Self>) -> Reservation {
        Reservation { budget: self.clone(), held: 0 }
    }

    fn take(&self, bytes: usize) -> Result<(), Exhausted> {
        self.left
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(bytes))
            .map_err(|_| Exhausted)?;
        if let Some(parent) = &self.parent
            && let Err(exhausted) = parent.take(bytes)
        {
            self.left.fetch_add(bytes, Ordering::AcqRel);
            return Err(exhausted);
        }
        Ok(())
    }

    fn give_back(&self, bytes: usize) {
        self.left.fetch_add(bytes, Ordering::AcqRel);
        if let Some(parent) = &self.parent {
            parent.give_back(bytes);
        }
    }
}

/// Bytes held by one message; given back when dropped.
#[derive(Debug)]
pub(crate) struct Reservation {
    budget: Arc<Budget>,
    held: usize,
}

impl Reservation {
    /// Makes it hold at least this many bytes.
    pub(crate) fn grow_to(&mut self, bytes: usize) -> Result<(), Exhausted> {
        if let Some(more) = bytes.checked_sub(self.held).filter(|more| *more > 0) {
            self.budget.take(more)?;
            self.held = bytes;
        }
        Ok(())
    }

    /// What it holds, as a reservation of its own; none if it holds nothing.
    pub(crate) fn take(&mut self) -> Option<Self> {
        let rest = self.budget.reservation();
        (self.held > 0).then(|| std::mem::replace(self, rest))
    }

    /// Gives everything back.
    pub(crate) fn release(&mut self) {
        if self.held > 0 {
            self.budget.give_back(std::mem::take(&mut self.held));
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.release();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_bounded_by_itself_and_by_the_whole() {
        let whole = Budget::new(100);
        let (a, b) = (whole.part(80), whole.part(80));
        let (mut first, mut second) = (a.reservation(), b.reservation());
        assert_eq!(first.grow_to(81), Err(Exhausted));
        assert_eq!(first.grow_to(80), Ok(()));
        assert_eq!(second.grow_to(21), Err(Exhausted), "the whole is at its end");
        assert_eq!(second.grow_to(20), Ok(()));
        drop(first);
        assert_eq!(second.grow_to(80), Ok(()), "what was dropped is free again");
        second.release();
        assert_eq!(whole.left.load(Ordering::SeqCst), 100);
        assert_eq!(b.left.load(Ordering::SeqCst), 80);
    }
}
