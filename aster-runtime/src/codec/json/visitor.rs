//! Reading the JSON values that have parts.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::super::descriptor::{FieldDescriptor, TypeDescriptor};
use super::super::error::DecodeError;
use super::super::value::Value;
use super::super::wire_value::{MapKey, WireEnum, WireType, WireValue};
use super::context::{JsonContext, Token};

/// Hands the context down to the next value.
struct Seed<'c, T>(&'c mut JsonContext, PhantomData<T>);

impl<'de, T: WireValue> DeserializeSeed<'de> for Seed<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<T, D::Error> {
        T::read_json(input, self.0)
    }
}

/// Reads the value after a key into `slot`.
pub(crate) fn next_field<'de, T: WireValue, A: MapAccess<'de>>(
    slot: &mut T,
    input: &mut A,
    cx: &mut JsonContext,
) -> Result<(), A::Error> {
    *slot = input.next_value_seed(Seed(cx, PhantomData))?;
    Ok(())
}

/// The visitor methods that report a value of the wrong kind.
macro_rules! reject {
    ($($kind:ident)*) => { $(reject!(@ $kind);)* };
    (@ scalars) => {
        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Err(self.cx.mismatch(self.expected, &Token::Null))
        }

        fn visit_bool<E: Error>(self, value: bool) -> Result<Self::Value, E> {
            Err(self.cx.mismatch(self.expected, &Token::Bool(value)))
        }

        fn visit_u64<E: Error>(self, value: u64) -> Result<Self::Value, E> {
            Err(self.cx.mismatch(self.expected, &Token::Unsigned(value)))
        }

        fn visit_i64<E: Error>(self, value: i64) -> Result<Self::Value, E> {
            Err(self.cx.mismatch(self.expected, &Token::Signed(value)))
        }

        fn visit_f64<E: Error>(self, value: f64) -> Result<Self::Value, E> {
            Err(self.cx.mismatch(self.expected, &Token::Float(value)))
        }

        fn visit_str<E: Error>(self, value: &str) -> Result<Self::Value, E> {
            Err(self.cx.mismatch(self.expected, &Token::String(value.into())))
        }

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.expected)
        }
    };
    (@ array) => {
        fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.cx.mismatch(self.expected, &Token::Array))
        }
    };
    (@ object) => {
        fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Self::Value, A::Error> {
            Err(self.cx.mismatch(self.expected, &Token::Object))
        }
    };
}

struct ArrayVisitor<'c, T, F> {
    cx: &'c mut JsonContext,
    expected: &'static str,
    push: F,
    item: PhantomData<T>,
}

impl<'de, T: WireValue, F: FnMut(T) -> Result<(), DecodeError>> Visitor<'de>
    for ArrayVisitor<'_, T, F>
{
    type Value = ();

    reject!(scalars object);

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut input: A) -> Result<(), A::Error> {
        self.cx.enter()?;
        for index in 0.. {
            match input.next_element_seed(Seed(self.cx, PhantomData)) {
                Ok(Some(item)) => {
                    self.cx.item()?;
                    if let Err(error) = (self.push)(item) {
                        return Err(self.cx.fail(error.in_item(index)));
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    self.cx.in_item(index);
                    return Err(error);
                }
            }
        }
        self.cx.leave();
        Ok(())
    }
}

/// Reads an array, giving each element to `push`.
pub(crate) fn read_array<'de, T: WireValue, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
    push: impl FnMut(T) -> Result<(), DecodeError>,
) -> Result<(), D::Error> {
    input.deserialize_any(ArrayVisitor { cx, expected: "an array", push, item: PhantomData })
}

pub(crate) fn read_vec<'de, T: WireValue, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
) -> Result<Vec<T>, D::Error> {
    let mut items = Vec::new();
    read_array(input, cx, |item| {
        items.push(item);
        Ok(())
    })?;
    Ok(items)
}

struct OptionVisitor<'c, T>(&'c mut JsonContext, PhantomData<T>);

impl<'de, T: WireValue> Visitor<'de> for OptionVisitor<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value or null")
    }

    fn visit_none<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, input: D) -> Result<Option<T>, D::Error> {
        T::read_json(input, self.0).map(Some)
    }
}

pub(crate) fn read_option<'de, T: WireValue, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
) -> Result<Option<T>, D::Error> {
    input.deserialize_option(OptionVisitor(cx, PhantomData))
}

/// Reads an object key, before its meaning is known.
struct KeySeed<F>(F);

impl<'de, T, F: FnOnce(&str) -> T> DeserializeSeed<'de> for KeySeed<F> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<T, D::Error> {
        input.deserialize_str(self)
    }
}

impl<T, F: FnOnce(&str) -> T> Visitor<'_> for KeySeed<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object key")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        Ok((self.0)(text))
    }
}

struct ObjectVisitor<'c, K, V, F> {
    cx: &'c mut JsonContext,
    expected: &'static str,
    insert: F,
    entry: PhantomData<(K, V)>,
}

impl<'de, K, V, F> Visitor<'de> for ObjectVisitor<'_, K, V, F>
where
    K: MapKey,
    V: WireValue,
    F: FnMut(K, V) -> Result<(), DecodeError>,
{
    type Value = ();

    reject!(scalars array);

    fn visit_map<A: MapAccess<'de>>(mut self, mut input: A) -> Result<(), A::Error> {
        self.cx.enter()?;
        let read_key = |text: &str| {
            K::read_key(text).map_err(|expected| {
                let found = Token::String(text.into());
                DecodeError::invalid(format!("expected {expected} as a key, found {found}"))
            })
        };
        while let Some(key) = input.next_key_seed(KeySeed(read_key))? {
            let key = match key {
                Ok(key) => key,
                Err(error) => return Err(self.cx.fail(error)),
            };
            self.cx.item()?;
            match input.next_value_seed(Seed(self.cx, PhantomData)) {
                Ok(value) => {
                    if let Err(error) = (self.insert)(key, value) {
                        return Err(self.cx.fail(error));
                    }
                }
                Err(error) => {
                    self.cx.in_field(&super::writer::key_text(&key));
                    return Err(error);
                }
            }
        }
        self.cx.leave();
        Ok(())
    }
}

/// Reads an object as a map, giving each entry to `insert`.
pub(crate) fn read_object<'de, K: MapKey, V: WireValue, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
    insert: impl FnMut(K, V) -> Result<(), DecodeError>,
) -> Result<(), D::Error> {
    input.deserialize_any(ObjectVisitor { cx, expected: "an object", insert, entry: PhantomData })
}

struct StructVisitor<'c, T> {
    cx: &'c mut JsonContext,
    expected: &'static str,
    kind: PhantomData<T>,
}

impl<'de, T: WireType> Visitor<'de> for StructVisitor<'_, T> {
    type Value = T;

    reject!(scalars array);

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<T, A::Error> {
        self.cx.enter()?;
        let descriptor = T::descriptor();
        let fields = descriptor.fields();
        let mut value = T::wire_default();
        let mut seen = Seen::default();
        let mut next = 0;
        while let Some(found) =
            input.next_key_seed(KeySeed(|text: &str| find_field(descriptor, next, text)))?
        {
            let index = match found {
                Ok(index) => index,
                Err(error) => return Err(self.cx.fail(error)),
            };
            let name = fields.get(index).map_or("", |field| field.name);
            if !seen.insert(index) {
                let error = DecodeError::malformed("the object has this field twice");
                return Err(self.cx.fail(error.in_field(name)));
            }
            if let Err(error) = value.read_json_field(index, &mut input, self.cx) {
                self.cx.in_field(name);
                return Err(error);
            }
            next = index + 1;
        }
        self.cx.leave();
        Ok(value)
    }
}

/// The index of the field called `text`. Senders write fields in order, so the
/// one after the last is tried first.
fn find_field(
    descriptor: &'static TypeDescriptor,
    next: usize,
    text: &str,
) -> Result<usize, DecodeError> {
    let fields = descriptor.fields();
    if fields.get(next).is_some_and(|field| field.name == text) {
        return Ok(next);
    }
    fields
        .iter()
        .position(|field| field.name == text)
        .ok_or_else(|| unknown_field(descriptor, fields, text))
}

#[cold]
fn unknown_field(
    descriptor: &TypeDescriptor,
    fields: &[FieldDescriptor],
    text: &str,
) -> DecodeError {
    let short: String = text.chars().take(64).collect();
    let nearest = fields
        .iter()
        .map(|field| (strsim::damerau_levenshtein(&short, field.name), field.name))
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 3))
        .min();
    let hint = match nearest {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if fields.is_empty() => "it has no fields".to_owned(),
        None => {
            let names: Vec<_> = fields.iter().take(24).map(|field| field.name).collect();
            format!("it has {}", names.join(", "))
        }
    };
    DecodeError::unknown_field(
        &short,
        format!("the type {} has no such field; {hint}", descriptor.tag),
    )
    .in_field(&short)
}

/// The set of fields already read.
#[derive(Default)]
struct Seen {
    low: u64,
    high: Vec<usize>,
}

impl Seen {
    /// True if `index` is new.
    fn insert(&mut self, index: usize) -> bool {
        if index < 64 {
            let bit = 1 << index;
            let new = self.low & bit == 0;
            self.low |= bit;
            return new;
        }
        let new = !self.high.contains(&index);
        self.high.push(index);
        new
    }
}

/// Reads an object as a struct: absent fields keep their defaults.
pub(crate) fn read_struct<'de, T: WireType, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
) -> Result<T, D::Error> {
    input.deserialize_any(StructVisitor { cx, expected: "an object", kind: PhantomData })
}

/// Reads the name of a variant.
pub(crate) fn read_enum<'de, T: WireEnum, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
) -> Result<T, D::Error> {
    let token = cx.token(input, "the name of a variant")?;
    let value = match &token {
        Token::String(text) => find_variant(text),
        _ => None,
    };
    value.ok_or_else(|| {
        let names: Vec<_> =
            T::descriptor().variants().iter().take(24).map(|variant| variant.name).collect();
        cx.mismatch(&format!("one of {}", names.join(", ")), &token)
    })
}

pub(crate) fn find_variant<T: WireEnum>(text: &str) -> Option<T> {
    let position = T::descriptor().variants().iter().position(|variant| variant.name == text)?;
    T::from_ordinal(position)
}

struct ValueVisitor<'c>(&'c mut JsonContext);

impl<'de> Visitor<'de> for ValueVisitor<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        match i64::try_from(value) {
            Ok(value) => Ok(Value::Int(value)),
            Err(_) => Err(self
                .0
                .mismatch("an integer of at most 64 bits with sign", &Token::Unsigned(value))),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, input: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        let push = |item| {
            items.push(item);
            Ok(())
        };
        ArrayVisitor { cx: self.0, expected: "an array", push, item: PhantomData }
            .visit_seq(input)?;
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, input: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(Value, Value)> = Vec::new();
        let mut keys = std::collections::HashSet::new();
        let insert = |key: String, value| {
            if !keys.insert(key.clone()) {
                return Err(DecodeError::malformed("a map holds a key twice"));
            }
            entries.push((Value::String(key), value));
            Ok(())
        };
        ObjectVisitor { cx: self.0, expected: "an object", insert, entry: PhantomData }
            .visit_map(input)?;
        Ok(Value::Map(entries))
    }
}

pub(crate) fn read_value<'de, D: Deserializer<'de>>(
    input: D,
    cx: &mut JsonContext,
) -> Result<Value, D::Error> {
    input.deserialize_any(ValueVisitor(cx))
}
