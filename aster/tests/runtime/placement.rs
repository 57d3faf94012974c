//! Where handlers run: beside the packets when they are quick, else on the
//! threads of the program.

use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use aster::{AsterClient, AsterServer, Limits, PacketPlacement, Status, service};

use crate::service::{Number, Text, loopback, number, soon, text};

/// Runs that make a handler known, and some.
const MANY: usize = 200;

/// The thread that handles packets.
const PACKETS: &str = "aster-io";

/// With a lock that others hold.
#[derive(Default)]
struct Threads(Arc<Mutex<()>>);

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

    /// Says that its thread will block, and blocks it for so many milliseconds.
    #[rpc]
    async fn block_in_place(&self, block: Number) -> Result<Text, Status> {
        let before = here();
        if block.value > 0 {
            let time = Duration::from_millis(block.value as u64);
            tokio::task::block_in_place(|| std::thread::sleep(time));
        }
        Ok(before)
    }

    /// Waits for a lock, with its thread.
    #[rpc]
    async fn locked(&self, _n: Number) -> Result<Text, Status> {
        drop(self.0.lock().map_err(|e| Status::internal(e.to_string()))?);
        Ok(here())
    }

    #[rpc]
    async fn panics(&self, n: Number) -> Result<Text, Status> {
        assert!(n.value == 0, "a bug");
        Ok(here())
    }
}

fn apart() -> Limits {
    Limits { handlers_beside_packets: false, ..Limits::default() }
}

struct Both {
    client: AsterClient,
    server: AsterServer,
    /// The lock of the service.
    lock: Arc<Mutex<()>>,
}

async fn serve(limits: Limits) -> Both {
    let lock = Arc::<Mutex<()>>::default();
    let server = AsterServer::builder()
        .open_gate()
        .network(loopback())
        .limits(limits)
        .service(Threads(lock.clone()))
        .bind()
        .await
        .unwrap();
    let client = connect(&server).await;
    Both { client, server, lock }
}

async fn connect(server: &AsterServer) -> AsterClient {
    AsterClient::builder()
        .network(loopback())
        .packets(PacketPlacement::Program)
        .connect(&server.address().to_string())
        .await
        .unwrap()
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

/// Attempts at what a machine that takes the processor away in between undoes.
const ATTEMPTS: usize = 100;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_quick_handler_runs_beside_the_packets() {
    let both = serve(Limits::default()).await;
    let service = both.threads();
    let first = service.thread(number(0)).await.unwrap().text;
    assert_ne!(first, PACKETS, "it is not known yet");
    for _ in 0..ATTEMPTS {
        if threads(&service).await.iter().any(|thread| thread == PACKETS) {
            return;
        }
    }
    panic!("it never ran beside packets");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn handlers_run_on_the_threads_of_the_program_if_that_says_so() {
    let both = serve(apart()).await;
    assert!(threads(&both.threads()).await.iter().all(|thread| thread != PACKETS));
}

/// Makes a handler known, blocks it for the first time beside the packets, and
/// lets `others` go on meanwhile.
async fn block_beside_packets(others: impl AsyncFn(&Both, &ThreadsClient)) {
    for _ in 0..ATTEMPTS {
        let both = serve(Limits::default()).await;
        let service = both.threads();
        threads(&service).await;
        let blocked = tokio::spawn({
            let service = service.clone();
            async move { service.thread(number(1_000)).await }
        });
        // It is on its way, or blocks already.
        tokio::time::sleep(Duration::from_millis(50)).await;
        soon(others(&both, &service)).await;
        // The order of events is what counts.
        assert!(!blocked.is_finished(), "it is still blocked");
        if blocked.await.unwrap().unwrap().text == PACKETS {
            // Where it blocked once, it does not run again.
            assert!(threads(&service).await.iter().all(|thread| thread != PACKETS));
            return;
        }
    }
    panic!("it never ran beside packets");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_blocks_beside_packets_holds_up_no_call_of_its_connection() {
    block_beside_packets(async |_, service| {
        for _ in 0..50 {
            let thread = service.of_a_task(number(0)).await.unwrap().text;
            assert_ne!(thread, PACKETS, "nothing runs there meanwhile");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_that_blocks_beside_packets_holds_up_no_other_connection() {
    block_beside_packets(async |both, _| {
        let client = connect(&both.server).await;
        let service = ThreadsClient::new(&client).unwrap();
        service.of_a_task(number(0)).await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lock_whose_owner_waits_for_a_packet_is_given_back() {
    for _ in 0..ATTEMPTS {
        let both = serve(Limits::default()).await;
        let service = both.threads();
        for _ in 0..MANY {
            service.locked(number(0)).await.unwrap();
        }
        let lock = both.lock.clone();
        let (begun, held) = tokio::sync::oneshot::channel();
        let (give_back, wanted) = mpsc::channel::<()>();
        let owner = std::thread::spawn(move || {
            let _lock = lock.lock().unwrap();
            begun.send(()).unwrap();
            wanted.recv().unwrap();
        });
        held.await.unwrap();
        let waiting = tokio::spawn({
            let service = service.clone();
            async move { service.locked(number(0)).await }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        // The owner gives it back when it has its answer.
        soon(service.of_a_task(number(0)).into_future()).await.unwrap();
        assert!(!waiting.is_finished());
        give_back.send(()).unwrap();
        let thread = soon(waiting).await.unwrap().unwrap().text;
        owner.join().unwrap();
        if thread == PACKETS {
            return;
        }
    }
    panic!("it never ran beside packets");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn a_handler_that_has_blocked_once_stalls_nobody_again() {
    let both = serve(Limits::default()).await;
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
    let both = serve(Limits::default()).await;
    for _ in 0..MANY {
        let thread = both.threads().after_waiting(number(0)).await.unwrap().text;
        assert_ne!(thread, PACKETS);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tasks_that_a_handler_starts_are_the_programs() {
    let both = serve(Limits::default()).await;
    let service = both.threads();
    for _ in 0..MANY {
        service.of_a_task(number(0)).await.unwrap();
        assert_ne!(service.of_a_task(number(1)).await.unwrap().text, PACKETS);
    }
}

#[test]
fn a_handler_may_block_in_place_beside_packets_and_the_program_still_ends() {
    for _ in 0..ATTEMPTS {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let thread = runtime.block_on(async {
            let both = serve(Limits::default()).await;
            let service = both.threads();
            for _ in 0..MANY {
                service.block_in_place(number(0)).await.unwrap();
            }
            let thread = service.block_in_place(number(20)).await.unwrap().text;
            for _ in 0..MANY {
                service.of_a_task(number(0)).await.unwrap();
            }
            // Also when calls come together.
            let calls = (0..64).map(|_| service.block_in_place(number(1)).into_future());
            for answer in soon(futures::future::join_all(calls)).await {
                answer.unwrap();
            }
            thread
        });
        // Packets that were handled on its threads would keep it.
        let (sender, ended) = mpsc::channel();
        std::thread::spawn(move || {
            drop(runtime);
            sender.send(()).unwrap();
        });
        ended.recv_timeout(Duration::from_secs(60)).expect("the program's runtime ends");
        if thread == PACKETS {
            return;
        }
    }
    panic!("it never ran beside packets");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_panic_beside_packets_is_that_calls_own() {
    let both = serve(Limits::default()).await;
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
    let address = both.server.address().to_string();
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
