//! Failures of the disk, compaction, and who may open the lines.

use std::fs;

use proptest::prelude::*;

use super::journal::tests::Disk;
use super::writer::COMPACT_MIN;
use super::*;
use crate::queue::{BrowserKey, Standing};
use crate::rooms::rules::tests::{lanes, open_room};

fn now() -> Ts {
    Ts::from_seconds(1_800_000_000)
}

fn visitor(n: u64) -> Join {
    Join {
        place: Uuid::from_u128(n.into()),
        browser: BrowserKey::of_hash(&n.to_string()),
        lane: (n % 3) as u8,
        code: None,
        account: None,
    }
}

async fn number_of(store: &MemoryStore, n: u64) -> Option<u64> {
    let found = store.find(&open_room().id, vec![visitor(n).place], now()).await.unwrap();
    found[0].as_ref().map(|place| place.number)
}

#[tokio::test]
async fn a_full_disk_refuses_verbs_forgets_them_and_is_left_behind() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let tampering = Tampering { disk: disk.clone(), ..Tampering::default() };
    let store = MemoryStore::open_with(dir.path(), now(), tampering).unwrap();
    let room = open_room();
    store.put_room(room.clone(), now()).await.unwrap();
    store.join(&room.id, vec![visitor(1)], now()).await.unwrap();
    for bytes in [0, 5, 40] {
        disk.fill_up(bytes);
        let refused = store.join(&room.id, vec![visitor(2)], now()).await.unwrap_err();
        assert!(matches!(refused, StoreError::Unavailable(cause) if cause.contains("disk is full")));
        assert_eq!(number_of(&store, 2).await, None, "nobody sees what the disk has refused");
    }
    disk.make_room();
    let joined = store.join(&room.id, vec![visitor(3)], now()).await.unwrap();
    assert!(
        matches!(&joined[0], Joined::New(place) if place.number == 2),
        "nothing of the refused one is left"
    );
    assert_eq!(number_of(&store, 2).await, None);
    drop(store);
    let store = MemoryStore::open(dir.path(), now()).unwrap();
    assert_eq!(
        [number_of(&store, 1).await, number_of(&store, 2).await, number_of(&store, 3).await],
        [Some(1), None, Some(2)]
    );
}

/// What is seen is answered when the disk has it: a turn that was told is never taken back.
#[tokio::test]
async fn a_read_waits_for_the_disk() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let tampering = Tampering { disk: disk.clone(), ..Tampering::default() };
    let store = MemoryStore::open_with(dir.path(), now(), tampering).unwrap();
    store.put_room(open_room(), now()).await.unwrap();
    let held = disk.hold();
    let (joined, read) = tokio::join!(store.join(&open_room().id, vec![visitor(1)], now()), async {
        let is_in =
            || store.lines.read().unwrap().by_room[&open_room().id].find(visitor(1).place, now()).is_some();
        while !is_in() {
            tokio::task::yield_now().await;
        }
        // The line has her, the disk has not.
        let mut read = Box::pin(number_of(&store, 1));
        assert!(futures_util::poll!(&mut read).is_pending());
        drop(held);
        read.await
    });
    assert!(joined.is_ok());
    assert_eq!(read, Some(1));
}

/// Views are told what the disk has, at once, and nothing of what it is being given. Settings do not wait either.
#[tokio::test]
async fn changes_and_settings_do_not_wait_for_joins_that_the_disk_has_not() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let tampering = Tampering { disk: disk.clone(), ..Tampering::default() };
    let store = MemoryStore::open_with(dir.path(), now(), tampering).unwrap();
    let room = open_room().id;
    store.put_room(open_room(), now()).await.unwrap();
    store.join(&room, vec![visitor(1)], now()).await.unwrap();
    let told = async || match store.changes_since(&room, 0).await.unwrap() {
        Changes::Steps { version, steps, .. } => (version, steps.iter().map(|step| step.number).collect()),
        other => panic!("{other:?}"),
    };
    let version = || store.at_hand(&room).unwrap().unwrap().version;
    assert_eq!((told().await, version()), ((1, vec![1]), 1));
    let held = disk.hold();
    let (joined, ()) = tokio::join!(store.join(&room, vec![visitor(2)], now()), async {
        while store.lines.read().unwrap().by_room[&room].version() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!(told().await, (1, vec![1]), "the line has the second, the disk has not");
        assert_eq!(version(), 1, "nor is there anything new to be asked for");
        assert_eq!(store.room(&room).await.unwrap().id, room);
        assert!(store.epoch(&room).await.unwrap() > 0);
        // Other settings, behind the join, are not told before the disk has them.
        let changed = Room { name: "Changed".to_owned(), ..open_room() };
        let mut putting = Box::pin(store.put_room(changed, now()));
        assert!(futures_util::poll!(&mut putting).is_pending());
        assert_eq!(store.room(&room).await.unwrap().name, open_room().name);
        drop(held);
        putting.await.unwrap();
        assert_eq!(store.room(&room).await.unwrap().name, "Changed");
    });
    joined.unwrap();
    assert_eq!((told().await, version()), ((2, vec![1, 2]), 2));
    disk.fill_up(5);
    store.join(&room, vec![visitor(3)], now()).await.unwrap_err();
    store.put_room(Room { name: "Refused".to_owned(), ..open_room() }, now()).await.unwrap_err();
    assert_eq!((told().await, version()), ((2, vec![1, 2]), 2), "what was refused has not happened");
    assert_eq!(store.room(&room).await.unwrap().name, "Changed");
}

/// A sync costs more than many joins: those who come while the disk is busy share the next one.
#[tokio::test]
async fn a_crowd_shares_a_frame() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let tampering = Tampering { disk: disk.clone(), ..Tampering::default() };
    let store = MemoryStore::open_with(dir.path(), now(), tampering).unwrap();
    let room = open_room().id;
    store.put_room(open_room(), now()).await.unwrap();
    let frames = || {
        let mut frames = 0;
        let count = |_: &[u8]| {
            frames += 1;
            Ok(())
        };
        journal::read(&dir.path().join(writer::JOURNAL), count).unwrap();
        frames
    };
    let before = frames();
    let held = disk.hold();
    let (first, together) = tokio::join!(store.join(&room, vec![visitor(1)], now()), async {
        while store.lines.read().unwrap().by_room[&room].version() < 1 {
            tokio::task::yield_now().await;
        }
        let joins = (2..10).map(|n| store.join(&room, vec![visitor(n)], now()));
        let mut together = Box::pin(futures_util::future::join_all(joins.collect::<Vec<_>>()));
        assert!(futures_util::poll!(&mut together).is_pending(), "all of them are queued, none is answered");
        drop(held);
        together.await
    });
    first.unwrap();
    assert!(together.iter().all(Result::is_ok));
    assert_eq!(frames(), before + 2, "one for the first, one for all who came meanwhile");
}

/// The tests that reopen lines would notice an answer that was given before its frame was written.
#[tokio::test]
async fn without_the_journal_an_answer_is_lost() {
    let (dir, disk) = (tempfile::tempdir().unwrap(), Disk::default());
    let tampering = Tampering { disk: disk.clone(), ..Tampering::default() };
    let store = MemoryStore::open_with(dir.path(), now(), tampering).unwrap();
    store.put_room(open_room(), now()).await.unwrap();
    disk.lie();
    let joined = store.join(&open_room().id, vec![visitor(1)], now()).await.unwrap();
    assert!(matches!(joined[0], Joined::New(_)));
    drop(store);
    let store = MemoryStore::open(dir.path(), now()).unwrap();
    assert_eq!(number_of(&store, 1).await, None);
}

#[tokio::test]
async fn compaction_keeps_every_place_and_bounds_the_file() {
    let dir = tempfile::tempdir().unwrap();
    let store = MemoryStore::open(dir.path(), now()).unwrap();
    let room = open_room();
    store.put_room(room.clone(), now()).await.unwrap();
    for n in 1..=1000 {
        let week = now() + time::Duration::days(8 * n as i64);
        store.join(&room.id, vec![visitor(n)], week).await.unwrap();
        if n > 5 {
            store.leave(&room.id, visitor(n).place, Ending::Left, week).await.unwrap();
            store.sweep(&room.id, week).await.unwrap();
        }
    }
    let len = fs::metadata(dir.path().join("queue.journal")).unwrap().len();
    assert!(len < 4 * COMPACT_MIN, "{len} bytes for five places");
    let census = store.census(&room.id, now()).await.unwrap();
    drop(store);
    let store = MemoryStore::open(dir.path(), now()).unwrap();
    assert_eq!(store.census(&room.id, now()).await.unwrap(), census);
    for n in 1..=5 {
        assert_eq!(number_of(&store, n).await, Some(n));
    }
    let place = store.find(&room.id, vec![visitor(1).place], now()).await.unwrap().remove(0);
    assert_eq!(place.map(|place| place.standing), Some(Standing::Waiting));
}

#[tokio::test]
async fn one_folder_belongs_to_one_process() {
    let dir = tempfile::tempdir().unwrap();
    let store = MemoryStore::open(dir.path(), now()).unwrap();
    let error = MemoryStore::open(dir.path(), now()).err().unwrap().to_string();
    assert!(error.contains("--data-dir"), "{error}");
    drop(store);
    assert!(MemoryStore::open(dir.path(), now()).is_ok());
}

/// What a random caller with a wavering clock asks for.
async fn ask(store: &MemoryStore, room: &RoomId, what: u8, n: u64, now: Ts) {
    let place = visitor(n).place;
    let jti = Uuid::from_u128(u128::from(n) << 64 | u128::from(now.micros() as u64));
    match what {
        0..=2 => drop(store.join(room, vec![visitor(n)], now).await.unwrap()),
        3..=5 => drop(store.call(room, (n % 4) as u32, now).await.unwrap()),
        6..=8 => drop(store.claim(room, vec![Claim { place, jti }], now).await.unwrap()),
        9 => drop(store.leave(room, place, Ending::Left, now).await.unwrap()),
        _ => store.sweep(room, now).await.unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    /// Opened again, the lines are the same, whatever was asked and in whatever disorder of clocks.
    #[test]
    fn the_journal_leads_back_to_the_same_lines(
        asked in prop::collection::vec((0u8..12, 1u64..20, -2_000_000i64..20_000_000), 1..80)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let dir = tempfile::tempdir().unwrap();
            let store = MemoryStore::open(dir.path(), now()).unwrap();
            let room = Room { cap: 3, rate_per_minute: 10, lanes: lanes(&[3, 1, 2]), ..open_room() };
            store.put_room(room.clone(), now()).await.unwrap();
            let mut at = now();
            for (what, n, micros) in asked {
                ask(&store, &room.id, what, n, at).await;
                at = at + time::Duration::microseconds(micros);
            }
            let all: Vec<Uuid> = (1..20).map(|n| visitor(n).place).collect();
            let end = at + time::Duration::seconds(5);
            let before = (store.find(&room.id, all.clone(), end).await.unwrap(), store.census(&room.id, end).await.unwrap());
            drop(store);
            let store = MemoryStore::open(dir.path(), now()).unwrap();
            let after = (store.find(&room.id, all, end).await.unwrap(), store.census(&room.id, end).await.unwrap());
            prop_assert_eq!(before, after);
            Ok(())
        })?;
    }
}
