//! The outcome of a call: a code, a message for people, details for programs.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::codec::{DecodeError, DecodeErrorKind, EncodeError};

/// What kind of outcome a call had. The numbers are those on the wire
/// (`RpcStatus.code`): the seventeen codes of gRPC and one of Aster's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Code {
    /// Success.
    Ok = 0,
    /// The call was cancelled, usually by its caller.
    Cancelled = 1,
    /// An error without a better code, for example a handler that panicked.
    Unknown = 2,
    /// The request is wrong whatever state the server is in.
    InvalidArgument = 3,
    /// The deadline passed before the call was done.
    DeadlineExceeded = 4,
    /// Something named in the request does not exist.
    NotFound = 5,
    /// Something to be created exists already.
    AlreadyExists = 6,
    /// The caller is known and may not do this.
    PermissionDenied = 7,
    /// A limit or quota is used up.
    ResourceExhausted = 8,
    /// The request is fine, the state it needs is not there.
    FailedPrecondition = 9,
    /// A conflict with a concurrent operation.
    Aborted = 10,
    /// Past the valid range.
    OutOfRange = 11,
    /// No such method here.
    Unimplemented = 12,
    /// A promise inside the server was broken.
    Internal = 13,
    /// The peer cannot be reached now; trying again may help.
    Unavailable = 14,
    /// Data was lost or damaged.
    DataLoss = 15,
    /// The caller has not proved who it is.
    Unauthenticated = 16,
    /// The message does not fit the contract, for example a JSON field that
    /// the type does not have.
    ContractViolation = 101,
}

impl Code {
    const ALL: [Self; 18] = [
        Self::Ok,
        Self::Cancelled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
        Self::ContractViolation,
    ];

    /// The code with this wire number, if there is one.
    #[must_use]
    pub fn from_number(number: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|code| *code as i64 == number)
    }

    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> i64 {
        self as i64
    }

    /// The name in capitals, as in `NOT_FOUND`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Cancelled => "CANCELLED",
            Self::Unknown => "UNKNOWN",
            Self::InvalidArgument => "INVALID_ARGUMENT",
            Self::DeadlineExceeded => "DEADLINE_EXCEEDED",
            Self::NotFound => "NOT_FOUND",
            Self::AlreadyExists => "ALREADY_EXISTS",
            Self::PermissionDenied => "PERMISSION_DENIED",
            Self::ResourceExhausted => "RESOURCE_EXHAUSTED",
            Self::FailedPrecondition => "FAILED_PRECONDITION",
            Self::Aborted => "ABORTED",
            Self::OutOfRange => "OUT_OF_RANGE",
            Self::Unimplemented => "UNIMPLEMENTED",
            Self::Internal => "INTERNAL",
            Self::Unavailable => "UNAVAILABLE",
            Self::DataLoss => "DATA_LOSS",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::ContractViolation => "CONTRACT_VIOLATION",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a call failed. One pointer wide, cheap to return and to clone.
///
/// Code, message and details cross the wire. The [`source`](Error::source) is
/// kept for local logs and never sent.
///
/// ```
/// use aster_runtime::{Code, Status};
///
/// let status = Status::not_found("no agent edge-7").with_detail("agent_id", "edge-7");
/// assert_eq!(status.code(), Code::NotFound);
/// assert_eq!(status.to_string(), "NOT_FOUND: no agent edge-7");
/// ```
#[derive(Clone)]
pub struct Status(Box<Inner>);

#[derive(Clone)]
struct Inner {
    code: Code,
    message: String,
    details: Vec<(String, String)>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

macro_rules! constructors {
    ($($(#[$doc:meta])* $name:ident => $code:ident,)*) => {
        impl Status {
            $($(#[$doc])* #[must_use] pub fn $name(message: impl Into<String>) -> Self {
                Self::new(Code::$code, message)
            })*
        }
    };
}

constructors! {
    /// A [`Code::Cancelled`] status.
    cancelled => Cancelled,
    /// A [`Code::Unknown`] status.
    unknown => Unknown,
    /// A [`Code::InvalidArgument`] status.
    invalid_argument => InvalidArgument,
    /// A [`Code::DeadlineExceeded`] status.
    deadline_exceeded => DeadlineExceeded,
    /// A [`Code::NotFound`] status.
    not_found => NotFound,
    /// A [`Code::AlreadyExists`] status.
    already_exists => AlreadyExists,
    /// A [`Code::PermissionDenied`] status.
    permission_denied => PermissionDenied,
    /// A [`Code::ResourceExhausted`] status.
    resource_exhausted => ResourceExhausted,
    /// A [`Code::FailedPrecondition`] status.
    failed_precondition => FailedPrecondition,
    /// A [`Code::Aborted`] status.
    aborted => Aborted,
    /// A [`Code::OutOfRange`] status.
    out_of_range => OutOfRange,
    /// A [`Code::Unimplemented`] status.
    unimplemented => Unimplemented,
    /// A [`Code::Internal`] status.
    internal => Internal,
    /// A [`Code::Unavailable`] status.
    unavailable => Unavailable,
    /// A [`Code::DataLoss`] status.
    data_loss => DataLoss,
    /// A [`Code::Unauthenticated`] status.
    unauthenticated => Unauthenticated,
    /// A [`Code::ContractViolation`] status.
    contract_violation => ContractViolation,
}

impl Status {
    /// A status with this code and message.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { code, message: message.into(), details: Vec::new(), source: None }))
    }

    /// Hides `error` behind an [`Code::Internal`] status: the peer reads
    /// "internal error", the local log reads everything.
    #[must_use]
    pub fn hidden(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::internal("internal error").with_source(error)
    }

    /// Adds a detail: a key and a value that programs can read. Both cross
    /// the wire.
    #[must_use]
    pub fn with_detail(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.0.details.push((key.into(), value.into()));
        self
    }

    /// Keeps the cause for local logs. It is never sent to the peer.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(Arc::from(source.into()));
        self
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// All details in the order they were added.
    #[must_use]
    pub fn details(&self) -> &[(String, String)] {
        &self.0.details
    }

    /// The value of the first detail with this key.
    #[must_use]
    pub fn detail(&self, key: &str) -> Option<&str> {
        self.details().iter().find(|(k, _)| k == key).map(|(_, value)| value.as_str())
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.code)?;
        if !self.0.message.is_empty() {
            write!(f, ": {}", self.0.message)?;
        }
        Ok(())
    }
}

impl fmt::Debug for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Status")
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("details", &self.0.details)
            .field("source", &self.0.source)
            .finish()
    }
}

impl Error for Status {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|e| e as &(dyn Error + 'static))
    }
}

/// A handler's I/O failure is the server's own business: the peer reads
/// "internal error".
impl From<std::io::Error> for Status {
    fn from(error: std::io::Error) -> Self {
        Self::hidden(error)
    }
}

/// Any boxed error is hidden from the peer; see [`Status::hidden`].
impl From<Box<dyn Error + Send + Sync>> for Status {
    fn from(error: Box<dyn Error + Send + Sync>) -> Self {
        Self::hidden(error)
    }
}

impl From<std::convert::Infallible> for Status {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

impl From<DecodeError> for Status {
    fn from(error: DecodeError) -> Self {
        let code = match error.kind() {
            DecodeErrorKind::ContractViolation | DecodeErrorKind::SchemaMismatch => {
                Code::ContractViolation
            }
            DecodeErrorKind::LimitExceeded => Code::ResourceExhausted,
            _ => Code::InvalidArgument,
        };
        // The text says it all; a source would make it look like a secret.
        Self::new(code, error.to_string())
    }
}

impl From<EncodeError> for Status {
    fn from(error: EncodeError) -> Self {
        Self::internal(format!("cannot encode the message: {error}")).with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_its_number() {
        for code in Code::ALL {
            assert_eq!(Code::from_number(code.number()), Some(code));
        }
        assert_eq!(Code::from_number(17), None);
        assert_eq!(Code::from_number(-1), None);
        assert_eq!(Code::from_number(100), None);
    }

    #[test]
    fn a_hidden_error_keeps_its_text_out_of_the_message() {
        let status = Status::from(std::io::Error::other("password=hunter2"));
        assert_eq!(status.to_string(), "INTERNAL: internal error");
        assert!(status.source().is_some_and(|s| s.to_string().contains("hunter2")));
    }

    #[test]
    fn status_is_one_pointer_wide() {
        assert_eq!(size_of::<Result<(), Status>>(), size_of::<usize>());
    }
}
