//! Which values of one type can be read as another.
//!
//! # JSON
//!
//! Messages are objects with the wire names of their fields. What is here and
//! what the reference does (product.md A3) agree on this:
//!
//! - A field that the reader's type does not have is an error, in requests and
//!   in responses.
//! - A field that is not in the text has the reader's default; without one
//!   that is an error. A caller may leave out what has a default. A server
//!   writes every field.
//! - `null` is read only where the reader's type is optional.
//! - Enums are the names of their variants; one that the reader does not have
//!   is an error.
//! - Numbers are checked against the reader's width. An integer can be read as
//!   a float, a float never as an integer.
//! - Byte strings, dates and times are texts.
//! - The order of fields, the tags of types and whether a field is dynamic do
//!   not matter.
//!
//! # XLANG
//!
//! A message begins with its tag and a hash over the names, types and
//! nullability of its fields, sorted by name. So every change of a field but
//! its position, default and description makes the whole message unreadable.
//! What is inside containers is not hashed, and is read as something else
//! instead of being refused. Enums are the positions of their variants.

use crate::codec::Scalar;

use super::outline::{Outline, all};
use super::verdict::{Effect, Sides};
use super::{Field, FieldType};

/// Two types that stand at the same place in both contracts, old and new: both
/// messages, or both enums.
pub(super) type Pair<'a> = (&'a str, &'a str);

/// The effects on JSON of another type, but for what changed inside its
/// messages and enums, which are added to `pairs`.
pub(super) fn json<'a>(old: &'a FieldType, new: &'a FieldType, pairs: &mut Vec<Pair<'a>>) -> Sides {
    use Effect::{Breaking, Compatible};
    use FieldType as T;
    match (old, new) {
        (T::Optional(old), T::Optional(new)) => json(old, new, pairs),
        (T::Optional(old), new) => Sides::new(Breaking, Compatible).and(json(old, new, pairs)),
        (old, T::Optional(new)) => Sides::new(Compatible, Breaking).and(json(old, new, pairs)),
        (T::Any, T::Any) => Sides::NONE,
        (T::Any, new) => as_any(new).reversed(),
        (old, T::Any) => as_any(old),
        (T::List(old), T::List(new)) | (T::Set(old), T::Set(new)) => json(old, new, pairs),
        // An element that is there twice is refused in a set.
        (T::Set(old), T::List(new)) => Sides::new(Compatible, Breaking).and(json(old, new, pairs)),
        (T::List(old), T::Set(new)) => Sides::new(Breaking, Compatible).and(json(old, new, pairs)),
        (T::Map(old_key, old), T::Map(new_key, new)) => {
            key(old_key, new_key, pairs).and(json(old, new, pairs))
        }
        (T::Message(old), T::Message(new)) | (T::Enum(old), T::Enum(new)) => {
            pairs.push((old, new));
            if old == new { Sides::NONE } else { Sides::new(Compatible, Compatible) }
        }
        (T::Scalar(old), T::Scalar(new)) => Sides::new(read_as(*old, *new), read_as(*new, *old)),
        // The name of a variant is a text, and not the other way round.
        (T::Enum(_), T::Scalar(Scalar::String)) => Sides::new(Compatible, Breaking),
        (T::Scalar(Scalar::String), T::Enum(_)) => Sides::new(Breaking, Compatible),
        _ => Sides::BREAKING,
    }
}

/// The effects where the old type becomes any type. A dynamic value holds
/// integers of 64 bits with sign; what it holds is known to nobody.
const fn as_any(old: &FieldType) -> Sides {
    let request = match old {
        FieldType::Scalar(Scalar::U64) => Effect::Unknown,
        _ => Effect::Compatible,
    };
    Sides::new(request, Effect::Unknown)
}

/// Keys are texts, whatever their type.
fn key<'a>(old: &'a FieldType, new: &'a FieldType, pairs: &mut Vec<Pair<'a>>) -> Sides {
    let effects = json(old, new, pairs);
    if old == new {
        return effects;
    }
    let read = |reader: &FieldType, effect| match reader {
        FieldType::Scalar(Scalar::String) | FieldType::Any => Effect::Compatible,
        _ => effect,
    };
    Sides::new(read(new, effects.request), read(old, effects.response))
}

/// Whether every value of one scalar is one of the other.
fn read_as(writer: Scalar, reader: Scalar) -> Effect {
    let fits = match (integer(writer), integer(reader)) {
        (Some((low, high)), Some((least, most))) => least <= low && high <= most,
        (Some((low, high)), None) => match reader {
            // Beyond, a float leaves out integers.
            Scalar::F64 => -(1 << 53) <= low && high <= 1 << 53,
            Scalar::F32 => -(1 << 24) <= low && high <= 1 << 24,
            _ => false,
        },
        (None, _) => match reader {
            Scalar::F64 => writer == Scalar::F32,
            Scalar::String => {
                matches!(writer, Scalar::Binary | Scalar::Date | Scalar::Timestamp)
            }
            _ => false,
        },
    };
    match (writer == reader, fits) {
        (true, _) => Effect::None,
        (false, true) => Effect::Compatible,
        (false, false) => Effect::Breaking,
    }
}

/// The least and the greatest value of an integer type; none for others.
const fn integer(scalar: Scalar) -> Option<(i128, i128)> {
    Some(match scalar {
        Scalar::I8 => (i8::MIN as i128, i8::MAX as i128),
        Scalar::I16 => (i16::MIN as i128, i16::MAX as i128),
        Scalar::I32 => (i32::MIN as i128, i32::MAX as i128),
        Scalar::I64 => (i64::MIN as i128, i64::MAX as i128),
        Scalar::U8 => (0, u8::MAX as i128),
        Scalar::U16 => (0, u16::MAX as i128),
        Scalar::U32 => (0, u32::MAX as i128),
        Scalar::U64 => (0, u64::MAX as i128),
        _ => return None,
    })
}

/// The effects on XLANG of another type of a field.
///
/// They are unknown where one contract has "any" and the identity does not tell
/// it from the other's type: it may be "any" because its source does not tell
/// more, as the canonical bytes do of an enum. The tags of enums are not sent.
pub(super) fn xlang(old: &Field, new: &Field, owners: Pair<'_>) -> Sides {
    if old.ty == new.ty && old.dynamic == new.dynamic {
        return Sides::NONE;
    }
    let is_any = |field: &Field| all(&field.ty).contains(&&FieldType::Any);
    if Outline::of(old, owners.0) == Outline::of(new, owners.1) && (is_any(old) || is_any(new)) {
        return Sides::new(Effect::Unknown, Effect::Unknown);
    }
    if !old.dynamic && !new.dynamic && only_enums_differ(&old.ty, &new.ty) {
        return Sides::new(Effect::Compatible, Effect::Compatible);
    }
    Sides::BREAKING
}

fn only_enums_differ(old: &FieldType, new: &FieldType) -> bool {
    use FieldType as T;
    let (old, new) = (all(old), all(new));
    old.len() == new.len()
        && old.into_iter().zip(new).all(|types| match types {
            (T::Enum(_), T::Enum(_))
            | (T::List(_), T::List(_))
            | (T::Set(_), T::Set(_))
            | (T::Map(..), T::Map(..))
            | (T::Optional(_), T::Optional(_)) => true,
            (old, new) => old == new,
        })
}

/// A field that only the new contract has.
pub(super) fn added(field: &Field) -> (Sides, Sides) {
    let request = match field.default {
        Some(_) => Effect::Compatible,
        None => Effect::Breaking,
    };
    (Sides::new(request, Effect::Breaking), Sides::BREAKING)
}

/// A field that only the old contract has.
pub(super) fn removed(field: &Field) -> (Sides, Sides) {
    let response = match field.default {
        Some(_) => Effect::Compatible,
        None => Effect::Breaking,
    };
    (Sides::new(Effect::Breaking, response), Sides::BREAKING)
}

/// Another default: it matters to those who leave the field out.
pub(super) const fn default(old: &Field, new: &Field) -> Sides {
    match (&old.default, &new.default) {
        (Some(_), None) => Sides::new(Effect::Breaking, Effect::None),
        (None, None) => Sides::NONE,
        (_, Some(_)) => Sides::new(Effect::Compatible, Effect::None),
    }
}

/// A variant that is new, for JSON and for XLANG: it was never sent, and cannot
/// be read.
pub(super) const VARIANT_ADDED: Sides = Sides::new(Effect::Compatible, Effect::Breaking);

/// A variant that is gone, the other way round.
pub(super) const VARIANT_REMOVED: Sides = VARIANT_ADDED.reversed();
