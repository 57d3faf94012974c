//! The check of a contract's id while compiling.

#![allow(missing_docs, reason = "hidden from documentation")]

use super::canonical::ContractDef;
use super::graph::{Node, are_sound};
use super::report::Report;

/// Where the expected id was written.
#[derive(Clone, Copy, Debug)]
pub enum Expectation {
    /// In the attribute.
    Attribute,
    /// In the manifest at this path, as written.
    Manifest(&'static str),
}

/// What the environment variable `ASTER_CONTRACT_DRIFT` holds where a changed
/// contract is meant.
const ALLOW: &str = "allow";

/// Fails to compile if the contract's id, `actual`, is not the expected one.
/// Says nothing if a message has a mistake: that is reported elsewhere.
#[track_caller]
pub const fn assert_contract_id(
    def: &ContractDef<'static>,
    roots: &[&'static Node],
    actual: &[u8; 32],
    expected: &[u8; 32],
    source: Expectation,
    variable: Option<&str>,
) {
    let allowed = match variable {
        Some(value) => matches!(value.as_bytes(), b"allow"),
        None => false,
    };
    if allowed || same(actual, expected) || !are_sound(roots) {
        return;
    }
    let mut report = Report::new();
    report.add("the contract of service ");
    report.add(def.name);
    report.add(" version ");
    report.add_number(def.version);
    report.add(" is not the expected one\n  expected: ");
    report.add_hex(expected);
    report.add("\n    actual: ");
    report.add_hex(actual);
    report.add("\nClients of the expected contract may not understand this service. ");
    match source {
        Expectation::Attribute => {
            report.add("If the change is meant, write contract_id = \"");
            report.add_hex(actual);
            report.add("\"");
        }
        Expectation::Manifest(path) => {
            report.add("If the change is meant, accept it:\n  ASTER_CONTRACT_DRIFT=");
            report.add(ALLOW);
            report.add(" cargo build && aster contract gen PROGRAM --out ");
            report.add(path);
        }
    }
    report.fail();
}

const fn same(a: &[u8; 32], b: &[u8; 32]) -> bool {
    let ([a0, a1], _) = a.as_chunks::<16>() else {
        return false;
    };
    let ([b0, b1], _) = b.as_chunks::<16>() else {
        return false;
    };
    u128::from_le_bytes(*a0) == u128::from_le_bytes(*b0)
        && u128::from_le_bytes(*a1) == u128::from_le_bytes(*b1)
}
