//! Gate 2: services.

use super::denial::Denial;
use super::Gate;
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
            anonymous: gate == Gate::Open,
        }),
        _ => Ok(()),
    }
}
