//! What a credential says about its holder.

use std::collections::{BTreeMap, btree_map};
use std::fmt;

use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::capabilities::Capabilities;

/// Most attributes in one credential.
pub const MAX_ATTRIBUTES: usize = 64;

/// Longest attribute name, in bytes.
pub const MAX_ATTRIBUTE_KEY_BYTES: usize = 256;

/// Longest attribute value, in bytes.
pub const MAX_ATTRIBUTE_VALUE_BYTES: usize = 4096;

/// Most bytes of one credential's attributes, names and values together. In
/// the widest encoding they still fit an admission request.
pub const MAX_ATTRIBUTES_BYTES: usize = 8192;

/// The attribute that lists the capabilities.
pub const ROLE_ATTRIBUTE: &str = "aster.role";

/// The attribute with a name for people.
pub const NAME_ATTRIBUTE: &str = "aster.name";

/// What the names of attributes about a cloud identity begin with.
const CLOUD_IDENTITY_PREFIX: &str = "aster.iid_";

/// Named texts, signed as part of a credential. Names that begin with
/// `aster.` have a meaning of their own (trust.md 2.3).
///
/// ```
/// use aster_runtime::trust::Attributes;
/// let mut attributes = Attributes::new();
/// attributes.insert("aster.role", "ops.status,ops.logs")?;
/// attributes.insert("site", "north")?;
/// assert!(attributes.capabilities().contains("ops.logs"));
/// assert_eq!(
///     attributes.canonical_json(),
///     r#"{"aster.role":"ops.status,ops.logs","site":"north"}"#
/// );
/// # Ok::<(), aster_runtime::trust::InvalidAttributes>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Attributes {
    map: BTreeMap<String, String>,
    #[serde(skip)]
    bytes: usize,
}

impl Attributes {
    /// No attributes.
    #[must_use]
    pub const fn new() -> Self {
        Self { map: BTreeMap::new(), bytes: 0 }
    }

    /// Adds an attribute that is not there yet.
    ///
    /// # Errors
    /// A name that is taken, or more than a credential may hold.
    pub fn insert(
        &mut self,
        key: impl Into<String>,
        value: impl Into<String>,
    ) -> Result<(), InvalidAttributes> {
        let (key, value) = (key.into(), value.into());
        if key.len() > MAX_ATTRIBUTE_KEY_BYTES {
            return Err(InvalidAttributes::KeyTooLong);
        }
        if value.len() > MAX_ATTRIBUTE_VALUE_BYTES {
            return Err(InvalidAttributes::ValueTooLong);
        }
        let bytes = self.bytes + key.len() + value.len();
        if self.map.len() == MAX_ATTRIBUTES || bytes > MAX_ATTRIBUTES_BYTES {
            return Err(InvalidAttributes::TooMany);
        }
        match self.map.entry(key) {
            btree_map::Entry::Occupied(_) => Err(InvalidAttributes::Duplicate),
            btree_map::Entry::Vacant(entry) => {
                entry.insert(value);
                self.bytes = bytes;
                Ok(())
            }
        }
    }

    /// The value of an attribute.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.map.get(key).map(String::as_str)
    }

    /// All attributes, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.map.iter().map(|(key, value)| (key.as_str(), value.as_str()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// The capabilities in `aster.role`.
    #[must_use]
    pub fn capabilities(&self) -> Capabilities {
        Capabilities::from_role(self.get(ROLE_ATTRIBUTE).unwrap_or_default())
    }

    /// The name for people, `aster.name`.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.get(NAME_ATTRIBUTE)
    }

    /// The form that is signed: JSON without spaces, sorted by name, UTF-8
    /// with as few escapes as JSON allows (trust.md 2.2).
    #[must_use]
    pub fn canonical_json(&self) -> String {
        #[expect(clippy::expect_used, reason = "a map of texts is always JSON")]
        serde_json::to_string(&self.map).expect("texts are JSON")
    }

    /// The first attribute about a cloud identity, if there is one.
    pub(crate) fn cloud_identity(&self) -> Option<&str> {
        let mut keys = self.map.keys().map(String::as_str);
        keys.find(|key| key.starts_with(CLOUD_IDENTITY_PREFIX))
    }
}

/// Why attributes are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidAttributes {
    /// There would be too many, or too much in them.
    #[error("a credential holds at most {MAX_ATTRIBUTES} attributes, {MAX_ATTRIBUTES_BYTES} bytes")]
    TooMany,
    /// A name is too long.
    #[error("an attribute's name has at most {MAX_ATTRIBUTE_KEY_BYTES} bytes")]
    KeyTooLong,
    /// A value is too long.
    #[error("an attribute's value has at most {MAX_ATTRIBUTE_VALUE_BYTES} bytes")]
    ValueTooLong,
    /// The same name twice.
    #[error("an attribute is there twice")]
    Duplicate,
}

/// Strict: an object whose values are texts, no name twice.
impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Attributes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("attributes, an object whose values are texts")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attributes, A::Error> {
                let mut attributes = Attributes::new();
                while let Some((key, value)) = map.next_entry::<String, String>()? {
                    attributes.insert(key, value).map_err(de::Error::custom)?;
                }
                Ok(attributes)
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<Attributes, String> {
        serde_json::from_str(json).map_err(|error: serde_json::Error| error.to_string())
    }

    #[test]
    fn a3_only_texts_and_no_name_twice() {
        assert_eq!(parse("{}"), Ok(Attributes::new()));
        let one = parse(r#"{"a":"1"}"#).unwrap();
        assert_eq!((one.get("a"), one.get("b"), one.len()), (Some("1"), None, 1));
        assert!(!one.is_empty() && Attributes::new().is_empty());
        assert_eq!(one.iter().collect::<Vec<_>>(), [("a", "1")]);
        for bad in [
            "null",
            "[]",
            "\"a\"",
            r#"{"a":1}"#,
            r#"{"a":null}"#,
            r#"{"a":true}"#,
            r#"{"a":["x"]}"#,
            r#"{"a":{"b":"c"}}"#,
            r#"{"a":"1","a":"1"}"#,
            r#"{"a":"1","\u0061":"2"}"#,
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse("null").unwrap_err().contains("an object whose values are texts"));
        assert!(parse(r#"{"a":"1","a":"2"}"#).unwrap_err().contains("twice"));
    }

    #[test]
    fn the_bounds_hold_exactly() {
        let mut most = Attributes::new();
        for index in 0..MAX_ATTRIBUTES {
            most.insert(format!("{index}"), "").unwrap();
        }
        assert_eq!(most.insert("more", ""), Err(InvalidAttributes::TooMany));
        assert_eq!(most.len(), MAX_ATTRIBUTES);

        let mut one = Attributes::new();
        let (key, value) = ("k".repeat(MAX_ATTRIBUTE_KEY_BYTES), "v".repeat(4096));
        assert_eq!(one.insert(format!("{key}k"), ""), Err(InvalidAttributes::KeyTooLong));
        assert_eq!(one.insert("k", format!("{value}v")), Err(InvalidAttributes::ValueTooLong));
        one.insert(&key, &value).unwrap();
        assert_eq!(one.insert(&key, ""), Err(InvalidAttributes::Duplicate));
        let rest = MAX_ATTRIBUTES_BYTES - key.len() - value.len() - 1;
        assert_eq!(one.insert("a", "v".repeat(rest + 1)), Err(InvalidAttributes::TooMany));
        one.insert("a", "v".repeat(rest)).unwrap();
        assert_eq!(one.insert("", "v"), Err(InvalidAttributes::TooMany));
        one.insert("", "").unwrap();
    }

    #[test]
    fn reserved_names_are_found() {
        let with = |key: &str| {
            let mut attributes = Attributes::new();
            attributes.insert(key, "x").unwrap();
            attributes
        };
        assert_eq!(with("aster.iid_provider").cloud_identity(), Some("aster.iid_provider"));
        assert_eq!(with("aster.iid_anything").cloud_identity(), Some("aster.iid_anything"));
        assert_eq!(with("aster.iid").cloud_identity(), None);
        assert_eq!(with("aster.name").name(), Some("x"));
        assert_eq!(with("name").name(), None);
        assert!(with("aster.role").capabilities().contains("x"));
        assert!(!with("role").capabilities().contains("x"));
    }
}
