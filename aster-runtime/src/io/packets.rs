//! The thread of the packets, and the spare one beside it.

use std::cell::Cell;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::runtime::{Builder, Handle, Runtime};

use super::home;
use super::watch::{Relief, Run, Watch};

thread_local! {
    /// Whether this is a thread of the packets' runtime.
    static HERE: Cell<bool> = const { Cell::new(false) };
}

/// What drives the connections of a process: a runtime of two threads. One
/// handles the packets, first come, first served. The other is spare: it is
/// kept out of the runtime for as long as the first is not held up, so that
/// nothing is ever shared between the two.
pub(crate) struct Packets {
    runtime: Runtime,
    watch: Arc<Watch>,
}

/// Started on first use and never ended.
static PACKETS: OnceLock<Packets> = OnceLock::new();
static STARTING: Mutex<()> = Mutex::new(());

impl Packets {
    /// Those of this process.
    ///
    /// # Errors
    /// The operating system's error when a thread cannot be started.
    pub(crate) fn start() -> std::io::Result<&'static Self> {
        let _one = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = PACKETS.get() {
            return Ok(running);
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("aster-io")
            .on_thread_start(|| HERE.set(true))
            .enable_all()
            .build()?;
        let watch = Arc::<Watch>::default();
        runtime.spawn(keep_spare(watch.clone()));
        Ok(PACKETS.get_or_init(|| Self { runtime, watch }))
    }

    /// The same, if they were started before.
    pub(crate) fn running() -> Option<&'static Self> {
        PACKETS.get()
    }

    /// The runtime.
    pub(crate) fn handle(&self) -> Handle {
        self.runtime.handle().clone()
    }
}

/// Something runs beside the packets.
pub(crate) struct Beside {
    packets: &'static Packets,
    run: Run<'static>,
}

impl Beside {
    /// Begins to run something that may block. `None`: this is no place for it.
    pub(crate) fn begin(relief: &Arc<impl Relief + 'static>) -> Option<Self> {
        if !HERE.get() {
            return None;
        }
        let packets = Packets::running()?;
        let run = packets.watch.begin(relief)?;
        Some(Self { packets, run })
    }

    /// Ends it. `true`: packets go on elsewhere, and its relief may have taken
    /// over. `long`: it took long enough to have started a thread.
    pub(crate) fn end(self, long: bool) -> bool {
        let Self { packets, run } = self;
        let left = long && home::is_left();
        if left {
            packets.runtime.spawn(home::hand_over(packets.handle()));
        }
        run.end() || left
    }
}

/// To be called right before what may block: a task that was woken last would
/// otherwise wait for this thread alone.
pub(crate) fn share_last_woken() {
    if let (true, Some(packets)) = (HERE.get(), Packets::running()) {
        packets.runtime.spawn(std::future::ready(()));
    }
}

/// Whether this is a thread of the packets' runtime.
pub(super) fn is_here() -> bool {
    HERE.get()
}

/// Keeps one of the two threads out of the runtime, whichever comes to it.
async fn keep_spare(watch: Arc<Watch>) {
    let home = Handle::current();
    loop {
        // Not a thread of the program: it may never end then.
        while !HERE.get() {
            home::hand_over(home.clone()).await;
            tokio::task::yield_now().await;
        }
        tokio::spawn(home::hand_over(home.clone()));
        // What waits for this thread alone goes to the other.
        tokio::spawn(std::future::ready(()));
        let stuck = watch.look();
        tracing::warn!("a handler holds up its thread; packets and other calls go on elsewhere");
        watch.until_ended(stuck).await;
    }
}
