//! `aster trust revoke`: the list of what a root key has withdrawn.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use aster::PeerId;
use aster::trust::{CredentialId, RevocationList, RootPublicKey, TrustFile};
use clap::Args;
use serde_json::Value;

use super::facts::{Facts, chain_id, counted};
use crate::clock;
use crate::failure::Failure;
use crate::files;
use crate::output::{Output, Report, note};
use crate::signing_key::SigningKey;

/// Revoke credentials and keys.
#[derive(Args, Debug)]
pub(super) struct Revoke {
    #[command(flatten)]
    key: SigningKey,
    /// The list: it is extended, or made when it is not there. Without anything
    /// to revoke, an empty first list is made.
    #[arg(long, value_name = "PATH")]
    list: PathBuf,
    /// The id of a credential, as `aster trust inspect` prints it; may be
    /// repeated.
    #[arg(long, value_name = "ID")]
    id: Vec<CredentialId>,
    /// A node's key: everything that it holds and has passed on; may be
    /// repeated.
    #[arg(long = "key", value_name = "HEX")]
    peers: Vec<PeerId>,
    /// The file with a credential, a chain, or an identity file with
    /// credentials of this root; may be repeated.
    #[arg(long, value_name = "PATH")]
    credential: Vec<PathBuf>,
    #[command(flatten)]
    output: Output,
}

impl Revoke {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let root = self.key.load()?;
        let old = match RevocationList::load(&self.list) {
            Ok(list) => Some(list),
            Err(error) if error.is_missing() => None,
            Err(error) => return Err(error.into()),
        };
        let mut ids: BTreeSet<_> = self.id.iter().copied().collect();
        for path in &self.credential {
            ids.extend(ids_in(path, &root.public_key())?);
        }
        let mut keys: BTreeSet<_> = self.peers.iter().copied().collect();
        if let Some(old) = &old {
            if ids.is_empty() && keys.is_empty() {
                return Err(Failure::usage("there is nothing to revoke")
                    .hint("name it with --id, --key or --credential"));
            }
            ids.retain(|id| !old.ids().contains(id));
            keys.retain(|key| !old.keys().contains(key));
        }
        if keys.contains(&PeerId::from_bytes(*root.public_key().as_bytes())) {
            note("This revokes the root key: everything that it has signed ends.");
        }
        let now = clock::now();
        let list = match &old {
            Some(old) if ids.is_empty() && keys.is_empty() && old.root() == root.public_key() => {
                note("All of it was revoked already; the list stays as it is.");
                old.clone()
            }
            Some(old) => old.next(&root, now, ids.clone(), keys.clone()).map_err(refused)?,
            None => {
                RevocationList::first(&root, now, ids.clone(), keys.clone()).map_err(refused)?
            }
        };
        files::make_folder_of(&self.list)?;
        list.save(&self.list)?;
        self.output.print(&report(&self.list, &list, &ids, &keys))?;
        Ok(ExitCode::SUCCESS)
    }
}

fn refused(error: aster::trust::InvalidRevocationList) -> Failure {
    Failure::usage(error.to_string())
}

/// The ids of what is in a file.
fn ids_in(path: &Path, root: &RootPublicKey) -> Result<Vec<CredentialId>, Failure> {
    let shown = path.display();
    let other = || {
        Failure::usage(format!("{shown} is signed by another root key, which alone can revoke it"))
    };
    match TrustFile::load(path)?.0 {
        TrustFile::Credential(credential) if credential.root() == *root => {
            Ok(vec![CredentialId::of_credential(&credential)])
        }
        TrustFile::Credential(_) => Err(other()),
        TrustFile::Chain(chain) => {
            let first = chain.links().next();
            match first.is_some_and(|link| link.issuer().as_bytes() == root.as_bytes()) {
                true => Ok(vec![chain_id(&chain)]),
                false => Err(other()),
            }
        }
        TrustFile::Identity(file) => {
            let credentials = file.peers().iter().filter_map(|peer| peer.credential().ok());
            let ours = credentials.filter(|credential| credential.root() == *root);
            let ids: Vec<_> = ours.map(CredentialId::of_credential).collect();
            match ids.is_empty() {
                true => Err(Failure::usage(format!("{shown} has no credential of this root key"))),
                false => Ok(ids),
            }
        }
        _ => Err(Failure::usage(format!("{shown} is no credential"))
            .hint("`aster trust inspect` prints what it is")),
    }
}

fn report(
    path: &Path,
    list: &RevocationList,
    ids: &BTreeSet<CredentialId>,
    keys: &BTreeSet<PeerId>,
) -> Report {
    let path = path.display();
    let mut facts = Facts::new(format!("Revocation list: {path}"), "revocations");
    facts.value("path", path.to_string());
    facts.both("Trust root", "root_pubkey", list.root());
    facts.row("Serial", list.serial());
    facts.value("serial", list.serial());
    for id in ids {
        facts.row("Revoked", format!("credential {id}"));
    }
    for key in keys {
        facts.row("Revoked", format!("key {key}"));
    }
    let (all_ids, all_keys) = (list.ids().len(), list.keys().len());
    let total = format!("{}, {}", counted(all_ids, "credential"), counted(all_keys, "key"));
    facts.row("In total", total);
    facts.row("Next", "bring the list to your servers (revocation_files)");
    facts.value("revoked_ids", ids.iter().map(ToString::to_string).collect::<Vec<_>>());
    facts.value("revoked_keys", keys.iter().map(ToString::to_string).collect::<Vec<_>>());
    facts.value("total_ids", all_ids);
    facts.value("total_keys", all_keys);
    Report {
        text: facts.text(""),
        line: format!("{path} {} {}", list.serial(), ids.len() + keys.len()),
        json: Value::Object(facts.json),
    }
}
