//! The compact address of a peer: `aster1...`.
//!
//! `aster1`, then base58 (Bitcoin alphabet) of: the public key (32 bytes); a
//! byte whose high nibble is the version 1 and whose bits 3..2 name the relay
//! kind; the relay's IP and port; a byte whose high nibble counts the direct
//! addresses; two bits of kind for each, then the addresses; and an optional
//! credential as type, length and payload. Ports and lengths are big-endian.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::str::FromStr;

use crate::peer::PeerId;

/// What every ticket begins with.
pub const TICKET_PREFIX: &str = "aster1";

/// Largest binary form, in bytes.
pub const MAX_TICKET_BYTES: usize = 256;

/// Longest text accepted: the prefix and base58 of [`MAX_TICKET_BYTES`].
const MAX_TICKET_CHARS: usize = TICKET_PREFIX.len() + MAX_TICKET_BYTES * 138 / 100 + 1;

/// Most direct addresses a ticket can hold.
pub const MAX_TICKET_ADDRESSES: usize = 15;

/// Longest credential payload, in bytes.
pub const MAX_TICKET_CREDENTIAL_BYTES: usize = 220;

const VERSION: u8 = 1;

/// A peer's key and where to reach it.
///
/// ```
/// use aster_runtime::Ticket;
/// let ticket: Ticket = "aster113uTox6ig7oRwvFGCBiq9eTm9PyYFm7xczABQXhmzw9mG54BaJdZ43b".parse()?;
/// assert_eq!(ticket.addresses[0].to_string(), "127.0.0.1:45346");
/// # Ok::<(), aster_runtime::TicketError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The peer's public key.
    pub peer: PeerId,
    /// A relay by IP and port. Readers of the reference ignore it.
    pub relay: Option<SocketAddr>,
    /// Direct addresses, at most [`MAX_TICKET_ADDRESSES`].
    pub addresses: Vec<SocketAddr>,
    /// A credential carried along, if any.
    pub credential: Option<TicketCredential>,
}

/// The credential part of a ticket.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TicketCredential {
    /// The peer's gate is open.
    Open,
    /// A consumer credential, JSON by convention.
    Consumer(Vec<u8>),
    /// An enrolment, JSON by convention.
    Enrollment(Vec<u8>),
    /// Read access to a registry document.
    RegistryRead([u8; 32]),
}

/// Credentials stay out of logs.
impl fmt::Debug for TicketCredential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "Open",
            Self::Consumer(_) => "Consumer(..)",
            Self::Enrollment(_) => "Enrollment(..)",
            Self::RegistryRead(_) => "RegistryRead(..)",
        })
    }
}

/// Why a text or byte string is not a ticket, or a ticket cannot be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TicketError {
    /// The text does not begin with `aster1`.
    #[error("a ticket begins with \"aster1\"")]
    Prefix,
    /// A character outside the base58 alphabet.
    #[error("the ticket has a character that is not base58; copy it again, whole")]
    Base58,
    /// Shorter or longer than any ticket.
    #[error("the ticket is cut short or too long; copy it again, whole")]
    Length,
    /// A version other than 1.
    #[error("ticket version {0} is not known; this program reads version 1")]
    Version(u8),
    /// A reserved relay or address kind.
    #[error("the ticket uses a reserved address kind")]
    AddressKind,
    /// An unknown or malformed credential.
    #[error("the ticket's credential is malformed")]
    Credential,
    /// Too many addresses to write.
    #[error("a ticket holds at most {MAX_TICKET_ADDRESSES} addresses")]
    TooManyAddresses,
}

impl Ticket {
    /// A ticket with direct addresses only. Addresses beyond
    /// [`MAX_TICKET_ADDRESSES`] are left out.
    #[must_use]
    pub fn new(peer: PeerId, addresses: impl IntoIterator<Item = SocketAddr>) -> Self {
        Self {
            peer,
            relay: None,
            addresses: addresses.into_iter().take(MAX_TICKET_ADDRESSES).collect(),
            credential: None,
        }
    }

    /// The binary form.
    ///
    /// # Errors
    /// [`TicketError`] if a part is too large.
    pub fn to_bytes(&self) -> Result<Vec<u8>, TicketError> {
        if self.addresses.len() > MAX_TICKET_ADDRESSES {
            return Err(TicketError::TooManyAddresses);
        }
        let mut out = Vec::with_capacity(64);
        out.extend_from_slice(self.peer.as_bytes());
        out.push(VERSION << 4 | self.relay.map_or(0, |relay| (kind(relay.ip()) + 1) << 2));
        if let Some(relay) = self.relay {
            put_address(&mut out, relay);
        }
        out.push((self.addresses.len() as u8) << 4);
        for group in self.addresses.chunks(4) {
            let bits = group
                .iter()
                .enumerate()
                .fold(0u8, |bits, (i, a)| bits | kind(a.ip()) << (6 - 2 * i));
            out.push(bits);
        }
        for address in &self.addresses {
            put_address(&mut out, *address);
        }
        if let Some(credential) = &self.credential {
            let (kind, payload): (u8, &[u8]) = match credential {
                TicketCredential::Open => (0, &[]),
                TicketCredential::Consumer(payload) => (1, payload),
                TicketCredential::Enrollment(payload) => (2, payload),
                TicketCredential::RegistryRead(id) => (3, id),
            };
            if payload.len() > MAX_TICKET_CREDENTIAL_BYTES {
                return Err(TicketError::Credential);
            }
            out.push(kind);
            out.extend_from_slice(&(payload.len() as u16).to_be_bytes());
            out.extend_from_slice(payload);
        }
        if out.len() > MAX_TICKET_BYTES {
            return Err(TicketError::Length);
        }
        Ok(out)
    }

    /// Reads the binary form.
    ///
    /// # Errors
    /// [`TicketError`] for anything else than one whole ticket.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, TicketError> {
        if bytes.len() > MAX_TICKET_BYTES {
            return Err(TicketError::Length);
        }
        let mut input = Input(bytes);
        let peer = PeerId::from_bytes(input.array()?);
        let header = input.byte()?;
        if header >> 4 != VERSION {
            return Err(TicketError::Version(header >> 4));
        }
        let relay = match header >> 2 & 0b11 {
            0 => None,
            relay_kind => Some(input.address(relay_kind - 1)?),
        };
        let count = usize::from(input.byte()? >> 4);
        let kinds = input.take(count.div_ceil(4))?;
        let mut addresses = Vec::with_capacity(count);
        for i in 0..count {
            let byte = kinds.get(i / 4).copied().unwrap_or_default();
            addresses.push(input.address(byte >> (6 - 2 * (i % 4)) & 0b11)?);
        }
        let credential = if input.0.is_empty() { None } else { Some(input.credential()?) };
        if !input.0.is_empty() {
            return Err(TicketError::Length);
        }
        Ok(Self { peer, relay, addresses, credential })
    }
}

/// 0 for IPv4, 1 for IPv6.
fn kind(ip: IpAddr) -> u8 {
    u8::from(ip.is_ipv6())
}

fn put_address(out: &mut Vec<u8>, address: SocketAddr) {
    match address.ip() {
        IpAddr::V4(ip) => out.extend_from_slice(&ip.octets()),
        IpAddr::V6(ip) => out.extend_from_slice(&ip.octets()),
    }
    out.extend_from_slice(&address.port().to_be_bytes());
}

struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], TicketError> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(TicketError::Length)?;
        self.0 = rest;
        Ok(head)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], TicketError> {
        let (head, rest) = self.0.split_first_chunk().ok_or(TicketError::Length)?;
        self.0 = rest;
        Ok(*head)
    }

    fn byte(&mut self) -> Result<u8, TicketError> {
        self.array().map(|[byte]| byte)
    }

    fn address(&mut self, kind: u8) -> Result<SocketAddr, TicketError> {
        let ip: IpAddr = match kind {
            0 => Ipv4Addr::from(self.array::<4>()?).into(),
            1 => Ipv6Addr::from(self.array::<16>()?).into(),
            _ => return Err(TicketError::AddressKind),
        };
        Ok(SocketAddr::new(ip, u16::from_be_bytes(self.array()?)))
    }

    fn credential(&mut self) -> Result<TicketCredential, TicketError> {
        let kind = self.byte()?;
        let length = usize::from(u16::from_be_bytes(self.array()?));
        if length > MAX_TICKET_CREDENTIAL_BYTES {
            return Err(TicketError::Credential);
        }
        let payload = self.take(length)?;
        match kind {
            0 => Ok(TicketCredential::Open),
            1 => Ok(TicketCredential::Consumer(payload.to_vec())),
            2 => Ok(TicketCredential::Enrollment(payload.to_vec())),
            3 => payload
                .try_into()
                .map(TicketCredential::RegistryRead)
                .map_err(|_| TicketError::Credential),
            _ => Err(TicketError::Credential),
        }
    }
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.to_bytes().map_err(|_| fmt::Error)?;
        write!(f, "{TICKET_PREFIX}{}", bs58::encode(bytes).into_string())
    }
}

impl FromStr for Ticket {
    type Err = TicketError;

    fn from_str(text: &str) -> Result<Self, TicketError> {
        let encoded = text.strip_prefix(TICKET_PREFIX).ok_or(TicketError::Prefix)?;
        if text.len() > MAX_TICKET_CHARS {
            return Err(TicketError::Length);
        }
        let bytes = bs58::decode(encoded).into_vec().map_err(|_| TicketError::Base58)?;
        Self::from_bytes(&bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id() -> PeerId {
        PeerId::from_bytes(std::array::from_fn(|i| i as u8))
    }

    fn ticket(
        relay: Option<&str>,
        addresses: &[&str],
        credential: Option<TicketCredential>,
    ) -> Ticket {
        Ticket {
            peer: id(),
            relay: relay.map(|a| a.parse().unwrap()),
            addresses: addresses.iter().map(|a| a.parse().unwrap()).collect(),
            credential,
        }
    }

    /// Texts made by the reference implementation for the same contents.
    fn vectors() -> Vec<(Ticket, &'static str)> {
        vec![
            (ticket(None, &[], None), "aster11JNArUumxYJcSQpbuxuroRZtcSMVLcy5WbYGt14SRkz2j"),
            (
                ticket(Some("87.254.0.136:443"), &[], None),
                "aster11fAhYWqs6ctsWHNZtpYJNB9BxxQPq4Pa5LkbLC3wpAFNPKnjx4jtb",
            ),
            (
                ticket(Some("[2001:db8::1]:443"), &[], None),
                "aster114BPFQ24L7CxtziqGPtFyDzHBJeNEH9tmkHaFALzXGLrfAdWAy3i5jV6vpzyiJm9rhDdXd",
            ),
            (
                ticket(None, &["127.0.0.1:45346"], None),
                "aster113uTox6ig7oRwvFGCBiq9eTm9PyYFm7xczABQXhmzw9mG54BaJdZ43b",
            ),
            (
                ticket(
                    Some("10.0.0.1:443"),
                    &[
                        "192.168.1.1:8080",
                        "[::1]:9000",
                        "10.0.0.2:7000",
                        "127.0.0.1:1",
                        "[fe80::1]:65535",
                    ],
                    None,
                ),
                "aster115ZcCXvaS3urSGBx6VcrJeVq6p6LS2N8rmx98mF7zUX8zqVbwUhSZiTGb98X7gq3LdAm97zAvvo2PMGfxNAa4qZH4daYyC6tFtKme1hkChfbMr9bn28Gc2NcfeDf5qvfdx",
            ),
            (
                ticket(None, &[], Some(TicketCredential::Open)),
                "aster11SkB92YpWm4Q2ijQHH34cqbKkCZWszsiQgHVjtNeFEzQF9RBV",
            ),
            (
                ticket(None, &[], Some(TicketCredential::Consumer(b"{}".to_vec()))),
                "aster119eYPYgcpVXL9SuvDeWJ5LyEMqMFgtX34FSjfnYw79taMu6Z5EJG",
            ),
            (
                ticket(None, &[], Some(TicketCredential::Enrollment(b"abc".to_vec()))),
                "aster11fAhYWqs6ctsWHNZtpYJNB9BxxQPq4Pa5LkbLC3wpAEeFFSPm5QSW",
            ),
        ]
    }

    #[test]
    fn the_reference_tickets_read_and_write_the_same() {
        for (ticket, text) in vectors() {
            assert_eq!(ticket.to_string(), text);
            assert_eq!(text.parse::<Ticket>().unwrap(), ticket);
        }
    }

    #[test]
    fn what_the_reference_rejects_is_rejected() {
        let good = ticket(None, &["127.0.0.1:1"], None).to_bytes().unwrap();
        assert_eq!(Ticket::from_bytes(&good[..33]), Err(TicketError::Length));
        let with = |at: usize, value: u8| {
            let mut bytes = good.clone();
            bytes[at] = value;
            Ticket::from_bytes(&bytes)
        };
        assert_eq!(with(32, 0x00), Err(TicketError::Version(0)));
        assert_eq!(with(32, 0x20), Err(TicketError::Version(2)));
        assert_eq!(with(32, 0x1c), Err(TicketError::AddressKind));
        assert_eq!(with(34, 0x80), Err(TicketError::AddressKind));
        let mut extra = good.clone();
        extra.extend([4, 0, 0]);
        assert_eq!(Ticket::from_bytes(&extra), Err(TicketError::Credential));
        let mut tail = good.clone();
        tail.extend([0, 0, 0, 9]);
        assert_eq!(Ticket::from_bytes(&tail), Err(TicketError::Length));
        assert_eq!(Ticket::from_bytes(&[0x10; 257]), Err(TicketError::Length));
        assert_eq!("Aster1x".parse::<Ticket>(), Err(TicketError::Prefix));
        assert_eq!("aster1!".parse::<Ticket>(), Err(TicketError::Base58));
        assert_eq!(
            format!("aster1{}", "z".repeat(100_000)).parse::<Ticket>(),
            Err(TicketError::Length)
        );
    }

    #[test]
    fn reserved_bits_are_ignored() {
        let mut bytes = ticket(None, &["127.0.0.1:1"], None).to_bytes().unwrap();
        bytes[32] |= 0b11;
        bytes[33] |= 0x0f;
        bytes[34] |= 0x3f;
        assert_eq!(Ticket::from_bytes(&bytes).unwrap(), ticket(None, &["127.0.0.1:1"], None));
    }

    #[test]
    fn every_truncation_is_an_error_or_a_shorter_ticket_without_panic() {
        for (ticket, _) in vectors() {
            let bytes = ticket.to_bytes().unwrap();
            for n in 0..bytes.len() {
                let read = Ticket::from_bytes(&bytes[..n]);
                assert!(read.is_err() || read.unwrap().credential.is_none());
            }
        }
    }
}
