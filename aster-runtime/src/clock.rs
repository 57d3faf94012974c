//! The time, in the two ways that deadlines and admissions are measured.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// The present moment, read once for all that a call asks of it. A clock that
/// is set back must not make a credential live longer, so an admission is over
/// by whichever of the two says so first.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Now {
    /// Seconds since 1970, as credentials count.
    pub(crate) epoch: u64,
    /// The same in full, as deadlines cross the wire.
    pub(crate) since_epoch: Duration,
    /// Time that only goes forward.
    pub(crate) steady: Instant,
}

impl Now {
    pub(crate) fn read() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            // Before 1970 nothing is valid: every credential has expired.
            epoch: since.as_ref().map_or(u64::MAX, Duration::as_secs),
            since_epoch: since.unwrap_or_default(),
            steady: Instant::now(),
        }
    }

    /// When `epoch` comes, by the steady clock; `None` beyond its range.
    pub(crate) fn steady_at(self, epoch: u64) -> Option<Instant> {
        self.steady.checked_add(Duration::from_secs(epoch.saturating_sub(self.epoch)))
    }
}
