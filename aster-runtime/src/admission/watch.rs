//! Ends admissions while the server runs.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::clock::Now;
use super::{Admissions, RevocationFile};
use crate::limits::ADMISSION_INTERVAL;

/// Ends what is over and reads revocation lists again when their files change,
/// until the server stops.
pub(crate) async fn watch(
    admissions: Arc<Admissions>,
    mut files: Vec<RevocationFile>,
    stop: CancellationToken,
) {
    let mut ticks = tokio::time::interval(ADMISSION_INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if !files.is_empty() {
            let admissions = admissions.clone();
            let read = tokio::task::spawn_blocking(move || {
                for file in &mut files {
                    file.reload(&admissions);
                }
                files
            });
            match read.await {
                Ok(kept) => files = kept,
                Err(_ended) => return,
            }
        }
        let ended = admissions.sweep(Now::read());
        if ended > 0 {
            tracing::info!(ended, "admissions ended");
        }
    }
}
