//! Why a client does not come about.

use super::ClientCredential;
use crate::address::AddressError;
use crate::config::ConfigErrors;
use crate::identity::IdentityError;
use crate::peer::PeerId;
use crate::status::Status;
use crate::transport::TransportError;
use crate::transport::endpoint::BindError;
use crate::trust::FileError;

/// Why no connection came about.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConnectError {
    /// The address text.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// The identity file.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// The file with the credential.
    #[error(transparent)]
    File(#[from] FileError),
    /// The credential cannot be used; nothing was sent.
    #[error("the credential cannot be used: {reason}")]
    Credential {
        /// What is wrong with it.
        reason: String,
    },
    /// This side's own port.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The peer cannot be reached.
    #[error("cannot reach {peer}: {reason}")]
    Unreachable {
        /// The peer's key.
        peer: PeerId,
        /// What was tried.
        reason: String,
    },
    /// The server does not let this client in.
    #[error("{peer} did not admit this client: {reason}")]
    Denied {
        /// The peer's key.
        peer: PeerId,
        /// What may be the cause. The server gives none.
        reason: String,
    },
    /// The server trusts another root key than the one that this client is
    /// configured with.
    #[error(
        "{peer} trusts {named}, and this client is configured with root {expected}; check the address, or root_pubkey"
    )]
    OtherRoot {
        /// The peer's key.
        peer: PeerId,
        /// The root that it named, shortened.
        named: String,
        /// The root that was expected, shortened.
        expected: String,
    },
    /// The peer answered with something else than an admission response.
    #[error("{peer} gave no valid admission response: {reason}")]
    Malformed {
        /// The peer's key.
        peer: PeerId,
        /// What is wrong with it.
        reason: String,
    },
}

impl From<ConnectError> for Status {
    fn from(error: ConnectError) -> Self {
        let status = match &error {
            ConnectError::Denied { .. }
            | ConnectError::Credential { .. }
            | ConnectError::OtherRoot { .. } => Self::permission_denied(error.to_string()),
            ConnectError::Unreachable { .. } | ConnectError::Malformed { .. } => {
                Self::unavailable(error.to_string())
            }
            _ => Self::invalid_argument(error.to_string()),
        };
        status.with_source(error)
    }
}

impl ConnectError {
    pub(super) fn denied(
        peer: PeerId,
        presented: Option<&ClientCredential>,
        client: PeerId,
    ) -> Self {
        let reason = match presented {
            None => format!(
                "no credential was presented; ask its operator for one that is bound to {client}"
            ),
            Some(credential) => {
                let used = if credential.is_one_time() { ", has seen it used" } else { "" };
                format!(
                    "{credential}, is in order, so the server trusts another root{used} or has revoked it; ask its operator"
                )
            }
        };
        Self::Denied { peer, reason }
    }

    pub(super) fn unreachable(peer: PeerId, error: &TransportError) -> Self {
        match error {
            TransportError::NotAdmitted => {
                Self::Denied { peer, reason: "its gate closed the connection".to_owned() }
            }
            other => Self::Unreachable { peer, reason: other.to_string() },
        }
    }
}
