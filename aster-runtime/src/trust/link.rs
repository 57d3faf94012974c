//! One signed step of a chain: an issuer gives terms to a subject.

use std::fmt;

use super::audience::Audience;
use super::byte_reader::ByteReader;
use super::capabilities::Capabilities;
use super::credential_id::CredentialId;
use super::root_public_key::RootPublicKey;
use super::signed_form::signed_form;
use super::terms::{InvalidTerms, Terms, check_capability};
use crate::limits::{MAX_CAPABILITIES, MAX_LINK_BYTES};
use crate::peer::PeerId;

/// What is signed, in the bytes that are signed.
const KIND: &str = "aster chain link v1";

/// The version of the encoding.
const VERSION: u8 = 1;

const SIGNATURE_BYTES: usize = 64;

/// One link of a [`Chain`](super::Chain). Its fields are claims until
/// [`Chain::verify`](super::Chain::verify) has checked them.
#[derive(Clone, PartialEq, Eq)]
pub struct Link {
    id: CredentialId,
    claims: Claims,
    signature: [u8; SIGNATURE_BYTES],
}

/// What the issuer signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Claims {
    /// Random, so that two links with the same terms have two ids.
    pub(super) salt: [u8; 16],
    /// The id of the link before, or zeros in the first one.
    pub(super) parent: [u8; 32],
    pub(super) issuer: PeerId,
    pub(super) terms: Terms,
}

impl Claims {
    pub(super) fn signed_bytes(&self) -> Vec<u8> {
        signed_form(KIND, &self.encode())
    }

    fn encode(&self) -> Vec<u8> {
        let terms = &self.terms;
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.salt);
        out.extend_from_slice(&self.parent);
        out.extend_from_slice(self.issuer.as_bytes());
        out.extend_from_slice(terms.subject.as_bytes());
        out.extend_from_slice(&terms.not_before.to_be_bytes());
        out.extend_from_slice(&terms.not_after.to_be_bytes());
        out.push(terms.delegations);
        out.push(terms.capabilities.iter().count() as u8);
        for capability in terms.capabilities.iter() {
            out.push(capability.len() as u8);
            out.extend_from_slice(capability.as_bytes());
        }
        terms.audience.encode(&mut out);
        out
    }
}

impl Link {
    /// The link with these claims, signed by `sign`.
    pub(super) fn sign(
        claims: Claims,
        sign: impl FnOnce(&[u8]) -> [u8; SIGNATURE_BYTES],
    ) -> Result<Self, InvalidTerms> {
        claims.terms.check()?;
        if claims.encode().len() + SIGNATURE_BYTES > MAX_LINK_BYTES {
            return Err(InvalidTerms::Size);
        }
        let bytes = claims.signed_bytes();
        Ok(Self { id: CredentialId::of(&bytes), signature: sign(&bytes), claims })
    }

    /// The link that these bytes are the encoding of. Every link has one
    /// encoding, and no other bytes are read.
    ///
    /// # Errors
    /// [`InvalidLink`]. The signature is not looked at here.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidLink> {
        if bytes.len() > MAX_LINK_BYTES {
            return Err(InvalidTerms::Size.into());
        }
        let input = &mut ByteReader::new(bytes);
        let claims = read_claims(input)?;
        let signature = input.array().ok_or(InvalidLink::Short)?;
        if !input.is_empty() {
            return Err(InvalidLink::Trailing);
        }
        claims.terms.check()?;
        Ok(Self { id: CredentialId::of(&claims.signed_bytes()), claims, signature })
    }

    /// The encoding: the claims, then the signature.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.claims.encode();
        bytes.extend_from_slice(&self.signature);
        bytes
    }

    /// The id that it is revoked by.
    #[must_use]
    pub fn id(&self) -> CredentialId {
        self.id
    }

    /// The id of the link that it continues; `None` in the first link.
    #[must_use]
    pub fn parent(&self) -> Option<CredentialId> {
        let parent = self.claims.parent;
        (parent != [0; 32]).then(|| CredentialId::from_bytes(parent))
    }

    /// The key that signed it: the root key in the first link, the subject of
    /// the link before in all others.
    #[must_use]
    pub fn issuer(&self) -> PeerId {
        self.claims.issuer
    }

    /// What it grants.
    #[must_use]
    pub fn terms(&self) -> &Terms {
        &self.claims.terms
    }

    /// Whether the issuer's key made the signature.
    pub(super) fn is_signed(&self) -> bool {
        RootPublicKey::claimed(*self.issuer().as_bytes())
            .has_signed(&self.claims.signed_bytes(), &self.signature)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("id", &self.id)
            .field("issuer", &self.claims.issuer)
            .field("terms", &self.claims.terms)
            .finish_non_exhaustive()
    }
}

fn read_claims(input: &mut ByteReader<'_>) -> Result<Claims, InvalidLink> {
    const SHORT: InvalidLink = InvalidLink::Short;
    let version = input.byte().ok_or(SHORT)?;
    if version != VERSION {
        return Err(InvalidLink::Version(version));
    }
    let salt = input.array().ok_or(SHORT)?;
    let parent = input.array().ok_or(SHORT)?;
    let issuer = PeerId::from_bytes(input.array().ok_or(SHORT)?);
    let terms = Terms {
        subject: PeerId::from_bytes(input.array().ok_or(SHORT)?),
        not_before: input.u64().ok_or(SHORT)?,
        not_after: input.u64().ok_or(SHORT)?,
        delegations: input.byte().ok_or(SHORT)?,
        capabilities: read_capabilities(input)?,
        audience: Audience::decode(input)?,
    };
    Ok(Claims { salt, parent, issuer, terms })
}

fn read_capabilities(input: &mut ByteReader<'_>) -> Result<Capabilities, InvalidLink> {
    let count = usize::from(input.byte().ok_or(InvalidLink::Short)?);
    if count > MAX_CAPABILITIES {
        return Err(InvalidTerms::CapabilityCount.into());
    }
    let mut names: Vec<&str> = Vec::with_capacity(count);
    for _ in 0..count {
        let length = usize::from(input.byte().ok_or(InvalidLink::Short)?);
        let bytes = input.take(length).ok_or(InvalidLink::Short)?;
        let text = std::str::from_utf8(bytes).map_err(|_| InvalidLink::Text)?;
        if names.last().is_some_and(|last| *last >= text) {
            return Err(InvalidLink::Order);
        }
        check_capability(text)?;
        names.push(text);
    }
    // No name holds a comma, so this gives the same names.
    Ok(Capabilities::from_role(&names.join(",")))
}

/// Why bytes are not a link.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidLink {
    /// It is of another version of this format.
    #[error("it has version {0} of the format; this program reads version {VERSION}")]
    Version(u8),
    /// The bytes end too early.
    #[error("it is cut off")]
    Short,
    /// There are bytes after the signature.
    #[error("there are bytes after its end")]
    Trailing,
    /// A text is not UTF-8.
    #[error("a text in it is not UTF-8")]
    Text,
    /// Entries are not in order, or there twice.
    #[error("its capabilities or audience entries are not in order")]
    Order,
    /// A flag is neither 0 nor 1.
    #[error("a flag in it is neither 0 nor 1")]
    Flag,
    /// It says what no link may say.
    #[error(transparent)]
    Terms(#[from] InvalidTerms),
}

#[cfg(test)]
mod tests;
