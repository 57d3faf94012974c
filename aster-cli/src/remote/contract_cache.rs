//! Contracts that were fetched once, on disk by their ids.
//!
//! A contract is known by the hash of what it says, so one that is read back
//! is as good as one that is fetched, whoever it came from. Nothing here fails
//! a command: what cannot be read or kept is fetched the next time.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use aster::ServiceSummary;
use aster::contract::manifest::portable;
use aster::contract::{Contract, ContractId};

use crate::files;

/// Most contracts that are kept; the oldest go first.
const MAX_CONTRACTS: usize = 256;

/// Largest file that is read, in bytes.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

const SUFFIX: &str = "aster.json";

fn folder() -> Option<PathBuf> {
    Some(files::aster_folder().ok()?.join("cache").join("contracts"))
}

/// The contract that the service announced, if it was kept.
pub(super) fn find(summary: &ServiceSummary) -> Option<Contract> {
    // Only what is an id becomes part of a path.
    let id: ContractId = summary.contract_id.parse().ok()?;
    let contract = read(&folder()?.join(format!("{id}.{SUFFIX}")))?;
    let wanted = contract.id == id
        && contract.service == summary.name
        && contract.version == summary.version
        && contract.verify().is_ok();
    wanted.then_some(contract)
}

fn read(path: &Path) -> Option<Contract> {
    let size = fs::metadata(path).ok()?.len();
    if size > MAX_FILE_BYTES {
        return None;
    }
    portable::read(&fs::read_to_string(path).ok()?).ok()
}

/// Keeps a contract for [`find`].
pub(super) fn keep(contract: &Contract) {
    let Some(folder) = folder() else { return };
    let path = folder.join(format!("{}.{SUFFIX}", contract.id));
    let text = portable::write(contract);
    if fs::read_to_string(&path).is_ok_and(|kept| kept == text) {
        return;
    }
    if files::replace(&path, &text).is_ok() {
        forget_oldest(&folder);
    }
}

fn forget_oldest(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut kept: Vec<(SystemTime, PathBuf)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
        })
        .collect();
    kept.sort();
    let surplus = kept.len().saturating_sub(MAX_CONTRACTS);
    for (_, path) in kept.into_iter().take(surplus) {
        let _ = fs::remove_file(path);
    }
}
