//! Where a handler runs: beside the packets of its connection, or on the
//! program's runtime.
//!
//! A new stream's task is polled once by the task that took the stream. There
//! it reads the header and passes the gates. It goes on as a task of the
//! program's runtime, so that a handler that blocks or computes holds up no
//! packets; calls of handlers that have always been quick, and begin together,
//! go there together. Where the program says so, and where there are no
//! packets, those run at once and save the changes of thread.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::atomic::{AtomicI32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::limits::{BLOCKING_RUN, LONG_RUN, QUICK_RUN};

/// Where this thread polls a stream's task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// As a task of its own.
    Apart,
    BesidePackets,
    /// With others on the program's runtime.
    InBatch,
}

thread_local! {
    static PLACE: Cell<Place> = const { Cell::new(Place::Apart) };
    /// What the task that was polled last asked for when it was not done: to
    /// leave together with others, or to come back with them.
    static TOGETHER: Cell<bool> = const { Cell::new(false) };
    /// Whether quick handlers may run where the streams of their connection
    /// are taken.
    static STAY: Cell<bool> = const { Cell::new(false) };
}

/// Polls a task once, in a place. Nothing wakes it there.
fn poll_in<T>(
    place: Place,
    task: Pin<&mut impl Future<Output = T>>,
) -> std::thread::Result<Poll<T>> {
    struct Before(Place);
    impl Drop for Before {
        fn drop(&mut self) {
            PLACE.set(self.0);
        }
    }
    let _before = Before(PLACE.replace(place));
    TOGETHER.set(false);
    let mut cx = Context::from_waker(Waker::noop());
    std::panic::catch_unwind(AssertUnwindSafe(|| task.poll(&mut cx)))
}

/// Where a task goes on that was polled for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Begun<T> {
    Done(T),
    /// By itself.
    Apart,
    /// With others like it.
    Together,
}

/// Polls the task of a new stream for the first time. One that is not done
/// then belongs on the program's runtime, where it is polled again.
/// `stay`: the handler may run here if it is quick.
pub(super) fn begin<T: Default>(
    app: &Handle,
    stay: bool,
    task: Pin<&mut impl Future<Output = T>>,
) -> Begun<T> {
    STAY.set(stay);
    // What a handler spawns, and its timers, are the program's.
    let _app = app.enter();
    match poll_in(Place::BesidePackets, task) {
        Ok(Poll::Ready(output)) => Begun::Done(output),
        Ok(Poll::Pending) if TOGETHER.get() => Begun::Together,
        Ok(Poll::Pending) => Begun::Apart,
        // A panic ends this stream, as it would end its task.
        Err(_panic) => Begun::Done(T::default()),
    }
}

/// Polls a task of a batch on the program's runtime.
pub(super) fn in_batch<T: Default>(task: Pin<&mut impl Future<Output = T>>) -> Poll<T> {
    poll_in(Place::InBatch, task).unwrap_or_else(|_panic| Poll::Ready(T::default()))
}

/// Whether the task of a batch that was polled last has its answer ready.
pub(super) fn may_return() -> bool {
    TOGETHER.get()
}

/// Whether a quick handler may run where its task is polled.
pub(super) fn may_stay() -> bool {
    PLACE.get() != Place::BesidePackets || STAY.get()
}

/// Resolves on the program's runtime; beside the packets, the task that awaits
/// it is moved there.
pub(super) async fn leave() {
    leave_as(false).await;
}

/// The same; `quick` ones are moved together.
pub(super) async fn leave_as(quick: bool) {
    move_from(Place::BesidePackets, quick).await;
}

/// Lets a task of a batch go on beside the packets; others go on where they
/// are.
pub(super) async fn come_back() {
    move_from(Place::InBatch, true).await;
}

async fn move_from(place: Place, together: bool) {
    std::future::poll_fn(|_| {
        if PLACE.get() != place {
            return Poll::Ready(());
        }
        TOGETHER.set(together);
        Poll::Pending
    })
    .await;
}

/// The first poll of a handler.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FirstPoll {
    pub(crate) took: Duration,
    /// It was the only one.
    pub(crate) done: bool,
    pub(crate) panicked: bool,
}

/// How a method's handler has behaved when it was polled for the first time.
///
/// Each run that was done then, and quick, counts one for it, up to
/// [`KNOWN`](Self::KNOWN). Slow ones and those that wait count many against
/// it, and a long one so many that a handler which takes long now and then is
/// never taken for a quick one. A thread that loses its processor for a moment
/// looks the same; it costs a detour, no more. One that has blocked for as
/// long as no pause of a thread takes, or has panicked, is not trusted again.
#[derive(Debug, Default)]
pub(crate) struct Pace(AtomicI32);

impl Pace {
    /// Score of a quick handler.
    const QUICK: i32 = 32;
    /// The best score.
    const KNOWN: i32 = 64;
    /// What a run counts that is not quick.
    const SLOW: i32 = 32;
    /// What a long run counts.
    const LONG: i32 = 4096;
    /// The worst score that can be mended.
    const WORST: i32 = -65_536;

    /// Whether it has been quick so far.
    pub(super) fn is_quick(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= Self::QUICK
    }

    pub(super) fn note(&self, run: FirstPoll) {
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |score| {
            if score == i32::MIN || run.panicked || run.took > BLOCKING_RUN {
                return Some(i32::MIN).filter(|new| *new != score);
            }
            let new = if run.took > LONG_RUN {
                (score - Self::LONG).max(Self::WORST)
            } else if run.took > QUICK_RUN || !run.done {
                (score - Self::SLOW).max(Self::WORST)
            } else {
                (score + 1).min(Self::KNOWN)
            };
            Some(new).filter(|new| *new != score)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(took: Duration) -> FirstPoll {
        FirstPoll { took, done: true, panicked: false }
    }

    fn quick(pace: &Pace, runs: usize) {
        (0..runs).for_each(|_| pace.note(run(Duration::from_micros(3))));
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
        pace.note(run(QUICK_RUN * 2));
        assert!(pace.is_quick());
        pace.note(run(QUICK_RUN * 2));
        assert!(!pace.is_quick());
    }

    #[test]
    fn a_handler_that_waits_is_none() {
        let pace = Pace::default();
        for _ in 0..1000 {
            pace.note(FirstPoll { done: false, ..run(Duration::from_micros(1)) });
        }
        assert!(!pace.is_quick());
    }

    #[test]
    fn a_handler_that_takes_long_now_and_then_never_comes_back() {
        let pace = Pace::default();
        quick(&pace, 1000);
        for _ in 0..100 {
            pace.note(run(Duration::from_millis(20)));
            assert!(!pace.is_quick());
            quick(&pace, 1000);
            assert!(!pace.is_quick(), "one in a thousand is too many");
        }
        quick(&pace, 70_000);
        assert!(pace.is_quick(), "mended");
    }

    #[test]
    fn a_handler_that_has_blocked_or_panicked_is_never_trusted_again() {
        let panicked = FirstPoll { panicked: true, ..run(Duration::ZERO) };
        for last in [run(Duration::from_millis(60)), panicked] {
            let pace = Pace::default();
            quick(&pace, 100);
            pace.note(last);
            quick(&pace, 200_000);
            assert!(!pace.is_quick());
        }
    }

    #[test]
    fn what_leaves_is_not_done_beside_packets_and_done_elsewhere() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut task = Box::pin(leave());
        assert_eq!(begin(runtime.handle(), false, task.as_mut()), Begun::Apart);
        let mut quick = Box::pin(leave_as(true));
        assert_eq!(begin(runtime.handle(), false, quick.as_mut()), Begun::Together);
        assert_eq!(PLACE.get(), Place::Apart);
        runtime.block_on(task);
        assert!(in_batch(quick.as_mut()).is_ready());
    }

    #[test]
    fn the_answers_of_a_batch_come_back() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let mut answered = Box::pin(come_back());
        assert!(in_batch(answered.as_mut()).is_pending() && may_return());
        assert_eq!(begin(runtime.handle(), false, answered.as_mut()), Begun::Done(()));
        let mut waiting = Box::pin(std::future::pending::<()>());
        assert!(in_batch(waiting.as_mut()).is_pending() && !may_return());
    }

    #[test]
    fn a_panic_ends_the_task_and_not_its_neighbours() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let bug = "a bug";
        let mut task = Box::pin(async { assert!(bug.is_empty(), "{bug}") });
        assert_eq!(begin(runtime.handle(), false, task.as_mut()), Begun::Done(()));
        assert_eq!(PLACE.get(), Place::Apart);
    }
}
