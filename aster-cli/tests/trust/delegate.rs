use aster::trust::{Chain, Revocations};
use snapbox::str;

use super::{END, END_SECONDS, Folder, peer, root};

/// With a chain of the node 7 in agent.chain, and its key in agent.cred.
fn folder() -> Folder {
    let folder = Folder::with_root();
    let node = folder.node("agent.cred", 7);
    folder
        .aster(&[
            "trust",
            "sign",
            "chain",
            "--root-key",
            "root.key",
            "--endpoint-id",
            &node,
            "--capabilities",
            "ops.status,ops.logs",
            "--for",
            "Fleet",
            "--delegations",
            "2",
            "--expires",
            END,
            "--out",
            "agent.chain",
        ])
        .code(0)
        .stdout_eq(str![[r#"
Signed chain written to: agent.chain
  Id:               [..]
  Trust root:       8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Bound to:         ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Capabilities:     ops.logs, ops.status
  For:              Fleet
  Starts:           [..]
  Expires:          2100-01-01T00:00:00Z (in [..] days)
  Can be passed on: yes, up to 2 further links
  Links:            good
  Link:             [..] to ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c

"#]])
        .stderr_eq(str![]);
    folder
}

fn delegate(folder: &Folder, more: &[&str]) -> snapbox::cmd::OutputAssert {
    let common =
        ["trust", "delegate", "--chain", "agent.chain", "--identity", "agent.cred", "--out", "out"];
    folder.aster(&[&common[..], more].concat())
}

#[test]
fn narrower() {
    let folder = folder();
    assert_eq!(folder.mode("agent.chain"), 0o600);
    let helper = peer(8).to_string();
    delegate(
        &folder,
        &[
            "--to",
            &helper,
            "--capabilities",
            "ops.status",
            "--for",
            "Fleet.getStatus",
            "--for",
            "Fleet@2",
            "--expires",
            "10m",
            "--delegations",
            "1",
        ],
    )
    .code(0)
    .stdout_eq(str![[r#"
Longer chain written to: out
  Id:               [..]
  Trust root:       8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Bound to:         1398f62c6d1a457c51ba6a4b5f3dbd2f69fca93216218dc8997e416bd17d93ca
  Capabilities:     ops.status
  For:              Fleet.getStatus, Fleet@2
  Starts:           [..]
  Expires:          [..] (in [..])
  Can be passed on: yes, up to 1 further link
  Links:            good
  Link:             [..] to ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Link:             [..] to 1398f62c6d1a457c51ba6a4b5f3dbd2f69fca93216218dc8997e416bd17d93ca

"#]])
    .stderr_eq(str![]);
    assert_eq!(folder.mode("out"), 0o600);
    let chain = Chain::load(folder.at("out")).unwrap();
    let (root, now) = (root().public_key(), super::now());
    let grant = chain.verify(&root, peer(8), now, &Revocations::none(root)).unwrap();
    assert!(
        grant.capabilities().contains("ops.status") && !grant.capabilities().contains("ops.logs")
    );
    assert_eq!(grant.audience().to_string(), "Fleet.getStatus, Fleet@2");
    assert!((now + 540..=now + 600).contains(&grant.not_after()));
    folder.aster(&["trust", "verify", "out", "--root-pub", "root.pub"]).code(0).stdout_eq(str![[
        r#"
valid until [..] (in [..])

"#
    ]]);
    folder
        .aster(&[
            "trust",
            "verify",
            "out",
            "--root-pub",
            "root.pub",
            "--peer",
            &peer(7).to_string(),
        ])
        .code(1)
        .stdout_eq(str![[r#"
refused: it is bound to the node 1398f62c6d, and ea4a6c63e2 presents it

"#]])
        .stderr_eq(str![[r#"
Hint: its holder can pass it on to this node: `aster trust delegate`

"#]]);
    folder.aster(&["trust", "inspect", "out"]).code(0).stdout_eq(str![[r#"
Chain of 2 links
  Id:               [..]
  Trust root:       8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Bound to:         1398f62c6d1a457c51ba6a4b5f3dbd2f69fca93216218dc8997e416bd17d93ca
  Capabilities:     ops.status
  For:              Fleet.getStatus, Fleet@2
  Starts:           [..]
  Expires:          [..] (in [..])
  Can be passed on: yes, up to 1 further link
  Links:            good
  Link:             [..] to ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
  Link:             [..] to 1398f62c6d1a457c51ba6a4b5f3dbd2f69fca93216218dc8997e416bd17d93ca

"#]]);
}

#[test]
fn what_is_not_said_is_as_before_but_short() {
    let folder = folder();
    delegate(&folder, &["--to", &peer(8).to_string(), "-q"]).success();
    let chain = Chain::load(folder.at("out")).unwrap();
    let terms = chain.last().terms();
    assert_eq!(terms.capabilities.to_string(), "ops.logs,ops.status");
    assert_eq!((terms.audience.to_string().as_str(), terms.delegations), ("Fleet", 0));
    assert!(terms.not_after <= super::now() + 3600 && terms.not_after < END_SECONDS);
}

#[test]
fn never_wider() {
    let folder = folder();
    let helper = peer(8).to_string();
    for (more, error) in [
        (
            &["--capabilities", "ops.admin"][..],
            str![[r#"
Error: this would give more than the credential has: the credential it comes from does not have the capability "ops.admin"

"#]],
        ),
        (
            &["--for", "Billing"],
            str![[r#"
Error: this would give more than the credential has: the credential it comes from is not for Billing

"#]],
        ),
        (
            &["--delegations", "2"],
            str![[r#"
Error: this would give more than the credential has: it may allow fewer than 2 further delegations

"#]],
        ),
        (
            &["--expires", "2101-01-01"],
            str![[r#"
Error: this would give more than the credential has: it ends after the credential it comes from, which ends at 2100-01-01T00:00:00Z

"#]],
        ),
        (
            &["--to", "00"],
            str![[r#"
error: invalid value '00' for '--to <HEX>': a peer id is 64 hex characters (a 32-byte public key)

For more information, try '--help'.

"#]],
        ),
    ] {
        let to = if more[0] == "--to" { &[][..] } else { &["--to", &helper] };
        delegate(&folder, &[to, more].concat()).code(2).stdout_eq(str![]).stderr_eq(error);
    }
    delegate(&folder, &["--to", &peer(7).to_string()]).code(2).stderr_eq(str![[r#"
Error: the node ea4a6c63e2 is in the chain already

"#]]);
    assert!(!folder.at("out").exists());
}

#[test]
fn only_by_the_holder_of_a_good_chain() {
    let folder = folder();
    let helper = peer(8).to_string();
    std::fs::remove_file(folder.at("agent.cred")).unwrap();
    folder.node("agent.cred", 9);
    delegate(&folder, &["--to", &helper]).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: the credential is bound to the node ea4a6c63e2, and this is the key of fd1724385a; use its identity file

"#]]);
    std::fs::remove_file(folder.at("agent.cred")).unwrap();
    delegate(&folder, &["--to", &helper]).code(2).stderr_eq(str![[r#"
Error: cannot read agent.cred: No such file or directory (os error 2)

"#]]);
    folder.node("agent.cred", 7);
    // Another byte of the signature.
    let mut text = folder.read("agent.chain").into_bytes();
    let place = text.len() - 20;
    text[place] = if text[place] == b'A' { b'B' } else { b'A' };
    std::fs::write(folder.at("agent.chain"), text).unwrap();
    delegate(&folder, &["--to", &helper]).code(2).stderr_eq(str![[r#"
Error: agent.chain is no good chain: the signature of link 1 is not by 8a88e3dd74

"#]]);
    assert!(!folder.at("out").exists());
}

#[test]
fn an_expired_chain() {
    let folder = Folder::with_root();
    folder.node("agent.cred", 7);
    let end = super::now() - 3 * 3600 - 60;
    let terms = aster::trust::Terms {
        subject: peer(7),
        not_before: end - 10,
        not_after: end,
        capabilities: aster::trust::Capabilities::default(),
        audience: aster::trust::Audience::any(),
        delegations: 1,
    };
    Chain::issue(&root(), terms).unwrap().save_new(folder.at("agent.chain")).unwrap();
    delegate(&folder, &["--to", &peer(8).to_string()]).code(1).stdout_eq(str![]).stderr_eq(str![[
        r#"
Error: agent.chain expired 3 h ago ([..])
Hint: ask its issuer for a new one

"#
    ]]);
    folder.aster(&["trust", "verify", "agent.chain", "--root-pub", "root.pub"]).code(1).stdout_eq(
        str![[r#"
refused: it expired 3 h ago ([..])

"#]],
    );
}

#[test]
fn not_valid_yet() {
    let folder = Folder::with_root();
    let node = peer(7).to_string();
    let sign = ["trust", "sign", "chain", "--root-key", "root.key", "--endpoint-id", &node];
    let window = ["--starts", "2099-01-01", "--expires", END, "--out", "later.chain"];
    folder.aster(&[&sign[..], &window].concat()).success();
    let verify = ["trust", "verify", "later.chain", "--root-pub", "root.pub"];
    folder.aster(&verify).code(1).stdout_eq(str![[r#"
refused: it is not valid for another [..] days (until 2099-01-01T00:00:00Z)

"#]]);
    let wrong = ["--starts", END, "--expires", "2099-01-01", "--out", "never.chain"];
    folder.aster(&[&sign[..], &wrong].concat()).code(2).stderr_eq(str![[r#"
Error: it would never be valid: its end is not after its start

"#]]);
    folder.aster(&[&sign[..], &["--attr", "a=b"]].concat()).code(2).stderr_eq(str![[r#"
Error: a chain has no attributes
Hint: name what its holder may do with --capabilities

"#]]);
}
