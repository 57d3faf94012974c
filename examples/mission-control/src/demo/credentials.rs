//! Chapter 5 of the demo: a second control plane, behind a root key.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use aster::trust::{Attributes, ConsumerCredential, CredentialId, RevocationList, RootKey};
use aster::{AsterClient, Code, ConnectError, Identity, Status};

use super::{check, loopback, refused};
use crate::control::MissionControlClient;
use crate::roles::{entry, metrics};
use crate::types::{StatusRequest, TailRequest};
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
            say!("  a stranger is not let in\n    {error}")?
        }
        other => return Err(format!("a stranger was not denied: {other:?}").into()),
    }
    let (edge, credential) = enrolled(&root, EDGE, &address).await?;
    let (ops, _) = enrolled(&root, OPS, &address).await?;
    let (edge_control, ops_control) =
        (MissionControlClient::new(&edge)?, MissionControlClient::new(&ops)?);

    let request = || StatusRequest { agent_id: "edge-7".into() };
    check("status", &*edge_control.get_status(request()).await?.status, "running")?;
    edge_control.submit_log(entry("edge-7", "info", "agent started")).await?;
    check("accepted", &metrics::push(&edge_control, "edge-7", 100).await?.accepted, &100)?;
    say!("  edge-7 has {EDGE}: it may ask for the status, log and send metrics")?;
    refused(
        "the logs, which edge-7 may not follow",
        follow(&edge_control).await,
        Code::PermissionDenied,
    )?;
    check("follow", &follow(&ops_control).await.is_none(), &true)?;
    say!("  the operator has {OPS}: it may")?;

    let revoked = CredentialId::of_credential(&credential.into());
    server.revoke(&RevocationList::first(&root, now(), [revoked], [])?)?;
    let result = edge_control.get_status(request()).await;
    let status = result.err().ok_or("a revoked credential was still good")?;
    say!("  edge-7's credential is revoked, and its next call says\n    {status}")?;
    ops_control.get_status(request()).await?;
    say!("  the operator does not notice")?;

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

/// Reads the first entry of the logs; why not, if that is refused.
async fn follow(control: &MissionControlClient) -> Option<Status> {
    let request = TailRequest { agent_id: String::new(), level: "info".into() };
    async { control.tail_logs(request).await?.message().await }.await.err()
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
