//! BLAKE3 with 256 bits, for constants. At run time use the `blake3` crate.
//!
//! An interpreter runs this, so every word has a variable of its own: no
//! loops, indices or calls in the rounds, and words of 32 bits in 64, because
//! wrapping arithmetic would be calls.

/// Bytes in a block.
const BLOCK: usize = 64;
/// Bytes in a chunk.
const CHUNK: usize = 1024;
/// The most subtrees that wait for their right-hand neighbour.
const MAX_HEIGHT: usize = 54;

const CHUNK_START: u64 = 1;
const CHUNK_END: u64 = 2;
const PARENT: u64 = 4;
const ROOT: u64 = 8;

const LOW: u64 = 0xffff_ffff;

/// Eight words of 32 bits.
type Value = [u64; 8];

const START: Value = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

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
const fn hash_chunk(chunk: &[u8], index: u64, root: u64) -> Value {
    let mut value = START;
    let mut rest = chunk;
    let mut start = CHUNK_START;
    while let Some((block, after)) = rest.split_at_checked(BLOCK)
        && !after.is_empty()
    {
        value = compress(value, words(block), index, BLOCK as u64, start);
        (rest, start) = (after, 0);
    }
    compress(value, words(rest), index, rest.len() as u64, start | CHUNK_END | root)
}

/// The value above two subtrees.
const fn join(left: Value, right: Value, root: u64) -> Value {
    let [m0, m1, m2, m3, m4, m5, m6, m7] = left;
    let [m8, m9, m10, m11, m12, m13, m14, m15] = right;
    let words = [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15];
    compress(START, words, 0, BLOCK as u64, PARENT | root)
}

/// The words of a block of at most [`BLOCK`] bytes, which zeros fill up.
const fn words(block: &[u8]) -> [u64; 16] {
    let mut bytes = [0; BLOCK];
    if let Some((place, _)) = bytes.split_at_mut_checked(block.len()) {
        place.copy_from_slice(block);
    }
    let ([a, b, c, d], _) = bytes.as_chunks::<16>() else {
        return [0; 16];
    };
    let (a, b, c, d) = (
        u128::from_le_bytes(*a),
        u128::from_le_bytes(*b),
        u128::from_le_bytes(*c),
        u128::from_le_bytes(*d),
    );
    const fn word(four: u128, at: u32) -> u64 {
        (four >> at) as u64 & LOW
    }
    [
        word(a, 0),
        word(a, 32),
        word(a, 64),
        word(a, 96),
        word(b, 0),
        word(b, 32),
        word(b, 64),
        word(b, 96),
        word(c, 0),
        word(c, 32),
        word(c, 64),
        word(c, 96),
        word(d, 0),
        word(d, 32),
        word(d, 64),
        word(d, 96),
    ]
}

const fn to_bytes(value: Value) -> [u8; 32] {
    let [a, b, c, d, e, f, g, h] = value;
    let mut bytes = [0; 32];
    if let ([one, two], _) = bytes.as_chunks_mut::<16>() {
        *one =
            (a as u128 | (b as u128) << 32 | (c as u128) << 64 | (d as u128) << 96).to_le_bytes();
        *two =
            (e as u128 | (f as u128) << 32 | (g as u128) << 64 | (h as u128) << 96).to_le_bytes();
    }
    bytes
}

/// The compression function, of which a tree needs the first eight words.
const fn compress(value: Value, words: [u64; 16], counter: u64, len: u64, flags: u64) -> Value {
    let [mut s0, mut s1, mut s2, mut s3, mut s4, mut s5, mut s6, mut s7] = value;
    let [mut s8, mut s9, mut s10, mut s11, ..] = START;
    let (mut s12, mut s13, mut s14, mut s15) = (counter & LOW, counter >> 32, len, flags);
    let [m0, m1, m2, m3, m4, m5, m6, m7, m8, m9, m10, m11, m12, m13, m14, m15] = words;

    macro_rules! rotate {
        ($x:ident by $n:literal) => {
            $x = $x >> $n | $x << (32 - $n) & LOW
        };
    }
    macro_rules! mix {
        ($a:ident $b:ident $c:ident $d:ident, $x:ident $y:ident) => {
            $a = ($a + $b + $x) & LOW;
            $d ^= $a;
            rotate!($d by 16);
            $c = ($c + $d) & LOW;
            $b ^= $c;
            rotate!($b by 12);
            $a = ($a + $b + $y) & LOW;
            $d ^= $a;
            rotate!($d by 8);
            $c = ($c + $d) & LOW;
            $b ^= $c;
            rotate!($b by 7);
        };
    }
    macro_rules! round {
        ($a:ident $b:ident $c:ident $d:ident $e:ident $f:ident $g:ident $h:ident
         $i:ident $j:ident $k:ident $l:ident $m:ident $n:ident $o:ident $p:ident) => {
            mix!(s0 s4 s8 s12, $a $b);
            mix!(s1 s5 s9 s13, $c $d);
            mix!(s2 s6 s10 s14, $e $f);
            mix!(s3 s7 s11 s15, $g $h);
            mix!(s0 s5 s10 s15, $i $j);
            mix!(s1 s6 s11 s12, $k $l);
            mix!(s2 s7 s8 s13, $m $n);
            mix!(s3 s4 s9 s14, $o $p);
        };
    }
    round!(m0 m1 m2 m3 m4 m5 m6 m7 m8 m9 m10 m11 m12 m13 m14 m15);
    round!(m2 m6 m3 m10 m7 m0 m4 m13 m1 m11 m12 m5 m9 m14 m15 m8);
    round!(m3 m4 m10 m12 m13 m2 m7 m14 m6 m5 m9 m0 m11 m15 m8 m1);
    round!(m10 m7 m12 m9 m14 m3 m13 m15 m4 m0 m11 m2 m5 m8 m1 m6);
    round!(m12 m13 m9 m11 m15 m10 m14 m8 m7 m2 m5 m3 m0 m1 m6 m4);
    round!(m9 m14 m11 m5 m8 m12 m15 m1 m13 m3 m0 m10 m2 m6 m4 m7);
    round!(m11 m15 m5 m0 m1 m9 m8 m6 m14 m10 m2 m12 m3 m4 m7 m13);
    [s0 ^ s8, s1 ^ s9, s2 ^ s10, s3 ^ s11, s4 ^ s12, s5 ^ s13, s6 ^ s14, s7 ^ s15]
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
