//! Why a server does not start.

use super::table::DuplicateService;
use crate::admission::RevocationFileError;
use crate::config::ConfigErrors;
use crate::contract::manifest::{ContractMismatch, ManifestFileError};
use crate::identity::IdentityError;
#[cfg(feature = "registry")]
use crate::registry::PublishError;
use crate::transport::endpoint::BindError;
use crate::trust::NonceError;

/// Why a server did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// Nothing says who may come in.
    #[error(
        "the server has no gate: say who may call it, with root_pubkey_file(...) for peers that a root key has signed for. For a server that everybody may call, ask for it by name with open_gate()"
    )]
    NoGate,
    /// There is no Tokio runtime to run handlers on.
    #[error("a server starts within a Tokio runtime, as in #[tokio::main]")]
    NoRuntime,
    /// A service with the wrong way of registering it.
    #[error("service {name} is {scope}-scoped: register it with {method}")]
    Scope {
        /// The service.
        name: &'static str,
        /// Its scope.
        scope: &'static str,
        /// The builder method to use.
        method: &'static str,
    },
    /// A name and version registered twice.
    #[error(transparent)]
    Duplicate(#[from] DuplicateService),
    /// The identity file.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigErrors),
    /// A revocation list that is not in force is worth nothing.
    #[error(transparent)]
    Revocations(#[from] RevocationFileError),
    /// The store of used one-time credentials.
    #[error(transparent)]
    Nonces(#[from] NonceError),
    /// Methods that nobody could call.
    #[error(
        "at a closed gate nobody can call {}: say who may, with requires = \"...\" on the method or the service, or requires = admitted for every admitted peer",
        .0.join(", ")
    )]
    Unguarded(
        /// The methods, as `Service.method`.
        Vec<String>,
    ),
    /// A connection gate that belongs to another server.
    #[error("the connection gate is in use by another server; make one for each")]
    GateInUse,
    /// The network.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The contracts could not be published.
    #[cfg(feature = "registry")]
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// Publishing on an endpoint that the program owns.
    #[cfg(feature = "registry")]
    #[error(
        "a server mounted on the program's endpoint does not publish contracts: the protocols of blobs and documents are the program's; leave out publish(), or use bind()"
    )]
    PublishMounted,
    /// The manifest of the project cannot be used.
    #[error(
        "{0}\nWrite it anew: aster contract gen PROGRAM --out {path}",
        path = .0.path().display()
    )]
    Manifest(#[source] ManifestFileError),
    /// A service is not what the manifest of the project says.
    #[error(transparent)]
    Contract(Box<ContractMismatch>),
    /// The services do not fit into one admission response.
    #[error(
        "the announcement of {services} services takes {bytes} bytes; clients read at most {max}"
    )]
    TooManyServices {
        /// How many.
        services: usize,
        /// Bytes of the announcement.
        bytes: usize,
        /// The limit.
        max: usize,
    },
}
