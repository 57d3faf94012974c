//! The runtime behind the `aster` crate: protocol core, transport, server and
//! client. Programs depend on `aster`, which re-exports what they need.
#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod address;
mod admission;
mod budget;
mod capability;
mod client;
mod clock;
pub mod codec;
pub mod config;
mod context;
pub mod contract;
mod deadline;
mod decoder;
mod dispatch;
mod frame;
mod framed;
mod gate;
mod header;
mod hello;
mod hex;
mod identity;
mod io;
pub mod limits;
mod message;
mod metadata;
mod network;
mod peer;
mod printable;
mod private_file;
mod random;
#[cfg(feature = "registry")]
mod registry;
mod scratch;
mod server;
mod service;
mod session;
mod status;
mod streaming;
mod ticket;
mod transport;
pub mod trust;
mod turn;

pub use address::{Address, AddressError, MAX_ADDRESS_CHARS};
pub use admission::RevocationFileError;
pub use capability::Capability;
pub use client::{
    AsterClient, AsterClientBuilder, BidiCall, ClientCredential, ClientStreamCall, ConnectError,
    ContractCheck, Proxy, ProxyCall, ProxySession, ServerStreamCall, Session, UnaryCall,
};
pub use config::{Config, ConfigErrors};
pub use context::CallContext;
pub use deadline::Deadline;
pub use dispatch::{Service, SessionContext};
pub use hello::ServiceSummary;
pub use identity::{Identity, IdentityError};
pub use io::PacketPlacement;
pub use limits::Limits;
pub use metadata::Metadata;
pub use network::{InvalidVariable, Network, RelayMode};
pub use peer::{InvalidPeerId, PeerId};
#[cfg(feature = "registry")]
pub use registry::{ContractFetchError, Publish, PublishError};
pub use server::{
    AsterServer, AsterServerBuilder, DuplicateService, HELLO_ALPN, ManifestCheck, RPC_ALPN,
    StartError, Termination,
};
pub use service::{
    MethodDescriptor, Pattern, Requirement, Scope, SerializationMode, ServiceDescriptor,
};
pub use status::{Code, Status};
pub use streaming::{Receiver, Sender, Streaming, channel};
pub use ticket::{
    MAX_TICKET_ADDRESSES, MAX_TICKET_BYTES, MAX_TICKET_CREDENTIAL_BYTES, TICKET_PREFIX, Ticket,
    TicketCredential, TicketError,
};
pub use transport::endpoint::BindError;
pub use transport::hooks::ConnectionGate;
pub use transport::mount::AsterProtocol;
pub use transport::path::ConnectionPath;
pub use transport::relay::{RelayError, reach_relay};

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private0;
