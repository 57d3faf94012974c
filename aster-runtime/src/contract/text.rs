//! Types of fields and requirements as text, for manifests and people.

use std::fmt;
use std::str::FromStr;

use crate::codec::Scalar;
use crate::service;

use super::limits::{MAX_NAME_BYTES, MAX_TYPE_DEPTH, MAX_TYPE_TEXT_BYTES};
use super::{FieldType, Requirement};

/// The scalars by name.
const SCALARS: [(&str, Scalar); 15] = [
    ("bool", Scalar::Bool),
    ("i8", Scalar::I8),
    ("i16", Scalar::I16),
    ("i32", Scalar::I32),
    ("i64", Scalar::I64),
    ("u8", Scalar::U8),
    ("u16", Scalar::U16),
    ("u32", Scalar::U32),
    ("u64", Scalar::U64),
    ("f32", Scalar::F32),
    ("f64", Scalar::F64),
    ("string", Scalar::String),
    ("binary", Scalar::Binary),
    ("date", Scalar::Date),
    ("timestamp", Scalar::Timestamp),
];

/// The words that are no tags, beside the scalars.
const WORDS: [&str; 6] = ["any", "enum", "list", "map", "optional", "set"];

fn scalar(name: &str) -> Option<Scalar> {
    SCALARS.iter().find(|(word, _)| *word == name).map(|(_, scalar)| *scalar)
}

/// Whether the character ends a word.
fn ends_word(c: char) -> bool {
    matches!(c, '<' | '>' | ',' | '"') || c.is_whitespace()
}

/// A tag as part of a type: in quotes if it could be taken for something else.
struct Tag<'a>(&'a str);

impl fmt::Display for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(tag) = self;
        let reserved = scalar(tag).is_some() || WORDS.contains(tag);
        if !tag.is_empty() && !reserved && !tag.contains(ends_word) {
            return f.write_str(tag);
        }
        let escaped = tag.replace('\\', "\\\\").replace('"', "\\\"");
        write!(f, "\"{escaped}\"")
    }
}

/// The type as manifests write it:
///
/// | text | type |
/// |---|---|
/// | `bool` `i8` `i16` `i32` `i64` `u8` `u16` `u32` `u64` `f32` `f64` `string` `binary` `date` `timestamp` | a scalar |
/// | `ns/Tag` | a message; in quotes, with `\` before `"` and `\`, if the tag could be read as something else |
/// | `enum ns/Tag` | an enum |
/// | `list<T>` `set<T>` `map<K, V>` `optional<T>` | what contains them |
/// | `any` | a value that carries its type |
///
/// ```
/// use aster_runtime::contract::FieldType;
///
/// let ty: FieldType = "map<string, list<mission/LogEntry>>".parse()?;
/// assert_eq!(ty.to_string(), "map<string, list<mission/LogEntry>>");
/// # Ok::<(), aster_runtime::contract::InvalidFieldType>(())
/// ```
impl fmt::Display for FieldType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(scalar) => {
                let name = SCALARS.iter().find(|(_, other)| other == scalar);
                f.write_str(name.map_or("any", |(name, _)| name))
            }
            Self::Message(tag) => Tag(tag).fmt(f),
            Self::Enum(tag) => write!(f, "enum {}", Tag(tag)),
            Self::List(item) => write!(f, "list<{item}>"),
            Self::Set(item) => write!(f, "set<{item}>"),
            Self::Map(key, value) => write!(f, "map<{key}, {value}>"),
            Self::Optional(inner) => write!(f, "optional<{inner}>"),
            Self::Any => f.write_str("any"),
        }
    }
}

/// A text that is no type of a field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("at character {position}: {problem}")]
pub struct InvalidFieldType {
    /// Where, counted from 1.
    position: usize,
    problem: String,
}

impl FromStr for FieldType {
    type Err = InvalidFieldType;

    /// # Errors
    /// If the text is not of the form that [`Display`](fmt::Display) writes,
    /// longer than [`MAX_TYPE_TEXT_BYTES`] or deeper than [`MAX_TYPE_DEPTH`].
    fn from_str(text: &str) -> Result<Self, InvalidFieldType> {
        let mut parser = Parser { text, rest: text };
        if text.len() > MAX_TYPE_TEXT_BYTES {
            return Err(parser.error(format!(
                "the type has {} bytes; at most {MAX_TYPE_TEXT_BYTES} are read",
                text.len()
            )));
        }
        let ty = parser.field_type(1)?;
        parser.skip_spaces();
        if parser.rest.is_empty() {
            Ok(ty)
        } else {
            Err(parser.error("the type has ended, but text follows"))
        }
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn error(&self, problem: impl Into<String>) -> InvalidFieldType {
        let read = self.text.strip_suffix(self.rest).unwrap_or_default();
        InvalidFieldType { position: read.chars().count() + 1, problem: problem.into() }
    }

    fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn eat(&mut self, token: char) -> bool {
        self.skip_spaces();
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: char) -> Result<(), InvalidFieldType> {
        if self.eat(token) { Ok(()) } else { Err(self.error(format!("expected `{token}`"))) }
    }

    /// The text up to what no word contains; may be empty.
    fn word(&mut self) -> &'a str {
        let (word, rest) = self.rest.split_at(self.rest.find(ends_word).unwrap_or(self.rest.len()));
        self.rest = rest;
        word
    }

    fn field_type(&mut self, depth: usize) -> Result<FieldType, InvalidFieldType> {
        if depth > MAX_TYPE_DEPTH {
            return Err(self.error(format!("the type nests deeper than {MAX_TYPE_DEPTH} levels")));
        }
        self.skip_spaces();
        if self.rest.starts_with('"') {
            return self.tag().map(FieldType::Message);
        }
        let start = self.rest;
        let word = self.word();
        if let Some(scalar) = scalar(word) {
            return Ok(FieldType::Scalar(scalar));
        }
        match word {
            "any" => Ok(FieldType::Any),
            "enum" => self.tag().map(FieldType::Enum),
            "list" => self.inner(depth).map(FieldType::List),
            "set" => self.inner(depth).map(FieldType::Set),
            "optional" => self.inner(depth).map(FieldType::Optional),
            "map" => {
                self.expect('<')?;
                let key = self.field_type(depth + 1)?;
                self.expect(',')?;
                let value = self.field_type(depth + 1)?;
                self.expect('>')?;
                Ok(FieldType::Map(Box::new(key), Box::new(value)))
            }
            _ => {
                self.rest = start;
                self.tag().map(FieldType::Message)
            }
        }
    }

    fn inner(&mut self, depth: usize) -> Result<Box<FieldType>, InvalidFieldType> {
        self.expect('<')?;
        let inner = self.field_type(depth + 1)?;
        self.expect('>')?;
        Ok(Box::new(inner))
    }

    fn tag(&mut self) -> Result<String, InvalidFieldType> {
        self.skip_spaces();
        let start = self.rest;
        let tag = if let Some(quoted) = self.rest.strip_prefix('"') {
            self.quoted(quoted)?
        } else {
            self.word().to_owned()
        };
        let problem = if tag.is_empty() {
            "expected a type".to_owned()
        } else if tag.len() > MAX_NAME_BYTES {
            format!("the tag has {} bytes; at most {MAX_NAME_BYTES} are read", tag.len())
        } else if tag.contains(char::is_control) {
            "the tag holds a control character".to_owned()
        } else {
            return Ok(tag);
        };
        self.rest = start;
        Err(self.error(problem))
    }

    /// The tag after its opening quote.
    fn quoted(&mut self, text: &'a str) -> Result<String, InvalidFieldType> {
        let mut tag = String::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    self.rest = chars.as_str();
                    return Ok(tag);
                }
                '\\' => tag.extend(chars.next()),
                c => tag.push(c),
            }
        }
        Err(self.error("the quoted tag has no end"))
    }
}

/// As people say it: `admission`, `ops`, `any of ops, admin`,
/// `all of ops, admin`.
impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admitted => f.write_str("admission"),
            Self::Role(role) => f.write_str(role),
            Self::AnyOf(roles) => write!(f, "any of {}", roles.join(", ")),
            Self::AllOf(roles) => write!(f, "all of {}", roles.join(", ")),
        }
    }
}

impl From<service::Requirement> for Requirement {
    fn from(requirement: service::Requirement) -> Self {
        let owned = |roles: &[&str]| roles.iter().map(|&role| role.to_owned()).collect();
        match requirement {
            service::Requirement::Admitted => Self::Admitted,
            service::Requirement::Role(role) => Self::Role(role.to_owned()),
            service::Requirement::AnyOf(roles) => Self::AnyOf(owned(roles)),
            service::Requirement::AllOf(roles) => Self::AllOf(owned(roles)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn error(text: &str) -> String {
        text.parse::<FieldType>().unwrap_err().to_string()
    }

    #[test]
    fn every_form_is_read_and_written() {
        for text in [
            "bool",
            "timestamp",
            "any",
            "mission/LogEntry",
            "enum mission/Level",
            "optional<list<set<i64>>>",
            "map<string, map<i64, optional<t/Leaf>>>",
            "\"date\"",
            "enum \"a b\"",
            "list<\"odd<,>\\\"\\\\\">",
        ] {
            let ty: FieldType = text.parse().unwrap();
            assert_eq!(ty.to_string(), text);
        }
        let date: FieldType = "\"date\"".parse().unwrap();
        assert_eq!(date, FieldType::Message("date".into()));
        let spaced: FieldType = " map < string ,i64 > ".parse().unwrap();
        assert_eq!(spaced.to_string(), "map<string, i64>");
    }

    #[test]
    fn what_is_no_type_is_refused_with_its_place() {
        assert_eq!(error(""), "at character 1: expected a type");
        assert_eq!(error("list"), "at character 5: expected `<`");
        assert_eq!(error("list<>"), "at character 6: expected a type");
        assert_eq!(error("map<string>"), "at character 11: expected `,`");
        assert_eq!(error("list<i64"), "at character 9: expected `>`");
        assert_eq!(error("i64 i64"), "at character 5: the type has ended, but text follows");
        assert_eq!(error("enum"), "at character 5: expected a type");
        assert_eq!(error("\"a"), "at character 1: the quoted tag has no end");
        assert_eq!(error("t/a\u{7}"), "at character 1: the tag holds a control character");
        let long = "x".repeat(MAX_NAME_BYTES + 1);
        assert_eq!(error(&long), "at character 1: the tag has 256 bytes; at most 255 are read");
    }

    #[test]
    fn depth_and_length_are_bounded() {
        let nested = |levels: usize| format!("{}i64{}", "list<".repeat(levels), ">".repeat(levels));
        assert!(nested(MAX_TYPE_DEPTH - 1).parse::<FieldType>().is_ok());
        assert_eq!(
            error(&nested(MAX_TYPE_DEPTH)),
            "at character 161: the type nests deeper than 32 levels"
        );
        assert_eq!(
            error(&nested(100_000)),
            "at character 1: the type has 600003 bytes; at most 2048 are read"
        );
    }

    #[test]
    fn requirements_are_said_in_words() {
        let of = |requirement| Requirement::from(requirement).to_string();
        assert_eq!(of(service::Requirement::Admitted), "admission");
        assert_eq!(of(service::Requirement::Role("ops")), "ops");
        assert_eq!(of(service::Requirement::AnyOf(&["ops", "admin"])), "any of ops, admin");
        assert_eq!(of(service::Requirement::AllOf(&["ops", "admin"])), "all of ops, admin");
    }

    fn field_type() -> impl Strategy<Value = FieldType> {
        let scalars = SCALARS.map(|(_, scalar)| FieldType::Scalar(scalar));
        let leaf = prop_oneof![
            proptest::sample::select(scalars.to_vec()),
            "[ -~]{1,12}".prop_map(FieldType::Message),
            "[a-z]{1,4}(/[A-Z]{1,4})?".prop_map(FieldType::Enum),
            Just(FieldType::Any),
        ];
        leaf.prop_recursive(4, 16, 2, |inner| {
            let boxed = inner.prop_map(Box::new);
            prop_oneof![
                boxed.clone().prop_map(FieldType::List),
                boxed.clone().prop_map(FieldType::Set),
                boxed.clone().prop_map(FieldType::Optional),
                (boxed.clone(), boxed).prop_map(|(key, value)| FieldType::Map(key, value)),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(ty in field_type()) {
            prop_assert_eq!(ty.to_string().parse::<FieldType>(), Ok(ty));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a-z<>, \"\\\\]{0,40}") {
            if let Ok(ty) = text.parse::<FieldType>() {
                prop_assert_eq!(ty.to_string().parse::<FieldType>(), Ok(ty));
            }
        }
    }
}
