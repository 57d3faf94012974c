//! `cargo run` serves and prints an address; `cargo run -- ADDRESS [NAME]` calls it.

use std::error::Error;

use aster::{AsterClient, AsterServer, Network};

use CRATE_MODULE::{Greeter, GreeterClient, Hello};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // Lets `aster contract` ask this program what its services are.
    aster::export_contracts!(Greeter);
    let mut arguments = std::env::args().skip(1);
    match arguments.next() {
        Some(address) => call(&address, arguments.next()).await,
        None => serve().await,
    }
}

/// Serves until Ctrl+C.
async fn serve() -> Result<(), Box<dyn Error>> {
    // Everybody may call, so the network is this machine only. To serve others,
    // replace both lines by `.root_pubkey_file("root.pub")` and say who may call
    // what: `#[service(requires = admitted)]`. `aster trust keygen --out root.key`
    // makes the keys, `aster enroll node` the credentials.
    let server = AsterServer::builder()
        .open_gate()
        .network(Network::loopback())
        .service(Greeter)
        .bind()
        .await?;
    println!("{}", server.address());
    Ok(server.serve().await?)
}

/// Calls both methods of the server at this address.
async fn call(address: &str, name: Option<String>) -> Result<(), Box<dyn Error>> {
    let name = name.unwrap_or_else(|| "Ada".into());
    let client = AsterClient::connect(address).await?;
    let greeter = GreeterClient::new(&client)?;
    let greeting = greeter.greet(Hello { name: name.clone() }).await?;
    println!("{}", greeting.text);
    let mut letters = greeter.spell(Hello { name }).await?;
    while let Some(letter) = letters.message().await? {
        println!("{}", letter.text);
    }
    client.close().await;
    Ok(())
}
