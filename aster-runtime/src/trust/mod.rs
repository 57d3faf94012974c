//! Who is trusted with what: keys, signed credentials and the files that they
//! are kept in.
//!
//! An offline root key signs credentials; a credential names a node's key, a
//! time at which it ends and attributes, of which `aster.role` lists the
//! capabilities. Verification is pure: the time is a parameter, and nothing in
//! it reads a file, a socket or a clock.

mod hex;
mod root_key;
mod root_public_key;

pub use root_key::{RootKey, RootKeyError};
pub use root_public_key::{InvalidRootPublicKey, RootPublicKey};

pub use crate::private_file::FileError;
