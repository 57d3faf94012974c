//! When a call must be done. Deadlines cross the wire as Unix milliseconds and
//! are kept as instants of the monotonic clock, so a clock that is set while
//! calls run does not cut them.

use std::pin::Pin;
use std::task::Poll;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use crate::clock::Now;
use crate::status::Status;

tokio::task_local! {
    /// The deadline of the handler that this task runs, inherited by the calls
    /// it makes.
    static INHERITED: Option<Deadline>;
}

/// The instant by which a call must be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(Instant);

impl Deadline {
    /// The deadline `timeout` from now.
    #[must_use]
    pub fn after(timeout: Duration) -> Self {
        Self::starting(Instant::now(), timeout)
    }

    /// The deadline `timeout` after `start`.
    pub(crate) fn starting(start: Instant, timeout: Duration) -> Self {
        // Centuries ahead is as good as no deadline and does not overflow.
        const FAR: Duration = Duration::from_secs(100 * 365 * 24 * 3600);
        Self(start + timeout.min(FAR))
    }

    /// Reads the wire form: zero or less means none.
    #[must_use]
    pub fn from_epoch_ms(ms: i64) -> Option<Self> {
        Self::from_wire(ms, Now::read())
    }

    /// The same for what arrived `now`.
    pub(crate) fn from_wire(ms: i64, now: Now) -> Option<Self> {
        let ms = u64::try_from(ms).ok().filter(|ms| *ms > 0)?;
        let ahead = Duration::from_millis(ms).saturating_sub(now.since_epoch);
        Some(Self::starting(now.steady, ahead))
    }

    /// The wire form, in Unix milliseconds, rounded up.
    #[must_use]
    pub fn to_epoch_ms(self) -> i64 {
        self.to_wire(Now::read())
    }

    /// The same for what leaves `now`.
    pub(crate) fn to_wire(self, now: Now) -> i64 {
        let remaining = self.0.saturating_duration_since(now.steady);
        let at = now.since_epoch + remaining + Duration::from_micros(999);
        i64::try_from(at.as_millis()).unwrap_or(i64::MAX).max(1)
    }

    /// How long until then; zero if it has passed.
    #[must_use]
    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Whether it has passed.
    #[must_use]
    pub fn has_passed(self) -> bool {
        self.remaining().is_zero()
    }

    pub(crate) fn instant(self) -> Instant {
        self.0
    }

    /// The deadline of the handler running in this task, if it has one.
    pub(crate) fn inherited() -> Option<Self> {
        INHERITED.try_with(|deadline| *deadline).ok().flatten()
    }

    /// Runs `work` so that the calls it makes inherit `deadline`.
    pub(crate) async fn scope<F: Future>(deadline: Option<Self>, work: F) -> F::Output {
        INHERITED.scope(deadline, work).await
    }
}

/// Runs `work` until `end`; `None` when its time was up. Work that is done at
/// once asks no clock and sets no timer.
pub(crate) async fn limited<F: Future>(
    mut work: Pin<&mut F>,
    end: impl FnOnce() -> Instant,
) -> Option<F::Output> {
    let done = std::future::poll_fn(|cx| Poll::Ready(work.as_mut().poll(cx)));
    if let Poll::Ready(output) = done.await {
        return Some(output);
    }
    timeout_at(end(), work).await.ok()
}

/// What a call is answered with when its deadline has passed.
pub(crate) fn deadline_exceeded() -> Status {
    Status::deadline_exceeded("deadline exceeded")
}

/// The earlier of two deadlines, where `None` means none.
pub(crate) fn earlier(a: Option<Deadline>, b: Option<Deadline>) -> Option<Deadline> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_form_survives_the_way_there_and_back() {
        let deadline = Deadline::after(Duration::from_secs(5));
        let back = Deadline::from_epoch_ms(deadline.to_epoch_ms()).unwrap();
        let apart = back.0.max(deadline.0) - back.0.min(deadline.0);
        assert!(apart < Duration::from_millis(50), "{apart:?}");
    }

    #[test]
    fn none_past_and_far_values_are_handled() {
        assert!(Deadline::from_epoch_ms(0).is_none());
        assert!(Deadline::from_epoch_ms(-5).is_none());
        assert!(Deadline::from_epoch_ms(i64::MIN).is_none());
        assert!(Deadline::from_epoch_ms(1).unwrap().has_passed());
        assert!(!Deadline::from_epoch_ms(i64::MAX).unwrap().has_passed());
        assert!(Deadline::after(Duration::MAX).to_epoch_ms() > 0);
    }
}
