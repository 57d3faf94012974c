//! `aster config show`: every setting, its value and where it comes from.

use std::path::PathBuf;
use std::process::ExitCode;

use aster::config::{Config, Overrides};
use clap::{Args, Subcommand};

use crate::failure::{Failure, printable};
use crate::output::{note, write};

/// The configuration.
#[derive(Args, Debug)]
pub(crate) struct ConfigCommand {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Print all settings with their sources; secrets are masked.
    Show(Show),
}

/// Print the configuration.
#[derive(Args, Debug)]
struct Show {
    /// The configuration file [default: the one that ASTER_CONFIG names].
    #[arg(long, value_name = "PATH")]
    config: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

impl ConfigCommand {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        let Command::Show(Show { config, json }) = self.command;
        let config = Config::load(config.as_deref(), Overrides::default()).map_err(|errors| {
            Failure::usage(errors.to_string()).hint("docs/aster.toml lists all settings")
        })?;
        for warning in config.warnings() {
            note(&format!("Warning: {warning}"));
        }
        if json {
            write(&format!("{:#}\n", config.show_json()))?;
        } else {
            write(&printable(&config.show()))?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
