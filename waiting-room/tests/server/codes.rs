//! Access codes.

use reqwest::{Response, StatusCode};
use serde_json::{Value, json};
use shared::access::Role;

use crate::world::{Browser, ROOM, World, problem};

/// A world whose room has a lane for members with a code, and perhaps nothing else.
async fn world(by_invitation: bool) -> World {
    let world = World::start().await;
    let lanes = json!([
        {"name": "general", "weight": 1, "needs_code": by_invitation},
        {"name": "members", "weight": 3, "needs_code": true},
    ]);
    world.put_room(ROOM, json!({"lanes": lanes})).await;
    world
}

fn codes_path() -> String {
    format!("/api/v1/admin/rooms/{ROOM}/codes")
}

/// Makes codes.
async fn made(world: &World, wish: Value) -> Vec<String> {
    let answer = world.operator(Role::Organizer).post(codes_path(), Some(wish)).await;
    assert_eq!(answer.status(), StatusCode::CREATED);
    assert_eq!(answer.headers()["cache-control"], "no-store");
    let answer: Value = answer.json().await.unwrap();
    answer["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap().to_owned()).collect()
}

async fn listed(world: &World) -> Vec<Value> {
    world.operator(Role::Admin).get(codes_path()).await.json().await.unwrap()
}

async fn join_with(browser: &Browser, code: &str) -> Response {
    browser.post(format!("/api/v1/rooms/{ROOM}/places"), Some(json!({"access_code": code}))).await
}

#[tokio::test]
async fn a_code_opens_its_lane_once_and_the_list_knows_how_often() {
    let world = world(true).await;
    let room: Value = world.browser().get(format!("/api/v1/rooms/{ROOM}")).await.json().await.unwrap();
    assert_eq!(room["invite_only"], true);
    let refused = problem(world.browser().join().await, 403, "code-needed").await;
    assert!(refused["detail"].as_str().unwrap().contains(&format!("/queue/{ROOM}/code")));
    let codes = made(&world, json!({"count": 3, "lane": "members", "label": "mail of May"})).await;
    problem(join_with(&world.browser(), "WRNG-WRNG-WRNG").await, 422, "unknown-access-code").await;
    let member = world.browser();
    let joined = join_with(&member, &codes[0].to_lowercase().replace('-', " ")).await;
    assert_eq!(joined.status(), StatusCode::CREATED);
    assert_eq!(joined.json::<Value>().await.unwrap()["place"]["lane"], "members");
    assert_eq!(join_with(&member, &codes[0]).await.status(), StatusCode::OK, "her own place again");
    assert_eq!(member.join().await.status(), StatusCode::OK, "also without the code");
    problem(join_with(&world.browser(), &codes[0]).await, 409, "code-used-up").await;
    let list = listed(&world).await;
    assert_eq!(list.iter().map(|code| code["uses"].as_u64().unwrap()).sum::<u64>(), 1);
    assert!(list.iter().all(|code| code["lane"] == "members" && code["label"] == "mail of May"));
    let text = serde_json::to_string(&list).unwrap();
    assert!(codes.iter().all(|code| !text.contains(code.as_str())), "a code is shown once only");
}

#[tokio::test]
async fn given_codes_serve_several_until_they_expire_or_are_taken_back() {
    let world = world(false).await;
    let expires_at = world.clock.now() + time::Duration::seconds(100);
    let wish =
        json!({"codes": ["Fan-Club 2026"], "lane": "members", "uses_max": 3, "expires_at": expires_at});
    made(&world, wish.clone()).await;
    assert_eq!(join_with(&world.browser(), "FANCLUB2026").await.status(), StatusCode::CREATED);
    made(&world, wish).await;
    assert_eq!(listed(&world).await[0]["uses"], 1, "made again it is the same code");
    world.advance(100);
    problem(join_with(&world.browser(), "fan-club-2026").await, 410, "code-over").await;
    made(&world, json!({"codes": ["second chance"], "uses_max": 9})).await;
    let guest: Value = join_with(&world.browser(), "SecondChance").await.json().await.unwrap();
    assert_eq!(guest["place"]["lane"], "general");
    let list = listed(&world).await;
    let id = list.iter().find(|code| code["uses_max"] == 9).unwrap()["id"].as_str().unwrap().to_owned();
    let revoked = world.operator(Role::Admin).delete(format!("{}/{id}", codes_path())).await;
    assert_eq!(revoked.status(), StatusCode::NO_CONTENT);
    problem(join_with(&world.browser(), "second chance").await, 410, "code-over").await;
    let nothing = world.operator(Role::Admin).delete(format!("{}/nothing", codes_path())).await;
    problem(nothing, 404, "not-found").await;
}

#[tokio::test]
async fn only_operators_make_codes_and_only_sound_ones() {
    let world = world(false).await;
    for role in [Role::Guest, Role::Gate] {
        problem(world.operator(role).post(codes_path(), Some(json!({"count": 1}))).await, 403, "not-allowed")
            .await;
        problem(world.operator(role).get(codes_path()).await, 403, "not-allowed").await;
        problem(world.operator(role).delete(format!("{}/x", codes_path())).await, 403, "not-allowed").await;
    }
    let admin = world.operator(Role::Admin);
    for (wish, slug) in [
        (json!({}), "out-of-range"),
        (json!({"count": 0}), "out-of-range"),
        (json!({"count": 1001}), "out-of-range"),
        (json!({"count": 1, "codes": ["abcdef"]}), "out-of-range"),
        (json!({"codes": ["abc"]}), "bad-code"),
        (json!({"codes": ["früh"]}), "bad-code"),
        (json!({"count": 1, "uses_max": 0}), "out-of-range"),
        (json!({"count": 1, "lane": "vip"}), "unknown-lane"),
        (json!({"count": 1, "label": "x".repeat(65)}), "bad-text"),
    ] {
        problem(admin.post(codes_path(), Some(wish)).await, 422, slug).await;
    }
    problem(admin.get(format!("{}?page=2", codes_path())).await, 422, "unknown-parameter").await;
    problem(admin.get(format!("{}?after=2", codes_path())).await, 422, "bad-query").await;
    made(&world, json!({"count": 150})).await;
    let page = admin.get(codes_path()).await;
    let link = page.headers()["link"].to_str().unwrap().to_owned();
    assert_eq!(page.json::<Vec<Value>>().await.unwrap().len(), 100);
    let next = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    let rest = admin.get(next).await;
    assert!(!rest.headers().contains_key("link"));
    assert_eq!(rest.json::<Vec<Value>>().await.unwrap().len(), 50);
}

#[tokio::test]
async fn guessing_codes_is_slowed_down() {
    let world = World::start_with(|settings| settings.waiting_room.codes_per_minute = 2).await;
    world.put_room(ROOM, json!({})).await;
    for _ in 0..2 {
        problem(join_with(&world.browser(), "guess").await, 422, "unknown-access-code").await;
    }
    problem(join_with(&world.browser(), "guess").await, 429, "slow-down").await;
    assert_eq!(world.browser().join().await.status(), StatusCode::CREATED, "who tries none is not concerned");
}

#[tokio::test]
async fn the_page_asks_for_the_code() {
    let world = world(true).await;
    let code = made(&world, json!({"count": 1})).await.remove(0);
    let visitor = world.browser();
    let page = visitor.get(format!("/queue/{ROOM}")).await;
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'none'"));
    assert!(page.text().await.unwrap().contains("name=\"code\""));
    let send = async |code: &str| {
        let form = visitor.client.post(format!("{}/queue/{ROOM}", visitor.url));
        let form = form.header("content-type", "application/x-www-form-urlencoded");
        visitor.send(form.body(format!("code={code}"))).await
    };
    let wrong = send("nonsense").await;
    assert_eq!(wrong.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text().await.unwrap().contains("role=\"alert\""));
    let right = send(&code).await;
    assert_eq!(
        (right.status(), right.headers()["location"].to_str().unwrap()),
        (StatusCode::SEE_OTHER, "/queue/rock-night")
    );
    visitor.place_when("called").await;
    assert!(!visitor.get(format!("/queue/{ROOM}")).await.text().await.unwrap().contains("name=\"code\""));
    let form = world.browser().get(format!("/queue/{ROOM}/code")).await;
    assert!(form.text().await.unwrap().contains("name=\"code\""));
}
