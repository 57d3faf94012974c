//! `aster contract gen`: the contract as it is now becomes the committed one.

use std::path::PathBuf;
use std::process::ExitCode;

use aster::contract::manifest;
use clap::Args;

use super::source::{Source, read_file};
use super::{MANIFEST_PATH, file};
use crate::failure::Failure;
use crate::remote::Destination;

/// Write a manifest.
#[derive(Args, Debug)]
pub(super) struct Accept {
    /// A built program with `aster::export_contracts!`, or an address, manifest
    /// or exported contract.
    source: Option<String>,
    /// The Python form. In Rust, name the built program instead.
    #[arg(long, value_name = "MODULE:CLASS")]
    service: Vec<String>,
    /// The file to write.
    #[arg(long, value_name = "PATH", default_value = MANIFEST_PATH)]
    out: PathBuf,
    /// A version of the contract for people, kept in the manifest.
    #[arg(long, value_name = "VERSION")]
    semver: Option<String>,
}

impl Accept {
    pub(super) async fn run(self, at: &Destination) -> Result<ExitCode, Failure> {
        let source = match (&self.source, self.service.first()) {
            (_, Some(spec)) => return Err(python_form(spec)),
            (None, None) => {
                return Err(Failure::usage("name the program whose contracts to write")
                    .hint("aster contract gen target/debug/PROGRAM"));
            }
            (Some(source), None) => Source::parse(source)?,
        };
        let contracts = source.contracts(at).await?;
        for contract in &contracts {
            contract.verify().map_err(|error| {
                Failure::runtime(format!("{} v{}: {error}", contract.service, contract.version))
            })?;
        }
        let text = manifest::write_with(&contracts, &manifest::Release { semver: self.semver });
        let old = if self.out.exists() { read_file(&self.out).ok() } else { None };
        file::write(&self.out, &text)?;
        for contract in &contracts {
            let before = old.iter().flatten().find(|before| {
                before.service == contract.service && before.version == contract.version
            });
            let note = match before {
                None => "new",
                Some(before) if before.id == contract.id => "unchanged",
                Some(_) => "changed",
            };
            println!("{} v{} {} {note}", contract.service, contract.version, contract.id);
        }
        eprintln!("Wrote {}", self.out.display());
        Ok(ExitCode::SUCCESS)
    }
}

/// The compiler knows a Rust service; no tool imports its module.
fn python_form(spec: &str) -> Failure {
    let class = spec.rsplit([':', '.']).next().unwrap_or(spec);
    Failure::usage(format!("--service {spec} names a Python class; a Rust service is compiled"))
        .hint(format!(
            "make `aster::export_contracts!({class});` the first line of the program's `main`, \
             build it, then run `aster contract gen target/debug/PROGRAM --out {MANIFEST_PATH}`"
        ))
}
