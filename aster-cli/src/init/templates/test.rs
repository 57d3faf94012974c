//! The service without a network: the same dispatch, codec and client as over one.

use aster::{AsterServer, Code};

use CRATE_MODULE::{Greeter, GreeterClient, Hello};

fn greeter() -> GreeterClient {
    let server = AsterServer::builder().open_gate().service(Greeter);
    let client = server.in_process().unwrap();
    GreeterClient::new(&client).unwrap()
}

fn hello(name: &str) -> Hello {
    let name = name.to_owned();
    Hello { name }
}

#[tokio::test]
async fn greets_by_name() {
    let greeting = greeter().greet(hello("Ada")).await.unwrap();
    assert_eq!(greeting.text, "Hello, Ada!");
}

#[tokio::test]
async fn refuses_an_empty_name() {
    let status = greeter().greet(hello("")).await.map(drop).unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
}

#[tokio::test]
async fn spells_the_name() {
    let mut letters = greeter().spell(hello("Bob")).await.unwrap();
    let mut spelled = String::new();
    while let Some(letter) = letters.message().await.unwrap() {
        spelled.push_str(&letter.text);
    }
    assert_eq!(spelled, "Bob");
}
