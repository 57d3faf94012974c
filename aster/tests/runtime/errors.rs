//! What a caller learns when something goes wrong, and what it does not.

use aster::{AsterServer, Code, StartError};

use crate::service::{BOTH, Calculator, Over, Probe, Setup, loopback, number, text};

#[tokio::test]
async fn every_code_crosses_with_message_and_details() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        for code in (1..=16).chain([101]) {
            let status = setup.calculator().fail(number(code)).await.unwrap_err();
            assert_eq!(status.code().number(), code);
            assert_eq!(status.message(), "as you wish \u{1f600}");
            assert_eq!(status.detail("asked"), Some(&*code.to_string()));
        }
    }
}

#[tokio::test]
async fn a42_an_internal_error_is_hidden() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let status = setup.calculator().leak(number(0)).await.unwrap_err();
        assert_eq!(status.to_string(), "INTERNAL: internal error");
        assert!(!format!("{status:?}").contains("hunter2"));
    }
}

#[tokio::test]
async fn a_panic_is_an_error_and_the_server_goes_on() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let status = setup.calculator().panic(number(0)).await.unwrap_err();
        assert_eq!(status.code(), Code::Internal);
        assert!(!format!("{status:?}").contains("secret"));
        assert_eq!(setup.calculator().add_one(number(1)).await.unwrap(), number(2));
    }
}

#[tokio::test]
async fn context_reaches_the_handler() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let ask = |what: &str| setup.calculator().context(text(what));
        let method = ask("method").await.unwrap();
        assert_eq!(method, text("Calculator.context"));
        assert_eq!(ask("peer").await.unwrap().text.len(), 64);
        assert_eq!(ask("tenant").await.unwrap(), text("none"));
        let tenant = ask("tenant").metadata("tenant", "acme \u{65e5}").await.unwrap();
        assert_eq!(tenant, text("acme \u{65e5}"));
    }
}

#[tokio::test]
async fn a39_too_much_metadata_is_refused_and_not_cut() {
    for over in BOTH {
        let setup = Setup::new(over).await;
        let call = setup.calculator().echo(text("x")).metadata("k", "v".repeat(5_000));
        assert_eq!(call.await.unwrap_err().code(), Code::ResourceExhausted);
    }
}

#[tokio::test]
async fn b2_a_server_without_a_gate_does_not_start() {
    let server =
        AsterServer::builder().network(loopback()).service(Calculator { probe: Probe::default() });
    let error = server.bind().await.unwrap_err();
    assert!(matches!(error, StartError::NoGate));
    assert!(error.to_string().contains("open_gate()"), "{error}");
}

#[tokio::test]
async fn a_service_registered_twice_or_in_the_wrong_scope_does_not_start() {
    let calculator = || Calculator { probe: Probe::default() };
    let twice = AsterServer::builder().open_gate().service(calculator()).service(calculator());
    assert!(matches!(twice.in_process(), Err(StartError::Duplicate(_))));
    let session = AsterServer::builder().open_gate().session(move |_| calculator());
    let error = session.in_process().unwrap_err();
    assert!(error.to_string().contains("service(value)"), "{error}");
}

#[tokio::test]
async fn a_service_that_is_not_offered_is_named_with_those_that_are() {
    let client = AsterServer::builder().open_gate().in_process().unwrap();
    let status = crate::service::CalculatorClient::new(&client).unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    let setup = Setup::new(Over::Memory).await;
    let status = setup.client.proxy("Calculater").unwrap_err();
    assert!(status.message().contains("Calculator v1"), "{status}");
}
