//! Files that `aster trust` and `aster enroll` make, read by the published
//! package; and its own read by our tool.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use aster::trust::{Credential, CredentialFile, Nonce, NonceStore};
use serde_json::{Value, json};

use super::process::{Finished, run};
use super::programs;

const LIMIT: Duration = Duration::from_secs(60);

const END: &str = "2100-01-01T00:00:00Z";

/// The same in seconds.
const END_SECONDS: u64 = 4_102_444_800;

/// What `trust_files.py` asks for by name.
const STRANGE: &str = "strange \"name\"\n[x]";

fn in_directory(mut command: Command, directory: &Path, arguments: &[&str]) -> Finished {
    command.args(arguments).current_dir(directory).env("HOME", directory);
    run(command, LIMIT)
}

/// Runs our tool, which must succeed.
fn ours(directory: &Path, arguments: &[&str]) -> String {
    let finished = tried(directory, arguments);
    assert!(finished.succeeded(), "{arguments:?}: {finished}");
    finished.stdout
}

fn tried(directory: &Path, arguments: &[&str]) -> Finished {
    let tool = programs::workspace_program("aster-cli", "aster").expect("the tool");
    in_directory(tool, directory, arguments)
}

/// Runs theirs.
fn theirs(directory: &Path, arguments: &[&str]) {
    let finished = in_directory(programs::peer_cli(), directory, arguments);
    assert!(finished.succeeded(), "{arguments:?}: {finished}");
}

fn wire(path: &Path) -> String {
    match CredentialFile::load(path).expect("a credential") {
        CredentialFile::Credential(Credential::Consumer(credential)) => credential,
        _ => panic!("{}: no consumer's credential", path.display()),
    }
    .to_wire_json()
}

#[test]
fn files_of_our_tool_in_python() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let at = |name: &str| directory.join(name);
    let ours = |arguments: &[&str]| ours(directory, arguments);
    let made: Value =
        serde_json::from_str(&ours(&["trust", "keygen", "--out", "root.key", "--json"]))
            .expect("JSON");

    // No capabilities (B11), one use (B12), a strange name (B13), values with
    // commas (B29).
    let enroll = |role: &str, name: &str, more: &[&str]| {
        let common = ["enroll", "node", "-r", role, "-n", name, "-o", "node.cred", "-q"];
        let signed = ["--root-key", "root.key", "--expires", END];
        ours(&[&common[..], &signed, more].concat())
    };
    enroll("producer", "server", &[]);
    let client = ["-c", "ops.status,ops.logs", "--attr", "note=a, b = \"c\"\n\u{1f600}"];
    enroll("consumer", "client", &client);
    enroll("consumer", "once", &["--type", "ott"]);
    let line = enroll("consumer", STRANGE, &["--attr", &format!("aster.name={STRANGE}")]);
    let node = line.split(' ').nth(1).expect("the endpoint id");

    let sign = |kind: &str, out: &str, more: &[&str]| {
        let common = ["trust", "sign", "consumer", "--type", kind, "--root-key", "root.key"];
        ours(&[&common[..], &["--expires", END, "--out", out], more].concat());
        wire(&at(out))
    };
    let policy = sign("policy", "policy.json", &["--endpoint-id", node, "--role", "a,b"]);
    let bearer = sign("policy", "bearer.json", &["--unbound"]);
    let once = sign("ott", "once.json", &["--endpoint-id", node]);
    fs::write(at("wire.json"), json!([policy, bearer, once, once]).to_string()).expect("a file");
    let nonces = NonceStore::open(at("nonces.json")).expect("the store");
    nonces.consume(&Nonce::from_bytes([0x11; 32]), END_SECONDS, 0).expect("a nonce");

    let mut python = programs::python("trust_files.py");
    python.arg(directory);
    let finished = in_directory(python, directory, &[]);
    assert!(finished.succeeded(), "{finished}");
    let found: Value = serde_json::from_str(&finished.stdout).expect("JSON");
    let plain = json!({ "aster.role": "consumer" });
    let full = json!({ "aster.role": "ops.status,ops.logs", "note": "a, b = \"c\"\n\u{1f600}" });
    let expected = json!({
        "root": made["root_pubkey"],
        "node": node,
        "first": { "consumer": "client", "producer": "server" },
        "loaded": full,
        "peers": {
            "client": full,
            "once": plain,
            STRANGE: { "aster.role": "consumer", "aster.name": STRANGE },
        },
        "producer": true,
        "wire": [{ "aster.role": "a,b" }, {}, {}, null],
        "used": [true, false],
    });
    assert_eq!(found, expected);

    // Their tool signs with our key, for our identity file. It would break one
    // with the strange name, which it does not escape.
    ours(&["trust", "keygen", "node", "--out", "two.cred"]);
    let enroll = ["enroll", "node", "--role", "consumer", "--name", "theirs", "-q"];
    let signed = ["--root-key", "root.key", "--identity", "two.cred"];
    theirs(directory, &[&enroll[..], &signed].concat());
    ours(&["trust", "verify", "two.cred", "--root-pub", "root.pub"]);
}

#[test]
fn python_files_in_our_tool() {
    let directory = tempfile::tempdir().expect("a directory");
    let directory = directory.path();
    let theirs = |arguments: &[&str]| theirs(directory, arguments);
    let ours = |arguments: &[&str]| ours(directory, arguments);
    theirs(&["trust", "keygen", "--out-key", "root.key"]);
    let line = ours(&["trust", "keygen", "node", "--out", "node.id", "-q"]);
    let node = line.trim_end().rsplit(' ').next().expect("the endpoint id");

    let verify = |file: &str, more: &[&str]| {
        let verify = ["trust", "verify", file, "--root-pub", "root.pub"];
        tried(directory, &[&verify[..], more].concat())
    };
    for kind in ["policy", "ott", "producer"] {
        let file = format!("{kind}.json");
        theirs(&[
            "trust",
            "sign",
            "--root-key",
            "root.key",
            "--type",
            kind,
            "--endpoint-id",
            node,
            "--attributes",
            r#"{"aster.role":"ops.status"}"#,
            "--expires",
            END,
            "--out",
            &file,
        ]);
        assert!(verify(&file, &["--peer", node]).succeeded(), "{}", verify(&file, &[]));
        let shown: Value =
            serde_json::from_str(&ours(&["trust", "inspect", &file, "--json"])).expect("JSON");
        assert_eq!((&shown["type"], &shown["endpoint_id"]), (&json!(kind), &json!(node)));
        assert_eq!(shown["capabilities"], json!(["ops.status"]));
    }

    let enroll = |name: &str, more: &[&str]| {
        let common = ["enroll", "node", "--role", "consumer", "--name", name, "-q"];
        let signed = ["--root-key", "root.key", "--out", "node.cred", "--expires", END];
        theirs(&[&common[..], &signed, more].concat());
    };
    enroll("edge", &["--capabilities", "ops.status,ops.logs"]);
    enroll("plain", &[]);
    // What they make without a nonce is refused with the reason (B12).
    enroll("once", &["--type", "ott"]);
    for name in ["edge", "plain"] {
        let verdict = verify("node.cred", &["--name", name]);
        assert!(verdict.succeeded(), "{verdict}");
    }
    let verdict = verify("node.cred", &["--name", "once", "-q"]);
    assert!(!verdict.succeeded() && verdict.stdout.contains("has no nonce"), "{verdict}");

    // Ours takes its place in their file.
    ours(&[
        "enroll",
        "node",
        "-r",
        "consumer",
        "-n",
        "once",
        "-t",
        "ott",
        "-i",
        "node.cred",
        "--root-key",
        "root.key",
    ]);
    let verdict = verify("node.cred", &[]);
    assert!(verdict.succeeded() && verdict.stdout.lines().count() == 3, "{verdict}");

    // Revoked here, whoever signed it.
    ours(&[
        "trust",
        "revoke",
        "--root-key",
        "root.key",
        "--list",
        "revoked.json",
        "--credential",
        "policy.json",
    ]);
    let verdict = verify("policy.json", &["--revocations", "revoked.json"]);
    assert!(!verdict.succeeded() && verdict.stdout.contains("is revoked"), "{verdict}");
}
