use super::super::fixtures::{NOW, nothing_revoked, peer, root, trusted};
use super::super::root_key::RootKey;
use super::*;

fn id(byte: u8) -> CredentialId {
    CredentialId::from_bytes([byte; 32])
}

fn list(ids: &[u8], keys: &[u8]) -> RevocationList {
    let (ids, keys) = (ids.iter().map(|n| id(*n)), keys.iter().map(|n| peer(*n)));
    RevocationList::first(&root(), NOW, ids, keys).unwrap()
}

/// A list with the same entries and a serial higher by `steps`.
fn later(list: &RevocationList, steps: usize) -> RevocationList {
    let step = |list: RevocationList| list.next(&root(), NOW + 1, [], []).unwrap();
    (0..steps).fold(list.clone(), |list, _| step(list))
}

fn merged(list: &RevocationList) -> Revocations {
    nothing_revoked().merge(list).unwrap().unwrap()
}

#[test]
fn lookups_are_exact() {
    let revocations = merged(&list(&[9, 3, 5], &[2, 4]));
    for byte in 0..=255 {
        assert_eq!(revocations.has_id(&id(byte)), [3, 5, 9].contains(&byte));
    }
    for number in 1..=20 {
        assert_eq!(revocations.has_key(&peer(number)), [2, 4].contains(&number));
    }
    // An id is no key, and a key no id.
    assert!(!revocations.has_key(&PeerId::from_bytes([3; 32])));
    assert!(!revocations.has_id(&CredentialId::from_bytes(*peer(2).as_bytes())));
    let found = |ids: &[u8], keys: &[u8]| {
        let ids: Vec<_> = ids.iter().map(|n| id(*n)).collect();
        let keys: Vec<_> = keys.iter().map(|n| peer(*n)).collect();
        revocations.first(&ids, &keys)
    };
    assert_eq!(found(&[1, 2], &[1, 3]), None);
    assert_eq!(found(&[], &[]), None);
    assert_eq!(found(&[1, 5, 9], &[2]), Some(Revoked::Credential(id(5))));
    assert_eq!(found(&[1], &[1, 4, 2]), Some(Revoked::Key(peer(4))));
    let none = nothing_revoked();
    assert!(!none.has_id(&id(0)) && !none.has_key(&peer(1)));
    assert_eq!((none.serial(), none.issued_at(), none.root()), (0, None, &trusted()));
}

#[test]
fn a_newer_list_adds_and_forgets_nothing() {
    let before = merged(&list(&[3], &[2]));
    assert_eq!((before.serial(), before.issued_at()), (1, Some(NOW)));
    // A list of the root key that leaves out what was in the first.
    let after = before.merge(&later(&list(&[4], &[5]), 1)).unwrap().unwrap();
    assert_eq!((after.serial(), after.issued_at()), (2, Some(NOW + 1)));
    for byte in 0..10 {
        assert_eq!(after.has_id(&id(byte)), [3, 4].contains(&byte));
    }
    assert!(after.has_key(&peer(2)) && after.has_key(&peer(5)) && !after.has_key(&peer(3)));
    assert!(!before.has_id(&id(4)));
    // Serials may be left out.
    assert_eq!(after.merge(&later(&list(&[4], &[5]), 6)).unwrap().unwrap().serial(), 7);
}

#[test]
fn a47_an_older_list_is_a_rollback() {
    let current = merged(&later(&list(&[3], &[]), 4));
    for steps in 0..4 {
        let refused = current.merge(&later(&list(&[3, 9], &[]), steps));
        let list = steps as u64 + 1;
        assert_eq!(refused, Err(RevocationConflict::Rollback { list, known: 5 }));
    }
    assert_eq!(current.merge(&later(&list(&[3], &[]), 4)), Ok(None));
    let other = current.merge(&later(&list(&[3, 9], &[]), 4));
    assert_eq!(other, Err(RevocationConflict::SameSerial { serial: 5 }));
}

#[test]
fn another_roots_list_has_no_effect() {
    let stranger = RootKey::from_seed(&[1; 32]);
    let list = RevocationList::first(&stranger, NOW, [id(1)], []).unwrap();
    let conflict =
        RevocationConflict::OtherRoot { list: stranger.public_key(), trusted: trusted() };
    assert_eq!(nothing_revoked().merge(&list), Err(conflict));
    assert_eq!(
        conflict.to_string(),
        "the revocation list is signed by the root key 8a88e3dd74, but 2012cb90ca is trusted"
    );
}

#[test]
fn what_is_in_force_is_bounded() {
    let ids = |from: usize, count: usize| {
        (from..from + count).map(|n| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
            CredentialId::from_bytes(bytes)
        })
    };
    let full = RevocationList::first(&root(), NOW, ids(0, MAX_REVOCATIONS - 1), [peer(1)]).unwrap();
    let full = merged(&full);
    let same = RevocationList::first(&root(), NOW, ids(0, 100), [peer(1)]).unwrap();
    assert!(full.merge(&later(&same, 1)).unwrap().is_some());
    let one_more = RevocationList::first(&root(), NOW, ids(MAX_REVOCATIONS, 1), []).unwrap();
    assert_eq!(full.merge(&later(&one_more, 1)), Err(RevocationConflict::Count));
    let key_more = RevocationList::first(&root(), NOW, [], [peer(2)]).unwrap();
    assert_eq!(full.merge(&later(&key_more, 1)), Err(RevocationConflict::Count));
}

#[test]
fn lists_that_arrive_together_take_effect_in_turn() {
    let live = LiveRevocations::new(nothing_revoked());
    let lists: Vec<_> = (0..16u8).map(|n| later(&list(&[n], &[]), usize::from(n))).collect();
    std::thread::scope(|scope| {
        for list in &lists {
            scope.spawn(|| {
                let before = live.current().serial();
                match live.apply(list) {
                    Ok(Some(now)) => {
                        assert!(now.serial() == list.serial() && before < list.serial());
                    }
                    Ok(None) => panic!("each list is given once"),
                    Err(RevocationConflict::Rollback { list: refused, known }) => {
                        assert!(refused == list.serial() && known > refused);
                    }
                    Err(other) => panic!("{other}"),
                }
            });
        }
    });
    let now = live.current();
    assert_eq!(now.serial(), 16);
    assert!(now.has_id(&id(15)));
}

#[test]
fn b10_a_refused_list_leaves_what_is_in_force() {
    let live = LiveRevocations::new(nothing_revoked());
    let second = later(&list(&[3], &[]), 1);
    assert_eq!(live.apply(&second).unwrap().unwrap().serial(), 2);
    let before = live.current();
    assert!(live.apply(&list(&[], &[])).is_err());
    assert!(Arc::ptr_eq(&before, &live.current()));
    assert_eq!(live.apply(&second), Ok(None));
    assert!(Arc::ptr_eq(&before, &live.current()));
    assert!(live.current().has_id(&id(3)));
    assert_eq!(
        format!("{:?}", live.current()),
        "Revocations { root: RootPublicKey(2012cb90ca), serial: 2, ids: 1, keys: 0, .. }"
    );
}
