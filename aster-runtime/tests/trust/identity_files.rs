//! `.aster-identity` and `.cred` files.

use std::fs;

use aster_runtime::Identity;
use aster_runtime::trust::{
    ConsumerCredential, Credential, CredentialKind, FileError, IdentityFile, InvalidCredential,
    InvalidIdentityFile, MAX_IDENTITY_NAME_BYTES, MAX_IDENTITY_PEERS, NodeRole, ProducerCredential,
};

use super::common::{
    END, attributes, identity, node, one_time, policy, presentation, producer, roles, root, vectors,
};

fn edge() -> String {
    vectors().files["edge_node_cred_toml"].clone()
}

fn with_all() -> IdentityFile {
    let mut file = IdentityFile::new(identity(0x11));
    file.add("server", producer()).unwrap();
    file.add("client", policy()).unwrap();
    file.add("once", one_time()).unwrap();
    file
}

/// The first credential of a file.
fn first(text: &str) -> Result<Credential, InvalidCredential> {
    let file = IdentityFile::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    file.peers()[0].credential().cloned()
}

#[test]
fn what_is_written_is_read_again() {
    let file = with_all();
    let text = file.to_toml();
    assert!(text.starts_with('#'), "{}", *text);
    let read = IdentityFile::parse(&text).unwrap();
    assert_eq!(*read.to_toml(), *text);
    assert_eq!(read.node().unwrap().peer(), node(0x11));
    let found: Vec<_> = read.peers().iter().map(|peer| (peer.name(), peer.role())).collect();
    assert_eq!(found, [("server", "producer"), ("client", "consumer"), ("once", "consumer")]);
    for (peer, credential) in
        read.peers().iter().zip([Credential::from(producer()), policy().into(), one_time().into()])
    {
        assert_eq!(peer.credential(), Ok(&credential));
        assert!(credential.has_valid_signature());
    }
}

#[test]
fn selection() {
    let file = with_all();
    assert_eq!(file.with_role(NodeRole::Producer).unwrap().name(), "server");
    assert_eq!(file.with_role(NodeRole::Consumer).unwrap().name(), "client");
    assert_eq!(file.for_client().unwrap().name(), "client");
    assert_eq!(file.named("once").unwrap().credential().unwrap().kind(), CredentialKind::OneTime);
    // A name counts whatever the role.
    assert_eq!(file.named("server").unwrap().role(), "producer");
    assert!(file.named("nobody").is_none());
    let mut server_only = IdentityFile::new(identity(0x11));
    assert!(server_only.for_client().is_none());
    server_only.add("server", producer()).unwrap();
    assert!(server_only.with_role(NodeRole::Consumer).is_none());
    assert_eq!(server_only.for_client().unwrap().name(), "server");
}

#[test]
fn b11_attributes_that_the_reference_leaves_out_are_recovered() {
    let key = root();
    // (role, name, signed attributes, attributes as the reference writes them)
    for (name, signed, written) in [
        ("edge", vec![("aster.role", "consumer")], ""),
        ("edge", vec![("aster.name", "edge")], ""),
        ("edge", vec![("aster.name", "edge"), ("aster.role", "consumer")], ""),
        (
            "edge",
            vec![("aster.name", "edge"), ("aster.role", "x"), ("k", "v")],
            "attributes = { \"aster.role\" = \"x\", \"k\" = \"v\" }",
        ),
        ("edge", vec![("aster.role", "consumer"), ("k", "v")], "attributes = { \"k\" = \"v\" }"),
        ("edge", vec![], ""),
        ("edge", vec![("k", "v")], "attributes = { \"k\" = \"v\" }"),
    ] {
        let signed = attributes(&signed);
        let credential =
            ConsumerCredential::sign_policy(&key, Some(node(0x11)), END, signed.clone());
        let json: serde_json::Value = serde_json::from_str(&credential.to_wire_json()).unwrap();
        let text = edge()
            .replace("edge-node-7", name)
            .replace("attributes = { \"aster.role\" = \"ops.status,ops.ingest\" }", written);
        let old = text.lines().find(|line| line.starts_with("signature")).unwrap();
        let text = text.replace(old, &format!("signature = {}", json["signature"]));
        let file = IdentityFile::parse(&text).unwrap();
        let recovered = file.named(name).unwrap().credential().unwrap();
        assert_eq!(*recovered, Credential::from(credential), "{written}");
        // Written again, it is complete.
        let again = file.to_toml();
        let table: toml::Table = again.parse().unwrap();
        let kept = table["peers"][0].get("attributes").and_then(toml::Value::as_table).unwrap();
        assert_eq!(kept.len(), signed.len(), "{}", *again);
        assert_eq!(IdentityFile::parse(&again).unwrap().peers()[0].credential(), Ok(recovered));
    }
}

#[test]
fn b11_nothing_is_recovered_that_was_not_signed() {
    let text = edge().replace("ops.status,ops.ingest", "ops.admin");
    let credential = first(&text).unwrap();
    assert_eq!(credential.attributes().get("aster.role"), Some("ops.admin"));
    assert!(!credential.has_valid_signature());
    assert!(credential.verify(&presentation(&root().public_key())).is_err());
    let text = edge().replace("attributes = { \"aster.role\" = \"ops.status,ops.ingest\" }", "");
    let credential = first(&text).unwrap();
    assert!(credential.attributes().is_empty() && !credential.has_valid_signature());
}

#[test]
fn forms_that_the_reference_reads() {
    let good = first(&edge()).unwrap();
    assert!(good.has_valid_signature());
    let table = edge().replace(
        "attributes = { \"aster.role\" = \"ops.status,ops.ingest\" }",
        "[peers.attributes]\n\"aster.role\" = \"ops.status,ops.ingest\"",
    );
    assert_eq!(first(&table), Ok(good.clone()));
    assert_eq!(first(&edge().replace('\n', "\r\n")), Ok(good.clone()));
    assert_eq!(first(&edge().replace("type = \"policy\"\n", "")), Ok(good.clone()));
    let id_line = format!("endpoint_id = \"{}\"\n\n", node(0x11));
    let without_id = edge().replacen(&id_line, "\n", 1);
    assert_ne!(without_id, edge());
    assert_eq!(first(&without_id), Ok(good.clone()));
    // A key added by a newer version is kept.
    let newer = edge().replace("role = \"consumer\"", "role = \"consumer\"\nhandle = \"h\"");
    assert_eq!(first(&newer), Ok(good));
    assert!(IdentityFile::parse(&newer).unwrap().to_toml().contains("handle = \"h\""));
}

#[test]
fn b12_a_one_time_credential_without_nonce_is_named_and_kept() {
    let text = edge().replace("type = \"policy\"", "type = \"ott\"");
    assert_eq!(first(&text), Err(InvalidCredential::NonceMissing));
    let mut file = IdentityFile::parse(&text).unwrap();
    assert_eq!(file.peers()[0].name(), "edge-node-7");
    file.add("other", policy()).unwrap();
    let read = IdentityFile::parse(&file.to_toml()).unwrap();
    assert_eq!(read.peers()[0].credential(), Err(InvalidCredential::NonceMissing));
    assert_eq!(read.named("other").unwrap().credential(), Ok(&policy().into()));
    // Enrolling again under the name repairs it.
    file.add("edge-node-7", one_time()).unwrap();
    assert_eq!(file.named("edge-node-7").unwrap().credential(), Ok(&one_time().into()));
    assert_eq!(file.peers().len(), 2);
}

#[test]
fn damaged_entries_are_told() {
    let not = |field, expected| InvalidCredential::Field { field, expected };
    let number = "a whole number of seconds";
    let texts = "a table of texts within the limits";
    let role = "attributes = { \"aster.role\" = \"ops.status,ops.ingest\" }";
    let nonce = format!("nonce = \"{}\"\nsignature", "05".repeat(32));
    for (from, to, error) in [
        ("expires_at = 1800086400", "expires_at = \"1800086400\"", not("expires_at", number)),
        ("expires_at = 1800086400", "expires_at = 1800086400.0", not("expires_at", number)),
        ("expires_at = 1800086400", "expires_at = -1", not("expires_at", number)),
        ("expires_at = 1800086400", "expires_at = true", not("expires_at", number)),
        ("expires_at = 1800086400", "", not("expires_at", number)),
        ("expires_at = 1800086400", "expires_at = 1800086400000", InvalidCredential::ExpiresAt),
        ("type = \"policy\"", "type = 1", not("type", "a text")),
        ("type = \"policy\"", "type = \"Policy\"", InvalidCredential::Kind),
        ("type = \"policy\"", "type = \"producer\"", InvalidCredential::Kind),
        ("role = \"consumer\"", "role = \"admin\"", InvalidCredential::Kind),
        ("role = \"consumer\"", "role = 1", not("role", "a text")),
        ("role = \"consumer\"", "", not("role", "a text")),
        ("root_pubkey =", "root_key =", not("root_pubkey", "a text")),
        ("signature =", "signed =", not("signature", "a text")),
        ("signature", &*nonce, InvalidCredential::NonceUnexpected),
        ("signature", "nonce = 5\nsignature", not("nonce", "a text")),
        (role, "attributes = { \"aster.role\" = 1 }", not("attributes", texts)),
        (role, "attributes = \"ops.status\"", not("attributes", texts)),
        (role, "attributes = [\"ops.status\"]", not("attributes", texts)),
    ] {
        let text = edge().replacen(from, to, 1);
        assert_eq!(first(&text), Err(error), "{to}");
    }
    let many = format!(
        "attributes = {{ {} }}",
        (0..65).map(|n| format!("a{n} = \"\"")).collect::<Vec<_>>().join(", ")
    );
    assert_eq!(first(&edge().replace(role, &many)), Err(not("attributes", texts)));
    let ott_producer = edge()
        .replace("role = \"consumer\"", "role = \"producer\"")
        .replace("type = \"policy\"", "type = \"ott\"");
    assert_eq!(first(&ott_producer), Err(InvalidCredential::Kind));
}

#[test]
fn damaged_files_are_told_without_their_content() {
    let secret = "ERERERERERERERERERERERERERERERERERERERERERE=";
    let id = node(0x11).to_string();
    for (text, expected) in [
        (edge().replace("[node]", "[node"), InvalidIdentityFile::Toml { line: 3 }),
        (edge().replace("name =", "name"), InvalidIdentityFile::Toml { line: 8 }),
        (edge().replace("role =", "name = \"x\"\nrole ="), InvalidIdentityFile::Toml { line: 9 }),
        (format!("secret_key = {secret}"), InvalidIdentityFile::Toml { line: 1 }),
        ("node = 1".into(), InvalidIdentityFile::Node("it is not a table")),
        ("peers = 1".into(), InvalidIdentityFile::Peers),
        ("peers = [1]".into(), InvalidIdentityFile::Peers),
        ("[peers]\nname = \"x\"".into(), InvalidIdentityFile::Peers),
        (
            edge().replace(secret, &secret[4..]),
            InvalidIdentityFile::Node("secret_key is not base64 of 32 bytes"),
        ),
        (
            edge().replace(secret, &format!("{secret} ")),
            InvalidIdentityFile::Node("secret_key is not base64 of 32 bytes"),
        ),
        (
            edge().replacen(&id, &node(0x22).to_string(), 1),
            InvalidIdentityFile::Node("endpoint_id does not belong to secret_key"),
        ),
        (
            edge().replace(&format!("secret_key = \"{secret}\"\n"), ""),
            InvalidIdentityFile::Node("secret_key is missing"),
        ),
        (
            edge().replace(&format!("\"{secret}\""), "5"),
            InvalidIdentityFile::Node("secret_key or endpoint_id is no text"),
        ),
        (
            edge().replacen(&format!("\"{id}\""), "5", 1),
            InvalidIdentityFile::Node("secret_key or endpoint_id is no text"),
        ),
    ] {
        let error = IdentityFile::parse(&text).unwrap_err();
        assert_eq!(error, expected, "{text}");
        assert!(!error.to_string().contains("ERER"), "{error}");
    }
    let many = "[[peers]]\n".repeat(MAX_IDENTITY_PEERS);
    assert_eq!(IdentityFile::parse(&many).unwrap().peers().len(), MAX_IDENTITY_PEERS);
    let error = IdentityFile::parse(&format!("{many}[[peers]]\n")).unwrap_err();
    assert_eq!(error, InvalidIdentityFile::TooManyPeers);
    for deep in ["[".repeat(500_000), "a=".to_owned() + &"[".repeat(500_000), "a.".repeat(300_000)]
    {
        assert!(IdentityFile::parse(&deep).is_err());
    }
}

#[test]
fn a_file_is_read_up_to_a_mebibyte() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("large.cred");
    IdentityFile::new(identity(0x11)).save_new(&path).unwrap();
    let text = fs::read_to_string(&path).unwrap();
    let most = text.clone() + &"#".repeat((1 << 20) - text.len());
    fs::write(&path, &most).unwrap();
    assert_eq!(IdentityFile::load(&path).unwrap().node().unwrap().peer(), node(0x11));
    fs::write(&path, most + "#").unwrap();
    assert!(IdentityFile::load(&path).is_err());
}

#[test]
fn b13_no_value_can_leave_its_place() {
    for name in [
        "a\"\nrole = \"producer",
        "a\" }",
        "'''\"\"\"",
        "\\",
        "\\u0041",
        "#",
        "line\r\nline\ttab",
        "\u{0}\u{1}\u{1b}[31m\u{7f}\u{85}\u{2028}",
        "[[peers]]",
        "a b.c=d",
        "\u{e9}\u{1f600}",
        "'",
        "\n",
    ] {
        let odd = attributes(&[(name, name), ("aster.role", name), ("", "")]);
        let credential = ConsumerCredential::sign_policy(&root(), Some(node(0x11)), END, odd);
        let mut file = IdentityFile::new(identity(0x11));
        file.add(name, credential.clone()).unwrap();
        let text = file.to_toml();
        let read = IdentityFile::parse(&text).unwrap_or_else(|error| panic!("{error}: {}", *text));
        assert_eq!(read.peers().len(), 1, "{}", *text);
        let peer = read.with_role(NodeRole::Consumer).unwrap();
        assert_eq!(peer.name(), name, "{}", *text);
        assert_eq!(peer.credential(), Ok(&credential.into()), "{}", *text);
    }
}

#[test]
fn published_services_and_unknown_values_are_kept() {
    let services = "\n[published_services.\"Mission Control\"]\nproducer_token = \"t\"\n\
                    contract_id = \"c\"\nservice_name = \"Mission Control\"\n\n\
                    [published_services.Other]\nproducer_token = \"u\"\n\n\
                    [[lists]]\na = 1\n\n[[lists]]\na = 2\n";
    let text = "newer = true\nempty = []\nmixed = [1, 2]\n".to_owned()
        + &edge().replace("[node]\n", "[node]\nlabel = \"edge\"\n")
        + services
        + "\n[node.more]\nx = 1\n";
    let mut file = IdentityFile::parse(&text).unwrap();
    file.add("second", policy()).unwrap();
    let again: toml::Table = file.to_toml().parse().unwrap();
    let before: toml::Table = text.parse().unwrap();
    for key in ["newer", "empty", "mixed", "node", "published_services", "lists"] {
        assert_eq!(again[key], before[key], "{key}");
    }
    assert_eq!(again.len(), before.len());
    // Values first, and the sections of others behind ours.
    let written = file.to_toml();
    let parts =
        ["newer = ", "empty = ", "mixed = ", "[node]", "[[peers]]", "[published_", "[[lists]]"];
    let places: Vec<_> = parts.iter().map(|part| written.find(part).unwrap()).collect();
    assert!(places.is_sorted(), "{places:?}: {}", *written);
    assert_eq!(again["peers"][0], before["peers"][0]);
    assert_eq!(again["peers"].as_array().unwrap().len(), 2);
    assert!(!format!("{file:?}").contains("producer_token"));
    // As `aster publish` of the reference makes it: no key yet.
    let keyless = "# x\n\n[node]\n\n[published_services.A]\nproducer_token = \"t\"\n";
    let mut file = IdentityFile::parse(keyless).unwrap();
    assert!(file.node().is_none());
    assert_eq!(file.add("a", policy()), Err(InvalidIdentityFile::KeyMissing));
    file.set_node(identity(0x11)).unwrap();
    file.add("a", policy()).unwrap();
    let read = IdentityFile::parse(&file.to_toml()).unwrap();
    assert_eq!(read.node().unwrap().peer(), node(0x11));
    assert!(read.to_toml().contains("producer_token = \"t\""));
}

#[test]
fn b19_the_key_of_a_node_is_never_lost() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(".aster-identity");
    let mut mine = IdentityFile::new(identity(0x11));
    mine.save(&path).unwrap();
    assert!(matches!(mine.save_new(&path), Err(FileError::Exists { .. })));
    let kept = fs::read_to_string(&path).unwrap();
    let keyless = IdentityFile::parse("").unwrap();
    for other in [&IdentityFile::new(identity(0x22)), &keyless] {
        let error = other.save(&path).unwrap_err().to_string();
        assert!(error.contains(&node(0x11).short()), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), kept);
    }
    assert_eq!(mine.set_node(identity(0x22)), Err(InvalidIdentityFile::KeyPresent));
    mine.add("client", policy()).unwrap();
    mine.save(&path).unwrap();
    let read = IdentityFile::load(&path).unwrap();
    assert_eq!((read.node().unwrap().peer(), read.peers().len()), (node(0x11), 1));
    // What cannot be read is not replaced either.
    fs::write(&path, "damaged").unwrap();
    let error = mine.save(&path).unwrap_err();
    assert!(matches!(error, FileError::Content { .. }), "{error}");
    assert_eq!(fs::read_to_string(&path).unwrap(), "damaged");
    // A file without a key has nothing to lose.
    fs::write(&path, "").unwrap();
    mine.save(&path).unwrap();
    assert_eq!(IdentityFile::load(&path).unwrap().peers().len(), 1);
}

#[cfg(unix)]
#[test]
fn b20_the_file_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(".aster-identity");
    let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    let file = with_all();
    file.save_new(&path).unwrap();
    assert_eq!(mode(), 0o600);
    file.save(&path).unwrap();
    assert_eq!(mode(), 0o600);
    let set = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
    set(0o644);
    let error = IdentityFile::load(&path).unwrap_err();
    assert!(matches!(error, FileError::Exposed { mode: 0o644, .. }), "{error}");
    assert!(matches!(file.save(&path).unwrap_err(), FileError::Exposed { .. }));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "a file was left over");
}

#[test]
fn only_credentials_of_the_node_get_in() {
    let mut file = IdentityFile::new(identity(0x22));
    let error = file.add("a", policy()).unwrap_err();
    let expected = InvalidIdentityFile::OtherNode { bound_to: node(0x11), node: node(0x22) };
    assert_eq!(error, expected);
    assert_eq!(file.add("a", producer()), Err(expected));
    let unbound = ConsumerCredential::sign_policy(&root(), None, END, roles());
    for name in ["", &"n".repeat(MAX_IDENTITY_NAME_BYTES + 1)] {
        assert_eq!(file.add(name, unbound.clone()), Err(InvalidIdentityFile::Name));
    }
    file.add(&"n".repeat(MAX_IDENTITY_NAME_BYTES), unbound.clone()).unwrap();
    assert_eq!(first(&file.to_toml()).unwrap(), unbound.clone().into());
    for number in 1..MAX_IDENTITY_PEERS {
        file.add(&format!("{number}"), unbound.clone()).unwrap();
    }
    assert_eq!(file.add("more", unbound.clone()), Err(InvalidIdentityFile::TooManyPeers));
    file.add("1", unbound).unwrap();
    assert_eq!(file.peers().len(), MAX_IDENTITY_PEERS);
    assert_eq!(file.peers().last().unwrap().name(), "1", "replaced, at the end");
}

#[test]
fn b26_neither_key_nor_token_is_shown() {
    let file = with_all();
    let json: serde_json::Value = serde_json::from_str(&one_time().to_wire_json()).unwrap();
    for text in [format!("{file:?}"), format!("{:?}", file.peers()[2])] {
        for secret in ["ERER", "0505", "[17, 17", json["signature"].as_str().unwrap()] {
            assert!(!text.contains(secret), "{text}");
        }
        assert!(text.contains("once"), "{text}");
    }
    assert!(format!("{file:?}").contains("Identity(d04ab23274)"));
}

/// The node's key alone is the same format.
#[test]
fn an_identity_becomes_an_identity_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("id");
    let made = Identity::load_or_create(&path).unwrap();
    let mut file = IdentityFile::load(&path).unwrap();
    assert_eq!(file.node().unwrap().peer(), made.peer());
    let credential =
        ProducerCredential::sign(&root(), made.peer(), END, attributes(&[("aster.role", "x")]));
    file.add("server", credential).unwrap();
    file.save(&path).unwrap();
    assert_eq!(Identity::load_or_create(&path).unwrap().peer(), made.peer());
}
