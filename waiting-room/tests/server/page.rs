//! The queue page without JavaScript.

use reqwest::StatusCode;
use serde_json::json;

use crate::world::{ROOM, World};

#[tokio::test]
async fn the_whole_way_works_without_javascript() {
    let world = World::start().await;
    let browser = world.browser();
    let page = browser.get(format!("/queue/{ROOM}")).await;
    assert_eq!(page.status(), StatusCode::OK);
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("frame-ancestors 'none'") && policy.contains("form-action 'self'"), "{policy}");
    assert!(page.text().await.unwrap().contains("Join the line"));
    let joined = browser.post(format!("/queue/{ROOM}"), None).await;
    assert_eq!(
        (joined.status(), &joined.headers()["location"]),
        (StatusCode::SEE_OTHER, &"/queue/rock-night".parse().unwrap())
    );
    browser.place_when("called").await;
    assert!(browser.get(format!("/queue/{ROOM}")).await.text().await.unwrap().contains("It is your turn"));
    let entered = browser.post(format!("/queue/{ROOM}/enter"), None).await;
    assert_eq!(entered.status(), StatusCode::SEE_OTHER);
    assert!(entered.headers()["location"].to_str().unwrap().starts_with("/events/1#admission="));
    let left = browser.post(format!("/queue/{ROOM}/leave"), None).await;
    assert_eq!(left.status(), StatusCode::SEE_OTHER);
    assert!(browser.get(format!("/queue/{ROOM}")).await.text().await.unwrap().contains("not in the line"));
}

#[tokio::test]
async fn the_page_shows_the_position_while_one_waits() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"cap": 1})).await;
    world.visitor().await.place_when("called").await;
    let waiting = world.visitor().await;
    let html = waiting.get(format!("/queue/{ROOM}")).await.text().await.unwrap();
    assert!(html.contains("Your position is 1 (0 ahead of you)"), "{html}");
}

#[tokio::test]
async fn a_room_that_is_not_there_is_said_so() {
    let world = World::start().await;
    let page = world.browser().get("/queue/nowhere").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(page.text().await.unwrap().contains("There is no such queue"));
}
