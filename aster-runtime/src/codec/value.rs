//! Values whose type is only known when they arrive.

use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::de::Deserializer;

use super::descriptor::Shape;
use super::error::{DecodeError, EncodeError};
use super::json::{self, JsonContext, JsonWriter};
use super::reader::{Reader, TypeInfo};
use super::scalar::read_integer;
use super::wire_value::{MapKey, WireValue};
use super::writer::Writer;
use super::{map, sequence, type_id};

/// A value that carries its own type: a field for Python's `Any`, bare `list`
/// or bare `dict`.
///
/// Messages cannot be inside a `Value`; give them a field of their own type.
///
/// ```
/// use aster_runtime::codec::Value;
///
/// let tags = Value::map([("host", Value::from("web-1")), ("cores", 8.into())]);
/// assert_eq!(tags.get("host").and_then(Value::as_str), Some("web-1"));
/// assert_eq!(tags.get("cores").and_then(Value::as_int), Some(8));
///
/// let json: serde_json::Value = tags.into();
/// assert_eq!(json, serde_json::json!({"host": "web-1", "cores": 8}));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Value {
    /// Python's `None`.
    #[default]
    Null,
    /// A truth value.
    Bool(bool),
    /// An integer. Wider ones are an error when they arrive.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A text.
    String(String),
    /// A byte string.
    Bytes(Bytes),
    /// Elements in order.
    List(Vec<Self>),
    /// Distinct elements, in the order of arrival.
    Set(Vec<Self>),
    /// Entries in the order of arrival.
    Map(Vec<(Self, Self)>),
    /// A day.
    Date(Date),
    /// A point in time.
    Timestamp(Timestamp),
}

impl Value {
    /// Makes a map with string keys.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(
            entries.into_iter().map(|(key, value)| (Self::String(key.into()), value)).collect(),
        )
    }

    /// Makes a list.
    pub fn list<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }

    /// The value at a string key of a map; none if this is not a map or has no
    /// such key. Takes time proportional to the number of entries.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else {
            return None;
        };
        entries.iter().find(|(k, _)| k.as_str() == Some(key)).map(|(_, value)| value)
    }

    /// The text, if this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    /// The number, if this is an integer.
    pub fn as_int(&self) -> Option<i64> {
        if let Self::Int(value) = self { Some(*value) } else { None }
    }

    /// The number, if this is an integer or a float.
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Int(value) => Some(*value as f64),
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The truth value, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(value) = self { Some(*value) } else { None }
    }

    /// The elements, if this is a list or a set.
    pub fn as_list(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) | Self::Set(items) => Some(items),
            _ => None,
        }
    }

    /// The entries, if this is a map.
    pub fn as_map(&self) -> Option<&[(Self, Self)]> {
        if let Self::Map(entries) = self { Some(entries) } else { None }
    }
}

impl WireValue for Value {
    const SHAPE: Shape = Shape::Dynamic;
    const NULLABLE: bool = true;
    const DECLARED: bool = false;

    fn wire_default() -> Self {
        Self::Null
    }

    fn write(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        self.write_any(out)
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::read_any(input)
    }

    fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    fn read_null() -> Result<Self, DecodeError> {
        Ok(Self::Null)
    }

    fn dynamic_type_id(&self) -> u8 {
        match self {
            Self::Null => type_id::NONE,
            Self::Bool(_) => type_id::BOOL,
            Self::Int(_) => type_id::INT64,
            Self::Float(_) => type_id::FLOAT64,
            Self::String(_) => type_id::STRING,
            Self::Bytes(_) => type_id::BINARY,
            Self::List(_) => type_id::LIST,
            Self::Set(_) => type_id::SET,
            Self::Map(_) => type_id::MAP,
            Self::Date(_) => type_id::DATE,
            Self::Timestamp(_) => type_id::TIMESTAMP,
        }
    }

    fn write_dynamic(&self, out: &mut Writer<'_>) -> Result<(), EncodeError> {
        match self {
            Self::Null => Ok(()),
            Self::Bool(value) => value.write(out),
            Self::Int(value) => value.write(out),
            Self::Float(value) => value.write(out),
            Self::String(value) => value.write(out),
            Self::Bytes(value) => value.write(out),
            Self::List(items) | Self::Set(items) => sequence::write(items.iter(), out, false),
            Self::Map(entries) => map::write(entries.iter().map(|(k, v)| (k, v)), out, false),
            Self::Date(value) => value.write(out),
            Self::Timestamp(value) => value.write(out),
        }
    }

    fn read_dynamic(input: &mut Reader<'_>, info: &TypeInfo) -> Result<Self, DecodeError> {
        Ok(match info.id {
            type_id::NONE => Self::Null,
            type_id::BOOL => Self::Bool(bool::read(input)?),
            type_id::FLOAT64 => Self::Float(f64::read(input)?),
            type_id::FLOAT32 => Self::Float(f32::read(input)?.into()),
            type_id::STRING => Self::String(String::read(input)?),
            type_id::BINARY => Self::Bytes(Bytes::read(input)?),
            type_id::LIST => Self::List(sequence::read_vec(input)?),
            type_id::SET => Self::Set(sequence::read_vec(input)?),
            type_id::MAP => {
                let count = input.count()?;
                let mut entries = Vec::with_capacity(input.capacity::<(Self, Self)>(count));
                map::read(input, count, |key, value| {
                    entries.push((key, value));
                    Ok(())
                })?;
                Self::Map(entries)
            }
            type_id::DATE => Self::Date(Date::read(input)?),
            type_id::TIMESTAMP => Self::Timestamp(Timestamp::read(input)?),
            type_id::NAMED_STRUCT | type_id::NAMED_ENUM => {
                return Err(DecodeError::wrong_type(format!(
                    "a dynamic value holds a `{}`; messages and enums need a field of their own \
                     type",
                    input.tag(info)
                )));
            }
            id => match read_integer(input, id)? {
                Some(value) => Self::Int(i64::try_from(value).map_err(|_| {
                    DecodeError::malformed(format!("{value} does not fit into a 64-bit integer"))
                })?),
                None => return Err(input.unexpected_type(info, &Self::SHAPE)),
            },
        })
    }

    fn write_json(&self, out: &mut JsonWriter<'_>) -> Result<(), EncodeError> {
        match self {
            Self::Null => out.null(),
            Self::Bool(value) => out.bool(*value),
            Self::Int(value) => out.integer(*value),
            Self::Float(value) => return out.f64(*value),
            Self::String(value) => out.str(value),
            Self::Bytes(value) => out.base64(value),
            Self::List(items) | Self::Set(items) => return out.array(items.iter()),
            Self::Map(entries) => {
                for (key, _) in entries {
                    key.json_key()?;
                }
                return out.object(entries.iter().map(|(key, value)| (key, value)));
            }
            Self::Date(value) => out.display(value),
            Self::Timestamp(value) => out.display(value),
        }
        Ok(())
    }

    fn read_json<'de, D: Deserializer<'de>>(
        input: D,
        cx: &mut JsonContext,
    ) -> Result<Self, D::Error> {
        json::read_value(input, cx)
    }
}

impl Value {
    /// The text of a map key in JSON.
    fn json_key(&self) -> Result<std::borrow::Cow<'_, str>, EncodeError> {
        Ok(match self {
            Self::String(text) => text.into(),
            Self::Bool(value) => value.to_string().into(),
            Self::Int(value) => value.to_string().into(),
            Self::Date(value) => value.to_string().into(),
            Self::Timestamp(value) => value.to_string().into(),
            _ => {
                return Err(EncodeError::unrepresentable(
                    "JSON keys are text: null, floats, bytes and collections cannot be map keys",
                ));
            }
        })
    }
}

impl MapKey for Value {
    fn write_key(&self, out: &mut JsonWriter<'_>) {
        out.str(&self.json_key().unwrap_or_default());
    }

    fn read_key(text: &str) -> Result<Self, &'static str> {
        Ok(Self::String(text.to_owned()))
    }
}

macro_rules! from {
    ($($t:ty => $variant:ident;)*) => {$(
        impl From<$t> for Value {
            fn from(value: $t) -> Self {
                Self::$variant(value.into())
            }
        }
    )*};
}

from! {
    bool => Bool; i8 => Int; i16 => Int; i32 => Int; i64 => Int; u8 => Int; u16 => Int; u32 => Int;
    f32 => Float; f64 => Float; &str => String; String => String; Bytes => Bytes;
    Date => Date; Timestamp => Timestamp;
}

impl<T: Into<Self>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::list(items)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// Integers above `i64::MAX` become floats.
impl From<serde_json::Value> for Value {
    fn from(json: serde_json::Value) -> Self {
        match json {
            serde_json::Value::Null => Self::Null,
            serde_json::Value::Bool(value) => Self::Bool(value),
            serde_json::Value::Number(number) => match number.as_i64() {
                Some(value) => Self::Int(value),
                None => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            serde_json::Value::String(text) => Self::String(text),
            serde_json::Value::Array(items) => Self::list(items),
            serde_json::Value::Object(entries) => {
                Self::map(entries.into_iter().map(|(key, value)| (key, value.into())))
            }
        }
    }
}

/// Byte strings become base64, dates and times ISO 8601, keys their text, and
/// numbers that are not finite `null`.
impl From<Value> for serde_json::Value {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => value.into(),
            Value::Int(value) => value.into(),
            Value::Float(value) => value.into(),
            Value::String(text) => text.into(),
            Value::Bytes(bytes) => data_encoding::BASE64.encode(&bytes).into(),
            Value::List(items) | Value::Set(items) => {
                items.into_iter().map(Self::from).collect::<Vec<_>>().into()
            }
            Value::Map(entries) => {
                let text = |key: Value| match key.json_key() {
                    Ok(text) => text.into_owned(),
                    Err(_) => Self::from(key).to_string(),
                };
                let entries = entries.into_iter().map(|(key, value)| (text(key), value.into()));
                Self::Object(entries.collect())
            }
            Value::Date(date) => date.to_string().into(),
            Value::Timestamp(time) => time.to_string().into(),
        }
    }
}
