use std::time::{SystemTime, UNIX_EPOCH};

use aster::trust::{Attributes, ConsumerCredential, IdentityFile, RootKey};
use aster::{
    AsterServer, AsterServerBuilder, Identity, Network, Publish, Status, service, wire_type,
};
use snapbox::str;

use super::{Folder, stdout};

#[wire_type("doctor/Nothing")]
struct Nothing {}

struct Ward;

#[service(requires = admitted)]
impl Ward {
    #[rpc]
    async fn visit(&self, nothing: Nothing) -> Result<Nothing, Status> {
        Ok(nothing)
    }
}

fn server() -> AsterServerBuilder {
    AsterServer::builder().network(Network::loopback()).service(Ward)
}

fn root() -> RootKey {
    RootKey::from_seed(&[1; 32])
}

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

/// Saves the key of a node with a consumer's credential.
fn enroll(folder: &Folder, name: &str, expires_at: u64) {
    let identity = Identity::from_secret([7; 32]);
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", "ops.status").unwrap();
    let node = Some(identity.peer());
    let credential = ConsumerCredential::sign_policy(&root(), node, expires_at, attributes);
    let mut file = IdentityFile::new(identity);
    file.add("edge-7", credential).unwrap();
    file.save_new(folder.at(name)).unwrap();
}

fn set_mode(folder: &Folder, name: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(folder.at(name), std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_machine_without_anything() {
    let folder = Folder::new();
    let healthy = folder.aster(&["doctor"]).code(0).stderr_eq("");
    healthy.stdout_eq(str![[r#"
ok    configuration  relay_mode (ASTER_RELAY_MODE)
ok    identity       none is configured: each start has a new key
ok    credential     none: only servers with an open gate let this client in
ok    profile        none; only who signs credentials needs one
ok    udp            can bind a free port of 0.0.0.0
ok    relay          disabled: peers are reached by their addresses only

"#]]);
    let json = stdout(&folder.aster(&["doctor", "--json"]).code(0).stderr_eq(""));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["ok"], true);
    assert_eq!(json["checks"][0]["name"], "configuration");
    assert_eq!(json["checks"][0]["state"], "ok");
}

#[test]
fn everything_set_up() {
    let folder = Folder::new();
    enroll(&folder, "edge-7.cred", 4_102_444_800);
    root().save_new(folder.at("root.key")).unwrap();
    let profile = ["profile", "create", "prod", "--root-key", "root.key", "--no-keyring"];
    folder.aster(&profile).code(0);
    folder
        .command(&["doctor", "--rcan", "edge-7.cred"])
        .env("ASTER_IDENTITY_FILE", "edge-7.cred")
        .env("ASTER_BIND_ADDR", "127.0.0.1:0")
        .assert()
        .code(0)
        .stdout_eq(str![[r#"
ok    configuration  bind_addr (ASTER_BIND_ADDR), relay_mode (ASTER_RELAY_MODE), identity_file (ASTER_IDENTITY_FILE)
ok    identity       ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c (edge-7.cred)
ok    credential     edge-7.cred: a credential of root 8a88e3dd74, valid until 2100-01-01T00:00:00Z, with the key ea4a6c63e29c520abef5507b132ec5f9954776aebebe7b92421eea691446d22c
ok    files          edge-7.cred, root.key (closed to others)
ok    profile        prod, root 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
ok    udp            can bind a free port of 0.0.0.0
ok    udp            can bind a free port of 127.0.0.1
ok    relay          disabled: peers are reached by their addresses only

"#]]);
}

#[test]
fn nothing_is_made() {
    let folder = Folder::new();
    folder.command(&["doctor"]).env("ASTER_IDENTITY_FILE", "node.id").assert().code(0);
    assert!(!folder.at("node.id").exists());
    assert!(!folder.at("home").exists());
}

#[test]
fn what_is_wrong_here() {
    let folder = Folder::new();
    let taken = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    enroll(&folder, "old.cred", now() - 7200);
    folder.write("open.key", "");
    set_mode(&folder, "open.key", 0o644);
    folder.write("node.id", "[node]\nsecret_key = 5\n");
    set_mode(&folder, "node.id", 0o600);
    let output = folder
        .command(&["doctor", "--rcan", "old.cred"])
        .env("ASTER_IDENTITY_FILE", "node.id")
        .env("ASTER_BIND_ADDR", taken.local_addr().unwrap().to_string())
        .env("ASTER_PROFILE", "prod")
        .env("ASTER_BIND_ADR", "x")
        .assert();
    output.code(1).stderr_eq("").stdout_eq(str![[r#"
fail  configuration  identity_file (ASTER_IDENTITY_FILE): node.id: [node] of the identity file is damaged: secret_key or endpoint_id is no text
                     next: docs/aster.toml lists all settings; what needs them was not looked at
ok    files          old.cred (closed to others)
warn  files          others can read open.key, which holds a secret
                     next: `chmod 600 open.key`; if others may have read it, make another key
fail  profile        ASTER_PROFILE names prod, which is not there
                     next: there are: none; or `aster profile create prod`

"#]]);
}

#[test]
fn a_key_that_others_can_read() {
    let folder = Folder::new();
    folder.write("node.id", "");
    set_mode(&folder, "node.id", 0o644);
    let output = folder.command(&["doctor"]).env("ASTER_IDENTITY_FILE", "node.id").assert();
    output.code(1).stderr_eq("").stdout_eq(str![[r#"
fail  configuration  identity_file (ASTER_IDENTITY_FILE): node.id can be read by others (mode 644); run: chmod 600 node.id
                     next: docs/aster.toml lists all settings; what needs them was not looked at
ok    profile        none; only who signs credentials needs one

"#]]);
}

#[test]
fn a_configuration_with_mistakes() {
    let folder = Folder::new();
    let output = folder.command(&["doctor"]).env("ASTER_RELAY_MODE", "custom").assert();
    output.code(1).stderr_eq("").stdout_eq(str![[r#"
fail  configuration  relay_mode (ASTER_RELAY_MODE): custom needs relay_url as well, as in https://relay.example.com
                     next: docs/aster.toml lists all settings; what needs them was not looked at
ok    profile        none; only who signs credentials needs one

"#]]);
}

#[test]
fn a_relay_that_does_not_answer() {
    let folder = Folder::new();
    let output = folder
        .command(&["doctor"])
        .env("ASTER_RELAY_MODE", "custom")
        .env("ASTER_RELAY_URL", "http://127.0.0.1:9")
        .assert()
        .code(1);
    let text = stdout(&output);
    let relay: Vec<_> = text.lines().skip_while(|line| !line.contains("  relay  ")).collect();
    assert!(relay[0].starts_with("fail  relay          http://127.0.0.1:9"), "{text}");
    assert!(relay[1].contains("next: check that it runs"), "{text}");
}

#[test]
fn an_address_that_is_none() {
    let folder = Folder::new();
    let output = folder.aster(&["doctor", "what"]).code(1).stderr_eq("");
    let text = stdout(&output);
    let lines: Vec<_> = text.lines().skip_while(|line| !line.contains("  server  ")).collect();
    assert!(
        lines[0].starts_with("fail  server         \"what\" is no address and no name"),
        "{text}"
    );
    assert!(lines[1].contains("next: give the address that the server printed"), "{text}");
}

#[test]
fn nobody_at_the_address() {
    let folder = Folder::new();
    folder.write("aster.toml", "[limits]\nconnect_timeout_ms = 300\n");
    let nobody = aster::Address::new(
        Identity::from_secret([9; 32]).peer(),
        ["127.0.0.1:9".parse().unwrap()],
    );
    let output = folder
        .command(&["doctor", &nobody.to_string()])
        .env("ASTER_CONFIG", "aster.toml")
        .assert()
        .code(1);
    let text = stdout(&output);
    let lines: Vec<_> = text.lines().skip_while(|line| !line.contains("  server  ")).collect();
    assert!(lines[0].starts_with("fail  server         cannot reach"), "{text}");
    assert!(lines[1].contains("next: check that the server runs"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_server() {
    let server = server().open_gate().bind().await.unwrap();
    let folder = Folder::new();
    let output = folder.aster(&["doctor", &server.address().to_string()]).code(0).stderr_eq("");
    let text = stdout(&output);
    let lines = text.lines().skip_while(|line| !line.contains("  server  "));
    let lines: Vec<_> = lines.collect();
    assert_eq!(
        lines[..3],
        [
            "ok    server         reached, and this client is let in, with no attributes",
            "ok    services       Ward v1",
            "ok    contracts      published: Ward",
        ],
        "{text}"
    );
    let path = format!("ok    path           direct, {}, ", server.address().direct[0]);
    assert!(lines[3].starts_with(&path), "{text}");
    assert_eq!(lines.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_server() {
    let server = server().root_pubkey(root().public_key()).publish(Publish::Off);
    let server = server.bind().await.unwrap();
    let address = server.address().to_string();
    let folder = Folder::new();
    enroll(&folder, "edge-7.cred", 4_102_444_800);
    let denied = stdout(&folder.aster(&["doctor", &address]).code(1).stderr_eq(""));
    let denied: Vec<_> = denied.lines().skip_while(|line| !line.contains("  server  ")).collect();
    assert!(denied[0].contains("did not admit this client"), "{denied:?}");
    assert!(denied[1].contains("next: present a credential with --rcan FILE"), "{denied:?}");
    let allowed = folder.aster(&["doctor", &address, "--rcan", "edge-7.cred"]).code(0);
    let allowed = stdout(&allowed);
    let allowed: Vec<_> = allowed.lines().skip_while(|line| !line.contains("  server  ")).collect();
    assert!(allowed[0].contains("aster.role=\"ops.status\""), "{allowed:?}");
    assert!(allowed[2].starts_with("warn  contracts      Ward: "), "{allowed:?}");
    assert!(allowed[4].starts_with("ok    path           direct, "), "{allowed:?}");
}
