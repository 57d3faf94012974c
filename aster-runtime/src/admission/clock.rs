//! The time, in the two ways that an admission is measured.

use std::time::{Duration, Instant, SystemTime};

/// The present moment. A clock that is set back must not make a credential
/// live longer, so an admission is over by whichever of the two says so first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// Seconds since 1970, as credentials count.
    pub(crate) epoch: u64,
    /// Time that only goes forward.
    pub(crate) steady: Instant,
}

impl Now {
    pub(crate) fn read() -> Self {
        let epoch = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        // Before 1970 nothing is valid: every credential has expired.
        let epoch = epoch.map_or(u64::MAX, |since| since.as_secs());
        Self { epoch, steady: Instant::now() }
    }

    /// When `epoch` comes, by the steady clock; `None` beyond its range.
    pub(super) fn steady_at(self, epoch: u64) -> Option<Instant> {
        self.steady.checked_add(Duration::from_secs(epoch.saturating_sub(self.epoch)))
    }
}
