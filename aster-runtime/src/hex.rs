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

/// What keys and ids of 32 bytes have in common: they display as 64 lower-case
/// hex characters, and are short in logs and prompts.
macro_rules! hex_text {
    ($name:ident) => {
        impl $name {
            /// The 32 bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; 32] {
                &self.0
            }

            /// The first ten hex characters, for logs and prompts.
            #[must_use]
            pub fn short(&self) -> String {
                let mut text = self.to_string();
                text.truncate(10);
                text
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&$crate::hex::encode(&self.0))
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }
    };
}

pub(crate) use hex_text;

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
