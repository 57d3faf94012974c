//! Writing JSON into a reused buffer.

use std::fmt;

use bytes::{BufMut, BytesMut};
use serde::Serialize;

use super::super::DecodeLimits;
use super::super::error::EncodeError;
use super::super::wire_value::{MapKey, WireType, WireValue};

/// Appends compact JSON to a buffer that the caller reuses.
#[derive(Debug)]
pub struct JsonWriter<'a> {
    out: &'a mut BytesMut,
    depth: u32,
}

impl<'a> JsonWriter<'a> {
    /// Starts appending to `out`.
    pub(crate) fn new(out: &'a mut BytesMut) -> Self {
        Self { out, depth: 0 }
    }

    pub(crate) fn null(&mut self) {
        self.out.extend_from_slice(b"null");
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.out.extend_from_slice(if value { b"true" } else { b"false" });
    }

    /// Appends a string with its quotes.
    pub(crate) fn str(&mut self, text: &str) {
        if text.bytes().all(|byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
            self.out.put_u8(b'"');
            self.out.extend_from_slice(text.as_bytes());
            self.out.put_u8(b'"');
        } else {
            self.serialize(text);
        }
    }

    pub(crate) fn integer(&mut self, value: impl Serialize) {
        self.serialize(&value);
    }

    pub(crate) fn quoted_integer(&mut self, value: impl Serialize) {
        self.out.put_u8(b'"');
        self.serialize(&value);
        self.out.put_u8(b'"');
    }

    pub(crate) fn f64(&mut self, value: f64) -> Result<(), EncodeError> {
        self.float(value, value.is_finite())
    }

    pub(crate) fn f32(&mut self, value: f32) -> Result<(), EncodeError> {
        self.float(value, value.is_finite())
    }

    fn float(
        &mut self,
        value: impl Serialize + fmt::Display,
        finite: bool,
    ) -> Result<(), EncodeError> {
        if !finite {
            return Err(EncodeError::unrepresentable(format!(
                "JSON has no {value}; send a finite number, or use the binary encoding"
            )));
        }
        self.serialize(&value);
        Ok(())
    }

    /// Appends the text of `value`, which needs no escapes, as a string.
    pub(crate) fn display(&mut self, value: impl fmt::Display) {
        use fmt::Write;
        self.out.put_u8(b'"');
        // Appending to a buffer in memory does not fail.
        let _ = write!(self.out, "{value}\"");
    }

    /// Appends bytes as a string of standard base64 with padding.
    pub(crate) fn base64(&mut self, bytes: &[u8]) {
        self.out.put_u8(b'"');
        let start = self.out.len();
        self.out.resize(start + data_encoding::BASE64.encode_len(bytes.len()), 0);
        if let Some(place) = self.out.get_mut(start..) {
            data_encoding::BASE64.encode_mut(bytes, place);
        }
        self.out.put_u8(b'"');
    }

    fn serialize<T: Serialize + ?Sized>(&mut self, value: &T) {
        // Strings and numbers always have a JSON form, and appending to a
        // buffer in memory does not fail.
        let _ = serde_json::to_writer((&mut *self.out).writer(), value);
    }

    pub(crate) fn array<'v, T: WireValue>(
        &mut self,
        items: impl Iterator<Item = &'v T>,
    ) -> Result<(), EncodeError> {
        self.enter()?;
        self.out.put_u8(b'[');
        for (i, item) in items.enumerate() {
            if i > 0 {
                self.out.put_u8(b',');
            }
            item.write_json(self).map_err(|error| error.in_item(i))?;
        }
        self.out.put_u8(b']');
        self.depth -= 1;
        Ok(())
    }

    pub(crate) fn object<'v, K: MapKey, V: WireValue>(
        &mut self,
        entries: impl Iterator<Item = (&'v K, &'v V)>,
    ) -> Result<(), EncodeError> {
        self.enter()?;
        self.out.put_u8(b'{');
        for (i, (key, value)) in entries.enumerate() {
            if i > 0 {
                self.out.put_u8(b',');
            }
            key.write_key(self);
            self.out.put_u8(b':');
            value.write_json(self).map_err(|error| error.in_field(&key_text(key)))?;
        }
        self.out.put_u8(b'}');
        self.depth -= 1;
        Ok(())
    }

    /// Appends the fields in declared order.
    pub(crate) fn message<T: WireType>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.enter()?;
        self.out.put_u8(b'{');
        for (i, field) in T::descriptor().fields().iter().enumerate() {
            self.out.extend_from_slice(if i > 0 { b",\"" } else { b"\"" });
            // The macro admits no name that would need escapes.
            self.out.extend_from_slice(field.name.as_bytes());
            self.out.extend_from_slice(b"\":");
            value.write_json_field(i, self).map_err(|error| error.in_field(field.name))?;
        }
        self.out.put_u8(b'}');
        self.depth -= 1;
        Ok(())
    }

    fn enter(&mut self) -> Result<(), EncodeError> {
        if self.depth >= DecodeLimits::MAX_DEPTH {
            return Err(EncodeError::too_deep(DecodeLimits::MAX_DEPTH));
        }
        self.depth += 1;
        Ok(())
    }
}

/// The text of a map key, for error paths.
#[cold]
pub(super) fn key_text<K: MapKey>(key: &K) -> String {
    let mut buffer = BytesMut::new();
    key.write_key(&mut JsonWriter::new(&mut buffer));
    serde_json::from_slice(&buffer).unwrap_or_default()
}
