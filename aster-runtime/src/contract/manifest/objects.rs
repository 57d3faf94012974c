//! Messages as the reference describes them: by kind (contract.md 5.1).

use serde::Serialize;
use serde_json::{Map, Value};

use crate::codec::Scalar;

use super::super::{Field, FieldType, Type, TypeBody};
use super::literal;

/// A request or response.
#[derive(Debug)]
pub(super) struct Root<'a> {
    /// The name of the Python class.
    pub(super) class: &'a str,
    /// The tag; empty if it is no message.
    pub(super) tag: &'a str,
    pub(super) fields: Vec<FieldObject<'a>>,
}

impl<'a> Root<'a> {
    pub(super) fn new(ty: &'a FieldType, types: &'a [Type]) -> Self {
        let (class, tag) = match ty {
            FieldType::Message(tag) => (class(tag), tag.as_str()),
            FieldType::Scalar(scalar) => match kind_of_scalar(*scalar) {
                "string" => ("str", ""),
                kind => (kind, ""),
            },
            _ => ("Any", ""),
        };
        let fields = match body(tag, types) {
            Some(TypeBody::Message(fields)) => {
                fields.iter().map(|field| FieldObject::new(field, types)).collect()
            }
            _ => Vec::new(),
        };
        Self { class, tag, fields }
    }
}

/// What Python calls the type with this tag.
fn class(tag: &str) -> &str {
    tag.rsplit(['/', '.']).next().unwrap_or(tag)
}

fn body<'a>(tag: &str, types: &'a [Type]) -> Option<&'a TypeBody> {
    types.iter().find(|ty| ty.tag == tag).map(|ty| &ty.body)
}

/// A field, in the reference's order of keys.
#[derive(Debug, Default, Serialize)]
pub(super) struct FieldObject<'a> {
    name: &'a str,
    kind: &'static str,
    nullable: bool,
    required: bool,
    default_value: Value,
    default_kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ref_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wire_tag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    enum_values: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_ref: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_wire_tag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    item_nullable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_ref: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_nullable: Option<bool>,
    properties: Map<String, Value>,
}

impl<'a> FieldObject<'a> {
    fn new(field: &'a Field, types: &'a [Type]) -> Self {
        let (ty, nullable) = without_null(&field.ty);
        let (default_kind, default_value) = default(field.default.as_ref(), ty);
        let mut object = Self {
            name: &field.name,
            kind: kind(ty),
            nullable,
            required: field.default.is_none(),
            default_kind,
            default_value,
            ..Self::default()
        };
        // A bare list or dict counts as one of strings, whatever it holds.
        let part = |ty| if field.dynamic { &FieldType::Any } else { ty };
        match ty {
            FieldType::List(item) => {
                let (item, nullable) = without_null(part(item));
                object.item_kind = Some(kind(item));
                object.item_nullable = Some(nullable);
                (object.item_ref, object.item_wire_tag) = named(item);
            }
            FieldType::Map(key, value) => {
                let (value, nullable) = without_null(part(value));
                object.key_kind = Some(kind(without_null(part(key)).0));
                object.value_kind = Some(kind(value));
                object.value_nullable = Some(nullable);
                (object.value_ref, _) = named(value);
            }
            _ if field.dynamic => object.kind = kind(&FieldType::Any),
            FieldType::Enum(tag) => {
                let variants = match body(tag, types) {
                    Some(TypeBody::Enum(variants)) => variants.as_slice(),
                    _ => &[],
                };
                let names = variants.iter().map(|variant| variant.name.as_str());
                object.ref_name = Some(class(tag));
                object.enum_values = Some(names.collect());
            }
            ty => (object.ref_name, object.wire_tag) = named(ty),
        }
        object
    }
}

/// The type, and whether it may be null.
fn without_null(ty: &FieldType) -> (&FieldType, bool) {
    match ty {
        FieldType::Optional(inner) => (without_null(inner).0, true),
        ty => (ty, false),
    }
}

/// What Python has no kind for is a string to the reference.
fn kind(ty: &FieldType) -> &'static str {
    match ty {
        FieldType::Scalar(scalar) => kind_of_scalar(*scalar),
        FieldType::Message(_) => "ref",
        FieldType::Enum(_) => "enum",
        FieldType::List(_) => "list",
        FieldType::Map(..) => "map",
        FieldType::Optional(inner) => kind(inner),
        FieldType::Set(_) | FieldType::Any => "string",
    }
}

fn kind_of_scalar(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Bool => "bool",
        Scalar::I8 | Scalar::I16 | Scalar::I32 | Scalar::I64 => "int",
        Scalar::U8 | Scalar::U16 | Scalar::U32 | Scalar::U64 => "int",
        Scalar::F32 | Scalar::F64 => "float",
        Scalar::String | Scalar::Date | Scalar::Timestamp => "string",
        Scalar::Binary => "bytes",
    }
}

/// The class of a message or enum, and the tag of a message.
fn named(ty: &FieldType) -> (Option<&str>, Option<&str>) {
    match ty {
        FieldType::Message(tag) => (Some(class(tag)), Some(tag)),
        FieldType::Enum(tag) => (Some(class(tag)), None),
        _ => (None, None),
    }
}

/// The kind of a default, and its value as Python would show it.
fn default(default: Option<&Value>, ty: &FieldType) -> (&'static str, Value) {
    match (default, ty) {
        (None, _) => ("none", Value::Null),
        (Some(Value::Array(items)), FieldType::List(_)) if items.is_empty() => {
            ("empty_list", Value::Null)
        }
        (Some(Value::Object(entries)), FieldType::Map(..)) if entries.is_empty() => {
            ("empty_map", Value::Null)
        }
        (Some(Value::Array(_) | Value::Object(_)), _) => ("factory", Value::Null),
        (Some(Value::String(text)), FieldType::Scalar(Scalar::Binary)) => {
            ("value", literal::from_base64(text).unwrap_or_else(|| text.clone()).into())
        }
        (Some(Value::Number(number)), FieldType::Scalar(Scalar::F32 | Scalar::F64)) => {
            ("value", number.as_f64().into())
        }
        (Some(value), _) => ("value", value.clone()),
    }
}
