//! Frames: the unit of everything on an `aster/1` stream.
//!
//! A frame is a length (u32, little-endian, counting what follows), one byte
//! of flags, and the payload. A length of zero and one above the limit are
//! errors. This module is pure: bytes in, frames out.

use bytes::{Buf, BufMut, Bytes, BytesMut};

/// Bytes before the payload: length and flags.
pub(crate) const FRAME_HEADER_BYTES: usize = 5;

const LENGTH_BYTES: usize = 4;

/// The flag byte of a frame. Bits are tested one by one; 0x40 and 0x80 are
/// written as zero and ignored on reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Flags(u8);

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
    #[must_use]
    pub(crate) fn new(out: &mut BytesMut, flags: Flags) -> Self {
        let start = out.len();
        out.put_u32_le(0);
        out.put_u8(flags.0);
        Self { start }
    }

    /// Everything appended since [`new`](Self::new) becomes the payload.
    ///
    /// # Errors
    /// [`PayloadTooLarge`]; the unfinished frame is removed from `out` then.
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

/// Cuts a byte stream into frames.
///
/// A frame that lies within one chunk is handed out without copying. A frame
/// spread over chunks is collected in a buffer that grows with what arrived,
/// never with what the length field promises.
#[derive(Debug)]
pub(crate) struct FrameDecoder {
    /// What of the newest chunk has not been consumed.
    chunk: Bytes,
    /// The beginning of a frame that was spread over chunks.
    partial: BytesMut,
    max_frame: usize,
}

impl FrameDecoder {
    /// A decoder that refuses frames longer than `max_frame` (length field).
    #[must_use]
    pub(crate) fn new(max_frame: usize) -> Self {
        Self { chunk: Bytes::new(), partial: BytesMut::new(), max_frame }
    }

    /// Adds bytes. Take all frames out with [`next_frame`](Self::next_frame)
    /// before adding more, or they are copied.
    pub(crate) fn push(&mut self, chunk: Bytes) {
        if self.chunk.is_empty() {
            self.chunk = chunk;
        } else {
            self.partial.extend_from_slice(&self.chunk);
            self.chunk = chunk;
        }
    }

    /// The next complete frame, or `None` when more bytes are needed.
    ///
    /// # Errors
    /// [`FrameError`]; the decoder must not be used after that.
    pub(crate) fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        if self.partial.is_empty() {
            let Some(length) = self.length(&self.chunk)? else {
                self.stash(LENGTH_BYTES);
                return Ok(None);
            };
            if self.chunk.len() < LENGTH_BYTES + length {
                self.stash(usize::MAX);
                return Ok(None);
            }
            self.chunk.advance(LENGTH_BYTES);
            let body = self.chunk.split_to(length);
            return Ok(Some(frame_of(body)));
        }
        self.fill(LENGTH_BYTES);
        let Some(length) = self.length(&self.partial)? else {
            return Ok(None);
        };
        let total = LENGTH_BYTES + length;
        self.fill(total);
        if self.partial.len() < total {
            return Ok(None);
        }
        self.partial.advance(LENGTH_BYTES);
        let body = self.partial.split_to(length).freeze();
        if self.partial.is_empty() {
            // Let go of the large buffer of an exceptional frame.
            self.partial = BytesMut::new();
        }
        Ok(Some(frame_of(body)))
    }

    /// Bytes collected for a frame that was spread over chunks.
    pub(crate) fn collected(&self) -> usize {
        self.partial.len()
    }

    /// Checks that the stream may end here.
    ///
    /// # Errors
    /// [`FrameError::Truncated`] inside a frame.
    pub(crate) fn finish(&self) -> Result<(), FrameError> {
        let have = self.partial.len() + self.chunk.len();
        if have == 0 {
            return Ok(());
        }
        let known = self.length(&self.partial).ok().flatten();
        let missing = known.map_or(1, |length| (LENGTH_BYTES + length).saturating_sub(have));
        Err(FrameError::Truncated { missing })
    }

    fn length(&self, bytes: &[u8]) -> Result<Option<usize>, FrameError> {
        let Some(field) = bytes.first_chunk::<LENGTH_BYTES>() else {
            return Ok(None);
        };
        let length = u32::from_le_bytes(*field) as usize;
        if length == 0 {
            return Err(FrameError::Empty);
        }
        if length > self.max_frame {
            return Err(FrameError::TooLarge { length, max: self.max_frame });
        }
        Ok(Some(length))
    }

    /// Moves an incomplete frame out of the chunk.
    fn stash(&mut self, at_most: usize) {
        let n = self.chunk.len().min(at_most);
        self.partial.extend_from_slice(&self.chunk.split_to(n));
    }

    /// Tops `partial` up to `total` bytes from the chunk, as far as it goes.
    fn fill(&mut self, total: usize) {
        let n = total.saturating_sub(self.partial.len());
        self.stash(n);
    }
}

fn frame_of(mut body: Bytes) -> Frame {
    // `length()` refused zero, so the flag byte is there.
    let bits = body.first().copied().unwrap_or_default();
    body.advance(body.len().min(1));
    Frame { flags: Flags(bits), payload: body }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::MAX_FRAME_BYTES;
    use proptest::prelude::*;

    fn decode_all(bytes: &[u8], cut: &[usize]) -> Result<Vec<Frame>, FrameError> {
        let mut decoder = FrameDecoder::new(MAX_FRAME_BYTES);
        let mut frames = Vec::new();
        let mut rest = Bytes::copy_from_slice(bytes);
        let mut cuts = cut.iter();
        while !rest.is_empty() {
            let n = cuts.next().map_or(rest.len(), |n| (*n).clamp(1, rest.len()));
            decoder.push(rest.split_to(n));
            while let Some(frame) = decoder.next_frame()? {
                frames.push(frame);
            }
        }
        decoder.finish()?;
        Ok(frames)
    }

    #[test]
    fn a31_zero_and_oversized_lengths_are_errors() {
        assert_eq!(decode_all(&[0, 0, 0, 0], &[]), Err(FrameError::Empty));
        assert!(matches!(
            decode_all(&[0xff, 0xff, 0xff, 0xff], &[]),
            Err(FrameError::TooLarge { .. })
        ));
        let just_over = (MAX_FRAME_BYTES as u32 + 1).to_le_bytes();
        assert!(matches!(decode_all(&just_over, &[]), Err(FrameError::TooLarge { .. })));
    }

    #[test]
    fn a_stream_may_end_only_between_frames() {
        let mut out = BytesMut::new();
        put_frame(&mut out, Flags::DATA, b"hello", 100).unwrap();
        for n in 1..out.len() {
            assert!(matches!(decode_all(&out[..n], &[]), Err(FrameError::Truncated { .. })));
        }
        assert!(decode_all(&[], &[]).unwrap().is_empty());
    }

    #[test]
    fn a31_a_promised_length_reserves_nothing() {
        let mut decoder = FrameDecoder::new(MAX_FRAME_BYTES);
        decoder.push(Bytes::copy_from_slice(&(MAX_FRAME_BYTES as u32).to_le_bytes()));
        assert_eq!(decoder.next_frame(), Ok(None));
        decoder.push(Bytes::from_static(&[0, 1]));
        assert_eq!(decoder.next_frame(), Ok(None));
        assert!(decoder.partial.capacity() < 1024);
    }

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

    #[test]
    fn a_whole_frame_in_one_chunk_is_not_copied() {
        let mut out = BytesMut::new();
        put_frame(&mut out, Flags::DATA, b"payload", 100).unwrap();
        let chunk = out.freeze();
        let mut decoder = FrameDecoder::new(100);
        decoder.push(chunk.clone());
        let frame = decoder.next_frame().unwrap().unwrap();
        assert_eq!(frame.payload.as_ptr(), chunk[5..].as_ptr());
    }

    proptest! {
        #[test]
        fn frames_survive_any_chunking(
            frames in proptest::collection::vec(
                (any::<u8>(), proptest::collection::vec(any::<u8>(), 0..300)), 0..12),
            cuts in proptest::collection::vec(1usize..40, 0..60),
        ) {
            let mut out = BytesMut::new();
            for (i, (bits, payload)) in frames.iter().enumerate() {
                if i % 2 == 0 {
                    put_frame(&mut out, Flags(*bits), payload, MAX_FRAME_BYTES).unwrap();
                } else {
                    let open = OpenFrame::new(&mut out, Flags(*bits));
                    out.extend_from_slice(payload);
                    open.close(&mut out, MAX_FRAME_BYTES).unwrap();
                }
            }
            let decoded = decode_all(&out, &cuts).unwrap();
            let expected: Vec<_> = frames.iter().map(|(bits, payload)| Frame {
                flags: Flags(*bits),
                payload: Bytes::copy_from_slice(payload),
            }).collect();
            prop_assert_eq!(decoded, expected);
        }

        #[test]
        fn any_bytes_end_in_frames_or_an_error(
            bytes in proptest::collection::vec(any::<u8>(), 0..200),
            cuts in proptest::collection::vec(1usize..9, 0..40),
        ) {
            let whole = decode_all(&bytes, &[]);
            let pieces = decode_all(&bytes, &cuts);
            prop_assert_eq!(whole, pieces);
        }
    }
}
