//! Who may do what in chapter 5: credentials as files, and what each opens.

use std::fs;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use aster::trust::{
    Attributes, ConsumerCredential, Credential, CredentialId, IdentityFile, Nonce,
    ProducerCredential, RevocationList, RootKey,
};
use aster::{AsterClient, AsterClientBuilder, ConnectError, Identity, Status};
use futures::{TryStreamExt, stream};
use serde_json::{Value, json};

/// Every method, in the order of [`Outcome::Opens`].
pub(crate) const METHODS: [&str; 7] = [
    "getStatus",
    "submitLog",
    "ingestMetrics",
    "tailLogs",
    "adminStatus",
    "register",
    "runCommand",
];

/// What comes of a credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Its holder is let in and may call these methods.
    Opens([bool; METHODS.len()]),
    /// The server does not let it in.
    Denied,
    /// Our client does not send it; a client that does is denied.
    Refused,
}

use Outcome::{Denied, Opens, Refused};

/// A name, and what comes of it. The first two are those of the guide.
pub(crate) const TABLE: [(&str, Outcome); 13] = [
    ("edge", Opens([true, true, true, false, false, true, false])),
    ("ops", Opens([true; 7])),
    ("logs", Opens([false, true, false, true, false, false, false])),
    ("admin", Opens([false, true, false, true, false, false, true])),
    ("no-role", Opens([false, true, false, false, false, false, false])),
    ("none", Denied),
    ("wrong-root", Denied),
    ("revoked", Denied),
    ("expired", Refused),
    ("tampered", Refused),
    ("other-node", Refused),
    ("unbound", Refused),
    ("producer", Refused),
];

/// In what form a credential is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Form {
    /// `NAME.cred`, with the key of the node.
    Toml,
    /// `NAME.json`, with the key of the node in `NAME.node`.
    Json,
}

/// A root key, and a directory with a credential for each row of the table.
pub(crate) struct Domain {
    pub(crate) root: RootKey,
    revocations: RevocationList,
    directory: tempfile::TempDir,
}

impl Domain {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let root = RootKey::generate();
        let revocations = RevocationList::first(&root, now(), [], []).expect("an empty list");
        let mut domain = Self { root, revocations, directory };
        domain.root.save_new(domain.path("root.key")).expect("root.key and root.pub");
        for (name, _) in TABLE {
            domain.enroll(name);
        }
        domain.revocations.save(domain.revocation_file()).expect("the list");
        domain
    }

    pub(crate) fn path(&self, file: impl AsRef<str>) -> PathBuf {
        self.directory.path().join(file.as_ref())
    }

    pub(crate) fn root_pub(&self) -> PathBuf {
        self.path("root.pub")
    }

    pub(crate) fn revocation_file(&self) -> PathBuf {
        self.path("revocations.json")
    }

    /// What a client with this credential is.
    pub(crate) fn client(&self, name: &str, form: Form) -> AsterClientBuilder {
        let client = AsterClient::builder();
        match form {
            _ if name == "none" => client,
            Form::Toml => client.credential_file(self.path(format!("{name}.cred"))),
            Form::Json => client
                .identity_file(self.path(format!("{name}.node")))
                .credential_file(self.path(format!("{name}.json"))),
        }
    }

    /// Revokes the credential of a row, in the file that servers watch.
    pub(crate) fn revoke(&mut self, name: &str) {
        let text = fs::read_to_string(self.path(format!("{name}.json"))).expect("a credential");
        let id = CredentialId::of_credential(&Credential::from_file_json(&text).expect("JSON"));
        self.revocations =
            self.revocations.next(&self.root, now(), [id], []).expect("the next list");
        self.revocations.save(self.revocation_file()).expect("the list");
    }

    /// Writes the files of a row.
    fn enroll(&mut self, name: &str) {
        let node = Identity::generate();
        let own = IdentityFile::new(node.clone());
        own.save_new(self.path(format!("{name}.node"))).expect("a key");
        let credential = self.credential(name, &node);
        let mut json = credential.to_file_json();
        // Files of this kind are only written for the node that they name.
        let signed_for = match name {
            "other-node" => Identity::from_secret([7; 32]),
            _ => node,
        };
        let mut file = IdentityFile::new(signed_for);
        file.add(name, credential).expect("a credential");
        let mut toml = file.to_toml().to_string();
        match name {
            "tampered" => {
                toml = toml.replace("ops.status", "ops.admin");
                json = json.replace("ops.status", "ops.admin");
            }
            "other-node" => {
                let (_, stolen) = toml.split_once("[[peers]]").expect("a credential");
                toml = format!("{}[[peers]]{stolen}", own.to_toml().as_str());
            }
            _ => {}
        }
        self.write(&format!("{name}.cred"), &toml);
        self.write(&format!("{name}.json"), &json);
        if name == "revoked" {
            self.revoke(name);
        }
    }

    fn credential(&self, name: &str, node: &Identity) -> Credential {
        let role = match name {
            "edge" => "ops.status,ops.ingest",
            "logs" => "ops.logs",
            "admin" => "ops.admin",
            "no-role" => "consumer",
            "tampered" => "ops.status",
            _ => "ops.status,ops.logs,ops.ingest,ops.admin",
        };
        let mut attributes = Attributes::new();
        attributes.insert("aster.role", role).expect("a role");
        let end = if name == "expired" { now() - 7200 } else { now() + 3600 };
        let other_root = RootKey::generate();
        let root = if name == "wrong-root" { &other_root } else { &self.root };
        let bound = match name {
            "other-node" => Some(Identity::from_secret([7; 32]).peer()),
            "unbound" => None,
            _ => Some(node.peer()),
        };
        if name == "producer" {
            return ProducerCredential::sign(root, node.peer(), end, attributes).into();
        }
        ConsumerCredential::sign_policy(root, bound, end, attributes).into()
    }

    /// Writes a one-time credential for the ops role, as `NAME.json` and
    /// `NAME.node`.
    pub(crate) fn enroll_once(&self, name: &str) {
        let node = Identity::generate();
        let file = IdentityFile::new(node.clone());
        file.save_new(self.path(format!("{name}.node"))).expect("a key");
        let mut attributes = Attributes::new();
        attributes.insert("aster.role", "ops.status").expect("a role");
        let (peer, end) = (Some(node.peer()), now() + 3600);
        let nonce = Nonce::generate();
        let once = ConsumerCredential::sign_one_time(&self.root, peer, end, attributes, nonce);
        self.write(&format!("{name}.json"), &Credential::from(once).to_file_json());
    }

    /// A file that holds a secret.
    fn write(&self, file: &str, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        fs::write(self.path(file), text).expect("a file");
        fs::set_permissions(self.path(file), fs::Permissions::from_mode(0o600)).expect("a mode");
    }
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970").as_secs()
}

/// What came of a credential, if that is what the table says; else what is
/// wrong.
pub(crate) fn compare(
    connected: Result<AsterClient, ConnectError>,
    expected: Outcome,
) -> Result<Option<AsterClient>, String> {
    match (connected, expected) {
        (Ok(client), Opens(_)) => Ok(Some(client)),
        (Err(ConnectError::Denied { .. }), Denied)
        | (Err(ConnectError::Credential { .. } | ConnectError::File(_)), Refused) => Ok(None),
        (connected, _) => Err(format!("{expected:?} was expected, but: {connected:?}")),
    }
}

/// Calls a method by its name, in a session of its own if it takes one, and
/// looks at the answer.
///
/// # Errors
/// The status of the call.
///
/// # Panics
/// If the answer is wrong.
pub(crate) async fn call(client: &AsterClient, method: &str) -> Result<(), Status> {
    let service = match method {
        "adminStatus" => "Administration",
        "register" | "runCommand" => return call_in_session(client, method).await,
        _ => "MissionControl",
    };
    let service = client.proxy(service)?;
    let asked = json!({ "agent_id": "edge-node-7" });
    match method {
        "tailLogs" => {
            let entry = service.server_stream(method, asked).await?.message().await?;
            assert_eq!(entry.expect("an entry")["agent_id"], "edge-node-7");
        }
        "ingestMetrics" => {
            let points = (0..3).map(|i| json!({ "name": "cpu.load", "value": f64::from(i) }));
            let result = service.client_stream(method, stream::iter(points)).await?;
            assert_eq!(result["accepted"], 3);
        }
        "submitLog" => {
            let entry = json!({ "agent_id": "edge-node-7", "message": "here", "level": "error" });
            assert_eq!(service.call(method, entry).await?["accepted"], true);
        }
        "adminStatus" => {
            assert!(service.call(method, asked).await?["log_entries"].as_u64() > Some(0));
        }
        _ => assert_eq!(service.call(method, asked).await?["status"], "running"),
    }
    Ok(())
}

async fn call_in_session(client: &AsterClient, method: &str) -> Result<(), Status> {
    let session = client.proxy_session("AgentSession").await?;
    if method == "register" {
        let heartbeat = json!({ "agent_id": "edge-node-7", "capabilities": ["gpu"] });
        assert_eq!(session.call(method, heartbeat).await?["task_id"], "train-42");
    } else {
        let commands = stream::iter([json!({ "command": "echo hello" })]);
        let results: Vec<Value> = session.bidi(method, commands).await?.try_collect().await?;
        assert_eq!(results.first().expect("a result")["stdout"], "hello\n");
    }
    Ok(())
}
