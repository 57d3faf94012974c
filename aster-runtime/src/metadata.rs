//! Key-value pairs that travel with a call, next to its message.

use std::fmt;

use crate::limits::Limits;
use crate::status::Status;

/// The metadata of a call. Order is kept; a key set twice holds the last
/// value.
///
/// ```
/// use aster_runtime::Metadata;
/// let mut metadata = Metadata::new();
/// metadata.insert("tenant", "acme");
/// assert_eq!(metadata.get("tenant"), Some("acme"));
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Metadata(Vec<(String, String)>);

/// The keys: a value may be a token.
impl fmt::Debug for Metadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(key, _)| key)).finish()
    }
}

impl Metadata {
    /// No entries.
    #[must_use]
    pub const fn new() -> Self {
        Self(Vec::new())
    }

    /// Sets `key` to `value`.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<String>) {
        let key = key.into();
        let value = value.into();
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// The value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter().find(|(k, _)| *k == key).map(|(_, value)| value)
    }

    /// All entries in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(k, v)| (k.as_str(), v.as_str()))
    }

    /// Number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Builds metadata from the two parallel lists of the wire. Entries of the
    /// longer list without a partner are dropped, as the reference does.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED when a limit is exceeded; nothing is cut silently.
    pub fn from_wire<K, V>(keys: Vec<K>, values: Vec<V>, limits: &Limits) -> Result<Self, Status>
    where
        K: Into<String> + AsRef<str>,
        V: Into<String> + AsRef<str>,
    {
        if keys.len() > limits.max_metadata_entries {
            return Err(Status::resource_exhausted(format!(
                "{} metadata entries exceed the maximum of {}",
                keys.len(),
                limits.max_metadata_entries
            )));
        }
        let mut metadata = Self(Vec::with_capacity(keys.len()));
        let mut bytes = 0usize;
        for (key, value) in keys.into_iter().zip(values) {
            let (k, v) = (key.as_ref().len(), value.as_ref().len());
            bytes = bytes.saturating_add(k).saturating_add(v);
            if k > limits.max_metadata_key_bytes
                || v > limits.max_metadata_value_bytes
                || bytes > limits.max_metadata_bytes
            {
                return Err(Status::resource_exhausted(format!(
                    "metadata exceeds {} bytes a key, {} a value or {} in all",
                    limits.max_metadata_key_bytes,
                    limits.max_metadata_value_bytes,
                    limits.max_metadata_bytes
                )));
            }
            metadata.insert(key, value);
        }
        Ok(metadata)
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for Metadata {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut metadata = Self::new();
        for (key, value) in entries {
            metadata.insert(key, value);
        }
        metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_of_two_equal_keys_wins_and_odd_ends_are_dropped() {
        let metadata =
            Metadata::from_wire(vec!["a", "a", "b", "c"], vec!["1", "2", "3"], &Limits::default())
                .unwrap();
        assert_eq!(metadata.iter().collect::<Vec<_>>(), [("a", "2"), ("b", "3")]);
    }

    #[test]
    fn a39_each_limit_is_enforced_at_its_edge() {
        let limits = Limits::default();
        let read = |entries: usize, key: usize, value: usize| {
            let keys: Vec<_> = (0..entries).map(|i| format!("{i:0key$}")).collect();
            let values = vec!["v".repeat(value); entries];
            Metadata::from_wire(keys, values, &limits).is_ok()
        };
        assert!(read(64, 2, 1) && !read(65, 2, 1));
        assert!(read(1, 256, 1) && !read(1, 257, 1));
        assert!(read(1, 1, 4096) && !read(1, 1, 4097));
        assert!(read(2, 1, 4095) && !read(2, 2, 4096));
    }
}
