//! Where published contracts are kept.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

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

/// Opens the store and the keys of the document; makes them where they are
/// missing.
pub(super) async fn open(publish: &Publish) -> Result<(Store, DocumentKeys), PublishError> {
    match publish {
        Publish::Memory | Publish::Off => Ok((MemStore::new().into(), DocumentKeys::generate())),
        Publish::Directory(directory) => {
            let failed = |source| PublishError::Directory { path: directory.clone(), source };
            make_private_directory(directory).map_err(failed)?;
            let key = |name: &str| Identity::load_or_create(directory.join(name));
            let keys = DocumentKeys { namespace: key(NAMESPACE_FILE)?, author: key(AUTHOR_FILE)? };
            let blobs = directory.join(BLOBS_DIRECTORY);
            make_private_directory(&blobs).map_err(failed)?;
            let store = FsStore::load(&blobs).await.map_err(|error| PublishError::Store {
                path: blobs.clone(),
                reason: format!("{error:#}"),
            })?;
            make_private(&blobs, 0).map_err(failed)?;
            Ok((store.into(), keys))
        }
    }
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
    /// The store's own tree is two levels deep.
    const MAX_DEPTH: u32 = 8;
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path: PathBuf = entry.path();
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
