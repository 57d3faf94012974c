//! A contract as owned data, whatever it came from: a compiled service, a
//! manifest, or what a server published.

use crate::codec::Scalar;
use crate::service::{Pattern, Scope};

use super::ContractId;

/// What a service is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Contract {
    /// The hash of the canonical bytes, as stated by the source.
    pub id: ContractId,
    /// The name on the wire.
    pub service: String,
    /// The version; clients ask for one exactly.
    pub version: i32,
    /// One instance for all, or one for each session.
    pub scope: Scope,
    /// Serialization modes in declared order, `xlang` and `json` among them.
    pub modes: Vec<String>,
    /// The doc comment; may be empty.
    pub doc: String,
    /// Who may call any method.
    pub requires: Option<Requirement>,
    /// The methods, sorted by name.
    pub methods: Vec<Method>,
    /// Every type that is known, sorted by tag. A manifest of the reference
    /// does not describe nested types: those are missing.
    pub types: Vec<Type>,
}

/// A method of a service.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Method {
    /// The name on the wire.
    pub name: String,
    /// How many messages go each way.
    pub pattern: Pattern,
    /// Whether calling twice does the same as calling once.
    pub idempotent: bool,
    /// Longest duration of a call, in seconds.
    pub timeout: Option<f64>,
    /// Who may call it, beside what the service requires.
    pub requires: Option<Requirement>,
    /// The doc comment; may be empty.
    pub doc: String,
    /// The request message: [`FieldType::Message`], or a scalar or
    /// [`FieldType::Any`] at a server of the reference that uses no message.
    pub request: FieldType,
    /// The response message.
    pub response: FieldType,
}

/// Who may call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// Every peer that the gate admitted, whatever it holds.
    Admitted,
    /// Holders of this capability.
    Role(String),
    /// Holders of at least one of these.
    AnyOf(Vec<String>),
    /// Holders of every one of these.
    AllOf(Vec<String>),
}

/// A message or an enum.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Type {
    /// The tag, `namespace/Name`. An enum of a reference's manifest, which
    /// does not state its tag, has its bare name.
    pub tag: String,
    /// The doc comment; may be empty.
    pub doc: String,
    /// The fields or variants.
    pub body: TypeBody,
}

/// What a type is made of.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeBody {
    /// The fields of a message, in declaration order.
    Message(Vec<Field>),
    /// The variants of an enum, in declaration order.
    Enum(Vec<Variant>),
}

/// One field of a message.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Field {
    /// The wire name.
    pub name: String,
    /// The doc comment; may be empty.
    pub doc: String,
    /// The type, with the outermost [`FieldType::Optional`] if it is optional.
    pub ty: FieldType,
    /// Whether the field travels with its type information, as Python's bare
    /// `list`, `dict` and `Any` do.
    pub dynamic: bool,
    /// Whether the field closes a cycle of types: its type is part of the
    /// identity by name instead of by hash.
    pub back_edge: bool,
    /// What a missing JSON field becomes; none if it must be there.
    pub default: Option<serde_json::Value>,
}

/// One variant of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Variant {
    /// The name in JSON.
    pub name: String,
    /// The doc comment; may be empty.
    pub doc: String,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldType {
    /// A value without parts.
    Scalar(Scalar),
    /// A message, by tag.
    Message(String),
    /// An enum, by tag.
    Enum(String),
    /// Elements in order.
    List(Box<Self>),
    /// Distinct elements.
    Set(Box<Self>),
    /// Values by key: key, then value.
    Map(Box<Self>, Box<Self>),
    /// A value or null.
    Optional(Box<Self>),
    /// A value that carries its type, or one whose type the source does not
    /// tell.
    Any,
}
