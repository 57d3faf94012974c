//! What `block_in_place` moves comes back.
//!
//! A handler beside the packets may call `tokio::task::block_in_place`. That
//! hands its worker to a new thread, and since the program's runtime is the
//! current one there, to a thread of the program. There it must not stay: the
//! program's runtime could not end.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use tokio::runtime::Handle;

use super::packets;

/// How long a thread of the program waits to be rid of the packets. It takes
/// as long as starting a thread.
const HANDING_OVER: Duration = Duration::from_secs(1);

#[derive(Default)]
struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Whether the worker of this thread has gone to another one. A task that
/// yields on a worker is woken later, and at once where there is none.
pub(super) fn is_left() -> bool {
    let woken = Arc::<Woken>::default();
    let waker = Waker::from(woken.clone());
    let yielded = pin!(tokio::task::yield_now()).poll(&mut Context::from_waker(&waker));
    yielded.is_pending() && woken.0.load(Ordering::Relaxed)
}

/// Sends the worker that runs this back to a thread of its own runtime, if it
/// is on another one.
pub(super) async fn hand_over(home: Handle) {
    if packets::is_here() {
        return;
    }
    let _home = home.enter();
    tokio::task::block_in_place(|| {
        let (sender, taken) = mpsc::channel();
        home.spawn(async move { sender.send(()) });
        // Something runs there again: the worker has been taken.
        let _ = taken.recv_timeout(HANDING_OVER);
    });
}
