//! The four gates between a connection and a handler.
//!
//! | gate | decides | function |
//! |---|---|---|
//! | 0 | whether a connection may go on, under each protocol | [`connection`] |
//! | 1 | whether a presented credential admits the peer | [`credential()`] |
//! | 2 | whether the caller may use a service | [`service()`] |
//! | 3 | whether the caller may call a method | [`method()`] |
//!
//! Each is one pure function: everything that it depends on is a parameter,
//! the time included. Services and methods are the descriptors that a call was
//! resolved to, never names from the wire. What no rule allows is denied.

mod connection;
mod credential;
mod denial;
mod method;
mod service;

pub(crate) use connection::{Protocol, connection};
pub(crate) use credential::{Conditions, credential};
pub(crate) use denial::{CredentialRefusal, Denial, Ending};
pub(crate) use method::method;
pub(crate) use service::service;

/// Who comes in. There is no default: a server says which gate it wants, or
/// does not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Everybody, and nobody with a capability. Asked for by name only.
    Open,
    /// Whom the root key has signed for.
    Closed,
}

#[cfg(test)]
mod fixtures;
