//! MurmurHash3 (x64, 128 bits), as a `const fn`. Only the first half of the
//! result is ever on the wire.

/// The seed that both schema hashes and meta string hashes use.
const SEED: u64 = 47;
const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// A hash under construction, fed byte by byte.
pub(crate) struct Murmur {
    h1: u64,
    h2: u64,
    /// The current block of 16 bytes, little-endian.
    low: u64,
    high: u64,
    len: u64,
}

impl Murmur {
    pub(crate) const fn new() -> Self {
        Self { h1: SEED, h2: SEED, low: 0, high: 0, len: 0 }
    }

    pub(crate) const fn byte(mut self, byte: u8) -> Self {
        let position = self.len % 16;
        if position < 8 {
            self.low |= (byte as u64) << (8 * position);
        } else {
            self.high |= (byte as u64) << (8 * (position - 8));
        }
        self.len += 1;
        if position == 15 {
            self.h1 ^= mix_low(self.low);
            self.h1 = self.h1.rotate_left(27).wrapping_add(self.h2);
            self.h1 = self.h1.wrapping_mul(5).wrapping_add(0x52dc_e729);
            self.h2 ^= mix_high(self.high);
            self.h2 = self.h2.rotate_left(31).wrapping_add(self.h1);
            self.h2 = self.h2.wrapping_mul(5).wrapping_add(0x3849_5ab5);
            self.low = 0;
            self.high = 0;
        }
        self
    }

    pub(crate) const fn bytes(mut self, mut bytes: &[u8]) -> Self {
        while let [first, rest @ ..] = bytes {
            self = self.byte(*first);
            bytes = rest;
        }
        self
    }

    /// The first 64 bits of the hash.
    pub(crate) const fn first_half(self) -> u64 {
        // A partial block is mixed in without the rotation of a full one; an
        // empty part mixes to zero and so changes nothing.
        let mut h1 = self.h1 ^ mix_low(self.low) ^ self.len;
        let mut h2 = self.h2 ^ mix_high(self.high) ^ self.len;
        h1 = h1.wrapping_add(h2);
        h2 = h2.wrapping_add(h1);
        h1 = avalanche(h1);
        h2 = avalanche(h2);
        h1.wrapping_add(h2)
    }
}

const fn mix_low(block: u64) -> u64 {
    block.wrapping_mul(C1).rotate_left(31).wrapping_mul(C2)
}

const fn mix_high(block: u64) -> u64 {
    block.wrapping_mul(C2).rotate_left(33).wrapping_mul(C1)
}

const fn avalanche(mut k: u64) -> u64 {
    k ^= k >> 33;
    k = k.wrapping_mul(0xff51_afd7_ed55_8ccd);
    k ^= k >> 33;
    k = k.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    k ^ (k >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_low_half_is_the_schema_hash_that_peers_compute() {
        let hash = |text: &str| Murmur::new().bytes(text.as_bytes()).first_half() as u32 as i32;
        assert_eq!(hash("agent_id,21,0,0;status,21,0,0;uptime_secs,7,0,0;"), 633_083_620);
        assert_eq!(
            hash(
                "callId,21,0,0;deadlineEpochMs,7,0,0;metadataKeys,22,0,0;metadataValues,22,0,0;\
                 method,21,0,0;serializationMode,7,0,0;service,21,0,0;version,7,0,0;"
            ),
            -568_851_036
        );
    }
}
