//! Who is trusted with what: keys, signed credentials and the files that they
//! are kept in.
//!
//! An offline root key signs credentials; a credential names a node's key, a
//! time at which it ends and attributes, of which `aster.role` lists the
//! capabilities. Verification is pure: the time is a parameter, and nothing in
//! it reads a file, a socket or a clock.

mod admission;
mod attributes;
mod audience;
mod byte_reader;
mod capabilities;
mod chain;
mod chain_refusal;
mod credential;
mod credential_file;
mod credential_id;
pub mod expiry;
mod grant;
mod identity_file;
mod identity_peer;
mod link;
mod nonce;
mod nonce_store;
mod refusal;
mod revocation_list;
mod revocations;
mod root_key;
mod root_public_key;
mod signed_form;
mod terms;
mod trust_file;

#[cfg(test)]
mod fixtures;

pub use admission::{Admission, Presentation, Verified};
pub use attributes::{
    Attributes, InvalidAttributes, MAX_ATTRIBUTE_KEY_BYTES, MAX_ATTRIBUTE_VALUE_BYTES,
    MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES, NAME_ATTRIBUTE, ROLE_ATTRIBUTE,
};
pub use audience::{Audience, AudienceEntry};
pub use capabilities::Capabilities;
pub use chain::Chain;
pub use chain_refusal::{ChainRefusal, DelegateError, InvalidChain};
pub use credential::{
    ConsumerCredential, Credential, CredentialKind, InvalidCredential, MAX_CREDENTIAL_BYTES,
    ProducerCredential,
};
pub use credential_file::CredentialFile;
pub use credential_id::{CredentialId, InvalidCredentialId};
pub use grant::Grant;
pub use identity_file::{
    IdentityFile, InvalidIdentityFile, MAX_IDENTITY_FILE_BYTES, MAX_IDENTITY_NAME_BYTES,
    MAX_IDENTITY_PEERS,
};
pub use identity_peer::{IdentityPeer, NodeRole};
pub use link::{InvalidLink, Link};
pub use nonce::Nonce;
pub use nonce_store::{MAX_NONCES, NONCE_RETENTION_SECONDS, NonceError, NonceStore};
pub use refusal::Refusal;
pub use revocation_list::{InvalidRevocationList, RevocationList};
pub use revocations::{LiveRevocations, RevocationConflict, Revocations, Revoked};
pub use root_key::{RootKey, RootKeyError};
pub use root_public_key::{InvalidRootPublicKey, RootPublicKey};
pub use terms::{InvalidTerms, Terms, Widening};
pub use trust_file::TrustFile;

pub use crate::private_file::FileError;
