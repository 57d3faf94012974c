//! Values without parts: numbers, `bool`, strings, byte strings, dates.

use bytes::Bytes;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::de::Deserializer;

use super::descriptor::{Scalar, Shape};
use super::error::{DecodeError, EncodeError};
use super::json::{JsonContext, JsonWriter, Token};
use super::reader::{Reader, TypeInfo};
use super::type_id;
use super::wire_value::{MapKey, WireValue};
use super::writer::Writer;

/// Reads an integer of whichever width the sender announced.
pub(crate) fn read_integer(input: &mut Reader<'_>, id: u8) -> Result<Option<i128>, DecodeError> {
    Ok(Some(match id {
        type_id::INT64 => input.varint()?.into(),
        type_id::INT32 => i32::read(input)?.into(),
        type_id::INT8 => i8::read(input)?.into(),
        type_id::INT16 => i16::read(input)?.into(),
        type_id::FIXED_INT32 => i32::from_le_bytes(input.array()?).into(),
        type_id::FIXED_INT64 => i64::from_le_bytes(input.array()?).into(),
        type_id::UINT8 => input.u8()?.into(),
        type_id::UINT16 => u16::read(input)?.into(),
        type_id::FIXED_UINT32 => u32::from_le_bytes(input.array()?).into(),
        type_id::FIXED_UINT64 => u64::from_le_bytes(input.array()?).into(),
        type_id::UINT32 | type_id::UINT64 => input.varuint()?.into(),
        _ => return Ok(None),
    }))
}

/// Reads a number as a float, of whichever type the sender announced.
pub(crate) fn read_float(input: &mut Reader<'_>, id: u8) -> Result<Option<f64>, DecodeError> {
    Ok(match id {
        type_id::FLOAT64 => Some(f64::from_le_bytes(input.array()?)),
        type_id::FLOAT32 => Some(f32::from_le_bytes(input.array()?).into()),
        _ => read_integer(input, id)?.map(|integer| integer as f64),
    })
}

#[cold]
fn out_of_range(value: impl std::fmt::Display, name: &str) -> DecodeError {
    DecodeError::malformed(format!("{value} does not fit into {name}"))
}

#[cold]
fn no_bool(found: u8) -> DecodeError {
    DecodeError::malformed(format!("{found} is not a bool; it is 0 or 1"))
}

macro_rules! integer {
    ($($t:ident $scalar:ident |$value:ident, $out:ident| $write:expr, |$input:ident| $read:expr;)*) => {$(
        impl WireValue for $t {
            const SHAPE: Shape = Shape::Scalar(Scalar::$scalar);
            integer!(@vec $t);

            fn wire_default() -> Self {
                0
            }

            #[inline]
            fn write(&self, $out: &mut Writer<'_>) -> Result<(), EncodeError> {
                let $value = *self;
                $write;
                Ok(())
            }

            #[inline]
            fn read($input: &mut Reader<'_>) -> Result<Self, DecodeError> {
                $read
            }

            #[allow(irrefutable_let_patterns, reason = "only u64 can fail")]
            fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                let Ok(value) = i64::try_from(*self) else {
                    return Err(EncodeError::unrepresentable(format!(
                        "{self} does not fit into the 64-bit signed integer of dynamic values"
                    )));
                };
                out.put_varint(value);
                Ok(())
            }

            fn read_dynamic(
                input: &mut Reader<'_>,
                info: &TypeInfo,
            ) -> Result<Self, DecodeError> {
                match read_integer(input, info.id)? {
                    Some(value) => Self::try_from(value)
                        .map_err(|_| out_of_range(value, stringify!($t))),
                    None => Err(input.unexpected_type(info, &Self::SHAPE)),
                }
            }

            fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
                out.integer(*self);
                Ok(())
            }

            fn read_json<'de, D: Deserializer<'de>>(
                input: D,
                cx: &mut JsonContext,
            ) -> Result<Self, D::Error> {
                let token = cx.token(input, concat!("an integer (", stringify!($t), ")"))?;
                let value = match token {
                    Token::Unsigned(value) => Self::try_from(value).ok(),
                    Token::Signed(value) => Self::try_from(value).ok(),
                    _ => None,
                };
                value.ok_or_else(|| {
                    cx.mismatch(concat!("an integer (", stringify!($t), ")"), &token)
                })
            }
        }

        impl MapKey for $t {
            fn write_key(&self, out: &mut JsonWriter<'_>) {
                out.quoted_integer(*self);
            }

            fn read_key(text: &str) -> Result<Self, &'static str> {
                text.parse().map_err(|_| concat!("an integer (", stringify!($t), ") in quotes"))
            }
        }
    )*};
    (@vec u8) => {
        const VEC_SHAPE: Shape = Shape::Scalar(Scalar::Binary);

        #[inline]
        fn write_vec(items: &[Self], out: &mut Writer<'_>, _: bool) -> Result<(), EncodeError> {
            out.put_bytes(items);
            Ok(())
        }

        #[inline]
        fn read_vec(input: &mut Reader<'_>) -> Result<Vec<Self>, DecodeError> {
            input.bytes().map(<[u8]>::to_vec)
        }

        fn write_vec_json(items: &[Self], out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
            out.base64(items);
            Ok(())
        }

        fn read_vec_json<'de, D: Deserializer<'de>>(
            input: D,
            cx: &mut JsonContext,
        ) -> Result<Vec<Self>, D::Error> {
            cx.base64(input)
        }
    };
    (@vec $t:ident) => {};
}

integer! {
    i8 I8 |value, out| out.put_u8(value as u8), |input| Ok(input.u8()? as i8);
    i16 I16 |value, out| out.put_u16(value as u16), |input| Ok(Self::from_le_bytes(input.array()?));
    i32 I32 |value, out| out.put_varuint(u64::from(((value << 1) ^ (value >> 31)) as u32)), |input| {
        let value = u32::read(input)?;
        Ok((value >> 1) as i32 ^ -((value & 1) as i32))
    };
    i64 I64 |value, out| out.put_varint(value), |input| input.varint();
    u8 U8 |value, out| out.put_u8(value), |input| input.u8();
    u16 U16 |value, out| out.put_u16(value), |input| Ok(Self::from_le_bytes(input.array()?));
    u32 U32 |value, out| out.put_varuint(u64::from(value)), |input| {
        let value = input.varuint()?;
        Self::try_from(value).map_err(|_| out_of_range(value, "32 bits"))
    };
    u64 U64 |value, out| out.put_varuint(value), |input| input.varuint();
}

macro_rules! float {
    ($($t:ident $scalar:ident $put:ident)*) => {$(
        impl WireValue for $t {
            const SHAPE: Shape = Shape::Scalar(Scalar::$scalar);

            fn wire_default() -> Self {
                0.0
            }

            #[inline]
            fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                out.$put(*self);
                Ok(())
            }

            #[inline]
            fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
                Ok(Self::from_le_bytes(input.array()?))
            }

            fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
                out.put_f64((*self).into());
                Ok(())
            }

            fn read_dynamic(
                input: &mut Reader<'_>,
                info: &TypeInfo,
            ) -> Result<Self, DecodeError> {
                match read_float(input, info.id)? {
                    Some(value) => Ok(value as Self),
                    None => Err(input.unexpected_type(info, &Self::SHAPE)),
                }
            }

            fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
                out.$t(*self)
            }

            fn read_json<'de, D: Deserializer<'de>>(
                input: D,
                cx: &mut JsonContext,
            ) -> Result<Self, D::Error> {
                match cx.token(input, "a number")? {
                    Token::Unsigned(value) => Ok(value as Self),
                    Token::Signed(value) => Ok(value as Self),
                    Token::Float(value) if (value as Self).is_finite() => Ok(value as Self),
                    other => Err(cx.mismatch(concat!("a number (", stringify!($t), ")"), &other)),
                }
            }
        }
    )*};
}

float! { f32 F32 put_f32 f64 F64 put_f64 }

impl WireValue for bool {
    const SHAPE: Shape = Shape::Scalar(Scalar::Bool);

    fn wire_default() -> Self {
        false
    }

    #[inline]
    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.put_u8((*self).into());
        Ok(())
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match input.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(no_bool(other)),
        }
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        out.bool(*self);
        Ok(())
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        match cx.token(input, "true or false")? {
            Token::Bool(value) => Ok(value),
            other => Err(cx.mismatch("true or false", &other)),
        }
    }
}

impl MapKey for bool {
    fn write_key(&self, out: &mut JsonWriter<'_>) {
        out.str(if *self { "true" } else { "false" });
    }

    fn read_key(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "\"true\" or \"false\"")
    }
}

impl WireValue for String {
    const SHAPE: Shape = Shape::Scalar(Scalar::String);

    fn wire_default() -> Self {
        Self::new()
    }

    #[inline]
    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.put_str(self);
        Ok(())
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        input.string()
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        out.str(self);
        Ok(())
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        match cx.token(input, "a string")? {
            Token::String(text) => Ok(text.into_owned()),
            other => Err(cx.mismatch("a string", &other)),
        }
    }
}

impl MapKey for String {
    fn write_key(&self, out: &mut JsonWriter<'_>) {
        out.str(self);
    }

    fn read_key(text: &str) -> Result<Self, &'static str> {
        Ok(text.to_owned())
    }
}

impl WireValue for Bytes {
    const SHAPE: Shape = Shape::Scalar(Scalar::Binary);

    fn wire_default() -> Self {
        Self::new()
    }

    #[inline]
    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        out.put_bytes(self);
        Ok(())
    }

    #[inline]
    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        input.bytes().map(Self::copy_from_slice)
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        out.base64(self);
        Ok(())
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        cx.base64(input).map(Self::from)
    }
}

const EPOCH: Date = Date::constant(1970, 1, 1);
const SECONDS_PER_DAY: i64 = 86_400;

/// Four bytes: days since 1970-01-01, signed.
impl WireValue for Date {
    const SHAPE: Shape = Shape::Scalar(Scalar::Date);

    fn wire_default() -> Self {
        EPOCH
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        let days = EPOCH.duration_until(*self).as_secs() / SECONDS_PER_DAY;
        // Dates reach from year -9999 to 9999, so the days fit.
        out.put_i32(days as i32);
        Ok(())
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let days = i32::from_le_bytes(input.array()?);
        EPOCH
            .checked_add(SignedDuration::from_secs(i64::from(days) * SECONDS_PER_DAY))
            .map_err(|_| out_of_range(format_args!("a date {days} days from 1970"), "-9999..=9999"))
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        out.display(self);
        Ok(())
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        cx.parse(input, "a date such as \"2024-02-29\"", |text| {
            text.parse().ok().filter(|date: &Self| date.to_string() == text)
        })
    }
}

impl MapKey for Date {
    fn write_key(&self, out: &mut JsonWriter<'_>) {
        out.display(self);
    }

    fn read_key(text: &str) -> Result<Self, &'static str> {
        text.parse().map_err(|_| "a date such as \"2024-02-29\"")
    }
}

/// Twelve bytes: seconds since 1970 (signed, rounded down), then nanoseconds.
impl WireValue for Timestamp {
    const SHAPE: Shape = Shape::Scalar(Scalar::Timestamp);

    fn wire_default() -> Self {
        Self::UNIX_EPOCH
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        let (mut seconds, mut nanos) = (self.as_second(), self.subsec_nanosecond());
        if nanos < 0 {
            seconds -= 1;
            nanos += 1_000_000_000;
        }
        out.put_i64(seconds);
        out.put_u32(nanos.unsigned_abs());
        Ok(())
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let seconds = i64::from_le_bytes(input.array()?);
        let nanos = u32::from_le_bytes(input.array()?);
        i32::try_from(nanos)
            .ok()
            .filter(|nanos| *nanos < 1_000_000_000)
            .and_then(|nanos| Self::new(seconds, nanos).ok())
            .ok_or_else(|| {
                out_of_range(
                    format_args!("{seconds} s and {nanos} ns since 1970"),
                    "a timestamp (years -9999 to 9999)",
                )
            })
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        out.display(self);
        Ok(())
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        cx.parse(input, "a time such as \"2024-02-29T12:30:15Z\"", |text| text.parse().ok())
    }
}
