//! What the identity keeps of a field (contract.md 1.4): every integer is an
//! `int64`, every float a `float64`, one container is looked into, and all
//! else is "any".

use crate::codec::Scalar;

use super::{Field, FieldType};

/// What the identity keeps of a leaf. Messages are known by tag; their hashes
/// come later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kept<'a> {
    Primitive(&'static str),
    Message(&'a str),
    /// A message that the field closes a cycle with.
    Cycle(&'a str),
    Any,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder<'a> {
    None,
    List,
    Set,
    /// With the key.
    Map(Kept<'a>),
}

/// What the identity keeps of a field, besides its name and its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outline<'a> {
    pub(super) leaf: Kept<'a>,
    pub(super) holder: Holder<'a>,
    pub(super) optional: bool,
}

impl<'a> Outline<'a> {
    /// The outline of a field of the message `owner`.
    pub(super) fn of(field: &'a Field, owner: &str) -> Self {
        let (mut ty, mut optional) = (&field.ty, false);
        while let FieldType::Optional(inner) = ty {
            (ty, optional) = (inner, true);
        }
        let keep = |ty: &'a FieldType| match Kept::of(ty) {
            Kept::Message(tag) if field.back_edge || tag == owner => Kept::Cycle(tag),
            other => other,
        };
        let (leaf, holder) = match ty {
            _ if field.dynamic => (Kept::Any, Holder::None),
            FieldType::List(element) => (keep(element), Holder::List),
            FieldType::Set(element) => (keep(element), Holder::Set),
            FieldType::Map(key, value) => (keep(value), Holder::Map(keep(key))),
            other => (keep(other), Holder::None),
        };
        Self { leaf, holder, optional }
    }

    /// The leaf and the key.
    pub(super) fn parts(self) -> impl Iterator<Item = Kept<'a>> {
        let key = if let Holder::Map(key) = self.holder { Some(key) } else { None };
        [Some(self.leaf), key].into_iter().flatten()
    }
}

impl<'a> Kept<'a> {
    pub(super) fn of(ty: &'a FieldType) -> Self {
        match ty {
            FieldType::Scalar(scalar) => primitive(*scalar).map_or(Kept::Any, Kept::Primitive),
            FieldType::Message(tag) => Kept::Message(tag),
            FieldType::Enum(_)
            | FieldType::List(_)
            | FieldType::Set(_)
            | FieldType::Map(..)
            | FieldType::Optional(_)
            | FieldType::Any => Kept::Any,
        }
    }
}

/// The name of a scalar in the identity; none if it has no name there.
pub(super) const fn primitive(scalar: Scalar) -> Option<&'static str> {
    Some(match scalar {
        Scalar::Bool => "bool",
        Scalar::I8
        | Scalar::I16
        | Scalar::I32
        | Scalar::I64
        | Scalar::U8
        | Scalar::U16
        | Scalar::U32
        | Scalar::U64 => "int64",
        Scalar::F32 | Scalar::F64 => "float64",
        Scalar::String => "string",
        Scalar::Binary => "binary",
        Scalar::Date | Scalar::Timestamp => return None,
    })
}

/// The scalar that a decoded primitive stands for; none if there is none.
pub(super) fn scalar(primitive: &str) -> Option<Scalar> {
    Some(match primitive {
        "bool" => Scalar::Bool,
        "int64" => Scalar::I64,
        "float64" => Scalar::F64,
        "string" => Scalar::String,
        "binary" => Scalar::Binary,
        _ => return None,
    })
}

/// The types right inside a type.
pub(super) fn inner(ty: &FieldType) -> impl Iterator<Item = &FieldType> {
    let (first, second) = match ty {
        FieldType::List(inner) | FieldType::Set(inner) | FieldType::Optional(inner) => {
            (Some(&**inner), None)
        }
        FieldType::Map(key, value) => (Some(&**key), Some(&**value)),
        FieldType::Scalar(_) | FieldType::Message(_) | FieldType::Enum(_) | FieldType::Any => {
            (None, None)
        }
    };
    [first, second].into_iter().flatten()
}

/// A type and all types inside it, at any depth.
pub(super) fn all(ty: &FieldType) -> Vec<&FieldType> {
    let mut types = vec![ty];
    let mut next = 0;
    while let Some(ty) = types.get(next).copied() {
        types.extend(inner(ty));
        next += 1;
    }
    types
}

/// The tags of all messages in a type.
pub(super) fn mentions(ty: &FieldType) -> Vec<&str> {
    let all = all(ty).into_iter();
    all.filter_map(|ty| if let FieldType::Message(tag) = ty { Some(tag.as_str()) } else { None })
        .collect()
}

/// The tags of all enums in a type.
pub(super) fn enums(ty: &FieldType) -> Vec<&str> {
    let all = all(ty).into_iter();
    all.filter_map(|ty| if let FieldType::Enum(tag) = ty { Some(tag.as_str()) } else { None })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::sample::{field, list, map, message, optional};

    fn outline(ty: FieldType) -> Outline<'static> {
        Outline::of(Box::leak(Box::new(field("f", ty))), "t/Own")
    }

    fn scalar_type(scalar: Scalar) -> FieldType {
        FieldType::Scalar(scalar)
    }

    #[test]
    fn scalars_have_five_names() {
        let named = [
            (Scalar::I8, "int64"),
            (Scalar::U64, "int64"),
            (Scalar::F32, "float64"),
            (Scalar::Bool, "bool"),
            (Scalar::String, "string"),
            (Scalar::Binary, "binary"),
        ];
        for (one, name) in named {
            assert_eq!(outline(scalar_type(one)).leaf, Kept::Primitive(name));
            assert!(scalar(name).is_some());
        }
        assert_eq!(scalar("null"), None);
        assert_eq!(outline(scalar_type(Scalar::Date)).leaf, Kept::Any);
        assert_eq!(outline(FieldType::Enum("t/Color".into())).leaf, Kept::Any);
    }

    #[test]
    fn one_container_is_looked_into() {
        let int = || scalar_type(Scalar::I32);
        let int_leaf = Kept::Primitive("int64");
        let plain = |leaf, holder| Outline { leaf, holder, optional: false };
        assert_eq!(outline(list(int())), plain(int_leaf, Holder::List));
        assert_eq!(outline(list(list(int()))), plain(Kept::Any, Holder::List));
        assert_eq!(outline(list(optional(int()))), plain(Kept::Any, Holder::List));
        assert_eq!(
            outline(map(message("t/K"), int())),
            plain(int_leaf, Holder::Map(Kept::Message("t/K")))
        );
        let both = outline(optional(optional(list(message("t/Leaf")))));
        assert_eq!(
            both,
            Outline { leaf: Kept::Message("t/Leaf"), holder: Holder::List, optional: true }
        );
    }

    #[test]
    fn a_dynamic_field_is_any_and_may_be_optional() {
        let mut dynamic = field("tags", optional(map(FieldType::Any, FieldType::Any)));
        dynamic.dynamic = true;
        let expected = Outline { leaf: Kept::Any, holder: Holder::None, optional: true };
        assert_eq!(Outline::of(&dynamic, "t/Own"), expected);
    }

    #[test]
    fn a_message_itself_and_a_back_edge_are_cycles() {
        assert_eq!(outline(optional(message("t/Own"))).leaf, Kept::Cycle("t/Own"));
        let mut back = field("f", list(message("t/Other")));
        assert_eq!(Outline::of(&back, "t/Own").leaf, Kept::Message("t/Other"));
        back.back_edge = true;
        assert_eq!(Outline::of(&back, "t/Own").leaf, Kept::Cycle("t/Other"));
    }

    #[test]
    fn messages_are_found_at_any_depth() {
        let ty = optional(list(map(message("t/K"), optional(message("t/V")))));
        let mut tags = mentions(&ty);
        tags.sort_unstable();
        assert_eq!(tags, ["t/K", "t/V"]);
    }
}
