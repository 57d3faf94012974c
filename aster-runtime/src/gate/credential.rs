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

#[cfg(test)]
mod tests {
    use super::super::fixtures::{NOW, peer, root};
    use super::*;
    use crate::trust::{Nonce, RevocationList, RootKey};

    fn conditions<'a>(root: &'a RootPublicKey, revocations: &'a Revocations) -> Conditions<'a> {
        Conditions { root, revocations, allow_unbound: false, peer: peer(1), now: NOW }
    }

    fn policy(root: &RootKey, node: Option<PeerId>, ends: u64) -> ConsumerCredential {
        let mut attributes = Attributes::new();
        attributes.insert("aster.role", "ops.status").unwrap();
        ConsumerCredential::sign_policy(root, node, ends, attributes)
    }

    #[test]
    fn every_row_of_the_table() {
        let (ours, theirs) = (root(), RootKey::from_seed(&[0x53; 32]));
        let trusted = ours.public_key();
        let nothing = Revocations::none(trusted);
        let mine = Some(peer(1));
        let revoked = |ids: &[CredentialId], keys: &[PeerId]| {
            let (ids, keys) = (ids.iter().copied(), keys.iter().copied());
            let list = RevocationList::first(&ours, NOW, ids, keys).unwrap();
            nothing.merge(&list).unwrap().unwrap()
        };
        let good = policy(&ours, mine, NOW + 1);
        let id = CredentialId::of_credential(&good.clone().into());
        let (by_id, by_key) = (revoked(&[id], &[]), revoked(&[], &[peer(1)]));
        let by_root = revoked(&[], &[PeerId::from_bytes(*trusted.as_bytes())]);
        let good = good.to_wire_json();
        let (old, foreign, other, unbound) = (
            policy(&ours, mine, NOW).to_wire_json(),
            policy(&theirs, mine, NOW + 1).to_wire_json(),
            policy(&ours, Some(peer(2)), NOW + 1).to_wire_json(),
            policy(&ours, None, NOW + 1).to_wire_json(),
        );
        let rows = [
            (&good[..], &nothing, false, ""),
            (&good, &by_id, false, "is revoked"),
            (&good, &by_key, false, "is revoked"),
            (&good, &by_root, false, "is revoked"),
            ("", &nothing, false, "no credential"),
            ("{}", &nothing, false, "no credential of a client"),
            (&old, &nothing, false, "expired"),
            (&foreign, &nothing, false, "signed by another root"),
            (&other, &nothing, false, "bound to another node"),
            (&other, &nothing, true, "bound to another node"),
            (&unbound, &nothing, false, "bound to no node"),
            (&unbound, &nothing, true, ""),
        ];
        for (text, revocations, allow_unbound, expected) in rows {
            let conditions = Conditions { allow_unbound, ..conditions(&trusted, revocations) };
            match credential(&conditions, text) {
                Ok(presented) => {
                    assert_eq!(expected, "", "{text}");
                    assert!(!presented.is_one_time());
                    let (grant, attributes) = presented.admit(&NonceStore::in_memory()).unwrap();
                    assert_eq!((grant.peer(), grant.not_after()), (peer(1), NOW + 1));
                    assert!(grant.capabilities().contains("ops.status"));
                    assert_eq!(attributes["aster.role"], "ops.status");
                }
                Err(denial) => {
                    let text = denial.to_string();
                    assert!(!expected.is_empty() && text.contains(expected), "{text}: {expected}");
                }
            }
        }
    }

    #[test]
    fn a_chain_admits_with_the_capabilities_of_its_last_link() {
        let trusted = root().public_key();
        let nothing = Revocations::none(trusted);
        let terms = crate::trust::Terms {
            subject: peer(1),
            not_before: NOW,
            not_after: NOW + 1,
            capabilities: crate::trust::Capabilities::from_role("ops.logs,ops.admin"),
            audience: crate::trust::Audience::any(),
            delegations: 0,
        };
        let text = Chain::issue(&root(), terms).unwrap().to_text();
        let presented = credential(&conditions(&trusted, &nothing), &text).unwrap();
        assert!(!presented.is_one_time());
        let (grant, attributes) = presented.admit(&NonceStore::in_memory()).unwrap();
        assert!(grant.capabilities().contains("ops.admin"));
        assert_eq!(attributes["aster.role"], "ops.admin,ops.logs");
        for (now, expected) in [(NOW - 1, "not valid for another"), (NOW + 1, "expired")] {
            let conditions = Conditions { now, ..conditions(&trusted, &nothing) };
            let denial = credential(&conditions, &text).unwrap_err().to_string();
            assert!(denial.contains(expected), "{denial}");
        }
    }

    #[test]
    fn a13_a_revoked_one_time_credential_is_not_used_up() {
        let trusted = root().public_key();
        let nothing = Revocations::none(trusted);
        let nonce = Nonce::generate();
        let mine = Some(peer(1));
        let one =
            ConsumerCredential::sign_one_time(&root(), mine, NOW + 1, Attributes::new(), nonce);
        let id = CredentialId::of_credential(&one.clone().into());
        let list = RevocationList::first(&root(), NOW, [id], []).unwrap();
        let revoked = nothing.merge(&list).unwrap().unwrap();
        let text = one.to_wire_json();
        assert!(credential(&conditions(&trusted, &revoked), &text).is_err());
        let nonces = NonceStore::in_memory();
        let presented = credential(&conditions(&trusted, &nothing), &text).unwrap();
        assert!(presented.is_one_time());
        presented.admit(&nonces).unwrap();
        let again = credential(&conditions(&trusted, &nothing), &text).unwrap();
        assert!(again.admit(&nonces).unwrap_err().to_string().contains("used already"));
    }
}
