//! Keys, credentials and identity files: ours read by the published package,
//! and its own by us.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use aster::Identity;
use aster::trust::{
    Attributes, ConsumerCredential, Credential, CredentialFile, CredentialKind, IdentityFile,
    NodeRole, Nonce, NonceError, NonceStore, Presentation, ProducerCredential, RootKey,
    RootPublicKey,
};
use serde_json::{Value, json};

use super::process::run;
use super::programs;

const LIMIT: Duration = Duration::from_secs(60);

/// In the year 2100, and some time before.
const END: u64 = 4_102_444_800;
const NOW: u64 = END - 100;

const STRANGE: &str = "strange \"name\"\n[x]";

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    let mut attributes = Attributes::new();
    for (key, value) in pairs {
        attributes.insert(*key, *value).expect("an attribute");
    }
    attributes
}

fn output(mut command: Command, directory: &Path) -> String {
    command.current_dir(directory);
    let finished = run(command, LIMIT);
    assert!(finished.succeeded(), "{finished}");
    finished.stdout
}

#[cfg(unix)]
fn close(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("a mode");
}

#[test]
fn our_files_in_python() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    let root = RootKey::generate();
    root.save_new(at("root.key")).expect("the root key");

    let identity = Identity::generate();
    let node = identity.peer();
    let odd = [("aster.role", "ops.status, ops.logs"), ("k\u{e9}y", "\" \\ \n \u{1} \u{1f600}")];
    let (plain, odd) = (attributes(&[("aster.role", "consumer")]), attributes(&odd));
    let policy = ConsumerCredential::sign_policy(&root, Some(node), END, odd.clone());
    let once = |byte| {
        let nonce = Nonce::from_bytes([byte; 32]);
        ConsumerCredential::sign_one_time(&root, Some(node), END, plain.clone(), nonce)
    };
    let unbound = ConsumerCredential::sign_policy(&root, None, END, plain.clone());
    let named = attributes(&[("aster.role", "consumer"), ("aster.name", STRANGE)]);
    let strange = ConsumerCredential::sign_policy(&root, Some(node), END, named.clone());
    let role = attributes(&[("aster.role", "producer")]);
    let mut file = IdentityFile::new(identity);
    file.add("server", ProducerCredential::sign(&root, node, END, role)).expect("a credential");
    file.add("client", policy.clone()).expect("a credential");
    file.add("once", once(1)).expect("a credential");
    file.add(STRANGE, strange).expect("a credential");
    file.save_new(at("node.cred")).expect("the identity file");
    let wire = [&policy, &unbound, &once(2), &once(2)].map(ConsumerCredential::to_wire_json);
    fs::write(at("wire.json"), json!(wire).to_string()).expect("wire.json");
    let nonces = NonceStore::open(at("nonces.json")).expect("the store");
    nonces.consume(&Nonce::from_bytes([0x11; 32]), END, NOW).expect("a nonce");

    let mut command = programs::python("trust_files.py");
    command.arg(directory.path());
    let found: Value = serde_json::from_str(&output(command, directory.path())).expect("JSON");
    let expected = json!({
        "root": root.public_key().to_string(),
        "node": node.to_string(),
        "first": { "consumer": "client", "producer": "server" },
        "loaded": odd,
        "peers": { "client": odd, "once": plain, STRANGE: named },
        "producer": true,
        "wire": [odd, plain, plain, null],
        "used": [true, false],
    });
    assert_eq!(found, expected);

    // Its list of nonces replaced ours, and is still understood.
    let nonces = NonceStore::open(at("nonces.json")).expect("the store");
    for byte in [0x11, 0x22] {
        let again = nonces.consume(&Nonce::from_bytes([byte; 32]), END, NOW);
        assert!(matches!(again, Err(NonceError::Used)), "{byte:#x}: {again:?}");
    }
    nonces.consume(&Nonce::from_bytes([0x33; 32]), END, NOW).expect("a nonce");

    // Its tools add to our identity file, and lose nothing that we signed.
    let mut enroll = programs::peer_cli();
    enroll.args(["enroll", "node", "--role", "consumer", "--name", "added", "-q"]);
    enroll.args(["--root-key", "root.key", "--identity", "two.cred"]);
    let mut file = IdentityFile::new(Identity::from_secret([7; 32]));
    let seven = Identity::from_secret([7; 32]).peer();
    let client = ConsumerCredential::sign_policy(&root, Some(seven), END, plain);
    file.add("client", client.clone()).expect("a credential");
    file.save_new(at("two.cred")).expect("the identity file");
    output(enroll, directory.path());
    let file = IdentityFile::load(at("two.cred")).expect("the rewritten file");
    assert_eq!(file.node().map(Identity::peer), Some(seven));
    assert_eq!(file.peers().len(), 2);
    for peer in file.peers() {
        let credential = peer.credential().expect("a credential");
        assert!(credential.has_valid_signature(), "{}", peer.name());
    }
    let kept = file.named("client").expect("ours").credential().cloned();
    assert_eq!(kept, Ok(Credential::from(client)));
}

#[test]
fn python_files_in_ours() {
    let directory = tempfile::tempdir().expect("a directory");
    let at = |name: &str| directory.path().join(name);
    let aster = |arguments: &[&str]| {
        let mut command = programs::peer_cli();
        command.args(arguments);
        output(command, directory.path())
    };
    aster(&["trust", "keygen", "--out-key", "root.key"]);
    let key = RootKey::load(at("root.key")).expect("the root key");
    let root = RootPublicKey::load(at("root.pub")).expect("the public key");
    assert_eq!(key.public_key(), root);

    let identity = Identity::from_secret([7; 32]);
    let id = identity.peer().to_string();
    let nonces = NonceStore::in_memory();
    let present = |credential: &Credential, peer| {
        let presentation = Presentation { root: &root, peer, now: NOW, allow_unbound: true };
        let verified = credential.verify(&presentation).map_err(|error| error.to_string())?;
        verified.admit(&nonces).map_err(|error| error.to_string())
    };
    let end = "2100-01-01T00:00:00Z";
    for (kind, bound, text) in [
        (CredentialKind::Policy, true, "a,b"),
        (CredentialKind::Policy, false, "caf\u{e9} \u{1f600}"),
        (CredentialKind::OneTime, true, "\u{7f}\u{2028}\t"),
        (CredentialKind::OneTime, false, ""),
        (CredentialKind::Producer, true, "x"),
    ] {
        let name = format!("{kind}-{bound}.json");
        let stated = json!({ "aster.role": "ops.status", "note": text }).to_string();
        let mut arguments = vec!["trust", "sign", "--root-key", "root.key", "--type"];
        arguments.extend([kind.as_str(), "--attributes", &stated]);
        arguments.extend(["--expires", end, "--out", &name]);
        if bound {
            arguments.extend(["--endpoint-id", &id]);
        }
        aster(&arguments);
        if !bound {
            // Readable by all, as it is written; of use to all.
            assert!(CredentialFile::load(at(&name)).is_err(), "{name}");
            close(&at(&name));
        }
        let file = CredentialFile::load(at(&name)).expect(&name);
        let CredentialFile::Credential(credential) = file else { panic!("{name}") };
        assert_eq!((credential.kind(), credential.expires_at()), (kind, END), "{name}");
        let written = fs::read_to_string(at(&name)).expect(&name);
        assert_eq!(credential.to_file_json(), written, "{name} is written differently");
        let admission = present(&credential, identity.peer()).expect(&name);
        assert_eq!(admission.attributes().get("note"), Some(text), "{name}");
        assert!(admission.capabilities().contains("ops.status"), "{name}");
    }

    // Three credentials in one file; the second lacks attributes that it was
    // signed with (B11).
    let enroll = |role: &str, name: &str, more: &[&str]| {
        let mut arguments = vec!["enroll", "node", "--role", role, "--name", name, "-q"];
        arguments.extend(["--expires", end, "--root-key", "root.key", "--out", "node.cred"]);
        arguments.extend(more);
        aster(&arguments);
    };
    enroll("consumer", "edge", &["--capabilities", "ops.status,ops.logs"]);
    enroll("consumer", "plain", &["--attributes", "aster.name=plain,site=north"]);
    enroll("producer", "server", &[]);
    let CredentialFile::Identity(file) = CredentialFile::load(at("node.cred")).expect("node.cred")
    else {
        panic!("no identity file")
    };
    let node = file.node().expect("a key").peer();
    assert_eq!(file.peers().len(), 3);
    for (name, capability) in [("edge", "ops.logs"), ("plain", "consumer"), ("server", "producer")]
    {
        let credential = file.named(name).expect(name).credential().expect(name);
        let admission = present(credential, node).expect(name);
        assert!(admission.capabilities().contains(capability), "{name}");
        assert!(present(credential, identity.peer()).is_err(), "{name}");
    }
    assert_eq!(file.with_role(NodeRole::Producer).expect("one").name(), "server");
    let plain = file.named("plain").expect("plain").credential().expect("plain");
    assert_eq!(plain.attributes().name(), Some("plain"));
    assert_eq!(plain.attributes().get("site"), Some("north"));

    // It cannot make one-time credentials in such a file (B12); ours can be
    // put in their place.
    enroll("consumer", "once", &["--type", "ott"]);
    let mut file = IdentityFile::load(at("node.cred")).expect("node.cred");
    assert!(file.named("once").expect("once").credential().is_err());
    let nonce = Nonce::generate();
    let once = ConsumerCredential::sign_one_time(&key, Some(node), END, Attributes::new(), nonce);
    file.add("once", once).expect("a credential");
    file.save(at("node.cred")).expect("node.cred");
    let file = IdentityFile::load(at("node.cred")).expect("node.cred");
    assert_eq!(file.peers().len(), 4);
    let once = file.named("once").expect("once").credential().expect("once");
    present(once, node).expect("the first use");
    assert!(present(once, node).is_err(), "a second use");
}
