//! `aster profile delete`.

use std::io::{BufRead, IsTerminal};
use std::process::ExitCode;

use clap::Args;

use super::key_store;
use super::profile_name::ProfileName;
use super::profiles::Profiles;
use crate::failure::Failure;
use crate::output::note;

/// Remove a profile.
#[derive(Args, Debug)]
pub(super) struct Delete {
    /// The profile.
    name: ProfileName,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    /// Destroy its private root key as well. What it signed stays valid, and
    /// nothing can be signed or revoked any more.
    #[arg(long)]
    delete_key: bool,
}

impl Delete {
    pub(super) fn run(self) -> Result<ExitCode, Failure> {
        let Self { name, .. } = &self;
        let mut profiles = Profiles::load()?;
        let root = profiles.require(name)?.root_pubkey()?;
        let question = match self.delete_key {
            true => format!("Delete the profile {name} and destroy its root key? [y/N]"),
            false => format!("Delete the profile {name}? [y/N]"),
        };
        if !self.yes && !confirmed(&question)? {
            note("Nothing was deleted.");
            return Ok(ExitCode::FAILURE);
        }
        let stored = root.map(|root| key_store::find(name, &root)).transpose()?.flatten();
        // The key goes first: without its profile it would be forgotten.
        match stored {
            Some(stored) if self.delete_key => {
                key_store::destroy(name, &stored)?;
                note(&format!("Destroyed the root key in {}.", stored.place));
            }
            Some(stored) => {
                note(&format!(
                    "Its root key stays in {}; a new profile {name} gets it again.",
                    stored.place
                ));
            }
            None => {}
        }
        profiles.remove(name);
        profiles.save()?;
        note(&format!("Deleted the profile {name}. The active one is {}.", profiles.active_name()));
        Ok(ExitCode::SUCCESS)
    }
}

fn confirmed(question: &str) -> Result<bool, Failure> {
    let input = std::io::stdin();
    if !input.is_terminal() {
        return Err(Failure::usage("there is nobody to ask whether to delete it")
            .hint("say --yes on the command line"));
    }
    note(question);
    let mut answer = String::new();
    input
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::runtime(format!("cannot read the answer: {error}")))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
