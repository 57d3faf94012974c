//! The canonical bytes of a type and of a contract (contract.md 2).
//!
//! One encoder writes them in constants, where they are hashed, and at run
//! time. An interpreter runs it in constants, to which calls of generic
//! functions, slices' included, and structs of many parts are the dearest.

use super::blake3;
use super::limits::{MAX_CONTRACT_BYTES, MAX_TYPE_BYTES};
use crate::codec::precedes;
use crate::service::{Pattern, Scope};

/// What a field, an element, a value or a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf<'a> {
    /// A value without parts: `string`, `int64`, `float64`, `bool`, `binary`.
    Primitive(&'a str),
    /// A message, by the hash of its canonical bytes.
    Ref(&'a [u8; 32]),
    /// A message that this field closes a cycle with, by name.
    SelfRef(&'a str),
    /// Anything else: its type is not part of the identity.
    Any,
}

/// What a field holds its leaf in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container<'a> {
    /// Nothing: the field is the leaf.
    None,
    /// Elements in order.
    List,
    /// Distinct elements.
    Set,
    /// Values by key; this is the key.
    Map(Leaf<'a>),
}

/// One field. Its id is its position plus one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldDef<'a> {
    /// The wire name.
    pub name: &'a str,
    /// The type, or that of the elements or values.
    pub leaf: Leaf<'a>,
    /// What holds the leaf.
    pub container: Container<'a>,
    /// Whether the field may be null.
    pub optional: bool,
}

/// A message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TypeDef<'a> {
    /// The tag before its last slash.
    pub package: &'a str,
    /// The tag after its last slash.
    pub name: &'a str,
    /// In declaration order.
    pub fields: &'a [FieldDef<'a>],
}

/// A method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MethodDef<'a> {
    /// The wire name.
    pub name: &'a str,
    /// How many messages go each way.
    pub pattern: Pattern,
    /// The hash of the request message.
    pub request: &'a [u8; 32],
    /// The hash of the response message.
    pub response: &'a [u8; 32],
    /// Whether calling twice does the same as calling once.
    pub idempotent: bool,
    /// Longest duration of a call in seconds; 0 if there is none.
    pub timeout: f64,
}

/// A service.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ContractDef<'a> {
    /// The wire name.
    pub name: &'a str,
    /// The version.
    pub version: i32,
    /// In any order: the bytes have them sorted by name. Names are in NFC, as
    /// identifiers of Rust and Python are; the reference sorts by that.
    pub methods: &'a [MethodDef<'a>],
    /// The names of the serialization modes, as declared.
    pub modes: &'a [&'a str],
    /// One instance for all, or one for each session.
    pub scope: Scope,
}

/// The room that canonical bytes are first written to, in bytes.
const ROOM: usize = 8 * 1024;

impl TypeDef<'_> {
    /// The hash of the canonical bytes, for constants.
    ///
    /// # Panics
    /// If there are more than [`MAX_TYPE_BYTES`].
    pub(super) const fn hash(&self) -> [u8; 32] {
        let mut room = [0; ROOM];
        match self.write(Out::new(&mut room)).free() {
            0 => self.hash_large(),
            free => hash_all_but(free, &room),
        }
    }

    const fn hash_large(&self) -> [u8; 32] {
        let mut room = [0; MAX_TYPE_BYTES + 1];
        let free = self.write(Out::new(&mut room)).free();
        assert!(free > 0, "a message has at most 1 MiB of canonical bytes");
        hash_all_but(free, &room)
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        to_vec(|out| self.write(out))
    }

    const fn write<'o>(&self, out: Out<'o>) -> Out<'o> {
        let out = out.byte(MESSAGE).text(self.package).text(self.name);
        let mut out = out.list(self.fields.len());
        let (mut fields, mut id) = (self.fields, 1);
        while let [field, rest @ ..] = fields {
            out = field.write(id, out);
            fields = rest;
            id += 1;
        }
        // The values of an enum, the variants of a union.
        out.list(0).list(0)
    }
}

/// The hash of what was written to a room.
const fn hash_all_but(free: usize, room: &[u8]) -> [u8; 32] {
    blake3::hash(room.split_at(room.len() - free).0)
}

/// What `write` writes, however long.
fn to_vec(write: impl Fn(Out<'_>) -> Out<'_>) -> Vec<u8> {
    let mut room = vec![0; ROOM];
    loop {
        match write(Out::new(&mut room)).free() {
            0 => room.resize(room.len() * 2, 0),
            free => {
                room.truncate(room.len() - free);
                return room;
            }
        }
    }
}

/// The kind of a type that is a message; enums and unions have no type of
/// their own in a contract (contract.md 1.1).
const MESSAGE: u8 = 0;

/// The empty text, where a member is absent.
const NO_TEXT: u8 = 2;
/// The length of a hash, where there is none.
const NO_HASH: u8 = 0;

impl FieldDef<'_> {
    const fn write<'o>(&self, id: i32, out: Out<'o>) -> Out<'o> {
        let out = self.leaf.write(out.signed(id).text(self.name));
        let out = match self.leaf {
            Leaf::SelfRef(name) => out.text(name),
            _ => out.byte(NO_TEXT),
        };
        // Whether it may be null, whether references are tracked.
        let out = out.put(&[self.optional as u8, 0]);
        // A key that closes a cycle has no name in the bytes (contract.md 1.5).
        match self.container {
            Container::None => out.put(&[0, 0, NO_TEXT, NO_HASH]),
            Container::List => out.put(&[1, 0, NO_TEXT, NO_HASH]),
            Container::Set => out.put(&[2, 0, NO_TEXT, NO_HASH]),
            Container::Map(key) => key.write(out.byte(3)),
        }
    }
}

impl Leaf<'_> {
    /// The kind, the name of the primitive, and the hash of the message.
    const fn write<'o>(self, out: Out<'o>) -> Out<'o> {
        match self {
            Self::Primitive(name) => out.byte(0).text(name).byte(NO_HASH),
            Self::Ref(hash) => out.put(&[1, NO_TEXT]).hash(hash),
            Self::SelfRef(_) => out.put(&[2, NO_TEXT, NO_HASH]),
            Self::Any => out.put(&[3, NO_TEXT, NO_HASH]),
        }
    }
}

impl ContractDef<'_> {
    /// The hash of the canonical bytes, for constants.
    ///
    /// # Panics
    /// If the methods are not sorted by name, or there are more than
    /// [`MAX_CONTRACT_BYTES`].
    pub(super) const fn hash(&self) -> [u8; 32] {
        assert!(self.is_sorted(), "the methods of a constant are sorted by name");
        let mut room = [0; ROOM];
        match self.write(Out::new(&mut room)).free() {
            0 => self.hash_large(),
            free => hash_all_but(free, &room),
        }
    }

    const fn hash_large(&self) -> [u8; 32] {
        let mut room = [0; MAX_CONTRACT_BYTES + 1];
        let free = self.write(Out::new(&mut room)).free();
        assert!(free > 0, "a contract has at most 1 MiB of canonical bytes");
        hash_all_but(free, &room)
    }

    const fn is_sorted(&self) -> bool {
        let mut methods = self.methods;
        while let [first, rest @ ..] = methods {
            if let [second, ..] = rest
                && precedes(second.name, first.name)
            {
                return false;
            }
            methods = rest;
        }
        true
    }

    /// The canonical bytes.
    #[must_use]
    pub fn to_vec(&self) -> Vec<u8> {
        let mut methods = self.methods.to_vec();
        methods.sort_by_key(|method| method.name);
        let sorted = ContractDef { methods: &methods, ..*self };
        to_vec(|out| sorted.write(out))
    }

    const fn write<'o>(&self, out: Out<'o>) -> Out<'o> {
        let mut out = out.text(self.name).signed(self.version).list(self.methods.len());
        let mut methods = self.methods;
        while let [method, rest @ ..] = methods {
            out = method.write(out);
            methods = rest;
        }
        out = out.list(self.modes.len());
        let mut modes = self.modes;
        while let [mode, rest @ ..] = modes {
            out = out.text(mode);
            modes = rest;
        }
        out = match self.scope {
            Scope::Shared => out.byte(0),
            Scope::Session => out.byte(1),
        };
        // Requirements never enter the identity (contract.md 1.1).
        out.absent()
    }
}

impl MethodDef<'_> {
    const fn write<'o>(&self, out: Out<'o>) -> Out<'o> {
        let pattern = match self.pattern {
            Pattern::Unary => 0,
            Pattern::ServerStream => 1,
            Pattern::ClientStream => 2,
            Pattern::Bidi => 3,
        };
        let out = out.text(self.name).byte(pattern).hash(self.request).hash(self.response);
        let out = out.byte(self.idempotent as u8).put(&self.timeout.to_bits().to_le_bytes());
        // Requirements never enter the identity (contract.md 1.1).
        out.absent()
    }
}

/// The place for the next bytes. None is left if the bytes did not fit, nor if
/// they just fit.
struct Out<'a>(&'a mut [u8]);

impl<'a> Out<'a> {
    const fn new(room: &'a mut [u8]) -> Self {
        Self(room)
    }

    /// How many bytes are left.
    const fn free(self) -> usize {
        self.0.len()
    }

    const fn byte(self, byte: u8) -> Self {
        if let [place, others @ ..] = self.0 {
            *place = byte;
            return Self(others);
        }
        Self(&mut [])
    }

    /// Not as a slice: to split off the place for it would cost as much as
    /// forty bytes do one by one.
    const fn put(self, bytes: &[u8]) -> Self {
        let Self(mut free) = self;
        let mut rest = bytes;
        while let [a, b, c, d, after @ ..] = rest
            && let [w, x, y, z, others @ ..] = free
        {
            *w = *a;
            *x = *b;
            *y = *c;
            *z = *d;
            rest = after;
            free = others;
        }
        while let [a, after @ ..] = rest
            && let [w, others @ ..] = free
        {
            *w = *a;
            rest = after;
            free = others;
        }
        Self(free)
    }

    /// Seven bits a byte, the low ones first.
    const fn number(mut self, mut value: u64) -> Self {
        while value >= 0x80 {
            self = self.byte(value as u8 | 0x80);
            value >>= 7;
        }
        self.byte(value as u8)
    }

    /// Small numbers of either sign are short.
    const fn signed(self, value: i32) -> Self {
        self.number(((value << 1) ^ (value >> 31)) as u32 as u64)
    }

    const fn text(self, text: &str) -> Self {
        self.number((text.len() as u64) << 2 | 2).put(text.as_bytes())
    }

    const fn hash(self, hash: &[u8; 32]) -> Self {
        self.byte(32).put(hash)
    }

    /// What stands before the elements of a list.
    const fn list(self, count: usize) -> Self {
        self.number(count as u64).byte(0x0c)
    }

    const fn absent(self) -> Self {
        self.byte(0xfd)
    }
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    const fn primitive<'a>(name: &'a str, of: &'a str) -> FieldDef<'a> {
        FieldDef { name, leaf: Leaf::Primitive(of), container: Container::None, optional: false }
    }

    const STATUS: TypeDef<'_> = TypeDef {
        package: "mission",
        name: "StatusResponse",
        fields: &[
            primitive("agent_id", "string"),
            primitive("status", "string"),
            primitive("uptime_secs", "int64"),
        ],
    };

    #[test]
    fn the_worked_type_has_the_bytes_of_the_reference() {
        const BYTES: [u8; STATUS.encoded_len()] = STATUS.encode();
        let expected = "001e6d697373696f6e3a537461747573526573706f6e7365030c\
            02226167656e745f6964001a737472696e67000200000000020004\
            1a737461747573001a737472696e670002000000000200062e757074\
            696d655f736563730016696e7436340002000000000200000c000c";
        let expected: String = expected.split_whitespace().collect();
        assert_eq!(HEXLOWER.encode(&BYTES), expected);
        assert_eq!(STATUS.to_vec(), BYTES);
    }

    #[test]
    fn containers_keys_and_references_have_their_members() {
        let hash = [0xaa; 32];
        let fields = [
            FieldDef { name: "tags", leaf: Leaf::Any, container: Container::None, optional: false },
            FieldDef {
                name: "m",
                leaf: Leaf::Ref(&hash),
                container: Container::Map(Leaf::Primitive("string")),
                optional: true,
            },
            FieldDef {
                name: "n",
                leaf: Leaf::SelfRef("t/N"),
                container: Container::List,
                optional: false,
            },
        ];
        let ty = TypeDef { package: "t", name: "N", fields: &fields };
        let hash = "aa".repeat(32);
        let expected = [
            "000674 064e 030c",
            "02 1274616773 03 02 00 02 00 00 00 00 02 00",
            "04 066d 01 02 20",
            &hash,
            "02 01 00 03 00 1a737472696e67 00",
            "06 066e 02 02 00 0e742f4e 00 00 01 00 02 00",
            "000c 000c",
        ];
        let expected: String = expected.concat().split_whitespace().collect();
        assert_eq!(HEXLOWER.encode(&ty.to_vec()), expected);
    }

    fn hash(hex: &str) -> [u8; 32] {
        HEXLOWER.decode(hex.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_worked_contract_has_the_bytes_of_the_reference() {
        let status = [
            "82564e8f6c037799ea989f96fdb57284caa6f6eb3d305d63f522651694f64cb5",
            "820cae3bdd7462d4600a8615ce52668b9129715cf4348553bed4eeecfb8800c2",
        ];
        let metrics = [
            "a4e6e2a08a0716e2a2951835eba9bfad52b26a164a68be7d805647a64bdc23a4",
            "267b45037460d731bc16c528f484968eb199871080d1401ddaf206acc19933d7",
        ];
        let log = [
            "2112b080ab24a207e14e778f47153e69304bbf842d5d1121fe55be1c19bf0db0",
            "dc66faa8c91b15125db0eda761037d914adda3ecc7563181cfb632e159f6bb63",
        ];
        let tail = [
            "736336f4e11aa29145df6abdc5925094b91b90bd9eef9fea3ad7502744442457",
            "2112b080ab24a207e14e778f47153e69304bbf842d5d1121fe55be1c19bf0db0",
        ];
        let hashes = [tail, status, metrics, log].map(|pair| pair.map(hash));
        let method = |name, pattern, [request, response]: &'static [[u8; 32]; 2]| MethodDef {
            name,
            pattern,
            request,
            response,
            idempotent: false,
            timeout: 0.0,
        };
        let [tail, status, metrics, log] = &*Box::leak(Box::new(hashes));
        let methods = [
            method("tailLogs", Pattern::ServerStream, tail),
            method("getStatus", Pattern::Unary, status),
            method("ingestMetrics", Pattern::ClientStream, metrics),
            method("submitLog", Pattern::Unary, log),
        ];
        let contract = ContractDef {
            name: "MissionControl",
            version: 1,
            methods: &methods,
            modes: &["xlang"],
            scope: Scope::Shared,
        };
        let bytes = contract.to_vec();
        assert_eq!(bytes.len(), 379);
        assert!(
            HEXLOWER.encode(&bytes).starts_with(
                "3a4d697373696f6e436f6e74726f6c02040c2667657453746174757300\
             2082564e8f6c037799ea989f96fdb57284caa6f6eb3d305d63f522651694f64cb520820cae3b"
                    .replace(' ', "")
                    .as_str()
            )
        );
        assert!(bytes.ends_with(b"\x01\x0c\x16xlang\x00\xfd"));
        assert_eq!(contract.encode::<379>().as_slice(), bytes, "constants sort the methods too");
    }

    #[test]
    fn methods_of_one_name_keep_their_order() {
        let (one, two) = ([1; 32], [2; 32]);
        let method = |name, request| MethodDef {
            name,
            pattern: Pattern::Unary,
            request,
            response: &one,
            idempotent: true,
            timeout: 1.5,
        };
        let methods = [method("b", &two), method("a", &one), method("b", &one)];
        let contract = ContractDef {
            name: "s",
            version: -1,
            methods: &methods,
            modes: &[],
            scope: Scope::Session,
        };
        const LEN: usize = 2 + 1 + 2 + 3 * (2 + 1 + 66 + 1 + 8 + 1) + 2 + 1 + 1;
        assert_eq!(contract.encoded_len(), LEN);
        assert_eq!(contract.encode::<LEN>().as_slice(), contract.to_vec());
        let start = HEXLOWER.encode(&contract.to_vec()[..11]);
        assert_eq!(start, "067301030c06610020010101"[..22]);
    }

    #[test]
    fn numbers_have_the_bytes_of_the_reference() {
        let signed = |value| {
            let mut room = [0; 8];
            let len = Out::new(&mut room).signed(value).len;
            HEXLOWER.encode(&room[..len])
        };
        let expected = [
            (1, "02"),
            (-1, "01"),
            (63, "7e"),
            (64, "8001"),
            (i32::MAX, "feffffff0f"),
            (i32::MIN, "ffffffff0f"),
        ];
        for (value, bytes) in expected {
            assert_eq!(signed(value), bytes, "{value}");
        }
        let text = |len: usize| {
            let mut room = [0; 3];
            Out::new(&mut room).text(&"x".repeat(len));
            room
        };
        assert_eq!(text(0), [2, 0, 0]);
        assert_eq!(text(31)[0], 0x7e);
        assert_eq!(text(32)[..2], [0x82, 0x01]);
        assert_eq!(text(5000), [0xa2, 0x9c, 0x01]);
    }
}
