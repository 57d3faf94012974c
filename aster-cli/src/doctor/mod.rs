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

/// Say what works here and what does not, and what to do next.
///
/// Looks at the configuration, the identity, the credential, the files in this
/// folder, the profile, the UDP port and the relay; with an address also at the
/// server there. Nothing is changed, no file is made, and each step ends in
/// time, with or without a network. Exit code 1 if a line says `fail`.
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
                examination.add([Check::fail("configuration", errors.to_string(), hint)])?;
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
