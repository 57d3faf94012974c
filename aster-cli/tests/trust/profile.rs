use aster::trust::RootKey;
use snapbox::str;

use super::{Folder, root};

const CONFIG: &str = "home/.aster/config.toml";
const KEY: &str = "home/.aster/profiles/prod/root.key";

fn profile(folder: &Folder, arguments: &[&str]) -> snapbox::cmd::OutputAssert {
    folder.aster(&[&["profile"], arguments].concat())
}

#[test]
fn from_create_to_delete() {
    let folder = Folder::with_root();
    profile(&folder, &["list"]).code(0).stdout_eq(str![]).stderr_eq(str![[r#"
There are no profiles. Make one with `aster profile create NAME`.

"#]]);
    profile(&folder, &["create", "prod", "--root-key", "root.key", "--no-keyring"])
        .code(0)
        .stdout_eq(str![[r#"
Profile prod
  Root public key: 8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c
  Root key:        [..]/home/.aster/profiles/prod/root.key
  Keep a copy of the root key: who loses it can sign nothing any more.
  It is the active profile.

"#]])
        .stderr_eq(str![]);
    assert_eq!((folder.mode(CONFIG), folder.mode(KEY)), (0o600, 0o600));
    profile(&folder, &["create", "dev", "--no-key"]).code(0).stdout_eq(str![[r#"
Profile dev
  Root public key: none

"#]]);
    profile(&folder, &["use", "dev"]).code(0).stdout_eq(str![]).stderr_eq(str![[r#"
The active profile is dev.

"#]]);
    profile(&folder, &["list"]).code(0).stdout_eq(str![[r#"
* dev  no root key
  prod  8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c

"#]]);
    profile(&folder, &["list", "--json"]).code(0).stdout_eq(str![[r#"
[{"active":true,"name":"dev","root_pubkey":null},{"active":false,"name":"prod","root_pubkey":"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"}]

"#]]);
    profile(&folder, &["show"]).code(0).stdout_eq(str![[r#"
Profile dev (active)
  root_pubkey: none
  handle_status: unregistered
  signer: local

"#]]);
    profile(&folder, &["show", "prod", "--json"]).code(0).stdout_eq(str![[r#"
{"active":false,"fields":{"handle_status":"unregistered","signer":"local"},"name":"prod","root_pubkey":"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"}

"#]]);
    profile(&folder, &["delete", "dev"]).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: there is nobody to ask whether to delete it
Hint: say --yes on the command line

"#]]);
    profile(&folder, &["delete", "dev", "--yes"]).code(0).stdout_eq(str![]).stderr_eq(str![[r#"
Deleted the profile dev. The active one is prod.

"#]]);
    profile(&folder, &["delete", "dev", "--yes"]).code(2).stderr_eq(str![[r#"
Error: there is no profile dev
Hint: there are: prod

"#]]);
    snapbox::assert_data_eq!(
        folder.read(CONFIG),
        str![[r#"
active_profile = "prod"

[profiles.prod]
handle = ""
handle_status = "unregistered"
handle_claimed_at = ""
email = ""
signer = "local"
published_services = ""
root_pubkey = "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"

[aster_service]
enabled = true
node_id = ""
relay = ""
offline_banner = true

"#]]
    );
}

#[test]
fn the_root_key_of_a_profile_signs() {
    let folder = Folder::with_root();
    profile(&folder, &["create", "prod", "--root-key", "root.key", "--no-keyring"]).success();
    profile(&folder, &["create", "other", "--no-keyring"]).success();
    let enroll = ["enroll", "node", "-r", "consumer", "-o", "x.cred", "-q", "-n"];
    folder.aster(&[&enroll[..], &["active"]].concat()).code(0).stderr_eq(str![[r#"
Signing with the root key of the profile prod ([..]/home/.aster/profiles/prod/root.key)

"#]]);
    folder.aster(&[&enroll[..], &["named", "-p", "prod"]].concat()).code(0);
    folder.command(&[&enroll[..], &["set"]].concat()).env("ASTER_PROFILE", "prod").assert().code(0);
    folder.aster(&[&enroll[..], &["other", "-p", "other"]].concat()).code(0);
    let verify = ["trust", "verify", "x.cred", "--root-pub", "root.pub", "--name"];
    for name in ["active", "named", "set"] {
        folder.aster(&[&verify[..], &[name]].concat()).code(0);
    }
    folder.aster(&[&verify[..], &["other"]].concat()).code(1);
    let both = ["both", "-p", "other", "--root-key", "root.key"];
    folder.aster(&[&enroll[..], &both].concat()).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: root.key holds the root key 8a88e3dd74, the profile other has [..]
Hint: leave out --root-key or --profile

"#]]);
    folder
        .aster(&["trust", "keygen", "pubkey", "--profile", "prod", "--out", "prod.pub", "-q"])
        .code(0);
    assert_eq!(folder.read("prod.pub"), folder.read("root.pub"));
}

#[test]
fn b13_names_are_checked() {
    let folder = Folder::new();
    for name in ["a b", "a.b", "../x", "a\"]\n[x", ""] {
        profile(&folder, &["create", name]).code(2);
    }
    profile(&folder, &["create", "a b"]).stderr_eq(str![[r#"
error: invalid value 'a b' for '<NAME>': "a b" is no name for a profile: 1 to 64 of the letters a-z and A-Z, digits, - and _

For more information, try '--help'.

"#]]);
    assert!(!folder.at(CONFIG).exists());
}

#[test]
fn b19_no_key_of_a_profile_is_lost() {
    let folder = Folder::with_root();
    profile(&folder, &["create", "prod", "--root-key", "root.key", "--no-keyring"]).success();
    let key = folder.read(KEY);
    profile(&folder, &["create", "prod"]).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: the profile prod exists already
Hint: aster profile show prod

"#]]);
    folder.aster(&["keygen", "root", "--profile", "prod"]).code(2).stdout_eq(str![]).stderr_eq(
        str![[r#"
Error: the profile prod has the root key 8a88e3dd74 already, and nothing is overwritten
Hint: make another profile: `aster profile create NAME`

"#]],
    );
    // Without its key, a profile does not sign with another one.
    let moved = folder.at("moved.key");
    std::fs::rename(folder.at(KEY), &moved).unwrap();
    folder.aster(&["trust", "keygen"]).success();
    let enroll = ["enroll", "node", "-r", "consumer", "-n", "a"];
    folder.aster(&enroll).code(2).stdout_eq(str![]).stderr_eq(str![[r#"
Error: the private half of the root key 8a88e3dd74 of the profile prod is not on this machine
Hint: name its file with --root-key PATH

"#]]);
    std::fs::rename(&moved, folder.at(KEY)).unwrap();
    // A deleted profile leaves its key, and a new one of its name gets it.
    profile(&folder, &["delete", "prod", "-y"]).code(0).stderr_eq(str![[r#"
Its root key stays in [..]/home/.aster/profiles/prod/root.key; a new profile prod gets it again.
Deleted the profile prod. The active one is default.

"#]]);
    profile(&folder, &["create", "prod", "--root-pub", "root.pub"]).success();
    profile(&folder, &["delete", "prod", "-y"]).success();
    RootKey::from_seed(&[2; 32]).save_new(folder.at("other.key")).unwrap();
    profile(&folder, &["create", "prod", "--root-key", "other.key"]).code(2).stderr_eq(str![[r#"
Error: the root key 8a88e3dd74 of an earlier profile prod is still in [..]/home/.aster/profiles/prod/root.key, and nothing is overwritten
Hint: choose another name

"#]]);
    let line = folder.output(&["profile", "create", "prod", "--quiet"]);
    assert_eq!(line, format!("prod {}\n", root().public_key()));
    assert_eq!(folder.read(KEY), key);
    profile(&folder, &["delete", "prod", "-y", "--delete-key"]).code(0).stderr_eq(str![[r#"
Destroyed the root key in [..]/home/.aster/profiles/prod/root.key.
Deleted the profile prod. The active one is default.

"#]]);
    assert!(!folder.at(KEY).exists());
}

#[test]
fn a_root_key_for_a_profile() {
    let folder = Folder::new();
    profile(&folder, &["create", "prod", "--no-key"]).success();
    folder.aster(&["enroll", "node", "-r", "consumer", "-n", "a", "-p", "prod"]).code(2).stderr_eq(
        str![[r#"
Error: the profile prod has no root key
Hint: make one with `aster keygen root --profile prod`

"#]],
    );
    folder.aster(&["keygen", "root", "--profile", "prod"]).success();
    folder.aster(&["trust", "keygen", "--profile", "new"]).success();
    let json = folder.json(&["profile", "list", "--json"]);
    assert!(json[0]["root_pubkey"].is_string() && json[1]["root_pubkey"].is_string(), "{json}");
    assert_ne!(json[0]["root_pubkey"], json[1]["root_pubkey"]);
}

#[cfg(target_os = "linux")]
#[test]
fn without_a_keyring_the_key_goes_into_a_file() {
    let folder = Folder::new();
    profile(&folder, &["create", "prod"])
        .code(0)
        .stdout_eq(str![[r#"
Profile prod
  Root public key: [..]
  Root key:        [..]/home/.aster/profiles/prod/root.key
  Keep a copy of the root key: who loses it can sign nothing any more.
  It is the active profile.

"#]])
        .stderr_eq(str![[r#"
There is no keyring here ([..]); the key goes into a file.

"#]]);
    assert_eq!(folder.mode(KEY), 0o600);
}

#[test]
fn a_damaged_file_is_an_error() {
    let folder = Folder::new();
    profile(&folder, &["create", "prod", "--no-key"]).success();
    std::fs::write(folder.at(CONFIG), "[profiles.a b]\n").unwrap();
    for arguments in [&["list"][..], &["create", "x", "--no-key"], &["show"], &["use", "prod"]] {
        profile(&folder, arguments).code(2).stdout_eq(str![]);
    }
    profile(&folder, &["list"]).stderr_eq(str![[r#"
Error: [..]/home/.aster/config.toml: line 1 is not TOML: unclosed table, expected `]`

"#]]);
    assert_eq!(folder.read(CONFIG), "[profiles.a b]\n");
    let large = format!("{}[profiles.kept]\n", "#\n".repeat(600_000));
    std::fs::write(folder.at(CONFIG), &large).unwrap();
    profile(&folder, &["create", "x", "--no-key"]).code(2);
    assert_eq!(folder.read(CONFIG), large);
}
