//! Who is trusted with what: keys, signed credentials and the files that they
//! are kept in.
//!
//! An offline root key signs credentials; a credential names a node's key, a
//! time at which it ends and attributes, of which `aster.role` lists the
//! capabilities. Verification is pure: the time is a parameter, and nothing in
//! it reads a file, a socket or a clock.

mod admission;
mod attributes;
mod capabilities;
mod credential;
mod credential_file;
pub mod expiry;
mod hex;
mod identity_file;
mod identity_peer;
mod nonce;
mod nonce_store;
mod refusal;
mod root_key;
mod root_public_key;

pub use admission::{Admission, Presentation, Verified};
pub use attributes::{
    Attributes, InvalidAttributes, MAX_ATTRIBUTE_KEY_BYTES, MAX_ATTRIBUTE_VALUE_BYTES,
    MAX_ATTRIBUTES, MAX_ATTRIBUTES_BYTES, NAME_ATTRIBUTE, ROLE_ATTRIBUTE,
};
pub use capabilities::Capabilities;
pub use credential::{
    ConsumerCredential, Credential, CredentialKind, InvalidCredential, MAX_CREDENTIAL_BYTES,
    ProducerCredential,
};
pub use credential_file::CredentialFile;
pub use identity_file::{
    IdentityFile, InvalidIdentityFile, MAX_IDENTITY_FILE_BYTES, MAX_IDENTITY_NAME_BYTES,
    MAX_IDENTITY_PEERS,
};
pub use identity_peer::{IdentityPeer, NodeRole};
pub use nonce::Nonce;
pub use nonce_store::{MAX_NONCES, NONCE_RETENTION_SECONDS, NonceError, NonceStore};
pub use refusal::Refusal;
pub use root_key::{RootKey, RootKeyError};
pub use root_public_key::{InvalidRootPublicKey, RootPublicKey};

pub use crate::private_file::FileError;
