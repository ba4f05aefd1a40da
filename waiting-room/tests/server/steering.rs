//! Rooms whose outflow follows the shop's reports.

use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::access::Role;
use waiting_room::log::verify;

use crate::world::{ROOM, World, problem};

const HEALTH: &str = "/internal/v1/rooms/rock-night/health";

fn steering() -> Value {
    json!({"steering": {"rate_floor": 100, "rate_ceiling": 1100, "stock_percent": 100}})
}

async fn tell(world: &World, report: Value) -> Value {
    let answer = world.booking().post(HEALTH, Some(report)).await;
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.unwrap()
}

fn report(failed: u64, free: u64) -> Value {
    let stock = json!({"free": free, "held": 0});
    json!({"answers": 100, "failed": failed, "p95_ms": 40, "is_queueing": false, "stock": stock})
}

async fn pace(world: &World) -> Value {
    let admin = world.operator(Role::Admin);
    let room: Value = admin.get(format!("/api/v1/admin/rooms/{ROOM}")).await.json().await.unwrap();
    room["pace"].clone()
}

#[tokio::test]
async fn the_shops_reports_move_the_pace_that_operators_see() {
    let world = World::start().await;
    assert_eq!(pace(&world).await, json!({"rate_per_minute": 600, "cap": 10}));
    let own = json!({"rate_per_minute": 600, "cap": 10, "wants_stock": false});
    assert_eq!(tell(&world, report(50, 0)).await, own, "a room that is not steered");
    world.put_room(ROOM, steering()).await;
    let slowed = json!({"rate_per_minute": 300, "cap": 0, "wants_stock": true});
    assert_eq!(tell(&world, report(50, 0)).await, slowed);
    assert_eq!(pace(&world).await, json!({"rate_per_minute": 300, "cap": 0}));
    let visitor = world.visitor().await;
    assert_eq!(visitor.place().await["state"], "waiting", "nobody is called to a shop that is sold out");
    world.advance(5);
    tell(&world, report(0, 4)).await;
    assert_eq!(pace(&world).await, json!({"rate_per_minute": 350, "cap": 4}));
    visitor.enter().await;
    world.advance(31);
    assert_eq!(pace(&world).await, json!({"rate_per_minute": 400, "cap": 10}), "the shop is silent");
}

#[tokio::test]
async fn only_the_shop_reports_and_only_sound_steering_is_taken() {
    let world = World::start().await;
    for nobody in [world.browser(), world.operator(Role::Admin)] {
        problem(nobody.post(HEALTH, Some(report(0, 1))).await, 401, "invalid-token").await;
    }
    let unknown = world.booking().post("/internal/v1/rooms/nowhere/health", Some(report(0, 1))).await;
    problem(unknown, 404, "not-found").await;
    let settings = json!({"name": "N", "event": "1", "rate_per_minute": 60, "cap": 1, "claim_window_s": 60,
        "session_length_s": 600, "booking_url": "/", "steering": {"rate_floor": 61, "rate_ceiling": 600}});
    let refused = world.operator(Role::Admin).put("/api/v1/admin/rooms/new", settings).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let document: Value = refused.json().await.unwrap();
    assert_eq!(document["errors"][0]["pointer"], "/steering/rate_floor");
}

#[tokio::test]
async fn the_journal_tells_each_change_of_the_pace_and_its_bounds_are_checked() {
    let world = World::start().await;
    world.put_room(ROOM, steering()).await;
    tell(&world, report(50, 40)).await;
    let address = format!("{}/api/v1/rooms/{ROOM}", world.url);
    let mut told = None;
    for _ in 0..1000 {
        let published = verify::read(&address).await.unwrap();
        if let Some(at) = published.lines.iter().position(|line| line.contains("\"kind\":\"pace\"")) {
            told = Some((published, at));
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let (mut published, at) = told.expect("the change is written");
    let entry: Value = serde_json::from_str(&published.lines[at]).unwrap();
    assert_eq!((&entry["rate_per_minute"], &entry["cap"]), (&json!(300), &json!(10)));
    assert_eq!(verify::verify(&published).broken, []);
    published.lines[at] = published.lines[at].replace("300", "1101");
    let named: Vec<&str> = verify::verify(&published).broken.into_iter().map(|(name, _)| name).collect();
    assert!(named.contains(&"pace-out-of-bounds"), "{named:?}");
}
