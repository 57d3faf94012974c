//! Whom a closed gate trusts.

use std::path::PathBuf;
use std::sync::Arc;

use crate::trust::{LiveRevocations, NonceError, NonceStore, Revocations, RootPublicKey};

/// The root key and what goes with it.
#[derive(Debug)]
pub(crate) struct Trusted {
    pub(super) root: RootPublicKey,
    pub(super) revocations: LiveRevocations,
    pub(super) nonces: Nonces,
    pub(super) allow_unbound: bool,
}

impl Trusted {
    pub(crate) fn new(root: RootPublicKey, nonces: Nonces, allow_unbound: bool) -> Self {
        let revocations = LiveRevocations::new(Revocations::none(root));
        Self { root, revocations, nonces, allow_unbound }
    }
}

/// Where used one-time credentials are written down.
#[derive(Clone, Debug)]
pub(crate) enum Nonces {
    Store(Arc<NonceStore>),
    /// A store in this file, made when the first one is used.
    File(PathBuf),
    /// They are not taken.
    Nowhere,
}

impl Nonces {
    /// The store, if there is to be one. Waits for files.
    pub(super) fn open(&self) -> Result<Option<Arc<NonceStore>>, NonceError> {
        match self {
            Self::Store(store) => Ok(Some(store.clone())),
            Self::File(path) => NonceStore::open(path).map(|store| Some(Arc::new(store))),
            Self::Nowhere => Ok(None),
        }
    }
}
