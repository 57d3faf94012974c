//! Maps.
//!
//! A count; if it is not zero, chunks until that many entries were read. A
//! chunk is a header, a size of 1 to 255, and keys and values in turn. The
//! header says whether the key type (4) and the value type (20) are the
//! declared ones; otherwise the type information follows the size. An entry
//! with a null is a chunk of its own without a size: 14 + key for a null value
//! of a declared key type, 11 + `ff` + type + key otherwise; 22 and 0a
//! likewise for a null key; 12 for both.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, Hash};

use serde::de::Deserializer;

use super::descriptor::Shape;
use super::error::{DecodeError, EncodeError};
use super::json::{self, JsonContext, JsonWriter};
use super::reader::{Reader, TypeInfo};
use super::sequence::read_typed;
use super::type_id;
use super::wire_value::{MapKey, WireValue};
use super::writer::Writer;

const KEY_TRACKED: u8 = 0x01;
const KEY_NULL: u8 = 0x02;
const KEY_DECLARED: u8 = 0x04;
const VALUE_NULL: u8 = 0x10;
const VALUE_DECLARED: u8 = 0x20;

/// The chunk being written.
struct Chunk {
    size_at: usize,
    size: u8,
    key: u8,
    value: u8,
}

/// Writes the entries; `declared` if the receiver knows their types.
pub(crate) fn write<'a, K: WireValue, V: WireValue>(
    entries: impl ExactSizeIterator<Item = (&'a K, &'a V)>,
    out: &mut Writer<'_>,
    declared: bool,
) -> Result<(), EncodeError> {
    out.put_varuint(entries.len() as u64);
    if entries.len() == 0 {
        return Ok(());
    }
    out.enter()?;
    let (key_declared, value_declared) = (declared && K::DECLARED, declared && V::DECLARED);
    let mut open: Option<Chunk> = None;
    for (i, (key, value)) in entries.enumerate() {
        if key.is_null() || value.is_null() {
            if let Some(chunk) = open.take() {
                out.set_u8(chunk.size_at, chunk.size);
            }
            match (key.is_null(), value.is_null()) {
                (true, true) => out.put_u8(KEY_NULL | VALUE_NULL),
                (true, false) => write_lone(value, value_declared, KEY_NULL, 3, out)?,
                _ => write_lone(key, key_declared, VALUE_NULL, 0, out)?,
            }
            continue;
        }
        let key_id = if key_declared { 0 } else { key.dynamic_type_id() };
        let value_id = if value_declared { 0 } else { value.dynamic_type_id() };
        let chunk = match &mut open {
            Some(chunk) if chunk.size < 255 && chunk.key == key_id && chunk.value == value_id => {
                chunk
            }
            _ => {
                if let Some(chunk) = open.take() {
                    out.set_u8(chunk.size_at, chunk.size);
                }
                out.put_u8(
                    if key_declared { KEY_DECLARED } else { 0 }
                        | if value_declared { VALUE_DECLARED } else { 0 },
                );
                let size_at = out.position();
                out.put_u8(0);
                if !key_declared {
                    key.write_type(out);
                }
                if !value_declared {
                    value.write_type(out);
                }
                open.insert(Chunk { size_at, size: 0, key: key_id, value: value_id })
            }
        };
        chunk.size += 1;
        let written = if key_declared { key.write(out) } else { key.write_dynamic(out) };
        let written = written.and_then(|()| {
            if value_declared { value.write(out) } else { value.write_dynamic(out) }
        });
        if let Err(error) = written {
            return Err(error.in_item(i));
        }
    }
    if let Some(chunk) = open {
        out.set_u8(chunk.size_at, chunk.size);
    }
    out.leave();
    Ok(())
}

/// Writes the half of an entry whose other half is null. The flags of values
/// are those of keys, `shift` bits higher.
fn write_lone<T: WireValue>(
    half: &T,
    declared: bool,
    null: u8,
    shift: u8,
    out: &mut Writer<'_>,
) -> Result<(), EncodeError> {
    if declared {
        out.put_u8(null | KEY_DECLARED << shift);
        half.write(out)
    } else {
        out.put_u8(null | KEY_TRACKED << shift);
        out.put_u8(0xff);
        half.write_type(out);
        half.write_dynamic(out)
    }
}

/// Reads `count` entries, giving each to `insert`.
pub(crate) fn read<K: WireValue, V: WireValue>(
    input: &mut Reader<'_>,
    count: usize,
    mut insert: impl FnMut(K, V) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    if count == 0 {
        return Ok(());
    }
    input.enter()?;
    let mut left = count;
    while left > 0 {
        let header = input.u8()?;
        let (key_null, value_null) = (header & KEY_NULL != 0, header & VALUE_NULL != 0);
        if key_null || value_null {
            let key = if key_null { K::read_null() } else { read_lone(input, header) };
            let value = if value_null { V::read_null() } else { read_lone(input, header >> 3) };
            insert(key?, value?)?;
            left -= 1;
            continue;
        }
        if header & !(KEY_DECLARED | VALUE_DECLARED) != 0 {
            return Err(unknown_header(header));
        }
        let size = usize::from(input.u8()?);
        if size == 0 || size > left {
            return Err(wrong_size(size, left));
        }
        left -= size;
        if K::DECLARED && V::DECLARED && header == KEY_DECLARED | VALUE_DECLARED {
            for _ in 0..size {
                let key = K::read(input)?;
                insert(key, V::read(input)?)?;
            }
            continue;
        }
        let key_type = declared_or_read::<K>(input, header & KEY_DECLARED != 0)?;
        let value_type = declared_or_read::<V>(input, header & VALUE_DECLARED != 0)?;
        for _ in 0..size {
            let key = read_half(input, &key_type)?;
            let value = read_half(input, &value_type)?;
            insert(key, value)?;
        }
    }
    input.leave();
    Ok(())
}

#[cold]
fn wrong_size(size: usize, left: usize) -> DecodeError {
    DecodeError::malformed(format!("a chunk of {size} map entries where 1 to {left} are expected"))
}

#[cold]
fn unknown_header(header: u8) -> DecodeError {
    DecodeError::malformed(format!(
        "a map chunk has the header {header:#04x}, which is not supported here"
    ))
}

/// Reads the half of an entry whose other half is null; `flags` are at the
/// position of key flags.
fn read_lone<T: WireValue>(input: &mut Reader<'_>, flags: u8) -> Result<T, DecodeError> {
    if flags & KEY_DECLARED != 0 {
        if flags & KEY_TRACKED != 0 || !T::DECLARED {
            return Err(unknown_header(flags));
        }
        return T::read(input);
    }
    if input.presence()? { read_typed(input) } else { T::read_null() }
}

fn declared_or_read<T: WireValue>(
    input: &mut Reader<'_>,
    declared: bool,
) -> Result<Option<TypeInfo>, DecodeError> {
    match declared {
        true if T::DECLARED => Ok(None),
        true => Err(DecodeError::malformed("a map leaves out the type of its dynamic entries")),
        false => input.type_info().map(Some),
    }
}

#[inline]
fn read_half<T: WireValue>(
    input: &mut Reader<'_>,
    info: &Option<TypeInfo>,
) -> Result<T, DecodeError> {
    match info {
        None => T::read(input),
        Some(info) if info.id == type_id::NONE => T::read_null(),
        Some(info) => T::read_dynamic(input, info),
    }
}

const TWICE: &str = "a map holds a key twice";

macro_rules! map {
    ($map:ident<$k:ident, $v:ident $(, $s:ident)?> where $($bound:tt)*) => {
        impl<$k: MapKey + $($bound)*, $v: WireValue
            $(, $s: BuildHasher + Default + Send + 'static)?> WireValue
            for $map<$k, $v $(, $s)?>
        {
            const SHAPE: Shape = Shape::Map { key: &$k::SHAPE, value: &$v::SHAPE };

            fn wire_default() -> Self {
                Self::default()
            }

            fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                write(self.iter(), out, true)
            }

            fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let count = input.count()?;
                let mut entries = map!(@with input.table_capacity::<($k, $v)>(count) $(, $s)?);
                read(input, count, |key, value| match entries.insert(key, value) {
                    None => Ok(()),
                    Some(_) => Err(DecodeError::malformed(TWICE)),
                })?;
                Ok(entries)
            }

            fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                write(self.iter(), out, false)
            }

            fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
                out.object(self.iter())
            }

            fn read_json<'de, D: Deserializer<'de>>(
                input: D,
                cx: &mut JsonContext,
            ) -> Result<Self, D::Error> {
                let mut entries = Self::default();
                json::read_object(input, cx, |key, value| match entries.insert(key, value) {
                    None => Ok(()),
                    Some(_) => Err(DecodeError::malformed(TWICE)),
                })?;
                Ok(entries)
            }
        }
    };
    (@with $capacity:expr, $s:ident) => {
        Self::with_capacity_and_hasher($capacity, $s::default())
    };
    (@with $capacity:expr) => {
        Self::default()
    };
}

map!(HashMap<K, V, S> where Eq + Hash);
map!(BTreeMap<K, V> where Ord);
