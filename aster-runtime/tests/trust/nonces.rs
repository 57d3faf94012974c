//! One-time credentials are good for one use: across threads, processes and
//! restarts, and whatever happens to the file.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;

use aster_runtime::trust::{
    MAX_NONCES, NONCE_RETENTION_SECONDS, Nonce, NonceError, NonceStore, Presentation,
};

use super::common::{END, NOW, one_time, policy, presentation, producer, root};

fn nonce(byte: u8) -> Nonce {
    Nonce::from_bytes([byte; 32])
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

#[test]
fn b8_a12_a_nonce_is_used_once_also_after_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a").join("nonces.json");
    {
        let store = NonceStore::open(&path).unwrap();
        assert!(!store.is_used(&nonce(5)).unwrap());
        store.consume(&nonce(5), END, NOW).unwrap();
        assert!(store.is_used(&nonce(5)).unwrap());
        assert!(!store.is_used(&nonce(6)).unwrap());
    }
    let store = NonceStore::open(&path).unwrap();
    assert!(matches!(store.consume(&nonce(5), END, NOW), Err(NonceError::Used)));
    store.consume(&nonce(6), END, NOW).unwrap();
    // Two stores of one file see each other's.
    let (one, two) = (NonceStore::open(&path).unwrap(), NonceStore::open(&path).unwrap());
    one.consume(&nonce(7), END, NOW).unwrap();
    assert!(matches!(two.consume(&nonce(7), END, NOW), Err(NonceError::Used)));
}

#[test]
fn b8_a13_admission_spends_a_one_time_credential_alone() {
    let root = root().public_key();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    let admit = |peer| {
        let store = NonceStore::open(&path).unwrap();
        let presentation = Presentation { peer, ..presentation(&root) };
        one_time().verify(&presentation).ok().map(|verified| verified.admit(&store))
    };
    // Neither another node nor a look at it spends it.
    assert!(admit(super::common::node(0x22)).is_none());
    assert!(one_time().verify(&presentation(&root)).unwrap().is_one_time());
    let admission = admit(super::common::node(0x11)).unwrap().unwrap();
    assert!(admission.capabilities().contains("ops.ingest"));
    assert!(matches!(admit(super::common::node(0x11)), Some(Err(NonceError::Used))));
    // The others do not touch the store, even one that does not work.
    let store = NonceStore::open(&path).unwrap();
    fs::write(&path, "damaged").unwrap();
    policy().verify(&presentation(&root)).unwrap().admit(&store).unwrap();
    producer().verify(&presentation(&root)).unwrap().admit(&store).unwrap();
    let spent = one_time().verify(&presentation(&root)).unwrap().admit(&store);
    assert!(matches!(spent, Err(NonceError::File(_))));
}

#[test]
fn b8_a47_a_damaged_store_refuses_and_is_kept() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    let store = NonceStore::open(&path).unwrap();
    store.consume(&nonce(5), END, NOW).unwrap();
    let good = fs::read_to_string(&path).unwrap();
    let hex = "05".repeat(32);
    for bad in [
        String::new(),
        "{}".into(),
        "null".into(),
        "[]".into(),
        good[..good.len() - 1].into(),
        format!("{good}{good}"),
        good.replace(&hex, &hex[2..]),
        good.replace(&hex, &hex.replace('5', "F")),
        good.replace(&END.to_string(), "-1"),
        good.replace(&END.to_string(), "null"),
        good.replace("consumed", "used"),
        "{\"consumed\":null}".into(),
        "{\"consumed\":5}".into(),
        "{\"consumed\":[5]}".into(),
        format!("{{\"consumed\":[\"{hex}\",\"{hex}\"]}}"),
        format!("{{\"consumed\":{{\"{hex}\":1,\"{hex}\":1}}}}"),
        "{\"consumed\":[],\"more\":1}".into(),
        format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)),
    ] {
        write(&path, &bad);
        for error in [
            store.consume(&nonce(6), END, NOW).unwrap_err(),
            store.is_used(&nonce(6)).unwrap_err(),
            NonceStore::open(&path).unwrap_err(),
        ] {
            assert!(matches!(error, NonceError::File(_)), "{bad}: {error}");
            assert!(error.to_string().contains("damaged at line"), "{error}");
            assert!(!error.to_string().contains("0505"), "{error}");
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), bad, "it was changed");
    }
    write(&path, &good);
    assert!(matches!(store.consume(&nonce(5), END, NOW), Err(NonceError::Used)));
}

#[test]
fn b8_a47_a_store_that_vanished_refuses() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    let store = NonceStore::open(&path).unwrap();
    fs::remove_file(&path).unwrap();
    assert!(matches!(store.consume(&nonce(5), END, NOW), Err(NonceError::File(_))));
    assert!(store.is_used(&nonce(5)).is_err());
    assert!(!path.exists());
}

#[test]
fn b8_the_list_of_the_reference_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    write(&path, &format!("{{\"consumed\": [\"{}\", \"{}\"]}}", "05".repeat(32), "06".repeat(32)));
    let store = NonceStore::open(&path).unwrap();
    store.consume(&nonce(7), END, NOW).unwrap();
    // Nothing is known about their end, so they are never forgotten.
    let later = END + 1000 * NONCE_RETENTION_SECONDS;
    store.consume(&nonce(8), later + 1, later).unwrap();
    for byte in [5, 6, 8] {
        assert!(matches!(store.consume(&nonce(byte), END, later), Err(NonceError::Used)));
    }
    assert!(!store.is_used(&nonce(7)).unwrap(), "the end of this one is known");
}

#[test]
fn b8_a13_a_nonce_is_forgotten_long_after_its_credential_has_ended() {
    let store = NonceStore::in_memory();
    store.consume(&nonce(1), END, NOW).unwrap();
    let last = END + NONCE_RETENTION_SECONDS - 1;
    store.consume(&nonce(2), last + 10, last).unwrap();
    assert!(store.is_used(&nonce(1)).unwrap(), "the clock may be set back");
    store.consume(&nonce(3), last + 10, last + 1).unwrap();
    assert!(!store.is_used(&nonce(1)).unwrap());
    assert!(store.is_used(&nonce(2)).unwrap());
    store.consume(&nonce(4), u64::MAX, u64::MAX - 1).unwrap();
}

#[test]
fn b8_a13_a_full_store_refuses() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    let entries = |count: usize| {
        let entry = |index: usize| format!("\"{index:064x}\":{END}");
        let entries: Vec<_> = (0..count).map(entry).collect();
        format!("{{\"consumed\":{{{}}}}}", entries.join(","))
    };
    write(&path, &entries(MAX_NONCES - 1));
    let store = NonceStore::open(&path).unwrap();
    store.consume(&nonce(0xfe), END, NOW).unwrap();
    assert!(matches!(store.consume(&nonce(0xff), END, NOW), Err(NonceError::Full)));
    assert!(matches!(store.consume(&nonce(0xfe), END, NOW), Err(NonceError::Used)));
    // When the others have ended, there is room again.
    let later = END + NONCE_RETENTION_SECONDS;
    store.consume(&nonce(0xff), later + 1, later).unwrap();
    write(&path, &entries(MAX_NONCES + 1));
    assert!(matches!(NonceStore::open(&path), Err(NonceError::File(_))));
}

#[test]
fn b8_a12_one_of_a_hundred_threads_wins() {
    const THREADS: usize = 100;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    for store in [NonceStore::open(&path).unwrap(), NonceStore::in_memory()] {
        let start = Barrier::new(THREADS);
        let won = thread::scope(|scope| {
            let attempts: Vec<_> = (0..THREADS)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        store.consume(&nonce(5), END, NOW)
                    })
                })
                .collect();
            let attempts = attempts.into_iter().map(|thread| thread.join().unwrap());
            attempts.filter(Result::is_ok).count()
        });
        assert_eq!(won, 1);
    }
}

/// Tells a process that it is one of several, and which store is theirs.
const PATH: &str = "ASTER_TEST_NONCES";

/// The test runs itself in processes of their own.
#[test]
fn b8_a12_one_of_several_processes_wins() {
    if let Some(path) = std::env::var_os(PATH) {
        return use_nonces_of_a_shared_store(Path::new(&path));
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    let processes: Vec<_> = (0..6)
        .map(|_| {
            Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "nonces::b8_a12_one_of_several_processes_wins", "--nocapture"])
                .env(PATH, &path)
                .stdout(Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut won = Vec::new();
    for process in processes {
        let output = process.wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().filter_map(|line| line.split_once("won ").map(|(_, n)| n));
        won.extend(lines.map(|number| number.parse::<u8>().unwrap()));
    }
    won.sort_unstable();
    assert_eq!(won, (0..20).collect::<Vec<_>>());
}

fn use_nonces_of_a_shared_store(path: &Path) {
    let store = NonceStore::open(path).unwrap();
    for byte in 0..20 {
        match store.consume(&nonce(byte), END, NOW) {
            Ok(()) => println!("won {byte}"),
            Err(NonceError::Used) => {}
            Err(error) => panic!("{error}"),
        }
    }
}

#[test]
fn a_lock_that_is_never_given_back_is_an_error() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("nonces.json");
    let store = NonceStore::open(&path).unwrap();
    let lock = fs::File::open(directory.path().join("nonces.json.lock")).unwrap();
    lock.lock().unwrap();
    let began = std::time::Instant::now();
    assert!(!store.is_used(&nonce(5)).unwrap(), "reading waits for nobody");
    let error = store.consume(&nonce(5), END, NOW).unwrap_err();
    assert!(matches!(error, NonceError::Locked { .. }), "{error}");
    let waited = began.elapsed().as_secs();
    assert!((4..30).contains(&waited), "{waited} s");
    assert!(error.to_string().contains("5 s"), "{error}");
    // One that is given back in time is waited for.
    thread::scope(|scope| {
        let waiting = scope.spawn(|| store.consume(&nonce(5), END, NOW));
        thread::sleep(std::time::Duration::from_millis(50));
        lock.unlock().unwrap();
        waiting.join().unwrap().unwrap();
    });
}

#[cfg(unix)]
#[test]
fn b20_the_store_is_closed_to_others() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("a").join("nonces.json");
    let store = NonceStore::open(&path).unwrap();
    let mode = |name: &str| {
        let file = directory.path().join(name);
        fs::metadata(file).unwrap().permissions().mode() & 0o777
    };
    for _ in 0..2 {
        assert_eq!(
            (mode("a"), mode("a/nonces.json"), mode("a/nonces.json.lock")),
            (0o700, 0o600, 0o600)
        );
        store.consume(&Nonce::generate(), END, NOW).unwrap();
    }
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    assert!(store.consume(&nonce(5), END, NOW).unwrap_err().to_string().contains("chmod 600"));
}
