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
mod tests;
