//! What all languages say in comments, without their marks.

use aster::contract::{Contract, Method, Requirement};

use super::{Language, text};

/// The beginning of every file, without comment marks. Its first two lines
/// hold nothing of the contract: Python looks for an encoding there.
pub(super) fn header(language: Language, contracts: &[&Contract]) -> Vec<String> {
    let mut lines = vec![
        "Made by the aster command; do not edit. To make it again:".to_owned(),
        format!("aster contract gen-client SOURCE --lang {} --out DIR", language.argument()),
        String::new(),
    ];
    lines.extend(contracts.iter().map(|contract| {
        let Contract { service, version, id, .. } = contract;
        format!("Service {}, version {version}, contract {id}", text::line(service))
    }));
    lines
}

/// The documentation of a method: its own, then what the contract promises
/// and demands.
pub(super) fn method_doc(contract: &Contract, method: &Method) -> Vec<String> {
    let mut lines = text::lines(&method.doc);
    let mut notes = Vec::new();
    if method.idempotent {
        notes.push("Idempotent: calling twice does what calling once does.".to_owned());
    }
    if let Some(seconds) = method.timeout {
        notes.push(format!("Takes at most {seconds} s."));
    }
    notes.extend([&contract.requires, &method.requires].into_iter().flatten().map(requirement));
    if !lines.is_empty() && !notes.is_empty() {
        lines.push(String::new());
    }
    lines.extend(notes);
    lines
}

/// A sentence about what the caller must hold.
pub(super) fn requirement(requirement: &Requirement) -> String {
    let list = |roles: &[String], word| {
        let roles: Vec<_> = roles.iter().map(|role| text::line(role)).collect();
        roles.join(word)
    };
    match requirement {
        Requirement::Role(role) => format!("Needs the capability {}.", text::line(role)),
        Requirement::AnyOf(roles) => {
            format!("Needs one of the capabilities {}.", list(roles, ", "))
        }
        Requirement::AllOf(roles) => format!("Needs the capabilities {}.", list(roles, " and ")),
    }
}
