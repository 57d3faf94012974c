//! The generated Rust compiles, and calls servers.

mod services;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use aster::codec::{DecodeLimits, Encoding, decode};
use aster::{AsterServer, Code, Scope, Status, Streaming, Value, WireValue};
use futures::{Stream, StreamExt, TryStreamExt, stream};
use services::Echo;
use services::everything::every_thing_x_v1::{EveryThingXClient, EveryThingXServer};
use services::everything::types::{
    AlphaItem, BetaItem, Color, Containers, Dynamic, Needs, Node, Nothing, Request, Scalars,
    Strange,
};
use services::mission_control::agent_session_v1::{
    AgentSession, AgentSessionClient, AgentSessionServer,
};
use services::mission_control::types as mission;

fn full() -> Request {
    let item = AlphaItem { name: "bolt".into(), count: 12 };
    let leaf = |label: &str| Node { label: label.into(), children: Vec::new(), next: None };
    let moment = jiff::Timestamp::constant(1_709_209_815, 250_000_000);
    Request {
        scalars: Scalars {
            flag: false,
            tiny: -128,
            small: i16::MAX,
            medium: i32::MIN,
            large: i64::MAX,
            utiny: 255,
            usmall: 65_535,
            umedium: u32::MAX,
            ularge: u64::MAX - 8,
            single: 0.25,
            double: -1e-300,
            text: "grüße 世界 🚀".into(),
            raw: (0..=255).collect(),
            day: jiff::civil::date(2024, 2, 29),
            moment,
        },
        containers: Containers {
            items: vec![item.clone()],
            others: vec![Some(1), None],
            table: BTreeMap::from([("a".into(), BetaItem { price: 1.5 })]),
            by_number: BTreeMap::from([(-1, vec!["x".into()])]),
            tags: BTreeSet::from(["one".into(), "two".into()]),
            colors: vec![Color::Class, Color::Red],
            maybe_list: Some(vec![1, -2]),
            maybe_text: None,
            maybe_item: Some(item.clone()),
            defaults: Vec::new(),
            weights: BTreeMap::new(),
            item: item.clone(),
            color: Color::DarkBlue,
            maybe_color: Some(Color::Red),
            widths: vec![0, 65_535],
            times: vec![moment],
        },
        dynamic: Dynamic {
            anything: Value::list([1, 2]),
            list: vec!["a".into()],
            dict: BTreeMap::from([("n".into(), 1)]),
            maybe: Some(BTreeMap::new()),
        },
        strange: Strange {
            class: "c".into(),
            agent_id: "id".into(),
            größe: 3,
            a_b: "dash".into(),
            str: "s".into(),
            self_: "me".into(),
            type_: 9,
            x: true,
        },
        tree: Node {
            label: "root".into(),
            children: vec![leaf("leaf")],
            next: Some(Box::new(leaf("next"))),
        },
        left: item,
        right: BetaItem { price: 2.25 },
    }
}

#[tokio::test]
async fn every_pattern_carries_every_type() {
    let server = AsterServer::builder().open_gate().service(EveryThingXServer::new(Echo));
    let role = aster::trust::Capabilities::from_role("ops.import,a,b");
    let client = server.in_process_as(role).unwrap();
    let service = EveryThingXClient::new(&client).unwrap();
    assert_eq!(service.echo(full()).await.unwrap(), full());
    let needs = |level| Needs { id: "a".into(), note: String::new(), level };
    assert_eq!(service.import(needs(1)).await.unwrap(), Nothing {});
    let replies: Vec<_> = service.count_up(needs(3)).await.unwrap().try_collect().await.unwrap();
    assert_eq!(replies.iter().map(|reply| reply.left.count).collect::<Vec<_>>(), [0, 1, 2]);
    let collected = service.collect(stream::iter([full(), full()])).await.unwrap();
    assert_eq!((collected.id.as_str(), collected.level), ("bolt", 2));
    let mut replies = service.close2(stream::iter([full()])).await.unwrap();
    assert_eq!(replies.message().await.unwrap(), Some(full()));
    assert_eq!(replies.message().await.unwrap(), None);
    // The timeout of the contract, half a second, is the method's.
    let slow = Needs { id: "slow".into(), ..needs(1) };
    let late = async { service.count_up(slow).await?.message().await };
    assert_eq!(late.await.unwrap_err().code(), Code::DeadlineExceeded);
}

#[test]
fn missing_fields_are_what_the_contract_says() {
    let request: Request = decode(Encoding::Json, b"{}", &DecodeLimits::default()).unwrap();
    assert_eq!(request, Request::wire_default());
    let Scalars { flag, tiny, large, ularge, single, double, text, raw, .. } = request.scalars;
    assert_eq!((flag, tiny, large, ularge), (true, -128, i64::MIN, u64::MAX));
    assert_eq!((single, double), (0.5, 1e300));
    assert_eq!(text, "a \"quoted\" \\ line\nand another \u{202e} é");
    assert_eq!(raw, b"\x00\x01\"\xff\\n");
    let containers = request.containers;
    assert_eq!(containers.defaults, [1, 2, 3]);
    assert_eq!(containers.weights, BTreeMap::from([("a".to_owned(), 1.5)]));
    assert_eq!(containers.maybe_text.as_deref(), Some("given"));
    assert_eq!(containers.item, AlphaItem { name: "x".into(), count: 1 });
    assert_eq!(containers.color, Color::DarkBlue);
    assert_eq!((request.strange.a_b.as_str(), request.strange.type_), ("x", 7));
}

#[test]
fn the_service_is_the_contracts() {
    let service = EveryThingXClient::DESCRIPTOR;
    assert_eq!((service.name, service.version), ("Every.Thing_*/_\"x\"", 1));
    let import = service.method("import").unwrap();
    assert_eq!(import.requires, Some(aster::Requirement::Role("ops.import")));
    let echo = service.method("echo").unwrap();
    assert!(echo.idempotent);
    assert_eq!(echo.requires, Some(aster::Requirement::Admitted));
    assert_eq!(echo.timeout, Some(std::time::Duration::from_secs(30)));
    assert!(service.method("close").is_some(), "the wire name is kept");
    assert_eq!(AgentSessionClient::DESCRIPTOR.scope, Scope::Session);
}

/// Remembers who registered.
#[derive(Default)]
struct Agent(Mutex<String>);

impl AgentSession for Agent {
    async fn register(&self, heartbeat: mission::Heartbeat) -> Result<mission::Assignment, Status> {
        heartbeat.agent_id.clone_into(&mut self.0.lock().unwrap());
        Ok(mission::Assignment { task_id: heartbeat.capabilities.concat(), command: String::new() })
    }

    async fn run_command(
        &self,
        commands: Streaming<mission::Command>,
    ) -> Result<impl Stream<Item = Result<mission::CommandResult, Status>> + Send, Status> {
        let agent = self.0.lock().unwrap().clone();
        Ok(commands.map(move |command| {
            let stdout = format!("{agent}: {}", command?.command);
            Ok(mission::CommandResult { stdout, stderr: String::new(), exit_code: 0 })
        }))
    }
}

#[tokio::test]
async fn a_session_keeps_its_state() {
    let server =
        AsterServer::builder().open_gate().session(|_| AgentSessionServer::new(Agent::default()));
    let client = server.in_process().unwrap();
    for agent in ["edge-7", "edge-9"] {
        let session = AgentSessionClient::open(&client).await.unwrap();
        let heartbeat = mission::Heartbeat {
            agent_id: agent.into(),
            capabilities: vec!["gpu".into(), "arm".into()],
            load_avg: 0.5,
        };
        assert_eq!(session.register(heartbeat).await.unwrap().task_id, "gpuarm");
        let commands = ["one", "two"].map(|text| mission::Command { command: text.into() });
        let results = session.run_command(stream::iter(commands)).await.unwrap();
        let lines: Vec<_> = results.map_ok(|result| result.stdout).try_collect().await.unwrap();
        assert_eq!(lines, [format!("{agent}: one"), format!("{agent}: two")]);
        session.close().await;
    }
}
