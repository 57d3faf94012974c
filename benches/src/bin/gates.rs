//! What admission and the gates cost: `cargo run --release --bin gates`.
//!
//! Times are of one thread, per decision, medians of rounds. Allocations are
//! counted, not estimated.

use std::alloc::{GlobalAlloc, Layout, System};
use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use aster::trust::{
    Attributes, Audience, Capabilities, Chain, ConsumerCredential, Grant, NonceStore, Presentation,
    Revocations, RootKey, Terms,
};
use aster::{Identity, Service, Status, service, wire_type};

#[wire_type("bench/Item")]
struct Item {
    value: i64,
}

struct Fleet;

#[service(name = "Fleet", requires = any_of("ops.status", "ops.admin"))]
impl Fleet {
    #[rpc(requires = all_of("ops.status", "ops.logs", "ops.admin"))]
    async fn status(&self, item: Item) -> Result<Item, Status> {
        Ok(item)
    }
}

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: passes everything on to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

const NOW: u64 = 1_800_000_000;
const ROUNDS: usize = 9;

/// Prints the median time and the allocations of one run of `work`.
fn measure(name: &str, runs: u32, mut work: impl FnMut()) {
    let mut nanoseconds = Vec::new();
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    for _ in 0..ROUNDS {
        let start = Instant::now();
        for _ in 0..runs {
            work();
        }
        nanoseconds.push(start.elapsed().as_nanos() as f64 / f64::from(runs));
    }
    // The list of the rounds is the measurement's own.
    let growth = 3;
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    let each = allocations.saturating_sub(growth) as f64 / (ROUNDS as f64 * f64::from(runs));
    nanoseconds.sort_by(f64::total_cmp);
    println!("| {name} | {:.3} µs | {each:.1} |", nanoseconds[ROUNDS / 2] / 1000.0);
}

fn main() {
    let root = RootKey::generate();
    let trusted = root.public_key();
    let node = Identity::generate();
    let many: Vec<_> = (0..61).map(|n| format!("cap.{n:02}")).collect();
    let role = format!("ops.status,ops.logs,ops.admin,{}", many.join(","));

    println!("| decision | time | allocations |\n|---|---|---|");
    let mut attributes = Attributes::new();
    attributes.insert("aster.role", role.clone()).expect("fits");
    let credential =
        ConsumerCredential::sign_policy(&root, Some(node.peer()), NOW + 60, attributes);
    let text = credential.to_wire_json();
    let presentation =
        Presentation { root: &trusted, peer: node.peer(), now: NOW, allow_unbound: false };
    let nonces = NonceStore::in_memory();
    let admit = || {
        let credential = ConsumerCredential::from_wire_json(&text).expect("well-formed");
        let admission =
            credential.verify(&presentation).expect("in order").admit(&nonces).expect("reusable");
        Grant::of_credential(&admission, &credential.into())
    };
    measure("admission with a credential of 64 capabilities", 200, || {
        black_box(admit());
    });

    let terms = |subject, delegations| Terms {
        subject,
        not_before: NOW - 1,
        not_after: NOW + 60,
        capabilities: Capabilities::from_role(&role),
        audience: Audience::any(),
        delegations,
    };
    let mut holder = node.clone();
    let mut chain = Chain::issue(&root, terms(holder.peer(), 7)).expect("in bounds");
    for left in (0..7).rev() {
        let next = Identity::generate();
        chain = chain.delegate(&holder, terms(next.peer(), left)).expect("narrower");
        holder = next;
    }
    let text = chain.to_text();
    let nothing = Revocations::none(trusted);
    measure("admission with a chain of 8 links", 50, || {
        let chain = Chain::from_text(&text).expect("well-formed");
        black_box(chain.verify(&trusted, holder.peer(), NOW, &nothing).expect("in order"));
    });

    let grant = admit();
    let service = Fleet::DESCRIPTOR;
    let method = service.method("status").expect("there");
    measure("gates 2 and 3 of a call, allowed", 100_000, || {
        black_box(&grant).may_call(service, method, black_box(NOW)).expect("allowed");
    });
    let audience: Vec<_> = (0..63).map(|n| format!("Other{n:02}")).collect();
    let audience = audience.iter().map(String::as_str).chain(["Fleet.status"]);
    let narrow =
        Terms { audience: Audience::parse(audience).expect("in bounds"), ..terms(node.peer(), 0) };
    let narrow = Chain::issue(&root, narrow).expect("in bounds");
    let narrow = narrow.verify(&trusted, node.peer(), NOW, &nothing).expect("in order");
    measure("gates 2 and 3, 64 capabilities and 64 audience entries", 100_000, || {
        black_box(&narrow).may_call(service, method, black_box(NOW)).expect("allowed");
    });
    measure("reading both clocks", 100_000, || {
        black_box((std::time::SystemTime::now(), Instant::now()));
    });
}
