//! `aster peers add|list|remove`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use aster::{Address, ClientCredential};
use clap::{Args, Subcommand};
use serde_json::json;

use super::AddressBook;
use super::address_book::Peer;
use crate::failure::Failure;
use crate::output::{Output, Report, note};
use crate::remote::one_of;

/// Names for servers, used wherever an address is taken.
#[derive(Args, Debug)]
pub(crate) struct Peers {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Give a server a name: then `aster call NAME ...` calls it.
    Add(Add),
    /// List the servers that have names.
    List(List),
    /// Forget a name.
    Remove(Remove),
}

#[derive(Args, Debug)]
struct Add {
    /// The name: letters, digits, '-', '_' and '.'.
    name: String,
    /// The address, as the server printed it.
    address: String,
    /// The credential to present to it, unless a command names another one.
    #[arg(long, visible_alias = "credential", value_name = "FILE")]
    rcan: Option<PathBuf>,
    /// Replace the server that has the name now.
    #[arg(long)]
    replace: bool,
}

#[derive(Args, Debug)]
struct List {
    #[command(flatten)]
    output: Output,
}

#[derive(Args, Debug)]
struct Remove {
    /// The name.
    name: String,
}

impl Peers {
    pub(crate) fn run(self) -> Result<ExitCode, Failure> {
        match self.command {
            Command::Add(add) => add.run(),
            Command::List(list) => list.run(),
            Command::Remove(remove) => remove.run(),
        }?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Add {
    fn run(self) -> Result<(), Failure> {
        let Self { name, address, rcan, replace } = self;
        if !AddressBook::could_be_name(&name) {
            return Err(Failure::usage(format!("{name:?} is no name for a server"))
                .hint("take 1 to 40 letters, digits, '-', '_' and '.', for example edge-7"));
        }
        if let Err(error) = address.parse::<Address>() {
            return Err(Failure::usage(format!("{address:?} is no address: {error}")));
        }
        let credential = rcan.as_deref().map(found).transpose()?;
        let mut book = AddressBook::load()?;
        if book.find(&name).is_some() && !replace {
            return Err(Failure::usage(format!("there is a server {name} already"))
                .hint(format!("`aster peers add --replace {name} ...` replaces it")));
        }
        book.set(&name, Peer { address, credential });
        book.save()?;
        note(&format!("{name} is in the address book: try `aster shell {name}`"));
        Ok(())
    }
}

/// The whole path of a credential that can be used.
fn found(path: &Path) -> Result<PathBuf, Failure> {
    ClientCredential::load(path)?;
    std::path::absolute(path)
        .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

impl List {
    fn run(self) -> Result<(), Failure> {
        let book = AddressBook::load()?;
        if book.names().next().is_none() && self.output.is_for_people() {
            note("there is no server yet: `aster peers add NAME ADDRESS` adds one");
        }
        let mut text = String::new();
        let mut all = Vec::new();
        for (name, peer) in book.peers() {
            text.push_str(&format!("{name}\n  address     {}\n", peer.address));
            if let Some(credential) = &peer.credential {
                text.push_str(&format!("  credential  {}\n", credential.display()));
            }
            all.push(json!({
                "name": name,
                "address": peer.address,
                "credential": peer.credential,
            }));
        }
        let line = book.names().collect::<Vec<_>>().join(" ");
        self.output.print(&Report { text, line, json: all.into() })
    }
}

impl Remove {
    fn run(self) -> Result<(), Failure> {
        let mut book = AddressBook::load()?;
        if book.remove(&self.name).is_none() {
            return Err(Failure::not_found(format!("there is no server {:?}", self.name))
                .hint(one_of("server", &self.name, book.names())));
        }
        book.save()?;
        note(&format!("{} is no longer in the address book", self.name));
        Ok(())
    }
}
