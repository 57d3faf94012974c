//! The reference's description of messages: fields by kind (contract.md 5.1).

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::codec::Scalar;

use super::super::limits::MAX_FIELDS;
use super::super::{Field, FieldType, Type, TypeBody, Variant};
use super::node::{Fault, Node, Once};
use super::{legacy, literal};

/// What a `kind` says.
#[derive(Clone, Copy)]
enum Kind {
    Scalar(Scalar),
    List,
    Map,
    Enum,
    Message,
}

const KINDS: [(&str, Kind); 9] = [
    ("string", Kind::Scalar(Scalar::String)),
    ("int", Kind::Scalar(Scalar::I64)),
    ("float", Kind::Scalar(Scalar::F64)),
    ("bool", Kind::Scalar(Scalar::Bool)),
    ("bytes", Kind::Scalar(Scalar::Binary)),
    ("list", Kind::List),
    ("map", Kind::Map),
    ("enum", Kind::Enum),
    ("ref", Kind::Message),
];

/// What a `default_kind` says.
#[derive(Clone, Copy)]
enum DefaultKind {
    None,
    Value,
    EmptyList,
    EmptyMap,
    /// Something that the manifest does not tell.
    Hidden,
}

const DEFAULT_KINDS: [(&str, DefaultKind); 6] = [
    ("none", DefaultKind::None),
    ("value", DefaultKind::Value),
    ("empty_list", DefaultKind::EmptyList),
    ("empty_map", DefaultKind::EmptyMap),
    ("factory", DefaultKind::Hidden),
    ("null", DefaultKind::Hidden),
];

/// A request or response whose message is described elsewhere, or that is no
/// message. The keys are those of the class, the tag and the fields.
pub(super) fn plain(method: &Node<'_, '_>, keys: [&str; 3]) -> Result<FieldType, Fault> {
    let [class, tag, _] = keys;
    let (class, tag) = (method.word_at(class)?, method.word_at(tag)?);
    if !tag.is_empty() {
        return Ok(FieldType::Message(tag.to_owned()));
    }
    Ok(match class {
        "str" => FieldType::Scalar(Scalar::String),
        "int" => FieldType::Scalar(Scalar::I64),
        "float" => FieldType::Scalar(Scalar::F64),
        "bool" => FieldType::Scalar(Scalar::Bool),
        "bytes" => FieldType::Scalar(Scalar::Binary),
        _ => FieldType::Any,
    })
}

/// The types of one service, as its methods mention them.
#[derive(Debug)]
pub(super) struct Types {
    legacy: bool,
    types: BTreeMap<String, Type>,
    /// The tags of Python classes; none where two classes share a name.
    classes: BTreeMap<String, Option<String>>,
}

impl Types {
    pub(super) fn new(legacy: bool) -> Self {
        Self { legacy, types: BTreeMap::new(), classes: BTreeMap::new() }
    }

    /// The types, by tag. Values of maps are named by class only; the class
    /// becomes its tag where the rest of the manifest tells it.
    pub(super) fn finish(mut self) -> Vec<Type> {
        for ty in self.types.values_mut() {
            if let TypeBody::Message(fields) = &mut ty.body {
                fields.iter_mut().for_each(|field| resolve(&mut field.ty, &self.classes));
            }
        }
        self.types.into_values().collect()
    }

    /// The request or response of a method; the keys are those of the class,
    /// the tag and the fields.
    pub(super) fn root(
        &mut self,
        method: &Node<'_, '_>,
        keys: [&str; 3],
    ) -> Result<FieldType, Fault> {
        let [class, tag, fields] = keys;
        let (class, tag) = (method.word_at(class)?, method.word_at(tag)?);
        let described = method.get(fields)?;
        let has_fields = match &described {
            Some(fields) => fields.items(MAX_FIELDS, "fields")?.len() > 0,
            None => false,
        };
        // A message without a tag is known by its class.
        let name = if tag.is_empty() && has_fields { class } else { tag };
        if name.is_empty() {
            return plain(method, keys);
        }
        self.class(class, name);
        if let Some(node) = described {
            let body = TypeBody::Message(self.message(&node)?);
            self.add(name, body, &node)?;
        }
        Ok(FieldType::Message(name.to_owned()))
    }

    fn class(&mut self, class: &str, tag: &str) {
        let known = self.classes.entry(class.to_owned()).or_insert_with(|| Some(tag.to_owned()));
        if known.as_deref() != Some(tag) {
            *known = None;
        }
    }

    /// A type is described wherever it is mentioned, the same each time.
    fn add(&mut self, tag: &str, body: TypeBody, node: &Node<'_, '_>) -> Result<(), Fault> {
        let ty = Type { tag: tag.to_owned(), doc: String::new(), body };
        match self.types.get(tag) {
            Some(known) if *known != ty => {
                Err(node.fault(format!("{tag} is described in another way before")))
            }
            _ => {
                self.types.insert(tag.to_owned(), ty);
                Ok(())
            }
        }
    }

    fn message(&mut self, node: &Node<'_, '_>) -> Result<Vec<Field>, Fault> {
        let mut once = Once::new();
        let mut fields = Vec::new();
        for node in node.items(MAX_FIELDS, "fields")? {
            let name = node.need("name")?;
            once.add(name.name()?, &name, "the field")?;
            let (ty, default) = if self.legacy && !node.has("kind") {
                legacy::field(&node)?
            } else {
                let kind = node.need("kind")?.one_of(&KINDS)?;
                (self.field_type(&node, kind)?, default(&node, kind)?)
            };
            fields.push(Field {
                name: name.name()?.to_owned(),
                doc: String::new(),
                ty,
                dynamic: false,
                back_edge: false,
                default,
            });
        }
        Ok(fields)
    }

    fn field_type(&mut self, node: &Node<'_, '_>, kind: Kind) -> Result<FieldType, Fault> {
        let ty = match kind {
            Kind::Scalar(scalar) => FieldType::Scalar(scalar),
            Kind::List => {
                let item = self.part(node, "item_kind", "item_ref", "item_wire_tag")?;
                FieldType::List(Box::new(optional(item, node.flag_at("item_nullable")?)))
            }
            Kind::Map => {
                let key = self.part(node, "key_kind", "", "")?;
                let value = self.part(node, "value_kind", "value_ref", "")?;
                let value = optional(value, node.flag_at("value_nullable")?);
                FieldType::Map(Box::new(key), Box::new(value))
            }
            Kind::Message => self.mentioned(node, "ref_name", "wire_tag")?,
            Kind::Enum => {
                let name = node.need("ref_name")?.name()?;
                if let Some(values) = node.get("enum_values")? {
                    let body = TypeBody::Enum(variants(&values)?);
                    self.add(name, body, &values)?;
                }
                FieldType::Enum(name.to_owned())
            }
        };
        Ok(optional(ty, node.flag_at("nullable")?))
    }

    /// A message that a field mentions: by its tag, or else by its class.
    fn mentioned(
        &mut self,
        node: &Node<'_, '_>,
        class: &str,
        tag: &str,
    ) -> Result<FieldType, Fault> {
        let (class, tag) = (node.word_at(class)?, node.word_at(tag)?);
        if !tag.is_empty() {
            self.class(class, tag);
            Ok(FieldType::Message(tag.to_owned()))
        } else if !class.is_empty() {
            Ok(FieldType::Message(class.to_owned()))
        } else {
            Ok(FieldType::Any)
        }
    }

    /// The items of a list, or the keys or values of a map. What those contain
    /// in turn is not stated.
    fn part(
        &mut self,
        node: &Node<'_, '_>,
        kind: &str,
        class: &str,
        tag: &str,
    ) -> Result<FieldType, Fault> {
        let Some(kind) = node.get(kind)? else { return Ok(FieldType::Any) };
        Ok(match kind.one_of(&KINDS)? {
            Kind::Scalar(scalar) => FieldType::Scalar(scalar),
            Kind::List => FieldType::List(Box::new(FieldType::Any)),
            Kind::Map => FieldType::Map(Box::new(FieldType::Any), Box::new(FieldType::Any)),
            Kind::Message => self.mentioned(node, class, tag)?,
            Kind::Enum => match node.word_at(class)? {
                "" => FieldType::Any,
                class => FieldType::Enum(class.to_owned()),
            },
        })
    }
}

fn optional(ty: FieldType, nullable: bool) -> FieldType {
    if nullable { FieldType::Optional(Box::new(ty)) } else { ty }
}

/// Replaces classes by their tags.
fn resolve(ty: &mut FieldType, classes: &BTreeMap<String, Option<String>>) {
    match ty {
        FieldType::Message(name) => {
            if let Some(Some(tag)) = classes.get(name.as_str()) {
                tag.clone_into(name);
            }
        }
        FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
            resolve(inner, classes);
        }
        FieldType::Map(key, value) => {
            resolve(key, classes);
            resolve(value, classes);
        }
        FieldType::Scalar(_) | FieldType::Enum(_) | FieldType::Any => {}
    }
}

/// The members of a Python enum, by value: a string, or a number.
fn variants(node: &Node<'_, '_>) -> Result<Vec<Variant>, Fault> {
    let mut once = Once::new();
    let mut variants = Vec::new();
    for node in node.items(MAX_FIELDS, "variants")? {
        let name = match node.value() {
            Value::Number(number) => number.to_string(),
            _ => node.word()?.to_owned(),
        };
        once.add(name.clone(), &node, "the variant")?;
        variants.push(Variant { name, doc: String::new() });
    }
    Ok(variants)
}

fn default(node: &Node<'_, '_>, kind: Kind) -> Result<Option<Value>, Fault> {
    let stated = node.get("default_kind")?.map(|kind| kind.one_of(&DEFAULT_KINDS)).transpose()?;
    let required = node.get("required")?.map(|required| required.boolean()).transpose()?;
    match (stated, required) {
        (None | Some(DefaultKind::None), None | Some(true)) => Ok(None),
        (None | Some(DefaultKind::None), Some(false)) => Ok(Some(Value::Null)),
        (Some(_), Some(true)) => {
            let problem = "the field is required, but has a default";
            Err(node.need("default_kind")?.fault(problem))
        }
        (Some(DefaultKind::Hidden), _) => Ok(Some(Value::Null)),
        (Some(DefaultKind::EmptyList), _) => Ok(Some(Value::Array(Vec::new()))),
        (Some(DefaultKind::EmptyMap), _) => Ok(Some(Value::Object(Map::new()))),
        (Some(DefaultKind::Value), _) => {
            let value = node.get("default_value")?.map(|node| node.value().clone());
            Ok(Some(in_json(value.unwrap_or(Value::Null), kind)))
        }
    }
}

/// A default as the field's JSON form.
fn in_json(value: Value, kind: Kind) -> Value {
    match (kind, value) {
        (Kind::Scalar(Scalar::Binary), Value::String(text)) => {
            Value::String(literal::to_base64(&text).unwrap_or(text))
        }
        (Kind::Enum, Value::Number(number)) => Value::String(number.to_string()),
        (_, value) => value,
    }
}
