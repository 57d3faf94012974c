//! Texts of people, as they may be shown to people.

use std::path::Path;

/// Most characters of a foreign text in a message.
const MAX_SHOWN_CHARS: usize = 64;

/// The text with control characters escaped, so that a terminal only prints it.
pub(super) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// A path for messages.
pub(super) fn printable_path(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

/// The beginning of a text, for messages.
pub(super) fn excerpt(text: &str) -> String {
    let mut shown: String = text.chars().take(MAX_SHOWN_CHARS).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    printable(&shown)
}

/// The name that `text` was probably meant to be.
pub(super) fn nearest(
    text: &str,
    names: impl IntoIterator<Item = &'static str>,
) -> Option<&'static str> {
    let short: String = text.chars().take(MAX_SHOWN_CHARS).collect();
    names
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&short, name), name))
        .filter(|(distance, name)| *distance <= 2.max(name.len() / 3))
        .min()
        .map(|(_, name)| name)
}
