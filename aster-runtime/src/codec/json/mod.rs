//! The JSON form of payloads: compact objects with the wire names in declared
//! order. Byte strings are base64, dates and timestamps are ISO 8601, enums are
//! the names of their variants, map keys are strings.

mod context;
mod visitor;
mod writer;

pub use context::JsonContext;
pub(crate) use context::Token;
pub(crate) use visitor::{
    find_variant, next_field, read_array, read_enum, read_object, read_option, read_struct,
    read_value, read_vec,
};
pub use writer::JsonWriter;

use super::DecodeLimits;
use super::error::DecodeError;
use super::wire_value::WireType;

/// Decodes one message; nothing but white space may follow it.
pub(crate) fn decode<T: WireType>(payload: &[u8], limits: &DecodeLimits) -> Result<T, DecodeError> {
    let mut input = serde_json::Deserializer::from_slice(payload);
    let mut cx = JsonContext::new(limits);
    T::read_json(&mut input, &mut cx)
        .and_then(|value| input.end().map(|()| value))
        .map_err(|error| cx.into_error(&error))
}
