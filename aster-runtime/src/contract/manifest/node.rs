//! A place in a JSON tree that knows its path, and reads what should be there.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::limits::{MAX_DOC_BYTES, MAX_NAME_BYTES};
use super::json::Step;

/// The most characters of a text that a message repeats.
const SHOWN: usize = 40;

/// What is wrong, and where.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) steps: Vec<Step>,
    pub(super) problem: String,
}

/// A value and the way to it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'v, 'p> {
    value: &'v Value,
    parent: Option<&'p Self>,
    step: At<'v>,
}

#[derive(Clone, Copy, Debug)]
enum At<'v> {
    Root,
    Key(&'v str),
    Index(usize),
}

impl<'v> Node<'v, '_> {
    pub(super) fn root(value: &'v Value) -> Self {
        Self { value, parent: None, step: At::Root }
    }

    pub(super) fn value(&self) -> &'v Value {
        self.value
    }

    /// A fault at this place.
    pub(super) fn fault(&self, problem: impl Into<String>) -> Fault {
        let mut steps = Vec::new();
        let mut next = Some(self);
        while let Some(node) = next {
            match node.step {
                At::Root => {}
                At::Key(key) => steps.push(Step::Key(key.to_owned())),
                At::Index(index) => steps.push(Step::Index(index)),
            }
            next = node.parent;
        }
        steps.reverse();
        Fault { steps, problem: problem.into() }
    }

    pub(super) fn expected<T>(&self, what: &str) -> Result<T, Fault> {
        Err(self.fault(format!("expected {what}, found {}", found(self.value))))
    }

    /// The value under a key; none if there is none, or null.
    pub(super) fn get<'s>(&'s self, key: &str) -> Result<Option<Node<'v, 's>>, Fault> {
        let Value::Object(entries) = self.value else {
            return self.expected("an object");
        };
        let entry = entries.get_key_value(key).filter(|(_, value)| !value.is_null());
        Ok(entry.map(|(key, value)| Node { value, parent: Some(self), step: At::Key(key) }))
    }

    /// The value under a key that has to be there.
    pub(super) fn need<'s>(&'s self, key: &str) -> Result<Node<'v, 's>, Fault> {
        self.get(key)?.ok_or_else(|| self.fault(format!("the key `{key}` is missing")))
    }

    /// Whether the object has the key, null or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.value.get(key).is_some()
    }

    /// The items of an array of at most `max` things called `noun`.
    pub(super) fn items<'s>(
        &'s self,
        max: usize,
        noun: &str,
    ) -> Result<impl ExactSizeIterator<Item = Node<'v, 's>>, Fault> {
        let Value::Array(items) = self.value else {
            return self.expected("an array");
        };
        if items.len() > max {
            let count = items.len();
            return Err(self.fault(format!("{count} {noun}; at most {max} are read")));
        }
        Ok(items.iter().enumerate().map(|(index, value)| Node {
            value,
            parent: Some(self),
            step: At::Index(index),
        }))
    }

    pub(super) fn boolean(&self) -> Result<bool, Fault> {
        self.value.as_bool().map_or_else(|| self.expected("true or false"), Ok)
    }

    pub(super) fn i32(&self) -> Result<i32, Fault> {
        let number = self.value.as_i64().and_then(|number| i32::try_from(number).ok());
        number.map_or_else(|| self.expected("an integer of 32 bits"), Ok)
    }

    pub(super) fn count(&self) -> Result<usize, Fault> {
        let number = self.value.as_u64().and_then(|number| usize::try_from(number).ok());
        number.map_or_else(|| self.expected("a count"), Ok)
    }

    /// Any string.
    pub(super) fn string(&self) -> Result<&'v str, Fault> {
        self.value.as_str().map_or_else(|| self.expected("a string"), Ok)
    }

    /// A string of bounded length without control characters.
    pub(super) fn word(&self) -> Result<&'v str, Fault> {
        let text = self.string()?;
        if text.len() > MAX_NAME_BYTES {
            let bytes = text.len();
            Err(self.fault(format!("a name of {bytes} bytes; at most {MAX_NAME_BYTES} are read")))
        } else if text.contains(char::is_control) {
            Err(self.fault("a name with a control character"))
        } else {
            Ok(text)
        }
    }

    /// A word that is not empty.
    pub(super) fn name(&self) -> Result<&'v str, Fault> {
        let name = self.word()?;
        if name.is_empty() { Err(self.fault("an empty name")) } else { Ok(name) }
    }

    /// Prose.
    pub(super) fn prose(&self) -> Result<&'v str, Fault> {
        let text = self.string()?;
        if text.len() > MAX_DOC_BYTES {
            let bytes = text.len();
            return Err(self.fault(format!(
                "a description of {bytes} bytes; at most {MAX_DOC_BYTES} are read"
            )));
        }
        Ok(text)
    }

    /// The word under a key, empty if there is none.
    pub(super) fn word_at(&self, key: &str) -> Result<&'v str, Fault> {
        self.get(key)?.map_or(Ok(""), |node| node.word())
    }

    /// The prose under a key, empty if there is none.
    pub(super) fn prose_at(&self, key: &str) -> Result<String, Fault> {
        self.get(key)?.map_or(Ok(String::new()), |node| node.prose().map(str::to_owned))
    }

    /// The flag under a key, false if there is none.
    pub(super) fn flag_at(&self, key: &str) -> Result<bool, Fault> {
        self.get(key)?.map_or(Ok(false), |node| node.boolean())
    }

    /// One of the words of a table.
    pub(super) fn one_of<T: Copy>(&self, table: &[(&str, T)]) -> Result<T, Fault> {
        let word = self.value.as_str();
        let entry = table.iter().find(|(name, _)| Some(*name) == word);
        entry.map_or_else(
            || {
                let names: Vec<_> = table.iter().map(|(name, _)| *name).collect();
                self.expected(&format!("one of {}", names.join(", ")))
            },
            |(_, value)| Ok(*value),
        )
    }
}

/// Sees to it that names stand once.
#[derive(Debug, Default)]
pub(super) struct Once<T: Ord>(BTreeSet<T>);

impl<T: Ord> Once<T> {
    pub(super) fn new() -> Self {
        Self(BTreeSet::new())
    }

    /// # Errors
    /// At `node`, if the name has been here; `noun` says what it names.
    pub(super) fn add(&mut self, name: T, node: &Node<'_, '_>, noun: &str) -> Result<(), Fault> {
        if self.0.insert(name) { Ok(()) } else { Err(node.fault(format!("{noun} stands twice"))) }
    }
}

/// How a value is called in "expected ..., found ...".
fn found(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the string {:?}", shortened(text)),
        Value::Array(_) => "an array".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

/// The start of a text, for messages.
pub(super) fn shortened(text: &str) -> String {
    let mut chars = text.chars();
    let mut start: String = chars.by_ref().take(SHOWN).collect();
    if chars.next().is_some() {
        start.push_str("...");
    }
    start
}
