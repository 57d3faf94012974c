//! The input side of the binary encoding.

use std::borrow::Cow;

use smallvec::SmallVec;

use super::DecodeLimits;
use super::descriptor::Shape;
use super::error::DecodeError;
use super::meta_string::{MetaString, Role, TypeHead};
use super::{text, type_id};

/// Reads wire primitives from one payload, front to back.
///
/// Nothing is trusted: every length is checked against what is left before it
/// is used, and depth and element counts are charged against the limits.
///
/// ```
/// use aster_runtime::codec::{DecodeLimits, Reader};
///
/// let mut reader = Reader::new(&[0xac, 0x02, 0x08, b'h', b'i'], &DecodeLimits::default());
/// assert_eq!(reader.varuint()?, 300);
/// assert_eq!(reader.str()?, "hi");
/// assert_eq!(reader.remaining(), 0);
/// # Ok::<(), aster_runtime::codec::DecodeError>(())
/// ```
#[derive(Debug)]
pub struct Reader<'de> {
    rest: &'de [u8],
    /// The type whose names the payload began with: the first two meta strings.
    root: Option<&'static TypeHead>,
    /// Further meta strings read in full so far, for references to them.
    metas: SmallVec<[MetaString<'de>; 4]>,
    limits: DecodeLimits,
    depth: u32,
    items: usize,
}

/// The type information in front of a dynamically typed value.
#[derive(Clone, Copy, Debug)]
pub struct TypeInfo {
    pub(crate) id: u8,
    /// The numbers of the meta strings, from zero, for named types.
    namespace: usize,
    name: usize,
}

impl<'de> Reader<'de> {
    /// Starts at the first byte of `payload`.
    #[inline]
    pub fn new(payload: &'de [u8], limits: &DecodeLimits) -> Self {
        let metas = SmallVec::new();
        Self { rest: payload, root: None, metas, limits: *limits, depth: 0, items: 0 }
    }

    /// Bytes not yet read.
    #[inline]
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Reads one byte.
    ///
    /// # Errors
    /// The payload ends here.
    #[inline]
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        match self.rest.split_first() {
            Some((first, rest)) => {
                self.rest = rest;
                Ok(*first)
            }
            None => Err(DecodeError::truncated(1, 0)),
        }
    }

    /// Reads `len` bytes without copying.
    ///
    /// # Errors
    /// Fewer than `len` bytes are left.
    #[inline]
    pub fn take(&mut self, len: usize) -> Result<&'de [u8], DecodeError> {
        match self.rest.split_at_checked(len) {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(head)
            }
            None => Err(DecodeError::truncated(len, self.rest.len())),
        }
    }

    #[inline]
    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        match self.rest.split_first_chunk::<N>() {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(*head)
            }
            None => Err(DecodeError::truncated(N, self.rest.len())),
        }
    }

    /// Reads an unsigned number of one to nine bytes.
    ///
    /// # Errors
    /// The payload ends inside the number.
    #[inline]
    pub fn varuint(&mut self) -> Result<u64, DecodeError> {
        match self.rest {
            [first, rest @ ..] if *first < 0x80 => {
                self.rest = rest;
                Ok(u64::from(*first))
            }
            [first, second, rest @ ..] if *second < 0x80 => {
                self.rest = rest;
                Ok(u64::from(*second) << 7 | u64::from(*first & 0x7f))
            }
            _ => self.long_varuint(),
        }
    }

    fn long_varuint(&mut self) -> Result<u64, DecodeError> {
        let mut value = 0;
        for (i, byte) in self.rest.iter().take(9).enumerate() {
            let byte = u64::from(*byte);
            if i == 8 || byte < 0x80 {
                self.rest = self.rest.get(i + 1..).unwrap_or_default();
                return Ok(value | byte << (7 * i));
            }
            value |= (byte & 0x7f) << (7 * i);
        }
        Err(DecodeError::malformed("the payload ends inside a number"))
    }

    /// Reads a signed number of one to nine bytes.
    ///
    /// # Errors
    /// The payload ends inside the number.
    #[inline]
    pub fn varint(&mut self) -> Result<i64, DecodeError> {
        let value = self.varuint()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Reads a string, borrowed from the payload when it is ASCII or UTF-8 there.
    ///
    /// # Errors
    /// The payload ends early, the form is unknown, or the bytes are not valid
    /// in that form (unpaired surrogates included).
    #[inline]
    pub fn str(&mut self) -> Result<Cow<'de, str>, DecodeError> {
        let (form, bytes) = self.text()?;
        text::ascii(form, bytes).map_or_else(|| text::wide(form, bytes), |text| Ok(text.into()))
    }

    /// Reads a string into memory of its own.
    pub(crate) fn string(&mut self) -> Result<String, DecodeError> {
        let (form, bytes) = self.text()?;
        match text::ascii(form, bytes) {
            Some(text) => Ok(text.to_owned()),
            None => text::wide(form, bytes).map(Cow::into_owned),
        }
    }

    /// Reads the form of a string and its bytes.
    #[inline]
    fn text(&mut self) -> Result<(u8, &'de [u8]), DecodeError> {
        let header = self.varuint()?;
        let bytes = self.take(usize::try_from(header >> 2).unwrap_or(usize::MAX))?;
        Ok(((header & 3) as u8, bytes))
    }

    /// Reads a length and that many bytes, without copying.
    ///
    /// # Errors
    /// The payload ends early.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'de [u8], DecodeError> {
        let len = self.varuint()?;
        self.take(usize::try_from(len).unwrap_or(usize::MAX))
    }

    /// Reads the number of elements that follow. Each takes at least one byte,
    /// so a count above the bytes left is a lie.
    #[inline]
    pub(crate) fn count(&mut self) -> Result<usize, DecodeError> {
        let count = usize::try_from(self.varuint()?).unwrap_or(usize::MAX);
        if count > self.rest.len() {
            return Err(self.too_few_bytes(count));
        }
        self.items += count;
        if self.items > self.limits.max_items {
            return Err(self.too_many_items());
        }
        Ok(count)
    }

    #[cold]
    fn too_few_bytes(&self, count: usize) -> DecodeError {
        DecodeError::malformed(format!(
            "{count} elements are announced but only {} bytes are left",
            self.rest.len()
        ))
    }

    #[cold]
    fn too_many_items(&self) -> DecodeError {
        DecodeError::limit(format!(
            "the payload holds more than {} elements",
            self.limits.max_items
        ))
    }

    /// How many elements of type `T` to allocate for at once, given that
    /// `count` are announced: never more memory than the rest of the payload
    /// could justify (twice its size); beyond that the collection grows.
    pub(crate) fn capacity<T>(&self, count: usize) -> usize {
        count.min((self.rest.len() * 2 / size_of::<T>().max(1)).max(4))
    }

    /// The same for a hash table of `T`, which takes up to twice the memory of
    /// its entries.
    pub(crate) fn table_capacity<T>(&self, count: usize) -> usize {
        if count <= 8 { count } else { self.capacity::<T>(count) / 2 }
    }

    /// Goes one nesting level down; pair it with [`Reader::leave`].
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<(), DecodeError> {
        if self.depth >= self.limits.max_depth {
            return Err(self.too_deep());
        }
        self.depth += 1;
        Ok(())
    }

    #[cold]
    fn too_deep(&self) -> DecodeError {
        DecodeError::limit(format!(
            "the payload nests deeper than {} levels",
            self.limits.max_depth
        ))
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Reads a flag byte: `ff` value, `fd` null (`00` is an older "value").
    /// True if a value follows.
    #[inline]
    pub(crate) fn presence(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0xff | 0x00 => Ok(true),
            0xfd => Ok(false),
            other => Err(no_presence(other)),
        }
    }

    /// Consumes the exact head of a root value of type `head`, if it is there.
    #[inline]
    pub(crate) fn skip_root(&mut self, head: &'static TypeHead) -> bool {
        let there = self.skip(head.root);
        if there {
            self.root = Some(head);
        }
        there
    }

    /// The same for a struct in a field, if its names are there in full, as
    /// they are the first time.
    #[inline]
    pub(crate) fn skip_field(&mut self, head: &'static TypeHead) -> bool {
        let there = self.skip(head.field);
        if there {
            self.metas.extend_from_slice(&head.packed);
        }
        there
    }

    #[inline]
    fn skip(&mut self, bytes: &[u8]) -> bool {
        match self.rest.strip_prefix(bytes) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Reads a type id and, for named types, the two names.
    pub(crate) fn type_info(&mut self) -> Result<TypeInfo, DecodeError> {
        let id = self.u8()?;
        let (namespace, name) = match id {
            type_id::NAMED_STRUCT | type_id::NAMED_ENUM => {
                (self.meta_string()?, self.meta_string()?)
            }
            _ => (0, 0),
        };
        Ok(TypeInfo { id, namespace, name })
    }

    /// The meta strings of the root's names, if they were the usual ones.
    #[inline]
    fn root_metas(&self) -> &[MetaString<'de>] {
        self.root.map_or(&[], |head| &head.packed)
    }

    /// The meta string with this number, from zero.
    fn meta(&self, number: usize) -> Option<&MetaString<'de>> {
        let first = self.root_metas();
        match number.checked_sub(first.len()) {
            Some(further) => self.metas.get(further),
            None => first.get(number),
        }
    }

    /// Reads one meta string and returns its number, from zero.
    fn meta_string(&mut self) -> Result<usize, DecodeError> {
        let header = self.varuint()?;
        let number = usize::try_from(header >> 1).unwrap_or(usize::MAX);
        let count = self.root_metas().len() + self.metas.len();
        if header & 1 == 1 {
            return match number.checked_sub(1) {
                Some(index) if index < count => Ok(index),
                _ => Err(DecodeError::malformed("a type name refers to a name not yet sent")),
            };
        }
        let meta = if number == 0 {
            MetaString { encoding: 0, bytes: &[] }
        } else {
            let encoding = if number <= 16 { self.u8()? } else { self.array::<8>()?[0] };
            MetaString { encoding, bytes: self.take(number)? }
        };
        self.metas.push(meta);
        Ok(count)
    }

    /// Whether `info` names the type with this head.
    pub(crate) fn is_named(&self, info: &TypeInfo, head: &'static TypeHead) -> bool {
        match (self.meta(info.namespace), self.meta(info.name)) {
            (Some(namespace), Some(name)) => {
                let [own_namespace, own_name] = head.packed;
                namespace.is(own_namespace, head.namespace, Role::Namespace)
                    && name.is(own_name, head.name, Role::TypeName)
            }
            _ => false,
        }
    }

    /// The error for a value of type `info` where `shape` is expected.
    #[cold]
    pub(crate) fn unexpected_type(&self, info: &TypeInfo, shape: &Shape) -> DecodeError {
        let found = match info.id {
            type_id::NAMED_STRUCT => format!("a value of type {}", self.tag(info)),
            type_id::NAMED_ENUM => format!("a variant of {}", self.tag(info)),
            28 | 30 => format!(
                "a struct in the schema-evolution form (type number {}), which this wire does not \
                 have; switch the sender's compatible mode off",
                info.id
            ),
            id => match type_id::name(id) {
                Some(name) => name.to_owned(),
                None => format!("a value of the unknown type number {id}"),
            },
        };
        DecodeError::wrong_type(format!("expected {}, found {found}", shape.article_name()))
    }

    /// The names in `info` as a tag, for messages.
    pub(crate) fn tag(&self, info: &TypeInfo) -> String {
        let text = |number: usize, role| {
            self.meta(number)
                .and_then(|meta| meta.text(role))
                .unwrap_or_else(|| "<unreadable>".to_owned())
        };
        let (namespace, name) =
            (text(info.namespace, Role::Namespace), text(info.name, Role::TypeName));
        let tag = if namespace.is_empty() { name } else { format!("{namespace}/{name}") };
        tag.chars().take(128).flat_map(char::escape_debug).collect()
    }
}

#[cold]
fn no_presence(found: u8) -> DecodeError {
    DecodeError::malformed(format!("expected a value or null flag, found byte {found:#04x}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(payload: &[u8]) -> Reader<'_> {
        Reader::new(payload, &DecodeLimits::default())
    }

    #[test]
    fn a35_allocation_for_an_announced_count_is_bounded_by_twice_the_input() {
        let payload = [0; 1000];
        let input = reader(&payload);
        for count in [0, 1, 4, 5, 999, 1000, usize::MAX] {
            let capacity = input.capacity::<[u8; 24]>(count);
            assert!(capacity <= count && capacity * 24 <= 2000, "{count}: {capacity}");
            assert!(input.capacity::<()>(count) <= 2000);
        }
        // The floor of four elements, for payloads near their end.
        assert_eq!(reader(&[]).capacity::<[u8; 24]>(9), 4);
    }

    #[test]
    fn a35_a_count_above_the_bytes_left_or_the_limit_is_an_error() {
        assert_eq!(reader(&[2, 0, 0]).count().ok(), Some(2));
        let error = reader(&[3, 0, 0]).count().unwrap_err();
        assert!(error.to_string().contains("3 elements are announced"), "{error}");
        let limits = DecodeLimits { max_items: 3, ..DecodeLimits::default() };
        let mut input = Reader::new(&[2, 2, 0, 0], &limits);
        assert_eq!(input.count().ok(), Some(2));
        let error = input.count().unwrap_err();
        assert_eq!(error.kind(), crate::codec::DecodeErrorKind::LimitExceeded);
    }

    #[test]
    fn numbers_take_nine_bytes_at_most_and_may_be_longer_than_needed() {
        assert_eq!(reader(&[0xff; 9]).varuint().ok(), Some(u64::MAX));
        assert_eq!(reader(&[0x80, 0x80, 0x00]).varuint().ok(), Some(0));
        assert!(reader(&[0xff; 8]).varuint().is_err());
        assert!(reader(&[]).varuint().is_err());
        assert_eq!(reader(&[0x01]).varint().ok(), Some(-1));
        assert_eq!(reader(&[0xff; 9]).varint().ok(), Some(i64::MIN));
    }

    #[test]
    fn strings_are_read_in_every_form_and_checked() {
        let read = |payload: &[u8]| {
            let (text, owned) = (reader(payload).str(), reader(payload).string());
            assert_eq!(text.as_deref().ok(), owned.as_deref().ok());
            owned
        };
        assert_eq!(read(&[0x08, 0xc3, 0xa9]).ok().as_deref(), Some("Ã©"));
        assert_eq!(read(&[0x0a, 0xc3, 0xa9]).ok().as_deref(), Some("é"));
        assert_eq!(read(&[0x09, 0xe9, 0x00]).ok().as_deref(), Some("é"));
        assert_eq!(read(&[0x11, 0x3d, 0xd8, 0x00, 0xde]).ok().as_deref(), Some("😀"));
        for broken in [
            &[0x0a, 0xc3, 0x28][..],
            &[0x09, 0x00, 0xd8],
            &[0x05, 0x00],
            &[0x07, 0x00],
            &[0x08, b'a'],
            &[0xfc, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(read(broken).is_err(), "{broken:02x?}");
        }
    }
}
