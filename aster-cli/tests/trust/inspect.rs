use aster::trust::{Attributes, ConsumerCredential, RevocationList};
use snapbox::str;

use super::{END, Folder, peer, root};

#[test]
fn keys() {
    let folder = Folder::with_root();
    folder
        .aster(&["trust", "inspect", "root.key"])
        .code(0)
        .stdout_eq(str![[r#"
Root key: it signs credentials, keep it offline
  Public key:  8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Private key: present, not shown

"#]])
        .stderr_eq(str![]);
    folder
        .aster(&["trust", "inspect", "root.pub"])
        .code(0)
        .stdout_eq(str![[r#"
Public half of a root key: what servers trust
  Public key: 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c

"#]])
        .stderr_eq(str![]);
    folder.aster(&["trust", "inspect", "root.pub", "--json"]).code(0).stdout_eq(str![[r#"
{"kind":"root_public_key","root_pubkey":"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"}

"#]]);
    folder.aster(&["trust", "inspect", "root.pub", "-q"]).code(0).stdout_eq(str![[r#"
root_public_key 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c

"#]]);
    std::fs::write(folder.at("plain.pub"), root().public_key().to_string()).unwrap();
    folder.aster(&["trust", "inspect", "plain.pub"]).code(0);
}

#[test]
fn identity_file() {
    let folder = Folder::with_root();
    folder.node("edge.cred", 7);
    let enroll = ["enroll", "node", "--root-key", "root.key", "--expires", END, "-i", "edge.cred"];
    let edge = ["-r", "consumer", "-n", "edge\n  Id: x", "-c", "ops.status", "--attr", "site=n"];
    folder.aster(&[&enroll[..], &edge].concat()).success();
    folder.aster(&[&enroll[..], &["-r", "producer", "-n", "server"]].concat()).success();
    folder
        .aster(&["trust", "inspect", "edge.cred"])
        .code(0)
        .stdout_eq(str![[r#"
Identity file
  Endpoint ID: ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Secret key:  present, not shown
  Credentials: 2

  "edge/n  Id: x" (consumer)
    Type:         policy (any number of uses)
    Id:           02e52698352400370e699a1c3c85da364e4bc0b4db7355aab836ade38fcf9d4b
    Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
    Bound to:     ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
    Capabilities: ops.status
    Attributes:   site = "n"
    Expires:      2100-01-01T00:00:00Z (in [..] days)
    Signature:    good

  "server" (producer)
    Type:         producer
    Id:           dc99cafc8e6c9470bc7b8f005e88f1aa0e8ac9773b126f97368b8527ec117706
    Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
    Bound to:     ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
    Capabilities: producer
    Expires:      2100-01-01T00:00:00Z (in [..] days)
    Signature:    good

"#]])
        .stderr_eq(str![]);
    let json = folder.json(&["trust", "inspect", "edge.cred", "--json"]);
    assert_eq!(json["kind"], "identity");
    assert_eq!(json["peers"][0]["name"], "edge\n  Id: x");
    assert_eq!(json["peers"][0]["attributes"]["site"], "n");
    assert_eq!(json["peers"][1]["type"], "producer");
}

#[test]
fn a_damaged_entry_is_told_beside_the_others() {
    let folder = Folder::with_root();
    folder.node("edge.cred", 7);
    let enroll = ["enroll", "node", "--root-key", "root.key", "--expires", END, "-i", "edge.cred"];
    folder.aster(&[&enroll[..], &["-r", "consumer", "-n", "a"]].concat()).success();
    let text =
        folder.read("edge.cred").replace("expires_at = 4102444800", "expires_at = 4102444801");
    std::fs::write(
        folder.at("edge.cred"),
        text + "\n[[peers]]\nname = \"b\"\nrole = \"consumer\"\n",
    )
    .unwrap();
    folder.aster(&["trust", "inspect", "edge.cred"]).code(0).stdout_eq(str![[r#"
Identity file
  Endpoint ID: ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Secret key:  present, not shown
  Credentials: 2

  "a" (consumer)
    Type:         policy (any number of uses)
    Id:           74afa83d3b93553c2d0b562852dac731cb91dbe8b50e8c256a29969bc5c370b7
    Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
    Bound to:     ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
    Capabilities: consumer
    Expires:      2100-01-01T00:00:01Z (in [..] days)
    Signature:    BAD: the root did not sign this content

  "b" (consumer)
    Damaged: root_pubkey is not a text

"#]]);
}

#[test]
fn expired_credential() {
    let folder = Folder::new();
    let end = super::now() - 3 * 3600 - 60;
    let signed = ConsumerCredential::sign_policy(&root(), Some(peer(7)), end, Attributes::new());
    aster::trust::Credential::from(signed).save_new(folder.at("old.json")).unwrap();
    folder.aster(&["trust", "inspect", "old.json"]).code(0).stdout_eq(str![[r#"
Consumer credential
  Type:         policy (any number of uses)
  Id:           [..]
  Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Bound to:     ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Capabilities: none
  Expires:      [..] (expired 3 h ago)
  Signature:    good

"#]]);
    let json = folder.json(&["trust", "inspect", "old.json", "--json"]);
    assert_eq!((&json["expired"], &json["expires_at"]), (&true.into(), &end.into()));
}

#[test]
fn one_time_credential() {
    let folder = Folder::with_root();
    let sign = ["trust", "sign", "--type", "ott", "--unbound", "--root-key", "root.key"];
    folder.aster(&[&sign[..], &["--expires", END, "--out", "once.json"]].concat()).success();
    folder
        .aster(&["trust", "inspect", "once.json"])
        .code(0)
        .stdout_eq(str![[r#"
Consumer credential
  Type:         ott (one use)
  Id:           [..]
  Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Bound to:     no node: whoever holds it can use it
  Capabilities: none
  Expires:      2100-01-01T00:00:00Z (in [..] days)
  Signature:    good

"#]])
        .stderr_eq(str![]);
}

#[cfg(unix)]
#[test]
fn b20_an_exposed_secret_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_root();
    let open = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(folder.at("root.key"), open).unwrap();
    folder.aster(&["trust", "inspect", "root.key", "-q"]).code(0).stderr_eq(str![[r#"
Warning: root.key can be read by others (mode 644); run: chmod 600 root.key

"#]]);
}

#[test]
fn revocation_list() {
    let folder = Folder::new();
    let list = RevocationList::first(&root(), 1_700_000_000, [], [peer(7)]).unwrap();
    list.save(folder.at("revoked.json")).unwrap();
    folder.aster(&["trust", "inspect", "revoked.json"]).code(0).stdout_eq(str![[r#"
Revocation list
  Trust root: 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Serial:     1
  Issued:     2023-11-14T22:13:20Z ([..])
  Revoked:    0 credentials, 1 key
  Key:        ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c

"#]]);
    // Changed by hand.
    let text = folder.read("revoked.json").replace("\"serial\": 1", "\"serial\": 2");
    std::fs::write(folder.at("revoked.json"), text).unwrap();
    folder.aster(&["trust", "inspect", "revoked.json"]).code(2).stdout_eq(str![]).stderr_eq(str![
        [r#"
Error: revoked.json: it is not signed by the root key that it names

"#]
    ]);
}

#[test]
fn other_files() {
    let folder = Folder::new();
    std::fs::write(folder.at("other"), "{\"secret_key\": \"0\"}").unwrap();
    folder.aster(&["trust", "inspect", "other"]).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: other: it is no root key, identity file, credential, chain or revocation list

"#]]);
    folder.aster(&["trust", "inspect", "none"]).code(2).stderr_eq(str![[r#"
Error: cannot read none: No such file or directory (os error 2)

"#]]);
    folder.aster(&["trust", "inspect", "."]).code(2).stderr_eq(str![[r#"
Error: .: it is not a regular file

"#]]);
    std::fs::write(folder.at("big"), vec![b'x'; 3 << 20]).unwrap();
    folder.aster(&["trust", "inspect", "big"]).code(2).stderr_eq(str![[r#"
Error: big: it is larger than 2097152 bytes

"#]]);
    std::fs::write(folder.at("bytes"), [0xff, 0xfe]).unwrap();
    folder.aster(&["trust", "inspect", "bytes"]).code(2);
}
