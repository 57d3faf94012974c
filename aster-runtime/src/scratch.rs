//! Buffers for what is written once and soon gone: the first bytes of a call,
//! the answer of a unary one.
//!
//! Each thread cuts them from a block of its own, so that most of them cost no
//! allocation. A block is freed when the last of its pieces is.

use std::cell::RefCell;

use bytes::BytesMut;

/// Room in a buffer: a header or a trailer and a small message. One that needs
/// more grows on its own.
const PIECE_BYTES: usize = 512;

/// Size of a block.
const BLOCK_BYTES: usize = 32 * PIECE_BYTES;

thread_local! {
    static BLOCK: RefCell<BytesMut> = RefCell::new(BytesMut::new());
}

/// An empty buffer. Not for what is kept: it holds on to its block.
pub(crate) fn buffer() -> BytesMut {
    let piece = BLOCK.try_with(|block| {
        let mut block = block.try_borrow_mut().ok()?;
        if block.capacity() < PIECE_BYTES {
            // Not `with_capacity`: a piece that grows would take as much again.
            *block = BytesMut::new();
            block.reserve(BLOCK_BYTES);
        }
        let rest = block.split_off(PIECE_BYTES);
        Some(std::mem::replace(&mut *block, rest))
    });
    // Without one while the thread ends.
    piece.ok().flatten().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_apart_and_may_grow() {
        let mut pieces: Vec<_> = (0..100).map(|_| buffer()).collect();
        for (n, piece) in pieces.iter_mut().enumerate() {
            assert!(piece.is_empty() && piece.capacity() >= PIECE_BYTES);
            piece.extend_from_slice(&[n as u8; 300]);
        }
        pieces[7].extend_from_slice(&[7; 500]);
        assert!(pieces[7].capacity() < 4096, "it takes what it needs");
        for (n, piece) in pieces.iter().enumerate() {
            assert!(piece.iter().all(|&byte| byte == n as u8), "{n}");
        }
    }
}
