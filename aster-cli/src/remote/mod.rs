//! A server as the tools see it: its services, their contracts, and what the
//! credential in use allows. `aster call` and `aster shell` share all of it.

mod contract_cache;
mod demo;
mod destination;
mod input;
mod invocation;
mod method;
mod rendering;
mod request;
mod rights;
mod suggestion;

use std::sync::Arc;
use std::time::Duration;

use aster::{AsterClient, Proxy, ProxySession, ServiceSummary};

pub(crate) use destination::Destination;
pub(crate) use input::{Input, InputReader};
pub(crate) use invocation::{CallOptions, Items, Tally, invoke};
pub(crate) use method::{RemoteMethod, RemoteService, short as type_text};
pub(crate) use rendering::{Form, Rendering};
pub(crate) use request::{check, fields, from_pairs, message, missing, variants};
pub(crate) use rights::{Right, Rights, requirements_text};
pub(crate) use suggestion::{nearest, one_of};

use crate::failure::Failure;

/// How long a server gets to take note that this client goes.
const CLOSE_TIMEOUT: Duration = Duration::from_secs(1);

/// A connected server. Cloning is cheap.
#[derive(Clone)]
pub(crate) struct Remote(Arc<Inner>);

struct Inner {
    client: AsterClient,
    name: String,
    rights: Rights,
}

/// What calls of one service go through.
#[derive(Clone, Debug)]
pub(crate) enum Callee {
    /// One instance serves all callers.
    Shared(Proxy),
    /// An instance for this session.
    Session(ProxySession),
}

impl Remote {
    fn new(client: AsterClient, name: String) -> Self {
        let rights = Rights::told(client.attributes());
        Self(Arc::new(Inner { client, name, rights }))
    }

    /// What the user calls the server, short enough for a prompt.
    pub(crate) fn name(&self) -> &str {
        &self.0.name
    }

    /// The client itself.
    pub(crate) fn client(&self) -> &AsterClient {
        &self.0.client
    }

    /// What the server announced.
    pub(crate) fn services(&self) -> &[ServiceSummary] {
        self.0.client.services()
    }

    /// What the credential in use allows.
    pub(crate) fn rights(&self) -> &Rights {
        &self.0.rights
    }

    /// A service with its contract as the server publishes it now.
    ///
    /// # Errors
    /// If the server announces no such service.
    pub(crate) async fn service(&self, name: &str) -> Result<Arc<RemoteService>, Failure> {
        let summary = self.summary(name)?;
        let (contract, no_contract) = match self.0.client.contract(name).await {
            Ok(contract) => {
                contract_cache::keep(&contract);
                (Some(contract), None)
            }
            Err(error) => (None, Some(error.to_string())),
        };
        Ok(Arc::new(RemoteService { summary: summary.clone(), contract, no_contract }))
    }

    /// The same with a contract from disk, if there is one with the announced
    /// id: what the id covers (methods, patterns, types) is as good, what it
    /// does not (documentation, requirements) may be old.
    ///
    /// # Errors
    /// If the server announces no such service.
    pub(crate) async fn known_service(&self, name: &str) -> Result<Arc<RemoteService>, Failure> {
        let summary = self.summary(name)?;
        match contract_cache::find(summary) {
            Some(contract) => Ok(Arc::new(RemoteService {
                summary: summary.clone(),
                contract: Some(contract),
                no_contract: None,
            })),
            None => self.service(name).await,
        }
    }

    fn summary(&self, name: &str) -> Result<&ServiceSummary, Failure> {
        self.services().iter().find(|summary| summary.name == name).ok_or_else(|| {
            let names = self.services().iter().map(|summary| summary.name.as_str());
            Failure::not_found(format!("{} offers no service {name}", self.name()))
                .hint(one_of("service", name, names))
        })
    }

    /// What calls of the service go through; opens a session if the service
    /// has those.
    ///
    /// # Errors
    /// Whatever keeps the session from opening.
    pub(crate) async fn callee(&self, service: &RemoteService) -> Result<Callee, Failure> {
        let name = &service.summary.name;
        Ok(if service.is_session() {
            Callee::Session(self.0.client.proxy_session(name).await?)
        } else {
            Callee::Shared(self.0.client.proxy(name)?)
        })
    }

    /// Ends the connection.
    pub(crate) async fn close(&self) {
        let _ = tokio::time::timeout(CLOSE_TIMEOUT, self.0.client.close()).await;
    }
}

impl Callee {
    /// Ends the session, if it is one.
    pub(crate) async fn close(&self) {
        if let Self::Session(session) = self {
            let _ = tokio::time::timeout(CLOSE_TIMEOUT, session.close()).await;
        }
    }
}
