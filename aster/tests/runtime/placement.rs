//! Where handlers run: beside the packets when they are quick, else on the
//! threads of the program.

use std::time::Duration;

use aster::{AsterClient, AsterServer, Limits, PacketPlacement, Status, service};

use crate::service::{Number, Text, loopback, number, soon, text};

/// Runs that make a handler known, and some.
const MANY: usize = 200;

/// The thread that handles packets.
const PACKETS: &str = "aster-io";

struct Threads;

fn here() -> Text {
    text(std::thread::current().name().unwrap_or("unnamed"))
}

#[service(name = "Threads", rename_all = "camelCase")]
impl Threads {
    /// The thread it runs on; blocks it for so many milliseconds first.
    #[rpc]
    async fn thread(&self, block: Number) -> Result<Text, Status> {
        if block.value > 0 {
            std::thread::sleep(Duration::from_millis(block.value as u64));
        }
        Ok(here())
    }

    /// The threads before and after it waited.
    #[rpc]
    async fn after_waiting(&self, _n: Number) -> Result<Text, Status> {
        tokio::task::yield_now().await;
        Ok(here())
    }

    /// The thread of a task that it starts.
    #[rpc]
    async fn of_a_task(&self, n: Number) -> Result<Text, Status> {
        let task = tokio::spawn(async { here() });
        if n.value > 0 {
            task.await.map_err(|e| Status::internal(e.to_string()))
        } else {
            Ok(here())
        }
    }

    /// Says that its thread will block.
    #[rpc]
    async fn block_in_place(&self, _n: Number) -> Result<Text, Status> {
        tokio::task::block_in_place(|| std::thread::sleep(Duration::from_micros(1)));
        Ok(here())
    }

    #[rpc]
    async fn panics(&self, n: Number) -> Result<Text, Status> {
        assert!(n.value == 0, "a bug");
        Ok(here())
    }
}

fn beside_packets() -> Limits {
    Limits { handlers_beside_packets: true, ..Limits::default() }
}

struct Both {
    client: AsterClient,
    _server: AsterServer,
}

async fn serve(limits: Limits) -> Both {
    let server = AsterServer::builder()
        .open_gate()
        .network(loopback())
        .limits(limits)
        .service(Threads)
        .bind()
        .await
        .unwrap();
    let client = AsterClient::builder()
        .network(loopback())
        .packets(PacketPlacement::Program)
        .connect(&server.address().to_string())
        .await
        .unwrap();
    Both { client, _server: server }
}

impl Both {
    fn threads(&self) -> ThreadsClient {
        ThreadsClient::new(&self.client).unwrap()
    }
}

/// The threads of many calls, one after the other.
async fn threads(service: &ThreadsClient) -> Vec<String> {
    let mut threads = Vec::new();
    for _ in 0..MANY {
        threads.push(service.thread(number(0)).await.unwrap().text);
    }
    threads
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quick_handler_runs_beside_the_packets_if_the_program_says_so() {
    let both = serve(beside_packets()).await;
    let service = both.threads();
    let first = service.thread(number(0)).await.unwrap().text;
    assert_ne!(first, PACKETS, "it is not known yet");
    // A machine that takes the processor away in between makes it start anew.
    for _ in 0..100 {
        if threads(&service).await.iter().any(|thread| thread == PACKETS) {
            return;
        }
    }
    panic!("it never ran beside packets");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_run_on_the_threads_of_the_program() {
    let both = serve(Limits::default()).await;
    assert!(threads(&both.threads()).await.iter().all(|thread| thread != PACKETS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_handler_that_has_blocked_once_stalls_nobody_again() {
    let both = serve(beside_packets()).await;
    let service = both.threads();
    threads(&service).await;
    // Whoever comes to know it this way waits.
    service.thread(number(100)).await.unwrap();
    let blocked = tokio::spawn({
        let service = service.clone();
        async move { service.thread(number(3_000)).await }
    });
    // The order of events is what counts: the blocked one is still blocked.
    soon(async {
        for _ in 0..50 {
            assert_ne!(service.thread(number(0)).await.unwrap().text, PACKETS);
        }
    })
    .await;
    assert!(!blocked.is_finished());
    assert_ne!(blocked.await.unwrap().unwrap().text, PACKETS);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_waits_goes_on_where_the_program_runs() {
    let both = serve(beside_packets()).await;
    for _ in 0..MANY {
        let thread = both.threads().after_waiting(number(0)).await.unwrap().text;
        assert_ne!(thread, PACKETS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_a_handler_starts_are_the_programs() {
    let both = serve(beside_packets()).await;
    let service = both.threads();
    for _ in 0..MANY {
        service.of_a_task(number(0)).await.unwrap();
        assert_ne!(service.of_a_task(number(1)).await.unwrap().text, PACKETS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_may_block_in_place() {
    let both = serve(Limits::default()).await;
    let service = both.threads();
    for _ in 0..MANY {
        service.block_in_place(number(0)).await.unwrap();
    }
    // Also when calls come together.
    let calls = (0..64).map(|_| service.block_in_place(number(0)).into_future());
    for answer in futures::future::join_all(calls).await {
        assert_ne!(answer.unwrap().text, PACKETS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_come_together_run_on_the_threads_of_the_program() {
    let both = serve(Limits::default()).await;
    let service = both.threads();
    threads(&service).await;
    for _ in 0..20 {
        let calls = (0..64).map(|_| service.thread(number(0)).into_future());
        for answer in futures::future::join_all(calls).await {
            assert_ne!(answer.unwrap().text, PACKETS);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_beside_packets_is_that_calls_own() {
    let both = serve(beside_packets()).await;
    let service = both.threads();
    for _ in 0..MANY {
        service.panics(number(0)).await.unwrap();
    }
    let status = service.panics(number(1)).await.unwrap_err();
    assert_eq!(status.code(), aster::Code::Internal);
    service.panics(number(0)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_begin_together_are_all_answered() {
    let both = serve(Limits::default()).await;
    let service = both.threads();
    for round in 0..20 {
        let calls = (0..64).map(|_| service.thread(number(0)).into_future());
        // Some are given up while they wait to be sent, or for their answer.
        let mut calls: Vec<_> = calls.map(tokio::spawn).collect();
        for call in calls.iter().skip(round % 7).step_by(7) {
            call.abort();
        }
        for call in calls.drain(..) {
            match soon(call).await {
                Ok(answer) => drop(answer.unwrap()),
                Err(aborted) => assert!(aborted.is_cancelled()),
            }
        }
    }
}

#[tokio::test]
async fn a_client_whose_packets_have_their_own_thread_survives_its_runtime() {
    let both = serve(Limits::default()).await;
    let address = both._server.address().to_string();
    let client = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            AsterClient::builder()
                .network(loopback())
                .packets(PacketPlacement::OwnThread)
                .connect(&address)
                .await
                .unwrap()
        })
    });
    let client = client.join().unwrap();
    let service = ThreadsClient::new(&client).unwrap();
    let calls = (0..20).map(|_| service.thread(number(0)).into_future());
    for answer in futures::future::join_all(calls).await {
        answer.unwrap();
    }
}
