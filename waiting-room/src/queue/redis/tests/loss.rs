//! A Redis that lost the line, behind two nodes: who was first in her lane stays first, nobody goes in twice, and the sale
//! goes on.

use anyhow::{Result, ensure};
use shared::entropy::Entropy;
use shared::testing::Redis;

use super::super::*;
use super::start;
use crate::queue::Standing;
use crate::queue::codes::{CodeKey, CodeRefusal};
use crate::rooms::rules::tests::{lanes, open_room};

/// People in the line before the loss.
const VISITORS: u64 = 300;
/// Newcomers during the window.
const NEWCOMERS: u64 = 20;

fn room() -> Room {
    let lanes = lanes(&[1, 1]);
    Room {
        cap: 10,
        rate_per_minute: 6000,
        claim_window_s: 30,
        session_length_s: 6000,
        renewals_max: 1,
        lanes,
        ..open_room()
    }
}

fn after(seconds: i64) -> Ts {
    start() + Duration::seconds(seconds)
}

/// Visitor `n`, in one of two lanes by turns.
fn visitor(n: u64) -> Join {
    Join { lane: (n % 2) as u8, ..super::visitor(n) }
}

fn restore(n: u64) -> Restore {
    let Join { place, browser, lane, .. } = visitor(n);
    Restore { place, browser, number: n, lane, account: None, joined_at: start() }
}

fn jti(n: u64) -> Uuid {
    Uuid::from_u128(1_000_000 + u128::from(n))
}

async fn claimed(store: &RedisStore, n: u64, now: Ts) -> Result<Claimed> {
    let claim = Claim { place: visitor(n).place, jti: jti(n) };
    let answer = store.claim(&room().id, vec![claim], now).await?.pop();
    answer.ok_or_else(|| anyhow::anyhow!("no answer"))
}

async fn departed(store: &RedisStore, n: u64, now: Ts) -> Result<usize> {
    let depart = Depart { place: visitor(n).place, jti: jti(n), how: Ending::Finished };
    Ok(store.depart(&room().id, vec![depart], now).await?)
}

/// Two nodes and a line: 1 to 4 were inside and have left, 5 to 8 are inside, 9 and 10 are called, 20 has given up.
async fn a_sale(nodes: &[RedisStore; 2], snapshot: impl FnOnce()) -> Result<()> {
    let ([one, two], room) = (nodes, room());
    one.put_room(room.clone(), start()).await?;
    one.join(&room.id, (1..=VISITORS).map(visitor).collect(), start()).await?;
    one.call(&room.id, 100, start()).await?;
    for n in 1..=4 {
        claimed(two, n, after(1)).await?;
    }
    snapshot();
    for n in 1..=4 {
        departed(one, n, after(2)).await?;
    }
    one.leave(&room.id, visitor(20).place, Ending::Left, after(2)).await?;
    for node in nodes {
        node.rooms().await?;
        node.changes_since(&room.id, 0).await?;
        node.census(&room.id, after(2)).await?;
    }
    // Heard of by nobody but the node that answered.
    for n in 5..=8 {
        ensure!(matches!(claimed(two, n, after(3)).await?, Claimed::Admitted(_)));
    }
    let wish = Renew { place: visitor(5).place, until: after(6003) };
    ensure!(matches!(two.renew(&room.id, wish, after(3)).await?, Renewed::Until(_)));
    Ok(())
}

/// Everybody comes back in any order, newcomers between them; then the sale goes on to its end.
async fn goes_on(nodes: &[RedisStore; 2]) -> Result<()> {
    let ([one, two], room) = (nodes, room());
    ensure!(one.call(&room.id, 100, after(4)).await? == 0, "nobody is called while people come back");
    two.rooms().await?;
    two.call(&room.id, 100, after(4)).await?;
    let entropy = Entropy::seeded(5);
    let mut coming: Vec<u64> = (1..=VISITORS + NEWCOMERS).collect();
    while !coming.is_empty() {
        let n = coming.swap_remove(entropy.below(coming.len() as u32) as usize);
        let node = &nodes[entropy.below(2) as usize];
        if n > VISITORS {
            node.join(&room.id, vec![visitor(n)], after(6)).await?;
        } else if node.find(&room.id, vec![visitor(n).place], after(6)).await?[0].is_none() {
            node.restore(&room.id, vec![restore(n)], after(6)).await?;
        }
    }
    ensure!(
        matches!(one.changes_since(&room.id, 0).await?, Changes::Restoring { .. }),
        "views are told that the line is being restored"
    );
    for n in (1..=4).chain([20]) {
        // Also before anybody asks for it: whoever only looks is told the same, and the cap is others'.
        let found = one.find(&room.id, vec![visitor(n).place], after(7)).await?;
        ensure!(found[0].as_ref().is_none_or(|place| place.standing.is_over()), "{n} is shown as {found:?}");
        let back = claimed(two, n, after(7)).await?;
        ensure!(matches!(back, Claimed::Over(_)), "{n} is back: {back:?}");
    }
    let admitted = one.census(&room.id, after(7)).await?.admitted;
    ensure!(admitted == 4, "{admitted} are inside, and four have left");
    for n in 5..=8 {
        let same = claimed(one, n, after(7)).await?;
        let Claimed::Admitted(Place { standing: Standing::Admitted { jti: now, renewals, .. }, .. }) = same
        else {
            anyhow::bail!("{n} was inside: {same:?}");
        };
        ensure!(now == jti(n), "{n} has another admission");
        ensure!(renewals == u8::from(n == 5), "{n} has {renewals} renewals");
    }
    ensure!(one.call(&room.id, 100, after(20)).await? == 0, "still nobody is called");
    sells_out(nodes).await
}

/// Calls and serves everybody left: in the order of the line, newcomers last, never more than the cap.
async fn sells_out(nodes: &[RedisStore; 2]) -> Result<()> {
    let (room, mut order) = (room(), Vec::new());
    let mut waiting: Vec<u64> = (9..=VISITORS + NEWCOMERS).filter(|n| *n != 20).collect();
    for round in 0..100 {
        let (node, now) = (&nodes[round % 2], after(40 + round as i64));
        node.call(&room.id, 100, now).await?;
        let mut came = Vec::new();
        for n in waiting.iter().copied().take(40) {
            if matches!(claimed(node, n, now).await?, Claimed::Admitted(_)) {
                came.push(n);
            }
        }
        let census = node.census(&room.id, now).await?;
        ensure!(census.admitted <= room.cap.into(), "{} inside", census.admitted);
        for n in &came {
            ensure!(departed(node, *n, now).await? == 1);
        }
        waiting.retain(|n| !came.contains(n));
        order.extend(came);
    }
    ensure!(waiting.is_empty(), "{waiting:?} never came in");
    // Newcomers stand in the order they happened to come in; everybody else in that of their numbers.
    for lane in [0, 1] {
        let order: Vec<u64> = order.iter().copied().filter(|n| n % 2 == lane).collect();
        let returners = order.iter().take_while(|n| **n <= VISITORS).count();
        let newcomers = order.len() - returners;
        ensure!(order[..returners].is_sorted() && newcomers == NEWCOMERS as usize / 2, "{order:?}");
    }
    for checked in nodes[0].inspect(&room.id, after(200)).await? {
        ensure!(checked.offenders.is_empty(), "{}: {:?}", checked.sentence, checked.offenders);
    }
    Ok(())
}

async fn two_nodes(url: &str) -> [RedisStore; 2] {
    [RedisStore::open(url).await.unwrap(), RedisStore::open(url).await.unwrap()]
}

#[tokio::test]
async fn an_emptied_redis_gets_the_line_back_in_its_order() {
    let Some(redis) = Redis::start() else { return };
    let nodes = two_nodes(&redis.database()).await;
    a_sale(&nodes, || {}).await.unwrap();
    let epoch = nodes[0].epoch(&room().id).await.unwrap();
    redis.cli(&["FLUSHALL"]);
    goes_on(&nodes).await.unwrap();
    assert!(nodes[1].epoch(&room().id).await.unwrap() > epoch);
    assert_eq!(nodes[1].rooms().await, Ok(vec![room()]));
}

/// A token of the line that another node has made anew is as good as the store says, not as this node knows.
#[tokio::test]
async fn a_node_hears_of_a_new_line_by_the_tokens_of_another() {
    let Some(redis) = Redis::start() else { return };
    let [one, two] = two_nodes(&redis.database()).await;
    let id = room().id;
    one.put_room(room(), start()).await.unwrap();
    one.rooms().await.unwrap();
    let before = two.epoch(&id).await.unwrap();
    redis.cli(&["FLUSHALL"]);
    one.join(&id, vec![visitor(1)], after(1)).await.unwrap();
    let made = one.epoch(&id).await.unwrap();
    assert!(made > before && two.epoch(&id).await.unwrap() == before, "the other has not heard of it");
    assert!(two.has_begun(&id, made).await.unwrap() && two.has_begun(&id, before).await.unwrap());
    assert!(!two.has_begun(&id, made + 1).await.unwrap());
}

#[tokio::test]
async fn an_old_snapshot_is_noticed_and_brought_up_to_date() {
    let Some(mut redis) = Redis::start() else { return };
    let nodes = two_nodes(&redis.database()).await;
    a_sale(&nodes, || drop(redis.cli(&["SAVE"]))).await.unwrap();
    redis.restart(|_| {});
    for node in &nodes {
        for _ in 0..1000 {
            if node.rooms().await.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    goes_on(&nodes).await.unwrap();
}

/// Redis goes back to before an admission, and is written to by a node that has not heard of it, as often as to let somebody in, before
/// the one that has comes by.
async fn goes_another_way(redis: &mut Redis, nodes: &[RedisStore; 2]) -> Result<()> {
    let ([one, two], room) = (nodes, room());
    one.put_room(room.clone(), start()).await?;
    one.join(&room.id, (1..=VISITORS).map(visitor).collect(), start()).await?;
    one.call(&room.id, 100, start()).await?;
    two.rooms().await?;
    redis.cli(&["SAVE"]);
    ensure!(matches!(claimed(two, 1, after(1)).await?, Claimed::Admitted(_)));
    redis.restart(|_| {});
    let newcomer = |n: u64| one.join(&room.id, vec![visitor(n)], after(2));
    for n in VISITORS + 1..VISITORS + 9 {
        for _ in 0..1000 {
            if newcomer(n).await.is_ok() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }
    let again = Claim { place: visitor(1).place, jti: jti(99) };
    for _ in 0..1000 {
        // Once it has noticed, the other node tells what it knows.
        if two.claim(&room.id, vec![again], after(3)).await.is_ok() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let found = one.find(&room.id, vec![visitor(1).place], after(3)).await?;
    let standing = found[0].as_ref().map(|place| place.standing);
    ensure!(
        matches!(standing, Some(Standing::Admitted { jti: now, .. }) if now == jti(1)),
        "was admitted, and is {standing:?}"
    );
    let newcomers = (VISITORS + 1..VISITORS + 9).map(|n| visitor(n).place).collect();
    ensure!(one.find(&room.id, newcomers, after(3)).await?.iter().all(Option::is_some), "a place is lost");
    Ok(())
}

#[tokio::test]
async fn a_redis_that_went_back_and_then_another_way_is_noticed() {
    let Some(mut redis) = Redis::start() else { return };
    let nodes = two_nodes(&redis.database()).await;
    goes_another_way(&mut redis, &nodes).await.unwrap();
}

#[tokio::test]
async fn without_the_times_of_versions_another_way_is_not_noticed() {
    let Some(mut redis) = Redis::start() else { return };
    let url = redis.database();
    let open = async || RedisStore::tampered(&url, "-- guard Branch", "return false").await.unwrap();
    let nodes = [open().await, open().await];
    assert!(goes_another_way(&mut redis, &nodes).await.is_err(), "nobody noticed that nobody noticed");
}

#[tokio::test]
async fn when_every_node_restarts_too_their_disks_tell_the_rest() {
    let Some(redis) = Redis::start() else { return };
    let (url, disks) = (redis.database(), [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()]);
    let nodes = [node(&url, &disks[0]).await, node(&url, &disks[1]).await];
    a_sale(&nodes, || {}).await.unwrap();
    drop(nodes);
    redis.cli(&["FLUSHALL"]);
    let nodes = [node(&url, &disks[0]).await, node(&url, &disks[1]).await];
    goes_on(&nodes).await.unwrap();
    assert!(nodes[0].rooms().await.is_ok_and(|rooms| rooms == [room()]));
}

/// A node with its own disk, once its predecessor has let go of it.
async fn node(url: &str, disk: &tempfile::TempDir) -> RedisStore {
    for _ in 0..1000 {
        let node = Node {
            data_dir: disk.path(),
            answer_timeout: ANSWER_TIMEOUT,
            rebuild_window: REBUILD_WINDOW,
            now: start(),
        };
        if let Ok(store) = RedisStore::open_as_node(url, &node).await {
            return store;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the predecessor never let go of its disk");
}

/// A code comes back with its uses from the nodes that made and used it; until both have told, nobody uses it.
#[tokio::test]
async fn codes_and_their_uses_come_back() {
    let Some(redis) = Redis::start() else { return };
    let (url, disks) = (redis.database(), [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()]);
    let [one, two] = [node(&url, &disks[0]).await, node(&url, &disks[1]).await];
    let (room, key) = (room(), CodeKey(jti(1)));
    let code =
        Code { key, lane: 1, uses_max: 2, uses: 0, expires_at: None, revoked: false, label: "L".into() };
    one.put_room(room.clone(), start()).await.unwrap();
    one.put_codes(&room.id, vec![code.clone()], start()).await.unwrap();
    two.rooms().await.unwrap();
    let join = |n: u64| vec![Join { code: Some(key), ..visitor(n) }];
    assert!(matches!(two.join(&room.id, join(2), start()).await.unwrap()[0], Joined::New(_)));
    one.changes_since(&room.id, 0).await.unwrap();
    drop((one, two));
    redis.cli(&["FLUSHALL"]);
    let [one, two] = [node(&url, &disks[0]).await, node(&url, &disks[1]).await];
    one.rooms().await.unwrap();
    let early = one.join(&room.id, join(4), after(1)).await.unwrap();
    assert_eq!(early, [Joined::NoEntry(CodeRefusal::Restoring)]);
    two.census(&room.id, after(2)).await.unwrap();
    assert_eq!(one.codes(&room.id).await.unwrap(), [Code { uses: 1, ..code }]);
    assert!(matches!(one.join(&room.id, join(6), after(30)).await.unwrap()[0], Joined::New(_)));
    let spent = two.join(&room.id, join(8), after(30)).await.unwrap();
    assert_eq!(spent, [Joined::NoEntry(CodeRefusal::UsedUp)]);
}

/// What the guards of the rebuild are for.
#[tokio::test]
async fn without_the_guards_of_the_rebuild_the_loss_shows() {
    for (marked, instead) in
        [("-- guard Loss", "do return false end"), ("-- guard Over", "return false"), ("-- guard Window", "")]
    {
        let Some(redis) = Redis::start() else { return };
        let url = redis.database();
        let open = async || RedisStore::tampered(&url, marked, instead).await.unwrap();
        let nodes = [open().await, open().await];
        a_sale(&nodes, || {}).await.unwrap();
        redis.cli(&["FLUSHALL"]);
        assert!(goes_on(&nodes).await.is_err(), "nobody noticed that “{marked}” was off");
    }
}

/// Not a test: how long 100,000 places take to be back, put back by two nodes at the same time. Run it with
/// `cargo test --release -p waiting-room --lib a_hundred_thousand -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn a_hundred_thousand_places_are_back_in_their_order() {
    const PLACES: u64 = 100_000;
    let Some(redis) = Redis::start() else { return };
    let nodes = two_nodes(&redis.database()).await;
    let room = room();
    nodes[0].put_room(room.clone(), start()).await.unwrap();
    nodes[0].join(&room.id, (1..=PLACES).map(visitor).collect(), start()).await.unwrap();
    for node in &nodes {
        node.rooms().await.unwrap();
        node.changes_since(&room.id, 0).await.unwrap();
    }
    redis.cli(&["FLUSHALL"]);
    let begun = std::time::Instant::now();
    nodes[0].rooms().await.unwrap();
    // Half of them watch at each node; they come back in an order of their own.
    let half = |which: u64| (1..=PLACES).rev().filter(|n| n % 2 == which).map(restore).collect();
    let (even, odd) = tokio::join!(
        nodes[0].restore(&room.id, half(0), after(1)),
        nodes[1].restore(&room.id, half(1), after(1))
    );
    let back = even.unwrap().len() + odd.unwrap().len();
    let seconds = begun.elapsed().as_secs_f64();
    nodes[1].call(&room.id, 0, after(60)).await.unwrap();
    let Changes::Whole(whole) = nodes[1].changes_since(&room.id, 0).await.unwrap() else {
        panic!("too late")
    };
    let ahead = |number: u64| whole.waiting.iter().map(|lane| lane.ahead_of(number)).sum::<u64>();
    let distance: u64 = (1..=PLACES).map(|number| ahead(number).abs_diff(number - 1)).sum();
    let lost = PLACES - ahead(PLACES + 1);
    println!("{back} places put back in {seconds:.1} s, {lost} lost, order distance {distance}");
    assert_eq!((lost, distance), (0, 0));
}
