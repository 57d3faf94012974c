//! Calls that run in the background.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;
use tokio::task::JoinHandle;

use super::listing::Listing;
use crate::failure::Failure;

/// Most jobs at a time.
const MAX_JOBS: usize = 32;

/// The jobs by number.
#[derive(Default)]
pub(super) struct Jobs {
    running: Vec<Job>,
    last: usize,
}

struct Job {
    number: usize,
    line: String,
    received: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl Jobs {
    /// The number of the next job.
    ///
    /// # Errors
    /// There are too many.
    pub(super) fn next(&mut self) -> Result<usize, Failure> {
        self.forget_ended();
        if self.running.len() >= MAX_JOBS {
            return Err(Failure::usage(format!("{MAX_JOBS} jobs run already"))
                .hint("`jobs` lists them, `stop N` ends one"));
        }
        self.last += 1;
        Ok(self.last)
    }

    pub(super) fn add(
        &mut self,
        number: usize,
        line: &str,
        received: Arc<AtomicU64>,
        task: JoinHandle<()>,
    ) {
        self.running.push(Job { number, line: line.to_owned(), received, task });
    }

    pub(super) fn numbers(&self) -> Vec<usize> {
        let running = self.running.iter().filter(|job| !job.task.is_finished());
        running.map(|job| job.number).collect()
    }

    pub(super) fn list(&mut self) -> Listing {
        self.forget_ended();
        let mut listing = Listing::new(&["job", "received", "line"]);
        for job in &self.running {
            let received = job.received.load(Ordering::Relaxed);
            listing.row([json!(job.number), json!(received), json!(job.line)]);
        }
        if listing.is_empty() {
            listing.note = "nothing runs in the background".into();
        }
        listing
    }

    /// Ends a job; dropping its call cancels it at the server. Says how many
    /// responses it got.
    ///
    /// # Errors
    /// There is no such job.
    pub(super) async fn stop(&mut self, number: &str) -> Result<u64, Failure> {
        self.forget_ended();
        let wanted: Option<usize> = number.parse().ok();
        let at = self.running.iter().position(|job| Some(job.number) == wanted);
        let Some(at) = at else {
            return Err(Failure::not_found(format!("there is no job {number}"))
                .hint("`jobs` lists what runs"));
        };
        let job = self.running.remove(at);
        job.task.abort();
        let _ = job.task.await;
        Ok(job.received.load(Ordering::Relaxed))
    }

    fn forget_ended(&mut self) {
        self.running.retain(|job| !job.task.is_finished());
    }
}

impl Drop for Jobs {
    fn drop(&mut self) {
        for job in &self.running {
            job.task.abort();
        }
    }
}
