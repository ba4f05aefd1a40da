//! Several nodes on one PostgreSQL: what one sells, the clients of the others see.
#![allow(clippy::unwrap_used)]

mod common;

use std::time::Duration;

use booking::{news, q};
use common::Shop;
use futures_util::StreamExt;
use serde_json::{Value, json};
use shared::access::Role;
use tokio_util::sync::CancellationToken;

/// Longest wait for what must come: generous, because machines may be slow; that it comes is the point.
const PATIENCE: Duration = Duration::from_secs(20);

/// Two nodes with clocks this far apart, and what stops their news.
async fn two_nodes(skew_s: i64) -> Option<(Shop, Shop, CancellationToken)> {
    let a = Shop::start(common::Engine::Postgres).await?;
    let b = a.another_node(skew_s).await;
    let stop = CancellationToken::new();
    for node in [&a, &b] {
        news::spawn(node.app.clone(), stop.clone());
    }
    Some((a, b, stop))
}

/// A client of a node's live seat map.
struct Watcher {
    events: std::pin::Pin<Box<dyn futures_util::Stream<Item = Value> + Send>>,
}

impl Watcher {
    async fn on(node: &Shop, session: i64) -> Self {
        let path = format!("/api/v1/sessions/{session}/seats/stream");
        let response = node.request(reqwest::Method::GET, &path, "").send().await.unwrap();
        assert_eq!(response.status(), 200);
        let chunks =
            response.bytes_stream().map(|chunk| String::from_utf8_lossy(&chunk.unwrap()).into_owned());
        let events = chunks.flat_map(|chunk| {
            let data = chunk.lines().filter_map(|line| line.strip_prefix("data: ").map(str::to_owned));
            futures_util::stream::iter(data.collect::<Vec<_>>())
        });
        let mut this = Self { events: Box::pin(events.map(|data| serde_json::from_str(&data).unwrap())) };
        this.next().await;
        this
    }

    async fn next(&mut self) -> Value {
        tokio::time::timeout(PATIENCE, self.events.next()).await.expect("an event in time").unwrap()
    }

    /// Waits until `seat` is shown as `state`.
    async fn sees(&mut self, seat: i64, state: &str) {
        loop {
            let event = self.next().await;
            if event["changes"].as_array().unwrap().contains(&json!([seat, state])) {
                return;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_seat_taken_on_one_node_turns_grey_on_the_other_in_both_directions() {
    let Some((a, b, stop)) = two_nodes(0).await else { return };
    let (session, seats) = a.hall(1, 6).await;
    for (i, (here, there)) in [(&a, &b), (&b, &a)].into_iter().enumerate() {
        let seat = seats[i * 3];
        let mut watcher = Watcher::on(there, session).await;
        let buyer = here.buyer().await;
        let (status, hold) = here.try_hold(session, &buyer, json!({ "seats": [seat] })).await;
        assert_eq!(status, 201, "{hold}");
        watcher.sees(seat, "h").await;
        let booking = here.book(&hold, &buyer).await;
        assert_eq!(here.pay(&booking, &buyer, common::buying::CARD).await.0, 200);
        watcher.sees(seat, "s").await;
    }
    stop.cancel();
}

/// Nothing is told and no clock agrees: the fallback alone must find it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_whose_clocks_are_ten_seconds_apart_still_see_each_others_seats() {
    let Some((slow, fast, stop)) = two_nodes(10).await else { return };
    stop.cancel();
    let (session, seats) = slow.hall(1, 8).await;
    let (buyer, other) = (slow.buyer().await, fast.buyer().await);
    // Every map has seen the fast clock before the slow one writes.
    let (mut on_slow, mut on_fast) = (Watcher::on(&slow, session).await, Watcher::on(&fast, session).await);
    assert_eq!(fast.try_hold(session, &other, json!({ "seats": [seats[0]] })).await.0, 201);
    on_slow.sees(seats[0], "h").await;
    on_fast.sees(seats[0], "h").await;
    assert_eq!(slow.try_hold(session, &buyer, json!({ "seats": [seats[4]] })).await.0, 201);
    on_fast.sees(seats[4], "h").await;
    on_slow.sees(seats[4], "h").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_changes_to_a_slower_node_misses_nothing_and_never_goes_back() {
    let Some((slow, fast, stop)) = two_nodes(10).await else { return };
    let (session, seats) = slow.hall(1, 8).await;
    let path = |version: &Value| format!("/api/v1/sessions/{session}/seats?since={version}");
    let (_, seen) = fast.get(&format!("/api/v1/sessions/{session}/seats"), "").await;
    let buyer = slow.buyer().await;
    assert_eq!(slow.try_hold(session, &buyer, json!({ "seats": [seats[2]] })).await.0, 201);
    let (_, delta) = slow.get(&path(&seen["version"]), "").await;
    assert!(delta["changes"].as_array().unwrap().contains(&json!([seats[2], "h"])), "{delta}");
    assert!(delta["version"].as_i64() > seen["version"].as_i64(), "a shop's page ignores what is not newer");
    // A version from nowhere moves nobody.
    let (_, before) = slow.get(&path(&json!(i64::MAX)), "").await;
    assert_eq!(before["version"], delta["version"]);
    stop.cancel();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_its_listener_killed_again_and_again_a_node_still_sees_everything() {
    let Some((a, b, stop)) = two_nodes(0).await else { return };
    let (session, seats) = a.hall(1, 9).await;
    let mut watcher = Watcher::on(&b, session).await;
    for (round, buyer) in a.buyers(3).await.iter().enumerate() {
        let seat = seats[round * 3];
        let listeners = async || kill_listeners(&a).await;
        let cut = async {
            while listeners().await == 0 {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(PATIENCE, cut).await.expect("a node listens again");
        assert_eq!(a.try_hold(session, buyer, json!({ "seats": [seat] })).await.0, 201);
        watcher.sees(seat, "h").await;
    }
    stop.cancel();
}

/// Ends the sessions that listen for news; how many.
async fn kill_listeners(shop: &Shop) -> usize {
    let booking::db::Dual::Pg(pool) = shop.app.db.ex() else { return 0 };
    let killed: Vec<bool> = sqlx::query_scalar(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND query LIKE 'LISTEN%'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    killed.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_changed_on_one_node_is_new_on_the_other_at_once() {
    let Some((a, b, stop)) = two_nodes(0).await else { return };
    let organizer = a.user(Role::Organizer).await.1;
    let (event, _) = a.event(&organizer, 75.0, 5).await;
    let path = format!("/api/v1/events/{event}");
    // The clock stands still, so what B keeps never grows old: only news can change its mind.
    assert_eq!(b.get(&path, "").await.1["name"], "Rock Night");
    let (status, changed) = a.patch(&path, &organizer, json!({ "name": "Jazz Night" })).await;
    assert_eq!(status, 200, "{changed}");
    let is_new = async {
        while b.get(&path, "").await.1["name"] != "Jazz Night" {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, is_new).await.expect("the other node shows the new name");
    stop.cancel();
}

/// Expiry is judged in the statement that claims: by the instant of who asks, with no sweeper running.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_lives_to_the_microsecond_on_every_node_whatever_its_clock_says() {
    let Some((a, b, stop)) = two_nodes(3).await else { return };
    stop.cancel();
    let (session, seats) = a.hall(1, 3).await;
    let (buyer, other) = (a.buyer().await, a.buyer().await);
    let (status, hold) = a.try_hold(session, &buyer, json!({ "seats": [seats[1]] })).await;
    assert_eq!(status, 201, "{hold}");
    let booking = a.book(&hold, &buyer).await;
    let deadline = time::Duration::minutes(a.app.settings.booking.hold_minutes);
    let (start, milli) = (a.app.now(), time::Duration::milliseconds(1));
    // Each node's own clock is turned to the same three instants around the deadline.
    for node in [&a, &b] {
        node.clock.advance(start + deadline - milli - node.app.now());
        let early = node.try_hold(session, &other, json!({ "seats": [seats[1]] })).await;
        assert_eq!((early.0, common::buying::slug(&early.1)), (409, "seat-taken"), "T-1 ms");
    }
    for node in [&a, &b] {
        node.clock.advance(milli);
        let late = node.pay(&booking, &buyer, common::buying::CARD).await;
        assert_eq!((late.0, common::buying::slug(&late.1)), (410, "hold-expired"), "T");
    }
    let (status, taken) = b.try_hold(session, &other, json!({ "seats": [seats[1]] })).await;
    assert_eq!(status, 201, "T: {taken}");
    a.clock.advance(milli);
    let late = a.pay(&booking, &buyer, common::buying::CARD).await;
    assert_eq!(late.0, 410, "T+1 ms: {}", late.1);
    let live = q!(a.app.db.ex(), val i64, "SELECT count(*) FROM seats WHERE state = 'held'").unwrap();
    assert_eq!(live, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hold_survives_the_node_that_gave_it() {
    let Some(a) = Shop::start(common::Engine::Postgres).await else { return };
    let (session, seats) = a.hall(1, 3).await;
    let (buyer, other) = (a.buyer().await, a.buyer().await);
    let (_, hold) = a.try_hold(session, &buyer, json!({ "seats": [seats[0]] })).await;
    let b = a.another_node(0).await;
    a.app.db.close().await;
    drop(a);
    booking::bookings::upkeep::tick(&b.app).await.unwrap();
    let (status, taken) = b.try_hold(session, &other, json!({ "seats": [seats[0]] })).await;
    assert_eq!((status, common::buying::slug(&taken)), (409, "seat-taken"));
    let booking = b.book(&hold, &buyer).await;
    assert_eq!(b.pay(&booking, &buyer, common::buying::CARD).await.0, 200);
}
