//! What a wire type looks like: names, shapes, defaults and documentation, as
//! constants.

use super::type_id;
use crate::contract::generated::Node;

/// The description of one wire type.
///
/// The tables are `static` data; a reference to another wire type is a
/// function, so that recursive types can be described.
#[derive(Debug)]
#[non_exhaustive]
pub struct TypeDescriptor {
    /// The part of the tag before its last slash; may be empty.
    pub namespace: &'static str,
    /// The part of the tag after its last slash.
    pub name: &'static str,
    /// The tag as written, `namespace/name`.
    pub tag: &'static str,
    /// The doc comment, without the leading space of each line; may be empty.
    pub doc: &'static str,
    /// The fields or variants.
    pub kind: TypeKind,
    /// The BLAKE3 hash of the bytes by which a message is part of a contract;
    /// zeros for an enum, which is not.
    pub hash: [u8; 32],
}

impl TypeDescriptor {
    #[doc(hidden)]
    pub const fn new(
        tag: &'static str,
        [namespace, name]: [&'static str; 2],
        doc: &'static str,
        kind: TypeKind,
        identity: Option<&'static Node>,
    ) -> Self {
        let hash = match identity {
            Some(node) => node.hash,
            None => [0; 32],
        };
        Self { namespace, name, tag, doc, kind, hash }
    }

    /// The fields, in declaration order; empty for an enum.
    pub const fn fields(&self) -> &'static [FieldDescriptor] {
        match self.kind {
            TypeKind::Struct { fields, .. } => fields,
            TypeKind::Enum { .. } => &[],
        }
    }

    /// The variants, in declaration order; empty for a struct.
    pub const fn variants(&self) -> &'static [VariantDescriptor] {
        match self.kind {
            TypeKind::Struct { .. } => &[],
            TypeKind::Enum { variants } => variants,
        }
    }
}

/// What a wire type is made of.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum TypeKind {
    /// A message with named fields.
    Struct {
        /// In declaration order.
        fields: &'static [FieldDescriptor],
        /// The default of the field at an index, as JSON text; none if the
        /// index is out of range or the default has no JSON form.
        default_json: fn(usize) -> Option<String>,
    },
    /// A choice between names.
    Enum {
        /// In declaration order; the position is the wire value.
        variants: &'static [VariantDescriptor],
    },
}

/// One field of a message.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FieldDescriptor {
    /// The wire name.
    pub name: &'static str,
    /// The doc comment; may be empty.
    pub doc: &'static str,
    /// The shape without the outermost `Option`.
    pub shape: Shape,
    /// Whether the field is an `Option`.
    pub optional: bool,
    /// Whether the field travels with its type information, as Python's bare
    /// `list`, `dict` and `Any` do.
    pub dynamic: bool,
    /// Whether the field has a `default` of its own rather than its type's.
    pub explicit_default: bool,
    /// Whether the field closes a circle of messages: its message is part of a
    /// contract by name instead of by hash.
    pub back_edge: bool,
}

impl FieldDescriptor {
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        doc: &'static str,
        shape: Shape,
        any: bool,
        explicit_default: bool,
        back_edge: bool,
    ) -> Self {
        let (shape, optional) = match shape {
            Shape::Optional(inner) => (*inner, true),
            other => (other, false),
        };
        let dynamic = any || matches!(shape, Shape::Dynamic);
        Self { name, doc, shape, optional, dynamic, explicit_default, back_edge }
    }

    /// The number that stands for the field's type in the schema hash; 0 for
    /// structs, enums and everything dynamic.
    pub(crate) const fn schema_type_id(&self) -> u8 {
        if self.dynamic { type_id::UNKNOWN } else { self.shape.schema_type_id() }
    }
}

/// One variant of an enum.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct VariantDescriptor {
    /// The wire name, used in JSON.
    pub name: &'static str,
    /// The doc comment; may be empty.
    pub doc: &'static str,
}

impl VariantDescriptor {
    #[doc(hidden)]
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc }
    }
}

/// The form of a value, available to `const` evaluation.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Shape {
    /// A value without parts.
    Scalar(Scalar),
    /// Another message.
    Struct(fn() -> &'static TypeDescriptor),
    /// A unit enum.
    Enum(fn() -> &'static TypeDescriptor),
    /// A value or null.
    Optional(&'static Self),
    /// Elements in order.
    List(&'static Self),
    /// Distinct elements.
    Set(&'static Self),
    /// Values by key.
    Map {
        /// The shape of every key.
        key: &'static Self,
        /// The shape of every value.
        value: &'static Self,
    },
    /// A value that carries its type, [`Value`](super::Value).
    Dynamic,
}

/// The kinds of values without parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
#[allow(missing_docs, reason = "the names are those of the Rust types")]
pub enum Scalar {
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F32,
    F64,
    String,
    Binary,
    Date,
    Timestamp,
}

impl Scalar {
    /// The type number on the wire.
    pub(crate) const fn type_id(self) -> u8 {
        match self {
            Self::Bool => type_id::BOOL,
            Self::I8 => type_id::INT8,
            Self::I16 => type_id::INT16,
            Self::I32 => type_id::INT32,
            Self::I64 => type_id::INT64,
            Self::U8 => type_id::UINT8,
            Self::U16 => type_id::UINT16,
            Self::U32 => type_id::UINT32,
            Self::U64 => type_id::UINT64,
            Self::F32 => type_id::FLOAT32,
            Self::F64 => type_id::FLOAT64,
            Self::String => type_id::STRING,
            Self::Binary => type_id::BINARY,
            Self::Date => type_id::DATE,
            Self::Timestamp => type_id::TIMESTAMP,
        }
    }
}

impl Shape {
    /// Whether the outermost layer is `Option`.
    pub const fn is_optional(&self) -> bool {
        matches!(self, Self::Optional(_))
    }

    pub(crate) const fn schema_type_id(&self) -> u8 {
        match self {
            Self::Scalar(scalar) => scalar.type_id(),
            Self::List(_) => type_id::LIST,
            Self::Set(_) => type_id::SET,
            Self::Map { .. } => type_id::MAP,
            Self::Optional(inner) => inner.schema_type_id(),
            Self::Struct(_) | Self::Enum(_) | Self::Dynamic => type_id::UNKNOWN,
        }
    }

    /// The number in front of a value of this shape where it is dynamic. The
    /// widths of numbers do not exist there.
    pub(crate) const fn dynamic_type_id(&self) -> u8 {
        match self {
            Self::Scalar(
                Scalar::I8
                | Scalar::I16
                | Scalar::I32
                | Scalar::I64
                | Scalar::U8
                | Scalar::U16
                | Scalar::U32
                | Scalar::U64,
            ) => type_id::INT64,
            Self::Scalar(Scalar::F32) => type_id::FLOAT64,
            Self::Struct(_) => type_id::NAMED_STRUCT,
            Self::Enum(_) => type_id::NAMED_ENUM,
            Self::Optional(inner) => inner.dynamic_type_id(),
            other => other.schema_type_id(),
        }
    }

    /// How a value of this shape is called in messages.
    pub(crate) fn article_name(&self) -> String {
        match self {
            Self::Struct(descriptor) => format!("a value of type {}", descriptor().tag),
            Self::Enum(descriptor) => format!("a variant of {}", descriptor().tag),
            Self::Dynamic => "a dynamic value".to_owned(),
            other => type_id::name(other.schema_type_id()).unwrap_or("a value").to_owned(),
        }
    }
}
