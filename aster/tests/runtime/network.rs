//! Addresses, identities, mounting.

use std::time::Duration;

use aster::{
    Address, AsterClient, AsterServer, ConnectError, ConnectionPath, HELLO_ALPN, Identity,
    RPC_ALPN, RelayError,
};

use crate::service::{Calculator, CalculatorClient, Over, Probe, Setup, loopback, number, soon};

fn server() -> aster::AsterServerBuilder {
    AsterServer::builder()
        .open_gate()
        .network(loopback())
        .service(Calculator { probe: Probe::default() })
}

async fn connect(address: &str) -> Result<AsterClient, ConnectError> {
    AsterClient::builder().network(loopback()).connect(address).await
}

#[tokio::test]
async fn every_form_of_an_address_connects() {
    let server = server().bind().await.unwrap();
    let address = server.address();
    for text in [address.to_string(), address.to_node_address()] {
        let client = connect(&text).await.unwrap();
        let calculator = CalculatorClient::new(&client).unwrap();
        assert_eq!(calculator.add_one(number(1)).await.unwrap(), number(2));
    }
}

#[tokio::test]
async fn an_address_survives_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("identity");
    let first = server().identity_file(&file).bind().await.unwrap();
    let address = first.address().clone();
    let client = connect(&address.to_string()).await.unwrap();
    let calculator = CalculatorClient::new(&client).unwrap();
    assert_eq!(calculator.add_one(number(1)).await.unwrap(), number(2));
    first.shutdown().await;
    // The system takes a moment to free the port.
    let second = soon(async {
        loop {
            let again = server().identity_file(&file).bind_address(address.direct[0]);
            match again.bind().await {
                Ok(server) => break server,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    })
    .await;
    assert_eq!(second.address(), &address);
    // The client finds its way back by itself.
    assert_eq!(soon(calculator.add_one(number(2)).into_future()).await.unwrap(), number(3));
}

#[tokio::test]
async fn a_taken_port_is_an_error_that_names_it() {
    let first = server().bind().await.unwrap();
    let taken = first.address().direct[0];
    let error = server().bind_address(taken).bind().await.unwrap_err();
    assert!(error.to_string().contains(&taken.to_string()), "{error}");
}

#[tokio::test]
async fn calling_oneself_is_explained() {
    let identity = Identity::generate();
    let server = server().identity(identity.clone()).bind().await.unwrap();
    let client = AsterClient::builder().network(loopback()).identity(identity);
    let error = client.connect(&server.address().to_string()).await.unwrap_err();
    assert!(error.to_string().contains("own"), "{error}");
}

#[tokio::test]
async fn nobody_at_the_address_is_an_error_in_time() {
    let limits =
        aster::Limits { connect_timeout: Duration::from_millis(300), ..Default::default() };
    let peer = Identity::generate().peer();
    let nobody = Address::new(peer, ["127.0.0.1:9".parse().unwrap()]);
    let client = AsterClient::builder().network(loopback()).limits(limits);
    let error = soon(client.connect(&nobody.to_string())).await.unwrap_err();
    assert!(matches!(error, ConnectError::Unreachable { .. }), "{error}");
    assert!(matches!(connect("nonsense").await, Err(ConnectError::Address(_))));
}

#[tokio::test]
async fn services_are_announced() {
    let setup = Setup::new(Over::Quic).await;
    let services = setup.client.services();
    let names: Vec<_> = services.iter().map(|s| (&*s.name, s.version, &*s.pattern)).collect();
    assert_eq!(names, [("Calculator", 1, "shared"), ("Tally", 1, "session")]);
}

#[tokio::test]
async fn mounted_beside_other_protocols() {
    let endpoint = iroh::Endpoint::builder(iroh::endpoint::presets::Minimal)
        .relay_mode(iroh::RelayMode::Disabled)
        .clear_ip_transports()
        .bind_addr("127.0.0.1:0")
        .unwrap()
        .bind()
        .await
        .unwrap();
    let address = Address::of(&endpoint);
    let aster = server().protocol(&address).unwrap();
    let router = iroh::protocol::Router::builder(endpoint)
        .accept(RPC_ALPN, aster.clone())
        .accept(HELLO_ALPN, aster)
        .spawn();
    let client = connect(&address.to_string()).await.unwrap();
    let calculator = CalculatorClient::new(&client).unwrap();
    assert_eq!(calculator.add_one(number(1)).await.unwrap(), number(2));
    client.close().await;
    soon(router.shutdown()).await.unwrap();
}

#[tokio::test]
async fn a_peer_is_reached_through_a_relay_alone() {
    use iroh_relay::server::{RelayConfig, Server, ServerConfig};
    let mut config = ServerConfig::default();
    config.relay = Some(RelayConfig::new(([127, 0, 0, 1], 0)));
    let relay = Server::spawn(config).await.unwrap();
    let url = format!("http://{}/", relay.http_addr().unwrap());
    let mode = aster::RelayMode::Custom(url.clone());
    let server = server().relay(mode.clone()).bind().await.unwrap();
    // The relay is announced although it has not answered yet. Without direct
    // addresses there is no other way.
    let mut address = server.address().clone();
    assert_eq!(address.relay, Some(url));
    address.direct.clear();
    let network = aster::Network { relay: mode.clone(), ..loopback() };
    let reached = aster::reach_relay(&network, Duration::from_secs(30)).await.unwrap();
    assert_eq!(address.relay.as_ref(), Some(&reached));
    let client = AsterClient::builder().network(loopback()).relay(mode);
    let client = soon(client.connect(&address.to_node_address())).await.unwrap();
    let calculator = CalculatorClient::new(&client).unwrap();
    assert_eq!(soon(calculator.add_one(number(1)).into_future()).await.unwrap(), number(2));
    // The two may have found the direct way by now.
    let path = soon(client.path()).await.unwrap();
    let is_possible = match &path {
        Some(ConnectionPath::Relayed { url, .. }) => *url == reached,
        Some(ConnectionPath::Direct { address, .. }) => address.ip().is_loopback(),
        _ => false,
    };
    assert!(is_possible, "{path:?}");
    client.close().await;
    server.shutdown().await;
    relay.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_client_knows_its_path() {
    let server = server().bind().await.unwrap();
    let client = connect(&server.address().to_string()).await.unwrap();
    let path = client.path().await.unwrap();
    let expected = server.address().direct[0];
    let is_direct = |path: &ConnectionPath| matches!(path, ConnectionPath::Direct { address, .. } if *address == expected);
    assert!(path.as_ref().is_some_and(is_direct), "{path:?}");
    let here = self::server().in_process().unwrap();
    assert_eq!(here.path().await.unwrap(), Some(ConnectionPath::InProcess));
}

#[tokio::test]
async fn a_relay_that_is_not_reached_is_told() {
    let disabled = aster::reach_relay(&loopback(), Duration::from_millis(100)).await.unwrap_err();
    assert!(matches!(disabled, RelayError::Disabled), "{disabled}");
    let nobody = aster::RelayMode::Custom("http://127.0.0.1:9".into());
    let network = aster::Network { relay: nobody, ..loopback() };
    let error = soon(aster::reach_relay(&network, Duration::from_millis(100))).await.unwrap_err();
    assert!(matches!(error, RelayError::Unreachable { .. }), "{error}");
}

#[tokio::test]
async fn an_unreachable_relay_holds_nothing_up() {
    // Nobody listens there; the address is known and calls work all the same.
    let relay = aster::RelayMode::Custom("http://127.0.0.1:9".into());
    let server = soon(server().relay(relay).bind()).await.unwrap();
    let client = connect(&server.address().to_string()).await.unwrap();
    let calculator = CalculatorClient::new(&client).unwrap();
    assert_eq!(calculator.add_one(number(1)).await.unwrap(), number(2));
}

#[tokio::test]
async fn a_relay_url_that_does_not_parse_is_named() {
    let relay = aster::RelayMode::Custom("not a url".into());
    let error = server().relay(relay).bind().await.unwrap_err();
    assert!(error.to_string().contains("not a url"), "{error}");
}
