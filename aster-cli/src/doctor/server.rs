//! A server: whether it is reached, how, and what it lets this client do.

use std::path::Path;
use std::time::Duration;

use aster::{AsterClient, Code, ServiceSummary};
use tokio::time::{Instant, timeout, timeout_at};

use super::check::{Check, Examination};
use crate::failure::{Exit, Failure};
use crate::remote::Destination;

/// Longest wait for a connection; the configuration may ask for less.
const CONNECT_LIMIT: Duration = Duration::from_secs(30);

/// Longest wait for all contracts.
const CONTRACTS_LIMIT: Duration = Duration::from_secs(15);

/// Longest wait for the path of a connection.
const PATH_LIMIT: Duration = Duration::from_secs(10);

/// Most services that are named.
const MAX_SERVICES: usize = 100;

/// What to do about a server that is not reached.
const UNREACHABLE: &str = "check that the server runs, that the address is the one that it printed \
                           last, and that a firewall lets UDP through, or that both use a relay";

/// Connects and looks at everything that the server shows.
pub(super) async fn examine(
    examination: &mut Examination,
    address: &str,
    credential: Option<&Path>,
) -> Result<(), Failure> {
    let destination = Destination::presenting(credential.map(Path::to_owned));
    let remote = match timeout(CONNECT_LIMIT, destination.connect(Some(address))).await {
        Ok(Ok(remote)) => remote,
        Ok(Err(failure)) if failure.exit() == Exit::Unavailable => {
            return examination.add([Check::failed("server", failure.hint(UNREACHABLE))]);
        }
        Ok(Err(failure)) => return examination.add([Check::failed("server", failure)]),
        Err(_elapsed) => {
            let text = format!("no answer within {} s", CONNECT_LIMIT.as_secs());
            return examination.add([Check::fail("server", text, UNREACHABLE)]);
        }
    };
    let client = remote.client();
    examination.add([admission(client), services(client)])?;
    examination.add(contracts(client).await)?;
    // Last, when the best way has been found.
    examination.add([path(client).await])?;
    remote.close().await;
    Ok(())
}

fn admission(client: &AsterClient) -> Check {
    let attributes = client.attributes();
    let known: Vec<_> = attributes
        .iter()
        .take(MAX_SERVICES)
        .map(|(key, value)| format!("{key}={value:?}"))
        .collect();
    Check::ok(
        "server",
        if known.is_empty() {
            "reached, and this client is let in, with no attributes".to_owned()
        } else {
            format!("reached, and this client is let in, with {}", known.join(", "))
        },
    )
}

fn services(client: &AsterClient) -> Check {
    let name = "services";
    let all = client.services();
    if all.is_empty() {
        let hint = "it may offer some to holders of a credential: --rcan FILE";
        return Check::warn(name, "the server offers none to this client", hint);
    }
    let named: Vec<_> = all.iter().take(MAX_SERVICES).map(describe).collect();
    let more = all.len().saturating_sub(MAX_SERVICES);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Check::ok(name, format!("{}{more}", named.join(", ")))
}

fn describe(service: &ServiceSummary) -> String {
    let session = if service.pattern == "session" { " (session)" } else { "" };
    format!("{} v{}{session}", service.name, service.version)
}

/// Whether the server publishes what its services are.
async fn contracts(client: &AsterClient) -> Vec<Check> {
    let name = "contracts";
    let until = Instant::now() + CONTRACTS_LIMIT;
    let (mut published, mut missing) = (Vec::new(), Vec::new());
    for service in client.services().iter().take(MAX_SERVICES) {
        match timeout_at(until, client.contract(&service.name)).await {
            Ok(Ok(_)) => published.push(service.name.as_str()),
            Ok(Err(error)) => missing.push(format!("{}: {error}", service.name)),
            Err(_elapsed) => missing.push(format!("{}: it did not arrive in time", service.name)),
        }
    }
    let mut checks = Vec::new();
    if !published.is_empty() {
        checks.push(Check::ok(name, format!("published: {}", published.join(", "))));
    }
    checks.extend(missing.into_iter().map(|text| {
        let hint = "calls work without; types and completion need it (publication on the server)";
        Check::warn(name, text, hint)
    }));
    checks
}

async fn path(client: &AsterClient) -> Check {
    let name = "path";
    let hint = "the server let this client in, and then took no calls; try again";
    match timeout(PATH_LIMIT, client.path()).await {
        Ok(Ok(Some(path))) => Check::ok(name, path.to_string()),
        Ok(Ok(None)) => Check::warn(name, "not known yet", "try again in a moment"),
        Ok(Err(status)) if status.code() == Code::PermissionDenied => {
            Check::fail(name, status.to_string(), "present a credential with --rcan FILE")
        }
        Ok(Err(status)) => Check::fail(name, status.to_string(), hint),
        Err(_elapsed) => Check::fail(name, "no connection for calls in time", hint),
    }
}
