//! The calls that run in a server of a test.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::runtime::Runtime;

/// The longest wait for a number of calls.
const LIMIT: Duration = Duration::from_secs(30);

/// Counts the calls that run.
#[derive(Clone, Default)]
pub(crate) struct Running(Arc<AtomicUsize>);

/// A call that runs until this is dropped.
pub(crate) struct Run(Running);

impl Running {
    pub(crate) fn begin(&self) -> Run {
        self.0.fetch_add(1, Ordering::SeqCst);
        Run(self.clone())
    }

    /// Waits until this many calls run.
    pub(crate) fn wait_for(&self, calls: usize, runtime: &Runtime) {
        let reached = async {
            while self.0.load(Ordering::SeqCst) != calls {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        runtime.block_on(async {
            let reached = tokio::time::timeout(LIMIT, reached).await;
            reached.unwrap_or_else(|_| panic!("there are never {calls} calls"));
        });
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}
