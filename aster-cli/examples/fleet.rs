//! A program whose contract the tests of the `aster` command ask for.

use aster::{Status, service, wire_type};

#[wire_type("fleet/Report")]
struct Report {
    agent_id: String,
    load: f64,
}

#[wire_type("fleet/Receipt")]
struct Receipt {
    accepted: bool,
}

struct Fleet;

/// Agents and their reports.
#[service(version = 1)]
impl Fleet {
    /// Takes one report.
    #[rpc(timeout = "5s")]
    async fn report(&self, report: Report) -> Result<Receipt, Status> {
        Ok(Receipt { accepted: report.load < 1.0 && !report.agent_id.is_empty() })
    }
}

fn main() {
    aster::export_contracts!(Fleet);
    println!("{}", FleetClient::CONTRACT_ID);
}
