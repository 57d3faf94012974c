//! `aster contract check`: is the committed contract still the one?

use std::path::PathBuf;
use std::process::ExitCode;

use aster::contract::{Difference, Verdict};
use clap::Args;

use super::MANIFEST_PATH;
use super::source::{Source, read_file};
use crate::failure::Failure;
use crate::remote::Destination;

/// Compare with the manifest.
#[derive(Args, Debug)]
pub(super) struct Check {
    /// A built program, an exported contract, or an address.
    source: String,
    /// The committed manifest.
    #[arg(long, value_name = "PATH", default_value = MANIFEST_PATH)]
    manifest: PathBuf,
}

impl Check {
    pub(super) async fn run(self, at: &Destination) -> Result<ExitCode, Failure> {
        let source = Source::parse(&self.source)?;
        if !self.manifest.exists() {
            return Err(Failure::usage(format!(
                "there is no manifest {}",
                self.manifest.display()
            ))
            .hint(format!("write it with `aster contract gen {}`", self.source)));
        }
        let committed = read_file(&self.manifest)?;
        let mut drift = 0;
        for contract in source.contracts(at).await? {
            let name = format!("{} v{}", contract.service, contract.version);
            let old = committed
                .iter()
                .find(|old| old.service == contract.service && old.version == contract.version);
            let Some(old) = old else {
                drift += 1;
                println!("{name}: not in the manifest");
                continue;
            };
            let difference = Difference::between(old, &contract);
            if difference.changes().is_empty() && old.id == contract.id {
                println!("{name}: {}", contract.id);
                continue;
            }
            if old.id == contract.id && difference.verdict() == Verdict::Documentation {
                println!("{name}: {} (documentation changed)", contract.id);
                continue;
            }
            drift += 1;
            println!("{name}: the contract changed");
            println!("  manifest {}", old.id);
            println!("  source   {}", contract.id);
            for line in difference.to_string().lines() {
                println!("  {line}");
            }
        }
        if drift == 0 {
            return Ok(ExitCode::SUCCESS);
        }
        Err(Failure::runtime(format!("{} does not match {}", self.manifest.display(), self.source))
            .hint(format!(
                "undo the change, or accept it with `aster contract gen {} --out {}`",
                self.source,
                self.manifest.display()
            )))
    }
}
