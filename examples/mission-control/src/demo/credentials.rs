//! Chapter 5 of the demo: a second control plane, behind a root key.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aster::trust::{Attributes, ConsumerCredential, CredentialId, RevocationList, RootKey};
use aster::{AsterClient, Code, ConnectError, Identity, Status, Streaming};

use super::{check, loopback, refused};
use crate::control::MissionControlClient;
use crate::roles::{entry, metrics};
use crate::types::{LogEntry, StatusRequest, TailRequest};
use crate::{Result, serve, terminal};

const EDGE: &str = "ops.status,ops.ingest";
const OPS: &str = "ops.status,ops.logs,ops.ingest,ops.admin";

pub(super) async fn credentials() -> Result {
    say!("\nChapter 5: credentials (who may do what)")?;
    let root = RootKey::generate();
    let server = serve::guarded(Arc::default(), None)
        .root_pubkey(root.public_key())
        .network(loopback())
        .bind()
        .await?;
    let address = server.address().to_string();
    say!("  another control plane trusts the root key {}", root.public_key().short())?;

    let stranger = AsterClient::builder().network(loopback()).connect(&address).await;
    match stranger {
        Err(error @ ConnectError::Denied { .. }) => {
            say!("  a stranger is not let in\n    {error}")?;
        }
        other => return Err(format!("a stranger was not denied: {other:?}").into()),
    }
    let (edge, _) = enrolled(&root, EDGE, &address).await?;
    let (ops, credential) = enrolled(&root, OPS, &address).await?;
    let (edge_control, ops_control) =
        (MissionControlClient::new(&edge)?, MissionControlClient::new(&ops)?);

    let request = || StatusRequest { agent_id: "edge-7".into() };
    check("status", &*edge_control.get_status(request()).await?.status, "running")?;
    edge_control.submit_log(entry("edge-7", "info", "agent started")).await?;
    check("accepted", &metrics::push(&edge_control, "edge-7", 100).await?.accepted, &100)?;
    say!("  edge-7 has {EDGE}: it may ask for the status, log and send metrics")?;
    let denied = follow(&edge_control).await.err();
    refused("the logs, which edge-7 may not follow", denied, Code::PermissionDenied)?;
    let mut entries = follow(&ops_control).await?;
    say!("  the operator has {OPS}: it follows them")?;

    let revoked = CredentialId::of_credential(&credential.into());
    server.revoke(&RevocationList::first(&root, now(), [revoked], [])?)?;
    let ended = entries.message().await.err();
    refused(
        "the operator's credential is revoked, which ends the logs",
        ended,
        Code::Unauthenticated,
    )?;
    edge_control.get_status(request()).await?;
    say!("  edge-7 does not notice")?;

    for client in [edge, ops] {
        client.close().await;
    }
    server.shutdown().await;
    Ok(())
}

/// A new node with a credential for an hour, connected.
async fn enrolled(
    root: &RootKey,
    role: &str,
    address: &str,
) -> Result<(AsterClient, ConsumerCredential)> {
    let node = Identity::generate();
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", role)?;
    let bound = Some(node.peer());
    let credential = ConsumerCredential::sign_policy(root, bound, now() + 3600, attributes);
    let client = AsterClient::builder()
        .network(loopback())
        .identity(node)
        .credential(credential.clone())
        .connect(address)
        .await?;
    Ok((client, credential))
}

/// The logs, after their first entry.
async fn follow(control: &MissionControlClient) -> Result<Streaming<LogEntry>, Status> {
    let request = TailRequest { agent_id: String::new(), level: "info".into() };
    let mut entries = control.tail_logs(request).await?;
    entries.message().await?;
    Ok(entries)
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
