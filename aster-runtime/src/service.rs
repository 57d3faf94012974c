//! What a service is: descriptors as static tables, made by the macros and
//! read by everything that routes, checks, describes or calls.

use std::fmt;
use std::time::Duration;

use crate::codec::TypeDescriptor;
use crate::contract::ContractId;

/// A service: its name, its version, its methods.
#[derive(Debug)]
pub struct ServiceDescriptor {
    /// The name on the wire.
    pub name: &'static str,
    /// The version; clients ask for one exactly.
    pub version: i32,
    /// One instance for all, or one for each session.
    pub scope: Scope,
    /// Serialization modes in declared order.
    pub modes: &'static [SerializationMode],
    /// What a caller must hold for any method.
    pub requires: Option<Requirement>,
    /// The doc comment.
    pub doc: &'static str,
    /// The methods in declared order.
    pub methods: &'static [MethodDescriptor],
    /// The name of the contract: the hash of the bytes that say what callers
    /// and servers must agree on, which are names, types and patterns, but no
    /// documentation, defaults or requirements.
    pub contract_id: ContractId,
}

impl ServiceDescriptor {
    /// The method with this wire name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&'static MethodDescriptor> {
        self.methods.iter().find(|method| method.name == name)
    }
}

/// A method of a service.
#[derive(Debug)]
pub struct MethodDescriptor {
    /// The name on the wire.
    pub name: &'static str,
    /// How many messages go each way.
    pub pattern: Pattern,
    /// Whether calling twice does the same as calling once.
    pub idempotent: bool,
    /// Longest duration of a call, enforced on both sides.
    pub timeout: Option<Duration>,
    /// What a caller must hold.
    pub requires: Option<Requirement>,
    /// The doc comment.
    pub doc: &'static str,
    /// The request message's type.
    pub request: fn() -> &'static TypeDescriptor,
    /// The response message's type.
    pub response: fn() -> &'static TypeDescriptor,
}

/// How many messages a call takes and gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pattern {
    /// One request, one response.
    Unary,
    /// One request, a stream of responses.
    ServerStream,
    /// A stream of requests, one response.
    ClientStream,
    /// Streams both ways, at the same time.
    Bidi,
}

impl Pattern {
    /// Whether the caller sends exactly one message.
    #[must_use]
    pub fn single_request(self) -> bool {
        matches!(self, Self::Unary | Self::ServerStream)
    }

    /// Whether the handler answers with exactly one message.
    #[must_use]
    pub fn single_response(self) -> bool {
        matches!(self, Self::Unary | Self::ClientStream)
    }

    /// The name in manifests.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unary => "unary",
            Self::ServerStream => "server_stream",
            Self::ClientStream => "client_stream",
            Self::Bidi => "bidi_stream",
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Who shares an instance of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// All callers.
    Shared,
    /// Nobody: every session has its own.
    Session,
}

impl Scope {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Session => "session",
        }
    }
}

/// How messages are written. The numbers are those of
/// `StreamHeader.serializationMode`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SerializationMode {
    /// The typed binary form.
    Xlang = 0,
    /// JSON, for callers without the types.
    Json = 3,
}

impl SerializationMode {
    /// The name in announcements and contracts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Xlang => "xlang",
            Self::Json => "json",
        }
    }
}

/// Capabilities a caller must hold. Stored now, enforced by the gates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirement {
    /// This one.
    Role(&'static str),
    /// At least one of these.
    AnyOf(&'static [&'static str]),
    /// Every one of these.
    AllOf(&'static [&'static str]),
}
