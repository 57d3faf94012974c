//! Identifiers and file names from the names of a contract, which may be any
//! text.

use std::collections::BTreeSet;

use icu_normalizer::ComposingNormalizer;
use icu_properties::CodePointSetData;
use icu_properties::props::{XidContinue, XidStart};

/// Longest identifier made from a name, in characters.
const MAX_CHARS: usize = 80;

/// Names that Windows keeps for devices, whatever the extension.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// How the words of an identifier are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    /// `LogEntry`.
    Pascal,
    /// `logEntry`.
    Camel,
    /// `log_entry`.
    Snake,
    /// `LOG_ENTRY`.
    Screaming,
    /// As it is, as far as possible.
    Verbatim,
}

/// Whether an identifier may begin with `c`.
fn can_begin(c: char) -> bool {
    CodePointSetData::new::<XidStart>().contains(c)
}

/// Whether `c` may be in an identifier.
pub(super) fn can_continue(c: char) -> bool {
    CodePointSetData::new::<XidContinue>().contains(c)
}

/// The form in which Python compares identifiers.
fn normal(text: &str) -> String {
    ComposingNormalizer::new_nfkc().normalize(text).into_owned()
}

/// The words of a name: it is split where characters cannot be part of an
/// identifier, at underscores, and before capitals that begin a word.
fn words(name: &str) -> Vec<String> {
    let normal: Vec<char> = normal(name).chars().take(MAX_CHARS).collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (i, &c) in normal.iter().enumerate() {
        if c == '_' || !can_continue(c) {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = i.checked_sub(1).and_then(|i| normal.get(i));
        let small_before = before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit());
        let capital_before = before.is_some_and(|c| c.is_uppercase());
        let small_after = normal.get(i + 1).is_some_and(|c| c.is_lowercase());
        if c.is_uppercase() && (small_before || capital_before && small_after) {
            words.push(std::mem::take(&mut word));
        }
        word.push(c);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

/// An identifier of every language here: letters, digits and underscores,
/// normalised (Python compares NFKC forms, Rust NFC ones), and no keyword of
/// `keywords`. What cannot be one is left out; if nothing remains it is
/// `fallback`, which also goes before a leading digit.
pub(super) fn identifier(name: &str, case: Case, keywords: &[&str], fallback: &str) -> String {
    let words = words(name);
    let text = match case {
        Case::Pascal => {
            let shout = name.chars().any(|c| c == '_') && !name.chars().any(char::is_lowercase);
            let word = |word: &String| {
                if shout { capitalised(&word.to_lowercase()) } else { capitalised(word) }
            };
            words.iter().map(word).collect()
        }
        Case::Camel => {
            let word = |(i, word): (usize, &String)| {
                let small = word.to_lowercase();
                if i == 0 { small } else { capitalised(&small) }
            };
            words.iter().enumerate().map(word).collect()
        }
        Case::Snake => words.join("_").to_lowercase(),
        Case::Screaming => words.join("_").to_uppercase(),
        Case::Verbatim => {
            let keep = |c| if can_continue(c) { c } else { '_' };
            let text: String = normal(name).chars().take(MAX_CHARS).map(keep).collect();
            text.trim_start_matches('_').to_owned()
        }
    };
    // A changed case may have another normal form.
    let mut text: String =
        normal(&text).chars().filter(|c| *c == '_' || can_continue(*c)).collect();
    match text.chars().next() {
        None => fallback.clone_into(&mut text),
        Some(c) if !can_begin(c) => text.insert_str(0, fallback),
        Some(_) => {}
    }
    if keywords.contains(&text.as_str()) {
        text.push('_');
    }
    text
}

/// Whether `name` itself is an identifier in `language`s that compare normal
/// forms, and no keyword.
pub(super) fn is_identifier(name: &str, keywords: &[&str]) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c == '_' || can_begin(c))
        && chars.all(can_continue)
        && normal(name) == name
        && name != "_"
        && !keywords.contains(&name)
}

/// A file or directory name: lower-case ASCII letters and digits with
/// `separator` between words, so that it is no path and the same on systems
/// that ignore case.
pub(super) fn file_stem(name: &str, separator: char, fallback: &str) -> String {
    let ascii: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect();
    let mut stem = words(&ascii).join(&separator.to_string()).to_lowercase();
    if !stem.starts_with(|c: char| c.is_ascii_lowercase()) {
        let begin = if stem.is_empty() { String::new() } else { separator.to_string() };
        stem.insert_str(0, &format!("{fallback}{begin}"));
    }
    let device = |prefix: &str| {
        stem.strip_prefix(prefix).is_some_and(|rest| matches!(rest.as_bytes(), [b'0'..=b'9']))
    };
    if DEVICES.contains(&stem.as_str()) || device("com") || device("lpt") {
        stem.push(separator);
        stem.push_str(fallback);
    }
    stem
}

/// Names that are taken in one scope.
#[derive(Debug, Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    /// A scope that has these names already.
    pub(super) fn with(names: &[&str]) -> Self {
        Self(names.iter().map(|name| (*name).to_owned()).collect())
    }

    /// `name`, or the first of `name2`, `name3`, ... that is free; it is taken
    /// from then on.
    pub(super) fn take(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut number = 2;
        while !self.0.insert(free.clone()) {
            free = format!("{name}{number}");
            number += 1;
        }
        free
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, pascal: &str, camel: &str, snake: &str) {
        assert_eq!(identifier(name, Case::Pascal, &[], "T"), pascal);
        assert_eq!(identifier(name, Case::Camel, &[], "t"), camel);
        assert_eq!(identifier(name, Case::Snake, &[], "t"), snake);
    }

    #[test]
    fn identifiers_are_made_of_the_words() {
        check("getStatus", "GetStatus", "getStatus", "get_status");
        check("log_entry", "LogEntry", "logEntry", "log_entry");
        check("HTTPServer2Go", "HTTPServer2Go", "httpServer2Go", "http_server2_go");
        check("VERY_LOUD", "VeryLoud", "veryLoud", "very_loud");
        check("OK", "OK", "ok", "ok");
        check("agent-id (old)", "AgentIdOld", "agentIdOld", "agent_id_old");
        check("Größe", "Größe", "größe", "größe");
        check("2fast", "T2fast", "t2fast", "t2fast");
        check("", "T", "t", "t");
        check("\u{202e}*/\n", "T", "t", "t");
    }

    #[test]
    fn equal_normal_forms_are_one_identifier() {
        let composed = identifier("Caf\u{e9}", Case::Verbatim, &[], "x");
        assert_eq!(identifier("Cafe\u{301}", Case::Verbatim, &[], "x"), composed);
        let mut taken = Taken::default();
        assert_eq!(taken.take(composed.clone()), composed);
        assert_eq!(taken.take(composed.clone()), format!("{composed}2"));
    }

    #[test]
    fn keywords_get_an_underscore() {
        assert_eq!(identifier("class", Case::Verbatim, &["class"], "x"), "class_");
        assert_eq!(identifier("__init__", Case::Verbatim, &[], "x"), "init__");
        assert!(is_identifier("größe", &[]));
        assert!(!is_identifier("class", &["class"]));
        assert!(!is_identifier("ﬁeld", &[]));
        assert!(!is_identifier("a-b", &[]));
    }

    #[test]
    fn file_names_stay_in_their_directory() {
        assert_eq!(file_stem("MissionControl", '_', "service"), "mission_control");
        assert_eq!(file_stem("MissionControl", '-', "service"), "mission-control");
        assert_eq!(file_stem("../../etc/passwd", '_', "service"), "etc_passwd");
        assert_eq!(file_stem("/", '_', "service"), "service");
        assert_eq!(file_stem("9", '_', "service"), "service_9");
        assert_eq!(file_stem("CON", '_', "service"), "con_service");
        assert_eq!(file_stem("Com7", '_', "service"), "com7_service");
    }
}
