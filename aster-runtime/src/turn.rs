//! How long a source that is always ready may keep its task to itself.

use std::time::{Duration, Instant};

/// Writes until others have their turn.
const WRITES: u32 = 4;

/// A source that takes this long ends its turn with the next write.
const LONG: Duration = Duration::from_millis(1);

/// The turn of a task that would otherwise not wait: it must see that it is
/// cancelled, or late, and let others run.
#[derive(Debug)]
pub(crate) struct Turn {
    began: Instant,
    writes: u32,
}

impl Turn {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), writes: 0 }
    }

    /// After a write: ends the turn if it is time.
    pub(crate) async fn written(&mut self) {
        self.writes += 1;
        if self.writes >= WRITES || self.began.elapsed() >= LONG {
            tokio::task::yield_now().await;
            *self = Self::new();
        }
    }
}
