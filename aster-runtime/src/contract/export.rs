//! How a program tells its contracts to tools.
//!
//! A tool starts the program with the environment variable
//! [`EXPORT_VARIABLE`] set to [`EXPORT_MANIFEST`], no arguments, and no input.
//! A program that calls [`export`] first thing then writes the manifest of its
//! services to standard output, with a line break at the end, and exits with
//! 0; or writes a message to standard error and exits with 1. With any other
//! value, or without the variable, `export` does nothing at all.

use std::io::{self, Write};

use crate::service::ServiceDescriptor;

use super::{Contract, manifest};

/// The environment variable that asks a program for its contracts.
pub const EXPORT_VARIABLE: &str = "ASTER_CONTRACT_EXPORT";

/// The value of [`EXPORT_VARIABLE`] that asks for a manifest.
pub const EXPORT_MANIFEST: &str = "manifest";

/// Writes the manifest of the services to standard output and ends the
/// process, if [`EXPORT_VARIABLE`] asks for it; returns otherwise. Programs use
/// it through `aster::export_contracts!`, as the first statement of `main`.
pub fn export(services: &[&'static ServiceDescriptor]) {
    if std::env::var_os(EXPORT_VARIABLE).is_none_or(|value| value != EXPORT_MANIFEST) {
        return;
    }
    let written = text(services).and_then(|text| {
        let mut out = io::stdout().lock();
        writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| error.to_string())
    });
    std::process::exit(match written {
        Ok(()) => 0,
        Err(problem) => {
            eprintln!("error: cannot export the contracts of this program: {problem}");
            1
        }
    });
}

/// The manifest, which is one that can be read: a service that is listed twice
/// or goes beyond a limit is found here rather than by every reader.
fn text(services: &[&'static ServiceDescriptor]) -> Result<String, String> {
    let contracts: Vec<_> = services.iter().map(|service| Contract::of(service)).collect();
    let text = manifest::write(&contracts);
    manifest::read(&text).map(|_| text).map_err(|error| {
        let place = if error.path().is_empty() { "the manifest" } else { error.path() };
        format!("{place}: {}", error.problem())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::ContractId;
    use crate::service::{Scope, SerializationMode};

    static CLOCK: ServiceDescriptor = ServiceDescriptor {
        name: "Clock",
        version: 1,
        scope: Scope::Shared,
        modes: &[SerializationMode::Xlang],
        requires: None,
        doc: "Tells the time.",
        methods: &[],
        contract_id: ContractId::from_bytes([1; 32]),
    };

    static NAMELESS: ServiceDescriptor = ServiceDescriptor {
        name: "",
        version: 1,
        scope: Scope::Shared,
        modes: &[],
        requires: None,
        doc: "",
        methods: &[],
        contract_id: ContractId::from_bytes([1; 32]),
    };

    #[test]
    fn the_manifest_of_a_program_can_be_read() {
        let contracts = manifest::read(&text(&[&CLOCK]).unwrap()).unwrap();
        assert_eq!(contracts[0].service, "Clock");
    }

    #[test]
    fn what_no_reader_takes_is_not_written() {
        assert_eq!(text(&[&CLOCK, &CLOCK]).unwrap_err(), "[1]: version 1 of Clock stands twice");
        assert_eq!(text(&[&NAMELESS]).unwrap_err(), "service: an empty name");
    }
}
