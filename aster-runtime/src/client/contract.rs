//! The contracts of the server's services.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OnceCell;

use super::{AsterClient, Channel};
use crate::contract::{Contract, ContractId};
use crate::hello::ServiceSummary;
use crate::registry::{Announced, ContractFetchError, fetch};
use crate::service::ServiceDescriptor;

/// Where contracts come from, and those that came.
pub(super) struct Contracts {
    source: Source,
    /// By service and version. Those that wait for the same one share it.
    fetched: Mutex<HashMap<(String, i32), Place>>,
}

/// Where one contract will be.
type Place = Arc<OnceCell<Contract>>;

enum Source {
    /// The services of this process.
    Process(Vec<&'static ServiceDescriptor>),
    /// The server, and its document that lists them.
    Server { namespace: String },
}

impl Contracts {
    pub(super) fn of_process(descriptors: Vec<&'static ServiceDescriptor>) -> Self {
        Self { source: Source::Process(descriptors), fetched: Mutex::default() }
    }

    pub(super) fn of_server(namespace: String) -> Self {
        Self { source: Source::Server { namespace }, fetched: Mutex::default() }
    }
}

impl AsterClient {
    /// The contract of a service as the server publishes it: its methods and
    /// types. It is verified: what came has the id that the server announced
    /// in [`services`](Self::services). Fetched once; later calls return the
    /// same. Nothing is written to disk.
    ///
    /// # Errors
    /// [`ContractFetchError`] says why there is none, after at most
    /// [`Limits::contract_timeout`](crate::Limits::contract_timeout).
    ///
    /// ```no_run
    /// # async fn example(client: aster_runtime::AsterClient) -> Result<(), Box<dyn std::error::Error>> {
    /// let contract = client.contract("Greeter").await?;
    /// for method in &contract.methods {
    ///     println!("{}", method.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn contract(&self, service: &str) -> Result<Contract, ContractFetchError> {
        self.contract_of_version(service, None).await
    }

    /// The contract of one version of a service, or of the first announced.
    pub(crate) async fn contract_of_version(
        &self,
        service: &str,
        version: Option<i32>,
    ) -> Result<Contract, ContractFetchError> {
        let is_wanted = |summary: &&ServiceSummary| {
            summary.name == service && version.is_none_or(|version| summary.version == version)
        };
        let summary = self.services().iter().find(is_wanted).ok_or_else(|| {
            let version = version.map(|version| format!(" v{version}")).unwrap_or_default();
            ContractFetchError::UnknownService {
                service: format!("{service}{version}"),
                offered: self.offered(),
            }
        })?;
        let key = (summary.name.clone(), summary.version);
        let contracts = &self.inner.contracts;
        let cell = {
            let mut fetched = contracts.fetched.lock().unwrap_or_else(PoisonError::into_inner);
            fetched.entry(key).or_default().clone()
        };
        cell.get_or_try_init(|| self.fetch_announced(summary)).await.cloned()
    }

    async fn fetch_announced(
        &self,
        summary: &ServiceSummary,
    ) -> Result<Contract, ContractFetchError> {
        let service = &summary.name;
        let not_published = || ContractFetchError::NotPublished { service: service.clone() };
        let namespace = match &self.inner.contracts.source {
            Source::Process(descriptors) => {
                let descriptor = descriptors
                    .iter()
                    .find(|d| d.name == *service && d.version == summary.version)
                    .ok_or_else(not_published)?;
                return Ok(Contract::of(descriptor));
            }
            Source::Server { namespace } => namespace,
        };
        let endpoint = self.inner.connector.endpoint().ok_or_else(not_published)?;
        let channel = Channel::new(self.inner.connector.clone(), summary).map_err(|status| {
            ContractFetchError::Broken {
                service: service.clone(),
                part: "its server",
                reason: status.message().to_owned(),
            }
        })?;
        let id: ContractId = summary.contract_id.parse().map_err(|_| not_published())?;
        let announced = Announced {
            service,
            version: summary.version,
            id,
            collection: summary.contract_collection.as_deref(),
            namespace,
        };
        fetch(endpoint, channel.address(), announced, &self.inner.limits).await
    }
}
