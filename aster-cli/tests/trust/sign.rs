use aster::trust::{Credential, CredentialFile, CredentialKind};
use snapbox::str;

use super::{END, END_SECONDS, Folder, peer};

fn load(folder: &Folder, name: &str) -> Credential {
    match CredentialFile::load(folder.at(name)).unwrap() {
        CredentialFile::Credential(credential) => credential,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn consumer() {
    let folder = Folder::with_root();
    let node = peer(7).to_string();
    folder
        .aster(&[
            "trust",
            "sign",
            "consumer",
            "--root-key",
            "root.key",
            "--endpoint-id",
            &node,
            "--capabilities",
            "ops.status,ops.ingest",
            "--attr",
            "site=north, hall 2",
            "--expires",
            END,
            "--out",
            "edge.json",
        ])
        .code(0)
        .stdout_eq(str![[r#"
Signed credential written to: edge.json
  Type:         policy (any number of uses)
  Id:           0dfee330c2c98c7aa730d905dd94d6059ee8833dd3d8c44587a6bad5f4cb70d1
  Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Bound to:     ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Capabilities: ops.ingest, ops.status
  Attributes:   site = "north, hall 2"
  Expires:      2100-01-01T00:00:00Z (in [..] days)
  Signature:    good

"#]])
        .stderr_eq(str![]);
    assert_eq!(folder.mode("edge.json"), 0o600);
    let credential = load(&folder, "edge.json");
    assert_eq!((credential.kind(), credential.node()), (CredentialKind::Policy, Some(peer(7))));
    assert_eq!(credential.expires_at(), END_SECONDS);
    assert_eq!(credential.attributes().get("site"), Some("north, hall 2"));
    assert!(credential.has_valid_signature());
}

#[test]
fn both_grammars_sign_the_same() {
    let folder = Folder::with_root();
    let node = peer(7).to_string();
    let common = ["--root-key", "root.key", "--endpoint-id", &node, "--expires", END, "--out"];
    for (name, words) in [
        ("policy-1", &["consumer"][..]),
        ("policy-2", &["consumer", "--type", "policy"]),
        ("policy-3", &["--type", "policy"]),
        ("producer-1", &["producer"]),
        ("producer-2", &["--type", "producer"]),
        ("producer-3", &[]),
    ] {
        folder.aster(&[&["trust", "sign"], words, &common, &[name]].concat()).success();
        let first = folder.read(&format!("{}-1", name.split('-').next().unwrap()));
        assert_eq!(folder.read(name), first, "{name}");
    }
    let authorize = ["authorize", "--root-key", "root.key", "--producer-id", &node];
    folder.aster(&[&authorize[..], &["--expires", END]].concat()).success();
    assert_eq!(folder.read("enrollment.token"), folder.read("producer-1"));
    let role = ["--attributes", r#"{"aster.role":"a,b"}"#];
    folder
        .aster(&[&["trust", "sign", "consumer"], &common[..], &["json"], &role].concat())
        .success();
    let role = ["--role", "a,b"];
    folder
        .aster(&[&["trust", "sign", "consumer"], &common[..], &["role"], &role].concat())
        .success();
    assert_eq!(folder.read("json"), folder.read("role"));
}

#[test]
fn b12_a_one_time_credential_has_a_nonce() {
    let folder = Folder::with_root();
    let node = peer(7).to_string();
    let sign = |name: &str, words: &[&str]| {
        let common = ["--root-key", "root.key", "--endpoint-id", &node, "--out", name];
        folder.aster(&[&["trust", "sign"], words, &common].concat()).success();
        load(&folder, name)
    };
    let one = sign("one", &["consumer", "--type", "ott"]);
    let two = sign("two", &["--type", "ott"]);
    assert_eq!((one.kind(), two.kind()), (CredentialKind::OneTime, CredentialKind::OneTime));
    assert_ne!(one.nonce(), two.nonce());
}

#[test]
fn b30_an_unbound_credential_is_asked_for_by_name() {
    let folder = Folder::with_root();
    let sign = ["trust", "sign", "consumer", "--root-key", "root.key", "--out", "bearer.json"];
    folder.aster(&sign).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: the credential names no node; give its --endpoint-id
Hint: --unbound signs a credential that is good for whoever holds it; servers refuse it unless they set allow_unbound_credentials

"#]]);
    assert!(!folder.at("bearer.json").exists());
    folder.aster(&[&sign[..], &["--unbound", "--expires", END]].concat()).code(0).stdout_eq(str![
        [r#"
Signed credential written to: bearer.json
  Type:         policy (any number of uses)
  Id:           55bc24e4144b8b5279ede2824abc0836b95960cb6ffbf07dcee8698afa9821a6
  Trust root:   8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Bound to:     no node: whoever holds it can use it
  Capabilities: none
  Expires:      2100-01-01T00:00:00Z (in [..] days)
  Signature:    good

"#]
    ]);
    assert_eq!((load(&folder, "bearer.json").node(), folder.mode("bearer.json")), (None, 0o600));
    for kind in ["producer", "chain"] {
        folder.aster(&["trust", "sign", kind, "--root-key", "root.key", "--unbound"]).code(2);
    }
    folder.aster(&["trust", "sign", "--root-key", "root.key"]).code(2).stderr_eq(str![[r#"
Error: --endpoint-id is required for producer credentials
Hint: `aster trust keygen node` makes a node's key and prints its endpoint id

"#]]);
}

#[test]
fn b14_the_root_key_that_is_named_is_the_one_that_signs() {
    let folder = Folder::with_root();
    folder.aster(&["trust", "keygen"]).success();
    let node = peer(7).to_string();
    let sign = ["trust", "sign", "--endpoint-id", &node, "--out", "x.json", "--root-key"];
    folder.aster(&[&sign[..], &["typo.key"]].concat()).code(2).stdout_eq(str![]).stderr_eq(str![[
        r#"
Error: cannot read typo.key: No such file or directory (os error 2)

"#
    ]]);
    folder.aster(&[&sign[..], &["root.pub"]].concat()).code(2).stderr_eq(str![[r#"
Error: root.pub holds the public half of a root key; only the private one signs

"#]]);
    assert!(!folder.at("x.json").exists());
}

#[test]
fn b20_a_credential_replaces_nothing() {
    let folder = Folder::with_root();
    let node = peer(7).to_string();
    let sign = ["trust", "sign", "--root-key", "root.key", "--endpoint-id", &node, "--out"];
    folder.aster(&[&sign[..], &["x.json"]].concat()).success();
    let before = folder.read("x.json");
    folder.aster(&[&sign[..], &["x.json"]].concat()).code(2).stderr_eq(str![[r#"
Error: x.json exists already and is not replaced; use another path or move it away

"#]]);
    folder.aster(&[&sign[..], &["root.pub"]].concat()).code(2);
    assert_eq!(folder.read("x.json"), before);
}

#[test]
fn lifetimes() {
    let folder = Folder::with_root();
    let node = peer(7).to_string();
    let now = super::now();
    for (text, seconds) in [("30d", 2_592_000), ("24h", 86_400), ("1h30m", 5400)] {
        folder
            .aster(&[
                "trust",
                "sign",
                "--root-key",
                "root.key",
                "--endpoint-id",
                &node,
                "--expires",
                text,
                "--out",
                text,
            ])
            .success();
        let end = load(&folder, text).expires_at();
        assert!((now + seconds..now + seconds + 60).contains(&end), "{text}");
    }
    for (text, error) in [
        (
            "90x",
            str![[r#"
Error: --expires 90x: write a lifetime like 30d, 24h or 1h30m (units w, d, h, m, s, the longest first), or a time in ISO 8601 like 2027-01-31 or 2027-01-31T12:00:00Z

"#]],
        ),
        (
            "0d",
            str![[r#"
Error: --expires 0d: a credential that ends at once is of no use; write at least 1s

"#]],
        ),
        (
            "2001-01-01",
            str![[r#"
Error: --expires 2001-01-01: this time has passed

"#]],
        ),
        (
            "1800086400000",
            str![[r#"
Error: --expires 1800086400000: write a lifetime like 30d, 24h or 1h30m (units w, d, h, m, s, the longest first), or a time in ISO 8601 like 2027-01-31 or 2027-01-31T12:00:00Z

"#]],
        ),
    ] {
        let sign = ["trust", "sign", "--root-key", "root.key", "--endpoint-id", &node];
        folder.aster(&[&sign[..], &["--expires", text]].concat()).code(2).stderr_eq(error);
    }
}

#[test]
fn mistakes() {
    let folder = Folder::with_root();
    let node = peer(7).to_string();
    let sign = ["trust", "sign", "--root-key", "root.key", "--endpoint-id", &node];
    for (more, error) in [
        (
            &["--attributes", "aster.role=a,b"][..],
            str![[r#"
Error: --attributes: "b" has no `=`, and a comma separates attributes
Hint: give a value with commas in an option of its own: --attr KEY=VALUE

"#]],
        ),
        (
            &["--attributes", "{\"a\":1}"],
            str![[r#"
Error: --attributes: invalid type: integer `1`, expected a string at line 1 column 6

"#]],
        ),
        (
            &["--attr", "aster.role=a", "--capabilities", "b"],
            str![[r#"
Error: --capabilities and the attribute aster.role are the same thing
Hint: use one of the two

"#]],
        ),
        (
            &["--attr", "site"],
            str![[r#"
Error: --attr: "site" has no `=`
Hint: write KEY=VALUE

"#]],
        ),
        (
            &["--capabilities", "a,,b"],
            str![[r#"
Error: --capabilities: "" is no capability
Hint: write names with commas between them, as in ops.status,ops.logs

"#]],
        ),
        (
            &["--for", "Fleet"],
            str![[r#"
Error: --starts, --for and --delegations are for chains
Hint: sign one with `aster trust sign chain`

"#]],
        ),
    ] {
        folder.aster(&[&sign[..], more].concat()).code(2).stdout_eq(str![]).stderr_eq(error);
    }
    folder.aster(&["trust", "sign", "producer", "--type", "ott"]).code(2).stderr_eq(str![[r#"
Error: --type contradicts the word before it
Hint: a consumer's is policy or ott, a producer's is producer

"#]]);
    folder.aster(&["trust", "sign", "--endpoint-id", "abcd"]).code(2).stderr_eq(str![[r#"
error: invalid value 'abcd' for '--endpoint-id <HEX>': a peer id is 64 hex characters (a 32-byte public key)

For more information, try '--help'.

"#]]);
    folder.aster(&["trust", "sign", "--endpoint-id", &node]).code(2).stderr_eq(str![[r#"
Error: there is no root key
Hint: name its file with --root-key PATH, or make one with `aster trust keygen` or `aster profile create NAME`

"#]]);
    assert_eq!(folder.names(), ["root.key", "root.pub"]);
}
