//! A compiled service as a contract.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::codec::{FieldDescriptor, Shape, TypeDescriptor, TypeKind, VariantDescriptor};
use crate::service::{MethodDescriptor, SerializationMode, ServiceDescriptor};

use super::{Contract, Field, FieldType, Method, Requirement, Type, TypeBody, Variant};

impl Contract {
    /// What a compiled service is: its methods, and every type that they
    /// mention, however deep.
    ///
    /// A field whose default JSON cannot express has the default `null`.
    ///
    /// ```
    /// use aster_runtime::contract::Contract;
    /// # fn example(descriptor: &'static aster_runtime::ServiceDescriptor) {
    /// // `MissionControlClient::DESCRIPTOR`, say.
    /// let contract = Contract::of(descriptor);
    /// println!("{} is {}", contract.service, contract.id);
    /// # }
    /// ```
    #[must_use]
    pub fn of(service: &'static ServiceDescriptor) -> Self {
        let mut methods: Vec<_> = service.methods.iter().map(method).collect();
        methods.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            id: service.contract_id,
            service: service.name.to_owned(),
            version: service.version,
            scope: service.scope,
            modes: service.modes.iter().copied().map(mode).collect(),
            doc: service.doc.to_owned(),
            requires: service.requires.map(Requirement::from),
            methods,
            types: types(service),
        }
    }
}

fn mode(mode: SerializationMode) -> String {
    mode.name().to_owned()
}

fn method(method: &MethodDescriptor) -> Method {
    let message = |ty: fn() -> &'static TypeDescriptor| FieldType::Message(ty().tag.to_owned());
    Method {
        name: method.name.to_owned(),
        pattern: method.pattern,
        idempotent: method.idempotent,
        timeout: method.timeout.map(|timeout| timeout.as_secs_f64()),
        requires: method.requires.map(Requirement::from),
        doc: method.doc.to_owned(),
        request: message(method.request),
        response: message(method.response),
    }
}

/// Every type, once, by tag. Types may mention themselves.
fn types(service: &ServiceDescriptor) -> Vec<Type> {
    let mut found = BTreeMap::new();
    let mut open: Vec<_> = service
        .methods
        .iter()
        .flat_map(|method| [(method.request)(), (method.response)()])
        .collect();
    while let Some(descriptor) = open.pop() {
        if found.insert(descriptor.tag, descriptor).is_none() {
            open.extend(descriptor.fields().iter().flat_map(|field| mentioned(&field.shape)));
        }
    }
    found.into_values().map(describe).collect()
}

/// The types that a shape mentions.
fn mentioned(shape: &Shape) -> Vec<&'static TypeDescriptor> {
    match *shape {
        Shape::Struct(ty) | Shape::Enum(ty) => vec![ty()],
        Shape::Optional(inner) | Shape::List(inner) | Shape::Set(inner) => mentioned(inner),
        Shape::Map { key, value } => {
            let mut types = mentioned(key);
            types.extend(mentioned(value));
            types
        }
        Shape::Scalar(_) | Shape::Dynamic => Vec::new(),
    }
}

fn describe(ty: &'static TypeDescriptor) -> Type {
    let body = match ty.kind {
        TypeKind::Struct { fields, default_json } => {
            let fields = fields.iter().enumerate();
            TypeBody::Message(fields.map(|(i, one)| field(one, default_json(i))).collect())
        }
        TypeKind::Enum { variants } => TypeBody::Enum(variants.iter().map(variant).collect()),
    };
    Type { tag: ty.tag.to_owned(), doc: ty.doc.to_owned(), body }
}

fn field(field: &FieldDescriptor, default: Option<String>) -> Field {
    let ty = field_type(&field.shape);
    let default = default.and_then(|json| serde_json::from_str(&json).ok());
    Field {
        name: field.name.to_owned(),
        doc: field.doc.to_owned(),
        ty: if field.optional { FieldType::Optional(Box::new(ty)) } else { ty },
        dynamic: field.dynamic,
        back_edge: field.back_edge,
        default: Some(default.unwrap_or(Value::Null)),
    }
}

fn field_type(shape: &Shape) -> FieldType {
    let boxed = |shape| Box::new(field_type(shape));
    match *shape {
        Shape::Scalar(scalar) => FieldType::Scalar(scalar),
        Shape::Struct(ty) => FieldType::Message(ty().tag.to_owned()),
        Shape::Enum(ty) => FieldType::Enum(ty().tag.to_owned()),
        Shape::Optional(inner) => FieldType::Optional(boxed(inner)),
        Shape::List(item) => FieldType::List(boxed(item)),
        Shape::Set(item) => FieldType::Set(boxed(item)),
        Shape::Map { key, value } => FieldType::Map(boxed(key), boxed(value)),
        Shape::Dynamic => FieldType::Any,
    }
}

fn variant(variant: &VariantDescriptor) -> Variant {
    Variant { name: variant.name.to_owned(), doc: variant.doc.to_owned() }
}
