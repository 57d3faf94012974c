use aster::trust::{CredentialKind, IdentityFile, NodeRole, Presentation};
use snapbox::str;

use super::{END, END_SECONDS, Folder, root};

const ENROLL: [&str; 6] = ["enroll", "node", "--root-key", "root.key", "--expires", END];

fn enroll(folder: &Folder, more: &[&str]) -> snapbox::cmd::OutputAssert {
    folder.aster(&[&ENROLL[..], more].concat())
}

/// Whether the credential of this name is good for the node of the file.
fn is_admitted(folder: &Folder, file: &str, name: &str) -> bool {
    let file = IdentityFile::load(folder.at(file)).unwrap();
    let (root, peer) = (root().public_key(), file.node().unwrap().peer());
    let presentation = Presentation { root: &root, peer, now: super::now(), allow_unbound: false };
    file.named(name).unwrap().credential().unwrap().verify(&presentation).is_ok()
}

#[test]
fn a_consumer() {
    let folder = Folder::with_root();
    folder.node("edge.cred", 7);
    enroll(
        &folder,
        &[
            "--role",
            "consumer",
            "--name",
            "edge-node-7",
            "--capabilities",
            "ops.status,ops.ingest",
            "--out",
            "edge.cred",
        ],
    )
    .code(0)
    .stdout_eq(str![[r#"
✓ Enrollment credential created

  File:         edge.cred
  Peer:         "edge-node-7"
  Role:         consumer (policy)
  Capabilities: ops.ingest, ops.status
  Endpoint ID:  ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Credential:   44f55d3f22b1595e5226e3e30bfe12cd03d55f0de10dd8728a84da657d87126a
  Expires:      2100-01-01T00:00:00Z (in [..] days)

  This file lets a client connect to your servers, with the capabilities above.
  Use it: set ASTER_ENROLLMENT_CREDENTIAL=edge.cred for the client.

  Keep this file secret: it is an identity and a credential.
  Anyone with this file can act as "edge-node-7" until 2100-01-01.

"#]])
    .stderr_eq(str![[r#"
Reusing node key from edge.cred (endpoint_id=ea4a6c63e2...)

"#]]);
    assert_eq!(folder.mode("edge.cred"), 0o600);
    assert!(is_admitted(&folder, "edge.cred", "edge-node-7"));
    let text = folder.read("edge.cred");
    assert!(text.contains(r#""aster.role" = "ops.status,ops.ingest""#), "{text}");
}

#[test]
fn a_producer_with_short_flags() {
    let folder = Folder::with_root();
    enroll(&folder, &["-r", "producer", "-n", "server", "-q"]).code(0).stderr_eq(str![]);
    let file = IdentityFile::load(folder.at(".aster-identity")).unwrap();
    let kept = file.node().unwrap().peer();
    assert_eq!(file.with_role(NodeRole::Producer).unwrap().name(), "server");
    // The second credential is for the same key.
    let line = format!(".aster-identity {kept} 2100-01-01T00:00:00+00:00\n");
    enroll(&folder, &["-r", "consumer", "-n", "client", "-c", "a", "-a", "site=north", "-q"])
        .code(0)
        .stdout_eq(&line)
        .stderr_eq(str![]);
    enroll(&folder, &["-r", "consumer", "-n", "more", "-i", ".aster-identity", "-q"])
        .stdout_eq(&line);
    let file = IdentityFile::load(folder.at(".aster-identity")).unwrap();
    assert_eq!(file.peers().len(), 3);
    for name in ["server", "client", "more"] {
        assert!(is_admitted(&folder, ".aster-identity", name), "{name}");
    }
}

#[test]
fn json() {
    let folder = Folder::with_root();
    let node = folder.node("edge.cred", 7);
    let arguments = ["-r", "consumer", "-n", "edge", "-c", "a,b", "-o", "edge.cred", "--json"];
    let json = folder.json(&[&ENROLL[..], &arguments].concat());
    assert_eq!(json["endpoint_id"], node);
    assert_eq!(json["capabilities"], serde_json::json!(["a", "b"]));
    assert_eq!((&json["expires_at"], &json["expires"]), (&END_SECONDS.into(), &END.into()));
    assert_eq!(json["root_pubkey"], root().public_key().to_string());
}

#[test]
fn b11_without_capabilities_the_file_holds_what_was_signed() {
    let folder = Folder::with_root();
    for (role, name, more) in [
        ("consumer", "plain", &[][..]),
        ("consumer", "named", &["--attr", "aster.name=named"]),
        ("producer", "server", &[]),
    ] {
        enroll(&folder, &[&["-r", role, "-n", name, "-o", "x.cred"], more].concat()).success();
        assert!(is_admitted(&folder, "x.cred", name), "{name}");
    }
    let table: toml::Table = folder.read("x.cred").parse().unwrap();
    let roles = table["peers"].as_array().unwrap().iter().map(|peer| {
        // Nothing is left out because it repeats the role or the name.
        peer["attributes"]["aster.role"].as_str().unwrap().to_owned()
    });
    assert_eq!(roles.collect::<Vec<_>>(), ["consumer", "consumer", "producer"]);
    assert_eq!(table["peers"][1]["attributes"]["aster.name"].as_str(), Some("named"));
}

#[test]
fn b12_a_one_time_credential_has_a_nonce() {
    let folder = Folder::with_root();
    enroll(&folder, &["-r", "consumer", "-n", "once", "-t", "ott", "-o", "x.cred"]).success();
    let file = IdentityFile::load(folder.at("x.cred")).unwrap();
    let credential = file.named("once").unwrap().credential().unwrap();
    assert_eq!(credential.kind(), CredentialKind::OneTime);
    assert!(is_admitted(&folder, "x.cred", "once"));
    enroll(&folder, &["-r", "producer", "-n", "p", "-t", "ott"]).code(2).stderr_eq(str![[r#"
Error: one-time credentials are for consumers
Hint: leave out --type

"#]]);
}

#[test]
fn b13_a_name_cannot_change_the_file() {
    let folder = Folder::with_root();
    let names =
        ["a\"b", "x\"\n[node]\nsecret_key = \"", "back\\slash", "'''", "caf\u{e9} \u{1f600}"];
    for name in names {
        enroll(&folder, &["-r", "consumer", "-n", name, "-o", "x.cred"]).success();
    }
    let file = IdentityFile::load(folder.at("x.cred")).unwrap();
    assert_eq!(file.peers().len(), names.len());
    for name in names {
        assert!(is_admitted(&folder, "x.cred", name), "{name}");
    }
    enroll(&folder, &["-r", "consumer", "-n", "", "-o", "x.cred"]).code(2).stderr_eq(str![[r#"
Error: a credential's name has 1 to 256 bytes

"#]]);
}

#[test]
fn b14_a_wrong_path_is_an_error_and_no_other_key_signs() {
    let folder = Folder::with_root();
    folder.aster(&["trust", "keygen"]).success();
    folder.aster(&["profile", "create", "prod", "--no-keyring"]).success();
    let node = ["enroll", "node", "-r", "consumer", "-n", "a", "-o", "x.cred"];
    folder
        .aster(&[&node[..], &["--root-key", "typo.key"]].concat())
        .code(2)
        .stdout_eq(str![])
        .stderr_eq(str![[r#"
Error: cannot read typo.key: No such file or directory (os error 2)

"#]]);
    folder.aster(&[&node[..], &["--profile", "typo"]].concat()).code(2).stderr_eq(str![[r#"
Error: there is no profile typo
Hint: there are: prod

"#]]);
    folder.command(&node).env("ASTER_PROFILE", "typo").assert().code(2);
    // A root key whose halves do not belong together.
    let text = folder.read("root.key");
    std::fs::write(folder.at("root.key"), text.replace("0101", "0202")).unwrap();
    folder.aster(&[&node[..], &["--root-key", "root.key"]].concat()).code(2).stderr_eq(str![[r#"
Error: root.key: public_key does not belong to private_key; the file was changed by hand

"#]]);
    assert!(!folder.at("x.cred").exists());
    enroll(&folder, &["-r", "consumer", "-n", "a", "-i", "typo.cred"]).code(2).stderr_eq(str![[
        r#"
Error: cannot read typo.cred: No such file or directory (os error 2)
Hint: to make a new node key, name the file with --out

"#
    ]]);
}

#[test]
fn b19_an_identity_is_never_lost() {
    let folder = Folder::with_root();
    let node = folder.node("x.cred", 7);
    enroll(&folder, &["-r", "consumer", "-n", "a", "-c", "one", "-o", "x.cred"]).success();
    enroll(&folder, &["-r", "consumer", "-n", "a", "-c", "two", "-o", "x.cred"])
        .success()
        .stderr_eq(str![[r#"
Reusing node key from x.cred (endpoint_id=ea4a6c63e2...)
It replaces the credential "a" in the file.

"#]]);
    let file = IdentityFile::load(folder.at("x.cred")).unwrap();
    assert_eq!((file.node().unwrap().peer().to_string(), file.peers().len()), (node, 1));
    std::fs::write(folder.at("damaged.cred"), "[node]\nsecret_key = 1\n").unwrap();
    close(&folder, "damaged.cred");
    enroll(&folder, &["-r", "consumer", "-n", "a", "-o", "damaged.cred"]).code(2).stderr_eq(str![
        [r#"
Error: damaged.cred: [node] of the identity file is damaged: secret_key or endpoint_id is no text

"#]
    ]);
    enroll(&folder, &["-r", "consumer", "-n", "a", "-o", "root.key"]).code(2).stderr_eq(str![[
        r#"
Error: root.key: it is not an identity file: line 1 is not TOML

"#
    ]]);
    assert_eq!(folder.read("damaged.cred"), "[node]\nsecret_key = 1\n");
}

#[cfg(unix)]
#[test]
fn b20_an_exposed_identity_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_root();
    folder.node("x.cred", 7);
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.at("x.cred"), open.clone()).unwrap();
    enroll(&folder, &["-r", "consumer", "-n", "a", "-o", "x.cred"]).code(2).stderr_eq(str![[r#"
Error: x.cred can be read by others (mode 644); run: chmod 600 x.cred

"#]]);
    close(&folder, "x.cred");
    std::fs::set_permissions(folder.at("root.key"), open).unwrap();
    enroll(&folder, &["-r", "consumer", "-n", "a", "-o", "x.cred"]).code(2).stderr_eq(str![[r#"
Error: root.key can be read by others (mode 644); run: chmod 600 root.key

"#]]);
}

#[test]
fn b29_values_with_commas_are_kept_whole() {
    let folder = Folder::with_root();
    let role = ["--attr", "aster.role=ops.status,ops.logs", "--attr", "note=a,b=c"];
    enroll(&folder, &[&["-r", "consumer", "-n", "a", "-o", "x.cred"], &role[..]].concat())
        .success();
    let file = IdentityFile::load(folder.at("x.cred")).unwrap();
    let attributes = file.named("a").unwrap().credential().unwrap().attributes().clone();
    assert_eq!(attributes.get("aster.role"), Some("ops.status,ops.logs"));
    assert_eq!(attributes.get("note"), Some("a,b=c"));
    enroll(&folder, &["-r", "consumer", "-n", "b", "-a", "aster.role=ops.status,ops.logs"])
        .code(2)
        .stderr_eq(str![[r#"
Error: --attributes: "ops.logs" has no `=`, and a comma separates attributes
Hint: give a value with commas in an option of its own: --attr KEY=VALUE

"#]]);
}

#[test]
fn the_file_is_kept_out_of_git() {
    let folder = Folder::with_root();
    std::fs::create_dir_all(folder.at(".git")).unwrap();
    std::fs::write(folder.at(".gitignore"), "target").unwrap();
    let edge = ["-r", "consumer", "-n", "a", "-o", "keys/edge.cred"];
    enroll(&folder, &[&edge[..], &["-q"]].concat())
        .code(0)
        .stdout_eq(str![[r#"
keys/edge.cred [..] 2100-01-01T00:00:00+00:00

"#]])
        .stderr_eq(str![[r#"
Added keys/edge.cred to [..]/.gitignore: it holds a key.

"#]]);
    let ignored = "target\n# Holds a secret key.\n/keys/edge.cred\n";
    assert_eq!(folder.read(".gitignore"), ignored);
    enroll(&folder, &edge).success();
    assert_eq!(folder.read(".gitignore"), ignored);
}

fn close(folder: &Folder, name: &str) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::Permissions::from_mode(0o600);
        std::fs::set_permissions(folder.at(name), mode).unwrap();
    }
    #[cfg(not(unix))]
    let _ = (folder, name);
}
