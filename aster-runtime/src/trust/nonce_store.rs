//! Which one-time credentials have been used.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::nonce::Nonce;
use crate::private_file::{self, FileError};

/// Most used credentials that are remembered at a time. A full store refuses
/// until some of them have ended.
pub const MAX_NONCES: usize = 65_536;

/// How long a used nonce is kept after its credential has ended, in seconds:
/// by so much the clock may be set back without a second use.
pub const NONCE_RETENTION_SECONDS: u64 = 86_400;

/// Largest file, in bytes: hex, number and punctuation for each nonce.
const MAX_FILE_BYTES: u64 = 128 * (MAX_NONCES as u64 + 1);

/// How long to wait for other processes.
const LOCK_TIMEOUT: Duration = Duration::from_secs(5);

/// How often to look whether they are done.
const LOCK_INTERVAL: Duration = Duration::from_millis(5);

/// The end of a credential about which nothing is known.
const UNKNOWN_END: u64 = u64::MAX;

/// The memory of used one-time credentials: in one file, for all processes
/// that use it, over restarts.
///
/// What the file holds is read anew for each use, under a lock. A file that is
/// damaged, or that vanishes, makes every use fail: forgetting would let
/// credentials be used again.
///
/// ```
/// use aster_runtime::trust::{Nonce, NonceError, NonceStore};
/// let directory = tempfile::tempdir()?;
/// let store = NonceStore::open(directory.path().join("nonces.json"))?;
/// let (nonce, expires_at, now) = (Nonce::generate(), 1_800_000_600, 1_800_000_000);
/// store.consume(&nonce, expires_at, now)?;
/// let again = store.consume(&nonce, expires_at, now);
/// assert!(matches!(again, Err(NonceError::Used)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct NonceStore {
    place: Place,
}

#[derive(Debug)]
enum Place {
    File(PathBuf),
    Memory(Mutex<Used>),
}

impl NonceStore {
    /// The store in the file at `path`. A missing file is created, and so is
    /// its directory; both are closed to others.
    ///
    /// # Errors
    /// [`NonceError`] when the file is damaged or cannot be used.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, NonceError> {
        let path = path.as_ref();
        private_file::create_directory(path)?;
        let _lock = Lock::take(path)?;
        match Used::read(path) {
            Err(error) if error.is_missing() => {
                private_file::create(path, &Used::default().text())?;
            }
            read => drop(read?),
        }
        Ok(Self { place: Place::File(path.to_owned()) })
    }

    /// A store that forgets when the process ends, and that no other process
    /// shares. With it, every one-time credential is good again after a
    /// restart.
    #[must_use]
    pub fn in_memory() -> Self {
        Self { place: Place::Memory(Mutex::default()) }
    }

    /// Uses a nonce. `expires_at` is the end of its credential and `now` the
    /// time, both in epoch seconds.
    ///
    /// # Errors
    /// [`NonceError::Used`], or whatever keeps the store from knowing.
    pub fn consume(&self, nonce: &Nonce, expires_at: u64, now: u64) -> Result<(), NonceError> {
        match &self.place {
            Place::File(path) => {
                let _lock = Lock::take(path)?;
                let mut used = Used::read(path)?;
                used.consume(nonce, expires_at, now)?;
                Ok(private_file::replace(path, &used.text())?)
            }
            Place::Memory(used) => {
                let mut used = used.lock().unwrap_or_else(PoisonError::into_inner);
                used.consume(nonce, expires_at, now)
            }
        }
    }

    /// Whether a nonce has been used.
    ///
    /// # Errors
    /// Whatever keeps the store from knowing.
    pub fn is_used(&self, nonce: &Nonce) -> Result<bool, NonceError> {
        match &self.place {
            // Replaced as a whole, so no lock is needed to read it.
            Place::File(path) => Ok(Used::read(path)?.consumed.contains_key(nonce)),
            Place::Memory(used) => {
                let used = used.lock().unwrap_or_else(PoisonError::into_inner);
                Ok(used.consumed.contains_key(nonce))
            }
        }
    }
}

/// Why a one-time credential was not used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NonceError {
    /// It was, before.
    #[error("this one-time credential has been used already")]
    Used,
    /// There is no room to remember another.
    #[error(
        "{MAX_NONCES} one-time credentials are in use; wait until some have ended, and sign \
         shorter-lived ones"
    )]
    Full,
    /// Another process holds the lock.
    #[error("another process has kept {path} locked for {} s", LOCK_TIMEOUT.as_secs())]
    Locked {
        /// The locked file.
        path: PathBuf,
    },
    /// The file does not work.
    #[error("the store of used one-time credentials does not work: {0}")]
    File(#[from] FileError),
}

/// The content of the file: nonces, each with the end of its credential.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Used {
    #[serde(deserialize_with = "consumed", serialize_with = "write_consumed")]
    consumed: BTreeMap<Nonce, u64>,
}

impl Used {
    fn read(path: &Path) -> Result<Self, FileError> {
        let text = private_file::read(path, MAX_FILE_BYTES)?;
        serde_json::from_str(&text).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            FileError::content(
                path,
                format!(
                    "the list of used one-time credentials is damaged at line {line}, column \
                     {column}, and nothing is admitted without it; put back a copy"
                ),
            )
        })
    }

    fn text(&self) -> String {
        #[expect(clippy::expect_used, reason = "texts and numbers are always JSON")]
        serde_json::to_string(self).expect("texts and numbers are JSON")
    }

    fn consume(&mut self, nonce: &Nonce, expires_at: u64, now: u64) -> Result<(), NonceError> {
        if self.consumed.contains_key(nonce) {
            return Err(NonceError::Used);
        }
        self.consumed.retain(|_, end| end.saturating_add(NONCE_RETENTION_SECONDS) > now);
        if self.consumed.len() >= MAX_NONCES {
            return Err(NonceError::Full);
        }
        self.consumed.insert(*nonce, expires_at);
        Ok(())
    }
}

fn write_consumed<S: serde::Serializer>(
    consumed: &BTreeMap<Nonce, u64>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(consumed.iter().map(|(nonce, end)| (nonce.to_hex(), end)))
}

/// Ours, `{"<nonce>": <end>, ...}`, or the reference's, `["<nonce>", ...]`
/// (trust.md 2.5). The reference reads ours as well.
fn consumed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Nonce, u64>, D::Error> {
    struct Nonces(BTreeMap<Nonce, u64>);

    impl Nonces {
        fn add<E: de::Error>(&mut self, text: &str, end: u64) -> Result<(), E> {
            let nonce = Nonce::from_hex(text).ok_or_else(|| E::custom("no nonce"))?;
            if self.0.len() == MAX_NONCES || self.0.insert(nonce, end).is_some() {
                return Err(E::custom("too many, or one twice"));
            }
            Ok(())
        }
    }

    impl<'de> Visitor<'de> for Nonces {
        type Value = BTreeMap<Nonce, u64>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("used nonces")
        }

        fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<Self::Value, A::Error> {
            while let Some((text, end)) = map.next_entry::<String, u64>()? {
                self.add(&text, end)?;
            }
            Ok(self.0)
        }

        fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Self::Value, A::Error> {
            while let Some(text) = list.next_element::<String>()? {
                self.add(&text, UNKNOWN_END)?;
            }
            Ok(self.0)
        }
    }

    deserializer.deserialize_any(Nonces(BTreeMap::new()))
}

/// The right to change the store, held by one at a time. It is a lock on a
/// file beside the store's, which is replaced at each use. The system gives
/// it back when a process ends.
struct Lock(#[expect(dead_code, reason = "held until it is dropped")] File);

impl Lock {
    fn take(store: &Path) -> Result<Self, NonceError> {
        let mut path = store.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let failed = |source| FileError::io("lock", &path, source);
        let file = options.open(&path).map_err(failed)?;
        let until = Instant::now() + LOCK_TIMEOUT;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) if Instant::now() < until => {
                    thread::sleep(LOCK_INTERVAL);
                }
                Err(TryLockError::WouldBlock) => return Err(NonceError::Locked { path }),
                Err(TryLockError::Error(source)) => return Err(failed(source).into()),
            }
        }
    }
}
