//! Where published contracts are kept.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::Path;
use std::time::Duration;

use iroh_blobs::api::Store;
use iroh_blobs::store::fs::FsStore;
use iroh_blobs::store::mem::MemStore;

use super::document::DocumentKeys;
use super::{Publish, PublishError};
use crate::identity::Identity;

/// The keys of the document, in the directory.
const NAMESPACE_FILE: &str = "namespace.key";
const AUTHOR_FILE: &str = "author.key";

/// The directory of the contents, in the directory.
const BLOBS_DIRECTORY: &str = "blobs";

/// Locked while a server uses the directory.
const LOCK_FILE: &str = "lock";

/// How long the store may take to open. It never answers if its database is
/// damaged; a sound one of this size opens in milliseconds.
const OPEN_TIMEOUT: Duration = Duration::from_secs(5);

/// Where the contents are, and what writes the document.
pub(super) struct Storage {
    pub(super) store: Store,
    pub(super) keys: DocumentKeys,
    /// Held until the server is gone.
    pub(super) lock: Option<File>,
}

/// Opens the store and the keys of the document; makes them where they are
/// missing.
pub(super) async fn open(publish: &Publish) -> Result<Storage, PublishError> {
    match publish {
        Publish::Memory | Publish::Off => {
            let store = MemStore::new().into();
            Ok(Storage { store, keys: DocumentKeys::generate(), lock: None })
        }
        Publish::Directory(directory) => open_directory(directory).await,
    }
}

async fn open_directory(directory: &Path) -> Result<Storage, PublishError> {
    let failed = |source| PublishError::Directory { path: directory.to_owned(), source };
    make_private_directory(directory).map_err(failed)?;
    let lock = File::create(directory.join(LOCK_FILE)).map_err(failed)?;
    lock.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => PublishError::InUse { path: directory.to_owned() },
        TryLockError::Error(error) => failed(error),
    })?;
    let key = |name: &str| Identity::load_or_create(directory.join(name));
    let keys = DocumentKeys { namespace: key(NAMESPACE_FILE)?, author: key(AUTHOR_FILE)? };
    let blobs = directory.join(BLOBS_DIRECTORY);
    make_private_directory(&blobs).map_err(failed)?;
    let damaged = |reason| PublishError::Store { path: blobs.clone(), reason };
    let store = tokio::time::timeout(OPEN_TIMEOUT, FsStore::load(&blobs))
        .await
        .map_err(|_| damaged("its database does not open".to_owned()))?
        .map_err(|error| damaged(format!("{error:#}")))?;
    make_private(directory, 0).map_err(failed)?;
    Ok(Storage { store: store.into(), keys, lock: Some(lock) })
}

/// Others may not even see the names of the files.
fn make_private_directory(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)?;
    set_mode(path, 0o700)
}

/// The store makes its files as the umask says.
fn make_private(directory: &Path, depth: u32) -> io::Result<()> {
    /// The tree is three levels deep.
    const MAX_DEPTH: u32 = 8;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = entry.path();
        let kind = entry.file_type()?;
        if kind.is_dir() && depth < MAX_DEPTH {
            set_mode(&path, 0o700)?;
            make_private(&path, depth + 1)?;
        } else if kind.is_file() {
            set_mode(&path, 0o600)?;
        }
    }
    Ok(())
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}
