//! One message as it travels: encoded, framed, compressed if agreed.

use std::borrow::Cow;
use std::io::Read;

use bytes::{BufMut, BytesMut};

use crate::codec::{self, DecodeLimits, Encoding, WireType};
use crate::frame::{Flags, FrameView, OpenFrame, PayloadTooLarge};
use crate::limits::{Limits, MAX_FRAME_BYTES};
use crate::status::Status;

/// zstd level of the reference.
const COMPRESSION_LEVEL: i32 = 3;

impl Limits {
    /// The part that the codec looks at.
    #[must_use]
    pub fn decode_limits(&self) -> DecodeLimits {
        DecodeLimits { max_depth: self.max_depth, max_items: self.max_items }
    }
}

/// How the messages of one call are written and read.
#[derive(Clone, Debug)]
pub(crate) struct MessageFormat {
    encoding: Encoding,
    decode: DecodeLimits,
    max_frame: usize,
    max_message: usize,
    compress_above: Option<usize>,
}

impl MessageFormat {
    /// The format for calls in `encoding` under `limits`.
    #[must_use]
    pub(crate) fn new(encoding: Encoding, limits: &Limits) -> Self {
        Self {
            encoding,
            decode: limits.decode_limits(),
            max_frame: limits.max_frame_bytes.min(MAX_FRAME_BYTES),
            max_message: limits.max_message_bytes,
            // JSON peers of the reference do not all read compressed frames.
            compress_above: limits.compress_above.filter(|_| encoding == Encoding::Xlang),
        }
    }

    /// The encoding of messages and trailers.
    #[must_use]
    pub(crate) fn encoding(&self) -> Encoding {
        self.encoding
    }

    /// The largest frame written or read.
    #[must_use]
    pub(crate) fn max_frame(&self) -> usize {
        self.max_frame
    }

    /// Appends `message` as one data frame.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED for a message that no frame holds, INTERNAL for one
    /// that has no wire form. Nothing is appended then.
    pub(crate) fn put<T: WireType>(&self, message: &T, out: &mut BytesMut) -> Result<(), Status> {
        self.put_with(out, |out| codec::encode(self.encoding, message, out).map_err(Status::from))
    }

    /// Appends a data frame whose payload is this JSON text.
    ///
    /// # Errors
    /// RESOURCE_EXHAUSTED for a text that no frame holds.
    pub(crate) fn put_json(
        &self,
        value: &serde_json::Value,
        out: &mut BytesMut,
    ) -> Result<(), Status> {
        self.put_with(out, |out| {
            serde_json::to_writer(out.writer(), value)
                .map_err(|error| Status::internal(format!("cannot write JSON: {error}")))
        })
    }

    fn put_with(
        &self,
        out: &mut BytesMut,
        encode: impl FnOnce(&mut BytesMut) -> Result<(), Status>,
    ) -> Result<(), Status> {
        let start = out.len();
        let frame = OpenFrame::new(out, Flags::DATA);
        if let Err(status) = encode(out) {
            frame.abandon(out);
            return Err(status);
        }
        let payload = out.len() - start - crate::frame::FRAME_HEADER_BYTES;
        if self.compress_above.is_some_and(|threshold| payload > threshold) {
            let plain = out.split_off(start + crate::frame::FRAME_HEADER_BYTES);
            let packed = zstd::bulk::compress(&plain, COMPRESSION_LEVEL)
                .map_err(|error| Status::internal(format!("cannot compress: {error}")))?;
            frame.abandon(out);
            return crate::frame::put_frame(out, Flags::COMPRESSED, &packed, self.max_frame)
                .map_err(too_large);
        }
        frame.close(out, self.max_frame).map_err(too_large)
    }

    /// Reads the message in a data frame.
    ///
    /// A payload that begins with `{` is JSON whatever the header announced:
    /// typed clients of the reference send such calls to services that offer
    /// JSON only.
    ///
    /// # Errors
    /// See [`codec::decode`]; RESOURCE_EXHAUSTED for a message that inflates
    /// beyond the limit.
    pub(crate) fn read<T: WireType>(&self, frame: FrameView<'_>) -> Result<T, Status> {
        let payload = self.payload(frame)?;
        Ok(codec::decode(encoding_of(&payload), &payload, &self.decode)?)
    }

    /// Reads the JSON value in a data frame.
    ///
    /// # Errors
    /// DATA_LOSS if the payload is not JSON.
    pub(crate) fn read_json(&self, frame: FrameView<'_>) -> Result<serde_json::Value, Status> {
        let payload = self.payload(frame)?;
        serde_json::from_slice(&payload)
            .map_err(|error| Status::data_loss(format!("the peer sent malformed JSON: {error}")))
    }

    #[inline]
    fn payload<'a>(&self, frame: FrameView<'a>) -> Result<Cow<'a, [u8]>, Status> {
        if frame.flags.has(Flags::COMPRESSED) {
            return decompress(frame.payload, self.max_message).map(Cow::Owned);
        }
        if frame.payload.len() > self.max_message {
            return Err(message_too_large(frame.payload.len(), self.max_message));
        }
        Ok(Cow::Borrowed(frame.payload))
    }
}

/// JSON messages are objects; no XLANG message begins with this byte.
#[inline]
#[must_use]
pub(crate) fn encoding_of(payload: &[u8]) -> Encoding {
    if payload.first() == Some(&b'{') { Encoding::Json } else { Encoding::Xlang }
}

#[cold]
fn message_too_large(length: usize, max: usize) -> Status {
    Status::resource_exhausted(format!("message of {length} bytes exceeds the maximum of {max}"))
}

#[cold]
fn too_large(error: PayloadTooLarge) -> Status {
    Status::resource_exhausted(error.to_string())
}

/// Inflates in steps, so that memory follows what really comes out and never
/// what the compressed bytes claim.
fn decompress(payload: &[u8], max: usize) -> Result<Vec<u8>, Status> {
    let bad = |error: std::io::Error| {
        Status::invalid_argument(format!("the compressed message cannot be read: {error}"))
    };
    let reader = zstd::stream::read::Decoder::with_buffer(payload).map_err(bad)?;
    let mut out = Vec::new();
    reader.take(max as u64 + 1).read_to_end(&mut out).map_err(bad)?;
    if out.len() > max {
        return Err(Status::resource_exhausted(format!(
            "a compressed message inflates beyond the maximum of {max} bytes"
        )));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::Code;

    #[test]
    fn b7_a33_a_bomb_stops_at_the_limit() {
        let bomb = zstd::bulk::compress(&vec![0u8; 64 * 1024 * 1024], 19).unwrap();
        assert!(bomb.len() < 10_000);
        assert_eq!(decompress(&bomb, 1 << 20).unwrap_err().code(), Code::ResourceExhausted);
        assert_eq!(decompress(b"no zstd", 100).unwrap_err().code(), Code::InvalidArgument);
        let exact = zstd::bulk::compress(&[7u8; 100], 3).unwrap();
        assert_eq!(decompress(&exact, 100).unwrap().len(), 100);
        assert_eq!(decompress(&exact, 99).unwrap_err().code(), Code::ResourceExhausted);
    }

    #[test]
    fn several_zstd_frames_and_the_reference_text_inflate() {
        // 5000 times 'a', made by the reference.
        let reference = [
            0x28, 0xb5, 0x2f, 0xfd, 0x60, 0x88, 0x12, 0x4d, 0x00, 0x00, 0x10, 0x61, 0x61, 0x01,
            0x00, 0x83, 0xd3, 0x03, 0x2c,
        ];
        assert_eq!(decompress(&reference, 5000).unwrap(), vec![b'a'; 5000]);
        let mut two = reference.to_vec();
        two.extend(reference);
        assert_eq!(decompress(&two, 10_000).unwrap(), vec![b'a'; 10_000]);
    }
}
