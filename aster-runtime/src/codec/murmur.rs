//! MurmurHash3 (x64, 128 bits), as a `const fn`. Only the first half of the
//! result is ever on the wire.

/// The seed that both schema hashes and meta string hashes use.
const SEED: u64 = 47;
const C1: u64 = 0x87c3_7b91_1142_53d5;
const C2: u64 = 0x4cf5_ad43_2745_937f;

/// A hash under construction.
pub(crate) struct Murmur {
    h1: u64,
    h2: u64,
    /// The current block of 16 bytes, little-endian.
    block: u128,
    /// The bits in it.
    bits: u32,
    /// The bytes before it.
    len: u64,
}

impl Murmur {
    pub(crate) const fn new() -> Self {
        Self { h1: SEED, h2: SEED, block: 0, bits: 0, len: 0 }
    }

    pub(crate) const fn put(&mut self, bytes: &[u8]) {
        // An interpreter runs this: it is faster with variables than with
        // fields.
        let (mut block, mut bits) = (self.block, self.bits);
        let mut rest = bytes;
        while let [byte, after @ ..] = rest {
            block |= (*byte as u128) << bits;
            bits += 8;
            if bits == 128 {
                self.mix(block);
                block = 0;
                bits = 0;
            }
            rest = after;
        }
        self.block = block;
        self.bits = bits;
    }

    const fn mix(&mut self, block: u128) {
        self.len += 16;
        self.h1 ^= mix_low(block as u64);
        self.h1 = rotate(self.h1, 27).wrapping_add(self.h2);
        self.h1 = self.h1.wrapping_mul(5).wrapping_add(0x52dc_e729);
        self.h2 ^= mix_high((block >> 64) as u64);
        self.h2 = rotate(self.h2, 31).wrapping_add(self.h1);
        self.h2 = self.h2.wrapping_mul(5).wrapping_add(0x3849_5ab5);
    }

    /// The first 64 bits of the hash.
    pub(crate) const fn first_half(self) -> u64 {
        // A partial block is mixed in without the rotation of a full one; an
        // empty part mixes to zero and so changes nothing.
        let len = self.len + self.bits as u64 / 8;
        let mut h1 = self.h1 ^ mix_low(self.block as u64) ^ len;
        let mut h2 = self.h2 ^ mix_high((self.block >> 64) as u64) ^ len;
        h1 = h1.wrapping_add(h2);
        h2 = h2.wrapping_add(h1);
        h1 = avalanche(h1);
        h2 = avalanche(h2);
        h1.wrapping_add(h2)
    }
}

/// To the left. In constants `u64::rotate_left` takes eight times as long.
#[expect(clippy::manual_rotate, reason = "it is the point")]
const fn rotate(value: u64, by: u32) -> u64 {
    value << by | value >> (64 - by)
}

const fn mix_low(block: u64) -> u64 {
    rotate(block.wrapping_mul(C1), 31).wrapping_mul(C2)
}

const fn mix_high(block: u64) -> u64 {
    rotate(block.wrapping_mul(C2), 33).wrapping_mul(C1)
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
        let hash = |text: &str| {
            let mut murmur = Murmur::new();
            murmur.put(text.as_bytes());
            murmur.first_half() as u32 as i32
        };
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
