//! BLAKE3 with 256 bits, for constants. At run time use the `blake3` crate.
//!
//! An interpreter runs this: what costs is the number of operations, and calls
//! of generic functions most of all. So the four words of a row of the state
//! share one number, as they share a register elsewhere, and the rounds have
//! neither calls nor loops nor indices.
#![expect(clippy::manual_rotate, reason = "a rotation by name is a call for the interpreter")]

/// Bytes in a block.
const BLOCK: usize = 64;
/// Bytes in a chunk.
const CHUNK: usize = 1024;
/// The most subtrees that wait for their right-hand neighbour.
const MAX_HEIGHT: usize = 54;

const CHUNK_START: u128 = 1;
const CHUNK_END: u128 = 2;
const PARENT: u128 = 4;
const ROOT: u128 = 8;

/// Four words of 32 bits, the first one lowest.
type Row = u128;

/// Eight words.
type Value = (Row, Row);

const START: Value =
    (0xa54f_f53a_3c6e_f372_bb67_ae85_6a09_e667, 0x5be0_cd19_1f83_d9ab_9b05_688c_510e_527f);

/// The hash of `input`.
pub(super) const fn hash(input: &[u8]) -> [u8; 32] {
    // The subtrees to the left of the next chunk, the largest first.
    let mut subtrees = [START; MAX_HEIGHT];
    let mut height = 0;
    let mut rest = input;
    let mut chunks = 0;
    while let Some((chunk, after)) = rest.split_at_checked(CHUNK)
        && !after.is_empty()
    {
        let mut value = hash_chunk(chunk, chunks, 0);
        (rest, chunks) = (after, chunks + 1);
        let mut complete = chunks;
        while complete % 2 == 0 {
            height -= 1;
            value = join(waiting(&subtrees, height), value, 0);
            complete /= 2;
        }
        if let Some((_, [place, ..])) = subtrees.split_at_mut_checked(height) {
            *place = value;
        }
        height += 1;
    }
    let mut value = hash_chunk(rest, chunks, if height == 0 { ROOT } else { 0 });
    while height > 0 {
        height -= 1;
        value = join(waiting(&subtrees, height), value, if height == 0 { ROOT } else { 0 });
    }
    to_bytes(value)
}

const fn waiting(subtrees: &[Value; MAX_HEIGHT], at: usize) -> Value {
    match subtrees.split_at_checked(at) {
        Some((_, [value, ..])) => *value,
        _ => START,
    }
}

/// The value of a chunk of at most [`CHUNK`] bytes.
const fn hash_chunk(chunk: &[u8], index: u64, root: u128) -> Value {
    let (mut value, mut flags) = (START, CHUNK_START);
    let (mut rows, tail) = chunk.as_chunks();
    let mut len = chunk.len();
    while len > BLOCK
        && let [a, b, c, d, after @ ..] = rows
    {
        value = compress(value, [row(a), row(b), row(c), row(d)], index, BLOCK, flags);
        (rows, len, flags) = (after, len - BLOCK, 0);
    }
    // Zeros fill up the last block.
    let end = partial_row(tail);
    let block = match rows {
        [] => [end, 0, 0, 0],
        [a] => [row(a), end, 0, 0],
        [a, b] => [row(a), row(b), end, 0],
        [a, b, c] => [row(a), row(b), row(c), end],
        [a, b, c, d, ..] => [row(a), row(b), row(c), row(d)],
    };
    compress(value, block, index, len, flags | CHUNK_END | root)
}

const fn row(bytes: &[u8; 16]) -> Row {
    Row::from_le_bytes(*bytes)
}

const fn partial_row(bytes: &[u8]) -> Row {
    let (mut row, mut rest) = (0, bytes);
    while let [before @ .., byte] = rest {
        row = row << 8 | *byte as Row;
        rest = before;
    }
    row
}

/// The value above two subtrees.
const fn join(left: Value, right: Value, root: u128) -> Value {
    compress(START, [left.0, left.1, right.0, right.1], 0, BLOCK, PARENT | root)
}

const fn to_bytes((low, high): Value) -> [u8; 32] {
    let mut bytes = [0; 32];
    if let ([first, second], _) = bytes.as_chunks_mut() {
        (*first, *second) = (low.to_le_bytes(), high.to_le_bytes());
    }
    bytes
}

/// The compression function, of which a tree needs the first eight words.
const fn compress(value: Value, block: [Row; 4], counter: u64, len: usize, flags: u128) -> Value {
    let (mut a, mut b) = value;
    let (mut c, _) = START;
    let mut d = counter as Row | (len as Row) << 64 | flags << 96;

    // Shifts by `u32` need no conversion, and literals no constant.
    macro_rules! words {
        ($row:ident => $m0:ident $m1:ident $m2:ident $m3:ident) => {
            let $m0 = $row & 0xffff_ffff;
            let $m1 = $row >> 32_u32 & 0xffff_ffff;
            let $m2 = $row >> 64_u32 & 0xffff_ffff;
            let $m3 = $row >> 96_u32;
        };
    }
    // Without a carry from one word to the next.
    macro_rules! add {
        ($x:ident += $y:ident) => {
            $x = (($x & 0x7fffffff_7fffffff_7fffffff_7fffffff)
                + ($y & 0x7fffffff_7fffffff_7fffffff_7fffffff))
                ^ (($x ^ $y) & 0x80000000_80000000_80000000_80000000)
        };
    }
    // The bits of every word to the right.
    macro_rules! rotate {
        ($x:ident by 16) => {
            $x = $x >> 16_u32 & 0x0000ffff_0000ffff_0000ffff_0000ffff
                | $x << 16_u32 & 0xffff0000_ffff0000_ffff0000_ffff0000
        };
        ($x:ident by 12) => {
            $x = $x >> 12_u32 & 0x000fffff_000fffff_000fffff_000fffff
                | $x << 20_u32 & 0xfff00000_fff00000_fff00000_fff00000
        };
        ($x:ident by 8) => {
            $x = $x >> 8_u32 & 0x00ffffff_00ffffff_00ffffff_00ffffff
                | $x << 24_u32 & 0xff000000_ff000000_ff000000_ff000000
        };
        ($x:ident by 7) => {
            $x = $x >> 7_u32 & 0x01ffffff_01ffffff_01ffffff_01ffffff
                | $x << 25_u32 & 0xfe000000_fe000000_fe000000_fe000000
        };
    }
    // The words of a row to the right.
    macro_rules! turn {
        ($x:ident by 1) => {
            $x = $x >> 32_u32 | $x << 96_u32
        };
        ($x:ident by 2) => {
            $x = $x >> 64_u32 | $x << 64_u32
        };
        ($x:ident by 3) => {
            $x = $x >> 96_u32 | $x << 32_u32
        };
    }
    // The mixing function on four columns at once.
    macro_rules! mix {
        ($x0:ident $y0:ident $x1:ident $y1:ident $x2:ident $y2:ident $x3:ident $y3:ident) => {
            let x = $x0 | $x1 << 32_u32 | $x2 << 64_u32 | $x3 << 96_u32;
            let y = $y0 | $y1 << 32_u32 | $y2 << 64_u32 | $y3 << 96_u32;
            add!(a += b);
            add!(a += x);
            d ^= a;
            rotate!(d by 16);
            add!(c += d);
            b ^= c;
            rotate!(b by 12);
            add!(a += b);
            add!(a += y);
            d ^= a;
            rotate!(d by 8);
            add!(c += d);
            b ^= c;
            rotate!(b by 7);
        };
    }
    // The columns, then the diagonals, which turns make columns.
    macro_rules! round {
        ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident
         $i:ident $j:ident $k:ident $l:ident $m:ident $n:ident $o:ident $p:ident) => {
            mix!($a $b $c $d $e $f $g $h);
            turn!(b by 1);
            turn!(c by 2);
            turn!(d by 3);
            mix!($i $j $k $l $m $n $o $p);
            turn!(b by 3);
            turn!(c by 2);
            turn!(d by 1);
        };
    }
    let [p, q, r, s] = block;
    words!(p => m0 m1 m2 m3);
    words!(q => m4 m5 m6 m7);
    words!(r => m8 m9 m10 m11);
    words!(s => m12 m13 m14 m15);
    round!(m0 m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 m11 m12 m13 m14 m15);
    round!(m2 m6 m3 m10 m7 m0 m4 m13 m1 m11 m12 m5 m9 m14 m15 m8);
    round!(m3 m4 m10 m12 m13 m2 m7 m14 m6 m5 m9 m0 m11 m15 m8 m1);
    round!(m10 m7 m12 m9 m14 m3 m13 m15 m4 m0 m11 m2 m5 m8 m1 m6);
    round!(m12 m13 m9 m11 m15 m10 m14 m8 m7 m2 m5 m3 m0 m1 m6 m4);
    round!(m9 m14 m11 m5 m8 m12 m15 m1 m13 m3 m0 m10 m2 m6 m4 m7);
    round!(m11 m15 m5 m0 m1 m9 m8 m6 m14 m10 m2 m12 m3 m4 m7 m13);
    (a ^ c, b ^ d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_agrees_with_the_crate_at_every_length_up_to_three_chunks() {
        let input: Vec<u8> = (0..70_000_u32).map(|i| (i % 251) as u8).collect();
        let long = [4095, 4096, 4097, 5120, 8193, 16_384, 31_744, 65_537, 70_000];
        for len in (0..=3100).chain(long) {
            let input = &input[..len];
            assert_eq!(hash(input), *::blake3::hash(input).as_bytes(), "{len} bytes");
        }
    }

    #[test]
    fn it_runs_in_constants() {
        const HASH: [u8; 32] = hash(b"string");
        assert_eq!(
            data_encoding::HEXLOWER.encode(&HASH),
            "1c47174c0ccd034618e1a604adce0002103e088e87329f0c2fab4324e8a06c60"
        );
    }
}
