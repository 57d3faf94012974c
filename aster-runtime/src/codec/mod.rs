//! The payload codec: typed values to bytes and back.

mod descriptor;
mod error;
mod layout;
mod limits;
mod meta_string;
mod murmur;
mod reader;
mod type_id;
mod writer;

pub use descriptor::{FieldDescriptor, Scalar, Shape, TypeDescriptor, TypeKind, VariantDescriptor};
pub use error::{DecodeError, DecodeErrorKind, EncodeError, EncodeErrorKind};
pub use limits::DecodeLimits;
pub use reader::Reader;
pub use writer::Writer;
