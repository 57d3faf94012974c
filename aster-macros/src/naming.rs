//! Wire names: `rename_all` styles and the nearest-name suggestion.

/// A naming style for `rename_all`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Camel,
    Pascal,
    Snake,
    ScreamingSnake,
    Kebab,
    Lower,
    Upper,
}

/// The styles as users write them, in the order shown in messages.
const STYLES: [(&str, Style); 7] = [
    ("camelCase", Style::Camel),
    ("PascalCase", Style::Pascal),
    ("snake_case", Style::Snake),
    ("SCREAMING_SNAKE_CASE", Style::ScreamingSnake),
    ("kebab-case", Style::Kebab),
    ("lowercase", Style::Lower),
    ("UPPERCASE", Style::Upper),
];

impl Style {
    /// Reads a style, or says which ones exist.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        STYLES.iter().find(|(name, _)| *name == text).map(|(_, style)| *style).ok_or_else(|| {
            let names: Vec<_> = STYLES.iter().map(|(name, _)| format!("\"{name}\"")).collect();
            format!("unknown naming style \"{text}\"; use one of {}", names.join(", "))
        })
    }

    /// Applies the style to a Rust identifier (any of `snake_case`,
    /// `CamelCase`, with `r#` already removed).
    pub(crate) fn apply(self, ident: &str) -> String {
        let words = words(ident);
        match self {
            Self::Camel => words
                .iter()
                .enumerate()
                .map(|(i, w)| if i == 0 { w.clone() } else { capitalised(w) })
                .collect(),
            Self::Pascal => words.iter().map(|w| capitalised(w)).collect(),
            Self::Snake => words.join("_"),
            Self::ScreamingSnake => words.join("_").to_uppercase(),
            Self::Kebab => words.join("-"),
            Self::Lower => words.concat(),
            Self::Upper => words.concat().to_uppercase(),
        }
    }
}

/// Splits at underscores and before capitals that follow a lower-case letter
/// or digit; every word is lower-cased.
fn words(ident: &str) -> Vec<String> {
    let mut words = Vec::new();
    for part in ident.split('_').filter(|part| !part.is_empty()) {
        let mut word = String::new();
        let mut previous_small = false;
        for c in part.chars() {
            if c.is_uppercase() && previous_small {
                words.push(std::mem::take(&mut word));
            }
            previous_small = c.is_lowercase() || c.is_ascii_digit();
            word.extend(c.to_lowercase());
        }
        words.push(word);
    }
    words
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The name of `ident` without a raw prefix.
pub(crate) fn unraw(ident: &syn::Ident) -> String {
    let text = ident.to_string();
    text.strip_prefix("r#").map(str::to_owned).unwrap_or(text)
}

/// A name made from another, as in `GreeterClient`.
pub(crate) fn derived(ident: &syn::Ident, suffix: &str) -> syn::Ident {
    quote::format_ident!("{}{suffix}", unraw(ident), span = ident.span())
}

/// The candidate that `text` was probably meant to be.
pub(crate) fn nearest<'a>(text: &str, candidates: &[&'a str]) -> Option<&'a str> {
    candidates
        .iter()
        .map(|c| (strsim::damerau_levenshtein(text, c), *c))
        .filter(|(distance, c)| *distance <= 2.max(c.len() / 3))
        .min()
        .map(|(_, c)| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_apply_to_snake_and_camel_identifiers() {
        assert_eq!(Style::Camel.apply("get_status"), "getStatus");
        assert_eq!(Style::Camel.apply("GetStatus"), "getStatus");
        assert_eq!(Style::Pascal.apply("get_status"), "GetStatus");
        assert_eq!(Style::Snake.apply("getStatus2Now"), "get_status2_now");
        assert_eq!(Style::ScreamingSnake.apply("getStatus"), "GET_STATUS");
        assert_eq!(Style::Kebab.apply("get_status"), "get-status");
        assert_eq!(Style::Lower.apply("get_status"), "getstatus");
        assert_eq!(Style::Upper.apply("get_status"), "GETSTATUS");
    }

    #[test]
    fn an_unknown_style_lists_the_known_ones() {
        let message = Style::parse("camel").unwrap_err();
        assert!(message.contains("\"camelCase\""), "{message}");
    }

    #[test]
    fn a_near_name_is_suggested_and_a_far_one_is_not() {
        assert_eq!(nearest("timout", &["timeout", "name"]), Some("timeout"));
        assert_eq!(nearest("zzz", &["timeout", "name"]), None);
    }
}
