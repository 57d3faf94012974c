//! Credentials as JSON: in files, and on the wire.
//!
//! The two differ in one word: files have `type`, the wire `credential_type`
//! (trust.md 1.4, 3). Reading is strict, so that each credential has one text
//! but for the order and the spaces: lower-case hex of the exact length, whole
//! numbers, texts for attributes, no unknown field and no field twice. All
//! that the reference writes is accepted.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};

use super::{ConsumerCredential, Credential, CredentialKind, ProducerCredential};
use crate::hex;
use crate::peer::PeerId;
use crate::trust::attributes::Attributes;
use crate::trust::expiry::MAX_EXPIRES_AT;
use crate::trust::nonce::Nonce;
use crate::trust::root_public_key::RootPublicKey;

/// Largest text of a credential, in bytes.
pub const MAX_CREDENTIAL_BYTES: usize = 65_536;

/// Longest excerpt of a parser's complaint, in characters.
const MAX_COMPLAINT_CHARS: usize = 160;

/// Why a text is not a credential. Fit for logs: what came from outside is
/// shortened and has no control characters.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidCredential {
    /// Larger than any credential.
    #[error("it is larger than {MAX_CREDENTIAL_BYTES} bytes")]
    TooLarge,
    /// Not JSON, or with other fields or types.
    #[error("it is not the JSON of a credential: {0}")]
    Json(String),
    /// A field of hex characters is something else.
    #[error("{field} is not {chars} lower-case hex characters")]
    Hex {
        /// The field.
        field: &'static str,
        /// How many characters it has.
        chars: usize,
    },
    /// A field of an identity file is missing or of another type.
    #[error("{field} is not {expected}")]
    Field {
        /// The field.
        field: &'static str,
        /// What it should be.
        expected: &'static str,
    },
    /// The kind is missing or unknown.
    #[error("its kind is missing or unknown; it is policy, ott or producer")]
    Kind,
    /// The end is out of range.
    #[error("expires_at is after the year 9999; it counts seconds, not milliseconds")]
    ExpiresAt,
    /// One-time, but without nonce.
    #[error("it is for one use (ott), but has no nonce; it must be signed again")]
    NonceMissing,
    /// A nonce where none may be.
    #[error("it has a nonce, but is not for one use (ott)")]
    NonceUnexpected,
    /// A producer's without node.
    #[error("it is a producer's, but names no node (endpoint_id)")]
    NodeMissing,
}

/// The fields of all kinds, before they are checked.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields<'a> {
    #[serde(borrow, default, deserialize_with = "present")]
    credential_type: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "type", deserialize_with = "present")]
    file_type: Option<Cow<'a, str>>,
    #[serde(borrow)]
    root_pubkey: Cow<'a, str>,
    expires_at: u64,
    attributes: Attributes,
    #[serde(borrow, default)]
    endpoint_id: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    nonce: Option<Cow<'a, str>>,
    #[serde(borrow)]
    signature: Cow<'a, str>,
}

/// A field that may be missing, but not null.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Cow<'de, str>>, D::Error> {
    String::deserialize(deserializer).map(|text| Some(text.into()))
}

fn fields(text: &str) -> Result<Fields<'_>, InvalidCredential> {
    if text.len() > MAX_CREDENTIAL_BYTES {
        return Err(InvalidCredential::TooLarge);
    }
    serde_json::from_str(text).map_err(|error| InvalidCredential::Json(printable(&error)))
}

fn printable(complaint: &impl ToString) -> String {
    let complaint = complaint.to_string();
    complaint.chars().flat_map(char::escape_debug).take(MAX_COMPLAINT_CHARS).collect()
}

/// The parts of a credential as texts, wherever they were read.
pub(crate) struct Parts<'a> {
    pub(crate) kind: CredentialKind,
    pub(crate) root_pubkey: &'a str,
    pub(crate) expires_at: u64,
    pub(crate) attributes: Attributes,
    pub(crate) endpoint_id: Option<&'a str>,
    pub(crate) nonce: Option<&'a str>,
    pub(crate) signature: &'a str,
}

impl Parts<'_> {
    pub(crate) fn credential(self) -> Result<Credential, InvalidCredential> {
        let root = RootPublicKey::claimed(bytes("root_pubkey", self.root_pubkey)?);
        let signature = bytes("signature", self.signature)?;
        let node = self.endpoint_id.map(|text| bytes("endpoint_id", text)).transpose()?;
        let node = node.map(PeerId::from_bytes);
        let nonce = self.nonce.map(|text| bytes("nonce", text)).transpose()?;
        let nonce = nonce.map(Nonce::from_bytes);
        let Self { expires_at, attributes, .. } = self;
        if expires_at > MAX_EXPIRES_AT {
            return Err(InvalidCredential::ExpiresAt);
        }
        match (self.kind, nonce) {
            (CredentialKind::OneTime, None) => return Err(InvalidCredential::NonceMissing),
            (CredentialKind::OneTime, Some(_)) | (_, None) => {}
            (_, Some(_)) => return Err(InvalidCredential::NonceUnexpected),
        }
        Ok(if self.kind == CredentialKind::Producer {
            let node = node.ok_or(InvalidCredential::NodeMissing)?;
            ProducerCredential { root, expires_at, attributes, node, signature }.into()
        } else {
            ConsumerCredential { root, expires_at, attributes, node, nonce, signature }.into()
        })
    }
}

fn bytes<const N: usize>(field: &'static str, text: &str) -> Result<[u8; N], InvalidCredential> {
    hex::decode(text).ok_or(InvalidCredential::Hex { field, chars: 2 * N })
}

impl<'a> Fields<'a> {
    fn parts(&'a self, kind: CredentialKind) -> Parts<'a> {
        Parts {
            kind,
            root_pubkey: &self.root_pubkey,
            expires_at: self.expires_at,
            attributes: self.attributes.clone(),
            endpoint_id: self.endpoint_id.as_deref(),
            nonce: self.nonce.as_deref(),
            signature: &self.signature,
        }
    }
}

pub(crate) fn parse_kind(word: &str) -> Result<CredentialKind, InvalidCredential> {
    let kinds = [CredentialKind::Policy, CredentialKind::OneTime, CredentialKind::Producer];
    kinds.into_iter().find(|kind| kind.as_str() == word).ok_or(InvalidCredential::Kind)
}

/// The order of fields is that of the reference.
#[derive(Serialize)]
struct ConsumerFields<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    credential_type: Option<&'a str>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    file_type: Option<&'a str>,
    root_pubkey: String,
    expires_at: u64,
    attributes: &'a Attributes,
    endpoint_id: Option<String>,
    nonce: Option<String>,
    signature: String,
}

#[derive(Serialize)]
struct ProducerFields<'a> {
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    file_type: Option<&'a str>,
    endpoint_id: String,
    root_pubkey: String,
    expires_at: u64,
    attributes: &'a Attributes,
    signature: String,
}

impl ConsumerCredential {
    /// The credential in the JSON that a client sends.
    ///
    /// # Errors
    /// [`InvalidCredential`]; that its kind and content are well formed is
    /// all that is known afterwards.
    ///
    /// ```
    /// use aster_runtime::trust::{ConsumerCredential, InvalidCredential};
    /// let error = ConsumerCredential::from_wire_json("{}").unwrap_err();
    /// assert!(matches!(error, InvalidCredential::Json(_)));
    /// ```
    pub fn from_wire_json(text: &str) -> Result<Self, InvalidCredential> {
        let fields = fields(text)?;
        let kind = match (&fields.credential_type, &fields.file_type) {
            (Some(word), None) => parse_kind(word)?,
            _ => return Err(InvalidCredential::Kind),
        };
        match fields.parts(kind).credential()? {
            Credential::Consumer(credential) => Ok(credential),
            Credential::Producer(_) => Err(InvalidCredential::Kind),
        }
    }

    /// The JSON that a client sends: one line, ASCII.
    #[must_use]
    pub fn to_wire_json(&self) -> String {
        let kind = Some(self.kind().as_str());
        one_line(&ConsumerFields { credential_type: kind, ..self.fields() })
    }

    fn fields(&self) -> ConsumerFields<'_> {
        ConsumerFields {
            credential_type: None,
            file_type: None,
            root_pubkey: self.root.to_string(),
            expires_at: self.expires_at,
            attributes: &self.attributes,
            endpoint_id: self.node.map(|node| node.to_string()),
            nonce: self.nonce.map(Nonce::to_hex),
            signature: self.signature_hex(),
        }
    }

    pub(super) fn signature_hex(&self) -> String {
        hex::encode(&self.signature)
    }
}

impl ProducerCredential {
    /// The credential in the JSON that a server sends.
    ///
    /// # Errors
    /// [`InvalidCredential`].
    pub fn from_wire_json(text: &str) -> Result<Self, InvalidCredential> {
        let fields = fields(text)?;
        if fields.credential_type.is_some() || fields.file_type.is_some() {
            return Err(InvalidCredential::Kind);
        }
        match fields.parts(CredentialKind::Producer).credential()? {
            Credential::Producer(credential) => Ok(credential),
            Credential::Consumer(_) => Err(InvalidCredential::Kind),
        }
    }

    /// The JSON that a server sends: one line, ASCII.
    #[must_use]
    pub fn to_wire_json(&self) -> String {
        one_line(&self.fields())
    }

    fn fields(&self) -> ProducerFields<'_> {
        ProducerFields {
            file_type: None,
            endpoint_id: self.node.to_string(),
            root_pubkey: self.root.to_string(),
            expires_at: self.expires_at,
            attributes: &self.attributes,
            signature: self.signature_hex(),
        }
    }

    pub(super) fn signature_hex(&self) -> String {
        hex::encode(&self.signature)
    }
}

impl Credential {
    /// The credential in the text of a JSON file. The kind is under `type`,
    /// or under `credential_type` as on the wire.
    ///
    /// # Errors
    /// [`InvalidCredential`].
    pub fn from_file_json(text: &str) -> Result<Self, InvalidCredential> {
        let fields = fields(text)?;
        match (&fields.credential_type, &fields.file_type) {
            (Some(word), None) | (None, Some(word)) => fields.parts(parse_kind(word)?).credential(),
            _ => Err(InvalidCredential::Kind),
        }
    }

    /// The text of a JSON file, as the reference writes it: ASCII, two spaces
    /// for each level.
    #[must_use]
    pub fn to_file_json(&self) -> String {
        let kind = Some(self.kind().as_str());
        let mut text = match self {
            Self::Consumer(credential) => {
                indented(&ConsumerFields { file_type: kind, ..credential.fields() })
            }
            Self::Producer(credential) => {
                indented(&ProducerFields { file_type: kind, ..credential.fields() })
            }
        };
        text.push('\n');
        text
    }
}

fn one_line(fields: &impl Serialize) -> String {
    #[expect(clippy::expect_used, reason = "texts and numbers are always JSON")]
    ascii(&serde_json::to_string(fields).expect("texts and numbers are JSON"))
}

fn indented(fields: &impl Serialize) -> String {
    #[expect(clippy::expect_used, reason = "texts and numbers are always JSON")]
    ascii(&serde_json::to_string_pretty(fields).expect("texts and numbers are JSON"))
}

/// JSON with all but printable ASCII escaped. Only texts can hold such.
fn ascii(json: &str) -> String {
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if matches!(character, '\n' | ' '..='~') {
            escaped.push(character);
        } else {
            let mut units = [0; 2];
            for unit in character.encode_utf16(&mut units) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trust::fixtures::{NOW, peer, root};

    #[test]
    fn a42_complaints_are_short_and_printable() {
        let hostile = format!("{{\"a\u{1b}[31m\n{}\":1}}", "x".repeat(1000));
        let Err(InvalidCredential::Json(complaint)) = Credential::from_file_json(&hostile) else {
            panic!("accepted");
        };
        assert!(complaint.chars().count() <= MAX_COMPLAINT_CHARS, "{complaint}");
        assert!(!complaint.contains(char::is_control), "{complaint}");
        let unknown = r#"{"surprise\u001b\n":1}"#;
        let Err(InvalidCredential::Json(complaint)) = Credential::from_file_json(unknown) else {
            panic!("accepted");
        };
        assert!(complaint.contains("surprise"), "{complaint}");
        assert!(!complaint.contains(char::is_control), "{complaint}");
    }

    #[test]
    fn all_but_printable_ascii_is_escaped() {
        assert_eq!(ascii("\"a~ \n\""), "\"a~ \n\"");
        assert_eq!(ascii("\u{7f}é\u{2028}\u{1f600}"), r"\u007f\u00e9\u2028\ud83d\ude00");
    }

    #[test]
    fn what_is_too_large_is_not_parsed() {
        let spaces = " ".repeat(MAX_CREDENTIAL_BYTES);
        assert!(matches!(Credential::from_file_json(&spaces), Err(InvalidCredential::Json(_))));
        let more = format!("{spaces} ");
        assert_eq!(Credential::from_file_json(&more), Err(InvalidCredential::TooLarge));
    }

    #[test]
    fn how_long_a_damaged_field_should_be_is_told() {
        let mine = Some(peer(1));
        let good = ConsumerCredential::sign_policy(&root(), mine, NOW, Attributes::new());
        let json = good.to_wire_json();
        for (field, text, chars) in [
            ("root_pubkey", good.root().to_string(), 64),
            ("endpoint_id", peer(1).to_string(), 64),
            ("signature", good.signature_hex(), 128),
        ] {
            let short = json.replace(&text, &text[1..]);
            let error = ConsumerCredential::from_wire_json(&short).unwrap_err();
            assert_eq!(error, InvalidCredential::Hex { field, chars });
        }
    }
}
