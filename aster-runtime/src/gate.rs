//! Who may come in. Decisions are pure functions on what the connection has
//! proved; nothing here reads sockets, files or clocks.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::hello::HelloRequest;
use crate::peer::PeerId;

/// The gate of a server. There is no default: a server says which gate it
/// wants, or does not start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gate {
    /// Everybody comes in. Asked for by name only.
    Open,
}

/// What admission knows about a peer.
pub(crate) type Attributes = Arc<BTreeMap<String, String>>;

impl Gate {
    /// Decides on an admission request: what is known about the peer from now
    /// on, or `None` to refuse it.
    pub(crate) fn admit(self, _peer: PeerId, _request: &HelloRequest) -> Option<Attributes> {
        match self {
            Self::Open => Some(Attributes::default()),
        }
    }

    /// Decides on an RPC connection: what is known about the peer, or `None`
    /// to close the connection.
    pub(crate) fn connect(self, _peer: PeerId) -> Option<Attributes> {
        match self {
            Self::Open => Some(Attributes::default()),
        }
    }
}
