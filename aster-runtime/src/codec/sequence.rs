//! Lists and sets.
//!
//! A count; if it is not zero, a byte of flags and the elements. Flags: 2 some
//! elements are null (each is then preceded by `ff` or `fd`), 4 the element
//! type is the declared one, 8 all elements have the same type. With 8 alone
//! the type information follows the flags once; with neither, it precedes
//! every element.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::hash::{BuildHasher, Hash};

use serde::de::Deserializer;

use super::descriptor::Shape;
use super::error::{DecodeError, EncodeError};
use super::json::{self, JsonContext, JsonWriter};
use super::reader::{Reader, TypeInfo};
use super::type_id;
use super::wire_value::WireValue;
use super::writer::Writer;

const HAS_NULL: u8 = 2;
const DECLARED: u8 = 4;
const SAME_TYPE: u8 = 8;

/// Writes the elements; `declared` if the receiver knows their type.
pub(crate) fn write<'a, T, I>(
    items: I,
    out: &mut Writer<'_>,
    declared: bool,
) -> Result<(), EncodeError>
where
    T: WireValue,
    I: ExactSizeIterator<Item = &'a T> + Clone,
{
    out.put_varuint(items.len() as u64);
    if items.len() == 0 {
        return Ok(());
    }
    out.enter()?;
    let has_null = T::NULLABLE && items.clone().any(T::is_null);
    let null_flag = if has_null { HAS_NULL } else { 0 };
    let declared = declared && T::DECLARED;
    let mut typed_each = false;
    if declared {
        out.put_u8(DECLARED | SAME_TYPE | null_flag);
    } else {
        let mut values = items.clone().filter(|item| !item.is_null());
        let first = values.next();
        let id = first.map(T::dynamic_type_id);
        typed_each = !T::DECLARED && values.any(|item| Some(item.dynamic_type_id()) != id);
        out.put_u8(if typed_each { null_flag } else { SAME_TYPE | null_flag });
        match first {
            _ if typed_each => {}
            Some(first) => first.write_type(out),
            None => out.put_u8(type_id::NONE),
        }
    }
    for (i, item) in items.enumerate() {
        if has_null {
            if item.is_null() {
                out.put_u8(0xfd);
                continue;
            }
            out.put_u8(0xff);
        }
        if typed_each {
            item.write_type(out);
        }
        let written = if declared { item.write(out) } else { item.write_dynamic(out) };
        if let Err(error) = written {
            return Err(error.in_item(i));
        }
    }
    out.leave();
    Ok(())
}

/// Reads `count` elements, giving each to `push`.
pub(crate) fn read<T: WireValue>(
    input: &mut Reader<'_>,
    count: usize,
    mut push: impl FnMut(T) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    if count == 0 {
        return Ok(());
    }
    let flags = input.u8()?;
    input.enter()?;
    if T::DECLARED && flags == DECLARED | SAME_TYPE {
        for i in 0..count {
            if let Err(error) = T::read(input).and_then(&mut push) {
                return Err(error.in_item(i));
            }
        }
    } else {
        read_unusual(input, count, flags, &mut push)?;
    }
    input.leave();
    Ok(())
}

/// Reads elements of which some are null, or whose types are on the wire.
#[inline(never)]
fn read_unusual<T: WireValue>(
    input: &mut Reader<'_>,
    count: usize,
    flags: u8,
    push: &mut impl FnMut(T) -> Result<(), DecodeError>,
) -> Result<(), DecodeError> {
    let has_null = flags & HAS_NULL != 0;
    let each = match flags & !HAS_NULL {
        0x0c if T::DECLARED => Each::Declared,
        SAME_TYPE => Each::Known(input.type_info()?),
        0 => Each::Announced,
        _ => return Err(unknown_flags(flags)),
    };
    for i in 0..count {
        let item = if has_null && !input.presence()? {
            T::read_null()
        } else {
            match &each {
                Each::Declared => T::read(input),
                Each::Known(info) if info.id == type_id::NONE => T::read_null(),
                Each::Known(info) => T::read_dynamic(input, info),
                Each::Announced => read_typed(input),
            }
        };
        if let Err(error) = item.and_then(&mut *push) {
            return Err(error.in_item(i));
        }
    }
    Ok(())
}

#[cold]
fn unknown_flags(flags: u8) -> DecodeError {
    DecodeError::malformed(format!(
        "a list or set has the flags {flags:#04x}, which are not supported here"
    ))
}

/// Reads an element with its type in front.
pub(crate) fn read_typed<T: WireValue>(input: &mut Reader<'_>) -> Result<T, DecodeError> {
    let info = input.type_info()?;
    if info.id == type_id::NONE { T::read_null() } else { T::read_dynamic(input, &info) }
}

/// How the type of each element is known.
enum Each {
    Declared,
    Known(TypeInfo),
    Announced,
}

pub(crate) fn read_vec<T: WireValue>(input: &mut Reader<'_>) -> Result<Vec<T>, DecodeError> {
    let count = input.count()?;
    let mut items = Vec::with_capacity(input.capacity::<T>(count));
    read(input, count, |item| {
        items.push(item);
        Ok(())
    })?;
    Ok(items)
}

impl<T: WireValue> WireValue for Vec<T> {
    const SHAPE: Shape = T::VEC_SHAPE;

    fn wire_default() -> Self {
        Self::new()
    }

    #[inline]
    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        T::write_vec(self, out, true)
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::read_vec(input)
    }

    fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        T::write_vec(self, out, false)
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        T::write_vec_json(self, out)
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        T::read_vec_json(input, cx)
    }
}

impl<T: WireValue> WireValue for VecDeque<T> {
    const SHAPE: Shape = Shape::List(&T::SHAPE);

    fn wire_default() -> Self {
        Self::new()
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        write(self.iter(), out, true)
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        read_vec(input).map(Self::from)
    }

    fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        write(self.iter(), out, false)
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        out.array(self.iter())
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        json::read_vec(input, cx).map(Self::from)
    }
}

const TWICE: &str = "a set holds an element twice";

macro_rules! set {
    ($set:ident<$t:ident $(, $s:ident)?> where $($bound:tt)*) => {
        impl<$t: WireValue + $($bound)* $(, $s: BuildHasher + Default + Send + 'static)?> WireValue
            for $set<$t $(, $s)?>
        {
            const SHAPE: Shape = Shape::Set(&$t::SHAPE);

            fn wire_default() -> Self {
                Self::default()
            }

            fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                write(self.iter(), out, true)
            }

            fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
                let count = input.count()?;
                let mut items = Self::default();
                read(input, count, |item| {
                    if items.insert(item) { Ok(()) } else { Err(DecodeError::malformed(TWICE)) }
                })?;
                Ok(items)
            }

            fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                write(self.iter(), out, false)
            }

            fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
                out.array(self.iter())
            }

            fn read_json<'de, D: Deserializer<'de>>(
                input: D,
                cx: &mut JsonContext,
            ) -> Result<Self, D::Error> {
                let mut items = Self::default();
                json::read_array(input, cx, |item| {
                    if items.insert(item) { Ok(()) } else { Err(DecodeError::invalid(TWICE)) }
                })?;
                Ok(items)
            }
        }
    };
}

set!(HashSet<T, S> where Eq + Hash);
set!(BTreeSet<T> where Ord);
