//! Root keys and single credentials in files.

use std::fs;
use std::path::Path;

use aster_runtime::trust::{
    ConsumerCredential, Credential, CredentialFile, FileError, RootKey, RootPublicKey,
};

use super::common::{END, node, one_time, other_root, policy, producer, roles, root};

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// A file with this content that only its owner can read.
fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    set_mode(path, 0o600);
}

#[test]
fn a_root_key_is_written_as_the_reference_does() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    let public = root().save_new(&path).unwrap();
    assert_eq!(public, directory.path().join("root.pub"));
    let files = super::common::vectors().files;
    assert_eq!(fs::read_to_string(&path).unwrap(), files["root_key_json"]);
    assert_eq!(fs::read_to_string(&public).unwrap(), files["root_pub_json"]);
    assert_eq!(RootKey::load(&path).unwrap().public_key(), root().public_key());
    assert_ne!(RootKey::generate().public_key(), RootKey::generate().public_key());
    assert!(RootKey::load(directory.path().join("none")).unwrap_err().is_missing());
}

#[test]
fn b14_the_halves_of_a_root_key_belong_together() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    root().save_new(&path).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let (mine, other) = (root().public_key().to_string(), other_root().public_key().to_string());
    let seed = root().to_hex();
    for (bad, reason) in [
        (good.replace(&mine, &other), "does not belong"),
        (good.replace(&mine, &mine.to_uppercase()), "does not belong"),
        (good.replace(&mine, ""), "does not belong"),
        (good.replace(&*seed, &other_root().to_hex()), "does not belong"),
        (good.replace(&*seed, &seed[2..]), "private_key"),
        (good.replace(&*seed, &format!("{}00", *seed)), "private_key"),
        (good.replace(&*seed, ""), "private_key"),
        (good.replace("private_key", "secret"), "JSON"),
        (good.replace("\"private_key\"", "\"private_key\": \"\", \"private_key\""), "JSON"),
        (good.replace("{\n", "{\n  \"more\": 1,\n"), "JSON"),
        (format!("\u{feff}{good}"), "JSON"),
        (seed.to_string(), "JSON"),
        (String::new(), "JSON"),
    ] {
        write(&path, &bad);
        let error = RootKey::load(&path).unwrap_err().to_string();
        assert!(error.contains(reason), "{error}: {bad}");
        assert!(!error.contains(&seed[..16]), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), bad);
    }
    // The public half can be computed.
    write(&path, &format!("{{\"private_key\": \"{}\"}}", *seed));
    assert_eq!(RootKey::load(&path).unwrap().public_key(), root().public_key());
    write(&path, &format!("{good}{}", " ".repeat(5000)));
    assert!(RootKey::load(&path).is_err());
}

#[test]
fn b19_a_key_is_never_overwritten() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    root().save_new(&path).unwrap();
    let kept = fs::read_to_string(&path).unwrap();
    for key in [root(), other_root()] {
        let error = key.save_new(&path).unwrap_err();
        assert!(matches!(error, FileError::Exists { .. }), "{error}");
    }
    fs::remove_file(path.with_extension("pub")).unwrap();
    let error = other_root().save_new(&path).unwrap_err();
    assert!(matches!(error, FileError::Exists { .. }), "{error}");
    assert!(!path.with_extension("pub").exists(), "there is no key for it");
    assert_eq!(fs::read_to_string(&path).unwrap(), kept);
}

#[cfg(unix)]
#[test]
fn b20_keys_and_credentials_are_closed_to_others() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    let public = root().save_new(&path).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(&public) & 0o111, 0);
    assert_eq!(mode(&public) & 0o400, 0o400);
    set_mode(&path, 0o640);
    let error = RootKey::load(&path).unwrap_err();
    assert!(matches!(error, FileError::Exposed { mode: 0o640, .. }), "{error}");
    assert!(error.to_string().contains(&format!("chmod 600 {}", path.display())), "{error}");

    let token = directory.path().join("token.json");
    Credential::from(one_time()).save_new(&token).unwrap();
    assert_eq!(mode(&token), 0o600);
    let error = Credential::from(policy()).save_new(&token).unwrap_err();
    assert!(matches!(error, FileError::Exists { .. }), "{error}");
}

#[test]
fn b21_no_public_key_of_an_earlier_key_is_left() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    let public = directory.path().join("root.pub");
    for stale in [other_root().public_key().file_text(), "damaged".into()] {
        fs::write(&public, &stale).unwrap();
        let error = root().save_new(&path).unwrap_err();
        assert!(matches!(&error, FileError::Exists { path } if *path == public), "{error}");
        assert!(!path.exists(), "a key without its public half");
        assert_eq!(fs::read_to_string(&public).unwrap(), stale);
    }
    // The same key's may stay.
    let plain = root().public_key().to_string();
    fs::write(&public, &plain).unwrap();
    root().save_new(&path).unwrap();
    assert_eq!(fs::read_to_string(&public).unwrap(), plain);
}

#[test]
fn b21_the_public_key_is_beside_the_private_one() {
    let directory = tempfile::tempdir().unwrap();
    let nested = directory.path().join("a.b");
    fs::create_dir(&nested).unwrap();
    for (name, beside) in [("rootkey", "rootkey.pub"), ("x.y.key", "x.y.pub")] {
        let public = root().save_new(nested.join(name)).unwrap();
        assert_eq!(public, nested.join(beside));
        assert!(public.exists());
    }
    assert!(!directory.path().join("a.pub").exists());
    let error = root().save_new(nested.join("root.pub")).unwrap_err();
    assert!(matches!(error, FileError::Content { .. }), "{error}");
    assert!(!nested.join("root.pub").exists());
}

#[test]
fn public_keys_have_two_forms() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.pub");
    let key = root().public_key();
    let hex = key.to_string();
    for good in [
        hex.clone(),
        format!("{hex}\n"),
        format!("  {hex}\r\n"),
        format!("{{\"public_key\":\"{hex}\"}}"),
        format!(" {{\"public_key\": \"{hex}\"}} "),
    ] {
        fs::write(&path, &good).unwrap();
        assert_eq!(RootPublicKey::load(&path).unwrap(), key, "{good}");
    }
    for bad in [
        String::new(),
        "\n".into(),
        "{}".into(),
        "ab".into(),
        hex[..62].into(),
        format!("{hex}00"),
        format!("0x{hex}"),
        format!("\u{feff}{hex}"),
        hex.to_uppercase(),
        format!("{} {}", &hex[..32], &hex[32..]),
        format!("{hex}\n{hex}"),
        "{\"public_key\":\"ab\"}".into(),
        "{\"public_key\":\"\"}".into(),
        "{\"public_key\":null}".into(),
        format!("{{\"public_key\":\"{hex}\",\"public_key\":\"{hex}\"}}"),
        format!("{{\"public_key\":\"{hex}\",\"other\":1}}"),
        format!("{{\"public_key\":\"{hex}\"}}x"),
        format!("[\"{hex}\"]"),
        " ".repeat(5000) + &hex,
    ] {
        fs::write(&path, &bad).unwrap();
        let error = RootPublicKey::load(&path).unwrap_err();
        assert!(matches!(error, FileError::Content { .. }), "{bad}: {error}");
    }
    assert!(RootPublicKey::load(directory.path().join("none")).unwrap_err().is_missing());
    let written = directory.path().join("written.pub");
    key.save_new(&written).unwrap();
    assert_eq!(RootPublicKey::load(&written).unwrap(), key);
    assert!(matches!(key.save_new(&written), Err(FileError::Exists { .. })));
    assert_eq!(key.short(), "03a107bff3");
    assert_eq!(RootPublicKey::from_bytes(*key.as_bytes()), Ok(key));
}

#[test]
fn a_credential_alone_is_read_from_json() {
    let directory = tempfile::tempdir().unwrap();
    for (name, credential) in [
        ("policy.json", Credential::from(policy())),
        ("ott.json", one_time().into()),
        ("producer.json", producer().into()),
    ] {
        let path = directory.path().join(name);
        credential.save_new(&path).unwrap();
        let CredentialFile::Credential(read) = CredentialFile::load(&path).unwrap() else {
            panic!("an identity file");
        };
        assert_eq!(read, credential);
    }
    let path = directory.path().join("bad.json");
    for bad in ["{", "{}", "{\"type\": \"policy\"}"] {
        write(&path, bad);
        let error = CredentialFile::load(&path).unwrap_err();
        assert!(matches!(error, FileError::Content { .. }), "{error}");
        assert!(error.to_string().contains("credential"), "{error}");
    }
    write(&path, "x");
    let error = CredentialFile::load(&path).unwrap_err().to_string();
    assert!(error.contains("line 1 is not TOML"), "{error}");
}

/// The reference writes credentials readable by all. Those that others could
/// use are refused.
#[cfg(unix)]
#[test]
fn b20_an_exposed_credential_is_refused_where_it_is_of_use_to_others() {
    let directory = tempfile::tempdir().unwrap();
    let bound = directory.path().join("bound.json");
    Credential::from(policy()).save_new(&bound).unwrap();
    set_mode(&bound, 0o644);
    assert!(CredentialFile::load(&bound).is_ok());

    let bearer = directory.path().join("bearer.json");
    let unbound = ConsumerCredential::sign_policy(&root(), None, END, roles());
    Credential::from(unbound).save_new(&bearer).unwrap();
    assert!(CredentialFile::load(&bearer).is_ok());
    set_mode(&bearer, 0o644);
    let error = CredentialFile::load(&bearer).unwrap_err();
    assert!(matches!(error, FileError::Exposed { mode: 0o644, .. }), "{error}");

    let identity = directory.path().join("edge.cred");
    let text = &super::common::vectors().files["edge_node_cred_toml"];
    write(&identity, text);
    let CredentialFile::Identity(file) = CredentialFile::load(&identity).unwrap() else {
        panic!("no identity file");
    };
    assert_eq!(file.node().unwrap().peer(), node(0x11));
    set_mode(&identity, 0o604);
    let error = CredentialFile::load(&identity).unwrap_err();
    assert!(matches!(error, FileError::Exposed { mode: 0o604, .. }), "{error}");
}
