//! One service in the states that a change leaves it in.

use aster::{Service, ServiceDescriptor};

macro_rules! fleet {
    ($state:ident, { $($report:tt)* }, { $($watch:tt)* }) => {
        mod $state {
            use aster::{Status, service, wire_type};

            /// What an agent tells.
            #[wire_type("fleet/Report")]
            pub(crate) struct Report { $($report)* }

            #[wire_type("fleet/Receipt")]
            pub(crate) struct Receipt {
                accepted: bool,
            }

            pub(crate) struct Fleet;

            /// Agents and their reports.
            #[service(version = 1)]
            impl Fleet {
                /// Takes one report.
                #[rpc(timeout = "5s")]
                async fn report(&self, report: Report) -> Result<Receipt, Status> {
                    let _ = report;
                    Ok(Receipt { accepted: true })
                }

                $($watch)*
            }
        }
    };
}

fleet!(base, {
    agent_id: String,
    load: f64,
}, {
    /// The receipts as they come.
    #[server_stream]
    async fn watch(
        &self,
        report: Report,
    ) -> Result<impl futures::Stream<Item = Result<Receipt, Status>> + Send, Status> {
        let _ = report;
        Ok(futures::stream::empty())
    }
});

fleet!(added, {
    agent_id: String,
    load: f64,
    /// Where the agent runs.
    region: Option<String>,
}, {
    /// The receipts as they come.
    #[server_stream]
    async fn watch(
        &self,
        report: Report,
    ) -> Result<impl futures::Stream<Item = Result<Receipt, Status>> + Send, Status> {
        let _ = report;
        Ok(futures::stream::empty())
    }
});

fleet!(renamed, {
    agent: String,
    load: f64,
}, {
    /// The receipts as they come.
    #[server_stream]
    async fn watch(
        &self,
        report: Report,
    ) -> Result<impl futures::Stream<Item = Result<Receipt, Status>> + Send, Status> {
        let _ = report;
        Ok(futures::stream::empty())
    }
});

fleet!(pattern, {
    agent_id: String,
    load: f64,
}, {
    /// The receipts as they come.
    #[rpc]
    async fn watch(&self, report: Report) -> Result<Receipt, Status> {
        let _ = report;
        Ok(Receipt { accepted: true })
    }
});

/// Every state, by name.
pub(crate) const STATES: [(&str, &ServiceDescriptor); 4] = [
    ("base", base::Fleet::DESCRIPTOR),
    ("added", added::Fleet::DESCRIPTOR),
    ("renamed", renamed::Fleet::DESCRIPTOR),
    ("pattern", pattern::Fleet::DESCRIPTOR),
];
