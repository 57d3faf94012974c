//! A bar on standard error while a file is sent.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aster::Pattern;
use indicatif::{ProgressBar, ProgressStyle};
use tokio::task::JoinHandle;

use crate::remote::{InputReader, RemoteMethod};

/// The time between two looks at how far it is.
const INTERVAL: Duration = Duration::from_millis(100);

/// The bar; dropping it takes it away. Nothing is drawn if standard error is
/// no terminal.
pub(super) struct Progress {
    bar: ProgressBar,
    task: JoinHandle<()>,
}

impl Progress {
    /// The progress of a stream of requests that a file holds. Other calls
    /// write as they go, or have nothing to show.
    pub(super) fn of(reader: &InputReader, method: &RemoteMethod) -> Option<Self> {
        let size = reader.size()?;
        if method.pattern != Pattern::ClientStream {
            return None;
        }
        let bar = ProgressBar::new(size);
        let style = ProgressStyle::with_template(
            "{bar:30} {percent:>3} %  {bytes} of {total_bytes}  {bytes_per_sec}  {eta} left",
        );
        if let Ok(style) = style {
            bar.set_style(style);
        }
        let task = tokio::spawn(follow(bar.clone(), reader.position()));
        Some(Self { bar, task })
    }
}

async fn follow(bar: ProgressBar, position: Arc<AtomicU64>) {
    loop {
        bar.set_position(position.load(Ordering::Relaxed));
        tokio::time::sleep(INTERVAL).await;
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.task.abort();
        self.bar.finish_and_clear();
    }
}
