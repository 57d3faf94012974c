//! Values as TypeScript expressions.

use aster::codec::Scalar;
use aster::contract::FieldType;
use serde_json::Value;

use super::super::default::Literal;
use super::super::model::Module;
use super::super::names::is_identifier;
use super::super::text::{Escapes, quoted};
use super::types::scalar_type;

/// An expression for a value.
pub(super) fn code(literal: &Literal, ty: &FieldType, module: &Module<'_>) -> String {
    match (literal, ty) {
        (Literal::Zero, ty) => zero(ty, module),
        (Literal::Some(inner), FieldType::Optional(ty)) => code(inner, ty, module),
        (Literal::Bool(value), _) => value.to_string(),
        (Literal::Int(value), _) => value.to_string(),
        (Literal::Float(value), _) => format!("{value:?}"),
        (Literal::Text(text), _) => quoted(text, Escapes::Braces),
        (Literal::Bytes(bytes), _) => {
            let bytes: Vec<_> = bytes.iter().map(u8::to_string).collect();
            format!("new Uint8Array([{}])", bytes.join(", "))
        }
        (Literal::Date(date), _) => quoted(&date.to_string(), Escapes::Braces),
        (Literal::Timestamp(time), _) => quoted(&time.to_string(), Escapes::Braces),
        (Literal::Variant(position), FieldType::Enum(tag)) => variant(tag, *position, module),
        (Literal::List(items), FieldType::List(ty)) | (Literal::Set(items), FieldType::Set(ty)) => {
            let items: Vec<_> = items.iter().map(|item| code(item, ty, module)).collect();
            format!("[{}]", items.join(", "))
        }
        (Literal::Map(entries), FieldType::Map(key_type, value)) => {
            let entries = entries.iter().map(|(k, v)| {
                (property(&code(k, key_type, module), key_type), code(v, value, module))
            });
            object(entries)
        }
        (Literal::Message(fields), FieldType::Message(tag)) => {
            let Some(declaration) = module.get(tag) else { return String::new() };
            let given = fields.iter().filter_map(|(at, literal)| {
                let field = declaration.fields().get(*at)?;
                Some((key(&field.name), code(literal, &field.ty, module)))
            });
            format!("new {}({})", declaration.name, object(given))
        }
        (Literal::Dynamic(json), _) => dynamic(json),
        // `Literal::read` makes none of these.
        _ => String::new(),
    }
}

/// The name of a field: quoted if it has to be.
pub(super) fn key(name: &str) -> String {
    if name.is_ascii() && is_identifier(name, &[]) {
        name.to_owned()
    } else {
        quoted(name, Escapes::Braces)
    }
}

/// A key of an object. A computed one is never a prototype.
fn property(code: &str, ty: &FieldType) -> String {
    match ty {
        FieldType::Scalar(scalar) if scalar_type(*scalar) == "string" => format!("[{code}]"),
        FieldType::Enum(_) => format!("[{code}]"),
        _ => format!("[String({code})]"),
    }
}

fn object(entries: impl Iterator<Item = (String, String)>) -> String {
    let entries: Vec<_> = entries.map(|(key, value)| format!("{key}: {value}")).collect();
    if entries.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", entries.join(", ")) }
}

fn variant(tag: &str, position: usize, module: &Module<'_>) -> String {
    let member = module.get(tag).and_then(|ty| ty.members.get(position));
    match member {
        Some(member) => format!("{}.{member}", module.name_of(tag)),
        None => "undefined as never".to_owned(),
    }
}

fn zero(ty: &FieldType, module: &Module<'_>) -> String {
    let text = match ty {
        FieldType::Optional(_) | FieldType::Any => "null",
        FieldType::List(_) | FieldType::Set(_) => "[]",
        FieldType::Map(..) => "{}",
        FieldType::Message(tag) => return format!("new {}()", module.name_of(tag)),
        FieldType::Enum(tag) => return variant(tag, 0, module),
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Bool => "false",
            Scalar::String => "\"\"",
            Scalar::Binary => "new Uint8Array()",
            Scalar::Date => "\"1970-01-01\"",
            Scalar::Timestamp => "\"1970-01-01T00:00:00Z\"",
            _ => "0",
        },
    };
    text.to_owned()
}

fn dynamic(json: &Value) -> String {
    match json {
        Value::Null | Value::Bool(_) | Value::Number(_) => json.to_string(),
        Value::String(text) => quoted(text, Escapes::Braces),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(dynamic).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            object(entries.iter().map(|(name, json)| {
                (format!("[{}]", quoted(name, Escapes::Braces)), dynamic(json))
            }))
        }
    }
}
