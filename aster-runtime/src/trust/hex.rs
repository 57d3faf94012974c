//! Bytes of a fixed length as lower-case hex: one text for each value.

use data_encoding::HEXLOWER;

/// The `N` bytes that `text` stands for, if it is exactly `2 * N` lower-case
/// hex characters.
pub(crate) fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N {
        return None;
    }
    HEXLOWER.decode(text.as_bytes()).ok()?.try_into().ok()
}

/// The text of these bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a4_only_the_one_text_of_a_value_is_accepted() {
        assert_eq!(decode::<2>("00ff"), Some([0, 0xff]));
        assert_eq!(encode(&[0, 0xff]), "00ff");
        for bad in ["", "00f", "00ff0", "00ff00", "00FF", "0x00", " 0ff", "00f ", "00fg", "٠٠"] {
            assert_eq!(decode::<2>(bad), None, "{bad}");
        }
    }
}
