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
    notes.extend(requirements(contract, method).map(requirement));
    if !lines.is_empty() && !notes.is_empty() {
        lines.push(String::new());
    }
    lines.extend(notes);
    lines
}

/// What a caller must meet. Admission alone is not worth a word beside a
/// capability.
fn requirements<'a>(
    contract: &'a Contract,
    method: &'a Method,
) -> impl Iterator<Item = &'a Requirement> {
    let [service, method] = [&contract.requires, &method.requires].map(Option::as_ref);
    let service = service.filter(|service| method.is_none() || **service != Requirement::Admitted);
    let method = method.filter(|method| service.is_none() || **method != Requirement::Admitted);
    [service, method].into_iter().flatten()
}

/// A sentence about who may call.
pub(super) fn requirement(requirement: &Requirement) -> String {
    let list = |roles: &[String], word| {
        let roles: Vec<_> = roles.iter().map(|role| text::line(role)).collect();
        roles.join(word)
    };
    match requirement {
        Requirement::Admitted => "Open to any admitted peer.".to_owned(),
        Requirement::Role(role) => format!("Needs the capability {}.", text::line(role)),
        Requirement::AnyOf(roles) => {
            format!("Needs one of the capabilities {}.", list(roles, ", "))
        }
        Requirement::AllOf(roles) => format!("Needs the capabilities {}.", list(roles, " and ")),
    }
}
