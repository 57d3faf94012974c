//! A credential that its holder can pass on, narrower, without asking anyone.

use std::fmt;
use std::path::Path;

use data_encoding::BASE64;
use ed25519_dalek::{Signer, SigningKey};

use super::chain_refusal::{ChainRefusal, DelegateError, InvalidChain};
use super::credential_id::CredentialId;
use super::grant::Grant;
use super::link::{Claims, Link};
use super::revocations::Revocations;
use super::root_key::RootKey;
use super::root_public_key::RootPublicKey;
use super::terms::{InvalidTerms, Terms};
use crate::identity::Identity;
use crate::limits::{MAX_CHAIN_BYTES, MAX_CHAIN_LINKS, MAX_LINK_BYTES};
use crate::peer::PeerId;
use crate::private_file::{self, FileError};

/// What every chain's text begins with, up to the version.
const TEXT_HEAD: &str = r#"{"credential_type":"chain","v":"#;
const TEXT_VERSION: &str = "1";
const TEXT_LINKS: &str = r#""links":[""#;
const TEXT_BETWEEN: &str = r#"",""#;
const TEXT_TAIL: &str = r#""]}"#;

/// A chain of signed links from the root key to the node that holds it.
///
/// The root key signs the first link, the holder of each link the next one;
/// every link gives less than the one before it, to one other key. A value of
/// this type is what somebody claims until [`verify`](Self::verify) agrees.
///
/// ```
/// use aster_runtime::Identity;
/// use aster_runtime::trust::{Audience, Capabilities, Chain, Revocations, RootKey, Terms};
///
/// let (root, agent, helper) = (RootKey::generate(), Identity::generate(), Identity::generate());
/// let terms = Terms {
///     subject: agent.peer(),
///     not_before: 1000,
///     not_after: 5000,
///     capabilities: Capabilities::from_role("ops.status,ops.logs"),
///     audience: Audience::any(),
///     delegations: 1,
/// };
/// let chain = Chain::issue(&root, terms.clone())?;
///
/// // The agent passes a part of it on, for a shorter time.
/// let narrower = Terms {
///     subject: helper.peer(),
///     not_after: 2000,
///     capabilities: Capabilities::from_role("ops.status"),
///     audience: Audience::parse(["Fleet.getStatus"])?,
///     delegations: 0,
///     ..terms
/// };
/// let passed_on = chain.delegate(&agent, narrower)?;
///
/// let trusted = root.public_key();
/// let revocations = Revocations::none(trusted);
/// let grant = passed_on.verify(&trusted, helper.peer(), 1500, &revocations)?;
/// assert!(grant.capabilities().contains("ops.status"));
/// assert!(!grant.capabilities().contains("ops.logs"));
/// assert!(passed_on.verify(&trusted, agent.peer(), 1500, &revocations).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Chain {
    first: Link,
    delegated: Vec<Link>,
}

impl Chain {
    /// The chain of one link that the root key gives to `terms.subject`.
    ///
    /// # Errors
    /// [`InvalidTerms`].
    ///
    /// # Panics
    /// If the operating system has no randomness to give.
    pub fn issue(root: &RootKey, terms: Terms) -> Result<Self, InvalidTerms> {
        let issuer = PeerId::from_bytes(*root.public_key().as_bytes());
        let claims = Claims { salt: salt(), parent: [0; 32], issuer, terms };
        let first = Link::sign(claims, |bytes| root.sign(bytes))?;
        Ok(Self { first, delegated: Vec::new() })
    }

    /// This chain with one link more, which `holder` signs for
    /// `terms.subject`. Nobody is asked: the holder's node key is enough.
    ///
    /// This chain itself is not verified.
    ///
    /// # Errors
    /// [`DelegateError`], when the new link would be refused.
    ///
    /// # Panics
    /// If the operating system has no randomness to give.
    pub fn delegate(&self, holder: &Identity, terms: Terms) -> Result<Self, DelegateError> {
        let (last, issuer) = (self.last(), holder.peer());
        let subject = last.terms().subject;
        if subject != issuer {
            return Err(DelegateError::OtherHolder { subject, holder: issuer });
        }
        if self.keys().contains(&terms.subject) {
            return Err(DelegateError::RepeatedKey(terms.subject));
        }
        terms.check_within(last.terms())?;
        let claims = Claims { salt: salt(), parent: *last.id().as_bytes(), issuer, terms };
        let key = SigningKey::from_bytes(holder.secret());
        let link = Link::sign(claims, |bytes| key.sign(bytes).to_bytes())?;
        let mut chain = self.clone();
        chain.delegated.push(link);
        Ok(chain)
    }

    /// Decides whether `peer`, the key that the connection proved, holds what
    /// `root` gave, at `now` in seconds since 1970. Valid from the second
    /// `not_before` on; the second `not_after` is over.
    ///
    /// Signatures are checked last and in order: a stranger costs one
    /// signature check at most.
    ///
    /// # Errors
    /// [`ChainRefusal`], the first reason found. Not for the peer.
    pub fn verify(
        &self,
        root: &RootPublicKey,
        peer: PeerId,
        now: u64,
        revocations: &Revocations,
    ) -> Result<Grant, ChainRefusal> {
        let trusted = PeerId::from_bytes(*root.as_bytes());
        let issuer = self.first.issuer();
        if issuer != trusted {
            return Err(ChainRefusal::OtherRoot { issuer, trusted });
        }
        if revocations.root() != root {
            return Err(ChainRefusal::OtherRevocations);
        }
        self.check_links()?;
        // Every window lies within the one before, so the last one counts.
        let Terms { subject, not_before, not_after, .. } = *self.last().terms();
        if subject != peer {
            return Err(ChainRefusal::OtherPeer { subject, peer });
        }
        if now < not_before {
            return Err(ChainRefusal::NotYet { not_before, now });
        }
        if now >= not_after {
            return Err(ChainRefusal::Expired { not_after, now });
        }
        let ids: Vec<CredentialId> = self.links().map(Link::id).collect();
        let keys = self.keys();
        if let Some(revoked) = revocations.first(&ids, &keys) {
            return Err(ChainRefusal::Revoked(revoked));
        }
        for (link, signed) in (1..).zip(self.links()) {
            if !signed.is_signed() {
                return Err(ChainRefusal::Signature { link, issuer: signed.issuer() });
            }
        }
        let Terms { capabilities, audience, .. } = self.last().terms().clone();
        Ok(Grant { peer, not_after, capabilities, audience, ids, keys })
    }

    /// Checks that every link continues the one before it, and is narrower.
    fn check_links(&self) -> Result<(), ChainRefusal> {
        if let parent @ Some(_) = self.first.parent() {
            return Err(ChainRefusal::Parent { link: 1, parent });
        }
        for ((link, next), before) in (2..).zip(&self.delegated).zip(self.links()) {
            if next.issuer() != before.terms().subject {
                return Err(ChainRefusal::Issuer { link });
            }
            if next.parent() != Some(before.id()) {
                return Err(ChainRefusal::Parent { link, parent: next.parent() });
            }
            next.terms()
                .check_within(before.terms())
                .map_err(|widening| ChainRefusal::Widened { link, widening })?;
        }
        let mut keys = self.keys();
        keys.sort_unstable();
        match keys.windows(2).find(|pair| pair.first() == pair.last()) {
            Some(&[key, ..]) => Err(ChainRefusal::RepeatedKey { key }),
            _ => Ok(()),
        }
    }

    /// The links, the root's first. There is at least one.
    pub fn links(&self) -> impl Iterator<Item = &Link> {
        std::iter::once(&self.first).chain(&self.delegated)
    }

    /// The last link: what the chain claims to grant.
    #[must_use]
    pub fn last(&self) -> &Link {
        self.delegated.last().unwrap_or(&self.first)
    }

    /// The key that signed the first link, then every link's subject.
    fn keys(&self) -> Vec<PeerId> {
        let subjects = self.links().map(|link| link.terms().subject);
        std::iter::once(self.first.issuer()).chain(subjects).collect()
    }

    /// Whether this text, a `credential_json` of an admission request or the
    /// content of a file, is a chain and not another kind of credential.
    #[must_use]
    pub fn recognizes(text: &str) -> bool {
        text.starts_with(TEXT_HEAD)
    }

    /// The chain with this text, a line feed at its end allowed. Every chain
    /// has one text, and no other is read.
    ///
    /// # Errors
    /// [`InvalidChain`]. Signatures are not looked at here.
    pub fn from_text(text: &str) -> Result<Self, InvalidChain> {
        if text.len() > MAX_CHAIN_BYTES {
            return Err(InvalidChain::Size);
        }
        let text = text.strip_suffix('\n').unwrap_or(text);
        let rest = text.strip_prefix(TEXT_HEAD).ok_or(InvalidChain::Content)?;
        let (version, rest) = rest.split_once(',').ok_or(InvalidChain::Content)?;
        if version != TEXT_VERSION {
            return Err(InvalidChain::Version);
        }
        let rest = rest.strip_prefix(TEXT_LINKS).ok_or(InvalidChain::Content)?;
        let links = rest.strip_suffix(TEXT_TAIL).ok_or(InvalidChain::Content)?;
        let mut links = links.split(TEXT_BETWEEN).zip(1..);
        let first = read_link(links.next())?;
        let mut delegated = Vec::new();
        while let next @ Some((_, number)) = links.next() {
            if number > MAX_CHAIN_LINKS {
                return Err(InvalidChain::Length);
            }
            delegated.push(read_link(next)?);
        }
        Ok(Self { first, delegated })
    }

    /// The text: one line of JSON, without a line feed.
    #[must_use]
    pub fn to_text(&self) -> String {
        let links: Vec<_> = self.links().map(|link| BASE64.encode(&link.to_bytes())).collect();
        let links = links.join(TEXT_BETWEEN);
        format!("{TEXT_HEAD}{TEXT_VERSION},{TEXT_LINKS}{links}{TEXT_TAIL}")
    }

    /// The chain in a file. It holds no secret, so others may read it.
    ///
    /// # Errors
    /// [`FileError`].
    pub fn load(path: impl AsRef<Path>) -> Result<Self, FileError> {
        let path = path.as_ref();
        let (text, _) = private_file::read_any(path, MAX_CHAIN_BYTES as u64)?;
        Self::from_text(&text).map_err(|error| FileError::content(path, error.to_string()))
    }

    /// Writes the chain to a new file.
    ///
    /// # Errors
    /// [`FileError::Exists`] when there is a file already.
    pub fn save_new(&self, path: impl AsRef<Path>) -> Result<(), FileError> {
        private_file::create(path.as_ref(), &format!("{}\n", self.to_text()))
    }
}

fn read_link(part: Option<(&str, usize)>) -> Result<Link, InvalidChain> {
    let (text, link) = part.ok_or(InvalidChain::Content)?;
    // Before anything is allocated for it.
    if text.len() > BASE64.encode_len(MAX_LINK_BYTES) {
        return Err(InvalidChain::Link { link, error: InvalidTerms::Size.into() });
    }
    let bytes = BASE64.decode(text.as_bytes()).map_err(|_| InvalidChain::Base64 { link })?;
    Link::from_bytes(&bytes).map_err(|error| InvalidChain::Link { link, error })
}

/// Random bytes that make a link's id its own.
fn salt() -> [u8; 16] {
    let mut salt = [0; 16];
    #[expect(clippy::expect_used, reason = "a link without it could not be told from another")]
    getrandom::fill(&mut salt).expect("the operating system gives random bytes");
    salt
}

/// Short: who gave it, who holds it.
impl fmt::Debug for Chain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (root, holder) = (self.first.issuer(), self.last().terms().subject);
        let links = self.links().count();
        write!(f, "Chain({} to {}, links: {links})", root.short(), holder.short())
    }
}

#[cfg(test)]
mod tests;
