//! What profiles are called.

use std::fmt;
use std::str::FromStr;

/// Longest name, in bytes.
const MAX_NAME_BYTES: usize = 64;

/// The name of a profile: letters, digits, `-` and `_`. The reference writes
/// names into its file as they are, so no other name is safe there (trust.md
/// 13, B13); and none of these leads out of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ProfileName(String);

impl ProfileName {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ProfileName {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let sound = (1..=MAX_NAME_BYTES).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if sound {
            Ok(Self(text.to_owned()))
        } else {
            Err(format!(
                "{text:?} is no name for a profile: 1 to {MAX_NAME_BYTES} of the letters a-z and \
                 A-Z, digits, - and _"
            ))
        }
    }
}

impl fmt::Display for ProfileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b13_names_need_no_quotes_and_lead_nowhere() {
        for name in ["prod", "a", "A-1_b", &"x".repeat(64)] {
            assert_eq!(name.parse::<ProfileName>().unwrap().as_str(), name);
        }
        for name in
            ["", "a b", "a.b", "..", "a/b", "a\"b", "a]\n[x", "\u{e9}", "a\0", &"x".repeat(65)]
        {
            assert!(name.parse::<ProfileName>().is_err(), "{name:?}");
        }
    }
}
