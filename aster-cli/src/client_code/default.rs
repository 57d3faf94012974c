//! What a missing field becomes, as a value of the field's type.

use std::collections::BTreeSet;

use aster::codec::Scalar;
use aster::contract::FieldType;
use data_encoding::BASE64;
use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::Value;

/// A value that code can be written for.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Literal {
    /// The type's own: zero, empty, null, the first variant, or the message
    /// with the defaults of all its fields.
    Zero,
    Bool(bool),
    Int(i128),
    Float(f64),
    Text(String),
    Bytes(Vec<u8>),
    Date(Date),
    Timestamp(Timestamp),
    /// The position of a variant.
    Variant(usize),
    /// A value of an optional type that is not null.
    Some(Box<Self>),
    List(Vec<Self>),
    Set(Vec<Self>),
    Map(Vec<(Self, Self)>),
    /// The fields that are not what the message makes them, by position.
    Message(Vec<(usize, Self)>),
    /// A value that carries its type.
    Dynamic(Value),
}

/// What reading a default needs to know about types.
pub(super) trait Types {
    /// The names of the variants of an enum.
    fn variants(&self, tag: &str) -> Vec<&str>;
    /// The fields of a message: name, type, and its own default, none if it
    /// must be given.
    fn fields(&self, tag: &str) -> Vec<(&str, &FieldType, Option<Literal>)>;
}

impl Literal {
    /// Reads the JSON form; none if it is no value of `ty`.
    pub(super) fn read(ty: &FieldType, json: &Value, types: &impl Types) -> Option<Self> {
        Some(match (ty, json) {
            // Of a type without null, it is a default that the source does not
            // state.
            (_, Value::Null) => Self::Zero,
            (FieldType::Optional(inner), json) => {
                Self::Some(Box::new(Self::read(inner, json, types)?))
            }
            (FieldType::Any, json) => Self::Dynamic(json.clone()),
            (FieldType::Scalar(scalar), json) => Self::scalar(*scalar, json)?,
            (FieldType::Enum(tag), Value::String(name)) => {
                match types.variants(tag).iter().position(|variant| variant == name)? {
                    0 => Self::Zero,
                    position => Self::Variant(position),
                }
            }
            (FieldType::List(item) | FieldType::Set(item), Value::Array(items)) => {
                let items: Option<Vec<_>> =
                    items.iter().map(|json| Self::read(item, json, types)).collect();
                match items? {
                    items if items.is_empty() => Self::Zero,
                    items if matches!(ty, FieldType::List(_)) => Self::List(items),
                    items => Self::Set(items),
                }
            }
            (FieldType::Map(key, value), Value::Object(entries)) => {
                let entry = |(name, json): (&String, &Value)| {
                    Some((Self::key(key, name, types)?, Self::read(value, json, types)?))
                };
                match entries.iter().map(entry).collect::<Option<Vec<_>>>()? {
                    entries if entries.is_empty() => Self::Zero,
                    entries => Self::Map(entries),
                }
            }
            (FieldType::Message(tag), Value::Object(given)) => {
                let mut fields = Vec::new();
                for (i, (name, ty, own)) in types.fields(tag).into_iter().enumerate() {
                    let value = match given.get(name) {
                        Some(json) => Self::read(ty, json, types)?,
                        None => own.clone().unwrap_or(Self::Zero),
                    };
                    if own.as_ref() != Some(&value) {
                        fields.push((i, value));
                    }
                }
                if fields.is_empty() { Self::Zero } else { Self::Message(fields) }
            }
            _ => return None,
        })
    }

    fn scalar(scalar: Scalar, json: &Value) -> Option<Self> {
        use Scalar as S;
        let value = match (scalar, json) {
            (S::Bool, Value::Bool(value)) => Self::Bool(*value),
            (S::F32 | S::F64, Value::Number(number)) => Self::Float(number.as_f64()?),
            (S::String, Value::String(text)) => Self::Text(text.clone()),
            (S::Binary, Value::String(text)) => Self::Bytes(BASE64.decode(text.as_bytes()).ok()?),
            (S::Date, Value::String(text)) => Self::Date(text.parse().ok()?),
            (S::Timestamp, Value::String(text)) => Self::Timestamp(text.parse().ok()?),
            (_, Value::Number(number)) => {
                let value = number.as_i128()?;
                let (least, most) = range(scalar)?;
                Self::Int(Some(value).filter(|value| (least..=most).contains(value))?)
            }
            _ => return None,
        };
        let zero = match &value {
            Self::Bool(value) => !value,
            Self::Int(value) => *value == 0,
            Self::Float(value) => value.to_bits() == 0,
            Self::Text(text) => text.is_empty(),
            Self::Bytes(bytes) => bytes.is_empty(),
            Self::Date(date) => *date == Date::constant(1970, 1, 1),
            Self::Timestamp(time) => *time == Timestamp::UNIX_EPOCH,
            _ => false,
        };
        Some(if zero { Self::Zero } else { value })
    }

    /// The keys of JSON objects are text.
    fn key(ty: &FieldType, name: &str, types: &impl Types) -> Option<Self> {
        let text = Value::String(name.to_owned());
        match ty {
            FieldType::Scalar(Scalar::String | Scalar::Date) | FieldType::Enum(_) => {
                Self::read(ty, &text, types)
            }
            FieldType::Any => Some(Self::Dynamic(text)),
            FieldType::Scalar(scalar @ (Scalar::Bool | Scalar::F32 | Scalar::F64)) => {
                Self::scalar(*scalar, &serde_json::from_str(name).ok()?)
            }
            FieldType::Scalar(scalar) if range(*scalar).is_some() => {
                Self::scalar(*scalar, &serde_json::from_str(name).ok()?)
            }
            _ => None,
        }
    }
}

/// The least and the greatest integer of a width.
fn range(scalar: Scalar) -> Option<(i128, i128)> {
    Some(match scalar {
        Scalar::I8 => (i8::MIN.into(), i8::MAX.into()),
        Scalar::I16 => (i16::MIN.into(), i16::MAX.into()),
        Scalar::I32 => (i32::MIN.into(), i32::MAX.into()),
        Scalar::I64 => (i64::MIN.into(), i64::MAX.into()),
        Scalar::U8 => (0, u8::MAX.into()),
        Scalar::U16 => (0, u16::MAX.into()),
        Scalar::U32 => (0, u32::MAX.into()),
        Scalar::U64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// The messages that a value of `ty` with this default is made of; with no
/// default, those that every value is made of.
pub(super) fn parts<'a>(ty: &'a FieldType, default: Option<&Value>, found: &mut BTreeSet<&'a str>) {
    match (ty, default) {
        (FieldType::Message(tag), _) => {
            found.insert(tag);
        }
        (FieldType::Optional(inner), Some(json)) if !json.is_null() => {
            parts(inner, Some(json), found);
        }
        (FieldType::List(item) | FieldType::Set(item), Some(Value::Array(items))) => {
            for json in items {
                parts(item, Some(json), found);
            }
        }
        (FieldType::Map(_, value), Some(Value::Object(entries))) => {
            for json in entries.values() {
                parts(value, Some(json), found);
            }
        }
        _ => {}
    }
}
