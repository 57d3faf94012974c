use std::sync::Arc;

use aster::contract::Contract;
use aster::{Pattern, Service, Status, service, wire_type};
use serde_json::json;

use super::*;
use crate::remote::{RemoteMethod, RemoteService};

#[wire_type("request/Level")]
#[derive(Clone, Copy)]
enum Level {
    Info,
    Warn,
}

#[wire_type("request/Inner")]
struct Inner {
    count: i32,
    note: Option<String>,
}

#[wire_type("request/Order")]
struct Order {
    name: String,
    ratio: f64,
    level: Level,
    inner: Inner,
    tags: Vec<String>,
    inners: Vec<Inner>,
    labels: std::collections::BTreeMap<String, i64>,
    small: u8,
    #[wire(any)]
    free: std::collections::BTreeMap<String, aster::Value>,
}

struct Shop;

#[service]
impl Shop {
    #[rpc]
    async fn order(&self, order: Order) -> Result<Order, Status> {
        Ok(order)
    }
}

fn method() -> RemoteMethod {
    let contract = Contract::of(Shop::DESCRIPTOR);
    let summary = serde_json::from_value(json!({
        "name": "Shop", "version": 1, "contract_id": contract.id.to_string(),
    }));
    let service =
        RemoteService { summary: summary.unwrap(), contract: Some(contract), no_contract: None };
    Arc::new(service).method("order", Pattern::Unary).unwrap()
}

fn pairs(words: &[&str]) -> Result<Value, Failure> {
    let pairs: Vec<_> = words
        .iter()
        .map(|word| word.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned())).unwrap())
        .collect();
    from_pairs(&method(), &pairs)
}

fn refusal(words: &[&str]) -> String {
    pairs(words).unwrap_err().text()
}

#[test]
fn words_become_what_their_fields_are() {
    let request = pairs(&[
        "name=42",
        "ratio=1",
        "level=Warn",
        "inner.count=7",
        "inner.note=null",
        "tags=[\"a\"]",
        "labels.x=3",
        "small=255",
        "free.a=1",
        "free.b=word",
    ]);
    assert_eq!(
        request.unwrap(),
        json!({
            "name": "42", "ratio": 1, "level": "Warn", "inner": {"count": 7, "note": null},
            "tags": ["a"], "labels": {"x": 3}, "small": 255, "free": {"a": 1, "b": "word"},
        })
    );
    assert_eq!(pairs(&["inner.note=x"]).unwrap(), json!({"inner": {"note": "x"}}));
    assert_eq!(pairs(&["ratio=NaN"]).unwrap(), json!({"ratio": "NaN"}));
    assert_eq!(pairs(&["inner={\"count\":1}"]).unwrap(), json!({"inner": {"count": 1}}));
}

#[test]
fn wrong_words_are_refused_with_what_is_right() {
    for (words, problem, hint) in [
        (&["nmae=x"][..], "nmae: Order has no such field", "did you mean name?"),
        (&["inner.cuont=1"], "inner.cuont: Inner has no such field", "did you mean count?"),
        (&["name.x=1"], "name.x: string has no fields", "as one word"),
        (&["inner.count=x"], "inner.count: i32 is wanted, and this is \"x\"", ""),
        (&["small=256"], "small: u8 is wanted, and this is \"256\"", ""),
        (&["small=-1"], "small: u8 is wanted", ""),
        (&["level=Wran"], "level: Level is wanted, and this is \"Wran\"", ""),
        (&["tags=a"], "tags: list<string> is wanted, and this is \"a\"", "'[...]'"),
        (&["inner=a"], "inner: Inner is wanted, and this is \"a\"", "'{...}'"),
        (&["name=a", "name=b"], "name is given twice", "once"),
        (&["inner={}", "inner.count=1", "inner.count=2"], "inner.count is given twice", ""),
    ] {
        let text = refusal(words);
        assert!(text.contains(problem) && text.contains(hint), "{words:?}: {text}");
    }
}

#[test]
fn requests_are_held_against_the_contract() {
    let method = method();
    for good in [
        json!({}),
        json!({"level": "Info", "inners": [{"count": 1}], "inner": {"note": null}}),
        json!({"free": {"x": [1, {"y": null}]}, "ratio": 2.5}),
    ] {
        assert!(check(&method, &good).is_ok(), "{good}: {:?}", check(&method, &good));
    }
    for (bad, problem) in [
        (json!([]), "the request of Shop.order: Order is wanted, and this is a list"),
        (json!({"nam": "x"}), "nam: Order has no such field"),
        (json!({"name": 1}), "name: string is wanted, and this is 1"),
        (json!({"inners": [{}, {"kount": 1}]}), "inners.1.kount: Inner has no such field"),
        (json!({"labels": {"x": "y"}}), "labels.x: i64 is wanted, and this is a string"),
        (json!({"level": "Inof"}), "level: Level has no value \"Inof\""),
        (json!({"small": 300}), "small: u8 is wanted"),
        (json!({"small": 1.5}), "small: u8 is wanted"),
        (json!({"name": null}), "name: string is wanted, and this is null"),
    ] {
        let text = check(&method, &bad).unwrap_err().text();
        assert!(text.contains(problem), "{bad}: {text}");
    }
}

#[test]
fn the_shape_of_a_request_is_told_on_one_line() {
    assert!(
        shape(&method()).starts_with("{name: string = \"\", ratio: f64 = 0.0, level: Level = ")
    );
}
