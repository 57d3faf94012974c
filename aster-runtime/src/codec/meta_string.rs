//! Namespaces and type names in their packed form.
//!
//! A meta string is five, six or eight bits per character, chosen from the
//! characters it holds. On the wire it is `length << 1` (one byte up to 63),
//! then one byte naming the packing, or for more than 16 packed bytes an
//! eight-byte hash whose lowest byte is the packing, then the packed bytes.
//! The empty one is the single byte 00. Own names are packed while compiling.

use super::murmur::Murmur;

const UTF_8: u8 = 0;
const LOWER_SPECIAL: u8 = 1;
const LOWER_UPPER_DIGIT: u8 = 2;
const FIRST_TO_LOWER: u8 = 3;
const ALL_TO_LOWER: u8 = 4;

/// Bytes in front of the names of a root struct: "not null, cross-language",
/// "a value follows", and the type id of a named struct.
const ROOT: [u8; 3] = [0x02, 0xff, super::type_id::NAMED_STRUCT];

/// Which of the two names a string is; their alphabets differ in two characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Namespace,
    TypeName,
}

impl Role {
    const fn special(self) -> u8 {
        match self {
            Self::Namespace => b'.',
            Self::TypeName => b'$',
        }
    }
}

/// A packed string as it is on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MetaString<'a> {
    pub(crate) encoding: u8,
    pub(crate) bytes: &'a [u8],
}

impl MetaString<'_> {
    /// Whether this is `own`, in its packing or in any other.
    pub(crate) fn is(&self, own: MetaString<'_>, text: &str, role: Role) -> bool {
        *self == own || (self.bytes.len() <= 1024 && self.text(role).as_deref() == Some(text))
    }

    /// Unpacks; none if the packing is unknown or the bits are not characters.
    pub(crate) fn text(&self, role: Role) -> Option<String> {
        if self.bytes.is_empty() {
            return Some(String::new());
        }
        let width = match self.encoding {
            UTF_8 => return std::str::from_utf8(self.bytes).ok().map(str::to_owned),
            LOWER_UPPER_DIGIT => 6,
            LOWER_SPECIAL | FIRST_TO_LOWER | ALL_TO_LOWER => 5,
            _ => return None,
        };
        let strip = self.bytes.first().is_some_and(|first| first & 0x80 != 0);
        let count = (self.bytes.len() * 8 - 1) / width - usize::from(strip);
        let mut bits = self.bytes.iter().flat_map(|byte| (0..8).rev().map(move |i| byte >> i & 1));
        bits.next();
        let mut text = String::with_capacity(count);
        let mut capital = self.encoding == FIRST_TO_LOWER;
        for _ in 0..count {
            let code = bits.by_ref().take(width).fold(0u8, |code, bit| code << 1 | bit);
            let c = if width == 6 { six_bit_char(code, role) } else { five_bit_char(code)? };
            if self.encoding == ALL_TO_LOWER && c == b'|' && !capital {
                capital = true;
                continue;
            }
            text.push(char::from(if capital { c.to_ascii_uppercase() } else { c }));
            capital = false;
        }
        Some(text)
    }
}

const fn five_bit_char(code: u8) -> Option<u8> {
    Some(match code {
        0..=25 => b'a' + code,
        26 => b'.',
        27 => b'_',
        28 => b'$',
        29 => b'|',
        _ => return None,
    })
}

const fn six_bit_char(code: u8, role: Role) -> u8 {
    match code {
        0..=25 => b'a' + code,
        26..=51 => b'A' + code - 26,
        52..=61 => b'0' + code - 52,
        62 => role.special(),
        _ => b'_',
    }
}

const fn five_bit_code(c: u8) -> Option<u8> {
    Some(match c {
        b'a'..=b'z' => c - b'a',
        b'.' => 26,
        b'_' => 27,
        b'$' => 28,
        b'|' => 29,
        _ => return None,
    })
}

const fn six_bit_code(c: u8, role: Role) -> Option<u8> {
    Some(match c {
        b'a'..=b'z' => c - b'a',
        b'A'..=b'Z' => c - b'A' + 26,
        b'0'..=b'9' => c - b'0' + 52,
        b'_' => 63,
        _ if c == role.special() => 62,
        _ => return None,
    })
}

/// How a text is packed: the packing, and the length in bytes.
#[derive(Clone, Copy)]
struct Packing {
    encoding: u8,
    width: usize,
    characters: usize,
    len: usize,
}

const fn packing(text: &str, role: Role) -> Packing {
    let mut rest = text.as_bytes();
    let (mut five, mut six, mut digits, mut capitals) = (true, true, 0, 0);
    let first_is_capital = matches!(rest, [b'A'..=b'Z', ..]);
    while let [c, tail @ ..] = rest {
        five &= five_bit_code(*c).is_some();
        six &= six_bit_code(*c, role).is_some();
        digits += c.is_ascii_digit() as usize;
        capitals += c.is_ascii_uppercase() as usize;
        rest = tail;
    }
    let len = text.len();
    let (encoding, width, characters) = if len == 0 {
        (UTF_8, 8, 0)
    } else if five {
        (LOWER_SPECIAL, 5, len)
    } else if !six {
        (UTF_8, 8, len)
    } else if digits == 0 && capitals == 1 && first_is_capital {
        (FIRST_TO_LOWER, 5, len)
    } else if digits == 0 && (len + capitals) * 5 < len * 6 {
        (ALL_TO_LOWER, 5, len + capitals)
    } else {
        (LOWER_UPPER_DIGIT, 6, len)
    };
    let len = if encoding == UTF_8 { len } else { (characters * width + 1).div_ceil(8) };
    Packing { encoding, width, characters, len }
}

/// A fixed buffer that a `const fn` can append to.
struct Packed<const N: usize> {
    bytes: [u8; N],
    len: usize,
}

impl<const N: usize> Packed<N> {
    #[allow(
        clippy::indexing_slicing,
        reason = "runs at compile time, where a bad index is an error"
    )]
    const fn push(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }

    const fn push_all(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let [first, after @ ..] = rest {
            self.push(*first);
            rest = after;
        }
    }

    /// Appends a meta string in full.
    const fn push_meta(&mut self, text: &str, role: Role) {
        let packing = packing(text, role);
        let mut header = packing.len << 1;
        while header >= 0x80 {
            self.push(header as u8 | 0x80);
            header >>= 7;
        }
        self.push(header as u8);
        if packing.len == 0 {
            return;
        }
        let hash_at = self.len;
        self.len += if packing.len > 16 { 8 } else { 1 };
        let start = self.len;
        if packing.encoding == UTF_8 {
            self.push_all(text.as_bytes());
        } else {
            self.push_bits(text, role, packing);
        }
        self.fill_hash(hash_at, start, packing.encoding);
    }

    const fn push_bits(&mut self, text: &str, role: Role, packing: Packing) {
        let Packing { encoding, width, characters, len } = packing;
        // The first bit: whether the padding would read as one more character.
        let mut bits = (len * 8 > (characters + 1) * width) as u64;
        let mut count = 1;
        let mut rest = text.as_bytes();
        while let [c, tail @ ..] = rest {
            let mut c = *c;
            if width == 5 && c.is_ascii_uppercase() {
                if encoding == ALL_TO_LOWER {
                    (bits, count) = (bits << 5 | 29, count + 5);
                }
                c = c.to_ascii_lowercase();
            }
            let code = if width == 5 { five_bit_code(c) } else { six_bit_code(c, role) };
            if let Some(code) = code {
                (bits, count) = (bits << width | code as u64, count + width);
            }
            while count >= 8 {
                count -= 8;
                self.push((bits >> count) as u8);
            }
            rest = tail;
        }
        if count > 0 {
            self.push((bits << (8 - count)) as u8);
        }
    }

    #[allow(
        clippy::indexing_slicing,
        reason = "runs at compile time, where a bad index is an error"
    )]
    const fn fill_hash(&mut self, at: usize, start: usize, encoding: u8) {
        self.bytes[at] = encoding;
        if start - at != 8 {
            return;
        }
        let mut murmur = Murmur::new();
        let (written, _) = self.bytes.split_at(self.len);
        murmur.put(written.split_at(start).1);
        let hash = murmur.first_half().to_le_bytes();
        let mut i = 1;
        while i < 8 {
            self.bytes[at + i] = hash[i];
            i += 1;
        }
    }
}

const fn meta_len(text: &str, role: Role) -> usize {
    let len = packing(text, role).len;
    let header = if len < 64 {
        1
    } else if len < 64 * 128 {
        2
    } else {
        3
    };
    header
        + if len > 16 {
            8
        } else if len > 0 {
            1
        } else {
            0
        }
        + len
}

/// The length of [`head_bytes`].
pub const fn head_len([namespace, name]: [&str; 2]) -> usize {
    ROOT.len() + meta_len(namespace, Role::Namespace) + meta_len(name, Role::TypeName) + 4
}

/// What every payload of one struct type begins with: `02 ff 1d`, the two
/// names, and the schema hash in four bytes.
pub const fn head_bytes<const N: usize>([namespace, name]: [&str; 2], schema_hash: u32) -> [u8; N] {
    let mut packed = Packed { bytes: [0; N], len: 0 };
    packed.push_all(&ROOT);
    packed.push_meta(namespace, Role::Namespace);
    packed.push_meta(name, Role::TypeName);
    packed.push_all(&schema_hash.to_le_bytes());
    packed.bytes
}

/// The wire identity of one type, made while compiling.
#[derive(Debug)]
pub struct TypeHead {
    pub(crate) namespace: &'static str,
    pub(crate) name: &'static str,
    /// The head of a root value, schema hash included.
    pub(crate) root: &'static [u8],
    /// The same for a field: the head of a root without its flags.
    pub(crate) field: &'static [u8],
    /// The namespace's meta string as written in full.
    pub(crate) namespace_meta: &'static [u8],
    /// The type name's meta string as written in full.
    pub(crate) name_meta: &'static [u8],
    /// The packed names: what references to them stand for.
    pub(crate) packed: [MetaString<'static>; 2],
    pub(crate) schema_hash: u32,
}

impl TypeHead {
    /// Takes the result of [`head_bytes`] apart again.
    pub const fn new(
        [namespace, name]: [&'static str; 2],
        root: &'static [u8],
        schema_hash: u32,
    ) -> Self {
        let (_, names) = root.split_at(ROOT.len());
        let (names, _) = names.split_at(names.len() - size_of::<u32>());
        let (namespace_meta, name_meta) = names.split_at(meta_len(namespace, Role::Namespace));
        Self {
            namespace,
            name,
            root,
            field: root.split_at(ROOT.len() - 1).1,
            namespace_meta,
            name_meta,
            packed: [unframed(namespace_meta), unframed(name_meta)],
            schema_hash,
        }
    }
}

/// The packed bytes of a meta string that was written by [`head_bytes`].
const fn unframed(meta: &'static [u8]) -> MetaString<'static> {
    let header = match meta {
        [first, ..] if *first >= 0x80 => 2,
        _ => 1,
    };
    let (_, rest) = meta.split_at(header);
    match rest {
        [] => MetaString { encoding: UTF_8, bytes: &[] },
        // One byte of packing up to 16 bytes of text, eight bytes of hash beyond.
        [encoding, ..] => MetaString {
            encoding: *encoding,
            bytes: rest.split_at(if rest.len() > 17 { 8 } else { 1 }).1,
        },
    }
}
