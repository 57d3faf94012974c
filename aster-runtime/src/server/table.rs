//! Finds the service and method that a header names.

use std::sync::Arc;

use super::name_map::NameMap;
use super::placement::Pace;
use crate::dispatch::{Dispatch, SessionFactory};
use crate::header::StreamHeader;
use crate::service::{MethodDescriptor, ServiceDescriptor};
use crate::status::Status;

/// The services of a server.
#[derive(Default)]
pub(crate) struct ServiceTable {
    /// By name; each version on its own, so that what one version requires
    /// never decides for another.
    entries: NameMap<Vec<Arc<Entry>>>,
    /// In the order of registration.
    descriptors: Vec<&'static ServiceDescriptor>,
}

/// One version of a service.
pub(crate) struct Entry {
    pub(crate) descriptor: &'static ServiceDescriptor,
    pub(crate) instance: Instance,
    methods: NameMap<usize>,
    /// How the handlers have behaved, in the order of the methods.
    paces: Box<[Pace]>,
}

/// Where calls go.
pub(crate) enum Instance {
    Shared(Arc<dyn Dispatch>),
    Session(SessionFactory),
}

/// Where a stream's header leads.
#[derive(Clone)]
pub(crate) enum Route<'a> {
    Call { entry: &'a Entry, service: &'a Arc<dyn Dispatch>, method: Method },
    Session { entry: &'a Arc<Entry>, factory: &'a SessionFactory },
}

/// A method and its place in the handler table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Method {
    pub(crate) index: usize,
    pub(crate) descriptor: &'static MethodDescriptor,
}

/// A name and version registered twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("service {name} v{version} is registered twice")]
pub struct DuplicateService {
    name: &'static str,
    version: i32,
}

impl ServiceTable {
    pub(crate) fn insert(
        &mut self,
        descriptor: &'static ServiceDescriptor,
        instance: Instance,
    ) -> Result<(), DuplicateService> {
        let methods = descriptor.methods.iter().enumerate();
        let entry = Arc::new(Entry {
            descriptor,
            instance,
            methods: methods.map(|(index, method)| (method.name, index)).collect(),
            paces: descriptor.methods.iter().map(|_| Pace::default()).collect(),
        });
        let (name, version) = (descriptor.name, descriptor.version);
        match self.entries.get_mut(name) {
            None => self.entries.insert(name, vec![entry]),
            Some(versions) if versions.iter().any(|e| e.descriptor.version == version) => {
                return Err(DuplicateService { name, version });
            }
            Some(versions) => versions.push(entry),
        }
        self.descriptors.push(descriptor);
        Ok(())
    }

    /// All services in the order of registration.
    pub(crate) fn descriptors(&self) -> &[&'static ServiceDescriptor] {
        &self.descriptors
    }

    /// The methods that say nothing about who may call them.
    pub(crate) fn unguarded(&self) -> Vec<String> {
        let services = self.descriptors.iter();
        let methods = services.flat_map(|service| {
            service.unguarded().map(|method| format!("{}.{}", service.name, method.name))
        });
        methods.collect()
    }

    /// Resolves a header, or says what to answer.
    pub(crate) fn route(&self, header: &StreamHeader<'_>) -> Result<Route<'_>, Status> {
        if header.service.is_empty() {
            return Err(Status::invalid_argument("Missing service name"));
        }
        let versions = self.entries.get(&header.service).map_or(&[][..], Vec::as_slice);
        let exact = versions.iter().find(|e| i64::from(e.descriptor.version) == header.version);
        let entry = match (exact, versions) {
            (Some(entry), _) => entry,
            // Clients of the reference say version 1 in shared calls whatever
            // they were made for; with one version there is no doubt.
            (None, [only]) if header.version == 1 => only,
            _ => {
                return Err(Status::not_found(format!(
                    "Service '{}' v{} not found",
                    header.service, header.version
                )));
            }
        };
        match &entry.instance {
            Instance::Session(factory) if header.method.is_empty() => {
                Ok(Route::Session { entry, factory })
            }
            Instance::Session(_) => Err(Status::failed_precondition(format!(
                "service '{}' is session-scoped: open a session and call '{}' in it",
                entry.descriptor.name, header.method
            ))),
            Instance::Shared(_) if header.method.is_empty() => {
                Err(Status::failed_precondition(format!(
                    "service '{}' is not session-scoped: name the method in the stream header",
                    entry.descriptor.name
                )))
            }
            Instance::Shared(service) => {
                let method = entry.method(&header.method)?;
                Ok(Route::Call { entry, service, method })
            }
        }
    }
}

impl Entry {
    /// How the handler of a method has behaved.
    pub(crate) fn pace(&self, method: Method) -> Option<&Pace> {
        self.paces.get(method.index)
    }

    /// The method with this wire name.
    pub(crate) fn method(&self, name: &str) -> Result<Method, Status> {
        self.methods
            .get(name)
            .and_then(|&index| {
                let descriptor = self.descriptor.methods.get(index)?;
                Some(Method { index, descriptor })
            })
            .ok_or_else(|| {
                Status::unimplemented(format!(
                    "Method '{}.{name}' not implemented",
                    self.descriptor.name
                ))
            })
    }
}

impl std::fmt::Debug for ServiceTable {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names = self.descriptors.iter().map(|d| (d.name, d.version));
        f.debug_list().entries(names).finish()
    }
}
