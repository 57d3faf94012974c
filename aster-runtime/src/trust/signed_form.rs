//! What every signature of our own formats is over.
//!
//! Keys of this system also sign other things: interoperable credentials,
//! gossip messages, TLS handshakes, and, in other programs, proofs that begin
//! with bytes a peer chose and end in a fixed text. The first byte here begins
//! none of the former, the last byte ends none of the latter, so a signature
//! for one is never a signature for the other (trust.md 2.2, 4, 5).

/// In no UTF-8 text, and no type of a credential or message.
const EDGE: u8 = 0xff;

/// The bytes to sign: the kind of the content, which is different for each of
/// our formats, and the content.
pub(super) fn signed_form(kind: &str, content: &[u8]) -> Vec<u8> {
    [&[EDGE], kind.as_bytes(), &[0], content, &[EDGE]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b17_the_edges_are_those_of_no_other_form() {
        assert_eq!(signed_form("kind", b"content"), b"\xffkind\0content\xff");
        assert!(std::str::from_utf8(&[EDGE]).is_err());
    }
}
