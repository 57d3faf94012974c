//! What a client shows at the gate of a server.

use std::fmt;
use std::path::Path;

use crate::clock::Now;
use crate::identity::Identity;
use crate::peer::PeerId;
use crate::trust::{
    Chain, ConsumerCredential, Credential, CredentialFile, FileError, IdentityFile, NodeRole,
    Presentation, Revocations, RootPublicKey, expiry,
};

/// A credential that a client presents: one of the interoperable form, or a
/// chain.
#[derive(Clone, Debug)]
pub enum ClientCredential {
    /// Signed by the root key, also understood by servers in Python.
    Consumer(ConsumerCredential),
    /// Signed by the root key and passed on by its holders.
    Chain(Chain),
}

impl From<ConsumerCredential> for ClientCredential {
    fn from(credential: ConsumerCredential) -> Self {
        Self::Consumer(credential)
    }
}

impl From<Chain> for ClientCredential {
    fn from(chain: Chain) -> Self {
        Self::Chain(chain)
    }
}

impl ClientCredential {
    /// Reads a credential from a file of any kind: `NAME.cred` or
    /// `.aster-identity` (then with the node's key), JSON, or a chain.
    ///
    /// # Errors
    /// The file cannot be read, is open to others although it holds a secret,
    /// or holds no credential for a client.
    pub fn load(path: impl AsRef<Path>) -> Result<(Self, Option<Identity>), FileError> {
        let path = path.as_ref();
        let content = |reason: String| FileError::content(path, reason);
        match CredentialFile::load(path)? {
            CredentialFile::Chain(chain) => Ok((Self::Chain(chain), None)),
            CredentialFile::Credential(credential) => {
                Ok((Self::of(credential).map_err(content)?, None))
            }
            CredentialFile::Identity(file) => {
                let peer = file.for_client();
                let peer = peer.ok_or_else(|| content("it holds no credential".to_owned()))?;
                let credential = peer.credential().map_err(|error| content(error.to_string()))?;
                let credential = Self::of(credential.clone()).map_err(content)?;
                Ok((credential, file.node().cloned()))
            }
        }
    }

    /// The credential in an identity file that is meant for a client.
    pub(super) fn of_identity(path: &Path) -> Result<Option<Self>, FileError> {
        let file = match IdentityFile::load(path) {
            // It is made when the client starts.
            Err(error) if error.is_missing() => return Ok(None),
            read => read?,
        };
        let Some(peer) = file.with_role(NodeRole::Consumer) else { return Ok(None) };
        let content = |reason: String| FileError::content(path, reason);
        let credential = peer.credential().map_err(|error| content(error.to_string()))?;
        Self::of(credential.clone()).map(Some).map_err(content)
    }

    fn of(credential: Credential) -> Result<Self, String> {
        match credential {
            Credential::Consumer(credential) => Ok(Self::Consumer(credential)),
            Credential::Producer(_) => Err(
                "it is a producer's credential, which does not admit to servers; enroll this node as a consumer"
                    .to_owned(),
            ),
        }
    }

    /// Whether it is used up by being presented.
    #[must_use]
    pub fn is_one_time(&self) -> bool {
        matches!(self, Self::Consumer(credential) if credential.nonce().is_some())
    }

    /// The first second at which it is over, since 1970.
    #[must_use]
    pub fn expires_at(&self) -> u64 {
        match self {
            Self::Consumer(credential) => credential.expires_at(),
            Self::Chain(chain) => chain.last().terms().not_after,
        }
    }

    /// As an admission request holds it.
    pub(super) fn to_wire(&self) -> String {
        match self {
            Self::Consumer(credential) => credential.to_wire_json(),
            Self::Chain(chain) => chain.to_text(),
        }
    }

    /// The root that signed it, as it says itself.
    fn root(&self) -> Option<RootPublicKey> {
        match self {
            Self::Consumer(credential) => Some(credential.root()),
            Self::Chain(chain) => {
                let issuer = chain.links().next()?.issuer();
                RootPublicKey::from_bytes(*issuer.as_bytes()).ok()
            }
        }
    }

    /// What this side can see to be wrong with it, before a server is shown
    /// it. `root` is the one that the server trusts, if that is known here.
    pub(super) fn check(
        &self,
        peer: PeerId,
        root: Option<RootPublicKey>,
        allow_unbound: bool,
    ) -> Result<(), String> {
        let now = Now::read().epoch;
        let own = self.root().ok_or("it names no valid root key")?;
        let root = &root.unwrap_or(own);
        match self {
            Self::Consumer(credential) => {
                if credential.node().is_none() && !allow_unbound {
                    return Err("it names no node, so every server that sees it could use it; ask for one that is bound to this node, or allow it with allow_unbound_credentials".to_owned());
                }
                let presentation = Presentation { root, peer, now, allow_unbound };
                credential.verify(&presentation).map(drop).map_err(|refusal| refusal.to_string())
            }
            Self::Chain(chain) => {
                let nothing = Revocations::none(*root);
                chain.verify(root, peer, now, &nothing).map(drop).map_err(|r| r.to_string())
            }
        }
    }
}

/// For messages: what it is, without anything that could be used.
impl fmt::Display for ClientCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self {
            Self::Chain(_) => "a chain",
            Self::Consumer(_) if self.is_one_time() => "a one-time credential",
            Self::Consumer(_) => "a credential",
        };
        let root = self.root().map_or_else(|| "an unknown key".to_owned(), |root| root.short());
        write!(f, "{kind} of root {root}, valid until {}", expiry::format(self.expires_at()))
    }
}
