//! Whether a typed client and its server mean the same by a service.

use std::fmt;

use tokio::sync::OnceCell;

use super::AsterClient;
use crate::contract::{Contract, Difference};
use crate::service::ServiceDescriptor;
use crate::status::Status;

/// What a typed client does when the contract that it was compiled with is not
/// the one that the server announces.
///
/// ```no_run
/// # use aster_runtime::{AsterClient, ContractCheck};
/// # async fn example(client: AsterClient) {
/// // let greeter = GreeterClient::new_with(&client, ContractCheck::Compatible)?;
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContractCheck {
    /// Calls fail with FAILED_PRECONDITION, both ids and what differs.
    #[default]
    Exact,
    /// Methods whose calls mean the same in JSON work, in JSON. The server's
    /// contract is fetched on the first call; where it cannot be, and for every
    /// other method, calls fail as with [`Exact`](Self::Exact).
    Compatible,
    /// Nothing is compared. What a server without our contract makes of a call,
    /// and the client of its response, shows only then.
    Off,
}

/// A difference that was announced, and what is known about it.
pub(super) struct Disagreement {
    client: AsterClient,
    service: &'static ServiceDescriptor,
    announced: String,
    check: ContractCheck,
    finding: OnceCell<Finding>,
}

/// What the server's contract told.
enum Finding {
    /// The methods that are the same in JSON can be told from the others.
    Difference(Difference),
    /// It cannot be read, for this reason.
    Unknown(String),
}

impl Disagreement {
    /// None if the ids are the same, or are not to be compared.
    pub(super) fn between(
        client: &AsterClient,
        service: &'static ServiceDescriptor,
        announced: &str,
        check: ContractCheck,
    ) -> Option<Self> {
        if check == ContractCheck::Off || announced == service.contract_id.to_string() {
            return None;
        }
        Some(Self {
            client: client.clone(),
            service,
            announced: announced.to_owned(),
            check,
            finding: OnceCell::new(),
        })
    }

    /// Whether a method may be called all the same; an empty name opens a
    /// session.
    pub(super) async fn allow(&self, method: &str) -> Result<(), Status> {
        let finding = self.finding.get_or_init(|| self.find()).await;
        if self.check == ContractCheck::Compatible
            && let Finding::Difference(difference) = finding
            && (method.is_empty() || difference.callable_with_json(method))
        {
            return Ok(());
        }
        Err(self.status(finding))
    }

    async fn find(&self) -> Finding {
        let fetched = self.client.fetch_contract(self.service.name, self.service.version).await;
        match fetched {
            Ok(theirs) => {
                let ours = Contract::of(self.service);
                Finding::Difference(Difference::between(&ours, &theirs))
            }
            Err(reason) => Finding::Unknown(reason),
        }
    }

    fn status(&self, finding: &Finding) -> Status {
        let ServiceDescriptor { name, version, contract_id, .. } = self.service;
        let announced = match self.announced.as_str() {
            "" => "no contract",
            id => id,
        };
        let found = match finding {
            Finding::Difference(difference) => format!("Seen from this client:\n{difference}"),
            Finding::Unknown(reason) => format!("What differs is not known: {reason}."),
        };
        Status::failed_precondition(format!(
            "the contract of {name} v{version} is not the one that this client was compiled with\n  \
             client {contract_id}\n  server {announced}\n{found}\n\
             Update the older side (`aster contract gen-client ADDRESS` makes a client of the \
             server's contract), or allow what still works in JSON with ContractCheck::Compatible."
        ))
    }
}

impl fmt::Debug for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Disagreement")
            .field("announced", &self.announced)
            .field("check", &self.check)
            .finish_non_exhaustive()
    }
}
