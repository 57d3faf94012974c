//! The order of fields on the wire and the hash over their names and types,
//! both computed while compiling.

use super::descriptor::FieldDescriptor;
use super::murmur::Murmur;
use super::type_id;

/// The hash of a struct without fields.
const EMPTY: u32 = 47;

/// The schema hash: over `name,type,0,nullable;` of every field, sorted by
/// name, the low 32 bits of the hash's first half.
#[allow(clippy::indexing_slicing, reason = "runs at compile time, where a bad index is an error")]
pub const fn schema_hash<const N: usize>(fields: &[FieldDescriptor; N]) -> u32 {
    if N == 0 {
        return EMPTY;
    }
    let order = sorted(fields, false);
    let mut murmur = Murmur::new();
    let mut i = 0;
    while i < N {
        let field = &fields[order[i]];
        murmur.put(field.name.as_bytes());
        let (id, null) = (field.schema_type_id(), b'0' + field.optional as u8);
        if id < 10 {
            murmur.put(&[b',', b'0' + id, b',', b'0', b',', null, b';']);
        } else {
            let (tens, ones) = (b'0' + id / 10, b'0' + id % 10);
            murmur.put(&[b',', tens, ones, b',', b'0', b',', null, b';']);
        }
        i += 1;
    }
    murmur.first_half() as u32
}

/// Indices into `fields` in the order in which the values are on the wire.
pub const fn wire_order<const N: usize>(fields: &[FieldDescriptor; N]) -> [usize; N] {
    sorted(fields, true)
}

#[allow(clippy::indexing_slicing, reason = "runs at compile time, where a bad index is an error")]
const fn sorted<const N: usize>(fields: &[FieldDescriptor; N], by_group: bool) -> [usize; N] {
    let mut order = [0; N];
    let mut i = 0;
    while i < N {
        let mut at = i;
        while at > 0 && field_precedes(&fields[i], &fields[order[at - 1]], by_group) {
            order[at] = order[at - 1];
            at -= 1;
        }
        order[at] = i;
        i += 1;
    }
    order
}

const fn field_precedes(a: &FieldDescriptor, b: &FieldDescriptor, by_group: bool) -> bool {
    if by_group {
        let (rank_a, rank_b) = (rank(a), rank(b));
        if rank_a != rank_b {
            return rank_a < rank_b;
        }
    }
    precedes(a.name, b.name)
}

/// Whether `a` sorts before `b` by code points, which is by bytes of UTF-8.
pub(crate) const fn precedes(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    while let [x, rest_a @ ..] = a
        && let [y, rest_b @ ..] = b
    {
        if *x != *y {
            return *x < *y;
        }
        a = rest_a;
        b = rest_b;
    }
    a.len() < b.len()
}

/// Groups: numbers, optional numbers, texts and dates and bytes (by type
/// number), lists, sets, maps, the rest. Among numbers: fixed width before
/// variable width, then the larger, then the higher type number.
const fn rank(field: &FieldDescriptor) -> u32 {
    let id = field.schema_type_id();
    let (group, within) = match id {
        type_id::UNKNOWN => (6, 0),
        type_id::LIST => (3, 0),
        type_id::SET => (4, 0),
        type_id::MAP => (5, 0),
        _ => match number_size(id) {
            Some(size) => {
                let variable = matches!(
                    id,
                    type_id::INT32 | type_id::INT64 | type_id::UINT32 | type_id::UINT64
                );
                let within = (variable as u32) << 16 | (0xff - size) << 8 | (0xff - id as u32);
                (field.optional as u32, within)
            }
            None => (2, id as u32),
        },
    };
    group << 24 | within
}

/// The size in memory of a number type; none for other types.
const fn number_size(id: u8) -> Option<u32> {
    Some(match id {
        type_id::BOOL | type_id::INT8 | type_id::UINT8 => 1,
        type_id::INT16 | type_id::UINT16 => 2,
        type_id::INT32 | type_id::UINT32 | type_id::FLOAT32 => 4,
        type_id::INT64 | type_id::UINT64 | type_id::FLOAT64 => 8,
        _ => return None,
    })
}
