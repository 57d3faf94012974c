//! Gate 3: methods.

use super::Gate;
use super::denial::Denial;
use crate::service::{MethodDescriptor, ServiceDescriptor};
use crate::trust::Grant;

/// Decides whether the caller may call a method, after gates 2 and 3: what the
/// service requires and what the method requires must both be met.
pub(crate) fn method(
    gate: Gate,
    service: &'static ServiceDescriptor,
    method: &'static MethodDescriptor,
    grant: &Grant,
    now: u64,
) -> Result<(), Denial> {
    super::service(gate, service, grant, now)?;
    if !grant.is_for(service, method) {
        return Err(Denial::Audience { service: service.name, method: Some(method.name) });
    }
    match &method.requires {
        Some(required) if !grant.capabilities().meet(required) => Err(Denial::Capability {
            service: service.name,
            method: Some(method.name),
            required,
            anonymous: gate == Gate::Open && grant.capabilities().is_empty(),
        }),
        // Nobody said who may call it: fine where everybody may, or where the
        // service has asked already.
        None if gate == Gate::Closed && service.requires.is_none() => {
            Err(Denial::Unguarded { service: service.name, method: method.name })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{NOW, fleet, grant, grant_for};
    use super::*;
    use crate::service::Requirement;

    const STATUS: Option<Requirement> = Some(Requirement::Role("ops.status"));
    const ADMIN: Option<Requirement> = Some(Requirement::Role("ops.admin"));
    const ANY: Option<Requirement> = Some(Requirement::AnyOf(&["ops.status", "ops.admin"]));
    const ALL: Option<Requirement> = Some(Requirement::AllOf(&["ops.status", "ops.admin"]));
    const ADMITTED: Option<Requirement> = Some(Requirement::Admitted);
    const NOTHING: Option<Requirement> = Some(Requirement::AllOf(&[]));

    fn kind(decision: Result<(), Denial>) -> &'static str {
        match decision {
            Ok(()) => "in",
            Err(Denial::Capability { method: None, .. }) => "service",
            Err(Denial::Capability { .. }) => "method",
            Err(Denial::Unguarded { .. }) => "unguarded",
            Err(Denial::Audience { .. }) => "audience",
            Err(Denial::Ended(_)) => "over",
            Err(_) => "else",
        }
    }

    /// A24, B15: on the service, on the method, on both, on none; in each
    /// case for callers that hold nothing, one or both capabilities.
    #[test]
    fn a24_b15_every_row_of_the_table() {
        let rows = [
            // service, method: with nothing, ops.status, ops.admin, both
            (None, None, ["unguarded"; 4]),
            (None, STATUS, ["method", "in", "method", "in"]),
            (None, ADMIN, ["method", "method", "in", "in"]),
            (None, ANY, ["method", "in", "in", "in"]),
            (None, ALL, ["method", "method", "method", "in"]),
            (None, ADMITTED, ["in"; 4]),
            (None, NOTHING, ["method"; 4]),
            (STATUS, None, ["service", "in", "service", "in"]),
            (STATUS, STATUS, ["service", "in", "service", "in"]),
            (STATUS, ADMIN, ["service", "method", "service", "in"]),
            (STATUS, ANY, ["service", "in", "service", "in"]),
            (STATUS, ALL, ["service", "method", "service", "in"]),
            (STATUS, ADMITTED, ["service", "in", "service", "in"]),
            (ADMITTED, None, ["in"; 4]),
            (ADMITTED, ADMIN, ["method", "method", "in", "in"]),
            (NOTHING, None, ["service"; 4]),
            (NOTHING, ADMITTED, ["service"; 4]),
        ];
        let roles = ["", "ops.status", "ops.admin", "ops.admin,ops.status"];
        for (of_service, of_method, expected) in rows {
            let (fleet, status) = fleet(of_service, of_method);
            for (role, expected) in roles.into_iter().zip(expected) {
                let grant = grant(role);
                let closed = kind(method(Gate::Closed, fleet, status, &grant, NOW));
                assert_eq!(closed, expected, "{of_service:?} {of_method:?} {role:?}");
                // At an open gate only what asks for nothing is different.
                let open = kind(method(Gate::Open, fleet, status, &grant, NOW));
                let expected = if expected == "unguarded" { "in" } else { expected };
                assert_eq!(open, expected, "open: {of_service:?} {of_method:?} {role:?}");
            }
        }
    }

    /// Nobody has a capability at an open gate; a caller within the program may.
    #[test]
    fn only_who_was_asked_for_no_credential_is_told_so() {
        let (fleet, status) = fleet(ADMITTED, ADMIN);
        for (gate, role, expected) in [
            (Gate::Open, "", true),
            (Gate::Open, "ops.status", false),
            (Gate::Closed, "", false),
            (Gate::Closed, "ops.status", false),
        ] {
            match method(gate, fleet, status, &grant(role), NOW) {
                Err(Denial::Capability { anonymous, .. }) => {
                    assert_eq!(anonymous, expected, "{gate:?} {role}");
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn a10_an_audience_is_of_services_versions_and_methods() {
        let (fleet, status) = fleet(ADMITTED, None);
        for (audience, expected) in [
            (&[][..], "in"),
            (&["Fleet"], "in"),
            (&["Fleet@2"], "in"),
            (&["Fleet.getStatus"], "in"),
            (&["Fleet@2.getStatus"], "in"),
            (&["Other", "Fleet@2.getStatus"], "in"),
            (&["Fleet@1.getStatus"], "audience"),
            (&["Fleet.other"], "audience"),
            (&["Fleet.getstatus"], "audience"),
            (&["fleet"], "audience"),
        ] {
            let grant = grant_for("ops.status", audience);
            let decision = kind(method(Gate::Closed, fleet, status, &grant, NOW));
            assert_eq!(decision, expected, "{audience:?}");
        }
    }

    #[test]
    fn nothing_is_called_with_a_grant_that_is_over() {
        let (fleet, status) = fleet(ADMITTED, ADMITTED);
        let grant = grant("ops.status");
        let at = |now| kind(method(Gate::Closed, fleet, status, &grant, now));
        assert_eq!(at(grant.not_after() - 1), "in");
        assert_eq!(at(grant.not_after()), "over");
    }
}
