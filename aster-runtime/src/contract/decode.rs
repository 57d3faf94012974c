//! From canonical bytes to definitions.
//!
//! Every definition has one encoding, and only that one is read: a shorter
//! form, an unused member that is not empty, an order that is not canonical
//! and a byte at the end are errors. So what was read encodes to the bytes it
//! came from. Enums, unions and tracked references, which contract.md 2 can
//! write and no service publishes (contract.md 1.1), are refused by name.

use super::limits::{MAX_FIELDS, MAX_METHODS, MAX_MODES, MAX_NAME_BYTES, MAX_ROLES};
use crate::service::{Pattern, Scope};

use super::error::MalformedDefinition;
use super::{Container, FieldDef, Leaf, MethodDef, Requirement};

/// The definition of a service, read from `contract.bin`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DecodedContract<'a> {
    pub(super) name: &'a str,
    pub(super) version: i32,
    /// Sorted by name; every name is there once.
    pub(super) methods: Vec<DecodedMethod<'a>>,
    pub(super) modes: Vec<&'a str>,
    pub(super) scope: Scope,
    pub(super) requires: Option<Requirement>,
}

/// A method and what it requires, which the encoder here never writes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DecodedMethod<'a> {
    pub(super) def: MethodDef<'a>,
    pub(super) requires: Option<Requirement>,
}

/// The definition of a message, read from `types/<hash>.bin`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct DecodedType<'a> {
    pub(super) package: &'a str,
    pub(super) name: &'a str,
    /// Every name is there once.
    pub(super) fields: Vec<FieldDef<'a>>,
}

impl<'a> DecodedContract<'a> {
    pub(super) fn decode(bytes: &'a [u8]) -> Result<Self, MalformedDefinition> {
        let mut input = Input::new(bytes);
        let name = input.text()?;
        let version = input.signed()?;
        let mut methods: Vec<DecodedMethod<'a>> = Vec::new();
        for _ in 0..input.list("methods", MAX_METHODS)? {
            let at = input.at;
            let method = input.method()?;
            if methods.last().is_some_and(|last| last.def.name >= method.def.name) {
                return Err(MalformedDefinition::new(
                    at,
                    format!("the method {:?} is not in the order of names", method.def.name),
                ));
            }
            methods.push(method);
        }
        let mut modes = Vec::new();
        for _ in 0..input.list("serialization modes", MAX_MODES)? {
            modes.push(input.text()?);
        }
        let scope = match input.number()? {
            0 => Scope::Shared,
            1 => Scope::Session,
            other => return Err(input.unknown("a scope", other)),
        };
        let requires = input.requirement()?;
        input.end()?;
        Ok(Self { name, version, methods, modes, scope, requires })
    }
}

impl<'a> DecodedType<'a> {
    pub(super) fn decode(bytes: &'a [u8]) -> Result<Self, MalformedDefinition> {
        let mut input = Input::new(bytes);
        match input.number()? {
            0 => {}
            1 => return Err(input.error("the definition of an enum: no service publishes one")),
            2 => return Err(input.error("the definition of a union: no service publishes one")),
            other => return Err(input.unknown("a kind of type", other)),
        }
        let (package, name) = (input.text()?, input.text()?);
        let mut fields = Vec::new();
        let mut names = std::collections::HashSet::new();
        for id in 1..=input.list("fields", MAX_FIELDS)? {
            let at = input.at;
            let field = input.field(id)?;
            if !names.insert(field.name) {
                return Err(MalformedDefinition::new(
                    at,
                    format!("the field {:?} is there twice", field.name),
                ));
            }
            fields.push(field);
        }
        for of in ["values of an enum", "variants of a union"] {
            if input.list(of, MAX_FIELDS)? != 0 {
                return Err(input.error(format!("{of} in the definition of a message")));
            }
        }
        input.end()?;
        Ok(Self { package, name, fields })
    }
}

/// Canonical bytes, and how many of them were read.
struct Input<'a> {
    rest: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, at: 0 }
    }

    fn error(&self, reason: impl Into<String>) -> MalformedDefinition {
        MalformedDefinition::new(self.at, reason)
    }

    fn unknown(&self, what: &str, number: u64) -> MalformedDefinition {
        self.error(format!("{number} is not the number of {what}"))
    }

    fn end(&self) -> Result<(), MalformedDefinition> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(self.error(format!("{} bytes after the end", self.rest.len())))
        }
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], MalformedDefinition> {
        let Some((taken, rest)) = self.rest.split_at_checked(len) else {
            return Err(self.error(format!(
                "the definition ends early: {len} more bytes are announced and {} are left",
                self.rest.len()
            )));
        };
        (self.rest, self.at) = (rest, self.at + len);
        Ok(taken)
    }

    fn byte(&mut self) -> Result<u8, MalformedDefinition> {
        Ok(self.take(1)?.first().copied().unwrap_or_default())
    }

    /// At most 32 bits, in as few bytes as possible.
    fn number(&mut self) -> Result<u64, MalformedDefinition> {
        let mut value = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && shift > 0 {
                    return Err(self.error("a number takes more bytes than it needs"));
                }
                if value > u32::MAX.into() {
                    break;
                }
                return Ok(value);
            }
        }
        Err(self.error("a number has more than 32 bits"))
    }

    fn signed(&mut self) -> Result<i32, MalformedDefinition> {
        let value = self.number()? as u32;
        Ok((value >> 1) as i32 ^ -((value & 1) as i32))
    }

    fn flag(&mut self) -> Result<bool, MalformedDefinition> {
        match self.byte()? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.error(format!("{other} is not a truth value"))),
        }
    }

    fn text(&mut self) -> Result<&'a str, MalformedDefinition> {
        let header = self.number()?;
        if header & 3 != 2 {
            return Err(self.error("a text is not announced as UTF-8"));
        }
        let len = (header >> 2) as usize;
        if len > MAX_NAME_BYTES {
            return Err(
                self.error(format!("a text of {len} bytes; at most {MAX_NAME_BYTES} are read"))
            );
        }
        let at = self.at;
        std::str::from_utf8(self.take(len)?)
            .map_err(|_| MalformedDefinition::new(at, "a text is not UTF-8"))
    }

    fn empty_text(&mut self, of: &str) -> Result<(), MalformedDefinition> {
        if self.text()?.is_empty() { Ok(()) } else { Err(self.error(format!("{of} is not empty"))) }
    }

    fn hash(&mut self) -> Result<&'a [u8; 32], MalformedDefinition> {
        let hash = self.bytes()?;
        hash.try_into().map_err(|_| self.error(format!("a hash of {} bytes", hash.len())))
    }

    fn bytes(&mut self) -> Result<&'a [u8], MalformedDefinition> {
        let len = self.number()? as usize;
        self.take(len)
    }

    fn empty_bytes(&mut self, of: &str) -> Result<(), MalformedDefinition> {
        if self.bytes()?.is_empty() {
            Ok(())
        } else {
            Err(self.error(format!("{of} is not empty")))
        }
    }

    /// The number of elements that follow.
    fn list(&mut self, of: &str, max: usize) -> Result<i32, MalformedDefinition> {
        let count = self.number()?;
        if self.byte()? != 0x0c {
            return Err(self.error("a list has not the mark of a list"));
        }
        match i32::try_from(count) {
            Ok(count) if count as usize <= max => Ok(count),
            _ => Err(self.error(format!("{count} {of}; at most {max} are read"))),
        }
    }

    fn field(&mut self, id: i32) -> Result<FieldDef<'a>, MalformedDefinition> {
        let found = self.signed()?;
        if found != id {
            return Err(self.error(format!("the field number {found} stands where {id} belongs")));
        }
        let name = self.text()?;
        let kind = self.number()?;
        let leaf = self.leaf(kind)?;
        let leaf = if let Leaf::SelfRef(_) = leaf {
            Leaf::SelfRef(self.text()?)
        } else {
            self.empty_text("the name of a cycle")?;
            leaf
        };
        let optional = self.flag()?;
        if self.flag()? {
            return Err(self.error("a tracked reference: no service publishes one"));
        }
        let holder = self.number()?;
        let kind = self.number()?;
        let container = match (holder, kind) {
            (3, kind) => Container::Map(self.leaf(kind)?),
            (0..=2, 0) => {
                self.empty_text("the key of a field that is no map")?;
                self.empty_bytes("the key of a field that is no map")?;
                match holder {
                    0 => Container::None,
                    1 => Container::List,
                    _ => Container::Set,
                }
            }
            (0..=2, _) => return Err(self.error("the key of a field that is no map is not empty")),
            (other, _) => return Err(self.unknown("a container", other)),
        };
        Ok(FieldDef { name, leaf, container, optional })
    }

    /// The name and the hash that follow a kind of leaf. The name of a cycle is
    /// not read: a key has none (contract.md 1.5).
    fn leaf(&mut self, kind: u64) -> Result<Leaf<'a>, MalformedDefinition> {
        let no_name = "the name of a leaf that is no primitive";
        let no_hash = "the hash of a leaf that is no message";
        Ok(match kind {
            0 => {
                let name = self.text()?;
                self.empty_bytes(no_hash)?;
                Leaf::Primitive(name)
            }
            1 => {
                self.empty_text(no_name)?;
                Leaf::Ref(self.hash()?)
            }
            2 | 3 => {
                self.empty_text(no_name)?;
                self.empty_bytes(no_hash)?;
                if kind == 2 { Leaf::SelfRef("") } else { Leaf::Any }
            }
            other => return Err(self.unknown("a kind of leaf", other)),
        })
    }

    fn method(&mut self) -> Result<DecodedMethod<'a>, MalformedDefinition> {
        let name = self.text()?;
        let pattern = match self.number()? {
            0 => Pattern::Unary,
            1 => Pattern::ServerStream,
            2 => Pattern::ClientStream,
            3 => Pattern::Bidi,
            other => return Err(self.unknown("a pattern", other)),
        };
        let (request, response) = (self.hash()?, self.hash()?);
        let idempotent = self.flag()?;
        let bits: [u8; 8] = self.take(8)?.try_into().unwrap_or_default();
        let timeout = f64::from_le_bytes(bits);
        if !timeout.is_finite() || timeout.is_sign_negative() {
            return Err(self.error(format!("{timeout} is no number of seconds")));
        }
        let requires = self.requirement()?;
        let def = MethodDef { name, pattern, request, response, idempotent, timeout };
        Ok(DecodedMethod { def, requires })
    }

    fn requirement(&mut self) -> Result<Option<Requirement>, MalformedDefinition> {
        match self.byte()? {
            0xfd => return Ok(None),
            0 => {}
            other => {
                return Err(self.error(format!("{other} does not tell whether something follows")));
            }
        }
        let kind = self.number()?;
        let mut roles: Vec<String> = Vec::new();
        for _ in 0..self.list("roles", MAX_ROLES)? {
            let role = self.text()?;
            if roles.last().is_some_and(|last| last.as_str() > role) {
                return Err(self.error(format!("the role {role:?} is not in the order of names")));
            }
            roles.push(role.to_owned());
        }
        Ok(Some(match (kind, roles.len()) {
            (0, 1) => Requirement::Role(roles.remove(0)),
            (0, count) => return Err(self.error(format!("{count} roles where one belongs"))),
            (1, _) => Requirement::AnyOf(roles),
            (2, _) => Requirement::AllOf(roles),
            (other, _) => return Err(self.unknown("a kind of requirement", other)),
        }))
    }
}

#[cfg(test)]
mod tests;
