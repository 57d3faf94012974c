//! Calls without types.

use aster::Code;
use futures::{StreamExt, TryStreamExt};
use serde_json::json;

use crate::service::{BOTH, Setup};

#[tokio::test]
async fn all_patterns() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let proxy = setup.client.proxy("Calculator").unwrap();
        let reply = proxy.call("addOne", json!({"value": 1})).await.unwrap();
        assert_eq!(reply, json!({"value": 2}));
        let counted = proxy.server_stream("count", json!({"value": 3})).await.unwrap();
        let counted: Vec<_> = counted.try_collect().await.unwrap();
        assert_eq!(counted, [json!({"value": 1}), json!({"value": 2}), json!({"value": 3})]);
        let numbers = || futures::stream::iter((1..=4).map(|v| json!({"value": v})));
        assert_eq!(proxy.client_stream("sum", numbers()).await.unwrap(), json!({"value": 10}));
        let doubled = proxy.bidi("double", numbers()).await.unwrap();
        let doubled: Vec<_> =
            doubled.map(|v| v.unwrap()["value"].as_i64().unwrap()).collect().await;
        assert_eq!(doubled, [2, 4, 6, 8]);
    }
}

#[tokio::test]
async fn a_session() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let session = setup.client.proxy_session("Tally").await.unwrap();
        assert_eq!(session.call("add", json!({"value": 2})).await.unwrap()["value"], 2);
        assert_eq!(session.call("add", json!({"value": 3})).await.unwrap()["value"], 5);
        let status = session.call("fail", json!({})).await.unwrap_err();
        assert_eq!(status.code(), Code::Aborted);
        let numbers = futures::stream::iter((1..=4).map(|v| json!({"value": v})));
        let doubled = session.bidi("double", numbers).await.unwrap();
        let doubled: Vec<_> =
            doubled.map(|v| v.unwrap()["value"].as_i64().unwrap()).collect().await;
        assert_eq!(doubled, [2, 4, 6, 8]);
        assert_eq!(session.call("add", json!({})).await.unwrap()["value"], 5);
        session.close().await;
        let status = session.call("add", json!({})).await.unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition);
    }
}

#[tokio::test]
async fn mistakes_are_named() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let proxy = setup.client.proxy("Calculator").unwrap();
        let unknown = proxy.call("addOne", json!({"valu": 1})).await.unwrap_err();
        assert_eq!(unknown.code(), Code::ContractViolation);
        assert!(unknown.message().contains("valu") && unknown.message().contains("value"));
        let wrong = proxy.call("addOne", json!({"value": "1"})).await.unwrap_err();
        assert_eq!(wrong.code(), Code::InvalidArgument);
        assert!(wrong.message().contains("value"), "{wrong}");
        let defaulted = proxy.call("addOne", json!({})).await.unwrap();
        assert_eq!(defaulted, json!({"value": 1}));
        let method = proxy.call("subOne", json!({})).await.unwrap_err();
        assert_eq!(method.code(), Code::Unimplemented);
        let status = setup.client.proxy("Tally").unwrap_err();
        assert_eq!(status.code(), Code::FailedPrecondition);
        // A stream called like a unary method is an error, not a hang.
        let status = proxy.call("count", json!({"value": 2})).await.unwrap_err();
        assert_eq!(status.code(), Code::Internal);
    }
}
