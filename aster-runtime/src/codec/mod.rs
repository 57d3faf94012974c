//! The payload codec: typed values to bytes and back.
//!
//! A payload is one message in one of two encodings: [`Encoding::Xlang`], the
//! compact binary one that Python peers also speak, and [`Encoding::Json`] for
//! callers without the types. `#[wire_type]` makes a struct a message.
//!
//! ```
//! use aster_runtime::codec::{DecodeLimits, Encoding, decode, encode};
//!
//! # mod aster { pub use aster_macros::wire_type; }
//! #[aster::wire_type("mission/StatusResponse")]
//! #[derive(Debug, PartialEq)]
//! struct StatusResponse {
//!     agent_id: String,
//!     #[wire(default = "idle")]
//!     status: String,
//!     uptime_secs: i64,
//! }
//!
//! let status = StatusResponse {
//!     agent_id: "edge-1".into(),
//!     status: "running".into(),
//!     uptime_secs: 3600,
//! };
//! let mut payload = bytes::BytesMut::new();
//! encode(Encoding::Xlang, &status, &mut payload)?;
//! assert_eq!(payload.len(), 44);
//!
//! let limits = DecodeLimits::default();
//! let back: StatusResponse = decode(Encoding::Xlang, &payload, &limits)?;
//! assert_eq!(back, status);
//!
//! let partial: StatusResponse = decode(Encoding::Json, br#"{"agent_id":"x"}"#, &limits)?;
//! assert_eq!(partial.status, "idle");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod descriptor;
mod error;
mod field;
mod json;
mod layout;
mod limits;
mod map;
mod message;
mod meta_string;
mod murmur;
mod reader;
mod scalar;
mod sequence;
mod text;
mod type_id;
mod value;
mod wire_value;
mod writer;

use bytes::BytesMut;

pub use descriptor::{FieldDescriptor, Scalar, Shape, TypeDescriptor, TypeKind, VariantDescriptor};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
pub(crate) use layout::precedes;
pub use limits::DecodeLimits;
pub use reader::Reader;
pub use value::Value;
pub use wire_value::{MapKey, WireType, WireValue};
pub use writer::Writer;

/// How payloads are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// The compact binary encoding. Both sides need the same type.
    #[default]
    Xlang,
    /// JSON text. The receiver fills in missing fields.
    Json,
}

/// Appends the payload of `value` to `out`.
///
/// # Errors
/// The value nests deeper than [`DecodeLimits::MAX_DEPTH`] or has no form in
/// the encoding, such as NaN in JSON. `out` is then as it was before.
pub fn encode<T: WireType>(
    encoding: Encoding,
    value: &T,
    out: &mut BytesMut,
) -> Result<(), EncodeError> {
    let start = out.len();
    let result = match encoding {
        Encoding::Xlang => message::write_root(value, &mut Writer::new(out)),
        Encoding::Json => value.write_json(&mut json::JsonWriter::new(out)),
    };
    if result.is_err() {
        out.truncate(start);
    }
    result
}

/// Reads a payload, which must hold exactly one `T`.
///
/// # Errors
/// The payload is broken, holds something else, or exceeds `limits`; see
/// [`DecodeErrorKind`]. The message is written for the person who sent it.
pub fn decode<T: WireType>(
    encoding: Encoding,
    payload: &[u8],
    limits: &DecodeLimits,
) -> Result<T, DecodeError> {
    match encoding {
        Encoding::Xlang => message::read_root(&mut Reader::new(payload, limits)),
        Encoding::Json => json::decode(payload, limits),
    }
}

/// What the code of `#[wire_type]` names.
#[doc(hidden)]
pub mod generated {
    pub use super::field::{Field, NotAField, is_wire_type};
    pub use super::json::{JsonContext, JsonWriter};
    pub use super::layout::{schema_hash, wire_order};
    pub use super::message::*;
    pub use super::meta_string::{TypeHead, head_bytes, head_len};
    pub use super::reader::TypeInfo;
    pub use super::wire_value::WireEnum;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The runtime's own messages are declared with the macro too.
    #[aster_macros::wire_type("_aster/CallHeader", rename_all = "camelCase", crate = crate)]
    struct CallHeader {
        method: String,
        call_id: String,
        deadline_epoch_ms: i64,
        metadata_keys: Vec<String>,
        metadata_values: Vec<String>,
    }

    #[test]
    fn the_macro_works_inside_the_runtime() {
        const HASH: u32 = <CallHeader as WireType>::HEAD.schema_hash;
        assert_eq!(HASH, 0x7986_2571);
        assert_eq!(CallHeader::FIELDS.len(), 5);
    }
}
