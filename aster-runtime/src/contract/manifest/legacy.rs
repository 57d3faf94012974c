//! Fields of manifests without `v`: the type as text, as in
//! `{"name": "n", "type": "int", "required": true}` (contract.md 5.1).

use serde_json::{Map, Value};

use crate::codec::Scalar;

use super::super::FieldType;
use super::super::limits::MAX_TYPE_DEPTH;
use super::node::{Fault, Node};

/// The type of a field, and what it is if it is missing.
pub(super) fn field(node: &Node<'_, '_>) -> Result<(FieldType, Option<Value>), Fault> {
    let text = node.need("type")?;
    let mut ty = field_type(text.word()?, 1).ok_or_else(|| {
        text.fault(format!("a type that nests deeper than {MAX_TYPE_DEPTH} levels"))
    })?;
    let tag = node.word_at("wire_tag")?;
    let (item, item_tag) = (node.word_at("element_type")?, node.word_at("element_wire_tag")?);
    match &mut ty {
        FieldType::Message(class) if !tag.is_empty() => tag.clone_into(class),
        FieldType::List(inner) if !item_tag.is_empty() => {
            **inner = FieldType::Message(item_tag.to_owned());
        }
        FieldType::List(inner) if !item.is_empty() => {
            **inner = field_type(item, 1).unwrap_or(FieldType::Any);
        }
        _ => {}
    }
    let default = match (node.get("default")?, &ty) {
        (Some(default), _) => Some(default.value().clone()),
        (None, _) if node.flag_at("required")? => None,
        (None, FieldType::List(_)) => Some(Value::Array(Vec::new())),
        (None, FieldType::Map(..)) => Some(Value::Object(Map::new())),
        (None, _) => Some(Value::Null),
    };
    Ok((ty, default))
}

/// The type that a Python annotation stands for; what it contains is a string
/// if it does not say. None if it nests too deep.
fn field_type(text: &str, depth: usize) -> Option<FieldType> {
    if depth > MAX_TYPE_DEPTH {
        return None;
    }
    let text = text.trim();
    let (head, inner) = match text.strip_suffix(']').and_then(|text| text.split_once('[')) {
        Some((head, inner)) => (head, Some(inner)),
        None => (text, None),
    };
    let string = FieldType::Scalar(Scalar::String);
    let part = |text: Option<&str>| match text {
        Some(text) => field_type(text, depth + 1).map(Box::new),
        None => Some(Box::new(string.clone())),
    };
    Some(match head.to_ascii_lowercase().as_str() {
        "str" | "string" => string,
        "int" | "integer" => FieldType::Scalar(Scalar::I64),
        "float" | "double" => FieldType::Scalar(Scalar::F64),
        "bool" | "boolean" => FieldType::Scalar(Scalar::Bool),
        "bytes" => FieldType::Scalar(Scalar::Binary),
        "any" | "object" => FieldType::Any,
        "list" => FieldType::List(part(inner)?),
        "optional" => FieldType::Optional(part(inner)?),
        "dict" | "map" => {
            let (key, value) = inner.and_then(|inner| inner.split_once(',')).unzip();
            FieldType::Map(part(key)?, part(value)?)
        }
        _ => FieldType::Message(text.to_owned()),
    })
}
