//! The copy of a journal that each node has beside Redis: it gives back what Redis has lost, also when every node was restarted, and a
//! copy of another journal is put aside.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};
use shared::testing::Redis;
use waiting_room::log::verify;

use crate::world::{ROOM, World};

/// Rounds of looking for a condition, far more than any takes.
const LOOKS_MAX: usize = 1000;

async fn journal(world: &World) -> Vec<String> {
    let answer = world.browser().get(format!("/api/v1/rooms/{ROOM}/journal/entries/0")).await;
    answer.text().await.unwrap().lines().map(str::to_owned).collect()
}

/// The journal once it is as wanted.
async fn journal_when(world: &World, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
    for _ in 0..LOOKS_MAX {
        let lines = journal(world).await;
        if wanted(&lines) {
            return lines;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the journal never became so: {:?}", journal(world).await);
}

fn has(lines: &[String], kind: &str) -> bool {
    lines.iter().any(|line| serde_json::from_str::<Value>(line).unwrap()["kind"] == kind)
}

fn copy(data: &Path) -> Vec<String> {
    let text = fs::read_to_string(data.join("journals").join(format!("{ROOM}.copy"))).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// A world over a Redis of its own in which somebody went in and an operator acted, and its journal.
async fn lived_in(redis: &Redis) -> (World, Vec<String>) {
    let world = World::start_over(redis.database(), |_| {}).await;
    world.visitor().await.enter().await;
    world.press("pause").await;
    let lines = journal_when(&world, |lines| {
        has(lines, "act") && has(lines, "moved") && lines.iter().any(|line| line.contains("\"paused\""))
    });
    let lines = lines.await;
    (world, lines)
}

async fn is_in_order(world: &World) {
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    assert_eq!(verify::verify(&published).broken, []);
}

#[tokio::test]
async fn a_redis_that_lost_the_journal_while_every_node_was_down_is_given_it_back() {
    let Some(redis) = Redis::start() else { return };
    let (world, before) = lived_in(&redis).await;
    let mut kept = Vec::new();
    let world = world
        .restart_after(|data| {
            kept = copy(data);
            redis.cli(&["FLUSHALL"]);
        })
        .await;
    assert!(kept.starts_with(&before), "every entry that was read is in the copy: {kept:?}");
    // The settings went with it; whoever puts them again finds the journal as it was.
    world.put_room(ROOM, json!({})).await;
    let after = journal_when(&world, |lines| lines.len() > kept.len()).await;
    assert!(after.starts_with(&kept), "{after:?}");
    is_in_order(&world).await;
}

#[tokio::test]
async fn a_copy_of_another_journal_is_put_aside_and_the_store_is_believed() {
    let Some(redis) = Redis::start() else { return };
    let (world, before) = lived_in(&redis).await;
    let mut forged = Vec::new();
    let world = world
        .restart_after(|data| {
            forged = copy(data);
            let last = forged.last_mut().unwrap();
            *last = last.replacen("\"at\":\"20", "\"at\":\"19", 1);
            let text: String = forged.iter().flat_map(|line| [line.as_str(), "\n"]).collect();
            fs::write(data.join("journals").join(format!("{ROOM}.copy")), text).unwrap();
        })
        .await;
    world.press("resume").await;
    let after = journal_when(&world, |lines| lines.len() > forged.len()).await;
    assert!(after.starts_with(&before) && !after.starts_with(&forged), "{after:?}");
    is_in_order(&world).await;
    let (mut fresh, mut aside) = (Vec::new(), String::new());
    let _world = world
        .restart_after(|data| {
            fresh = copy(data);
            aside = fs::read_to_string(data.join("journals").join(format!("{ROOM}.apart"))).unwrap();
        })
        .await;
    assert!(fresh.starts_with(&after), "the new copy is of the store's journal: {fresh:?}");
    assert_eq!(aside.lines().collect::<Vec<_>>(), forged, "what was put aside is for people to look at");
}
