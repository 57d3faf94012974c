//! Where contracts come from: a built program, a file, or a server.

use std::path::{Path, PathBuf};

use aster::contract::Contract;
use aster::contract::manifest::{self, portable};
use aster::{Address, AsterClient};

use super::{file, program};
use crate::failure::Failure;
use crate::peers::AddressBook;
use crate::remote::Destination;

/// A place that tells contracts.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// A program with `aster::export_contracts!`.
    Program(PathBuf),
    /// A manifest or an exported contract.
    File(PathBuf),
    /// A server, by its address or its name in the address book.
    Address(String),
}

impl Source {
    /// Tells the three apart: what exists as a file is one, everything else
    /// must be an address.
    pub(super) fn parse(text: &str) -> Result<Self, Failure> {
        let path = Path::new(text);
        if path.is_dir() {
            return Err(Failure::usage(format!("{text} is a directory")).hint(format!(
                "name the manifest in it, for example {text}/.aster/manifest.json"
            )));
        }
        if path.exists() {
            return Ok(if file::is_text(path)? {
                Self::File(path.to_owned())
            } else {
                Self::Program(path.to_owned())
            });
        }
        match text.parse::<Address>() {
            Ok(_) => Ok(Self::Address(text.to_owned())),
            Err(_) if AddressBook::load()?.find(text).is_some() => {
                Ok(Self::Address(text.to_owned()))
            }
            Err(_) if looks_like_path(text) => {
                Err(Failure::usage(format!("there is no file {text}"))
                    .hint("build the program first, or write the manifest with `aster contract gen`"))
            }
            Err(error) => Err(Failure::usage(format!("{text:?} is no file, and no address: {error}"))
                .hint("a source is a built program, a manifest or .aster.json file, an address (aster1...), or a name from `aster peers`")),
        }
    }

    /// All contracts of the source; a server is asked for them with the
    /// credential of `destination`.
    pub(super) async fn contracts(
        &self,
        destination: &Destination,
    ) -> Result<Vec<Contract>, Failure> {
        match self {
            Self::Program(path) => program::contracts(path).await,
            Self::File(path) => read_file(path),
            Self::Address(text) => fetch(destination, text).await,
        }
    }
}

/// The contracts, or the one that has this name.
pub(super) fn select(
    contracts: Vec<Contract>,
    service: Option<&str>,
) -> Result<Vec<Contract>, Failure> {
    let Some(service) = service else {
        return Ok(contracts);
    };
    let names: Vec<_> = contracts.iter().map(|c| c.service.clone()).collect();
    let selected: Vec<_> = contracts.into_iter().filter(|c| c.service == service).collect();
    if selected.is_empty() {
        return Err(Failure::usage(format!("the source has no service {service}"))
            .hint(format!("it has {}", names.join(", "))));
    }
    Ok(selected)
}

/// The contracts in a manifest or in an exported file.
pub(super) fn read_file(path: &Path) -> Result<Vec<Contract>, Failure> {
    let text = file::read(path)?;
    let contracts = if portable::is_portable(&text) {
        portable::read(&text).map(|contract| vec![contract])
    } else {
        manifest::read(&text)
    };
    contracts.map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

fn looks_like_path(text: &str) -> bool {
    text.contains(['/', '\\', '.']) && !text.starts_with("aster1")
}

async fn fetch(destination: &Destination, address: &str) -> Result<Vec<Contract>, Failure> {
    let remote = destination.connect(Some(address)).await?;
    let result = fetch_all(remote.client()).await;
    remote.close().await;
    result
}

async fn fetch_all(client: &AsterClient) -> Result<Vec<Contract>, Failure> {
    let mut contracts = Vec::new();
    for service in client.services() {
        // The client gives up by itself, after its `contract_timeout`.
        let contract = client
            .contract(&service.name)
            .await
            .map_err(|error| Failure::runtime(format!("{}: {error}", service.name)))?;
        contracts.push(contract);
    }
    if contracts.is_empty() {
        return Err(Failure::runtime("the server offers no services")
            .hint("it may offer them to other credentials"));
    }
    Ok(contracts)
}
