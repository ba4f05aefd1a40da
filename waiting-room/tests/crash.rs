//! kill -9 of a process that keeps the lines: what was answered is there afterwards, and nobody goes in twice.
//!
//! The test starts itself as a child ([`child`]), which works on the lines from many tasks and reports each
//! answer on its standard output. The parent kills it in the middle, looks, and starts the next one.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]
#![allow(clippy::print_stdout, reason = "the child reports to its parent")]

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use shared::clock::{Clock, Ts};
use shared::config::Settings;
use shared::entropy::Entropy;
use uuid::Uuid;
use waiting_room::queue::memory::MemoryStore;
use waiting_room::queue::{
    BrowserKey, Claim, Claimed, Depart, Ending, Epoch, Join, Joined, Place, QueueStore, Standing,
};
use waiting_room::rooms::rules::{Mode, Room, RoomId, one_lane};

/// Tells the child where the lines are.
const DIR: &str = "RUSHLINE_TEST_CRASH_DIR";
/// How often the process is killed.
const ROUNDS: u64 = 8;
/// Visitors at work at the same time.
const TASKS: u64 = 24;

fn room() -> Room {
    Room {
        id: RoomId::parse("rock-night").unwrap(),
        name: "Rock Night".into(),
        event: "1".into(),
        lobby_at: None,
        opens_at: None,
        closes_at: None,
        rate_per_minute: 1_000_000,
        // Visits under way when the process is killed stay; the next one must still find room.
        cap: 1000,
        claim_window_s: 600,
        session_length_s: 6000,
        booking_url: "/".into(),
        message: None,
        theme: Default::default(),
        entry: Default::default(),
        mode: Mode::Open,
        deferral_s: 0,
        grace_s: 0,
        idle_percent: 0,
        renewals_max: 0,
        renewal_s: 0,
        steering: None,
        one_per_account: false,
        lanes: one_lane(),
        draw: false,
        owner: None,
        drawn_at: None,
    }
}

/// What the child was told.
#[derive(Default)]
struct Acknowledged {
    epochs: HashSet<Epoch>,
    joined: HashMap<Uuid, u64>,
    admitted: HashMap<Uuid, Uuid>,
    departed: HashSet<Uuid>,
}

impl Acknowledged {
    fn take(&mut self, line: &str) -> bool {
        let words: Vec<&str> = line.split(' ').collect();
        match words[..] {
            ["epoch", epoch] => {
                self.epochs.insert(epoch.parse().unwrap());
            }
            ["joined", place, number] => {
                self.joined.insert(place.parse().unwrap(), number.parse().unwrap());
            }
            ["admitted", place, jti] => {
                self.admitted.insert(place.parse().unwrap(), jti.parse().unwrap());
            }
            ["departed", place] => {
                self.departed.insert(place.parse().unwrap());
            }
            _ => return false,
        }
        true
    }
}

#[test]
fn what_was_answered_survives_kill_9_and_nobody_goes_in_twice() {
    let dir = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime
        .block_on(waiting_room::add_rooms(
            &Settings::for_test(dir.path()),
            vec![room()],
            Clock::system().now(),
        ))
        .unwrap();
    let mut told = Acknowledged::default();
    for round in 1..=ROUNDS {
        let answers = Entropy::seeded(round).below(400) + 50;
        run_child_until(dir.path(), answers, &mut told);
        runtime.block_on(look(dir.path(), &told));
    }
    assert_eq!(told.epochs.len(), 1, "the same lines all along");
    assert!(told.departed.len() > 20, "the child got somewhere: {} departures", told.departed.len());
}

/// Starts the child, kills it after so many answers, and takes in all it said before it died.
fn run_child_until(dir: &Path, answers: u32, told: &mut Acknowledged) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["child", "--exact", "--ignored", "--nocapture"])
        .env(DIR, dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut seen = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        // The last line may be torn.
        let Ok(line) = line else { break };
        let Some(answer) = line.strip_suffix(" .") else { continue };
        seen += u32::from(told.take(answer));
        if seen == answers {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    assert!(seen >= answers, "the child ended by itself");
}

/// Opens the lines and compares them with what was answered.
async fn look(dir: &Path, told: &Acknowledged) {
    let now = Clock::system().now();
    let store = MemoryStore::open(dir, now).unwrap();
    let id = room().id;
    let find = async |place: &Uuid| store.find(&id, vec![*place], now).await.unwrap().remove(0).unwrap();
    let mut numbers = HashSet::new();
    for (place, number) in &told.joined {
        assert_eq!(find(place).await.number, *number);
        assert!(numbers.insert(*number), "number {number} was given twice");
    }
    for (place, admission) in &told.admitted {
        match find(place).await.standing {
            Standing::Admitted { jti, .. } => assert_eq!(jti, *admission),
            standing => assert!(standing.is_over(), "{place} was admitted and is {standing:?}"),
        }
    }
    for place in &told.departed {
        let claim = Claim { place: *place, jti: *place };
        let again = store.claim(&id, vec![claim], now).await.unwrap().remove(0);
        assert!(matches!(again, Claimed::Over(_)), "{place} was let in twice: {again:?}");
    }
}

/// Not a test of its own: the process that is killed.
#[test]
#[ignore = "started by the test above"]
fn child() {
    let dir = std::env::var_os(DIR).expect("started by the test above");
    // The parent holds the other end: should it die first, so does the child.
    std::thread::spawn(|| {
        std::process::exit(std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).map_or(1, |_| 0))
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(async {
        let store = Arc::new(MemoryStore::open(Path::new(&dir), Clock::system().now()).unwrap());
        println!("epoch {} .", store.epoch(&room().id).await.unwrap());
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..TASKS {
            tasks.spawn(visits(store.clone()));
        }
        tasks.join_all().await;
    });
}

/// One visitor after the other, from joining to being gone, until the process is killed.
async fn visits(store: Arc<MemoryStore>) {
    let (entropy, id) = (Entropy::system(), room().id);
    loop {
        let now = Clock::system().now();
        let join = Join {
            place: entropy.uuid_v7(now),
            browser: BrowserKey::of_hash(&entropy.code(20)),
            lane: 0,
            code: None,
            account: None,
        };
        let joined = store.join(&id, vec![join], now).await.unwrap().remove(0);
        let Joined::New(place) = joined else { panic!("{joined:?}") };
        println!("joined {} {} .", place.id, place.number);
        let jti = go_in(&store, &id, &place, entropy.uuid_v7(now)).await;
        println!("admitted {} {jti} .", place.id);
        let depart = Depart { place: place.id, jti, how: Ending::Finished };
        assert_eq!(store.depart(&id, vec![depart], Clock::system().now()).await.unwrap(), 1);
        println!("departed {} .", place.id);
    }
}

async fn go_in(store: &MemoryStore, id: &RoomId, place: &Place, jti: Uuid) -> Uuid {
    loop {
        let now: Ts = Clock::system().now();
        store.call(id, 1000, now).await.unwrap();
        let claim = Claim { place: place.id, jti };
        match store.claim(id, vec![claim], now).await.unwrap().remove(0) {
            Claimed::Admitted(Place { standing: Standing::Admitted { jti, .. }, .. }) => return jti,
            Claimed::Waiting(_) | Claimed::AtDoor(_) => tokio::task::yield_now().await,
            other => panic!("{other:?}"),
        }
    }
}
