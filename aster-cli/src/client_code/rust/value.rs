//! Values as Rust expressions.

use aster::contract::FieldType;
use serde_json::Value;

use super::super::default::Literal;
use super::super::model::Module;
use super::super::text::{Escapes, quoted, quoted_bytes};
use super::types::{is_boxed, type_of};

/// The expression of a field's default.
pub(super) fn code(literal: &Literal, ty: &FieldType, boxed: bool, module: &Module<'_>) -> String {
    let list = |items: &[Literal], ty: &FieldType| {
        let items: Vec<_> = items.iter().map(|item| code(item, ty, false, module)).collect();
        items.join(", ")
    };
    match (literal, ty) {
        (Literal::Zero, _) => {
            format!("<{} as aster::WireValue>::wire_default()", type_of(ty, boxed, module))
        }
        (Literal::Some(inner), FieldType::Optional(ty)) => {
            format!("Some({})", code(inner, ty, boxed, module))
        }
        (Literal::Bool(value), _) => value.to_string(),
        (Literal::Int(value), _) => value.to_string(),
        (Literal::Float(value), _) => format!("{value:?}"),
        (Literal::Text(text), _) => {
            format!("String::from({})", quoted(text, Escapes::Braces))
        }
        (Literal::Bytes(bytes), _) => format!("b{}.to_vec()", quoted_bytes(bytes)),
        (Literal::Date(date), _) => {
            format!("jiff::civil::date({}, {}, {})", date.year(), date.month(), date.day())
        }
        (Literal::Timestamp(time), _) => {
            format!("jiff::Timestamp::constant({}, {})", time.as_second(), time.subsec_nanosecond())
        }
        (Literal::Variant(position), FieldType::Enum(tag)) => {
            let member = module.get(tag).and_then(|ty| ty.members.get(*position));
            format!("{}::{}", module.name_of(tag), member.map_or("", String::as_str))
        }
        (Literal::List(items), FieldType::List(ty)) => format!("vec![{}]", list(items, ty)),
        (Literal::Set(items), FieldType::Set(ty)) => {
            format!("BTreeSet::from([{}])", list(items, ty))
        }
        (Literal::Map(entries), FieldType::Map(key, value)) => {
            let entry = |(k, v): &(Literal, Literal)| {
                format!("({}, {})", code(k, key, false, module), code(v, value, false, module))
            };
            let entries: Vec<_> = entries.iter().map(entry).collect();
            format!("BTreeMap::from([{}])", entries.join(", "))
        }
        (Literal::Message(fields), FieldType::Message(tag)) => {
            let message = message(fields, tag, module);
            if boxed { format!("Box::new({message})") } else { message }
        }
        (Literal::Dynamic(json), _) => dynamic(json),
        // `Literal::read` makes none of these.
        _ => String::new(),
    }
}

/// A message: its defaults, then what differs.
fn message(fields: &[(usize, Literal)], tag: &str, module: &Module<'_>) -> String {
    let name = module.name_of(tag);
    let mut text = format!("{{ let mut message = <{name} as aster::WireValue>::wire_default(); ");
    if let Some(declaration) = module.get(tag) {
        for (at, literal) in fields {
            let field = declaration.fields().get(*at).zip(declaration.members.get(*at));
            if let Some((field, member)) = field {
                let boxed = is_boxed(declaration, &field.ty, module);
                let value = code(literal, &field.ty, boxed, module);
                text.push_str(&format!("message.{member} = {value}; "));
            }
        }
    }
    text.push_str("message }");
    text
}

/// A value that carries its type.
fn dynamic(json: &Value) -> String {
    let value = |variant: &str, inside: &str| format!("aster::Value::{variant}({inside})");
    match json {
        Value::Null => "aster::Value::Null".to_owned(),
        Value::Bool(b) => value("Bool", &b.to_string()),
        Value::Number(number) => match number.as_i64() {
            Some(int) => value("Int", &int.to_string()),
            None => value("Float", &format!("{:?}", number.as_f64().unwrap_or_default())),
        },
        Value::String(text) => {
            value("String", &format!("String::from({})", quoted(text, Escapes::Braces)))
        }
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(dynamic).collect();
            value("List", &format!("vec![{}]", items.join(", ")))
        }
        Value::Object(entries) => {
            let entry = |(name, json): (&String, &Value)| {
                format!("({}, {})", dynamic(&Value::String(name.clone())), dynamic(json))
            };
            let entries: Vec<_> = entries.iter().map(entry).collect();
            value("Map", &format!("vec![{}]", entries.join(", ")))
        }
    }
}
