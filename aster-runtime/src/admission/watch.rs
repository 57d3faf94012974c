//! Ends admissions while the server runs.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::{Admissions, RevocationFile};
use crate::clock::Now;
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

#[cfg(test)]
mod tests {
    use super::super::tests::{admissions, admit, ends, node, root};
    use super::*;
    use crate::trust::RevocationList;

    #[tokio::test]
    async fn b10_what_is_over_is_ended_until_the_server_stops() {
        let admissions = Arc::new(admissions(10));
        let short = admit(&admissions, 1, 1).await;
        let stop = CancellationToken::new();
        let watching = tokio::spawn(watch(admissions.clone(), Vec::new(), stop.clone()));
        ends(&short).await;
        assert!(admissions.current(node(1)).is_none());
        assert!(!watching.is_finished());
        stop.cancel();
        watching.await.unwrap();
    }

    #[tokio::test]
    async fn a23_a_list_that_is_put_in_the_place_of_another_ends_what_it_names() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("revoked.json");
        let admissions = Arc::new(admissions(10));
        let list = RevocationList::first(&root(), 1, [], []).unwrap();
        list.save(&path).unwrap();
        let file = RevocationFile::open(&path, &admissions).unwrap();
        let admitted = admit(&admissions, 1, 600).await;
        let stop = CancellationToken::new();
        let watching = tokio::spawn(watch(admissions.clone(), vec![file], stop.clone()));
        list.next(&root(), 2, [], [node(1)]).unwrap().save(&path).unwrap();
        ends(&admitted).await;
        assert!(admissions.is_revoked(&node(1)));
        stop.cancel();
        watching.await.unwrap();
    }
}
