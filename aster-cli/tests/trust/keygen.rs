use aster::trust::{IdentityFile, RootKey, RootPublicKey};
use snapbox::str;

use super::{Folder, root};

#[test]
fn root_key() {
    let folder = Folder::new();
    folder
        .aster(&["trust", "keygen", "--out-key", "root.key"])
        .code(0)
        .stdout_eq(str![[r#"
Root private key written to: root.key
Root public key written to:  root.pub
  Public key:  [..]
Keep root.key secret. Share root.pub with nodes that need to verify credentials.

"#]])
        .stderr_eq(str![]);
    assert_eq!((folder.mode("root.key"), folder.mode("root.pub") & 0o177), (0o600, 0o044));
    let key = RootKey::load(folder.at("root.key")).unwrap();
    assert_eq!(RootPublicKey::load(folder.at("root.pub")).unwrap(), key.public_key());
}

#[test]
fn all_forms_make_a_root_key() {
    let folder = Folder::new();
    for (name, form) in [
        ("a.key", &["trust", "keygen", "--out"][..]),
        ("b.key", &["trust", "keygen", "--out-key"]),
        ("c.key", &["trust", "keygen", "root", "--out"]),
        ("d.key", &["keygen", "root", "--out"]),
    ] {
        let line = folder.output(&[form, &[name, "--quiet"]].concat());
        let key = RootKey::load(folder.at(name)).unwrap();
        assert_eq!(line, format!("{name} {}\n", key.public_key()));
        let json = folder.json(&[form, &[&format!("json-{name}"), "--json"]].concat());
        let key = RootKey::load(folder.at(&format!("json-{name}"))).unwrap();
        assert_eq!(json["root_pubkey"], key.public_key().to_string());
    }
    folder.aster(&["trust", "keygen"]).success();
    assert_eq!(folder.mode("home/.aster/root.key"), 0o600);
    assert_eq!(folder.mode("home/.aster"), if cfg!(unix) { 0o700 } else { 0o600 });
}

#[test]
fn b19_a_key_is_never_replaced() {
    let folder = Folder::with_root();
    let before = folder.read("root.key");
    folder.aster(&["trust", "keygen", "--out", "root.key"]).code(2).stdout_eq(str![]).stderr_eq(
        str![[r#"
Error: root.key exists already and is not replaced; use another path or move it away

"#]],
    );
    std::fs::remove_file(folder.at("root.pub")).unwrap();
    folder.aster(&["trust", "keygen", "--out", "root.key"]).code(2);
    assert_eq!(folder.read("root.key"), before);
    assert_eq!(folder.names(), ["root.key"]);
}

#[test]
fn b21_the_public_half_of_another_key_is_not_kept_beside_a_new_one() {
    let folder = Folder::with_root();
    std::fs::remove_file(folder.at("root.key")).unwrap();
    let before = folder.read("root.pub");
    folder.aster(&["trust", "keygen", "--out", "root.key"]).code(2).stdout_eq(str![]).stderr_eq(
        str![[r#"
Error: root.pub exists already and is not replaced; use another path or move it away

"#]],
    );
    assert_eq!((folder.read("root.pub"), folder.names()), (before, vec!["root.pub".to_owned()]));
}

#[test]
fn the_public_file_is_named_after_the_key_file_alone() {
    let folder = Folder::new();
    for (key, public) in [
        ("plain", "plain.pub"),
        ("a.b/rootkey", "a.b/rootkey.pub"),
        ("x.y.key", "x.y.pub"),
        (".hidden", ".hidden.pub"),
    ] {
        folder.aster(&["trust", "keygen", "--out", key]).success();
        let loaded = RootPublicKey::load(folder.at(public)).unwrap();
        assert_eq!(loaded, RootKey::load(folder.at(key)).unwrap().public_key());
    }
    folder.aster(&["trust", "keygen", "--out", "root.pub"]).code(2).stderr_eq(str![[r#"
Error: root.pub: this name is for the public half; end it in .key

"#]]);
}

#[test]
fn public_half() {
    let folder = Folder::with_root();
    folder
        .aster(&["trust", "keygen", "pubkey", "--in", "root.key", "--out", "copy.pub"])
        .code(0)
        .stdout_eq(str![[r#"
Root public key written to: copy.pub
  Public key:  8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c

"#]])
        .stderr_eq(str![]);
    assert_eq!(RootPublicKey::load(folder.at("copy.pub")).unwrap(), root().public_key());
    folder.aster(&["trust", "keygen", "pubkey", "--in", "root.pub", "--out", "more.pub"]).success();
    // The halves are from two keys.
    let mixed = folder.read("root.key").replace(
        &root().public_key().to_string(),
        &RootKey::from_seed(&[2; 32]).public_key().to_string(),
    );
    std::fs::write(folder.at("root.key"), mixed).unwrap();
    folder
        .aster(&["trust", "keygen", "pubkey", "--in", "root.key", "--out", "mixed.pub"])
        .code(2)
        .stderr_eq(str![[r#"
Error: root.key: public_key does not belong to private_key; the file was changed by hand

"#]]);
    folder
        .aster(&["trust", "keygen", "pubkey", "--in", "none", "--out", "x.pub"])
        .code(2)
        .stderr_eq(str![[r#"
Error: cannot read none: No such file or directory (os error 2)

"#]]);
}

#[test]
fn secret_keys_are_kept_out_of_git() {
    let folder = Folder::new();
    std::fs::create_dir_all(folder.at(".git")).unwrap();
    folder.aster(&["trust", "keygen", "--out", "keys/root.key", "-q"]).code(0);
    folder.aster(&["trust", "keygen", "node", "--out", "node id", "-q"]).code(0);
    let entries = "# Holds a secret key.\n/keys/root.key\n# Holds a secret key.\n/node\\ id\n";
    assert_eq!(folder.read(".gitignore"), entries);
}

#[test]
fn node_key() {
    let folder = Folder::new();
    folder
        .aster(&["trust", "keygen", "node", "--out", "node.id"])
        .code(0)
        .stdout_eq(str![[r#"
Node key written to: node.id
  Endpoint ID:  [..]
Keep it secret. Credentials are signed for the endpoint id: `aster trust sign --endpoint-id [..]`.

"#]])
        .stderr_eq(str![]);
    assert_eq!(folder.mode("node.id"), 0o600);
    let node = IdentityFile::load(folder.at("node.id")).unwrap().node().unwrap().peer();
    folder.aster(&["keygen", "producer", "--out", "node.id"]).code(2);
    let line = folder.output(&["trust", "inspect", "node.id", "-q"]);
    assert_eq!(line, format!("identity {node} 0\n"));
}
