//! What the credential in use allows, told before a call is made. The server
//! decides; this is what it will say.

use std::collections::BTreeMap;

use aster::contract::{Contract, Requirement};
use aster::trust::{Capabilities, ROLE_ATTRIBUTE};

/// The capabilities that the server knows this client to hold.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rights {
    capabilities: Capabilities,
}

/// Whether a method may be called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Right {
    /// Nothing is missing.
    Held,
    /// What is missing, as text.
    Missing(String),
    /// There is no contract that would tell.
    Unknown,
}

impl Rights {
    /// What the server told when it admitted this client.
    pub(super) fn told(attributes: &BTreeMap<String, String>) -> Self {
        let role = attributes.get(ROLE_ATTRIBUTE).map(String::as_str).unwrap_or_default();
        Self { capabilities: Capabilities::from_role(role) }
    }

    /// The capabilities, sorted.
    pub(crate) fn capabilities(&self) -> impl Iterator<Item = &str> {
        self.capabilities.iter()
    }

    /// Whether the method of the contract may be called.
    pub(crate) fn of(&self, contract: Option<&Contract>, method: &str) -> Right {
        let Some(contract) = contract else { return Right::Unknown };
        let method = contract.methods.iter().find(|described| described.name == method);
        let Some(method) = method else { return Right::Unknown };
        for requirement in [&contract.requires, &method.requires].into_iter().flatten() {
            if !self.meet(requirement) {
                return Right::Missing(in_words(requirement));
            }
        }
        Right::Held
    }

    fn meet(&self, requirement: &Requirement) -> bool {
        let holds = |name: &String| self.capabilities.contains(name);
        match requirement {
            Requirement::Admitted => true,
            Requirement::Role(name) => holds(name),
            Requirement::AnyOf(names) => names.iter().any(holds),
            Requirement::AllOf(names) => names.iter().all(holds),
        }
    }
}

/// What must be held.
fn in_words(requirement: &Requirement) -> String {
    match requirement {
        Requirement::Admitted => "admission".to_owned(),
        Requirement::Role(name) => name.clone(),
        Requirement::AnyOf(names) => names.join(" or "),
        Requirement::AllOf(names) => names.join(" and "),
    }
}

/// What a method requires in all; nothing to speak of if that is admission.
pub(crate) fn requirements_text(contract: &Contract, method: &str) -> Option<String> {
    let method = contract.methods.iter().find(|described| described.name == method);
    let of_method = method.and_then(|method| method.requires.as_ref());
    let all: Vec<_> = [contract.requires.as_ref(), of_method]
        .into_iter()
        .flatten()
        .filter(|requirement| **requirement != Requirement::Admitted)
        .map(in_words)
        .collect();
    (!all.is_empty()).then(|| all.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(role: &str) -> Rights {
        Rights::told(&BTreeMap::from([(ROLE_ATTRIBUTE.to_owned(), role.to_owned())]))
    }

    #[test]
    fn requirements_are_met_by_the_capabilities_that_the_server_told() {
        let of = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let rights = rights("ops.logs,ops.status");
        for (requirement, met) in [
            (Requirement::Admitted, true),
            (Requirement::Role("ops.logs".into()), true),
            (Requirement::Role("ops.admin".into()), false),
            (Requirement::AnyOf(of(&["ops.admin", "ops.logs"])), true),
            (Requirement::AnyOf(of(&["ops.admin"])), false),
            (Requirement::AllOf(of(&["ops.status", "ops.logs"])), true),
            (Requirement::AllOf(of(&["ops.admin", "ops.logs"])), false),
        ] {
            assert_eq!(rights.meet(&requirement), met, "{requirement:?}");
        }
        assert!(!Rights::default().meet(&Requirement::Role("ops.logs".into())));
    }
}
