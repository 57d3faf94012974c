//! The service: its messages and what it does.

use aster::{Status, service, wire_type};
use futures::{Stream, stream};

/// Whom to greet.
#[wire_type("greeter/Hello")]
pub struct Hello {
    pub name: String,
}

/// What to say.
#[wire_type("greeter/Greeting")]
pub struct Greeting {
    pub text: String,
}

/// Greets people.
pub struct Greeter;

#[service]
impl Greeter {
    /// Greets one person.
    #[rpc(idempotent, timeout = "5s")]
    async fn greet(&self, hello: Hello) -> Result<Greeting, Status> {
        if hello.name.is_empty() {
            return Err(Status::invalid_argument("the name is empty"));
        }
        let text = format!("Hello, {}!", hello.name);
        Ok(Greeting { text })
    }

    /// Spells the name, letter by letter.
    #[server_stream]
    async fn spell(
        &self,
        hello: Hello,
    ) -> Result<impl Stream<Item = Result<Greeting, Status>> + Send, Status> {
        let letters: Vec<char> = hello.name.chars().collect();
        let letters = letters.into_iter().map(|letter| letter.to_string());
        Ok(stream::iter(letters.map(|text| Ok(Greeting { text }))))
    }
}
