//! The operations of generated code on one field.
//!
//! [`Field`] has them for types that are wire types, and [`NotAField`] has
//! stand-ins of the same names for all others, which the compiler picks only if
//! the inherent ones do not apply. So a field of an unsuitable type gives one
//! error, at the assertion [`is_wire_type`], instead of one per use.

#![allow(missing_docs, reason = "hidden from documentation")]

use std::marker::PhantomData;

use serde::de::MapAccess;

use super::descriptor::Shape;
use super::error::{DecodeError, EncodeError};
use super::json::{JsonContext, JsonWriter, next_field};
use super::reader::Reader;
use super::wire_value::WireValue;
use super::writer::Writer;

/// Fails to compile if `T` is not a wire type.
pub const fn is_wire_type<T: WireValue>() {}

/// A field of type `T`.
#[derive(Debug)]
pub struct Field<T>(PhantomData<T>);

impl<T: WireValue> Field<T> {
    pub const SHAPE: Shape = T::SHAPE;

    pub fn wire_default() -> T {
        T::wire_default()
    }

    #[inline]
    pub fn write(value: &T, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        value.write_field(out)
    }

    #[inline]
    pub fn write_any(value: &T, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        value.write_any(out)
    }

    /// Reads the field into its slot.
    #[inline]
    pub fn read(slot: &mut Option<T>, input: &mut Reader<'_>) -> Result<(), DecodeError> {
        *slot = Some(T::read_field(input)?);
        Ok(())
    }

    #[inline]
    pub fn read_any(slot: &mut Option<T>, input: &mut Reader<'_>) -> Result<(), DecodeError> {
        *slot = Some(T::read_any(input)?);
        Ok(())
    }

    #[inline]
    pub fn write_json(value: &T, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        value.write_json(out)
    }

    #[inline]
    pub fn read_json<'de, A: MapAccess<'de>>(
        slot: &mut T,
        input: &mut A,
        cx: &mut JsonContext,
    ) -> Result<(), A::Error> {
        next_field(slot, input, cx)
    }
}

/// Stand-ins that never run: the program that would call them does not compile.
pub trait NotAField<T> {
    const SHAPE: Shape = Shape::Dynamic;

    fn wire_default() -> T {
        unreachable!()
    }

    fn write(_: &T, _: &mut Writer<'_>) -> Result<(), EncodeError> {
        unreachable!()
    }

    fn write_any(_: &T, _: &mut Writer<'_>) -> Result<(), EncodeError> {
        unreachable!()
    }

    fn read(_: &mut Option<T>, _: &mut Reader<'_>) -> Result<(), DecodeError> {
        unreachable!()
    }

    fn read_any(_: &mut Option<T>, _: &mut Reader<'_>) -> Result<(), DecodeError> {
        unreachable!()
    }

    fn write_json(_: &T, _: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        unreachable!()
    }

    fn read_json<'de, A: MapAccess<'de>>(
        _: &mut T,
        _: &mut A,
        _: &mut JsonContext,
    ) -> Result<(), A::Error> {
        unreachable!()
    }
}

impl<T> NotAField<T> for Field<T> {}
