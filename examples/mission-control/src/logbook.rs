//! The log entries of all agents, and everybody who follows them.
//!
//! There is one copy of each entry. A follower is a position in the book, so
//! writing costs the same with a thousand followers as with none and never
//! waits for one. The book forgets its oldest entries; a follower that has not
//! read them by then is told, and its stream ends.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aster::Status;
use futures::future::BoxFuture;
use futures::{FutureExt, Stream};
use tokio::sync::watch;

use crate::level::Level;
use crate::types::{LogEntry, TailRequest};

/// Entries that a new follower is given first.
pub(crate) const REPLAYED_ENTRIES: u64 = 1000;

/// Entries kept for followers that are behind.
const KEPT_ENTRIES: usize = 16 * 1024;

/// Text kept for followers that are behind, in bytes.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// Longest entry, in bytes of text.
const MAX_ENTRY_BYTES: usize = 64 * 1024;

#[derive(Debug, Default)]
pub(crate) struct LogBook {
    pages: Mutex<Pages>,
    /// The number of the entry to come, for followers to wait for.
    next: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Pages {
    entries: VecDeque<Page>,
    /// How many entries were forgotten: the number of the first one kept.
    first: u64,
    bytes: usize,
}

#[derive(Debug)]
struct Page {
    level: Level,
    entry: LogEntry,
}

impl LogBook {
    /// Adds an entry, for all followers.
    pub(crate) fn add(&self, entry: LogEntry) -> Result<(), Status> {
        let level: Level = entry.level.parse()?;
        let bytes = size(&entry);
        if bytes > MAX_ENTRY_BYTES {
            return Err(Status::invalid_argument(format!(
                "the entry has {bytes} bytes of text; {MAX_ENTRY_BYTES} is the most"
            )));
        }
        let mut pages = self.pages();
        pages.bytes += bytes;
        pages.entries.push_back(Page { level, entry });
        while pages.entries.len() > KEPT_ENTRIES || pages.bytes > KEPT_BYTES {
            let Some(page) = pages.entries.pop_front() else {
                break;
            };
            pages.bytes -= size(&page.entry);
            pages.first += 1;
        }
        let next = pages.next();
        drop(pages);
        // Two writers may come here in the other order.
        self.next.send_modify(|current| *current = next.max(*current));
        Ok(())
    }

    /// The latest entries that match, then those to come, until `closing`.
    pub(crate) fn follow<C: Future<Output = ()> + Send + 'static>(
        self: &Arc<Self>,
        request: TailRequest,
        closing: C,
    ) -> Result<impl Stream<Item = Result<LogEntry, Status>> + Send + use<C>, Status> {
        let least = match request.level.as_str() {
            "" => Level::Debug,
            level => level.parse()?,
        };
        let next = {
            let pages = self.pages();
            let replay = pages.next().saturating_sub(REPLAYED_ENTRIES);
            replay.max(pages.first)
        };
        let follower = Follower {
            news: self.next.subscribe(),
            book: self.clone(),
            agent_id: request.agent_id,
            least,
            next,
            closing: closing.boxed(),
        };
        Ok(futures::stream::try_unfold(follower, |mut follower| async move {
            let entry = follower.read().await?;
            Ok(Some((entry, follower)))
        }))
    }

    /// How many entries of an agent are kept; of all agents if it is empty.
    pub(crate) fn entries_of(&self, agent_id: &str) -> usize {
        let pages = self.pages();
        let of_agent = |page: &&Page| agent_id.is_empty() || page.entry.agent_id == agent_id;
        pages.entries.iter().filter(of_agent).count()
    }

    /// How many follow the book now.
    pub(crate) fn followers(&self) -> usize {
        self.next.receiver_count()
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pages {
    fn next(&self) -> u64 {
        self.first + self.entries.len() as u64
    }
}

fn size(entry: &LogEntry) -> usize {
    entry.level.len() + entry.message.len() + entry.agent_id.len()
}

struct Follower {
    book: Arc<LogBook>,
    news: watch::Receiver<u64>,
    agent_id: String,
    least: Level,
    /// The number of the first entry not looked at.
    next: u64,
    closing: BoxFuture<'static, ()>,
}

impl Follower {
    async fn read(&mut self) -> Result<LogEntry, Status> {
        loop {
            // Before looking, so that an entry that comes in between wakes us.
            self.news.mark_unchanged();
            if let Some(entry) = self.look()? {
                return Ok(entry);
            }
            tokio::select! {
                biased;
                Ok(()) = self.news.changed() => {}
                () = &mut self.closing => break,
            }
        }
        Err(Status::unavailable("the control plane is shutting down"))
    }

    /// The next entry that matches, if it is there.
    fn look(&mut self) -> Result<Option<LogEntry>, Status> {
        let pages = self.book.pages();
        let Some(skip) = self.next.checked_sub(pages.first) else {
            let missed = pages.first - self.next;
            return Err(Status::data_loss(format!(
                "this stream was read too slowly: {missed} entries were dropped; open it again for the latest ones"
            ))
            .with_detail("missed", missed.to_string()));
        };
        for page in pages.entries.range(skip as usize..) {
            self.next += 1;
            if page.level >= self.least
                && (self.agent_id.is_empty() || self.agent_id == page.entry.agent_id)
            {
                return Ok(Some(page.entry.clone()));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use futures::StreamExt;
    use futures::future::{pending, ready as at_once};

    use super::*;

    fn entry(level: &str, agent: &str, number: usize) -> LogEntry {
        LogEntry {
            timestamp: 0.0,
            level: level.into(),
            message: number.to_string(),
            agent_id: agent.into(),
        }
    }

    fn tail(agent: &str, level: &str) -> TailRequest {
        TailRequest { agent_id: agent.into(), level: level.into() }
    }

    /// What the stream has ready.
    fn ready(stream: &mut (impl Stream<Item = Result<LogEntry, Status>> + Unpin)) -> Vec<String> {
        std::iter::from_fn(|| stream.next().now_or_never().flatten())
            .map(|entry| entry.map_or_else(|status| status.code().to_string(), |e| e.message))
            .collect()
    }

    #[test]
    fn a_new_follower_gets_the_backlog_and_then_what_comes() {
        let book = Arc::new(LogBook::default());
        for i in 0..1500 {
            book.add(entry("info", "a", i)).unwrap();
        }
        let mut stream = Box::pin(book.follow(tail("", ""), pending()).unwrap());
        let backlog: Vec<_> = (500..1500).map(|i| i.to_string()).collect();
        assert_eq!(ready(&mut stream), backlog);
        book.add(entry("info", "a", 1500)).unwrap();
        assert_eq!(ready(&mut stream), ["1500"]);
    }

    #[test]
    fn every_follower_gets_all_that_matches_its_filter() {
        let book = Arc::new(LogBook::default());
        let mut all = Box::pin(book.follow(tail("", ""), pending()).unwrap());
        let mut of_b = Box::pin(book.follow(tail("b", ""), pending()).unwrap());
        let mut severe = Box::pin(book.follow(tail("", "warn"), pending()).unwrap());
        for (i, level) in ["debug", "info", "warn", "error"].into_iter().enumerate() {
            book.add(entry(level, "a", i)).unwrap();
            book.add(entry(level, "b", i + 10)).unwrap();
        }
        assert_eq!(ready(&mut all), ["0", "10", "1", "11", "2", "12", "3", "13"]);
        assert_eq!(ready(&mut of_b), ["10", "11", "12", "13"]);
        assert_eq!(ready(&mut severe), ["2", "12", "3", "13"]);
    }

    #[test]
    fn the_book_is_bounded_and_a_follower_that_missed_entries_is_told() {
        let book = Arc::new(LogBook::default());
        let mut slow = Box::pin(book.follow(tail("", ""), pending()).unwrap());
        for i in 0..KEPT_ENTRIES + 5 {
            book.add(entry("info", "a", i)).unwrap();
        }
        assert_eq!(book.pages().entries.len(), KEPT_ENTRIES);
        let status = slow.next().now_or_never().unwrap().unwrap().unwrap_err();
        assert_eq!(status.code(), aster::Code::DataLoss);
        assert_eq!(status.details(), [("missed".to_owned(), "5".to_owned())]);
        assert!(slow.next().now_or_never().unwrap().is_none());
    }

    #[test]
    fn the_book_is_bounded_in_bytes() {
        let book = LogBook::default();
        let message = "x".repeat(MAX_ENTRY_BYTES - 5);
        for _ in 0..2 * KEPT_BYTES / MAX_ENTRY_BYTES {
            let long = LogEntry { message: message.clone(), ..entry("info", "a", 0) };
            book.add(long).unwrap();
        }
        let pages = book.pages();
        assert!(pages.bytes <= KEPT_BYTES);
        assert_eq!(pages.bytes, pages.entries.iter().map(|p| size(&p.entry)).sum::<usize>());
    }

    #[test]
    fn a_follower_that_goes_away_is_forgotten() {
        let book = Arc::new(LogBook::default());
        let stream = book.follow(tail("", ""), pending()).unwrap();
        assert_eq!(book.followers(), 1);
        drop(stream);
        assert_eq!(book.followers(), 0);
    }

    #[test]
    fn closing_ends_a_stream_after_what_is_written() {
        let book = Arc::new(LogBook::default());
        let mut stream = Box::pin(book.follow(tail("", ""), at_once(())).unwrap());
        book.add(entry("info", "a", 1)).unwrap();
        assert_eq!(ready(&mut stream), ["1", "UNAVAILABLE"]);
    }

    #[test]
    fn unknown_levels_and_long_entries_are_refused() {
        let book = Arc::new(LogBook::default());
        let status = book.add(entry("loud", "a", 1)).unwrap_err();
        assert_eq!(
            status.to_string(),
            "INVALID_ARGUMENT: unknown level \"loud\": use debug, info, warn or error"
        );
        assert!(book.follow(tail("", "WARN"), pending()).is_err());
        let long = LogEntry { message: "x".repeat(MAX_ENTRY_BYTES), ..entry("info", "a", 1) };
        assert!(book.add(long).is_err());
        assert_eq!(book.pages().next(), 0);
    }
}
