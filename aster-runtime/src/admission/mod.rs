//! Who is admitted to this server now, and what ends it.
//!
//! The decisions are the gates'; here is what they are asked about: the peers
//! that were admitted, the clock, the revocations in force, the store of used
//! one-time credentials.

mod admitted;
mod peers;
mod revocation_file;
mod trusted;
mod watch;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use admitted::Admitted;
pub(crate) use revocation_file::RevocationFile;
pub use revocation_file::RevocationFileError;
pub(crate) use trusted::{Nonces, Trusted};
pub(crate) use watch::watch;

use self::peers::Peers;
use crate::clock::Now;
use crate::gate::{self, Conditions, CredentialRefusal, Denial, Gate, Protocol};
use crate::peer::PeerId;
use crate::trust::{NonceStore, RevocationConflict, RevocationList, RootPublicKey};

/// The admissions of one server.
#[derive(Debug)]
pub(crate) struct Admissions {
    gate: Gate,
    /// Whom a closed gate trusts; `None`: nobody.
    trusted: Option<Trusted>,
    peers: Mutex<Peers>,
}

impl Admissions {
    /// An open gate: everybody is admitted, nobody has a capability.
    pub(crate) fn open() -> Self {
        Self { gate: Gate::Open, trusted: None, peers: Mutex::new(Peers::new(0)) }
    }

    /// Nobody from outside this program.
    pub(crate) fn local() -> Self {
        Self { gate: Gate::Closed, ..Self::open() }
    }

    /// Whom the root key has signed for, at most so many at a time.
    pub(crate) fn closed(trusted: Trusted, max_peers: usize) -> Self {
        let peers = Mutex::new(Peers::new(max_peers));
        Self { gate: Gate::Closed, trusted: Some(trusted), peers }
    }

    pub(crate) fn gate(&self) -> Gate {
        self.gate
    }

    /// The root key whose signatures admit.
    pub(crate) fn root(&self) -> Option<RootPublicKey> {
        self.trusted.as_ref().map(|trusted| trusted.root)
    }

    /// Gate 0. What the peer may do on a connection that goes on.
    pub(crate) fn connection(
        &self,
        peer: PeerId,
        protocol: Protocol,
    ) -> Result<Arc<Admitted>, Denial> {
        let now = Now::read();
        let current = self.current(peer);
        let grant = current.as_ref().filter(|admitted| !admitted.is_over(now));
        let grant = grant.map(|admitted| &admitted.grant);
        gate::connection(self.gate, protocol, grant, now.epoch)?;
        match (current, self.gate) {
            (Some(admitted), _) => Ok(admitted),
            (None, Gate::Open) => Ok(Arc::new(Admitted::anybody(peer))),
            // Allowed without an admission: to be admitted, and nothing else.
            (None, Gate::Closed) => Err(Denial::NotAdmitted),
        }
    }

    /// Whether a connection may go on under a protocol; for hooks, which see
    /// connections before anybody serves them.
    pub(crate) fn allows(&self, peer: PeerId, protocol: Protocol) -> bool {
        protocol == Protocol::Admission || self.connection(peer, protocol).is_ok()
    }

    /// Whether the root key has taken this key back.
    pub(crate) fn is_revoked(&self, peer: &PeerId) -> bool {
        self.trusted.as_ref().is_some_and(|trusted| trusted.revocations.current().has_key(peer))
    }

    /// Gate 1, and what follows: the peer is admitted with the credential.
    pub(crate) async fn admit(&self, peer: PeerId, text: &str) -> Result<Arc<Admitted>, Denial> {
        let trusted = match (&self.trusted, self.gate) {
            (Some(trusted), _) => trusted,
            (None, Gate::Open) => return Ok(Arc::new(Admitted::anybody(peer))),
            (None, Gate::Closed) => return Err(Denial::NotAdmitted),
        };
        let now = Now::read();
        let revocations = trusted.revocations.current();
        let presented = gate::credential(
            &Conditions {
                root: &trusted.root,
                revocations: &revocations,
                allow_unbound: trusted.allow_unbound,
                peer,
                now: now.epoch,
            },
            text,
        )?;
        let (grant, attributes) = if presented.is_one_time() {
            let nonces = trusted.nonces.clone();
            let used = tokio::task::spawn_blocking(move || match nonces.open()? {
                Some(store) => presented.admit(&store),
                None => Err(CredentialRefusal::NoNonceStore.into()),
            });
            // It ends without an answer only when the program ends.
            used.await.map_err(|_| Denial::NotAdmitted)??
        } else {
            presented.admit(&NonceStore::in_memory())?
        };
        let admitted = Arc::new(Admitted::new(grant, attributes, now));
        let mut peers = self.peers();
        // A list that came into force since is either seen here, or finds this
        // peer in the table.
        let revocations = trusted.revocations.current();
        if let Some(revoked) = admitted.grant.revoked(&revocations) {
            return Err(CredentialRefusal::Revoked(revoked).into());
        }
        peers.insert(peer, admitted.clone(), now, &revocations)?;
        Ok(admitted)
    }

    /// What the peer is admitted with now.
    pub(crate) fn current(&self, peer: PeerId) -> Option<Arc<Admitted>> {
        self.trusted.as_ref()?;
        self.peers().get(peer)
    }

    /// Ends what is over or revoked. Returns how many admissions ended.
    pub(crate) fn sweep(&self, now: Now) -> usize {
        let Some(trusted) = &self.trusted else { return 0 };
        let revocations = trusted.revocations.current();
        self.peers().sweep(now, &revocations)
    }

    /// Puts a list in force, and ends what it revokes before returning.
    /// `false`: it was in force already.
    pub(crate) fn revoke(&self, list: &RevocationList) -> Result<bool, RevocationConflict> {
        let Some(trusted) = &self.trusted else { return Ok(false) };
        let changed = trusted.revocations.apply(list)?.is_some();
        if changed {
            self.sweep(Now::read());
        }
        Ok(changed)
    }

    fn peers(&self) -> MutexGuard<'_, Peers> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
