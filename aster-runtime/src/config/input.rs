//! One value as it was written, and the strict ways to read it.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use data_encoding::BASE64;
use toml::de::DeValue;

use super::text::excerpt;
use crate::address::Address;
use crate::identity::Identity;
use crate::trust::RootPublicKey;

/// Most paths in one list.
const MAX_PATHS: usize = 64;

/// What is wrong with a value and what to write instead.
pub(super) type Reason = String;

/// A value of the file or of the environment.
pub(super) struct Input<'a> {
    pub(super) written: Written<'a>,
    /// What `~` stands for.
    pub(super) home: Option<&'a Path>,
}

/// How it was written.
#[derive(Clone, Copy)]
pub(super) enum Written<'a> {
    /// In the file, whose directory relative paths start at.
    Toml { value: &'a DeValue<'a>, directory: &'a Path },
    /// In a variable, without the spaces around it.
    Variable(&'a str),
}

impl Input<'_> {
    /// Whether this is a variable that is set to nothing.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.written, Written::Variable(""))
    }

    /// `None` for an empty variable, for settings that one clears
    /// (trust.md 7).
    pub(super) fn optional<T>(
        &self,
        read: impl FnOnce(&Self) -> Result<T, Reason>,
    ) -> Result<Option<T>, Reason> {
        if self.is_empty() { Ok(None) } else { read(self).map(Some) }
    }

    pub(super) fn text(&self) -> Result<&str, Reason> {
        match self.written {
            Written::Variable("") => {
                Err("the variable is empty; unset it, or give it a value".to_owned())
            }
            Written::Variable(text) => Ok(text),
            Written::Toml { value, .. } => string(value),
        }
    }

    /// Exactly `true` or `false` in the file; the reference's words in a
    /// variable.
    pub(super) fn boolean(&self) -> Result<bool, Reason> {
        match self.written {
            Written::Toml { value: DeValue::Boolean(value), .. } => Ok(*value),
            Written::Toml { value, .. } => {
                Err(format!("expected true or false without quotes, found {}", kind(value)))
            }
            Written::Variable(_) => match self.text()?.to_ascii_lowercase().as_str() {
                "1" | "true" | "yes" | "on" => Ok(true),
                "0" | "false" | "no" | "off" => Ok(false),
                _ => Err(format!(
                    "expected true or false (or 1, 0, yes, no, on, off), found \"{}\"",
                    excerpt(self.text()?)
                )),
            },
        }
    }

    /// One of a few words: exact in the file, in any case in a variable.
    pub(super) fn word<T: Copy>(&self, words: &[(&str, T)]) -> Result<T, Reason> {
        let text = self.text()?;
        let same = |word: &str| match self.written {
            Written::Toml { .. } => word == text,
            Written::Variable(_) => word.eq_ignore_ascii_case(text),
        };
        words.iter().find(|(word, _)| same(word)).map(|(_, value)| *value).ok_or_else(|| {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            format!("expected one of {}, found \"{}\"", words.join(", "), excerpt(text))
        })
    }

    pub(super) fn number(&self) -> Result<u64, Reason> {
        let number = match self.written {
            Written::Toml { value: DeValue::Integer(value), .. } => {
                u64::from_str_radix(value.as_str(), value.radix()).ok()
            }
            Written::Toml { value, .. } => {
                return Err(format!("expected a number without quotes, found {}", kind(value)));
            }
            Written::Variable(_) => {
                let text = self.text()?;
                text.parse().ok().filter(|_| text.bytes().all(|b| b.is_ascii_digit()))
            }
        };
        number.ok_or_else(|| "expected a whole number, not below 0".to_owned())
    }

    pub(super) fn path(&self) -> Result<PathBuf, Reason> {
        self.expand(self.text()?)
    }

    /// A list of strings in the file; in a variable as in `PATH`.
    pub(super) fn paths(&self) -> Result<Vec<PathBuf>, Reason> {
        let texts: Vec<String> = match self.written {
            Written::Toml { value: DeValue::Array(array), .. } => array
                .iter()
                .map(|item| string(item.get_ref()).map(str::to_owned))
                .collect::<Result<_, _>>()?,
            Written::Toml { value, .. } => {
                return Err(format!("expected a list of strings, found {}", kind(value)));
            }
            Written::Variable(_) => std::env::split_paths(self.text()?)
                .map(|path| path.into_os_string().into_string().unwrap_or_default())
                .collect(),
        };
        if texts.len() > MAX_PATHS {
            return Err(format!("{} paths are too many; at most {MAX_PATHS}", texts.len()));
        }
        if texts.iter().any(String::is_empty) {
            return Err("one of the paths is empty".to_owned());
        }
        texts.iter().map(|text| self.expand(text)).collect()
    }

    fn expand(&self, text: &str) -> Result<PathBuf, Reason> {
        if let Some(rest) = text.strip_prefix('~') {
            let relative = rest.strip_prefix('/').or_else(|| rest.is_empty().then_some(""));
            let relative = relative.ok_or("only ~/ is known, not the home of another user")?;
            let home = self.home.ok_or("~ has no meaning here, because HOME is not set")?;
            return Ok(home.join(relative));
        }
        Ok(match self.written {
            Written::Toml { directory, .. } => directory.join(text),
            Written::Variable(_) => PathBuf::from(text),
        })
    }

    pub(super) fn socket(&self) -> Result<SocketAddr, Reason> {
        let text = self.text()?;
        text.parse().map_err(|_| {
            format!(
                "expected an address and port, as in 127.0.0.1:4433, found \"{}\"",
                excerpt(text)
            )
        })
    }

    /// The scheme and a host; the rest is seen when the endpoint is bound.
    pub(super) fn url(&self) -> Result<String, Reason> {
        let text = self.text()?;
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let host = rest.and_then(|rest| rest.split(['/', '?', '#']).next()).unwrap_or_default();
        let plain = text.bytes().all(|b| b.is_ascii_graphic());
        if host.is_empty() || host.starts_with(':') || host.contains('@') || !plain {
            return Err("expected a URL, as in https://relay.example.com".to_owned());
        }
        Ok(text.to_owned())
    }

    /// Not shown in the error: whoever mistakes the keys would show the
    /// private one.
    pub(super) fn root_key(&self) -> Result<RootPublicKey, Reason> {
        RootPublicKey::from_str(self.text()?).map_err(|error| error.to_string())
    }

    /// Base64 of the 32 bytes of a node's key.
    pub(super) fn secret_key(&self) -> Result<Identity, Reason> {
        let secret = BASE64.decode(self.text()?.as_bytes()).ok();
        let secret = secret.and_then(|bytes| bytes.try_into().ok());
        secret.map(Identity::from_secret).ok_or_else(|| "expected base64 of 32 bytes".to_owned())
    }

    /// The text of an address. It is kept whole: a ticket may carry a
    /// credential.
    pub(super) fn address(&self) -> Result<String, Reason> {
        let text = self.text()?;
        Address::from_str(text).map_err(|error| error.to_string())?;
        Ok(text.to_owned())
    }
}

fn string<'a>(value: &'a DeValue<'_>) -> Result<&'a str, Reason> {
    match value {
        DeValue::String(text) if text.is_empty() => {
            Err("the text is empty; leave the key out, or give it a value".to_owned())
        }
        DeValue::String(text) => Ok(text),
        other => Err(format!("expected a text in quotes, found {}", kind(other))),
    }
}

/// What a value is, without the value.
pub(super) fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text in quotes",
        DeValue::Integer(_) => "a number",
        DeValue::Float(_) => "a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
