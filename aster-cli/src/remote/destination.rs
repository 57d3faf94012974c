//! Where a command connects to, and with what credential.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aster::{Address, AsterClient, ConnectError};
use clap::Args;

use super::{Remote, demo, one_of};
use crate::failure::Failure;
use crate::output::note;
use crate::peers::AddressBook;

/// After this long the user is told what is waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// Most that is read of a file with an address, in bytes.
const MAX_ADDRESS_FILE_BYTES: u64 = 16 * 1024;

/// Characters of an address that a prompt shows.
const SHOWN_CHARS: usize = 14;

/// The options that say where to connect to.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Destination {
    /// The credential to present: NAME.cred, a credential in JSON, or a chain.
    #[arg(long, visible_alias = "credential", value_name = "FILE", help_heading = "Connection")]
    rcan: Option<PathBuf>,
    /// Read the address from the first line of a file instead; `-` is standard
    /// input.
    #[arg(long, value_name = "FILE", help_heading = "Connection")]
    address_file: Option<PathBuf>,
    /// Use a server inside this program instead, to try things out.
    #[arg(long, conflicts_with_all = ["rcan", "address_file"], help_heading = "Connection")]
    demo: bool,
}

impl Destination {
    /// One where the address is given, with this credential.
    pub(crate) fn presenting(rcan: Option<PathBuf>) -> Self {
        Self { rcan, ..Self::default() }
    }

    /// Whether the options say where to connect to, so that no address follows.
    pub(crate) fn is_complete(&self) -> bool {
        self.demo || self.address_file.is_some()
    }

    /// Whether the address comes from standard input.
    pub(crate) fn reads_stdin(&self) -> bool {
        self.address_file.as_deref() == Some(Path::new("-"))
    }

    /// Connects to the server that the options and `address` name: an address,
    /// or a name of the address book.
    ///
    /// # Errors
    /// There is no such name, no address at all, or no connection.
    pub(crate) async fn connect(&self, address: Option<&str>) -> Result<Remote, Failure> {
        if self.demo {
            return demo::connect();
        }
        let text = match (&self.address_file, address) {
            (Some(path), None) => read_address(path)?,
            (None, Some(address)) => address.to_owned(),
            (Some(_), Some(address)) => {
                return Err(Failure::usage(format!(
                    "both --address-file and {address:?} are given"
                ))
                .hint("name the server once"));
            }
            (None, None) => {
                return Err(Failure::usage("there is no address to connect to").hint(
                    "give the address that the server printed, a name from `aster peers list`, or --demo",
                ));
            }
        };
        let (name, address, noted) = resolve(&text)?;
        let credential = self.rcan.as_deref().or(noted.as_deref());
        let connected = connect(&address, credential);
        tokio::pin!(connected);
        let client = tokio::select! {
            client = &mut connected => client,
            () = tokio::time::sleep(PATIENCE) => {
                note(&format!("connecting to {name} ..."));
                connected.await
            }
        }?;
        Ok(Remote::new(client, name))
    }
}

/// The name to show, the address, and the credential that the address book
/// has for it.
fn resolve(text: &str) -> Result<(String, String, Option<PathBuf>), Failure> {
    let Err(error) = text.parse::<Address>() else {
        return Ok((shortened(text), text.to_owned(), None));
    };
    let book = AddressBook::load()?;
    if let Some(peer) = book.find(text) {
        return Ok((text.to_owned(), peer.address.clone(), peer.credential.clone()));
    }
    if !AddressBook::could_be_name(text) {
        return Err(Failure::usage(error.to_string()));
    }
    let hint = if book.names().next().is_none() {
        "give the address that the server printed, or note it with `aster peers add NAME ADDRESS`"
            .to_owned()
    } else {
        one_of("peer", text, book.names())
    };
    let problem = format!("{text:?} is no address and no name in the address book ({error})");
    Err(Failure::usage(problem).hint(hint))
}

fn shortened(address: &str) -> String {
    let start: String = address.chars().take(SHOWN_CHARS).collect();
    if start.len() < address.len() { format!("{start}...") } else { start }
}

fn read_address(path: &Path) -> Result<String, Failure> {
    let failed =
        |error| Failure::usage(format!("cannot read the address from {}: {error}", path.display()));
    let mut text = String::new();
    if path == Path::new("-") {
        std::io::stdin().read_line(&mut text).map_err(failed)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(MAX_ADDRESS_FILE_BYTES).read_to_string(&mut text).map_err(failed)?;
    }
    match text.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(line) => Ok(line.to_owned()),
        None => Err(Failure::usage(format!("{} holds no address", path.display()))
            .hint("a server writes its address to standard output: redirect that into the file")),
    }
}

async fn connect(address: &str, credential: Option<&Path>) -> Result<AsterClient, Failure> {
    let mut builder = AsterClient::builder();
    if let Some(path) = credential {
        builder = builder.credential_file(path);
    }
    builder.connect(address).await.map_err(|error| match error {
        ConnectError::Address(_) | ConnectError::Config(_) | ConnectError::File(_) => {
            Failure::usage(error.to_string())
        }
        ConnectError::Denied { .. } if credential.is_none() => Failure::denied(error.to_string())
            .hint("present a credential with --rcan FILE; `aster enroll node` makes one"),
        ConnectError::Denied { .. } | ConnectError::OtherRoot { .. } => {
            Failure::denied(error.to_string())
        }
        ConnectError::Credential { .. } => Failure::denied(error.to_string())
            .hint("`aster trust inspect FILE` shows what the file holds"),
        ConnectError::Unreachable { .. } => Failure::unavailable(error.to_string())
            .hint("`aster doctor ADDRESS` finds out how far it gets"),
        other => Failure::runtime(other.to_string()),
    })
}
