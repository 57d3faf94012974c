//! A file of the trust system, whatever it holds.

use std::borrow::Cow;
use std::path::Path;

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::chain::Chain;
use super::credential::Credential;
use super::identity_file::IdentityFile;
use super::revocation_list::RevocationList;
use super::root_public_key::{InvalidRootPublicKey, RootPublicKey};
use crate::limits::MAX_REVOCATION_LIST_BYTES;
use crate::private_file::{self, FileError};

/// What a file holds, for tools that show and compare. The kind is told by the
/// content; names and extensions mean nothing.
///
/// ```
/// use aster_runtime::trust::{RootKey, TrustFile};
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("root.key");
/// let key = RootKey::generate();
/// key.save_new(&path)?;
/// let (file, exposed) = TrustFile::load(&path)?;
/// assert!(matches!(file, TrustFile::RootKey(public) if public == key.public_key()));
/// assert!(exposed.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub enum TrustFile {
    /// Both halves of a root key. Only the public one is kept, as the file
    /// states it: commands that do not sign never load the other.
    RootKey(RootPublicKey),
    /// The public half of a root key.
    RootPublicKey(RootPublicKey),
    /// A node's key and its credentials.
    Identity(IdentityFile),
    /// One credential.
    Credential(Credential),
    /// A chain.
    Chain(Chain),
    /// A revocation list, whose signature is checked.
    Revocations(RevocationList),
}

impl TrustFile {
    /// Reads the file at `path`, of at most 2 MiB. Beside it comes the error
    /// that the file is for whoever wants to use it: others can read what
    /// should be secret.
    ///
    /// # Errors
    /// [`FileError`]: a file that cannot be read, is damaged or is of another
    /// kind.
    pub fn load(path: impl AsRef<Path>) -> Result<(Self, Option<FileError>), FileError> {
        let path = path.as_ref();
        let (text, exposed) = private_file::read_any(path, MAX_REVOCATION_LIST_BYTES as u64)?;
        let file = Self::parse(&text).map_err(|reason| FileError::content(path, reason))?;
        Ok(if file.is_secret() { (file, exposed) } else { (file, None) })
    }

    /// The file with this text, or why there is none, without anything of it.
    fn parse(text: &str) -> Result<Self, String> {
        fn read<T, E: ToString>(
            read: Result<T, E>,
            kind: impl FnOnce(T) -> TrustFile,
        ) -> Result<TrustFile, String> {
            read.map(kind).map_err(|error| error.to_string())
        }
        let trimmed = text.trim_ascii();
        if Chain::recognizes(trimmed) {
            return read(Chain::from_text(text), Self::Chain);
        }
        if !trimmed.starts_with('{') {
            return match (trimmed.parse(), IdentityFile::parse(text)) {
                (Ok(key), _) => Ok(Self::RootPublicKey(key)),
                (_, Ok(file)) if file.node().is_some() || !file.peers().is_empty() => {
                    Ok(Self::Identity(file))
                }
                (_, Err(error)) if has_section(text) => Err(error.to_string()),
                (_, Ok(_) | Err(_)) => Err(UNKNOWN.into()),
            };
        }
        #[derive(Deserialize)]
        struct Fields<'a> {
            #[serde(borrow, rename = "type")]
            kind: Option<Cow<'a, str>>,
            private_key: Option<IgnoredAny>,
            #[serde(borrow)]
            public_key: Option<Cow<'a, str>>,
            signature: Option<IgnoredAny>,
        }
        let fields: Fields<'_> = serde_json::from_str(trimmed).map_err(|_| UNKNOWN)?;
        match fields {
            Fields { private_key: Some(_), public_key, .. } => {
                let public = public_key.ok_or(NO_PUBLIC_HALF)?;
                read(public.parse::<RootPublicKey>(), Self::RootKey)
            }
            Fields { public_key: Some(key), .. } => {
                read::<_, InvalidRootPublicKey>(key.parse(), Self::RootPublicKey)
            }
            Fields { kind: Some(kind), .. } if kind == "revocations" => {
                read(RevocationList::from_text(text), Self::Revocations)
            }
            Fields { signature: Some(_), .. } => {
                read(Credential::from_file_json(trimmed), Self::Credential)
            }
            _ => Err(UNKNOWN.into()),
        }
    }

    /// Whether others could use what the file holds.
    fn is_secret(&self) -> bool {
        match self {
            Self::RootKey(_) | Self::Identity(_) => true,
            Self::Credential(credential) => credential.node().is_none(),
            Self::RootPublicKey(_) | Self::Chain(_) | Self::Revocations(_) => false,
        }
    }
}

/// Whether a text that is no identity file was meant as one.
fn has_section(text: &str) -> bool {
    text.lines().any(|line| matches!(line.trim(), "[node]" | "[[peers]]"))
}

const UNKNOWN: &str = "it is no root key, identity file, credential, chain or revocation list";
const NO_PUBLIC_HALF: &str =
    "it does not state its public_key; `aster trust keygen pubkey --in FILE` writes that";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Identity;
    use crate::trust::fixtures::{NOW, peer, root};
    use crate::trust::{Attributes, Audience, Capabilities, ConsumerCredential, RootKey, Terms};

    const SEED: &str = "0000000000000000000000000000000000000000000000000000000000000007";

    fn kind(text: &str) -> &'static str {
        match TrustFile::parse(text) {
            Ok(TrustFile::RootKey(_)) => "root key",
            Ok(TrustFile::RootPublicKey(_)) => "root public key",
            Ok(TrustFile::Identity(_)) => "identity",
            Ok(TrustFile::Credential(_)) => "credential",
            Ok(TrustFile::Chain(_)) => "chain",
            Ok(TrustFile::Revocations(_)) => "revocations",
            Err(reason) => {
                assert!(!reason.contains("0000000"), "{reason}");
                "nothing"
            }
        }
    }

    fn policy(node: Option<crate::PeerId>) -> Credential {
        ConsumerCredential::sign_policy(&root(), node, NOW, Attributes::new()).into()
    }

    #[test]
    fn the_kind_is_told_by_the_content() {
        let key = RootKey::from_hex(SEED).unwrap().public_key();
        let both = format!(r#"{{"private_key":"{SEED}","public_key":"{key}"}}"#);
        let terms = Terms {
            subject: peer(1),
            not_before: NOW,
            not_after: NOW + 1,
            capabilities: Capabilities::default(),
            audience: Audience::any(),
            delegations: 0,
        };
        let chain = Chain::issue(&root(), terms).unwrap().to_text();
        let list = RevocationList::first(&root(), NOW, [], []).unwrap().to_text();
        let identity = IdentityFile::new(Identity::from_secret([7; 32]));
        for (text, expected) in [
            (both.as_str(), "root key"),
            (&key.file_text(), "root public key"),
            (&format!(" {key}\n"), "root public key"),
            (&identity.to_toml(), "identity"),
            (&policy(Some(peer(1))).to_file_json(), "credential"),
            (&chain, "chain"),
            (&format!("{chain}\n"), "chain"),
            (&list, "revocations"),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_damaged_or_unknown_is_nothing() {
        for text in [
            "",
            "\n",
            "# only a remark",
            "[profiles]",
            "{}",
            "[]",
            "null",
            "{\"type\":\"revocations\"}",
            "{\"type\":\"policy\"}",
            "{\"signature\":\"00\"}",
            "{\"credential_type\":\"chain\",\"v\":1,\"links\":[]}",
            "{\"public_key\":\"00\"}",
            "{\"public_key\":\"00\",\"public_key\":\"00\"}",
            "peers = 1",
            "[node]\nsecret_key = 1",
            &SEED[1..],
            &format!("{{\"private_key\":\"{SEED}\"}}"),
            &format!("{{\"private_key\":\"{SEED}\",\"public_key\":\"{SEED}0\"}}"),
            &format!("{{\"secret_key\":\"{SEED}\",\"node_id\":\"{SEED}\"}}"),
        ] {
            assert_eq!(kind(text), "nothing", "{text}");
        }
    }

    #[test]
    fn the_line_of_a_broken_identity_file_is_told() {
        let broken = TrustFile::parse("[node]\nsecret_key = \"\n").unwrap_err();
        assert!(broken.contains("line 2 is not TOML"), "{broken}");
        assert_eq!(TrustFile::parse("neither\n").unwrap_err(), UNKNOWN);
    }

    #[cfg(unix)]
    #[test]
    fn b20_secrets_that_others_can_read_are_told() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let exposed = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
            TrustFile::load(&path).unwrap().1.is_some()
        };
        let identity = IdentityFile::new(Identity::from_secret([7; 32]));
        assert!(exposed("identity", &identity.to_toml()));
        assert!(exposed("unbound", &policy(None).to_file_json()));
        assert!(!exposed("bound", &policy(Some(peer(1))).to_file_json()));
        assert!(!exposed("public", &root().public_key().file_text()));
        assert!(TrustFile::load(directory.path().join("none")).unwrap_err().is_missing());
    }
}
