//! Reading signed binary forms: every take is checked against what is left.

/// The bytes that have not been read yet.
pub(super) struct ByteReader<'a>(&'a [u8]);

impl<'a> ByteReader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next `n` bytes, if there are as many.
    pub(super) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(head)
    }

    /// The next `N` bytes, if there are as many.
    pub(super) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (head, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*head)
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        self.array().map(|[byte]| byte)
    }

    /// A 64-bit number, most significant byte first.
    pub(super) fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_be_bytes)
    }

    /// Whether everything has been read.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_beyond_the_end() {
        let mut reader = ByteReader::new(&[1, 2, 3, 0, 0, 0, 0, 0, 0, 1, 0]);
        assert_eq!(reader.take(12), None);
        assert_eq!(reader.array::<12>(), None);
        assert_eq!(reader.byte(), Some(1));
        assert_eq!(reader.take(2), Some([2, 3].as_slice()));
        assert_eq!(reader.u64(), Some(256));
        assert!(reader.is_empty());
        assert_eq!(reader.byte(), None);
        assert_eq!(reader.take(0), Some([].as_slice()));
    }
}
