//! `aster trust inspect`: what is in a file.

use std::path::PathBuf;
use std::process::ExitCode;

use aster::trust::{CredentialId, IdentityFile, IdentityPeer, RevocationList, TrustFile, expiry};
use clap::Args;
use serde_json::Value;

use super::facts::{self, Facts, counted};
use crate::clock;
use crate::failure::Failure;
use crate::output::{Output, Report, note};

/// Print a file.
#[derive(Args, Debug)]
pub(super) struct Inspect {
    /// A root key, its public half, an identity file, a credential, a chain or
    /// a revocation list.
    file: PathBuf,
    #[command(flatten)]
    output: Output,
}

impl Inspect {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let (file, exposed) = TrustFile::load(&self.file)?;
        if let Some(exposed) = exposed {
            note(&format!("Warning: {exposed}"));
        }
        self.output.print(&report(&file, clock::now()))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn report(file: &TrustFile, now: u64) -> Report {
    let (facts, line) = match file {
        TrustFile::RootKey(public) => {
            let mut facts =
                Facts::new("Root key: it signs credentials, keep it offline", "root_key");
            facts.both("Public key", "root_pubkey", public);
            facts.row("Private key", "present, not shown");
            (facts, format!("root_key {public}"))
        }
        TrustFile::RootPublicKey(public) => {
            let title = "Public half of a root key: what servers trust";
            let mut facts = Facts::new(title, "root_public_key");
            facts.both("Public key", "root_pubkey", public);
            (facts, format!("root_public_key {public}"))
        }
        TrustFile::Identity(file) => return identity(file, now),
        TrustFile::Credential(credential) => {
            let (kind, end) = (credential.kind(), clock::with_offset(credential.expires_at()));
            let line = format!("{kind} {} {end}", CredentialId::of_credential(credential));
            (facts::of_credential(credential, now), line)
        }
        TrustFile::Chain(chain) => {
            let end = clock::with_offset(chain.last().terms().not_after);
            (facts::of_chain(chain, now), format!("chain {} {end}", facts::chain_id(chain)))
        }
        TrustFile::Revocations(list) => {
            (revocations(list, now), format!("revocations {} {}", list.root(), list.serial()))
        }
    };
    Report { text: facts.text(""), line, json: Value::Object(facts.json) }
}

fn identity(file: &IdentityFile, now: u64) -> Report {
    let mut facts = Facts::new("Identity file", "identity");
    let node = file.node().map(|node| node.peer().to_string());
    match &node {
        Some(node) => {
            facts.row("Endpoint ID", node);
            facts.row("Secret key", "present, not shown");
        }
        None => facts.row("Secret key", "none"),
    }
    facts.value("endpoint_id", node.as_deref().map_or(Value::Null, Value::from));
    facts.row("Credentials", file.peers().len());
    let mut text = facts.text("");
    let mut peers = Vec::new();
    for peer in file.peers() {
        let peer = entry(peer, now);
        text.push('\n');
        text.push_str(&peer.text("  "));
        peers.push(Value::Object(peer.json));
    }
    facts.value("peers", peers);
    let node = node.as_deref().unwrap_or("-");
    let line = format!("identity {node} {}", file.peers().len());
    Report { text, line, json: Value::Object(facts.json) }
}

fn entry(peer: &IdentityPeer, now: u64) -> Facts {
    let mut facts = match peer.credential() {
        Ok(credential) => facts::of_credential(credential, now),
        Err(error) => {
            let mut facts = Facts::new("", "credential");
            facts.row("Damaged", &error);
            facts.value("damaged", error.to_string());
            facts
        }
    };
    // Quoted, so that a name cannot pass for a row.
    facts.title = format!("{:?} ({})", peer.name(), peer.role());
    facts.value("name", peer.name());
    facts.value("role", peer.role());
    facts
}

fn revocations(list: &RevocationList, now: u64) -> Facts {
    let mut facts = Facts::new("Revocation list", "revocations");
    facts.both("Trust root", "root_pubkey", list.root());
    facts.row("Serial", list.serial());
    facts.value("serial", list.serial());
    facts.row("Issued", clock::relative(list.issued_at(), now));
    facts.value("issued_at", list.issued_at());
    facts.value("issued", expiry::format(list.issued_at()));
    let (ids, keys) = (list.ids(), list.keys());
    let total = format!("{}, {}", counted(ids.len(), "credential"), counted(keys.len(), "key"));
    facts.row("Revoked", total);
    for id in ids {
        facts.row("Credential", id);
    }
    for key in keys {
        facts.row("Key", key);
    }
    facts.value("ids", ids.iter().map(ToString::to_string).collect::<Vec<_>>());
    facts.value("keys", keys.iter().map(ToString::to_string).collect::<Vec<_>>());
    facts
}
