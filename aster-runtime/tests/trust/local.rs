//! Attacks on files of this machine: by others on it, and by time.

use std::fs;
use std::sync::Barrier;
use std::thread;

use aster_runtime::Identity;
use aster_runtime::trust::{IdentityFile, RootKey, RootPublicKey};

const WRITERS: usize = 16;

#[test]
fn a45_writers_at_the_same_time_make_one_identity() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.id");
    let start = Barrier::new(WRITERS);
    let peers: Vec<_> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                scope.spawn(|| {
                    start.wait();
                    Identity::load_or_create(&path).unwrap().peer()
                })
            })
            .collect();
        writers.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    assert!(peers.iter().all(|peer| *peer == peers[0]), "{peers:?}");
    assert_eq!(Identity::load_or_create(&path).unwrap().peer(), peers[0]);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "nothing is left over");
}

#[test]
fn a45_writers_at_the_same_time_make_one_root_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    let start = Barrier::new(WRITERS);
    let won: Vec<_> = thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|_| {
                scope.spawn(|| {
                    let key = RootKey::generate();
                    start.wait();
                    key.save_new(&path).ok().map(|_| key.public_key())
                })
            })
            .collect();
        writers.into_iter().filter_map(|writer| writer.join().unwrap()).collect()
    });
    assert_eq!(won.len(), 1);
    assert_eq!(RootKey::load(&path).unwrap().public_key(), won[0]);
    let public = RootPublicKey::load(directory.path().join("root.pub")).unwrap();
    assert_eq!(public, won[0], "both halves are of one key");
}

/// A process that ended while it wrote leaves a file beside the one to be, not
/// half of it.
#[test]
fn a45_what_a_crash_left_behind_is_not_read() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.id");
    let rest = directory.path().join(".node.id.0123456789abcdef.tmp");
    fs::write(&rest, "[node]\nsecret_key = \"AAAA").unwrap();
    let identity = Identity::load_or_create(&path).unwrap();
    assert_eq!(Identity::load_or_create(&path).unwrap().peer(), identity.peer());
    assert!(rest.exists());
}

/// However much of the file is there, it is the same key or an error that
/// leaves the file as it is.
#[test]
fn a45_a_file_that_is_cut_never_becomes_another_key() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("node.id");
    let identity = Identity::load_or_create(&path).unwrap();
    let whole = fs::read_to_string(&path).unwrap();
    let mut refused = 0;
    for length in 0..whole.len() {
        // Written in place, to keep the permissions.
        fs::write(&path, &whole[..length]).unwrap();
        match Identity::load_or_create(&path) {
            Ok(read) => assert_eq!(read.peer(), identity.peer(), "{length}"),
            Err(error) => {
                refused += 1;
                let text = format!("{error} {error:?}");
                assert!(!text.contains("secret_key = "), "{text}");
            }
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), whole[..length]);
    }
    assert!(refused > 100, "{refused}");
}

#[cfg(unix)]
#[test]
fn a45_no_key_is_written_through_a_link() {
    use std::os::unix::fs::symlink;
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    for name in ["node.id", "root.key", "edge.cred"] {
        symlink(at("elsewhere"), at(name)).unwrap();
    }
    assert!(Identity::load_or_create(at("node.id")).is_err());
    assert!(RootKey::generate().save_new(at("root.key")).is_err());
    assert!(IdentityFile::new(Identity::generate()).save_new(at("edge.cred")).is_err());
    assert!(!at("elsewhere").exists());
    // The link of somebody else to a key of ours leads to its permissions.
    let identity = Identity::load_or_create(at("mine")).unwrap();
    symlink(at("mine"), at("link")).unwrap();
    assert_eq!(Identity::load_or_create(at("link")).unwrap().peer(), identity.peer());
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(at("mine"), fs::Permissions::from_mode(0o604)).unwrap();
    let error = Identity::load_or_create(at("link")).unwrap_err();
    assert!(error.to_string().contains("chmod 600"), "{error}");
}

/// A key file that others can write is as bad as one that they can read.
#[cfg(unix)]
#[test]
fn a45_every_bit_for_others_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("root.key");
    RootKey::generate().save_new(&path).unwrap();
    for mode in (0..0o1000).filter(|mode| mode & 0o600 == 0o600) {
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(RootKey::load(&path).is_ok(), mode & 0o077 == 0, "{mode:03o}");
    }
}
