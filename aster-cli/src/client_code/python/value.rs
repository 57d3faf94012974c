//! Values as Python expressions.

use aster::codec::Scalar;
use aster::contract::FieldType;
use serde_json::Value;

use super::super::default::Literal;
use super::super::model::Module;
use super::super::text::{Escapes, quoted, quoted_bytes};
use super::types::is_mutable;

/// The default of a dataclass field.
pub(super) fn of_field(literal: &Literal, ty: &FieldType, module: &Module<'_>) -> String {
    let code = code(literal, ty, module);
    if !is_mutable(literal, ty) {
        return code;
    }
    let factory = match (literal, ty) {
        (Literal::Zero, FieldType::List(_)) => "list".to_owned(),
        (Literal::Zero, FieldType::Set(_)) => "set".to_owned(),
        (Literal::Zero, FieldType::Map(..)) => "dict".to_owned(),
        _ => format!("lambda: {code}"),
    };
    format!("dataclasses.field(default_factory={factory})")
}

/// An expression for a value.
pub(super) fn code(literal: &Literal, ty: &FieldType, module: &Module<'_>) -> String {
    let list = |items: &[Literal], ty: &FieldType| {
        let items: Vec<_> = items.iter().map(|item| code(item, ty, module)).collect();
        items.join(", ")
    };
    match (literal, ty) {
        (Literal::Zero, ty) => zero(ty, module),
        (Literal::Some(inner), FieldType::Optional(ty)) => code(inner, ty, module),
        (Literal::Bool(value), _) => (if *value { "True" } else { "False" }).to_owned(),
        (Literal::Int(value), _) => value.to_string(),
        (Literal::Float(value), _) => format!("{value:?}"),
        (Literal::Text(text), _) => quoted(text, Escapes::Digits),
        (Literal::Bytes(bytes), _) => format!("b{}", quoted_bytes(bytes)),
        (Literal::Date(date), _) => {
            // Python's years begin at 1.
            let year = date.year().max(1);
            format!("datetime.date({year}, {}, {})", date.month(), date.day())
        }
        (Literal::Timestamp(time), _) => format!(
            "{} + datetime.timedelta(seconds={}, microseconds={})",
            EPOCH,
            time.as_second(),
            time.subsec_microsecond()
        ),
        (Literal::Variant(position), FieldType::Enum(tag)) => variant(tag, *position, module),
        (Literal::List(items), FieldType::List(ty)) => format!("[{}]", list(items, ty)),
        (Literal::Set(items), FieldType::Set(ty)) => format!("{{{}}}", list(items, ty)),
        (Literal::Map(entries), FieldType::Map(key, value)) => {
            let entry = |(k, v): &(Literal, Literal)| {
                format!("{}: {}", code(k, key, module), code(v, value, module))
            };
            let entries: Vec<_> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        (Literal::Message(fields), FieldType::Message(tag)) => {
            let Some(declaration) = module.get(tag) else { return String::new() };
            let given = fields.iter().filter_map(|(at, literal)| {
                let field = declaration.fields().get(*at)?;
                let name = quoted(&field.name, Escapes::Digits);
                Some(format!("{name}: {}", code(literal, &field.ty, module)))
            });
            let given: Vec<_> = given.collect();
            format!("{}(**{{{}}})", declaration.name, given.join(", "))
        }
        (Literal::Dynamic(json), _) => dynamic(json),
        // `Literal::read` makes none of these.
        _ => String::new(),
    }
}

const EPOCH: &str = "datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)";

fn variant(tag: &str, position: usize, module: &Module<'_>) -> String {
    let member = module.get(tag).and_then(|ty| ty.members.get(position));
    match member {
        Some(member) => format!("{}.{member}", module.name_of(tag)),
        None => "None".to_owned(),
    }
}

fn zero(ty: &FieldType, module: &Module<'_>) -> String {
    let text = match ty {
        FieldType::Optional(_) | FieldType::Any => "None",
        FieldType::List(_) => "[]",
        FieldType::Set(_) => "set()",
        FieldType::Map(..) => "{}",
        FieldType::Message(tag) => return format!("{}()", module.name_of(tag)),
        FieldType::Enum(tag) => return variant(tag, 0, module),
        FieldType::Scalar(scalar) => match scalar {
            Scalar::Bool => "False",
            Scalar::F32 | Scalar::F64 => "0.0",
            Scalar::String => "\"\"",
            Scalar::Binary => "b\"\"",
            Scalar::Date => "datetime.date(1970, 1, 1)",
            Scalar::Timestamp => EPOCH,
            _ => "0",
        },
    };
    text.to_owned()
}

/// JSON as Python has it.
fn dynamic(json: &Value) -> String {
    match json {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quoted(text, Escapes::Digits),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(dynamic).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(entries) => {
            let entry = |(name, json): (&String, &Value)| {
                format!("{}: {}", quoted(name, Escapes::Digits), dynamic(json))
            };
            let entries: Vec<_> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}
