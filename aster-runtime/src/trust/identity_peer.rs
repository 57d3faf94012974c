//! One credential in an identity file.

use std::fmt;

use toml::{Table, Value};

use super::attributes::{Attributes, NAME_ATTRIBUTE, ROLE_ATTRIBUTE};
use super::credential::{Credential, CredentialKind, InvalidCredential, Parts, parse_kind};

/// What a node does in a mesh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NodeRole {
    /// It calls services.
    Consumer,
    /// It offers them.
    Producer,
}

impl NodeRole {
    /// The word for it in files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consumer => "consumer",
            Self::Producer => "producer",
        }
    }
}

impl fmt::Display for NodeRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// One `[[peers]]` entry: a credential with a name.
#[derive(Clone)]
pub struct IdentityPeer {
    credential: Result<Credential, InvalidCredential>,
    /// As it is written, with all attributes that were signed.
    table: Table,
}

impl IdentityPeer {
    /// The name that people gave it.
    #[must_use]
    pub fn name(&self) -> &str {
        text(&self.table, "name").unwrap_or_default()
    }

    /// The role as it is written: `consumer` or `producer` in a good file.
    #[must_use]
    pub fn role(&self) -> &str {
        text(&self.table, "role").unwrap_or_default()
    }

    /// The entry as it is written.
    pub(super) fn table(&self) -> &Table {
        &self.table
    }

    /// The credential.
    ///
    /// # Errors
    /// [`InvalidCredential`] when the entry does not hold one.
    pub fn credential(&self) -> Result<&Credential, InvalidCredential> {
        self.credential.as_ref().map_err(Clone::clone)
    }

    pub(super) fn read(mut table: Table) -> Self {
        let credential = recovered(&table);
        if let Ok(credential) = &credential {
            table.insert("attributes".into(), attribute_table(credential.attributes()));
        }
        Self { credential, table }
    }

    pub(super) fn write(name: &str, credential: Credential) -> Self {
        let (role, kind) = match credential.kind() {
            CredentialKind::Producer => (NodeRole::Producer, CredentialKind::Policy),
            kind => (NodeRole::Consumer, kind),
        };
        let mut table = Table::new();
        let mut set = |key: &str, value: String| table.insert(key.into(), Value::String(value));
        set("name", name.into());
        set("role", role.to_string());
        set("type", kind.to_string());
        set("root_pubkey", credential.root().to_string());
        if let Some(node) = credential.node() {
            set("endpoint_id", node.to_string());
        }
        if let Some(nonce) = credential.nonce() {
            set("nonce", nonce.to_hex());
        }
        set("signature", credential.signature_hex());
        let expires_at = i64::try_from(credential.expires_at()).unwrap_or(i64::MAX);
        table.insert("expires_at".into(), Value::Integer(expires_at));
        table.insert("attributes".into(), attribute_table(credential.attributes()));
        Self { credential: Ok(credential), table }
    }
}

impl fmt::Debug for IdentityPeer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IdentityPeer")
            .field("name", &self.name())
            .field("credential", &self.credential)
            .finish_non_exhaustive()
    }
}

fn attribute_table(attributes: &Attributes) -> Value {
    let pairs = attributes.iter().map(|(key, value)| (key.into(), Value::String(value.into())));
    Value::Table(pairs.collect())
}

/// The credential of an entry. The reference leaves out attributes that
/// repeat the entry's role or name, although they are signed; so where the
/// signature does not fit what is written, it is tried with them.
fn recovered(entry: &Table) -> Result<Credential, InvalidCredential> {
    let written = credential(entry, &[])?;
    if written.has_valid_signature() {
        return Ok(written);
    }
    let role = (ROLE_ATTRIBUTE, text(entry, "role").unwrap_or_default());
    let name = (NAME_ATTRIBUTE, text(entry, "name").unwrap_or_default());
    let left_out: [&[_]; 3] = [&[role], &[name], &[role, name]];
    // Attributes that are there, or are too many, cannot have been left out.
    let mut tried = left_out.iter().filter_map(|more| credential(entry, more).ok());
    Ok(tried.find(Credential::has_valid_signature).unwrap_or(written))
}

fn credential(entry: &Table, more: &[(&str, &str)]) -> Result<Credential, InvalidCredential> {
    let field = |field, expected| InvalidCredential::Field { field, expected };
    let required = |name| text(entry, name).ok_or_else(|| field(name, "a text"));
    let optional = |name| match entry.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.as_str())),
        Some(_) => Err(field(name, "a text")),
    };
    let kind = parse_kind(optional("type")?.unwrap_or("policy"))?;
    let kind = match (required("role")?, kind) {
        ("consumer", CredentialKind::Policy | CredentialKind::OneTime) => kind,
        ("producer", CredentialKind::Policy) => CredentialKind::Producer,
        _ => return Err(InvalidCredential::Kind),
    };
    let expires_at = entry.get("expires_at").and_then(Value::as_integer);
    let expires_at = expires_at.and_then(|end| u64::try_from(end).ok());
    let mut attributes = Attributes::new();
    let texts = field("attributes", "a table of texts within the limits");
    match entry.get("attributes") {
        None => {}
        Some(Value::Table(table)) => {
            for (key, value) in table {
                let value = value.as_str().ok_or_else(|| texts.clone())?;
                attributes.insert(key, value).map_err(|_| texts.clone())?;
            }
        }
        Some(_) => return Err(texts),
    }
    for (key, value) in more {
        attributes.insert(*key, *value).map_err(|_| texts.clone())?;
    }
    Parts {
        kind,
        root_pubkey: required("root_pubkey")?,
        expires_at: expires_at.ok_or_else(|| field("expires_at", "a whole number of seconds"))?,
        attributes,
        endpoint_id: optional("endpoint_id")?,
        nonce: optional("nonce")?,
        signature: required("signature")?,
    }
    .credential()
}

fn text<'a>(table: &'a Table, key: &str) -> Option<&'a str> {
    table.get(key).and_then(Value::as_str)
}
