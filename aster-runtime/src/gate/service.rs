//! Gate 2: services.

use super::Gate;
use super::denial::Denial;
use crate::service::ServiceDescriptor;
use crate::trust::Grant;

/// Decides whether the caller may use a service at all: open a session on it,
/// or go on to gate 3.
pub(crate) fn service(
    gate: Gate,
    service: &'static ServiceDescriptor,
    grant: &Grant,
    now: u64,
) -> Result<(), Denial> {
    if grant.is_over(now) {
        return Err(Denial::Ended(super::Ending::Expired));
    }
    if !grant.audience().contains_service(service) {
        return Err(Denial::Audience { service: service.name, method: None });
    }
    match &service.requires {
        Some(required) if !grant.capabilities().meet(required) => Err(Denial::Capability {
            service: service.name,
            method: None,
            required,
            anonymous: gate == Gate::Open && grant.capabilities().is_empty(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{NOW, fleet, grant, grant_for};
    use super::*;
    use crate::service::Requirement;

    const STATUS: Option<Requirement> = Some(Requirement::Role("ops.status"));

    #[test]
    fn every_row_of_the_table() {
        let lacks = "Fleet requires ops.status, which the credential of this caller does not have";
        let rows = [
            // What the service requires, what the caller holds, for what.
            (None, "", &[][..], ""),
            (None, "", &["Fleet"], ""),
            (None, "", &["Fleet@2"], ""),
            (None, "", &["Fleet.other"], ""),
            (None, "", &["Fleet@1"], "the credential of this caller is not for Fleet"),
            (None, "ops.status", &["Other"], "the credential of this caller is not for Fleet"),
            (Some(Requirement::Admitted), "", &[], ""),
            (STATUS, "ops.status", &[], ""),
            (STATUS, "ops.status", &["Fleet"], ""),
            (STATUS, "ops.status", &["Other"], "the credential of this caller is not for Fleet"),
            (STATUS, "", &[], lacks),
            (STATUS, "ops.admin", &[], lacks),
        ];
        for (requires, role, audience, expected) in rows {
            let (fleet, _) = fleet(requires, None);
            let grant = grant_for(role, audience);
            for gate in [Gate::Open, Gate::Closed] {
                let decision = service(gate, fleet, &grant, NOW);
                let text = decision.map_or_else(|denial| denial.to_string(), |()| String::new());
                match (gate, expected == lacks && role.is_empty()) {
                    (Gate::Open, true) => assert!(text.contains("the gate is open"), "{text}"),
                    _ => assert_eq!(text, expected, "{requires:?} {role} {audience:?}"),
                }
            }
        }
    }

    #[test]
    fn a15_over_on_the_second() {
        let (fleet, _) = fleet(None, None);
        let grant = grant("ops.status");
        assert!(service(Gate::Closed, fleet, &grant, grant.not_after() - 1).is_ok());
        for now in [grant.not_after(), grant.not_after() + 1, u64::MAX] {
            let denial = service(Gate::Closed, fleet, &grant, now).unwrap_err();
            assert!(matches!(denial, Denial::Ended(_)), "{denial}");
        }
    }
}
