//! Responses as text: JSON in declared order, on one line or indented, or as
//! a table.

use aster::contract::{Contract, Field, FieldType, TypeBody};
use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

use super::RemoteMethod;

/// Widest cell of a table that others are aligned with, in characters.
const MAX_ALIGNED: usize = 60;

/// How responses are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// JSON, one line each.
    Lines,
    /// JSON, indented.
    Pretty,
    /// A row each.
    Table,
}

/// Writes the responses of one call.
pub(crate) struct Rendering {
    form: Form,
    method: RemoteMethod,
    /// The width of each column, once the first row is known.
    widths: Vec<usize>,
}

impl Rendering {
    pub(crate) fn new(form: Form, method: &RemoteMethod) -> Self {
        Self { form, method: method.clone(), widths: Vec::new() }
    }

    /// The text of a response, without the line break at its end.
    pub(crate) fn item(&mut self, value: &Value) -> String {
        let ordered = self.ordered(value);
        let text = match self.form {
            Form::Lines => serde_json::to_string(&ordered),
            Form::Pretty => serde_json::to_string_pretty(&ordered),
            Form::Table => return self.row(value),
        };
        // A JSON value always serializes.
        text.unwrap_or_default()
    }

    fn ordered<'a>(&'a self, value: &'a Value) -> Ordered<'a> {
        let contract = self.method.service.contract.as_ref();
        let ty = self.method.described().map(|method| &method.response);
        Ordered { value, ty, contract }
    }

    fn row(&mut self, value: &Value) -> String {
        let cells = match value {
            Value::Object(_) => cells(&self.ordered(value)),
            other => vec![("value".to_owned(), cell(&self.ordered(other)))],
        };
        let mut text = String::new();
        if self.widths.is_empty() {
            let width = |(name, cell): &(String, String)| {
                name.chars().count().max(cell.chars().count().min(MAX_ALIGNED))
            };
            self.widths = cells.iter().map(width).collect();
            let names = cells.iter().map(|(name, _)| name.to_uppercase());
            text = aligned(names, &self.widths);
            text.push('\n');
        }
        text + &aligned(cells.into_iter().map(|(_, cell)| cell), &self.widths)
    }
}

fn aligned(cells: impl Iterator<Item = String>, widths: &[usize]) -> String {
    let mut line = String::new();
    let widths = widths.iter().chain(std::iter::repeat(&0));
    for (cell, width) in cells.zip(widths) {
        if !line.is_empty() {
            line.push_str("  ");
        }
        line.push_str(&format!("{cell:width$}"));
    }
    line.truncate(line.trim_end().len());
    line
}

fn cells(message: &Ordered<'_>) -> Vec<(String, String)> {
    message.entries().map(|(name, part)| (name.to_owned(), cell(&part))).collect()
}

/// A value in a table: text as it is, everything else as JSON.
fn cell(part: &Ordered<'_>) -> String {
    match part.value {
        Value::String(text) => text.replace('\n', "\\n"),
        Value::Null => String::new(),
        _ => serde_json::to_string(part).unwrap_or_default(),
    }
}

/// A value whose fields are written in the order of the contract.
struct Ordered<'a> {
    value: &'a Value,
    ty: Option<&'a FieldType>,
    contract: Option<&'a Contract>,
}

impl<'a> Ordered<'a> {
    fn part(&self, value: &'a Value, ty: Option<&'a FieldType>) -> Self {
        Self { value, ty, contract: self.contract }
    }

    /// The type without `optional`.
    fn bare(&self) -> Option<&'a FieldType> {
        match self.ty {
            Some(FieldType::Optional(inner)) => Some(inner),
            other => other,
        }
    }

    fn declared(&self) -> &'a [Field] {
        let Some(FieldType::Message(tag)) = self.bare() else { return &[] };
        let types = self.contract.map_or(&[][..], |contract| &contract.types);
        match types.iter().find(|ty| ty.tag == *tag).map(|ty| &ty.body) {
            Some(TypeBody::Message(fields)) => fields,
            _ => &[],
        }
    }

    /// The entries of an object: declared ones in their order, then others.
    fn entries(&self) -> impl Iterator<Item = (&'a str, Self)> {
        let object = self.value.as_object();
        let fields = self.declared();
        let values = match self.bare() {
            Some(FieldType::Map(_, value)) => Some(&**value),
            _ => None,
        };
        let contract = self.contract;
        let part = move |value, ty| Self { value, ty, contract };
        let declared = fields.iter().filter_map(move |field| {
            let value = object?.get(&field.name)?;
            Some((field.name.as_str(), part(value, Some(&field.ty))))
        });
        let others = object.into_iter().flatten().filter_map(move |(name, value)| {
            let is_declared = fields.iter().any(|field| field.name == *name);
            (!is_declared).then(|| (name.as_str(), part(value, values)))
        });
        declared.chain(others)
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(object) => {
                let mut map = serializer.serialize_map(Some(object.len()))?;
                for (name, part) in self.entries() {
                    map.serialize_entry(name, &part)?;
                }
                map.end()
            }
            Value::Array(items) => {
                let item = match self.bare() {
                    Some(FieldType::List(item) | FieldType::Set(item)) => Some(&**item),
                    _ => None,
                };
                let mut seq = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    seq.serialize_element(&self.part(value, item))?;
                }
                seq.end()
            }
            other => other.serialize(serializer),
        }
    }
}
