use std::collections::BTreeMap;
use std::sync::Arc;

use aster::contract::Contract;
use aster::{Service, ServiceSummary, Status, service, wire_type};

use super::super::tree::Tree;
use super::*;
use crate::remote::RemoteService;

#[wire_type("completion/Level")]
#[derive(Clone, Copy)]
enum Level {
    Info,
    Warn,
}

#[wire_type("completion/Inner")]
struct Inner {
    /// How many there are. At most ten.
    count: i32,
    deep: bool,
}

#[wire_type("completion/Order")]
struct Order {
    name: String,
    level: Level,
    inner: Inner,
    urgent: Option<bool>,
    labels: BTreeMap<String, i64>,
}

struct Shop;

#[service]
impl Shop {
    #[rpc]
    async fn order(&self, order: Order) -> Result<Order, Status> {
        Ok(order)
    }

    #[rpc]
    async fn cancel(&self, order: Order) -> Result<Order, Status> {
        Ok(order)
    }
}

struct Basket;

#[service(scope = "session")]
impl Basket {
    #[rpc]
    async fn add(&self, order: Order) -> Result<Order, Status> {
        Ok(order)
    }
}

fn summary_of(contract: &Contract) -> ServiceSummary {
    serde_json::from_value(serde_json::json!({
        "name": contract.service,
        "version": 1,
        "contract_id": contract.id.to_string(),
        "pattern": contract.scope.name(),
    }))
    .unwrap()
}

fn scene() -> Scene {
    let contracts = [Contract::of(Shop::DESCRIPTOR), Contract::of(Basket::DESCRIPTOR)];
    let summaries: Vec<_> = contracts.iter().map(summary_of).collect();
    let mut tree = Tree::new(&summaries);
    for (summary, contract) in summaries.into_iter().zip(contracts) {
        let contract = Some(contract);
        tree.put(Arc::new(RemoteService { summary, contract, no_contract: None }));
    }
    Scene { tree, jobs: vec![3], ..Scene::default() }
}

fn in_shop() -> Scene {
    Scene { place: Place::Service("Shop".into()), ..scene() }
}

fn texts(line: &str, scene: &Scene) -> Vec<String> {
    complete(line, line.len(), scene).into_iter().map(|candidate| candidate.text).collect()
}

#[test]
fn a_line_starts_with_a_method_or_a_command() {
    assert_eq!(texts("c", &in_shop()), ["cancel", "cd", "cat"]);
    assert_eq!(texts("./c", &in_shop()), ["./cancel"]);
    assert_eq!(texts("s", &scene()), ["session", "stream", "send", "stop", "Shop."]);
    assert_eq!(texts("Shop.o", &scene()), ["Shop.order"]);
    assert_eq!(texts("invoke or", &in_shop()), ["order"]);
    assert_eq!(texts("time watch -n 2 or", &in_shop()), ["order"]);
    let order = &complete("or", 2, &in_shop())[0];
    assert_eq!(order.description, "unary (Order) -> Order");
    assert_eq!((order.start, order.is_whole), (0, true));
}

#[test]
fn arguments_are_fields_and_their_values() {
    let scene = in_shop();
    assert_eq!(texts("./order ", &scene), ["name=", "level=", "inner.", "urgent=", "labels="]);
    assert_eq!(texts("./order name=x l", &scene), ["level=", "labels="]);
    assert_eq!(texts("./order name=x n", &scene), [""; 0]);
    assert_eq!(texts("order level=", &scene), ["level=Info", "level=Warn"]);
    assert_eq!(texts("order level=w", &scene), ["level=Warn"]);
    assert_eq!(texts("order urgent=t", &scene), ["urgent=true"]);
    assert_eq!(texts("order inner.", &scene), ["inner.count=", "inner.deep="]);
    assert_eq!(texts("order inner.deep=", &scene), ["inner.deep=true", "inner.deep=false"]);
    assert_eq!(texts("bench Shop.order -c 2 le", &scene), ["level="]);
    let count = &complete("order inner.c", 13, &scene)[0];
    assert_eq!(count.description, "i32 = 0  How many there are");
    assert_eq!((count.start, count.is_whole), (6, false));
    assert!(texts("order name=", &scene).is_empty());
    assert!(texts("unknown na", &scene).is_empty());
}

#[test]
fn paths_are_completed_step_by_step() {
    let scene = scene();
    assert_eq!(texts("cd ", &scene), ["services/", "blobs/", "docs/", "gossip/"]);
    assert_eq!(texts("cd services/B", &scene), ["services/Basket"]);
    assert_eq!(
        texts("ls /services/Shop/", &scene),
        ["/services/Shop/cancel", "/services/Shop/order", "/services/Shop/.."]
    );
    assert_eq!(texts("cd ../B", &in_shop()), ["../Basket"]);
    assert_eq!(texts("session ", &scene), ["Basket"]);
    assert_eq!(texts("help be", &scene), ["bench"]);
    assert_eq!(texts("stop ", &scene), ["3"]);
    assert!(texts("pwd ", &scene).is_empty());
}

#[test]
fn a_session_offers_its_methods_and_what_works_in_it() {
    let scene = Scene { session: Some("Basket".into()), ..scene() };
    assert_eq!(texts("a", &scene), ["add"]);
    assert_eq!(texts("add le", &scene), ["level="]);
    assert_eq!(texts("e", &scene), ["end", "exit"]);
    assert!(texts("cd", &scene).is_empty());
}

#[test]
fn what_a_server_calls_itself_cannot_steer_the_terminal() {
    let mut summary = summary_of(&Contract::of(Shop::DESCRIPTOR));
    summary.name = "Evil\x1b[2J".into();
    let mut hostile = summary.clone();
    hostile.name = "Plain".into();
    hostile.pattern = "sh\x1b]0;x\x07".into();
    let scene = Scene { tree: Tree::new(&[summary, hostile]), ..Scene::default() };
    let candidates = complete("", 0, &scene);
    let services: Vec<_> = candidates.iter().filter(|c| c.text.ends_with('.')).collect();
    assert_eq!(services.len(), 1);
    assert_eq!(services[0].description, "sh\\u{1b}]0;x\\u{7} v1");
}

proptest::proptest! {
    #[test]
    fn no_line_panics(line in ".{0,40}", cursor in 0_usize..60) {
        let _ = complete(&line, cursor, &in_shop());
        let _ = complete(&format!("order {line}"), cursor, &in_shop());
    }
}
