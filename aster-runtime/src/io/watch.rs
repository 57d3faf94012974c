//! Notices that what runs beside the packets holds them up.
//!
//! The packets' thread says when it begins and ends something that could
//! block. A second thread, the spare, looks at it now and then; while nothing
//! is begun, it sleeps. When it sees the same run twice, that run holds up the
//! packets: from then on nothing runs beside packets, and the spare thread
//! takes them over, until the run has ended.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, Thread};

use tokio::sync::Notify;

use crate::limits::HELD_UP;

/// Looks without a new run after which the spare thread sleeps.
const QUIET_LOOKS: u32 = 250;

/// What else has to go on when a run holds up its thread.
pub(crate) trait Relief: Send + Sync {
    /// Goes on elsewhere with what the thread of the run would do next. Called
    /// on the runtime of the packets, at most once for a run.
    fn take_over(self: Arc<Self>);
}

/// What the two threads tell each other.
#[derive(Default)]
pub(crate) struct Watch {
    /// Begins and ends of runs: odd while there is one.
    runs: AtomicU64,
    /// The spare thread looks.
    looking: AtomicBool,
    /// The spare thread is in its place: runs may begin.
    open: AtomicBool,
    /// Who is to be told of the next run.
    spare: Mutex<Option<Thread>>,
    /// Of the run that began last.
    relief: Mutex<Option<Weak<dyn Relief>>>,
    /// A run has ended that held up the packets.
    ended: Notify,
}

/// Something that may hold up the packets; it ends when it is dropped, at the
/// latest.
pub(crate) struct Run<'a> {
    watch: &'a Watch,
    ended: bool,
}

/// The run that holds up the packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stuck(u64);

impl Watch {
    /// Begins a run on the packets' thread; `None`: not now. If it holds up the packets, `relief` takes over.
    pub(crate) fn begin(&self, relief: &Arc<impl Relief + 'static>) -> Option<Run<'_>> {
        if !self.open.load(Ordering::Relaxed) {
            return None;
        }
        {
            let mut registered = lock(&self.relief);
            let known = registered
                .as_ref()
                .is_some_and(|known| std::ptr::addr_eq(Weak::as_ptr(known), Arc::as_ptr(relief)));
            if !known {
                let relief: Weak<dyn Relief> = Arc::<_>::downgrade(relief) as Weak<_>;
                *registered = Some(relief);
            }
        }
        self.runs.fetch_add(1, Ordering::SeqCst);
        if !self.looking.load(Ordering::SeqCst) {
            self.looking.store(true, Ordering::SeqCst);
            if let Some(spare) = &*lock(&self.spare) {
                spare.unpark();
            }
        }
        Some(Run { watch: self, ended: false })
    }

    /// Keeps the calling thread spare until a run holds up the packets, whose
    /// relief has been called then.
    pub(super) fn look(&self) -> Stuck {
        *lock(&self.spare) = Some(thread::current());
        self.open.store(true, Ordering::SeqCst);
        let mut last = 0;
        let mut quiet = 0;
        loop {
            let now = self.runs.load(Ordering::SeqCst);
            if now != last {
                (last, quiet) = (now, 0);
            } else if now % 2 == 1 {
                if self.relieve(Stuck(now)) {
                    return Stuck(now);
                }
            } else {
                quiet += 1;
            }
            if quiet < QUIET_LOOKS {
                thread::park_timeout(HELD_UP);
                continue;
            }
            quiet = 0;
            self.looking.store(false, Ordering::SeqCst);
            // One that began before it could know rings no bell.
            if self.runs.load(Ordering::SeqCst) == last {
                while !self.looking.load(Ordering::SeqCst) {
                    thread::park();
                }
            }
            self.looking.store(true, Ordering::SeqCst);
        }
    }

    /// Closes, and calls the relief of the run, unless that has just ended.
    fn relieve(&self, stuck: Stuck) -> bool {
        // A run that ends meanwhile waits for this.
        let relief = lock(&self.relief);
        self.open.store(false, Ordering::SeqCst);
        if !self.is_stuck(stuck) {
            self.open.store(true, Ordering::SeqCst);
            return false;
        }
        if let Some(relief) = relief.as_ref().and_then(Weak::upgrade) {
            relief.take_over();
        }
        true
    }

    fn is_stuck(&self, Stuck(run): Stuck) -> bool {
        self.runs.load(Ordering::SeqCst) == run
    }

    /// Waits for the end of a run.
    pub(super) async fn until_ended(&self, stuck: Stuck) {
        while self.is_stuck(stuck) {
            self.ended.notified().await;
        }
    }
}

impl Run<'_> {
    /// Ends it. `true`: it may have held up the packets, and its relief may
    /// have been called.
    pub(crate) fn end(mut self) -> bool {
        self.over()
    }

    fn over(&mut self) -> bool {
        self.ended = true;
        self.watch.runs.fetch_add(1, Ordering::SeqCst);
        let held_up = !self.watch.open.load(Ordering::SeqCst);
        if held_up {
            drop(lock(&self.watch.relief));
            self.watch.ended.notify_one();
        }
        held_up
    }
}

impl Drop for Run<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.over();
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    struct Bell(Mutex<mpsc::Sender<()>>);

    impl Relief for Bell {
        fn take_over(self: Arc<Self>) {
            lock(&self.0).send(()).unwrap();
        }
    }

    fn bell() -> (Arc<Bell>, mpsc::Receiver<()>) {
        let (sender, rung) = mpsc::channel();
        (Arc::new(Bell(Mutex::new(sender))), rung)
    }

    /// A watch whose spare thread is in its place, and what that found.
    fn watched() -> (Arc<Watch>, thread::JoinHandle<Stuck>) {
        let watch = Arc::new(Watch::default());
        let spare = thread::spawn({
            let watch = watch.clone();
            move || watch.look()
        });
        while !watch.open.load(Ordering::SeqCst) {
            thread::yield_now();
        }
        (watch, spare)
    }

    #[test]
    fn nothing_runs_beside_packets_before_the_spare_thread_is_there() {
        let (relief, _rung) = bell();
        assert!(Watch::default().begin(&relief).is_none());
    }

    #[test]
    fn a_run_that_does_not_end_is_relieved_and_nothing_else_begins() {
        let (watch, spare) = watched();
        let (relief, rung) = bell();
        let run = watch.begin(&relief).unwrap();
        rung.recv().unwrap();
        let stuck = spare.join().unwrap();
        assert!(watch.is_stuck(stuck));
        assert!(watch.begin(&relief).is_none());
        assert!(run.end());
        assert!(!watch.is_stuck(stuck));
        futures::executor::block_on(watch.until_ended(stuck));
    }

    #[test]
    fn runs_that_end_are_left_alone_and_wake_the_spare_thread_when_it_sleeps() {
        let (watch, spare) = watched();
        let (relief, rung) = bell();
        for _ in 0..1000 {
            // A machine that takes the processor away looks like a long run.
            let Some(run) = watch.begin(&relief) else { break };
            if run.end() {
                break;
            }
        }
        while watch.looking.load(Ordering::SeqCst) && !spare.is_finished() {
            thread::yield_now();
        }
        if let Some(run) = watch.begin(&relief) {
            rung.recv().unwrap();
            drop(run);
        }
        spare.join().unwrap();
    }

    #[test]
    fn the_relief_is_that_of_the_run_that_began_last() {
        let (watch, spare) = watched();
        let (first, rung_first) = bell();
        let (second, rung_second) = bell();
        if watch.begin(&first).is_some_and(Run::end) {
            return;
        }
        let Some(run) = watch.begin(&second) else { return };
        rung_second.recv().unwrap();
        spare.join().unwrap();
        drop(run);
        assert!(rung_first.try_recv().is_err());
    }
}
