//! The texts that name a peer: a ticket, a bare id, or a node address.

use std::fmt;
use std::net::SocketAddr;
use std::str::FromStr;

use data_encoding::BASE64;

use crate::peer::PeerId;
use crate::ticket::{TICKET_PREFIX, Ticket, TicketError};

/// Longest address text accepted, in bytes.
pub const MAX_ADDRESS_CHARS: usize = 4096;

/// Where a peer can be reached.
///
/// Reads every form the reference writes: an `aster1...` ticket, 64 hex
/// characters (a bare peer id, which needs discovery), and base64 of the node
/// address text (id, relay URL and one `ip:port` a line).
///
/// ```
/// use aster_runtime::Address;
/// let address: Address = "aster113uTox6ig7oRwvFGCBiq9eTm9PyYFm7xczABQXhmzw9mG54BaJdZ43b".parse()?;
/// assert_eq!(address.direct.len(), 1);
/// # Ok::<(), aster_runtime::AddressError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Address {
    /// The peer's public key.
    pub peer: PeerId,
    /// The URL of its home relay.
    pub relay: Option<String>,
    /// Direct UDP addresses.
    pub direct: Vec<SocketAddr>,
}

/// Why a text is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AddressError {
    /// It looks like a ticket and is none.
    #[error("not a valid ticket: {0}")]
    Ticket(#[from] TicketError),
    /// None of the known forms.
    #[error(
        "not an address: expected a ticket (aster1...), 64 hex characters, or base64 of a node address"
    )]
    Unknown,
    /// A line of a node address that is not an `ip:port`.
    #[error("the node address has a line that is not ip:port: {0:?}")]
    Direct(String),
}

impl Address {
    /// The address of a peer with these direct addresses.
    #[must_use]
    pub fn new(peer: PeerId, direct: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self { peer, relay: None, direct: direct.into_iter().collect() }
    }

    /// The compact ticket form. A relay URL does not fit into a ticket and is
    /// left out.
    #[must_use]
    pub fn ticket(&self) -> Ticket {
        Ticket::new(self.peer, self.direct.iter().copied())
    }

    /// Base64 of the node address text: the form that admission responses use
    /// for channels.
    #[must_use]
    pub fn to_node_address(&self) -> String {
        let mut text = format!("{}\n{}\n", self.peer, self.relay.as_deref().unwrap_or(""));
        let direct: Vec<_> = self.direct.iter().map(SocketAddr::to_string).collect();
        text.push_str(&direct.join("\n"));
        BASE64.encode(text.as_bytes())
    }

    fn from_node_address(text: &str) -> Result<Self, AddressError> {
        let mut lines = text.split('\n');
        let peer = lines.next().and_then(|line| line.parse().ok()).ok_or(AddressError::Unknown)?;
        let relay = lines.next().filter(|line| !line.is_empty()).map(str::to_owned);
        let direct = lines
            .filter(|line| !line.is_empty())
            .map(|line| line.parse().map_err(|_| AddressError::Direct(line.to_owned())))
            .collect::<Result<_, _>>()?;
        Ok(Self { peer, relay, direct })
    }
}

/// Displays as a ticket.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.ticket().fmt(f)
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if text.len() > MAX_ADDRESS_CHARS {
            return Err(AddressError::Unknown);
        }
        if text.starts_with(TICKET_PREFIX) {
            let ticket: Ticket = text.parse()?;
            return Ok(Self::new(ticket.peer, ticket.addresses));
        }
        if let Ok(peer) = text.parse() {
            return Ok(Self::new(peer, []));
        }
        let decoded = BASE64
            .decode(text.as_bytes())
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .ok_or(AddressError::Unknown)?;
        Self::from_node_address(&decoded)
    }
}

impl From<Ticket> for Address {
    fn from(ticket: Ticket) -> Self {
        Self::new(ticket.peer, ticket.addresses)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn the_reference_node_address_reads_and_writes_the_same() {
        // Made by the reference: id, https://r.example/, 127.0.0.1:1, [::1]:2.
        let text = "MDAwMTAyMDMwNDA1MDYwNzA4MDkwYTBiMGMwZDBlMGYxMDExMTIxMzE0MTUxNjE3MTgxOTFhMWIxYzFkMWUxZgpodHRwczovL3IuZXhhbXBsZS8KMTI3LjAuMC4xOjEKWzo6MV06Mg==";
        let address: Address = text.parse().unwrap();
        assert_eq!(address.relay.as_deref(), Some("https://r.example/"));
        assert_eq!(address.direct, ["127.0.0.1:1".parse().unwrap(), "[::1]:2".parse().unwrap()]);
        assert_eq!(address.to_node_address(), text);
    }

    #[test]
    fn a_bare_id_is_an_address_in_either_case() {
        let lower: Address = ID.parse().unwrap();
        let upper: Address = ID.to_uppercase().parse().unwrap();
        assert_eq!(lower, upper);
        assert!(lower.direct.is_empty());
        let wrapped: Address = BASE64.encode(ID.as_bytes()).parse().unwrap();
        assert_eq!(wrapped, lower);
    }

    #[test]
    fn rubbish_is_refused_with_advice() {
        for text in ["", "edge-7", "aster1", "////", &"A".repeat(10_000)] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
        let bad = BASE64.encode(format!("{ID}\n\nlocalhost").as_bytes());
        assert_eq!(bad.parse::<Address>(), Err(AddressError::Direct("localhost".into())));
    }
}
