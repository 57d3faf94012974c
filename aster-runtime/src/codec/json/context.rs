//! State that travels along while JSON is read: limits, and the error with its
//! path.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::super::DecodeLimits;
use super::super::error::DecodeError;

/// What one JSON payload has used of its limits, and why reading it stopped.
///
/// The deserializer's own errors cannot carry a field path, so the real error
/// is kept here and the deserializer only learns that there was one.
#[derive(Debug)]
pub struct JsonContext {
    limits: DecodeLimits,
    depth: u32,
    items: usize,
    failure: Option<DecodeError>,
}

impl JsonContext {
    pub(crate) fn new(limits: &DecodeLimits) -> Self {
        Self { limits: *limits, depth: 0, items: 0, failure: None }
    }

    /// The kept error, or the deserializer's complaint about the syntax.
    pub(crate) fn into_error(self, error: &serde_json::Error) -> DecodeError {
        self.failure
            .unwrap_or_else(|| DecodeError::malformed(format!("the JSON text is broken: {error}")))
    }

    #[cold]
    pub(crate) fn fail<E: Error>(&mut self, error: DecodeError) -> E {
        self.failure = Some(error);
        E::custom("")
    }

    #[cold]
    pub(crate) fn mismatch<E: Error>(&mut self, expected: &str, found: &Token<'_>) -> E {
        self.fail(DecodeError::invalid(format!("expected {expected}, found {found}")))
    }

    /// Puts a field in front of the kept error's path.
    #[cold]
    pub(crate) fn in_field(&mut self, name: &str) {
        self.failure = self.failure.take().map(|error| error.in_field(name));
    }

    #[cold]
    pub(crate) fn in_item(&mut self, index: usize) {
        self.failure = self.failure.take().map(|error| error.in_item(index));
    }

    #[inline]
    pub(crate) fn enter<E: Error>(&mut self) -> Result<(), E> {
        if self.depth >= self.limits.max_depth {
            let max = self.limits.max_depth;
            return Err(self
                .fail(DecodeError::limit(format!("the payload nests deeper than {max} levels"))));
        }
        self.depth += 1;
        Ok(())
    }

    #[inline]
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }

    /// Charges one element against the limit.
    #[inline]
    pub(crate) fn item<E: Error>(&mut self) -> Result<(), E> {
        self.items += 1;
        if self.items > self.limits.max_items {
            let max = self.limits.max_items;
            return Err(self
                .fail(DecodeError::limit(format!("the payload holds more than {max} elements"))));
        }
        Ok(())
    }

    /// Reads a value without parts.
    pub(crate) fn token<'de, D: Deserializer<'de>>(
        &mut self,
        input: D,
        expected: &'static str,
    ) -> Result<Token<'de>, D::Error> {
        input.deserialize_any(TokenVisitor { cx: self, expected })
    }

    /// Reads a string and converts it.
    pub(crate) fn parse<'de, D: Deserializer<'de>, T>(
        &mut self,
        input: D,
        expected: &'static str,
        parse: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, D::Error> {
        let token = self.token(input, expected)?;
        let value = match &token {
            Token::String(text) => parse(text),
            _ => None,
        };
        value.ok_or_else(|| self.mismatch(expected, &token))
    }

    /// Reads a byte string: standard base64, with or without padding.
    pub(crate) fn base64<'de, D: Deserializer<'de>>(
        &mut self,
        input: D,
    ) -> Result<Vec<u8>, D::Error> {
        self.parse(input, "bytes as standard base64", |text| {
            let bare = text.trim_end_matches('=');
            let padded = text.len() % 4 == 0 && text.len() - bare.len() <= 2;
            if !padded && bare.len() != text.len() {
                return None;
            }
            data_encoding::BASE64_NOPAD.decode(bare.as_bytes()).ok()
        })
    }
}

/// A JSON value without parts; arrays and objects appear in messages only.
#[derive(Debug)]
pub(crate) enum Token<'de> {
    Null,
    Bool(bool),
    Unsigned(u64),
    /// Negative.
    Signed(i64),
    /// Has a fraction or exponent, or exceeds 64 bits.
    Float(f64),
    String(Cow<'de, str>),
    Array,
    Object,
}

/// How the value is called in "expected ..., found ...".
impl fmt::Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Unsigned(value) => write!(f, "the number {value}"),
            Self::Signed(value) => write!(f, "the number {value}"),
            Self::Float(value) => write!(f, "the number {value:?}"),
            Self::String(text) => {
                let short: String = text.chars().take(32).collect();
                let more = if short.len() < text.len() { "..." } else { "" };
                write!(f, "the string {short:?}{more}")
            }
            Self::Array => f.write_str("an array"),
            Self::Object => f.write_str("an object"),
        }
    }
}

struct TokenVisitor<'c> {
    cx: &'c mut JsonContext,
    expected: &'static str,
}

impl<'de> Visitor<'de> for TokenVisitor<'_> {
    type Value = Token<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_unit<E: Error>(self) -> Result<Token<'de>, E> {
        Ok(Token::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Token<'de>, E> {
        Ok(Token::Bool(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Token<'de>, E> {
        Ok(Token::Unsigned(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Token<'de>, E> {
        Ok(u64::try_from(value).map_or(Token::Signed(value), Token::Unsigned))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Token<'de>, E> {
        Ok(Token::Float(value))
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<Token<'de>, E> {
        Ok(Token::String(Cow::Borrowed(value)))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Token<'de>, E> {
        Ok(Token::String(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Token<'de>, A::Error> {
        Err(self.cx.mismatch(self.expected, &Token::Array))
    }

    fn visit_map<A: MapAccess<'de>>(self, _: A) -> Result<Token<'de>, A::Error> {
        Err(self.cx.mismatch(self.expected, &Token::Object))
    }
}
