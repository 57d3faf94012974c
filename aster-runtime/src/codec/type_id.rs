//! The type numbers that appear in schema hashes and in dynamic values.

pub(crate) const UNKNOWN: u8 = 0;
pub(crate) const BOOL: u8 = 1;
pub(crate) const INT8: u8 = 2;
pub(crate) const INT16: u8 = 3;
pub(crate) const FIXED_INT32: u8 = 4;
pub(crate) const INT32: u8 = 5;
pub(crate) const FIXED_INT64: u8 = 6;
pub(crate) const INT64: u8 = 7;
pub(crate) const UINT8: u8 = 9;
pub(crate) const UINT16: u8 = 10;
pub(crate) const FIXED_UINT32: u8 = 11;
pub(crate) const UINT32: u8 = 12;
pub(crate) const FIXED_UINT64: u8 = 13;
pub(crate) const UINT64: u8 = 14;
pub(crate) const FLOAT32: u8 = 19;
pub(crate) const FLOAT64: u8 = 20;
pub(crate) const STRING: u8 = 21;
pub(crate) const LIST: u8 = 22;
pub(crate) const SET: u8 = 23;
pub(crate) const MAP: u8 = 24;
pub(crate) const NAMED_ENUM: u8 = 26;
pub(crate) const NAMED_STRUCT: u8 = 29;
pub(crate) const NONE: u8 = 36;
pub(crate) const TIMESTAMP: u8 = 38;
pub(crate) const DATE: u8 = 39;
pub(crate) const BINARY: u8 = 41;

/// How a type is called in messages.
pub(crate) const fn name(id: u8) -> Option<&'static str> {
    Some(match id {
        BOOL => "a bool",
        INT8 | INT16 | FIXED_INT32 | INT32 | FIXED_INT64 | INT64 => "an integer",
        UINT8 | UINT16 | FIXED_UINT32 | UINT32 | FIXED_UINT64 | UINT64 => "an unsigned integer",
        FLOAT32 | FLOAT64 => "a float",
        STRING => "a string",
        LIST => "a list",
        SET => "a set",
        MAP => "a map",
        NAMED_ENUM => "an enum",
        NAMED_STRUCT => "a struct",
        NONE => "null",
        TIMESTAMP => "a timestamp",
        DATE => "a date",
        BINARY => "bytes",
        _ => return None,
    })
}
