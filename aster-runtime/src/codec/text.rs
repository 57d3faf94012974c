//! The forms of strings on the wire: 0 Latin-1, 1 little-endian UTF-16, 2 UTF-8.

use std::borrow::Cow;

use super::error::DecodeError;

/// The text of bytes in any form, if it is the usual one: all of it ASCII.
#[inline]
pub(super) fn ascii(form: u8, bytes: &[u8]) -> Option<&str> {
    if form == 0 && is_ascii(bytes) { std::str::from_utf8(bytes).ok() } else { None }
}

/// What the standard library's does, in fewer steps for short texts.
#[inline]
pub(super) fn is_ascii(bytes: &[u8]) -> bool {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    let (words, rest) = bytes.as_chunks::<8>();
    match bytes.last_chunk::<8>() {
        // The last word overlaps the one before it instead of being shorter.
        Some(last) => {
            let last = u64::from_ne_bytes(*last);
            let all = words.iter().fold(last, |bits, word| bits | u64::from_ne_bytes(*word));
            all & HIGH_BITS == 0
        }
        None => rest.iter().fold(0, |bits, byte| bits | byte) < 0x80,
    }
}

/// The text of bytes in any form.
#[cold]
pub(super) fn wide(form: u8, bytes: &[u8]) -> Result<Cow<'_, str>, DecodeError> {
    match form {
        0 => Ok(Cow::Owned(bytes.iter().map(|b| char::from(*b)).collect())),
        1 => {
            let (pairs, odd) = bytes.as_chunks::<2>();
            if !odd.is_empty() {
                return Err(DecodeError::malformed("a UTF-16 string has an odd number of bytes"));
            }
            let units = pairs.iter().map(|pair| u16::from_le_bytes(*pair));
            let mut text = String::with_capacity(bytes.len());
            for c in char::decode_utf16(units) {
                text.push(c.map_err(|_| {
                    DecodeError::malformed("a UTF-16 string holds an unpaired surrogate")
                })?);
            }
            Ok(Cow::Owned(text))
        }
        2 => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|_| DecodeError::malformed("a string is not valid UTF-8")),
        _ => Err(DecodeError::malformed("a string has the unknown form 3")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_beyond_ascii_is_found_at_every_place() {
        for len in 0..80 {
            let mut bytes = vec![0x7f; len];
            assert!(is_ascii(&bytes), "{len}");
            for i in 0..len {
                bytes[i] = 0x80;
                assert!(!is_ascii(&bytes), "{i} of {len}");
                bytes[i] = 0x7f;
            }
        }
    }
}
