//! The two traits behind every payload: [`WireValue`] for anything that can be
//! a field, [`WireType`] for messages.

use serde::de::{Deserializer, MapAccess};

use super::descriptor::{FieldDescriptor, Shape, TypeDescriptor};
use super::error::{DecodeError, EncodeError};
use super::json::{JsonContext, JsonWriter};
use super::meta_string::TypeHead;
use super::reader::{Reader, TypeInfo};
use super::writer::Writer;
use super::{sequence, type_id};
use crate::contract::generated::Node;

/// Anything that can be a field of a message.
///
/// Implemented for `bool`, the integers up to 64 bits, `f32`, `f64`,
/// [`String`], `Vec<u8>` and [`bytes::Bytes`] (byte strings), `Vec`,
/// [`VecDeque`](std::collections::VecDeque), the sets and maps of the standard
/// library, [`Option`], [`Box`], `jiff`'s `civil::Date` and `Timestamp`,
/// [`Value`](super::Value), and every type with `#[wire_type]`. The methods
/// are for generated code; implement the trait with the macro only.
///
/// There is one null, so an `Option` directly inside an `Option` does not
/// compile:
///
/// ```compile_fail,E0080
/// type Maybe = Option<String>;
///
/// const SHAPE: aster_runtime::codec::Shape =
///     <Option<Maybe> as aster_runtime::codec::WireValue>::SHAPE;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an Aster wire type",
    label = "cannot be sent in a payload",
    note = "put `#[wire_type(\"namespace/Name\")]` on `{Self}` if it is yours",
    note = "fields may be bool, i8-i64, u8-u64, f32, f64, String, Vec, VecDeque, HashSet, BTreeSet, \
            HashMap, BTreeMap, Option, Box, Bytes, jiff dates and timestamps, `aster::Value`, and \
            types with #[wire_type]"
)]
pub trait WireValue: Sized + Send + 'static {
    /// The form of the value, for descriptors and schema hashes.
    const SHAPE: Shape;
    /// The form of a `Vec` of it: bytes have their own.
    #[doc(hidden)]
    const VEC_SHAPE: Shape = Shape::List(&Self::SHAPE);
    /// Whether one of the values is null.
    #[doc(hidden)]
    const NULLABLE: bool = false;
    /// Whether elements of this type go without type information.
    #[doc(hidden)]
    const DECLARED: bool = true;

    /// What a missing JSON field becomes: zero, empty, none, the first variant.
    fn wire_default() -> Self;

    /// Writes a value that is not null, without type information.
    #[doc(hidden)]
    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError>;

    /// Reads what [`WireValue::write`] writes.
    #[doc(hidden)]
    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError>;

    #[doc(hidden)]
    fn is_null(&self) -> bool {
        false
    }

    #[doc(hidden)]
    fn read_null() -> Result<Self, DecodeError> {
        Err(DecodeError::malformed("found null where a value is required"))
    }

    /// Writes the value as a struct field.
    #[doc(hidden)]
    #[inline]
    fn write_field(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.write(out)
    }

    #[doc(hidden)]
    #[inline]
    fn read_field(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::read(input)
    }

    /// The type number in front of the value where it is dynamic.
    #[doc(hidden)]
    fn dynamic_type_id(&self) -> u8 {
        const { Self::SHAPE.dynamic_type_id() }
    }

    /// Writes the type information of a value that is not null.
    #[doc(hidden)]
    fn write_type(&self, out: &mut Writer<'_>) {
        out.put_u8(self.dynamic_type_id());
    }

    /// Writes a value whose type information is already out.
    #[doc(hidden)]
    fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.write(out)
    }

    /// Reads a value whose type information was `info`.
    #[doc(hidden)]
    fn read_dynamic(input: &mut Reader<'_>, info: &TypeInfo) -> Result<Self, DecodeError> {
        if info.id == const { Self::SHAPE.dynamic_type_id() } {
            return Self::read(input);
        }
        Err(input.unexpected_type(info, &Self::SHAPE))
    }

    /// Writes the value as a field that carries its type.
    #[doc(hidden)]
    fn write_any(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.write_type(out);
        self.write_dynamic(out)
    }

    #[doc(hidden)]
    fn read_any(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let info = input.type_info()?;
        if info.id == type_id::NONE {
            return Self::read_null();
        }
        Self::read_dynamic(input, &info)
    }

    /// Writes a `Vec` of it; `declared` if its type is known to the receiver.
    #[doc(hidden)]
    #[inline]
    fn write_vec(items: &[Self], out: &mut Writer<'_>, declared: bool) -> Result<(), EncodeError> {
        sequence::write(items.iter(), out, declared)
    }

    #[doc(hidden)]
    #[inline]
    fn read_vec(input: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
        sequence::read_vec(input)
    }

    #[doc(hidden)]
    fn write_vec_json(items: &[Self], out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        out.array(items.iter())
    }

    #[doc(hidden)]
    fn read_vec_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Vec<Self>, D::Error> {
        super::json::read_vec(input, cx)
    }

    #[doc(hidden)]
    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError>;

    #[doc(hidden)]
    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error>;
}

/// A message: a struct with named fields and `#[wire_type]`. Payloads of calls
/// are messages; everything else travels inside one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an Aster message",
    label = "cannot be the payload of a call",
    note = "a payload is a struct with named fields and `#[wire_type(\"namespace/Name\")]`; wrap \
            other values in one"
)]
pub trait WireType: WireValue {
    /// The tag, `namespace/Name`: the name by which peers know the type.
    const TAG: &'static str;

    /// The fields in declaration order, for `const` evaluation.
    const FIELDS: &'static [FieldDescriptor];

    /// The names and values of the fields, and their documentation.
    fn descriptor() -> &'static TypeDescriptor;

    #[doc(hidden)]
    const HEAD: &'static TypeHead;

    #[doc(hidden)]
    const NODE: &'static Node;

    #[doc(hidden)]
    fn write_fields(&self, out: &mut Writer<'_>) -> Result<(), EncodeError>;

    #[doc(hidden)]
    fn read_fields(input: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// Writes the field at `index` of the descriptor, without its name.
    #[doc(hidden)]
    fn write_json_field(&self, index: usize, out: &mut JsonWriter<'_>) -> Result<(), EncodeError>;

    /// Overwrites the field at `index` of the descriptor.
    #[doc(hidden)]
    fn read_json_field<'de, A: MapAccess<'de>>(
        &mut self,
        index: usize,
        input: &mut A,
        cx: &mut JsonContext,
    ) -> Result<(), A::Error>;
}

/// A type that can be the key of a map: strings, integers, `bool`, dates and
/// unit enums. In JSON, keys are the text of the value.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the key of a map in a payload",
    label = "not a key type",
    note = "keys are String, integers, bool, dates and unit enums with #[wire_type]"
)]
pub trait MapKey: WireValue {
    /// Appends the key as a JSON string, quotes included.
    #[doc(hidden)]
    fn write_key(&self, out: &mut JsonWriter<'_>);

    /// Reads the text of a JSON key; the error says what was expected.
    #[doc(hidden)]
    fn read_key(text: &str) -> Result<Self, &'static str>;
}

/// A unit enum with `#[wire_type]`, for generated code.
#[doc(hidden)]
pub trait WireEnum: WireValue {
    const HEAD: &'static TypeHead;
    fn ordinal(&self) -> usize;
    fn from_ordinal(ordinal: usize) -> Option<Self>;
    fn descriptor() -> &'static TypeDescriptor;
}

impl<T: WireValue> WireValue for Option<T> {
    const SHAPE: Shape = {
        assert!(
            !T::SHAPE.is_optional(),
            "Option<Option<_>> has no wire form: null is either the outer or the inner one"
        );
        Shape::Optional(&T::SHAPE)
    };
    const NULLABLE: bool = true;
    const DECLARED: bool = T::DECLARED;

    fn wire_default() -> Self {
        None
    }

    #[inline]
    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.as_ref().map_or(Ok(()), |value| value.write(out))
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::read(input).map(Some)
    }

    #[inline]
    fn is_null(&self) -> bool {
        self.as_ref().is_none_or(T::is_null)
    }

    fn read_null() -> Result<Self, DecodeError> {
        Ok(None)
    }

    #[inline]
    fn write_field(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        match self {
            Some(value) => {
                out.put_u8(0xff);
                value.write_field(out)
            }
            None => {
                out.put_u8(0xfd);
                Ok(())
            }
        }
    }

    #[inline]
    fn read_field(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if input.presence()? { T::read_field(input).map(Some) } else { Ok(None) }
    }

    fn dynamic_type_id(&self) -> u8 {
        self.as_ref().map_or(type_id::NONE, T::dynamic_type_id)
    }

    fn write_type(&self, out: &mut Writer<'_>) {
        match self {
            Some(value) => value.write_type(out),
            None => out.put_u8(type_id::NONE),
        }
    }

    fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.as_ref().map_or(Ok(()), |value| value.write_dynamic(out))
    }

    fn read_dynamic(input: &mut Reader<'_>, info: &TypeInfo) -> Result<Self, DecodeError> {
        T::read_dynamic(input, info).map(Some)
    }

    fn write_any(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        match self {
            Some(value) => {
                out.put_u8(0xff);
                value.write_any(out)
            }
            None => {
                out.put_u8(0xfd);
                Ok(())
            }
        }
    }

    fn read_any(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if input.presence()? { T::read_any(input).map(Some) } else { Ok(None) }
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        match self {
            Some(value) => value.write_json(out),
            None => {
                out.null();
                Ok(())
            }
        }
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        super::json::read_option(input, cx)
    }
}

/// Forwards everything: a box is invisible on the wire.
impl<T: WireValue> WireValue for Box<T> {
    const SHAPE: Shape = T::SHAPE;
    const NULLABLE: bool = T::NULLABLE;
    const DECLARED: bool = T::DECLARED;

    fn wire_default() -> Self {
        Self::new(T::wire_default())
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        T::write(self, out)
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::read(input).map(Self::new)
    }

    fn is_null(&self) -> bool {
        T::is_null(self)
    }

    fn read_null() -> Result<Self, DecodeError> {
        T::read_null().map(Self::new)
    }

    fn write_field(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        T::write_field(self, out)
    }

    fn read_field(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::read_field(input).map(Self::new)
    }

    fn dynamic_type_id(&self) -> u8 {
        T::dynamic_type_id(self)
    }

    fn write_type(&self, out: &mut Writer<'_>) {
        T::write_type(self, out);
    }

    fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        T::write_dynamic(self, out)
    }

    fn read_dynamic(input: &mut Reader<'_>, info: &TypeInfo) -> Result<Self, DecodeError> {
        T::read_dynamic(input, info).map(Self::new)
    }

    fn write_any(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        T::write_any(self, out)
    }

    fn read_any(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::read_any(input).map(Self::new)
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        T::write_json(self, out)
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        T::read_json(input, cx).map(Self::new)
    }
}
