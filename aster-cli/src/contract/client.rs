//! `aster contract gen-client`: typed clients from a contract.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::file;
use super::source::{Source, select};
use crate::client_code::{self, GeneratedFile, Language, Options};
use crate::failure::Failure;
use crate::remote::Destination;

/// Generate a client.
#[derive(Args, Debug)]
pub(super) struct GenClient {
    /// An address, a manifest, an exported contract, or a built program.
    source: String,
    /// The language of the client.
    #[arg(long, value_enum)]
    lang: Language,
    /// The folder to write into.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The name of the package; made from the services if left out.
    #[arg(long, value_name = "NAME")]
    package: Option<String>,
    /// Only this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Write nothing; exit code 1 if the files are not what would be written.
    #[arg(long)]
    check: bool,
}

impl GenClient {
    pub(super) async fn run(self, at: &Destination) -> Result<ExitCode, Failure> {
        let contracts = Source::parse(&self.source)?.contracts(at).await?;
        let contracts = select(contracts, self.service.as_deref())?;
        let options = Options { package: self.package.clone() };
        let files = client_code::generate(&contracts, self.lang, &options)
            .map_err(|error| Failure::runtime(error.to_string()))?;
        if self.check {
            return check(&self.out, &files);
        }
        for file in &files {
            let path = self.out.join(&file.path);
            file::write(&path, &file.text)?;
            println!("{}", path.display());
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Compares what is there with what would be written.
fn check(folder: &Path, files: &[GeneratedFile]) -> Result<ExitCode, Failure> {
    let mut stale = 0;
    for file in files {
        let path = folder.join(&file.path);
        let state = if !path.exists() {
            "missing"
        } else if file::read(&path)? != file.text {
            "out of date"
        } else {
            continue;
        };
        stale += 1;
        println!("{}: {state}", path.display());
    }
    if stale == 0 {
        return Ok(ExitCode::SUCCESS);
    }
    Err(Failure::runtime(format!("{stale} of {} generated files differ", files.len()))
        .hint("run the same command without --check, and commit what it writes"))
}
