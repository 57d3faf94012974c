//! `aster completions SHELL`.

use clap::Args;
use clap_complete::Shell;

use crate::failure::Failure;
use crate::output::write;

/// Print a script that completes commands, options and values in a shell.
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell.
    shell: Shell,
}

impl Completions {
    /// Prints the script for this command.
    pub(crate) fn run(self, mut command: clap::Command) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "aster", &mut script);
        write(&String::from_utf8_lossy(&script))
    }
}
