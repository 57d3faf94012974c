//! Structs and unit enums on the wire; what the code of `#[wire_type]` calls.
//!
//! A struct is its schema hash (four bytes) and its fields in wire order. As
//! the root and as a field of another struct, the number of "named struct" and
//! the two names come first. An enum is the position of its variant.

use serde::de::Deserializer;

use super::descriptor::{FieldDescriptor, TypeDescriptor};
use super::error::{DecodeError, DecodeErrorKind, EncodeError};
use super::json::{JsonContext, JsonWriter};
use super::reader::{Reader, TypeInfo};
use super::type_id;
use super::wire_value::{WireEnum, WireType};
use super::writer::Writer;

/// Writes a complete payload.
pub(crate) fn write_root<T: WireType>(value: &T, out: &mut Writer<'_>) -> Result<(), EncodeError> {
    out.put_root(T::HEAD);
    out.enter()?;
    value.write_fields(out)
}

/// Reads a complete payload.
pub(crate) fn read_root<T: WireType>(input: &mut Reader<'_>) -> Result<T, DecodeError> {
    let value = if input.skip_root(T::HEAD) {
        input.enter()?;
        T::read_fields(input)
    } else {
        read_unusual_root(input)
    };
    match input.remaining() {
        more if more > 0 && value.is_ok() => Err(bytes_left(more, T::TAG)),
        // Not taken apart: large messages are expensive to move.
        _ => value,
    }
}

#[cold]
fn bytes_left(count: usize, tag: &str) -> DecodeError {
    DecodeError::malformed(format!(
        "{count} bytes follow the value of type {tag}; a payload holds exactly one value"
    ))
}

/// Reads a root whose first bytes are not the usual ones of its type: other
/// packings of the names, or a mistake.
#[cold]
fn read_unusual_root<T: WireType>(input: &mut Reader<'_>) -> Result<T, DecodeError> {
    let bits = input.u8()?;
    if bits & !3 != 0 {
        return Err(DecodeError::malformed(format!(
            "the payload begins with {bits:#04x}, which is not a value of the binary encoding{}",
            if bits == b'{' { "; it looks like JSON" } else { "" }
        )));
    }
    if bits & 1 != 0 || !input.presence()? {
        return Err(null_root(T::TAG));
    }
    let info = input.type_info()?;
    T::read_dynamic(input, &info)
}

#[cold]
fn null_root(tag: &str) -> DecodeError {
    DecodeError::malformed(format!("the payload is null where a value of type {tag} is required"))
}

/// `WireValue::write` of structs.
pub fn write_struct<T: WireType>(value: &T, out: &mut Writer<'_>) -> Result<(), EncodeError> {
    out.enter()?;
    out.put_u32(T::HEAD.schema_hash);
    value.write_fields(out)?;
    out.leave();
    Ok(())
}

/// `WireValue::read` of structs.
pub fn read_struct<T: WireType>(input: &mut Reader<'_>) -> Result<T, DecodeError> {
    input.enter()?;
    let hash = u32::from_le_bytes(input.array()?);
    if hash != T::HEAD.schema_hash {
        return Err(schema_mismatch(T::descriptor(), T::HEAD.schema_hash, hash));
    }
    read_body(input)
}

/// Reads what follows the schema hash, one level down.
#[inline]
fn read_body<T: WireType>(input: &mut Reader<'_>) -> Result<T, DecodeError> {
    let value = T::read_fields(input);
    input.leave();
    value
}

#[cold]
fn schema_mismatch(descriptor: &TypeDescriptor, own: u32, sent: u32) -> DecodeError {
    let mut fields: Vec<_> = descriptor.fields().iter().collect();
    fields.sort_by_key(|field| field.name);
    let listed: Vec<_> = fields
        .iter()
        .take(64)
        .map(|f| format!("{},{},{}", f.name, f.schema_type_id(), u8::from(f.optional)))
        .collect();
    DecodeError::new(
        DecodeErrorKind::SchemaMismatch,
        format!(
            "the two sides disagree on the fields of {}: the sender's schema hash is {sent:#010x}, \
             ours is {own:#010x}; check that both declare the same field names, types and \
             optionality (ours, as name,type,optional: {})",
            descriptor.tag,
            listed.join("; ")
        ),
    )
}

/// `WireValue::write_field` of structs.
pub fn write_named_struct<T: WireType>(value: &T, out: &mut Writer<'_>) -> Result<(), EncodeError> {
    out.put_named_type(type_id::NAMED_STRUCT, T::HEAD);
    write_struct(value, out)
}

/// `WireValue::read_field` of structs.
pub fn read_named_struct<T: WireType>(input: &mut Reader<'_>) -> Result<T, DecodeError> {
    if input.skip_field(T::HEAD) {
        input.enter()?;
        return read_body(input);
    }
    let info = input.type_info()?;
    read_dynamic_struct(input, &info)
}

/// `WireValue::read_dynamic` of structs.
pub fn read_dynamic_struct<T: WireType>(
    input: &mut Reader<'_>,
    info: &TypeInfo,
) -> Result<T, DecodeError> {
    if info.id != type_id::NAMED_STRUCT || !input.is_named(info, T::HEAD) {
        return Err(input.unexpected_type(info, &T::SHAPE));
    }
    read_struct(input)
}

/// `WireValue::write_type` of structs.
pub fn write_struct_type<T: WireType>(out: &mut Writer<'_>) {
    out.put_named_type(type_id::NAMED_STRUCT, T::HEAD);
}

/// `WireValue::write_json` of structs.
pub fn write_struct_json<T: WireType>(
    value: &T,
    out: &mut JsonWriter<'_>,
) -> Result<(), EncodeError> {
    out.message(value)
}

/// `WireValue::read_json` of structs.
pub fn read_struct_json<'de, T: WireType, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
) -> Result<T, D::Error> {
    super::json::read_struct(input, cx)
}

/// The JSON text of the default of one field.
pub fn default_json<T: WireType>(index: usize) -> Option<String> {
    if index >= T::descriptor().fields().len() {
        return None;
    }
    let mut buffer = bytes::BytesMut::new();
    T::wire_default().write_json_field(index, &mut JsonWriter::new(&mut buffer)).ok()?;
    String::from_utf8(buffer.into()).ok()
}

/// Takes a field out of its slot.
#[inline]
pub fn filled<T>(slot: Option<T>) -> Result<T, DecodeError> {
    slot.ok_or_else(|| DecodeError::malformed("a field was not read"))
}

/// The name of the field at `index`, for error paths.
#[cold]
pub fn field_name(fields: &[FieldDescriptor], index: usize) -> &'static str {
    fields.get(index).map_or("", |field| field.name)
}

/// `WireValue::write` of enums.
#[inline]
pub fn write_enum<T: WireEnum>(value: &T, out: &mut Writer<'_>) -> Result<(), EncodeError> {
    out.put_varuint(value.ordinal() as u64);
    Ok(())
}

/// `WireValue::read` of enums.
#[inline]
pub fn read_enum<T: WireEnum>(input: &mut Reader<'_>) -> Result<T, DecodeError> {
    let ordinal = input.varuint()?;
    usize::try_from(ordinal).ok().and_then(T::from_ordinal).ok_or_else(|| {
        DecodeError::malformed(format!(
            "{} has {} variants, so {ordinal} is none of them",
            T::descriptor().tag,
            T::descriptor().variants().len()
        ))
    })
}

/// `WireValue::write_type` of enums.
pub fn write_enum_type<T: WireEnum>(out: &mut Writer<'_>) {
    out.put_named_type(type_id::NAMED_ENUM, T::HEAD);
}

/// `WireValue::read_dynamic` of enums.
pub fn read_dynamic_enum<T: WireEnum>(
    input: &mut Reader<'_>,
    info: &TypeInfo,
) -> Result<T, DecodeError> {
    if info.id != type_id::NAMED_ENUM || !input.is_named(info, T::HEAD) {
        return Err(input.unexpected_type(info, &T::SHAPE));
    }
    read_enum(input)
}

fn variant_name<T: WireEnum>(value: &T) -> &'static str {
    T::descriptor().variants().get(value.ordinal()).map_or("", |variant| variant.name)
}

/// `WireValue::write_json` and the key form of enums.
pub fn write_enum_json<T: WireEnum>(value: &T, out: &mut JsonWriter<'_>) {
    out.str(variant_name(value));
}

/// `WireValue::read_json` of enums.
pub fn read_enum_json<'de, T: WireEnum, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
) -> Result<T, D::Error> {
    super::json::read_enum(input, cx)
}

/// The key form of enums.
pub fn read_enum_key<T: WireEnum>(text: &str) -> Result<T, &'static str> {
    super::json::find_variant(text).ok_or("the name of a variant")
}
