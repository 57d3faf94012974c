//! Frames out of bytes that come in chunks.

use bytes::{Buf, Bytes, BytesMut};

use crate::frame::{FRAME_HEADER_BYTES, Flags, Frame, FrameError, FrameView, LENGTH_BYTES};

/// A decoder keeps its buffer for the next frames unless one was larger.
const KEPT_BYTES: usize = 64 * 1024;

/// Cuts a byte stream into frames.
///
/// A frame that lies within one chunk is found without copying. Frames spread
/// over chunks are collected in a buffer that grows with what arrived, never
/// with what a length field promises.
#[derive(Debug)]
pub(crate) struct FrameDecoder {
    /// What of the newest chunk has not been consumed.
    chunk: Bytes,
    /// What came before it: whole frames, and the beginning of one.
    partial: BytesMut,
    /// Bytes of the frame that was found last and lies in front, its header
    /// included; zero if there is none.
    found: usize,
    max_frame: usize,
}

impl FrameDecoder {
    /// A decoder that refuses frames longer than `max_frame` (length field).
    #[must_use]
    pub(crate) fn new(max_frame: usize) -> Self {
        Self { chunk: Bytes::new(), partial: BytesMut::new(), found: 0, max_frame }
    }

    /// Adds bytes. The newest chunk stays as it is; what an earlier one has
    /// left is copied.
    pub(crate) fn push(&mut self, chunk: Bytes) {
        if !self.chunk.is_empty() {
            self.stash(usize::MAX);
        }
        self.chunk = chunk;
    }

    #[cfg(test)]
    fn next_frame(&mut self) -> Result<Option<Frame>, FrameError> {
        Ok(self.find()?.then(|| self.take()))
    }

    /// Goes on to the next complete frame; `false` when more bytes are needed.
    /// Until it is asked again, the frame can be [viewed](Self::view) and
    /// [taken](Self::take).
    ///
    /// # Errors
    /// [`FrameError`]; the decoder must not be used after that.
    #[inline]
    pub(crate) fn find(&mut self) -> Result<bool, FrameError> {
        let found = std::mem::take(&mut self.found);
        if self.partial.is_empty() {
            self.chunk.advance(found);
        } else {
            self.partial.advance(found);
            if !self.partial.is_empty() {
                return self.find_in_partial();
            }
            if found > KEPT_BYTES {
                self.release();
            }
        }
        let length = self.length(&self.chunk)?;
        let total = length.map_or(usize::MAX, |length| LENGTH_BYTES + length);
        if self.chunk.len() < total {
            self.stash(usize::MAX);
            return Ok(false);
        }
        self.found = total;
        Ok(true)
    }

    fn find_in_partial(&mut self) -> Result<bool, FrameError> {
        self.fill(LENGTH_BYTES);
        let Some(length) = self.length(&self.partial)? else {
            return Ok(false);
        };
        let total = LENGTH_BYTES + length;
        self.fill(total);
        if self.partial.len() < total {
            return Ok(false);
        }
        self.found = total;
        Ok(true)
    }

    /// The frame that was found.
    #[inline]
    pub(crate) fn view(&self) -> FrameView<'_> {
        let bytes = if self.partial.is_empty() { &*self.chunk } else { &*self.partial };
        let frame = bytes.get(LENGTH_BYTES..self.found).unwrap_or_default();
        // `length()` refused zero, so the flag byte is there.
        let (bits, payload) = frame.split_first().unwrap_or((&0, &[]));
        FrameView { flags: Flags(*bits), payload }
    }

    /// Takes the frame that was found out of the buffer.
    pub(crate) fn take(&mut self) -> Frame {
        let found = std::mem::take(&mut self.found);
        let mut frame = if self.partial.is_empty() {
            self.chunk.split_to(found)
        } else {
            self.partial.split_to(found).freeze()
        };
        if self.partial.is_empty() {
            self.release();
        }
        let bits = frame.get(LENGTH_BYTES).copied().unwrap_or_default();
        frame.advance(frame.len().min(FRAME_HEADER_BYTES));
        Frame { flags: Flags(bits), payload: frame }
    }

    /// Lets go of memory that holds nothing.
    pub(crate) fn release(&mut self) {
        if self.partial.is_empty() {
            self.partial = BytesMut::new();
        }
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

    #[inline]
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
        self.partial.extend_from_slice(self.chunk.get(..n).unwrap_or_default());
        self.chunk.advance(n);
        if self.chunk.is_empty() {
            // The packet that it was part of.
            self.chunk = Bytes::new();
        }
    }

    /// Tops `partial` up to `total` bytes from the chunk, as far as it goes.
    fn fill(&mut self, total: usize) {
        let n = total.saturating_sub(self.partial.len());
        self.stash(n);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{OpenFrame, put_frame};
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
    fn the_buffer_of_a_large_frame_is_let_go() {
        let mut out = BytesMut::new();
        put_frame(&mut out, Flags::DATA, &vec![7; 2 * KEPT_BYTES], MAX_FRAME_BYTES).unwrap();
        put_frame(&mut out, Flags::DATA, b"small", 100).unwrap();
        let mut decoder = FrameDecoder::new(MAX_FRAME_BYTES);
        let mut rest = out.freeze();
        decoder.push(rest.split_to(KEPT_BYTES));
        assert_eq!(decoder.find(), Ok(false));
        decoder.push(rest);
        assert_eq!(decoder.find(), Ok(true));
        assert_eq!(decoder.view().payload.len(), 2 * KEPT_BYTES);
        assert_eq!(decoder.find(), Ok(true));
        assert_eq!(decoder.view().payload, b"small");
        assert_eq!(decoder.partial.capacity(), 0);
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
        fn frames_are_the_same_viewed_or_taken_and_however_many_chunks_came(
            frames in proptest::collection::vec(
                (any::<u8>(), proptest::collection::vec(any::<u8>(), 0..300)), 0..12),
            cuts in proptest::collection::vec((1usize..200, any::<bool>()), 1..60),
            taken in proptest::collection::vec(any::<bool>(), 12),
        ) {
            let mut out = BytesMut::new();
            for (bits, payload) in &frames {
                put_frame(&mut out, Flags(*bits), payload, MAX_FRAME_BYTES).unwrap();
            }
            let mut rest = out.freeze();
            let mut cuts = cuts.iter().cycle();
            let mut decoder = FrameDecoder::new(MAX_FRAME_BYTES);
            let mut decoded = Vec::new();
            while !rest.is_empty() {
                let (n, more) = cuts.next().unwrap();
                decoder.push(rest.split_to((*n).min(rest.len())));
                if *more && !rest.is_empty() {
                    continue;
                }
                while decoder.find().unwrap() {
                    let FrameView { flags, payload } = decoder.view();
                    let viewed = Frame { flags, payload: Bytes::copy_from_slice(payload) };
                    if taken[decoded.len()] {
                        prop_assert_eq!(&decoder.take(), &viewed);
                    }
                    decoded.push(viewed);
                }
                decoder.release();
            }
            decoder.finish().unwrap();
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
