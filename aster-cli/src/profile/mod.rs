//! `aster profile ...`: the roots that an operator works with, by name.

mod create;
mod delete;
pub(crate) mod key_store;
mod keyring;
mod profile_name;
mod profiles;
mod show;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::output::note;

pub(crate) use create::give_key;
pub(crate) use profile_name::ProfileName;
pub(crate) use profiles::Profiles;

/// Profiles: the roots that you work with, by name.
#[derive(Args, Debug)]
pub(crate) struct ProfileCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Make a profile, with a root key of its own.
    Create(create::Create),
    /// List the profiles; the active one has a star.
    List(show::List),
    /// Make a profile the active one.
    Use(Use),
    /// Print a profile; without a name, the active one.
    Show(show::Show),
    /// Remove a profile; its key stays unless --delete-key is given.
    Delete(delete::Delete),
}

/// Select a profile.
#[derive(Args, Debug)]
struct Use {
    /// The profile.
    name: ProfileName,
}

impl ProfileCommand {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Create(command) => command.run(),
            Command::List(command) => command.run(),
            Command::Use(Use { name }) => {
                let mut profiles = Profiles::load()?;
                profiles.require(&name)?;
                profiles.activate(name.as_str());
                profiles.save()?;
                note(&format!("The active profile is {name}."));
                Ok(ExitCode::SUCCESS)
            }
            Command::Show(command) => command.run(),
            Command::Delete(command) => command.run(),
        }
    }
}
