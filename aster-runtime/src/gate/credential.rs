//! Gate 1: credentials.

use std::collections::BTreeMap;

use super::denial::{CredentialRefusal, Denial};
use crate::peer::PeerId;
use crate::trust::{
    Attributes, Chain, ConsumerCredential, Credential, CredentialId, Grant, NonceStore,
    Presentation, ROLE_ATTRIBUTE, Revocations, RootPublicKey, Verified,
};

/// What the decision on a credential depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions<'a> {
    /// The root that is trusted.
    pub(crate) root: &'a RootPublicKey,
    /// What it has taken back.
    pub(crate) revocations: &'a Revocations,
    /// Whether credentials are taken that name no node.
    pub(crate) allow_unbound: bool,
    /// The key that the peer has proved to hold.
    pub(crate) peer: PeerId,
    /// The time, in epoch seconds.
    pub(crate) now: u64,
}

/// A credential that fits. What is left is to use it up, if it is good for one
/// time.
#[derive(Debug)]
#[must_use = "nobody is admitted until `admit` is called"]
pub(crate) enum Presented {
    /// A credential of the interoperable form.
    Credential(Verified, Box<Credential>),
    /// A chain.
    Chain(Grant),
}

/// Decides on the credential of an admission request.
pub(crate) fn credential(conditions: &Conditions<'_>, text: &str) -> Result<Presented, Denial> {
    let Conditions { root, revocations, allow_unbound, peer, now } = *conditions;
    if text.is_empty() {
        return Err(CredentialRefusal::Missing.into());
    }
    if Chain::recognizes(text) {
        let grant = Chain::from_text(text)?.verify(root, peer, now, revocations)?;
        return Ok(Presented::Chain(grant));
    }
    let credential = Credential::from(ConsumerCredential::from_wire_json(text)?);
    let verified = credential.verify(&Presentation { root, peer, now, allow_unbound })?;
    let id = CredentialId::of_credential(&credential);
    let keys = [PeerId::from_bytes(*root.as_bytes()), peer];
    // Before a one-time credential is used up.
    match revocations.first(&[id], &keys) {
        Some(revoked) => Err(CredentialRefusal::Revoked(revoked).into()),
        None => Ok(Presented::Credential(verified, Box::new(credential))),
    }
}

impl Presented {
    /// Whether admitting uses it up, which waits for a file.
    pub(crate) fn is_one_time(&self) -> bool {
        matches!(self, Self::Credential(verified, _) if verified.is_one_time())
    }

    /// What the peer may do, and what its credential says about it. A one-time
    /// credential is used up by this.
    pub(crate) fn admit(
        self,
        nonces: &NonceStore,
    ) -> Result<(Grant, BTreeMap<String, String>), Denial> {
        match self {
            Self::Credential(verified, credential) => {
                let admission = verified.admit(nonces)?;
                let grant = Grant::of_credential(&admission, &credential);
                Ok((grant, attribute_map(admission.attributes())))
            }
            Self::Chain(grant) => {
                let role = grant.capabilities().to_string();
                let attributes = BTreeMap::from([(ROLE_ATTRIBUTE.to_owned(), role)]);
                Ok((grant, attributes))
            }
        }
    }
}

fn attribute_map(attributes: &Attributes) -> BTreeMap<String, String> {
    attributes.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}
