//! `aster peers`, and names where addresses are taken.

use aster::trust::RootKey;
use snapbox::str;

use super::{Folder, Server};

#[test]
fn a_name_stands_for_an_address() {
    let (folder, server) = (Folder::new(), Server::open());
    folder.aster(&["peers", "add", "prod", &server.address]).success().stdout_eq(str![]).stderr_eq(
        str![[r#"
prod is in the address book: try `aster shell prod`

"#]],
    );
    folder.aster(&["call", "prod", "Fleet.status", "name=a"]).success();
    folder.aster(&["contract", "show", "prod", "--service", "Notes"]).success();
    let list = folder.aster(&["peers", "list", "--json"]).success();
    let list: serde_json::Value = serde_json::from_slice(&list.get_output().stdout).unwrap();
    assert_eq!(
        list,
        serde_json::json!([{"name": "prod", "address": server.address, "credential": null}])
    );
    folder.aster(&["peers", "list", "--quiet"]).success().stdout_eq("prod\n");

    // A name is not lost by accident.
    folder.aster(&["peers", "add", "prod", &server.address]).code(2).stderr_eq(str![[r#"
Error: there is a server prod already
Hint: `aster peers add --replace prod ...` replaces it

"#]]);
    folder.aster(&["peers", "add", "--replace", "prod", &server.address]).success();
    folder.aster(&["call", "prodd", "Fleet.status"]).code(2).stderr_eq(str![[r#"
Error: "prodd" is no address and no name in the address book ([..])
Hint: did you mean prod?

"#]]);
    folder.aster(&["peers", "remove", "pro"]).code(4).stderr_eq(str![[r#"
Error: there is no server "pro"
Hint: did you mean prod?

"#]]);
    folder.aster(&["peers", "remove", "prod"]).success();
    folder.aster(&["peers", "list"]).success().stdout_eq(str![]).stderr_eq(str![[r#"
there is no server yet: `aster peers add NAME ADDRESS` adds one

"#]]);
}

#[test]
fn what_is_no_name_and_no_address_is_refused() {
    let folder = Folder::new();
    folder.aster(&["peers", "add", "a b", "x"]).code(2).stderr_eq(str![[r#"
Error: "a b" is no name for a server
Hint: take 1 to 40 letters, digits, '-', '_' and '.', for example edge-7

"#]]);
    folder.aster(&["peers", "add", "a", "x"]).code(2).stderr_eq(str![[r#"
Error: "x" is no address: [..]

"#]]);
    std::fs::create_dir_all(folder.at("home/.aster")).unwrap();
    folder.write("home/.aster/peers.toml", "[peers.a]\nadress = \"x\"\n");
    folder.aster(&["peers", "list"]).code(2).stderr_eq(str![[r#"
Error: [..]/peers.toml is no address book: unknown field `adress`, expected `address` or `credential`
Hint: mend the file, or remove it

"#]]);
}

#[test]
fn a_name_has_its_credential() {
    let folder = Folder::new();
    let root = RootKey::from_seed(&[1; 32]);
    root.save_new(folder.at("root.key")).unwrap();
    let server = Server::trusting(root.public_key());
    folder
        .aster(
            &[
                &["enroll", "node", "--role", "consumer", "--name", "a", "--root-key", "root.key"],
                &["--capabilities", "fleet.read", "--out", "a.cred"][..],
            ]
            .concat(),
        )
        .success();
    folder.aster(&["call", &server.address, "Fleet.status"]).code(5).stdout_eq(str![]).stderr_eq(
        str![[r#"
Error: [..] did not admit this client: no credential was presented; ask its operator for one that is bound to [..]
Hint: present a credential with --rcan FILE; `aster enroll node` makes one

"#]],
    );
    folder.aster(&["call", &server.address, "Fleet.status", "--rcan", "a.cred"]).success();
    folder.aster(&["peers", "add", "prod", &server.address, "--rcan", "a.cred"]).success();
    folder.aster(&["call", "prod", "Fleet.status"]).success();
    folder.aster(&["contract", "show", "prod", "--service", "Notes"]).success();
    let address = &server.address;
    folder.aster(&["contract", "show", address, "--service", "Notes"]).code(5);
    folder
        .aster(&["contract", "show", address, "--service", "Notes", "--rcan", "a.cred"])
        .success();

    // What is denied says what is missing.
    folder.aster(&["call", "prod", "Fleet.erase"]).code(5).stdout_eq(str![]).stderr_eq(str![[r#"
Error: PERMISSION_DENIED: Fleet.erase requires fleet.admin, which the credential of this caller does not have
  requires: fleet.admin
Hint: Fleet.erase requires fleet.admin, and your capabilities are: fleet.read; ask for a credential that has it

"#]]);

    folder.aster(&["peers", "add", "x", &server.address, "--rcan", "none.cred"]).code(2).stderr_eq(
        str![[r#"
Error: [..]none.cred[..]

"#]],
    );
}
