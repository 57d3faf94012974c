//! `aster init`: a crate with a service that builds, and what AI tools should
//! know about it.

mod agents;
mod crate_name;
mod dependency;
mod scaffold;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use self::crate_name::CrateName;
use self::dependency::Dependency;
use self::scaffold::Scaffold;
use crate::failure::Failure;
use crate::output::{note, write};

/// Make a crate, or its AGENTS.md.
#[derive(Args, Debug)]
pub(crate) struct Init {
    /// The folder to make; its last part is the crate's name. Without it,
    /// --ai writes AGENTS.md for the crate in this folder.
    name: Option<PathBuf>,
    /// Also write AGENTS.md, for AI tools.
    #[arg(long)]
    ai: bool,
    /// Depend on the `aster` crate in this folder, not on the published one.
    #[arg(long, value_name = "DIR", requires = "name")]
    aster_path: Option<PathBuf>,
}

impl Init {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.name {
            Some(folder) => make(&folder, self.aster_path.as_deref(), self.ai)?,
            None if self.ai => write_agents(Path::new("."))?,
            None => {
                return Err(Failure::usage("nothing says what to make")
                    .hint("`aster init NAME` makes a crate; `aster init --ai` writes AGENTS.md for the one in this folder"));
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn make(folder: &Path, aster_path: Option<&Path>, ai: bool) -> Result<(), Failure> {
    let name = CrateName::of_folder(folder)?;
    let dependency = Dependency::new(aster_path)?;
    let written = Scaffold { folder, name: &name, dependency: &dependency }.write()?;
    for path in written {
        write(&format!("{}\n", path.display()))?;
    }
    if ai {
        write_agents(folder)?;
    }
    let shown = folder.display();
    note(&format!(
        "\nMade the crate {name}. Next:\n  cd {shown}\n  cargo test\n  cargo run                    \
         # serves, and prints its address\n  cargo run -- ADDRESS Ada     # calls it"
    ));
    Ok(())
}

/// Writes the section into the AGENTS.md of a crate.
fn write_agents(folder: &Path) -> Result<(), Failure> {
    if !folder.join("Cargo.toml").is_file() {
        return Err(Failure::usage("there is no Cargo.toml in this folder")
            .hint("go to the folder of the crate, or make one with `aster init NAME --ai`"));
    }
    let path = match folder {
        here if here == Path::new(".") => PathBuf::from(agents::FILE),
        folder => folder.join(agents::FILE),
    };
    let outcome = agents::update(&path)?;
    note(&format!("{outcome} {}.", path.display()));
    write(&format!("{}\n", path.display()))
}
