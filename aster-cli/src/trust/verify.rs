//! `aster trust verify`: whether a server would accept a credential, and if
//! not, what exactly is wrong with it.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use aster::trust::{
    Chain, ChainRefusal, Credential, CredentialId, IdentityFile, NonceError, NonceStore,
    Presentation, Refusal, RevocationList, Revocations, RootPublicKey, TrustFile,
};
use aster::{Identity, PeerId};
use clap::Args;
use serde_json::{Value, json};

use super::facts::chain_id;
use crate::clock;
use crate::failure::Failure;
use crate::output::{Output, Report, note};
use crate::root_pub;

/// Check a credential, a chain, or the credentials in an identity file.
#[derive(Args, Debug)]
pub(super) struct Verify {
    /// The credential.
    file: PathBuf,
    /// The root that is trusted: the file with its public half, or 64 hex
    /// characters.
    #[arg(long, value_name = "PATH|HEX")]
    root_pub: String,
    /// The node that presents it [default: that of the identity file, or the
    /// one it is bound to].
    #[arg(long, value_name = "HEX")]
    peer: Option<PeerId>,
    /// The revocation list in force.
    #[arg(long, value_name = "PATH")]
    revocations: Option<PathBuf>,
    /// A server's store of used one-time credentials. Nothing is used up.
    #[arg(long, value_name = "PATH")]
    nonces: Option<PathBuf>,
    /// Only this credential of an identity file.
    #[arg(long, short, value_name = "NAME")]
    name: Option<String>,
    /// As a server that accepts credentials that name no node.
    #[arg(long)]
    allow_unbound: bool,
    #[command(flatten)]
    output: Output,
}

/// A node that nothing is bound to.
const NOBODY: PeerId = PeerId::from_bytes([0; 32]);

/// What came out for one credential.
struct Verdict {
    /// Its name in an identity file.
    name: Option<String>,
    id: Option<CredentialId>,
    /// The end, or what is wrong.
    outcome: Result<u64, Refused>,
}

struct Refused {
    reason: String,
    hint: Option<&'static str>,
}

impl<T: ToString> From<T> for Refused {
    fn from(reason: T) -> Self {
        Self { reason: reason.to_string(), hint: None }
    }
}

/// Everything that a server decides with.
struct Server {
    root: RootPublicKey,
    revocations: Revocations,
    nonces: Option<NonceStore>,
    allow_unbound: bool,
    now: u64,
}

impl Verify {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let root = root_pub::read(&self.root_pub)?;
        let server = Server {
            root,
            revocations: revocations(root, self.revocations.as_deref())?,
            nonces: self.nonces.as_deref().map(nonces).transpose()?,
            allow_unbound: self.allow_unbound,
            now: clock::now(),
        };
        let (file, exposed) = TrustFile::load(&self.file)?;
        if let Some(exposed) = exposed {
            note(&format!("Warning: {exposed}"));
        }
        if self.name.is_some() && !matches!(file, TrustFile::Identity(_)) {
            return Err(Failure::usage(
                "--name is for identity files; this file holds one credential",
            ));
        }
        let verdicts = match &file {
            TrustFile::Credential(credential) => vec![server.credential(credential, self.peer)],
            TrustFile::Chain(chain) => vec![server.chain(chain, self.peer)],
            TrustFile::Identity(file) => self.identity(&server, file)?,
            TrustFile::RootKey(_) | TrustFile::RootPublicKey(_) | TrustFile::Revocations(_) => {
                return Err(Failure::usage(format!("{} is no credential", self.file.display()))
                    .hint("`aster trust inspect` prints what it is"));
            }
        };
        self.output.print(&report(&verdicts, server.now))?;
        let refused: Vec<_> =
            verdicts.iter().filter_map(|verdict| verdict.outcome.as_ref().err()).collect();
        if self.output.is_for_people()
            && let Some(hint) = refused.iter().find_map(|refused| refused.hint)
        {
            note(&format!("Hint: {hint}"));
        }
        Ok(if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    fn identity(&self, server: &Server, file: &IdentityFile) -> Result<Vec<Verdict>, Failure> {
        let peer = self.peer.or_else(|| file.node().map(Identity::peer));
        let wanted = |name: &str| self.name.as_deref().is_none_or(|wanted| wanted == name);
        let verdicts: Vec<_> = file
            .peers()
            .iter()
            .filter(|entry| wanted(entry.name()))
            .map(|entry| {
                let verdict = match entry.credential() {
                    Ok(credential) => server.credential(credential, peer),
                    Err(error) => Verdict { name: None, id: None, outcome: Err(error.into()) },
                };
                Verdict { name: Some(entry.name().to_owned()), ..verdict }
            })
            .collect();
        if !verdicts.is_empty() {
            return Ok(verdicts);
        }
        let file = self.file.display();
        Err(match &self.name {
            Some(name) => Failure::usage(format!("{file} has no credential named {name:?}"))
                .hint("`aster trust inspect` prints those it has"),
            None => Failure::usage(format!("{file} has no credential"))
                .hint("`aster enroll node` adds one"),
        })
    }
}

impl Server {
    fn credential(&self, credential: &Credential, peer: Option<PeerId>) -> Verdict {
        let id = CredentialId::of_credential(credential);
        let peer = peer.or_else(|| credential.node()).unwrap_or(NOBODY);
        let outcome = self.check_credential(credential, id, peer);
        Verdict { name: None, id: Some(id), outcome: outcome.map(|()| credential.expires_at()) }
    }

    fn check_credential(
        &self,
        credential: &Credential,
        id: CredentialId,
        peer: PeerId,
    ) -> Result<(), Refused> {
        let Self { root, now, allow_unbound, .. } = *self;
        let presentation = Presentation { root: &root, peer, now, allow_unbound };
        let verified = credential.verify(&presentation).map_err(|refusal| Refused {
            reason: refusal.to_string(),
            hint: match refusal {
                Refusal::Expired { .. } => {
                    Some("sign a new one: `aster enroll node`, `aster trust sign`")
                }
                Refusal::OtherNode { .. } => Some(
                    "it belongs to the key that it was signed for; use that node's identity file, \
                     or have one signed for this node",
                ),
                Refusal::Unbound => Some("--allow-unbound checks it as a server that accepts such"),
                Refusal::OtherRoot { .. } => Some("is --root-pub the root of this server?"),
                _ => None,
            },
        })?;
        let root = PeerId::from_bytes(*root.as_bytes());
        if let Some(revoked) = self.revocations.first(&[id], &[root, peer]) {
            return Err(format!("{revoked} is revoked").into());
        }
        match (credential.nonce(), &self.nonces) {
            (Some(nonce), Some(store)) if store.is_used(&nonce)? => Err(NonceError::Used.into()),
            (Some(_), None) => {
                note("Whether it has been used already is not known without --nonces.");
                Ok(())
            }
            _ => {
                drop(verified);
                Ok(())
            }
        }
    }

    fn chain(&self, chain: &Chain, peer: Option<PeerId>) -> Verdict {
        let peer = peer.unwrap_or_else(|| chain.last().terms().subject);
        let granted = chain.verify(&self.root, peer, self.now, &self.revocations);
        let outcome = granted.map(|grant| grant.not_after()).map_err(|refusal| Refused {
            reason: refusal.to_string(),
            hint: match refusal {
                ChainRefusal::OtherRoot { .. } => Some("is --root-pub the root of this server?"),
                ChainRefusal::OtherPeer { .. } => {
                    Some("its holder can pass it on to this node: `aster trust delegate`")
                }
                _ => None,
            },
        });
        Verdict { name: None, id: Some(chain_id(chain)), outcome }
    }
}

fn revocations(root: RootPublicKey, path: Option<&Path>) -> Result<Revocations, Failure> {
    let none = Revocations::none(root);
    let Some(path) = path else { return Ok(none) };
    let list = RevocationList::load(path)?;
    let merged = none.merge(&list).map_err(|error| Failure::usage(error.to_string()))?;
    Ok(merged.unwrap_or(none))
}

/// A store that is there: a new one would know nothing.
fn nonces(path: &Path) -> Result<NonceStore, Failure> {
    if !path.exists() {
        return Err(Failure::usage(format!("there is no store {}", path.display())));
    }
    NonceStore::open(path).map_err(|error| Failure::usage(error.to_string()))
}

fn report(verdicts: &[Verdict], now: u64) -> Report {
    let told = |verdict: &Verdict| {
        let name = verdict.name.as_ref().map_or_else(String::new, |name| format!("{name:?}: "));
        match &verdict.outcome {
            Ok(end) => format!("{name}valid until {}", clock::relative(*end, now)),
            Err(refused) => format!("{name}refused: {}", refused.reason),
        }
    };
    let entries = verdicts.iter().map(|verdict| {
        json!({
            "name": verdict.name,
            "id": verdict.id.map(|id| id.to_string()),
            "valid": verdict.outcome.is_ok(),
            "expires_at": verdict.outcome.as_ref().ok(),
            "reason": verdict.outcome.as_ref().err().map(|refused| &refused.reason),
        })
    });
    let entries: Vec<Value> = entries.collect();
    let refused = verdicts.iter().find(|verdict| verdict.outcome.is_err());
    Report {
        text: verdicts.iter().map(|verdict| told(verdict) + "\n").collect(),
        line: refused.map_or_else(|| "valid".to_owned(), told),
        json: json!({ "valid": refused.is_none(), "credentials": entries }),
    }
}
