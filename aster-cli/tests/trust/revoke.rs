use aster::trust::{CredentialId, RevocationList, RootKey};
use snapbox::str;

use super::{END, Folder, peer};

fn revoke(folder: &Folder, more: &[&str]) -> snapbox::cmd::OutputAssert {
    let common = ["trust", "revoke", "--root-key", "root.key", "--list", "revoked.json"];
    folder.aster(&[&common[..], more].concat())
}

fn list(folder: &Folder) -> RevocationList {
    RevocationList::load(folder.at("revoked.json")).unwrap()
}

#[test]
fn b10_a_list_is_made_and_grows() {
    let folder = Folder::with_root();
    let (node, id) = (peer(7).to_string(), CredentialId::of(b"x").to_string());
    revoke(&folder, &["--id", &id, "--key", &node])
        .code(0)
        .stdout_eq(str![[r#"
Revocation list: revoked.json
  Trust root: 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Serial:     1
  Revoked:    credential 3ae7d805f6789a6402acb70ad4096a85a56bf6804eaf25c0493ac697548d30b5
  Revoked:    key ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  In total:   1 credential, 1 key
  Next:       bring the list to your servers (revocation_files)

"#]])
        .stderr_eq(str![]);
    assert_eq!(folder.mode("revoked.json") & 0o177, 0o044);
    let first = list(&folder);
    assert_eq!((first.serial(), first.ids().len(), first.keys().len()), (1, 1, 1));
    let other = peer(8).to_string();
    revoke(&folder, &["--key", &other, "--key", &node]).code(0).stdout_eq(str![[r#"
Revocation list: revoked.json
  Trust root: 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Serial:     2
  Revoked:    key 1398f62c6d1a457c51ba6a4b5f3dbd2f69fca93216218dc8997e416bd17d93ca
  In total:   1 credential, 2 keys
  Next:       bring the list to your servers (revocation_files)

"#]]);
    let second = list(&folder);
    assert_eq!((second.serial(), second.ids().len(), second.keys().len()), (2, 1, 2));
    assert!(second.ids().is_superset(first.ids()) && second.keys().is_superset(first.keys()));
    // Nothing new: the same list, so that no server has to take it up.
    revoke(&folder, &["--id", &id])
        .code(0)
        .stdout_eq(str![[r#"
Revocation list: revoked.json
  Trust root: 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Serial:     2
  In total:   1 credential, 2 keys
  Next:       bring the list to your servers (revocation_files)

"#]])
        .stderr_eq(str![[r#"
All of it was revoked already; the list stays as it is.

"#]]);
    assert_eq!(list(&folder), second);
    revoke(&folder, &[]).code(2).stderr_eq(str![[r#"
Error: there is nothing to revoke
Hint: name it with --id, --key or --credential

"#]]);
}

#[test]
fn by_file() {
    let folder = Folder::with_root();
    let node = folder.node("edge.cred", 7);
    let enroll = ["enroll", "node", "--root-key", "root.key", "-i", "edge.cred", "--expires", END];
    folder.aster(&[&enroll[..], &["-r", "consumer", "-n", "one"]].concat()).success();
    folder.aster(&[&enroll[..], &["-r", "producer", "-n", "two"]].concat()).success();
    let sign =
        ["trust", "sign", "--root-key", "root.key", "--endpoint-id", &node, "--expires", END];
    folder.aster(&[&sign[..], &["--role", "a", "--out", "a.json"]].concat()).success();
    let chain = ["trust", "sign", "chain", "--root-key", "root.key", "--endpoint-id", &node];
    folder.aster(&[&chain[..], &["--out", "a.chain"]].concat()).success();
    let files = ["--credential", "edge.cred", "--credential", "a.json", "--credential", "a.chain"];
    revoke(&folder, &files)
        .code(0)
        .stdout_eq(str![[r#"
Revocation list: revoked.json
  Trust root: 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Serial:     1
  Revoked:    credential [..]
  Revoked:    credential [..]
  Revoked:    credential [..]
  Revoked:    credential [..]
  In total:   4 credentials, 0 keys
  Next:       bring the list to your servers (revocation_files)

"#]])
        .stderr_eq(str![]);
    let mut shown = vec![];
    for file in ["a.json", "a.chain"] {
        shown.push(folder.json(&["trust", "inspect", file, "--json"])["id"].clone());
    }
    for peer in
        folder.json(&["trust", "inspect", "edge.cred", "--json"])["peers"].as_array().unwrap()
    {
        shown.push(peer["id"].clone());
    }
    assert_eq!(list(&folder).ids().len(), 4);
    for id in shown {
        assert!(list(&folder).ids().contains(&id.as_str().unwrap().parse().unwrap()), "{id}");
    }
}

#[test]
fn of_the_root_itself() {
    let folder = Folder::with_root();
    let root = super::root().public_key().to_string();
    revoke(&folder, &["--key", &root]).code(0).stderr_eq(str![[r#"
This revokes the root key: everything that it has signed ends.

"#]]);
}

#[test]
fn only_by_the_root_that_signed() {
    let folder = Folder::with_root();
    RootKey::from_seed(&[2; 32]).save_new(folder.at("other.key")).unwrap();
    let node = peer(7).to_string();
    let sign = ["trust", "sign", "--root-key", "other.key", "--endpoint-id", &node];
    folder.aster(&[&sign[..], &["--out", "a.json"]].concat()).success();
    let chain = ["trust", "sign", "chain", "--root-key", "other.key", "--endpoint-id", &node];
    folder.aster(&[&chain[..], &["--out", "a.chain"]].concat()).success();
    revoke(&folder, &["--credential", "a.json"]).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: a.json is signed by another root key, which alone can revoke it

"#]]);
    revoke(&folder, &["--credential", "a.chain"]).code(2).stderr_eq(str![[r#"
Error: a.chain is signed by another root key, which alone can revoke it

"#]]);
    revoke(&folder, &["--credential", "root.pub"]).code(2).stderr_eq(str![[r#"
Error: root.pub is no credential
Hint: `aster trust inspect` prints what it is

"#]]);
    assert!(!folder.at("revoked.json").exists());
    let other = ["trust", "revoke", "--root-key", "other.key", "--list", "revoked.json"];
    folder.aster(&other).success();
    let before = folder.read("revoked.json");
    revoke(&folder, &["--key", &node]).code(2).stderr_eq(str![[r#"
Error: the list is of another root key

"#]]);
    assert_eq!(folder.read("revoked.json"), before);
}

#[test]
fn a_damaged_list_is_not_replaced() {
    let folder = Folder::with_root();
    std::fs::write(folder.at("revoked.json"), "{}").unwrap();
    revoke(&folder, &["--key", &peer(7).to_string()]).code(2).stderr_eq(str![[r#"
Error: revoked.json: it is not a revocation list as `aster trust revoke` writes it

"#]]);
    assert_eq!(folder.read("revoked.json"), "{}");
    revoke(&folder, &["--id", "abc"]).code(2);
}
