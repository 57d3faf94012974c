//! Two versions of one service ask for different things.

use aster::{Code, Status, service};
use serde_json::json;

use super::setup::Domain;
use super::stranger::Stranger;
use crate::frames::{MESSAGE, exchange, frame, header_with, shape, value};
use crate::service::{Number, number};

/// Reading takes a capability, wiping takes none.
struct LedgerOne;

#[service(name = "Ledger", version = 1, requires = admitted)]
impl LedgerOne {
    #[rpc(requires = "ops.admin")]
    async fn read(&self, _n: Number) -> Result<Number, Status> {
        Ok(number(1))
    }

    #[rpc]
    async fn wipe(&self, _n: Number) -> Result<Number, Status> {
        Ok(number(1))
    }
}

/// The other way round.
struct LedgerTwo;

#[service(name = "Ledger", version = 2, requires = admitted)]
impl LedgerTwo {
    #[rpc]
    async fn read(&self, _n: Number) -> Result<Number, Status> {
        Ok(number(2))
    }

    #[rpc(requires = "ops.admin")]
    async fn wipe(&self, _n: Number) -> Result<Number, Status> {
        Ok(number(2))
    }
}

/// Sessions of the second version are for everybody.
struct DeskTwo;

#[service(name = "Desk", version = 2, scope = "session", requires = admitted)]
impl DeskTwo {
    #[rpc]
    async fn add(&self, _n: Number) -> Result<Number, Status> {
        Ok(number(-2))
    }
}

/// There is one version only, and it is not the first.
struct Vault;

#[service(name = "Vault", version = 2, requires = "ops.admin")]
impl Vault {
    #[rpc]
    async fn look(&self, n: Number) -> Result<Number, Status> {
        Ok(n)
    }
}

/// With the versions registered in either order.
async fn domains() -> [Domain; 2] {
    [
        Domain::with(|b| b.service(LedgerOne).service(LedgerTwo).service(Vault)).await,
        Domain::with(|b| b.service(Vault).service(LedgerTwo).service(LedgerOne)).await,
    ]
}

fn header(service: &str, method: &str, version: serde_json::Value) -> Vec<u8> {
    header_with(json!({ "service": service, "method": method, "version": version }))
}

#[tokio::test]
async fn b3_a10_a_version_is_asked_for_what_it_requires_itself() {
    for domain in domains().await {
        for (role, allowed) in [("", [false, true, true, false]), ("ops.admin", [true; 4])] {
            let client = domain.client(role).await;
            let (one, two) =
                (LedgerOneClient::new(&client).unwrap(), LedgerTwoClient::new(&client).unwrap());
            let calls = [
                (1, one.read(number(0)).await),
                (1, one.wipe(number(0)).await),
                (2, two.read(number(0)).await),
                (2, two.wipe(number(0)).await),
            ];
            for (at, ((version, outcome), allowed)) in calls.into_iter().zip(allowed).enumerate() {
                match outcome {
                    Ok(reply) => assert!(allowed && reply == number(version), "{role:?} {at}"),
                    Err(status) => {
                        assert!(!allowed, "{role:?} {at}: {status}");
                        assert_eq!(status.code(), Code::PermissionDenied);
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn b3_a10_a_version_by_number_is_that_version_or_none() {
    for domain in domains().await {
        let (_peer, connection) = Stranger::admitted(&domain, "").await;
        for (method, version, expected) in [
            ("read", json!(1), &[7][..]),
            ("wipe", json!(1), &[MESSAGE, 0]),
            ("read", json!(2), &[MESSAGE, 0]),
            ("wipe", json!(2), &[7]),
            ("read", json!(0), &[5]),
            ("read", json!(3), &[5]),
            ("read", json!(-1), &[5]),
            // No number is cut to the width of another.
            ("wipe", json!((1_i64 << 32) + 1), &[5]),
            ("read", json!((1_i64 << 32) + 2), &[5]),
            ("read", json!(i64::MIN + 2), &[5]),
            ("read", json!("2"), &[13]),
            ("read", json!(2.0), &[13]),
            ("read", json!(u64::MAX), &[13]),
            ("read", json!([2]), &[13]),
        ] {
            let bytes = [header("Ledger", method, version.clone()), value(0)].concat();
            let reply = exchange(&connection, &bytes).await;
            assert_eq!(shape(&reply), expected, "{method} of version {version}");
        }
        // A version that is said twice is no version.
        let twice = br#"{"service":"Ledger","method":"read","version":1,"version":2,"serializationMode":3}"#;
        let reply = exchange(&connection, &[frame(0x04, twice), value(0)].concat()).await;
        assert_eq!(shape(&reply), [13]);
        // With one version there is no doubt which is meant; what it requires
        // is asked all the same.
        for version in [1, 2] {
            let bytes = [header("Vault", "look", json!(version)), value(0)].concat();
            assert_eq!(shape(&exchange(&connection, &bytes).await), [7], "{version}");
        }
        let (_peer, connection) = Stranger::admitted(&domain, "ops.admin").await;
        for (version, expected) in [(1, &[MESSAGE, 0][..]), (2, &[MESSAGE, 0]), (3, &[5])] {
            let bytes = [header("Vault", "look", json!(version)), value(0)].concat();
            assert_eq!(shape(&exchange(&connection, &bytes).await), expected, "{version}");
        }
    }
}

#[tokio::test]
async fn b3_a10_sessions_of_two_versions_are_two_services() {
    for domain in [
        Domain::with(|builder| builder.session(|_| DeskTwo)).await,
        Domain::with(|builder| builder.session(|_| DeskTwo).service(LedgerOne)).await,
    ] {
        let (_peer, connection) = Stranger::admitted(&domain, "").await;
        let session = |version: i64| {
            let call = crate::frames::call("add");
            [header("Desk", "", json!(version)), call, value(1)].concat()
        };
        assert_eq!(shape(&exchange(&connection, &session(1)).await), [7]);
        let reply = exchange(&connection, &session(2)).await;
        assert_eq!(&reply[0].1[..], br#"{"value":-2}"#);
        assert_eq!(shape(&exchange(&connection, &session(3)).await), [5]);
    }
}

#[tokio::test]
async fn a10_a_chain_for_one_version_is_for_that_version() {
    for domain in domains().await {
        let node = aster::Identity::generate();
        let chain = domain.chain(node.peer(), "ops.admin", &["Ledger@2", "Vault@1"]);
        let client = super::setup::client(&node).credential(chain);
        let client = client.connect(domain.address()).await.unwrap();
        let (one, two) =
            (LedgerOneClient::new(&client).unwrap(), LedgerTwoClient::new(&client).unwrap());
        assert_eq!(two.read(number(0)).await.unwrap(), number(2));
        assert_eq!(two.wipe(number(0)).await.unwrap(), number(2));
        for status in [one.read(number(0)).await, one.wipe(number(0)).await] {
            let status = status.unwrap_err();
            assert_eq!(status.message(), "the credential of this caller is not for Ledger");
        }
        // Version 1 of a service that has version 2 alone leads to version 2,
        // which the chain is not for.
        let vault = VaultClient::new(&client).unwrap();
        let status = vault.look(number(0)).await.unwrap_err();
        assert_eq!(status.message(), "the credential of this caller is not for Vault");
    }
}
