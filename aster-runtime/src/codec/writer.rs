//! The output side of the binary encoding.

use bytes::{BufMut, BytesMut};
use smallvec::SmallVec;

use super::DecodeLimits;
use super::error::EncodeError;
use super::meta_string::TypeHead;
use super::text::is_ascii;

/// Appends wire primitives to a buffer that the caller reuses.
///
/// Fixed-width numbers are little-endian. Variable-width ones carry seven bits
/// per byte, low group first, the high bit meaning "more follows"; they take at
/// most nine bytes, because the ninth carries eight bits.
///
/// ```
/// use aster_runtime::codec::Writer;
///
/// let mut buffer = bytes::BytesMut::new();
/// let mut writer = Writer::new(&mut buffer);
/// writer.put_varuint(300);
/// writer.put_str("hi");
/// assert_eq!(&buffer[..], [0xac, 0x02, 0x08, b'h', b'i']);
/// ```
#[derive(Debug)]
pub struct Writer<'a> {
    out: &'a mut BytesMut,
    /// The types named so far, with the numbers of their two meta strings.
    named: SmallVec<[Named; 4]>,
    /// Meta strings written in full so far.
    meta_count: u64,
    /// The number of the empty namespace, which all types share.
    empty_namespace: Option<u64>,
    depth: u32,
}

#[derive(Debug)]
struct Named {
    head: &'static TypeHead,
    namespace: u64,
    name: u64,
}

impl<'a> Writer<'a> {
    /// Starts appending to `out`.
    #[inline]
    pub fn new(out: &'a mut BytesMut) -> Self {
        Self { out, named: SmallVec::new(), meta_count: 0, empty_namespace: None, depth: 0 }
    }

    /// Bytes in the buffer, including what it held before.
    pub fn position(&self) -> usize {
        self.out.len()
    }

    /// Overwrites a byte written earlier, at a former [`Writer::position`].
    #[inline]
    pub(crate) fn set_u8(&mut self, position: usize, value: u8) {
        if let Some(byte) = self.out.get_mut(position) {
            *byte = value;
        }
    }

    /// Appends one byte.
    #[inline]
    pub fn put_u8(&mut self, value: u8) {
        // `BufMut::put_u8` is a call into another crate, for one byte.
        self.put_slice(&[value]);
    }

    /// Appends bytes as they are.
    #[inline]
    pub fn put_slice(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    /// Appends two bytes.
    #[inline]
    pub fn put_u16(&mut self, value: u16) {
        self.put_slice(&value.to_le_bytes());
    }

    /// Appends four bytes.
    #[inline]
    pub fn put_u32(&mut self, value: u32) {
        self.put_slice(&value.to_le_bytes());
    }

    /// Appends four bytes, two's complement.
    #[inline]
    pub fn put_i32(&mut self, value: i32) {
        self.put_slice(&value.to_le_bytes());
    }

    /// Appends eight bytes, two's complement.
    #[inline]
    pub fn put_i64(&mut self, value: i64) {
        self.put_slice(&value.to_le_bytes());
    }

    /// Appends four bytes, IEEE 754.
    #[inline]
    pub fn put_f32(&mut self, value: f32) {
        self.put_slice(&value.to_le_bytes());
    }

    /// Appends eight bytes, IEEE 754.
    #[inline]
    pub fn put_f64(&mut self, value: f64) {
        self.put_slice(&value.to_le_bytes());
    }

    /// Appends an unsigned number in one to nine bytes.
    #[inline]
    pub fn put_varuint(&mut self, value: u64) {
        if value < 0x80 {
            self.put_u8(value as u8);
        } else {
            self.put_long_varuint(value);
        }
    }

    fn put_long_varuint(&mut self, value: u64) {
        if value < 0x4000 {
            return self.put_slice(&[value as u8 | 0x80, (value >> 7) as u8]);
        }
        let mut bytes = [0; 9];
        let mut rest = value;
        let mut len = 0;
        for (i, byte) in bytes.iter_mut().enumerate() {
            len = i + 1;
            if i == 8 {
                *byte = rest as u8;
            } else if rest < 0x80 {
                *byte = rest as u8;
                break;
            } else {
                *byte = rest as u8 | 0x80;
                rest >>= 7;
            }
        }
        if let Some(used) = bytes.get(..len) {
            self.put_slice(used);
        }
    }

    /// Appends a signed number in one to nine bytes: small magnitudes are
    /// short, because the sign is moved to the lowest bit first.
    #[inline]
    pub fn put_varint(&mut self, value: i64) {
        self.put_varuint(((value << 1) ^ (value >> 63)) as u64);
    }

    /// Appends a string: a number `byte_length << 2 | form`, then the bytes.
    /// Form 0 is Latin-1 (all characters up to U+00FF), form 1 little-endian
    /// UTF-16 (up to U+FFFF), form 2 UTF-8 (everything else).
    #[inline]
    pub fn put_str(&mut self, text: &str) {
        if is_ascii(text.as_bytes()) {
            self.put_varuint((text.len() as u64) << 2);
            self.put_slice(text.as_bytes());
        } else {
            self.put_wide_str(text);
        }
    }

    fn put_wide_str(&mut self, text: &str) {
        let mut chars = 0u64;
        let mut widest = '\0';
        for c in text.chars() {
            chars += 1;
            widest = widest.max(c);
        }
        if widest <= '\u{ff}' {
            self.put_varuint(chars << 2);
            self.out.reserve(chars as usize);
            for c in text.chars() {
                self.out.put_u8(c as u8);
            }
        } else if widest <= '\u{ffff}' {
            self.put_varuint((chars * 2) << 2 | 1);
            self.out.reserve(chars as usize * 2);
            for c in text.chars() {
                self.out.put_u16_le(c as u16);
            }
        } else {
            self.put_varuint((text.len() as u64) << 2 | 2);
            self.put_slice(text.as_bytes());
        }
    }

    /// Appends a byte string: its length as a number, then the bytes.
    #[inline]
    pub fn put_bytes(&mut self, bytes: &[u8]) {
        self.put_varuint(bytes.len() as u64);
        self.put_slice(bytes);
    }

    /// Appends the complete head of a root value and its schema hash.
    #[inline]
    pub(crate) fn put_root(&mut self, head: &'static TypeHead) {
        self.put_slice(head.root);
        self.named.push(Named { head, namespace: 1, name: 2 });
        self.meta_count = 2;
        if head.namespace.is_empty() {
            self.empty_namespace = Some(1);
        }
    }

    /// Appends type id and names of a nested typed value: in full the first
    /// time, as references to the first time after that.
    pub(crate) fn put_named_type(&mut self, type_id: u8, head: &'static TypeHead) {
        self.put_u8(type_id);
        let known = self.named.iter().find(|named| {
            core::ptr::eq(named.head, head)
                || (named.head.name == head.name && named.head.namespace == head.namespace)
        });
        if let Some(named) = known {
            let (namespace, name) = (named.namespace, named.name);
            self.put_varuint(namespace << 1 | 1);
            self.put_varuint(name << 1 | 1);
            return;
        }
        let namespace = match self.empty_namespace {
            Some(number) if head.namespace.is_empty() => {
                self.put_varuint(number << 1 | 1);
                number
            }
            _ => {
                self.put_slice(head.namespace_meta);
                self.meta_count += 1;
                if head.namespace.is_empty() {
                    self.empty_namespace = Some(self.meta_count);
                }
                self.meta_count
            }
        };
        self.put_slice(head.name_meta);
        self.meta_count += 1;
        self.named.push(Named { head, namespace, name: self.meta_count });
    }

    /// Goes one nesting level down; pair it with [`Writer::leave`].
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), EncodeError> {
        if self.depth >= DecodeLimits::MAX_DEPTH {
            return Err(EncodeError::too_deep(DecodeLimits::MAX_DEPTH));
        }
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }
}
