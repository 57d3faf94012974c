//! JSON text as a tree: bounded, and every key of an object once.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::super::limits::MAX_MANIFEST_VALUES;

/// One step from a value into one of its parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// Reads the whole text.
pub(super) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    let mut left = MAX_MANIFEST_VALUES;
    let mut input = serde_json::Deserializer::from_str(text);
    let value = Tree { left: &mut left }.deserialize(&mut input)?;
    input.end()?;
    Ok(value)
}

/// Line and column, counted from 1, of the value that the steps lead to. The
/// text has been read once, so only steps that do not exist lead nowhere: then
/// it is the start.
pub(super) fn locate(text: &str, steps: &[Step]) -> (usize, usize) {
    let mut input = serde_json::Deserializer::from_str(text);
    // Stops before the value; the reader then knows where it is.
    let stopped = Follow { steps }.deserialize(&mut input).err();
    let (line, bytes) = stopped.map_or((1, 0), |error| (error.line().max(1), error.column()));
    let before = text.lines().nth(line - 1).and_then(|text| text.get(..bytes));
    (line, before.map_or(bytes, |before| before.chars().count()) + 1)
}

struct Tree<'c> {
    left: &'c mut usize,
}

impl Tree<'_> {
    fn count<E: Error>(&mut self) -> Result<(), E> {
        match self.left.checked_sub(1) {
            Some(left) => {
                *self.left = left;
                Ok(())
            }
            None => Err(E::custom(format_args!("more than {MAX_MANIFEST_VALUES} values"))),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(mut self, input: D) -> Result<Value, D::Error> {
        self.count()?;
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = input.next_element_seed(Tree { left: self.left })? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<Value, A::Error> {
        let mut entries = Map::new();
        while let Some(key) = input.next_key::<String>()? {
            if entries.contains_key(&key) {
                return Err(A::Error::custom(format_args!(
                    "the key {:?} stands twice in the same object",
                    super::node::shortened(&key)
                )));
            }
            entries.insert(key, input.next_value_seed(Tree { left: self.left })?);
        }
        Ok(Value::Object(entries))
    }
}

struct Follow<'s> {
    steps: &'s [Step],
}

impl<'de> DeserializeSeed<'de> for Follow<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        if self.steps.is_empty() {
            return Err(D::Error::custom("here"));
        }
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Follow<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut input: A) -> Result<(), A::Error> {
        let Some((Step::Index(index), steps)) = self.steps.split_first() else { return Ok(()) };
        for _ in 0..*index {
            input.next_element::<IgnoredAny>()?;
        }
        input.next_element_seed(Follow { steps }).map(|_| ())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut input: A) -> Result<(), A::Error> {
        let Some((Step::Key(wanted), steps)) = self.steps.split_first() else { return Ok(()) };
        while let Some(key) = input.next_key::<String>()? {
            if key == *wanted {
                return input.next_value_seed(Follow { steps });
            }
            input.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}
