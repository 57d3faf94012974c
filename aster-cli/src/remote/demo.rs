//! A server inside the program, to try the tools out: all four patterns, a
//! session, and a method that the visitor may not call. What is called goes
//! the same way as over a network.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aster::trust::Capabilities;
use aster::{AsterServer, Status, Streaming, service, wire_type};
use futures::{Stream, StreamExt};

use super::Remote;
use crate::failure::Failure;

/// What the visitor holds.
const ROLE: &str = "demo.visitor";

/// Most remarks that a diary holds.
const MAX_REMARKS: usize = 1000;

/// The time between two sights.
const INTERVAL: Duration = Duration::from_millis(200);

/// A place to look at.
#[wire_type("demo/Place")]
pub(super) struct Place {
    /// What it is called.
    #[wire(default = "the harbour")]
    name: String,
    language: Language,
}

/// What answers are written in.
#[wire_type("demo/Language")]
#[derive(Clone, Copy)]
pub(super) enum Language {
    English,
    Latin,
}

/// What is seen at a place.
#[wire_type("demo/Sight")]
pub(super) struct Sight {
    place: String,
    number: i64,
    text: String,
}

/// Numbers to add.
#[wire_type("demo/Number")]
pub(super) struct Number {
    value: f64,
}

/// All of them together.
#[wire_type("demo/Total")]
pub(super) struct Total {
    count: i64,
    sum: f64,
}

/// Something said.
#[wire_type("demo/Remark")]
pub(super) struct Remark {
    text: String,
}

/// What comes back.
#[wire_type("demo/Reply")]
pub(super) struct Reply {
    number: i64,
    text: String,
}

/// Nothing to say.
#[wire_type("demo/Nothing")]
pub(super) struct Nothing {}

/// A lookout that serves everybody.
struct Lookout;

#[service(rename_all = "camelCase", requires = admitted)]
impl Lookout {
    /// Looks at a place once.
    #[rpc(idempotent, timeout = "5s")]
    async fn look(&self, place: Place) -> Result<Sight, Status> {
        Ok(sight(&place, 1))
    }

    /// Looks at a place again and again.
    #[server_stream]
    async fn watch(
        &self,
        place: Place,
    ) -> Result<impl Stream<Item = Result<Sight, Status>> + Send + use<>, Status> {
        let ticks = futures::stream::unfold(1, async |number| {
            tokio::time::sleep(INTERVAL).await;
            Some((number, number + 1))
        });
        Ok(ticks.map(move |number| Ok(sight(&place, number))))
    }

    /// Adds numbers up.
    #[client_stream]
    async fn add(&self, mut numbers: Streaming<Number>) -> Result<Total, Status> {
        let mut total = Total { count: 0, sum: 0.0 };
        while let Some(number) = numbers.message().await? {
            total.count += 1;
            total.sum += number.value;
        }
        Ok(total)
    }

    /// Says everything again, as soon as it is said.
    #[bidi_stream]
    async fn echo(
        &self,
        remarks: Streaming<Remark>,
    ) -> Result<impl Stream<Item = Result<Reply, Status>> + Send + use<>, Status> {
        let replies = remarks.enumerate();
        Ok(replies.map(|(at, remark)| Ok(Reply { number: at as i64 + 1, text: remark?.text })))
    }

    /// Puts the light out. Visitors may not.
    #[rpc(requires = "demo.keeper")]
    async fn extinguish(&self, _nothing: Nothing) -> Result<Reply, Status> {
        Ok(Reply { number: 0, text: "it is dark".into() })
    }
}

fn sight(place: &Place, number: i64) -> Sight {
    let text = match place.language {
        Language::English => "all is calm",
        Language::Latin => "omnia quieta sunt",
    };
    Sight { place: place.name.clone(), number, text: text.into() }
}

/// A diary for each session.
#[derive(Default)]
struct Diary {
    remarks: Mutex<Vec<String>>,
}

#[service(scope = "session", rename_all = "camelCase", requires = admitted)]
impl Diary {
    /// Writes something down.
    #[rpc]
    async fn write(&self, remark: Remark) -> Result<Reply, Status> {
        self.add(remark)
    }

    /// Reads everything that was written in this session.
    #[server_stream]
    async fn read(
        &self,
        _nothing: Nothing,
    ) -> Result<impl Stream<Item = Result<Reply, Status>> + Send + use<>, Status> {
        let remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let numbered = remarks.into_iter().enumerate();
        Ok(futures::stream::iter(
            numbered.map(|(at, text)| Ok(Reply { number: at as i64 + 1, text })),
        ))
    }

    /// Writes down one remark after the other, and says which each is.
    #[bidi_stream]
    async fn dictate(
        &self,
        remarks: Streaming<Remark>,
    ) -> Result<impl Stream<Item = Result<Reply, Status>> + Send, Status> {
        Ok(remarks.map(|remark| self.add(remark?)))
    }
}

impl Diary {
    fn add(&self, remark: Remark) -> Result<Reply, Status> {
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        if remarks.len() >= MAX_REMARKS {
            return Err(Status::resource_exhausted(format!(
                "the diary is full: it holds {MAX_REMARKS} remarks"
            )));
        }
        remarks.push(remark.text.clone());
        Ok(Reply { number: remarks.len() as i64, text: remark.text })
    }
}

/// Connects to a new server in this process.
///
/// # Errors
/// If the configuration of the environment keeps it from starting.
pub(super) fn connect() -> Result<Remote, Failure> {
    let client = AsterServer::builder()
        .service(Lookout)
        .session(|_| Diary::default())
        .in_process_as(Capabilities::from_role(ROLE))
        .map_err(|error| Failure::runtime(format!("cannot start the demo: {error}")))?;
    Ok(Remote::new(client, "demo".to_owned()))
}
