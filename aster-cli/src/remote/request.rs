//! Requests held against the contract before anything is sent, and requests
//! made of `key=value` words.

use aster::codec::Scalar;
use aster::contract::{Field, FieldType, TypeBody};
use serde_json::{Map, Value};

use super::method::short;
use super::{RemoteMethod, one_of};
use crate::failure::Failure;

/// The fields of the request message; none if the contract does not tell.
pub(crate) fn fields(method: &RemoteMethod) -> &[Field] {
    method.described().map_or(&[], |described| message(method, &described.request).unwrap_or(&[]))
}

/// The fields of a message type, through `optional`.
pub(crate) fn message<'a>(method: &'a RemoteMethod, ty: &FieldType) -> Option<&'a [Field]> {
    match ty {
        FieldType::Optional(inner) => message(method, inner),
        FieldType::Message(tag) => match &method.ty(tag)?.body {
            TypeBody::Message(fields) => Some(fields),
            TypeBody::Enum(_) => None,
        },
        _ => None,
    }
}

/// The names of an enum type's variants, through `optional`.
pub(crate) fn variants<'a>(method: &'a RemoteMethod, ty: &FieldType) -> Option<Vec<&'a str>> {
    match ty {
        FieldType::Optional(inner) => variants(method, inner),
        FieldType::Enum(tag) => match &method.ty(tag)?.body {
            TypeBody::Enum(variants) => {
                Some(variants.iter().map(|variant| variant.name.as_str()).collect())
            }
            TypeBody::Message(_) => None,
        },
        _ => None,
    }
}

/// The fields without a default that `request` does not give.
pub(crate) fn missing<'a>(method: &'a RemoteMethod, request: &Value) -> Vec<&'a Field> {
    let given = |field: &&Field| request.get(&field.name).is_some();
    let required = fields(method).iter().filter(|field| field.default.is_none());
    required.filter(|field| !given(field)).collect()
}

/// Whether the method can be sent this request, as far as its contract tells.
/// Without a contract everything is for the server to decide.
///
/// # Errors
/// Unknown fields, values of other types, and fields that must be there.
pub(crate) fn check(method: &RemoteMethod, request: &Value) -> Result<(), Failure> {
    let Some(described) = method.described() else { return Ok(()) };
    let checker = Checker { method };
    checker.value(&described.request, request, &mut Vec::new())?;
    let missing: Vec<_> = missing(method, request).iter().map(|field| &*field.name).collect();
    if missing.is_empty() || !request.is_object() {
        return Ok(());
    }
    Err(Failure::invalid(format!("{} needs {}", method.full_name(), missing.join(", ")))
        .hint(format!("the request is {}", shape(method))))
}

/// The request message on one line: `{agent_id: string, level: string = "info"}`.
pub(crate) fn shape(method: &RemoteMethod) -> String {
    let fields: Vec<_> = fields(method)
        .iter()
        .map(|field| {
            let default = field.default.as_ref().map(|value| format!(" = {value}"));
            format!("{}: {}{}", field.name, short(&field.ty), default.unwrap_or_default())
        })
        .collect();
    format!("{{{}}}", fields.join(", "))
}

/// Descends a value beside its type. The depth is bounded by that of the
/// value, which the JSON parser limits.
struct Checker<'a> {
    method: &'a RemoteMethod,
}

impl Checker<'_> {
    fn value(&self, ty: &FieldType, value: &Value, path: &mut Vec<String>) -> Result<(), Failure> {
        match (ty, value) {
            (FieldType::Any, _) | (FieldType::Optional(_), Value::Null) => Ok(()),
            (FieldType::Optional(inner), _) => self.value(inner, value, path),
            (FieldType::Scalar(scalar), _) if fits(*scalar, value) => Ok(()),
            (FieldType::List(item) | FieldType::Set(item), Value::Array(values)) => {
                self.each(path, values.iter().enumerate(), |path, value| {
                    self.value(item, value, path)
                })
            }
            (FieldType::Map(_, part), Value::Object(values)) => {
                self.each(path, values, |path, value| self.value(part, value, path))
            }
            (FieldType::Message(_), Value::Object(values)) => {
                let Some(fields) = message(self.method, ty) else { return Ok(()) };
                self.each(path, values, |path, value| {
                    let name = path.last().map(String::as_str).unwrap_or_default();
                    let Some(field) = fields.iter().find(|field| field.name == name) else {
                        return Err(self.unknown(path, ty, fields));
                    };
                    if field.dynamic { Ok(()) } else { self.value(&field.ty, value, path) }
                })
            }
            (FieldType::Enum(_), Value::String(name)) => {
                match variants(self.method, ty) {
                    Some(names) if !names.contains(&name.as_str()) => Err(Failure::invalid(
                        format!("{}: {} has no value {name:?}", self.place(path), short(ty)),
                    )
                    .hint(one_of("value", name, names))),
                    _ => Ok(()),
                }
            }
            // Enums of the reference may have numbers as values.
            (FieldType::Enum(_), Value::Number(_)) => Ok(()),
            _ => Err(Failure::invalid(format!(
                "{}: {} is wanted, and this is {}",
                self.place(path),
                short(ty),
                kind(value)
            ))),
        }
    }

    fn each<'v, K: ToString>(
        &self,
        path: &mut Vec<String>,
        values: impl IntoIterator<Item = (K, &'v Value)>,
        check: impl Fn(&mut Vec<String>, &Value) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        for (key, value) in values {
            path.push(key.to_string());
            check(path, value)?;
            path.pop();
        }
        Ok(())
    }

    fn unknown(&self, path: &[String], ty: &FieldType, fields: &[Field]) -> Failure {
        let name = path.last().map(String::as_str).unwrap_or_default();
        let names = fields.iter().map(|field| field.name.as_str());
        Failure::invalid(format!("{}: {} has no such field", self.place(path), short(ty)))
            .hint(one_of("field", name, names))
    }

    fn place(&self, path: &[String]) -> String {
        if path.is_empty() {
            format!("the request of {}", self.method.full_name())
        } else {
            path.join(".")
        }
    }
}

fn kind(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::String(_) => "a string".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// Whether a JSON value can be the scalar. Ranges of floats and forms of times
/// are the server's to judge.
fn fits(scalar: Scalar, value: &Value) -> bool {
    let within = |min: i128, max: i128| {
        let number = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
        number.is_some_and(|number| (min..=max).contains(&number))
    };
    match scalar {
        Scalar::Bool => value.is_boolean(),
        Scalar::I8 => within(i8::MIN.into(), i8::MAX.into()),
        Scalar::I16 => within(i16::MIN.into(), i16::MAX.into()),
        Scalar::I32 => within(i32::MIN.into(), i32::MAX.into()),
        Scalar::I64 => within(i64::MIN.into(), i64::MAX.into()),
        Scalar::U8 => within(0, u8::MAX.into()),
        Scalar::U16 => within(0, u16::MAX.into()),
        Scalar::U32 => within(0, u32::MAX.into()),
        Scalar::U64 => within(0, u64::MAX.into()),
        Scalar::F32 | Scalar::F64 => value.is_number() || value.is_string(),
        Scalar::String | Scalar::Binary | Scalar::Date | Scalar::Timestamp => value.is_string(),
        _ => true,
    }
}

/// A request of words `key=value`, with `a.b=1` for a field of a field. Each
/// value is read as the type of its field has it: text stands for itself where
/// text is wanted, and is JSON where a list, a map or a message is.
///
/// # Errors
/// Unknown names, values that the type does not have, names given twice.
pub(crate) fn from_pairs(
    method: &RemoteMethod,
    pairs: &[(String, String)],
) -> Result<Value, Failure> {
    let mut request = Map::new();
    let root = method.described().map(|described| &described.request);
    for (key, text) in pairs {
        let parts: Vec<_> = key.split('.').collect();
        let ty = match root {
            Some(root) => Some(typed(method, root, &parts)?),
            None => None,
        };
        let value = match ty {
            Some((ty, dynamic)) => {
                read(method, ty, dynamic, text).map_err(|failure| failure.at(key))?
            }
            None => guess(text),
        };
        put(&mut request, &parts, value).map_err(|()| {
            Failure::usage(format!("{key} is given twice"))
                .hint("name each field once, or give the whole request as JSON")
        })?;
    }
    Ok(Value::Object(request))
}

/// The type of a field of a field, and whether it carries its type.
fn typed<'a>(
    method: &'a RemoteMethod,
    root: &'a FieldType,
    parts: &[&str],
) -> Result<(&'a FieldType, bool), Failure> {
    let mut ty = root;
    let mut dynamic = false;
    for (depth, part) in parts.iter().enumerate() {
        if dynamic || matches!(bare(ty), FieldType::Any) {
            return Ok((&FieldType::Any, true));
        }
        if let FieldType::Map(_, value) = bare(ty) {
            ty = value;
            continue;
        }
        let path = parts.get(..=depth).unwrap_or_default().join(".");
        let Some(fields) = message(method, ty) else {
            let problem = format!("{path}: {} has no fields", short(ty));
            return Err(Failure::invalid(problem).hint("write its value as one word, or as JSON"));
        };
        let Some(field) = fields.iter().find(|field| field.name == *part) else {
            let names = fields.iter().map(|field| field.name.as_str());
            let problem = format!("{path}: {} has no such field", short(ty));
            return Err(Failure::invalid(problem).hint(one_of("field", part, names)));
        };
        (ty, dynamic) = (&field.ty, field.dynamic);
    }
    Ok((ty, dynamic))
}

fn bare(ty: &FieldType) -> &FieldType {
    match ty {
        FieldType::Optional(inner) => bare(inner),
        other => other,
    }
}

fn read(
    method: &RemoteMethod,
    ty: &FieldType,
    dynamic: bool,
    text: &str,
) -> Result<Value, Failure> {
    if let FieldType::Optional(inner) = ty {
        return if text == "null" { Ok(Value::Null) } else { read(method, inner, dynamic, text) };
    }
    let json = || serde_json::from_str::<Value>(text);
    let wanted = || {
        let failure = Failure::invalid(format!("{} is wanted, and this is {text:?}", short(ty)));
        match ty {
            FieldType::List(_) | FieldType::Set(_) => failure.hint("write it as JSON: '[...]'"),
            FieldType::Map(..) | FieldType::Message(_) => failure.hint("write it as JSON: '{...}'"),
            _ => failure,
        }
    };
    let value = match ty {
        FieldType::Scalar(Scalar::String | Scalar::Binary | Scalar::Date | Scalar::Timestamp) => {
            Value::from(text)
        }
        FieldType::Scalar(Scalar::F32 | Scalar::F64) => match json() {
            Ok(value @ Value::Number(_)) => value,
            _ if text.parse::<f64>().is_ok() => Value::from(text),
            _ => return Err(wanted()),
        },
        FieldType::Enum(_) => Value::from(text),
        FieldType::Any => guess(text),
        _ => json().map_err(|_| wanted())?,
    };
    if !dynamic {
        Checker { method }.value(ty, &value, &mut Vec::new()).map_err(|_| wanted())?;
    }
    Ok(value)
}

/// JSON if it is that, else text.
fn guess(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|_| Value::from(text))
}

/// Puts a value at a path. Nothing that is there is replaced.
fn put(object: &mut Map<String, Value>, parts: &[&str], value: Value) -> Result<(), ()> {
    let Some((first, rest)) = parts.split_first() else { return Err(()) };
    if rest.is_empty() {
        return match object.contains_key(*first) {
            true => Err(()),
            false => {
                object.insert((*first).to_owned(), value);
                Ok(())
            }
        };
    }
    let inner = object.entry(*first).or_insert_with(|| Value::Object(Map::new()));
    put(inner.as_object_mut().ok_or(())?, rest, value)
}

#[cfg(test)]
mod tests;
