//! What belongs to names that are known before the first lookup.

use std::cmp::Ordering;

/// Values by name, sorted: a lookup compares a few lengths and one or two
/// names. Its keys are the program's, so no peer can make it slow, and it needs
/// no hash that resists them.
#[derive(Debug)]
pub(super) struct NameMap<T>(Vec<(&'static str, T)>);

impl<T> Default for NameMap<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> NameMap<T> {
    fn position(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| order(known, name))
    }

    /// The value of a name.
    pub(super) fn get(&self, name: &str) -> Option<&T> {
        let (_, value) = self.0.get(self.position(name).ok()?)?;
        Some(value)
    }

    /// The value of a name, to be changed.
    pub(super) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let position = self.position(name).ok()?;
        let (_, value) = self.0.get_mut(position)?;
        Some(value)
    }

    /// Puts a value in, unless the name has one.
    pub(super) fn insert(&mut self, name: &'static str, value: T) {
        if let Err(position) = self.position(name) {
            self.0.insert(position, (name, value));
        }
    }
}

/// Lengths first: they differ mostly, and cost nothing to compare.
fn order(known: &str, name: &str) -> Ordering {
    known.len().cmp(&name.len()).then_with(|| known.cmp(name))
}

impl<T> FromIterator<(&'static str, T)> for NameMap<T> {
    fn from_iter<I: IntoIterator<Item = (&'static str, T)>>(values: I) -> Self {
        let mut values: Vec<_> = values.into_iter().collect();
        values.sort_by(|(a, _), (b, _)| order(a, b));
        // Of equal names the first stays.
        values.dedup_by(|(later, _), (first, _)| later == first);
        Self(values)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_and_no_other() {
        let names = ["", "b", "a", "ab", "ba", "echo", "Echo", "getStatus", "echo2"];
        let map: NameMap<usize> = names.into_iter().zip(0..).collect();
        for (n, name) in names.into_iter().enumerate() {
            assert_eq!(map.get(name), Some(&n));
        }
        for other in ["c", "aa", "ech", "echo ", "ECHO", "getStatuss"] {
            assert_eq!(map.get(other), None);
        }
    }

    #[test]
    fn the_first_value_of_a_name_stays() {
        let mut map: NameMap<_> = [("b", 1), ("a", 2), ("b", 3)].into_iter().collect();
        assert_eq!((map.get("a"), map.get("b")), (Some(&2), Some(&1)));
        map.insert("b", 4);
        map.insert("c", 5);
        *map.get_mut("c").unwrap() += 10;
        assert_eq!((map.get("b"), map.get("c")), (Some(&1), Some(&15)));
        assert_eq!(map.get_mut("d"), None);
    }
}
