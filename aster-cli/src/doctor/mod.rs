//! `aster doctor`: what works here, what does not, and what to do about it.

mod check;
mod local;
mod network;
mod server;

use std::path::PathBuf;
use std::process::ExitCode;

use aster::config::{Config, Overrides};
use clap::Args;

use self::check::{Check, Examination};
use crate::failure::Failure;

/// Look at this machine, and at a server.
#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// A server to connect to: its address, or a name from `aster peers list`.
    address: Option<String>,
    /// The credential to present: NAME.cred, a credential in JSON, or a chain.
    #[arg(long, visible_alias = "credential", value_name = "FILE")]
    rcan: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// The line says already what it is about.
fn without_prefix(errors: &str) -> &str {
    errors.strip_prefix("configuration: ").unwrap_or(errors)
}

impl Doctor {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let mut examination = Examination::new(self.json);
        match Config::load(None, Overrides::default()) {
            Ok(config) => {
                examination.add(local::configuration(&config))?;
                for warning in config.warnings() {
                    let hint = "`aster config show` prints every setting with its source";
                    examination.add([Check::warn("configuration", warning.to_string(), hint)])?;
                }
                examination.add(local::identity(&config))?;
                examination.add(local::credential(&config, self.rcan.as_deref()))?;
                examination.add(local::secret_files())?;
                examination.add(local::profile())?;
                examination.add(network::ports(&config))?;
                examination.add([network::relay(&config).await])?;
            }
            Err(errors) => {
                let hint = "docs/aster.toml lists all settings; what needs them was not looked at";
                examination.add([Check::fail(
                    "configuration",
                    without_prefix(&errors.to_string()),
                    hint,
                )])?;
                examination.add(local::secret_files())?;
                examination.add(local::profile())?;
            }
        }
        if let Some(address) = &self.address {
            server::examine(&mut examination, address, self.rcan.as_deref()).await?;
        }
        examination.finish()
    }
}
