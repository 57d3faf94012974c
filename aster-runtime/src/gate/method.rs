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
            anonymous: gate == Gate::Open,
        }),
        // Nobody said who may call it: fine where everybody may, or where the
        // service has asked already.
        None if gate == Gate::Closed && service.requires.is_none() => {
            Err(Denial::Unguarded { service: service.name, method: method.name })
        }
        _ => Ok(()),
    }
}
