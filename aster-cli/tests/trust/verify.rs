use aster::trust::{Attributes, ConsumerCredential, Credential, NonceStore, RootKey};
use snapbox::str;

use super::{END, END_SECONDS, Folder, peer, root};

/// With a credential of the node 7 in edge.json.
fn folder() -> Folder {
    let folder = Folder::with_root();
    save(&folder, "edge.json", &root(), END_SECONDS);
    folder
}

fn save(folder: &Folder, name: &str, root: &RootKey, end: u64) {
    let signed = ConsumerCredential::sign_policy(root, Some(peer(7)), end, Attributes::new());
    Credential::from(signed).save_new(folder.at(name)).unwrap();
}

fn verify(folder: &Folder, more: &[&str]) -> snapbox::cmd::OutputAssert {
    folder.aster(&[&["trust", "verify", "--root-pub", "root.pub"], more].concat())
}

#[test]
fn valid() {
    let folder = folder();
    verify(&folder, &["edge.json"])
        .code(0)
        .stdout_eq(str![[r#"
valid until 2100-01-01T00:00:00Z (in [..] days)

"#]])
        .stderr_eq(str![]);
    verify(&folder, &["edge.json", "-q"])
        .code(0)
        .stdout_eq(str![[r#"
valid

"#]])
        .stderr_eq(str![]);
    verify(&folder, &["edge.json", "--json"]).code(0).stdout_eq(str![[r#"
{"credentials":[{"expires_at":4102444800,"id":"65754085c30edecff1e2230da3d574708b81cae5ed149157594d6d9dd3c77f01","name":null,"reason":null,"valid":true}],"valid":true}

"#]]).stderr_eq(str![]);
    let root = root().public_key().to_string();
    folder.aster(&["trust", "verify", "edge.json", "--root-pub", &root]).code(0);
}

#[test]
fn expired() {
    let folder = folder();
    save(&folder, "old.json", &root(), super::now() - 3 * 3600 - 60);
    verify(&folder, &["old.json"])
        .code(1)
        .stdout_eq(str![[r#"
refused: expired 3 h ago ([..])

"#]])
        .stderr_eq(str![[r#"
Hint: sign a new one: `aster enroll node`, `aster trust sign`

"#]]);
    verify(&folder, &["old.json", "--json"]).code(1).stdout_eq(str![[r#"
{"credentials":[{"expires_at":null,"id":"[..]","name":null,"reason":"expired 3 h ago ([..])","valid":false}],"valid":false}

"#]]).stderr_eq(str![]);
}

#[test]
fn of_another_node() {
    let folder = folder();
    let other = peer(8).to_string();
    verify(&folder, &["edge.json", "--peer", &other]).code(1).stdout_eq(str![[r#"
refused: bound to another node: ea4a6c63e2 instead of 1398f62c6d

"#]]).stderr_eq(str![[r#"
Hint: it belongs to the key that it was signed for; use that node's identity file, or have one signed for this node

"#]]);
}

#[test]
fn of_another_root() {
    let folder = folder();
    save(&folder, "other.json", &RootKey::from_seed(&[2; 32]), END_SECONDS);
    verify(&folder, &["other.json"])
        .code(1)
        .stdout_eq(str![[r#"
refused: signed by another root: 8139770ea8 instead of 8a88e3dd74

"#]])
        .stderr_eq(str![[r#"
Hint: is --root-pub the root of this server?

"#]]);
}

#[test]
fn tampered_with() {
    let folder = folder();
    let text = folder.read("edge.json").replace("\"expires_at\": 41", "\"expires_at\": 42");
    std::fs::write(folder.at("edge.json"), text).unwrap();
    verify(&folder, &["edge.json"])
        .code(1)
        .stdout_eq(str![[r#"
refused: tampered with: the signature of root 8a88e3dd74 does not fit the content

"#]])
        .stderr_eq(str![]);
}

#[test]
fn bound_to_no_node() {
    let folder = folder();
    let sign = ["trust", "sign", "consumer", "--unbound", "--root-key", "root.key"];
    folder.aster(&[&sign[..], &["--out", "bearer.json"]].concat()).success();
    verify(&folder, &["bearer.json"])
        .code(1)
        .stdout_eq(str![[r#"
refused: bound to no node: this server takes only credentials that name their node

"#]])
        .stderr_eq(str![[r#"
Hint: --allow-unbound checks it as a server that accepts such

"#]]);
    verify(&folder, &["bearer.json", "--allow-unbound"]).code(0);
}

#[test]
fn revoked() {
    let folder = folder();
    let revoke = ["trust", "revoke", "--root-key", "root.key", "--list"];
    folder.aster(&[&revoke[..], &["ids.json", "--credential", "edge.json"]].concat()).success();
    let node = peer(7).to_string();
    folder.aster(&[&revoke[..], &["keys.json", "--key", &node]].concat()).success();
    folder.aster(&[&revoke[..], &["none.json"]].concat()).success();
    let by = |list: &str| verify(&folder, &["edge.json", "--revocations", list]);
    by("ids.json").code(1).stdout_eq(str![[r#"
refused: the credential 65754085c3 is revoked

"#]]);
    by("keys.json").code(1).stdout_eq(str![[r#"
refused: the key ea4a6c63e2 is revoked

"#]]);
    by("none.json").code(0);
    by("typo.json").code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: cannot read typo.json: No such file or directory (os error 2)

"#]]);
    RootKey::from_seed(&[2; 32]).save_new(folder.at("other.key")).unwrap();
    let other = ["trust", "revoke", "--root-key", "other.key", "--list", "other.json"];
    folder.aster(&other).success();
    by("other.json").code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: the revocation list is signed by the root key 8139770ea8, but 8a88e3dd74 is trusted

"#]]);
}

#[test]
fn used_already() {
    let folder = folder();
    folder.node("once.cred", 7);
    let enroll = ["enroll", "node", "--root-key", "root.key", "-r", "consumer", "-n", "once"];
    let once = ["-t", "ott", "-i", "once.cred", "--expires", END];
    folder.aster(&[&enroll[..], &once].concat()).success();
    let check = ["once.cred", "--nonces", "nonces.json"];
    verify(&folder, &check).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: there is no store nonces.json

"#]]);
    let store = NonceStore::open(folder.at("nonces.json")).unwrap();
    // Looking does not use it up.
    verify(&folder, &check)
        .code(0)
        .stdout_eq(str![[r#"
"once": valid until 2100-01-01T00:00:00Z (in [..] days)

"#]])
        .stderr_eq(str![]);
    verify(&folder, &check).code(0);
    let file = aster::trust::IdentityFile::load(folder.at("once.cred")).unwrap();
    let nonce = file.named("once").unwrap().credential().unwrap().nonce().unwrap();
    store.consume(&nonce, END_SECONDS, super::now()).unwrap();
    verify(&folder, &check)
        .code(1)
        .stdout_eq(str![[r#"
"once": refused: this one-time credential has been used already

"#]])
        .stderr_eq(str![]);
    verify(&folder, &["once.cred"]).code(0).stderr_eq(str![[r#"
Whether it has been used already is not known without --nonces.

"#]]);
}

#[test]
fn identity_file() {
    let folder = folder();
    folder.node("edge.cred", 7);
    let enroll = ["enroll", "node", "-i", "edge.cred", "--expires", END, "--root-key"];
    let good = ["root.key", "-r", "consumer", "-n", "good"];
    folder.aster(&[&enroll[..], &good].concat()).success();
    RootKey::from_seed(&[2; 32]).save_new(folder.at("other.key")).unwrap();
    let other = ["other.key", "-r", "consumer", "-n", "other"];
    folder.aster(&[&enroll[..], &other].concat()).success();
    verify(&folder, &["edge.cred"]).code(1).stdout_eq(str![[r#"
"good": valid until 2100-01-01T00:00:00Z (in [..] days)
"other": refused: signed by another root: 8139770ea8 instead of 8a88e3dd74

"#]]);
    verify(&folder, &["edge.cred", "-q"]).code(1).stdout_eq(str![[r#"
"other": refused: signed by another root: 8139770ea8 instead of 8a88e3dd74

"#]]);
    verify(&folder, &["edge.cred", "--name", "good"])
        .code(0)
        .stdout_eq(str![[r#"
"good": valid until 2100-01-01T00:00:00Z (in [..] days)

"#]])
        .stderr_eq(str![]);
    verify(&folder, &["edge.cred", "--name", "none"]).code(2).stderr_eq(str![[r#"
Error: edge.cred has no credential named "none"
Hint: `aster trust inspect` prints those it has

"#]]);
    folder.node("empty.cred", 8);
    verify(&folder, &["empty.cred"]).code(2).stderr_eq(str![[r#"
Error: empty.cred has no credential
Hint: `aster enroll node` adds one

"#]]);
}

#[test]
fn what_is_no_credential() {
    let folder = folder();
    verify(&folder, &["root.pub"]).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: root.pub is no credential
Hint: `aster trust inspect` prints what it is

"#]]);
    verify(&folder, &["edge.json", "--name", "x"]).code(2).stderr_eq(str![[r#"
Error: --name is for identity files; this file holds one credential

"#]]);
    folder.aster(&["trust", "verify", "edge.json", "--root-pub", "root.key"]).code(2).stderr_eq(
        str![[r#"
Error: root.key: the file holds a private root key; use the file with the public half (root.pub)

"#]],
    );
    folder.aster(&["trust", "verify", "edge.json"]).code(2);
}
