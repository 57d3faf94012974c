//! Frames: the unit of everything on an `aster/1` stream.
//!
//! A frame is a length (u32, little-endian, counting what follows), one byte
//! of flags, and the payload. A length of zero and one above the limit are
//! errors. This module is pure, as is the one that reads them, `decoder`: bytes
//! in, frames out.

use bytes::{BufMut, Bytes, BytesMut};

/// Bytes before the payload: length and flags.
pub(crate) const FRAME_HEADER_BYTES: usize = 5;

/// Bytes of a frame's length field.
pub(crate) const LENGTH_BYTES: usize = 4;

/// The flag byte of a frame. Bits are tested one by one; 0x40 and 0x80 are
/// written as zero and ignored on reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Flags(pub(crate) u8);

impl Flags {
    /// A plain request or response message.
    pub(crate) const DATA: Self = Self(0);
    /// The payload of a data frame is zstd-compressed.
    pub(crate) const COMPRESSED: Self = Self(0x01);
    /// The payload is a status: it ends a call, or the input of one.
    pub(crate) const TRAILER: Self = Self(0x02);
    /// The payload is a stream header: the first frame of every stream.
    pub(crate) const HEADER: Self = Self(0x04);
    /// A schema blob of the reference's ROW mode; never used.
    pub(crate) const ROW_SCHEMA: Self = Self(0x08);
    /// The payload is a call header; session streams only.
    pub(crate) const CALL: Self = Self(0x10);
    /// Cancels the running call; empty payload; session streams only.
    pub(crate) const CANCEL: Self = Self(0x20);

    /// Whether all bits of `other` are set.
    #[must_use]
    pub(crate) const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// The flag byte.
    pub flags: Flags,
    /// The payload as it came, still compressed if [`Flags::COMPRESSED`] is
    /// set.
    pub payload: Bytes,
}

impl Frame {
    #[must_use]
    pub(crate) fn view(&self) -> FrameView<'_> {
        FrameView { flags: self.flags, payload: &self.payload }
    }
}

/// A frame where it lies: in a reader's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct FrameView<'a> {
    pub flags: Flags,
    /// See [`Frame::payload`].
    pub payload: &'a [u8],
}

/// Why a byte stream is not a sequence of frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum FrameError {
    /// A length of zero: a frame has at least its flag byte.
    #[error("received a frame of length zero; a frame holds at least its flag byte")]
    Empty,
    /// The length is above the limit in force.
    #[error("frame of {length} bytes exceeds the maximum of {max}")]
    TooLarge {
        /// The length announced.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// The stream ended inside a frame.
    #[error("the stream ended inside a frame ({missing} bytes missing)")]
    Truncated {
        /// How many bytes were still to come, as far as known.
        missing: usize,
    },
}

/// A payload that does not fit into a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("message of {payload} bytes exceeds the maximum of {max}; send it in parts as a stream")]
pub(crate) struct PayloadTooLarge {
    /// The payload's size.
    pub payload: usize,
    /// The largest payload that fits.
    pub max: usize,
}

/// Appends a frame with this payload.
///
/// # Errors
/// [`PayloadTooLarge`] if the payload does not fit under `max_frame`; nothing
/// is appended then.
pub(crate) fn put_frame(
    out: &mut BytesMut,
    flags: Flags,
    payload: &[u8],
    max_frame: usize,
) -> Result<(), PayloadTooLarge> {
    let length = checked_length(payload.len(), max_frame)?;
    out.reserve(FRAME_HEADER_BYTES + payload.len());
    out.put_u32_le(length);
    out.put_u8(flags.0);
    out.put_slice(payload);
    Ok(())
}

#[inline]
fn checked_length(payload: usize, max_frame: usize) -> Result<u32, PayloadTooLarge> {
    let too_large = PayloadTooLarge { payload, max: max_frame.saturating_sub(1) };
    if payload >= max_frame {
        return Err(too_large);
    }
    u32::try_from(payload + 1).map_err(|_| too_large)
}

/// A frame whose payload is written straight into the output buffer: open it,
/// append the payload, close it.
#[derive(Debug)]
pub(crate) struct OpenFrame {
    start: usize,
}

impl OpenFrame {
    /// Appends a frame header to be completed by [`close`](Self::close).
    #[inline]
    #[must_use]
    pub(crate) fn new(out: &mut BytesMut, flags: Flags) -> Self {
        let start = out.len();
        out.put_slice(&[0, 0, 0, 0, flags.0]);
        Self { start }
    }

    /// Everything appended since [`new`](Self::new) becomes the payload.
    ///
    /// # Errors
    /// [`PayloadTooLarge`]; the unfinished frame is removed from `out` then.
    #[inline]
    pub(crate) fn close(self, out: &mut BytesMut, max_frame: usize) -> Result<(), PayloadTooLarge> {
        let payload = out.len().saturating_sub(self.start + FRAME_HEADER_BYTES);
        match checked_length(payload, max_frame) {
            Ok(length) => {
                if let Some(mut field) = out.get_mut(self.start..self.start + LENGTH_BYTES) {
                    field.put_u32_le(length);
                }
                Ok(())
            }
            Err(error) => {
                self.abandon(out);
                Err(error)
            }
        }
    }

    /// Removes the unfinished frame from `out`.
    pub(crate) fn abandon(self, out: &mut BytesMut) {
        out.truncate(self.start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payload_that_fills_the_limit_passes_and_one_more_byte_does_not() {
        let mut out = BytesMut::new();
        put_frame(&mut out, Flags::DATA, &[7; 99], 100).unwrap();
        assert_eq!(
            put_frame(&mut out, Flags::DATA, &[7; 100], 100),
            Err(PayloadTooLarge { payload: 100, max: 99 })
        );
        let open = OpenFrame::new(&mut out, Flags::DATA);
        out.extend_from_slice(&[7; 100]);
        assert!(open.close(&mut out, 100).is_err());
        assert_eq!(out.len(), 104, "the failed frame is gone");
    }
}
