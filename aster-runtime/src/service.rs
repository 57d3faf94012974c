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
    /// Who may call any method.
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

    /// The methods for which neither the service nor the method says who may
    /// call them. A server with a root of trust refuses calls of these.
    ///
    /// ```
    /// use aster_runtime::ServiceDescriptor;
    /// fn warn(service: &ServiceDescriptor) {
    ///     for method in service.unguarded() {
    ///         eprintln!("{}.{} names no requirement", service.name, method.name);
    ///     }
    /// }
    /// ```
    pub fn unguarded(&self) -> impl Iterator<Item = &'static MethodDescriptor> + use<> {
        let methods = if self.requires.is_none() { self.methods } else { &[] };
        methods.iter().filter(|method| method.requires.is_none())
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
    /// Who may call it, beside what the service requires.
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

/// Who may call. A service and a method may each have one; a caller meets
/// both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Requirement {
    /// Every peer that the gate admitted, whatever it holds.
    Admitted,
    /// Holders of this capability.
    Role(&'static str),
    /// Holders of at least one of these.
    AnyOf(&'static [&'static str]),
    /// Holders of every one of these.
    AllOf(&'static [&'static str]),
}

/// For people: `ops.admin`, `one of ops.admin, ops.logs`, `all of ...`.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admitted => f.write_str("an admission"),
            Self::Role(name) => f.write_str(name),
            Self::AnyOf(names) => write!(f, "one of {}", names.join(", ")),
            Self::AllOf(names) => write!(f, "all of {}", names.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ContractId;

    const fn method(name: &'static str, requires: Option<Requirement>) -> MethodDescriptor {
        MethodDescriptor {
            name,
            pattern: Pattern::Unary,
            idempotent: false,
            timeout: None,
            requires,
            doc: "",
            request: || unreachable!(),
            response: || unreachable!(),
        }
    }

    fn unguarded(requires: Option<Requirement>) -> Vec<&'static str> {
        static METHODS: [MethodDescriptor; 4] = [
            method("open", None),
            method("role", Some(Requirement::Role("ops"))),
            method("admitted", Some(Requirement::Admitted)),
            method("open2", None),
        ];
        let service = ServiceDescriptor {
            name: "Fleet",
            version: 1,
            scope: Scope::Shared,
            modes: &[],
            requires,
            doc: "",
            methods: &METHODS,
            contract_id: ContractId::from_bytes([0; 32]),
        };
        service.unguarded().map(|method| method.name).collect()
    }

    #[test]
    fn a_requirement_of_either_level_guards_a_method() {
        assert_eq!(unguarded(None), ["open", "open2"]);
        assert!(unguarded(Some(Requirement::Admitted)).is_empty());
        assert!(unguarded(Some(Requirement::AnyOf(&[]))).is_empty());
    }
}
