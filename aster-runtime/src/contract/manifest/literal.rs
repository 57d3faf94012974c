//! Byte strings as Python prints them. The reference's manifests hold the
//! default of a `bytes` field in that form, `b''` (contract.md 5.1).

use data_encoding::BASE64;

/// The literal for bytes that are given in base64.
pub(super) fn from_base64(text: &str) -> Option<String> {
    let bytes = BASE64.decode(text.as_bytes()).ok()?;
    let double = bytes.contains(&b'\'') && !bytes.contains(&b'"');
    let quote = if double { '"' } else { '\'' };
    let mut literal = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\\' => literal.push_str("\\\\"),
            b'\n' => literal.push_str("\\n"),
            b'\r' => literal.push_str("\\r"),
            b'\t' => literal.push_str("\\t"),
            b'\'' if !double => literal.push_str("\\'"),
            b' '..=b'~' => literal.push(byte.into()),
            _ => literal.push_str(&format!("\\x{byte:02x}")),
        }
    }
    literal.push(quote);
    Some(literal)
}

/// The base64 of the bytes that a literal stands for.
pub(super) fn to_base64(literal: &str) -> Option<String> {
    let quoted = literal.strip_prefix('b')?;
    let quote = quoted.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let body = quoted.strip_prefix(quote)?.strip_suffix(quote)?;
    let mut bytes = Vec::with_capacity(body.len());
    let mut rest = body.chars();
    while let Some(c) = rest.next() {
        let byte = match c {
            '\\' => match rest.next()? {
                'n' => b'\n',
                'r' => b'\r',
                't' => b'\t',
                'x' => {
                    let hex: String = rest.by_ref().take(2).collect();
                    data_encoding::HEXLOWER.decode(hex.as_bytes()).ok()?.first().copied()?
                }
                escaped @ ('\\' | '\'' | '"') => escaped.try_into().ok()?,
                _ => return None,
            },
            c if c == quote || !c.is_ascii() => return None,
            c => c.try_into().ok()?,
        };
        bytes.push(byte);
    }
    Some(BASE64.encode(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_those_of_python() {
        for (bytes, literal) in [
            (&b""[..], "b''"),
            (b"abc", "b'abc'"),
            (b"it's", "b\"it's\""),
            (b"'\"", "b'\\'\"'"),
            (b"\\\n\r\t\x00\x7f\xff", "b'\\\\\\n\\r\\t\\x00\\x7f\\xff'"),
        ] {
            let base64 = BASE64.encode(bytes);
            assert_eq!(from_base64(&base64).as_deref(), Some(literal));
            assert_eq!(to_base64(literal), Some(base64));
        }
    }

    #[test]
    fn what_is_no_literal_is_left_alone() {
        for text in ["", "b", "b'", "abc", "b'a", "b'\\'", "b'\\q'", "b'\\x0'", "b'\u{e9}'", "b'''"]
        {
            assert_eq!(to_base64(text), None, "{text}");
        }
        assert_eq!(from_base64("?"), None);
    }
}
