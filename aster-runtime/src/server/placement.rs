//! Where a handler runs: beside the packets of its connection, or on the
//! program's runtime.
//!
//! A new stream's task is polled once by the task that took the stream. There
//! it reads the header and passes the gates, and a handler that has always
//! been quick runs at once. Everything else goes on as a task of the program's
//! runtime: a handler that blocks or computes holds up no packets there. One
//! that does so beside the packets, for the first time, is noticed by
//! [`crate::io`], which has them handled by another thread.

use std::cell::Cell;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

use crate::io::{Beside, Relief, share_last_woken};
use crate::limits::{BLOCKING_RUN, LONG_RUN, QUICK_RUN};

/// Where this thread polls a stream's task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// As a task of its own.
    Apart,
    /// With the streams of its connection.
    Begun(Begins),
}

/// What a handler may do whose stream has just been taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begins {
    /// Leave.
    Elsewhere,
    /// Run here, if it is quick.
    Here,
    /// The same, once no task waits for this thread alone.
    HereWhenShared,
}

/// A handler that has run for less has started no thread.
const NO_THREAD: Duration = Duration::from_micros(2);

thread_local! {
    static PLACE: Cell<Place> = const { Cell::new(Place::Apart) };
    /// A handler has run that may have started a thread.
    static LONG: Cell<bool> = const { Cell::new(false) };
}

/// Where the handlers of a connection may run that have always been quick.
#[derive(Debug)]
pub(super) enum Quick<'a, R> {
    /// On the program's runtime, like all others.
    Apart,
    /// Beside the packets.
    BesidePackets {
        /// Goes on with the streams of the connection if one holds them up.
        relief: &'a Arc<R>,
        /// Whether the task that drives the connection may have been woken by
        /// now, and may still wait for this thread alone.
        woken: bool,
    },
    /// Where their streams are taken: there are no packets.
    Here,
}

/// A task that was polled for the first time.
#[derive(Debug)]
pub(super) struct Begun<T> {
    /// `None`: it goes on as a task of its own.
    pub(super) output: Option<T>,
    /// Packets go on elsewhere, and others may have taken over.
    pub(super) relieved: bool,
}

/// Polls the task of a new stream for the first time. One that is not done
/// then belongs on the program's runtime, where it is polled again.
pub(super) fn begin<T: Default>(
    app: &Handle,
    quick: Quick<'_, impl Relief + 'static>,
    task: Pin<&mut impl Future<Output = T>>,
) -> Begun<T> {
    // What a handler spawns, and its timers, are the program's.
    let _app = app.enter();
    LONG.set(false);
    let (beside, begins) = match quick {
        Quick::Apart => (None, Begins::Elsewhere),
        Quick::Here => (None, Begins::Here),
        Quick::BesidePackets { relief, woken } => match Beside::begin(relief) {
            None => (None, Begins::Elsewhere),
            beside if woken => (beside, Begins::HereWhenShared),
            beside => (beside, Begins::Here),
        },
    };
    let polled = poll_in(Place::Begun(begins), task);
    let relieved = beside.is_some_and(|beside| beside.end(LONG.get()));
    let output = match polled {
        Ok(Poll::Ready(output)) => Some(output),
        Ok(Poll::Pending) => None,
        // A panic ends this stream, as it would end its task.
        Err(_panic) => Some(T::default()),
    };
    Begun { output, relieved }
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
    let mut cx = Context::from_waker(Waker::noop());
    std::panic::catch_unwind(AssertUnwindSafe(|| task.poll(&mut cx)))
}

/// Resolves on the program's runtime; beside the packets, the task that awaits
/// it is moved there.
pub(super) async fn leave() {
    std::future::poll_fn(|_| match PLACE.get() {
        Place::Apart => Poll::Ready(()),
        Place::Begun(_) => Poll::Pending,
    })
    .await;
}

/// Resolves where a handler may run; `quick` ones stay where they are, if they
/// may.
pub(super) async fn place(quick: bool) {
    match PLACE.get() {
        Place::Begun(Begins::Here) if quick => {}
        Place::Begun(Begins::HereWhenShared) if quick => share_last_woken(),
        _ => leave().await,
    }
}

/// Notes how long a handler was polled.
pub(super) fn note_poll(took: Duration) {
    if took > NO_THREAD {
        LONG.set(true);
    }
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

    struct Nobody;

    impl Relief for Nobody {
        fn take_over(self: Arc<Self>) {}
    }

    /// Begins a handler; whether it was done where it began.
    fn is_done(quick: Quick<'_, Nobody>, task: Pin<&mut impl Future<Output = ()>>) -> bool {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        begin(runtime.handle(), quick, task).output.is_some()
    }

    #[test]
    fn what_leaves_is_not_done_beside_packets_and_done_elsewhere() {
        let mut slow = Box::pin(place(false));
        assert!(!is_done(Quick::Here, slow.as_mut()));
        assert!(is_done(Quick::Here, Box::pin(place(true)).as_mut()));
        // Nothing may stay on a thread that has no packets.
        let relief = Arc::new(Nobody);
        let beside = Quick::BesidePackets { relief: &relief, woken: true };
        for quick in [Quick::Apart, beside] {
            assert!(!is_done(quick, Box::pin(place(true)).as_mut()));
        }
        assert_eq!(PLACE.get(), Place::Apart);
        tokio_test::block_on(slow);
    }

    #[test]
    fn a_panic_ends_the_task_and_not_its_neighbours() {
        let bug = "a bug";
        let mut task = Box::pin(async { assert!(bug.is_empty(), "{bug}") });
        assert!(is_done(Quick::Here, task.as_mut()));
        assert_eq!(PLACE.get(), Place::Apart);
    }
}
