//! The revocations in force.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use super::credential_id::CredentialId;
use super::revocation_list::RevocationList;
use super::root_public_key::RootPublicKey;
use crate::limits::MAX_REVOCATIONS;
use crate::peer::PeerId;

/// Everything that a trusted root key has revoked, as far as is known here.
///
/// ```
/// use aster_runtime::trust::{CredentialId, Revocations, RevocationList, RootKey};
/// let root = RootKey::generate();
/// let stolen = CredentialId::of(b"its signed bytes");
/// let list = RevocationList::first(&root, 1_800_000_000, [stolen], [])?;
///
/// let before = Revocations::none(root.public_key());
/// let after = before.merge(&list)?.expect("the list is new");
/// assert!(after.has_id(&stolen));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Revocations {
    root: RootPublicKey,
    /// The newest list, if there is one.
    newest: Option<Newest>,
    /// In order, so that a lookup is a binary search.
    ids: Vec<CredentialId>,
    keys: Vec<PeerId>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Newest {
    serial: u64,
    issued_at: u64,
    id: CredentialId,
}

impl Revocations {
    /// Nothing revoked yet.
    #[must_use]
    pub const fn none(root: RootPublicKey) -> Self {
        Self { root, newest: None, ids: Vec::new(), keys: Vec::new() }
    }

    /// These revocations and those of a newer list. What is revoked stays
    /// revoked, also when the list does not name it any more. `None`: the list
    /// is the newest one known here already.
    ///
    /// # Errors
    /// [`RevocationConflict`]; what is in force does not change then.
    pub fn merge(&self, list: &RevocationList) -> Result<Option<Self>, RevocationConflict> {
        if list.root() != self.root {
            return Err(RevocationConflict::OtherRoot { list: list.root(), trusted: self.root });
        }
        let newest = Newest { serial: list.serial(), issued_at: list.issued_at(), id: list.id() };
        if let Some(current) = self.newest {
            if newest.serial < current.serial {
                let (list, known) = (newest.serial, current.serial);
                return Err(RevocationConflict::Rollback { list, known });
            }
            if newest.id == current.id {
                return Ok(None);
            }
            if newest.serial == current.serial {
                return Err(RevocationConflict::SameSerial { serial: newest.serial });
            }
        }
        let (ids, keys) = (union(&self.ids, list.ids()), union(&self.keys, list.keys()));
        if ids.len() + keys.len() > MAX_REVOCATIONS {
            return Err(RevocationConflict::Count);
        }
        Ok(Some(Self { root: self.root, newest: Some(newest), ids, keys }))
    }

    /// The root key whose revocations these are.
    #[must_use]
    pub fn root(&self) -> &RootPublicKey {
        &self.root
    }

    /// The serial of the newest list; 0 before the first.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.newest.map_or(0, |newest| newest.serial)
    }

    /// When the newest list was signed, in seconds since 1970.
    #[must_use]
    pub fn issued_at(&self) -> Option<u64> {
        self.newest.map(|newest| newest.issued_at)
    }

    /// Whether this credential is revoked.
    #[must_use]
    pub fn has_id(&self, id: &CredentialId) -> bool {
        self.ids.binary_search(id).is_ok()
    }

    /// Whether this key is revoked: whatever it holds and whatever it signed.
    #[must_use]
    pub fn has_key(&self, key: &PeerId) -> bool {
        self.keys.binary_search(key).is_ok()
    }

    /// The first of these that is revoked.
    #[must_use]
    pub fn first(&self, ids: &[CredentialId], keys: &[PeerId]) -> Option<Revoked> {
        let id = ids.iter().find(|id| self.has_id(id)).copied().map(Revoked::Credential);
        id.or_else(|| keys.iter().find(|key| self.has_key(key)).copied().map(Revoked::Key))
    }
}

fn union<'a, T: Copy + Ord + 'a>(known: &'a [T], more: impl IntoIterator<Item = &'a T>) -> Vec<T> {
    let mut all: Vec<T> = known.iter().chain(more).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl fmt::Debug for Revocations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Revocations")
            .field("root", &self.root)
            .field("serial", &self.serial())
            .field("ids", &self.ids.len())
            .field("keys", &self.keys.len())
            .finish_non_exhaustive()
    }
}

/// What of a credential is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revoked {
    /// A credential: itself, or one that it comes from.
    Credential(CredentialId),
    /// A key: its holder's, or one that signed it.
    Key(PeerId),
}

impl fmt::Display for Revoked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Credential(id) => write!(f, "the credential {}", id.short()),
            Self::Key(key) => write!(f, "the key {}", key.short()),
        }
    }
}

/// Why a revocation list does not take effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RevocationConflict {
    /// It is of another root key.
    #[error("the revocation list is signed by the root key {}, but {} is trusted", list.short(), trusted.short())]
    OtherRoot {
        /// The key that signed it.
        list: RootPublicKey,
        /// The key that is trusted.
        trusted: RootPublicKey,
    },
    /// It is older than what is in force.
    #[error(
        "the revocation list has the serial {list}, but {known} is in force; it is an old copy"
    )]
    Rollback {
        /// The list's serial.
        list: u64,
        /// The serial in force.
        known: u64,
    },
    /// Another list has the same serial.
    #[error(
        "another revocation list with the serial {serial} is in force; revoke again on top of that one"
    )]
    SameSerial {
        /// The serial of both.
        serial: u64,
    },
    /// Together with what is in force, it is too much.
    #[error("more than {MAX_REVOCATIONS} entries would be in force")]
    Count,
}

/// The revocations in force, shared by everything that asks for them and
/// changed by whatever brings a newer list: a file or a push.
///
/// ```
/// use aster_runtime::trust::{LiveRevocations, Revocations, RevocationList, RootKey};
/// let root = RootKey::generate();
/// let live = LiveRevocations::new(Revocations::none(root.public_key()));
/// let list = RevocationList::first(&root, 1_800_000_000, [], [])?;
/// assert!(live.apply(&list)?.is_some());
/// assert!(live.apply(&list)?.is_none());
/// assert_eq!(live.current().serial(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct LiveRevocations {
    current: RwLock<Arc<Revocations>>,
}

impl LiveRevocations {
    /// Begins with these.
    #[must_use]
    pub fn new(revocations: Revocations) -> Self {
        Self { current: RwLock::new(Arc::new(revocations)) }
    }

    /// What is in force now.
    #[must_use]
    pub fn current(&self) -> Arc<Revocations> {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Puts a list in force. The new state is returned, for what has to end
    /// now; `None`: nothing changed. Lists that arrive at the same time take
    /// effect one after the other.
    ///
    /// # Errors
    /// [`RevocationConflict`]; what is in force does not change then.
    pub fn apply(
        &self,
        list: &RevocationList,
    ) -> Result<Option<Arc<Revocations>>, RevocationConflict> {
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        let Some(merged) = current.merge(list)? else { return Ok(None) };
        *current = Arc::new(merged);
        Ok(Some(current.clone()))
    }
}

#[cfg(test)]
mod tests;
