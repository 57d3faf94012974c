//! `aster contract export` and `import`: contracts that travel as files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use aster::contract::Contract;
use aster::contract::manifest::portable;
use clap::Args;

use super::source::{Source, select};
use super::{MANIFEST_PATH, file};
use crate::failure::Failure;
use crate::remote::Destination;

/// Write contracts into files.
#[derive(Args, Debug)]
pub(super) struct Export {
    /// A built program, a manifest, or an address; the manifest if left out.
    source: Option<String>,
    /// The manifest to export.
    #[arg(long, value_name = "PATH", default_value = MANIFEST_PATH)]
    manifest: PathBuf,
    /// Only this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// The folder to write into.
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
}

impl Export {
    pub(super) async fn run(self, at: &Destination) -> Result<ExitCode, Failure> {
        let source = match &self.source {
            Some(source) => Source::parse(source)?,
            None if self.manifest.exists() => Source::File(self.manifest.clone()),
            None => {
                return Err(Failure::usage(format!(
                    "there is no manifest {}",
                    self.manifest.display()
                ))
                .hint("name a source, or write the manifest with `aster contract gen PROGRAM`"));
            }
        };
        for contract in select(source.contracts(at).await?, self.service.as_deref())? {
            verified(&contract)?;
            let path = self.out.join(format!("{}.aster.json", file_name(&contract.service)?));
            file::write(&path, &portable::write(&contract))?;
            println!("{}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Keep a contract.
#[derive(Args, Debug)]
pub(super) struct Import {
    /// An exported contract, a manifest, or an address.
    source: String,
    /// Only this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
}

impl Import {
    pub(super) async fn run(self, at: &Destination) -> Result<ExitCode, Failure> {
        let contracts = Source::parse(&self.source)?.contracts(at).await?;
        let contracts = select(contracts, self.service.as_deref())?;
        // All or nothing is written.
        for contract in &contracts {
            verified(contract)?;
            file_name(&contract.service)?;
        }
        let store = store()?;
        for contract in &contracts {
            let id = contract.id.to_string();
            let start = id.get(..16).unwrap_or(&id);
            let path =
                store.join(file_name(&contract.service)?).join(format!("{start}.aster.json"));
            file::write(&path, &portable::write(contract))?;
            println!("{}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Only what hashes to its id leaves or enters.
fn verified(contract: &Contract) -> Result<(), Failure> {
    contract.verify().map_err(|error| {
        Failure::runtime(format!("{} v{}: {error}", contract.service, contract.version)).hint(
            "fetch it from a server that has it: `aster contract export ADDRESS`; files of the \
             Python tool leave out what the id is made of",
        )
    })
}

/// A service name as one part of a path.
fn file_name(service: &str) -> Result<&str, Failure> {
    let mut parts = Path::new(service).components();
    let single = matches!(
        (parts.next(), parts.next()),
        (Some(std::path::Component::Normal(part)), None) if part == service
    );
    if single && service.len() <= 200 && !service.contains(['/', '\\', ':', '\0']) {
        Ok(service)
    } else {
        Err(Failure::runtime(format!("the service name {service:?} is no file name")))
    }
}

/// `~/.aster/contracts`, as the Python tool has it.
fn store() -> Result<PathBuf, Failure> {
    match std::env::home_dir() {
        Some(home) if !home.as_os_str().is_empty() => Ok(home.join(".aster").join("contracts")),
        _ => Err(Failure::runtime("there is no home directory to keep contracts in")
            .hint("set HOME, or write a file with `aster contract export`")),
    }
}
