//! `aster contract diff`: what changed, and whom it breaks.

use std::process::ExitCode;

use aster::contract::{Contract, Difference};
use clap::Args;

use super::source::{Source, select};
use crate::failure::Failure;
use crate::remote::Destination;

/// The sources differ, as with diff(1).
const EXIT_DIFFERENT: u8 = 1;

/// Compare two sources.
#[derive(Args, Debug)]
pub(super) struct Diff {
    /// The contract that callers know: a program, a file, or an address.
    old: String,
    /// The contract that the server has.
    new: String,
    /// Only this service.
    #[arg(long, value_name = "NAME")]
    service: Option<String>,
    /// Print JSON, one line for each service.
    #[arg(long)]
    json: bool,
}

impl Diff {
    pub(super) async fn run(self, at: &Destination) -> Result<ExitCode, Failure> {
        let service = self.service.as_deref();
        let old = select(Source::parse(&self.old)?.contracts(at).await?, service)?;
        let new = select(Source::parse(&self.new)?.contracts(at).await?, service)?;
        let mut different = false;
        for (old, new) in pairs(&old, &new) {
            match (old, new) {
                (Some(old), Some(new)) => {
                    let difference = Difference::between(old, new);
                    different |= !difference.changes().is_empty() || old.id != new.id;
                    self.print(&difference)?;
                }
                (Some(old), None) => {
                    different = true;
                    self.print_whole(old, "removed");
                }
                (None, Some(new)) => {
                    different = true;
                    self.print_whole(new, "added");
                }
                (None, None) => {}
            }
        }
        Ok(if different { ExitCode::from(EXIT_DIFFERENT) } else { ExitCode::SUCCESS })
    }

    fn print(&self, difference: &Difference) -> Result<(), Failure> {
        if self.json {
            let text = serde_json::to_string(difference)
                .map_err(|error| Failure::runtime(error.to_string()))?;
            println!("{text}");
        } else {
            println!("{difference}");
        }
        Ok(())
    }

    fn print_whole(&self, contract: &Contract, what: &str) {
        if self.json {
            let line = serde_json::json!({
                "service": contract.service,
                "version": contract.version,
                "change": what,
            });
            println!("{line}");
        } else {
            println!("{} v{}: {what}", contract.service, contract.version);
        }
    }
}

/// The services of both sides, by name: a new version is a change of the
/// service. Two versions side by side are compared with their own.
fn pairs<'a>(
    old: &'a [Contract],
    new: &'a [Contract],
) -> Vec<(Option<&'a Contract>, Option<&'a Contract>)> {
    let mut left: Vec<&Contract> = new.iter().collect();
    let mut pairs = Vec::new();
    for contract in old {
        let same_name = |other: &&&Contract| other.service == contract.service;
        let exact = left.iter().position(|other| {
            other.service == contract.service && other.version == contract.version
        });
        let lone = old.iter().filter(|o| o.service == contract.service).count() == 1
            && left.iter().filter(same_name).count() == 1;
        let at = exact.or_else(|| {
            lone.then(|| left.iter().position(|other| other.service == contract.service)).flatten()
        });
        pairs.push((Some(contract), at.map(|at| left.remove(at))));
    }
    pairs.extend(left.into_iter().map(|contract| (None, Some(contract))));
    pairs
}
