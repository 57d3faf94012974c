//! Why a gate stays shut.

use std::fmt;

use crate::service::Requirement;
use crate::status::Status;
use crate::trust::{ChainRefusal, InvalidChain, InvalidCredential, NonceError, Refusal, Revoked};

/// Why a peer is turned away. The whole text is for the log of this server;
/// [`status`](Self::status) is what an admitted caller is told, and a stranger is told
/// nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Denial {
    /// The peer was not admitted, or its admission is over.
    #[error("not admitted")]
    NotAdmitted,
    /// The admission that a call came in by is over.
    #[error("the credential of this caller {0}; connect again with one that is in force")]
    Ended(Ending),
    /// A protocol that is no service, for a caller that is limited to services.
    #[error("its credential is for single services")]
    ServicesOnly,
    /// The credential is for something else.
    #[error("the credential of this caller is not for {service}{}", dotted(*.method))]
    Audience {
        /// The service.
        service: &'static str,
        /// The method, when other methods of the service are allowed.
        method: Option<&'static str>,
    },
    /// A capability is missing.
    #[error("{service}{} requires {required}, {}", dotted(*.method), lacking(*.anonymous))]
    Capability {
        /// The service.
        service: &'static str,
        /// The method, when it is the method that requires it.
        method: Option<&'static str>,
        /// What is required.
        required: &'static Requirement,
        /// Whether nobody has any capability here.
        anonymous: bool,
    },
    /// A method that says nothing about who may call it.
    #[error(
        "{service}.{method} does not say who may call it, so nobody may; its author writes `requires = \"...\"`, or `requires = admitted` for every admitted peer"
    )]
    Unguarded {
        /// The service.
        service: &'static str,
        /// The method.
        method: &'static str,
    },
    /// What was presented is no credential that admits anybody.
    #[error("{0}")]
    Credential(CredentialRefusal),
    /// As many peers are admitted as the server keeps.
    #[error("as many peers are admitted as this server keeps (max_admitted_peers)")]
    Full,
}

/// How an admission ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Its time was up.
    Expired,
    /// The root took it back.
    Revoked(Revoked),
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired => f.write_str("has expired"),
            Self::Revoked(_) => f.write_str("has been revoked"),
        }
    }
}

/// Why a credential admits nobody.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CredentialRefusal {
    /// Nothing was presented.
    #[error("no credential")]
    Missing,
    /// It is not one, or not of a kind that admits clients.
    #[error("no credential of a client: {0}")]
    Content(#[from] InvalidCredential),
    /// It is no chain.
    #[error("no chain: {0}")]
    ChainContent(#[from] InvalidChain),
    /// A credential that does not fit.
    #[error(transparent)]
    Credential(#[from] Refusal),
    /// A chain that does not fit.
    #[error("chain: {0}")]
    Chain(#[from] ChainRefusal),
    /// The root took it back.
    #[error("{0} is revoked")]
    Revoked(Revoked),
    /// A one-time credential that was used, or cannot be recorded.
    #[error(transparent)]
    OneTime(#[from] NonceError),
    /// Nowhere to record a one-time credential.
    #[error(
        "one-time credentials are not taken: no nonce_store is configured, and there is no home directory for one"
    )]
    NoNonceStore,
}

impl<T: Into<CredentialRefusal>> From<T> for Denial {
    fn from(refusal: T) -> Self {
        Self::Credential(refusal.into())
    }
}

impl Denial {
    /// What an admitted caller is told: which capability it lacks, or that its
    /// time is over.
    pub(crate) fn status(self) -> Status {
        let text = self.to_string();
        match self {
            Self::Ended(_) => Status::unauthenticated(text),
            Self::NotAdmitted | Self::Credential(_) | Self::Full => {
                Status::permission_denied("not admitted")
            }
            Self::Capability { required, .. } => {
                Status::permission_denied(text).with_detail("requires", required.to_string())
            }
            Self::ServicesOnly | Self::Audience { .. } | Self::Unguarded { .. } => {
                Status::permission_denied(text)
            }
        }
    }
}

fn dotted(method: Option<&'static str>) -> String {
    method.map(|method| format!(".{method}")).unwrap_or_default()
}

fn lacking(anonymous: bool) -> &'static str {
    if anonymous {
        "which nobody has here: the gate is open, and no credential is looked at"
    } else {
        "which the credential of this caller does not have"
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::peer;
    use super::*;
    use crate::status::Code;
    use crate::trust::CredentialId;

    static ADMIN: Requirement = Requirement::Role("ops.admin");

    #[test]
    fn what_a_caller_is_told() {
        let denied = Code::PermissionDenied;
        let lacks = |method, anonymous| {
            let (service, required) = ("Fleet", &ADMIN);
            Denial::Capability { service, method, required, anonymous }
        };
        let audience = |method| Denial::Audience { service: "Fleet", method };
        let (id, key) = (CredentialId::of(b""), peer(1));
        for (denial, code, text) in [
            (
                Denial::Ended(Ending::Expired),
                Code::Unauthenticated,
                "the credential of this caller has expired; connect again with one that is in force",
            ),
            (
                Denial::Ended(Ending::Revoked(Revoked::Credential(id))),
                Code::Unauthenticated,
                "the credential of this caller has been revoked; connect again with one that is in \
                 force",
            ),
            // Strangers, and what is wrong with their credentials.
            (Denial::NotAdmitted, denied, "not admitted"),
            (Denial::Full, denied, "not admitted"),
            (CredentialRefusal::Revoked(Revoked::Key(key)).into(), denied, "not admitted"),
            (Denial::ServicesOnly, denied, "its credential is for single services"),
            (audience(None), denied, "the credential of this caller is not for Fleet"),
            (
                audience(Some("getStatus")),
                denied,
                "the credential of this caller is not for Fleet.getStatus",
            ),
            (
                lacks(None, false),
                denied,
                "Fleet requires ops.admin, which the credential of this caller does not have",
            ),
            (
                lacks(Some("getStatus"), true),
                denied,
                "Fleet.getStatus requires ops.admin, which nobody has here: the gate is open, and \
                 no credential is looked at",
            ),
            (
                Denial::Unguarded { service: "Fleet", method: "getStatus" },
                denied,
                "Fleet.getStatus does not say who may call it, so nobody may; its author writes \
                 `requires = \"...\"`, or `requires = admitted` for every admitted peer",
            ),
        ] {
            let requires = matches!(denial, Denial::Capability { .. }).then_some("ops.admin");
            let status = denial.status();
            assert_eq!((status.code(), status.message()), (code, text));
            assert_eq!(status.detail("requires"), requires);
        }
    }
}
