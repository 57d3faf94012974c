//! Where a handler runs: beside the packets of its connection, or on the
//! program's runtime.
//!
//! A new stream's task is polled once by the task that took the stream. There
//! it reads the header and passes the gates. A handler that has always been
//! quick runs there as well, which saves two changes of thread; everything
//! else goes on as a task of the program's runtime, so that a handler that
//! blocks or computes holds up no other call.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicI32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

thread_local! {
    /// Set while this thread polls a stream's task beside its packets.
    static BESIDE_PACKETS: Cell<bool> = const { Cell::new(false) };
}

/// Polls the task of a new stream for the first time. One that is not done
/// then belongs on the program's runtime, where it is polled again: nothing
/// wakes it here.
pub(super) fn begin<T: Default>(
    app: &Handle,
    task: Pin<&mut impl Future<Output = T>>,
) -> Poll<T> {
    struct Beside(bool);
    impl Drop for Beside {
        fn drop(&mut self) {
            BESIDE_PACKETS.set(self.0);
        }
    }
    // What a handler spawns, and its timers, are the program's.
    let _app = app.enter();
    let _beside = Beside(BESIDE_PACKETS.replace(true));
    let mut cx = Context::from_waker(Waker::noop());
    let polled = std::panic::catch_unwind(AssertUnwindSafe(|| task.poll(&mut cx)));
    // A panic ends this stream, as it would end its task.
    polled.unwrap_or_else(|_panic| Poll::Ready(T::default()))
}

/// Whether this thread polls a stream's task beside its packets.
pub(super) fn is_beside_packets() -> bool {
    BESIDE_PACKETS.get()
}

/// Resolves on the program's runtime; beside the packets, the task that awaits
/// it is moved there.
pub(super) async fn leave() {
    std::future::poll_fn(|_| if is_beside_packets() { Poll::Pending } else { Poll::Ready(()) })
        .await;
}

/// How a method's handler has behaved: how long the first poll of its runs
/// took.
///
/// Each quick run counts one for it, up to [`KNOWN`](Self::KNOWN); a slow one
/// counts many against it, and one that would have held up other calls for
/// long so many that a handler which does that now and then never runs beside
/// packets. A thread that loses its processor for a moment looks the same; it
/// costs a detour, no more.
#[derive(Debug, Default)]
pub(crate) struct Pace(AtomicI32);

impl Pace {
    /// Score of a handler that may run beside packets.
    const QUICK: i32 = 32;
    /// The best score.
    const KNOWN: i32 = 64;
    /// What one slow run counts.
    const SLOW: i32 = 32;
    /// What one run counts that took [`LONG`](Self::LONG) times the bound.
    const VERY_SLOW: i32 = 4096;
    const LONG: u32 = 20;
    /// The worst score: runs until a handler that has mended may try again.
    const WORST: i32 = -65_536;

    /// Whether it may run beside packets.
    pub(super) fn is_quick(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= Self::QUICK
    }

    /// Notes a run. Two that are noted at once may count as one.
    pub(super) fn note(&self, took: Duration, bound: Duration) {
        let score = self.0.load(Ordering::Relaxed);
        let new = if took <= bound {
            (score + 1).min(Self::KNOWN)
        } else if took <= bound * Self::LONG {
            score - Self::SLOW
        } else {
            score - Self::VERY_SLOW
        };
        if new != score {
            self.0.store(new.max(Self::WORST), Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_micros(50);

    fn quick(pace: &Pace, runs: usize) {
        (0..runs).for_each(|_| pace.note(Duration::from_micros(3), BOUND));
    }

    #[test]
    fn a_handler_has_to_prove_itself() {
        let pace = Pace::default();
        quick(&pace, 31);
        assert!(!pace.is_quick());
        quick(&pace, 1);
        assert!(pace.is_quick());
    }

    #[test]
    fn one_slow_run_among_many_is_forgiven_and_two_in_a_row_are_not() {
        let pace = Pace::default();
        quick(&pace, 1000);
        pace.note(BOUND * 2, BOUND);
        assert!(pace.is_quick());
        pace.note(BOUND * 2, BOUND);
        assert!(!pace.is_quick());
    }

    #[test]
    fn a_handler_that_blocks_now_and_then_never_comes_back() {
        let pace = Pace::default();
        quick(&pace, 1000);
        for _ in 0..100 {
            pace.note(Duration::from_millis(20), BOUND);
            assert!(!pace.is_quick());
            quick(&pace, 1000);
            assert!(!pace.is_quick(), "one in a thousand is too many");
        }
        quick(&pace, 70_000);
        assert!(pace.is_quick(), "mended");
    }

    #[test]
    fn what_waits_is_pending_beside_packets_and_done_elsewhere() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut task = Box::pin(leave());
        assert!(begin(runtime.handle(), task.as_mut()).is_pending());
        assert!(!is_beside_packets());
        runtime.block_on(task);
    }

    #[test]
    fn a_panic_ends_the_task_and_not_its_neighbours() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bug = "a bug";
        let mut task = Box::pin(async { assert!(bug.is_empty(), "{bug}") });
        assert!(begin(runtime.handle(), task.as_mut()).is_ready());
        assert!(!is_beside_packets());
    }
}
