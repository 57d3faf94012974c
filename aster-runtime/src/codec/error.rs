//! Why a payload could not be read or written.

use std::fmt;

/// What is wrong with a payload, for mapping to a status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum DecodeErrorKind {
    /// The bytes are truncated or do not follow the format.
    Malformed,
    /// The payload holds a value of another type than the one asked for.
    WrongType,
    /// The type's name matches but its fields differ on the two sides.
    SchemaMismatch,
    /// The payload exceeds a [`DecodeLimits`](super::DecodeLimits) bound.
    LimitExceeded,
    /// A JSON object has a field that the type does not have.
    ContractViolation,
    /// A JSON value has the wrong type or is out of range.
    InvalidValue,
}

/// A payload that could not be decoded.
///
/// One pointer wide, so that `Result<T, DecodeError>` stays small.
pub struct DecodeError(Box<DecodeFailure>);

#[derive(Debug)]
struct DecodeFailure {
    kind: DecodeErrorKind,
    message: String,
    path: Path,
    field: Option<String>,
}

impl DecodeError {
    /// Makes an error of `kind`; `message` is what [`Display`](fmt::Display) shows.
    #[cold]
    pub fn new(kind: DecodeErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(DecodeFailure {
            kind,
            message: message.into(),
            path: Path::default(),
            field: None,
        }))
    }

    #[cold]
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::new(DecodeErrorKind::Malformed, message)
    }

    #[cold]
    pub(crate) fn truncated(wanted: usize, left: usize) -> Self {
        Self::malformed(format!(
            "the payload ends early: {wanted} more bytes are announced and {left} are left"
        ))
    }

    #[cold]
    pub(crate) fn limit(message: impl Into<String>) -> Self {
        Self::new(DecodeErrorKind::LimitExceeded, message)
    }

    #[cold]
    pub(crate) fn wrong_type(message: impl Into<String>) -> Self {
        Self::new(DecodeErrorKind::WrongType, message)
    }

    #[cold]
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(DecodeErrorKind::InvalidValue, message)
    }

    #[cold]
    pub(crate) fn unknown_field(field: &str, message: String) -> Self {
        let mut error = Self::new(DecodeErrorKind::ContractViolation, message);
        error.0.field = Some(field.to_owned());
        error
    }

    /// What went wrong, as a category.
    pub fn kind(&self) -> DecodeErrorKind {
        self.0.kind
    }

    /// Where in the value it went wrong, such as `points[3].tags.host`; empty
    /// for the value as a whole.
    pub fn path(&self) -> &str {
        &self.0.path.0
    }

    /// The name of the field that the type does not have, for
    /// [`DecodeErrorKind::ContractViolation`].
    pub fn unknown_field_name(&self) -> Option<&str> {
        self.0.field.as_deref()
    }

    /// Puts a struct field in front of the path, while the error travels up.
    #[cold]
    #[doc(hidden)]
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        self.0.path.push_field(name);
        self
    }

    #[cold]
    pub(crate) fn in_item(mut self, index: usize) -> Self {
        self.0.path.push_item(index);
        self
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.path.prefix(f)?;
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DecodeError")
            .field("kind", &self.0.kind)
            .field("path", &self.0.path.0)
            .field("message", &self.0.message)
            .finish()
    }
}

impl std::error::Error for DecodeError {}

/// What is wrong with a value that was to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EncodeErrorKind {
    /// The value nests deeper than receivers accept.
    TooDeep,
    /// The value has no form in the chosen encoding, such as NaN in JSON.
    Unrepresentable,
}

/// A value that could not be encoded. One pointer wide.
pub struct EncodeError(Box<EncodeFailure>);

#[derive(Debug)]
struct EncodeFailure {
    kind: EncodeErrorKind,
    message: String,
    path: Path,
}

impl EncodeError {
    /// Makes an error of `kind`; `message` is what [`Display`](fmt::Display) shows.
    #[cold]
    pub fn new(kind: EncodeErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(EncodeFailure { kind, message: message.into(), path: Path::default() }))
    }

    #[cold]
    pub(crate) fn too_deep(max: u32) -> Self {
        Self::new(
            EncodeErrorKind::TooDeep,
            format!(
                "the value nests deeper than {max} levels; receivers reject that, so flatten it"
            ),
        )
    }

    #[cold]
    pub(crate) fn unrepresentable(message: impl Into<String>) -> Self {
        Self::new(EncodeErrorKind::Unrepresentable, message)
    }

    /// What went wrong, as a category.
    pub fn kind(&self) -> EncodeErrorKind {
        self.0.kind
    }

    /// Where in the value, such as `points[3].value`.
    pub fn path(&self) -> &str {
        &self.0.path.0
    }

    /// Puts a struct field in front of the path, while the error travels up.
    #[cold]
    #[doc(hidden)]
    #[must_use]
    pub fn in_field(mut self, name: &str) -> Self {
        self.0.path.push_field(name);
        self
    }

    #[cold]
    pub(crate) fn in_item(mut self, index: usize) -> Self {
        self.0.path.push_item(index);
        self
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.path.prefix(f)?;
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EncodeError")
            .field("kind", &self.0.kind)
            .field("path", &self.0.path.0)
            .field("message", &self.0.message)
            .finish()
    }
}

impl std::error::Error for EncodeError {}

/// A place in a value. Segments are put in front while an error travels up,
/// so success pays nothing. The length is capped: names come from the peer.
#[derive(Debug, Default)]
struct Path(String);

impl Path {
    const MAX_LEN: usize = 512;
    const MAX_SEGMENT: usize = 64;

    fn push_field(&mut self, name: &str) {
        let mut end = name.len().min(Self::MAX_SEGMENT);
        while !name.is_char_boundary(end) {
            end -= 1;
        }
        let segment = name.get(..end).unwrap_or_default();
        let joint = if self.0.is_empty() || self.0.starts_with('[') { "" } else { "." };
        self.push(&format!("{}{joint}", segment.escape_debug()));
    }

    fn push_item(&mut self, index: usize) {
        let joint = if self.0.is_empty() || self.0.starts_with('[') { "" } else { "." };
        self.push(&format!("[{index}]{joint}"));
    }

    fn push(&mut self, segment: &str) {
        if self.0.len() + segment.len() <= Self::MAX_LEN {
            self.0.insert_str(0, segment);
        }
    }

    fn prefix(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() { Ok(()) } else { write!(f, "field `{}`: ", self.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_reads_from_the_outside_in() {
        let error = DecodeError::invalid("expected a string, found a number")
            .in_field("host")
            .in_field("tags")
            .in_item(3)
            .in_field("points");
        assert_eq!(error.path(), "points[3].tags.host");
        assert_eq!(
            error.to_string(),
            "field `points[3].tags.host`: expected a string, found a number"
        );
    }

    #[test]
    fn errors_are_one_pointer_wide() {
        assert_eq!(size_of::<DecodeError>(), size_of::<usize>());
        assert_eq!(size_of::<Result<(), EncodeError>>(), size_of::<usize>());
    }
}
