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
    assert!(browser.get(format!("/queue/{ROOM}")).await.text().await.unwrap().contains("It’s your turn"));
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
    assert!(html.contains("<span>Your place in line</span><b>1</b></p>"), "{html}");
    assert!(html.contains("<dt>Ahead of you</dt><dd>0</dd>"), "{html}");
    assert!(
        html.contains("href=\"/queue/rock-night/report\"")
            && html.contains("action=\"/queue/rock-night/mail\"")
    );
}

#[tokio::test]
async fn a_closed_line_is_said_to_be_over_to_those_in_it_and_to_newcomers() {
    let world = World::start().await;
    world.press("pause").await;
    let waiting = world.visitor().await;
    world.press("close").await;
    // What a node shows of places it hears of a moment later.
    for _ in 0..1000 {
        if waiting.place().await["room_state"] == "closed" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    for browser in [waiting, world.browser()] {
        let html = browser.get(format!("/queue/{ROOM}")).await.text().await.unwrap();
        assert!(html.contains("This line is closed") && html.contains("Go to the shop"), "{html}");
        assert!(!html.contains(&format!("action=\"/queue/{ROOM}")), "there is nothing to press: {html}");
    }
}

#[tokio::test]
async fn a_room_that_is_not_there_is_said_so() {
    let world = World::start().await;
    let page = world.browser().get("/queue/nowhere").await;
    assert_eq!(page.status(), StatusCode::NOT_FOUND);
    assert!(page.text().await.unwrap().contains("No such line"));
}

#[tokio::test]
async fn a_rooms_own_look_is_in_its_page_and_allowed_by_its_policy() {
    let world = World::start().await;
    let theme = json!({
        "name": "Harbour <Sons>", "logo": "https://cdn.example/logo.png", "brand": "#00704a", "text": "No bags",
    });
    world.put_room(ROOM, json!({ "theme": theme })).await;
    let page = world.browser().get(format!("/queue/{ROOM}")).await;
    let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
    let html = page.text().await.unwrap();
    // Without the built page there are no marks to put the look into.
    if html.contains("was not built") {
        return;
    }
    assert!(
        html.contains("<img src=\"https://cdn.example/logo.png\" alt=\"Harbour &lt;Sons&gt;\">"),
        "{html}"
    );
    assert!(html.contains("<style>:root{--flare:#00704a;") && html.contains("No bags"));
    assert!(policy.contains("https://cdn.example") && policy.matches("'sha256-").count() == 3, "{policy}");
    let public =
        world.browser().get(format!("/api/v1/rooms/{ROOM}")).await.json::<serde_json::Value>().await.unwrap();
    assert_eq!(public["theme"]["brand"], "#00704a");
}

#[tokio::test]
async fn the_small_pages_have_the_rooms_look_too() {
    let world = World::start().await;
    let lanes = json!([{"name": "general", "weight": 1, "needs_code": true}]);
    let theme = json!({"name": "Harbour", "logo": "https://cdn.example/logo.png", "header": "#00335a"});
    world.put_room("by-invitation", json!({"lanes": lanes, "theme": theme})).await;
    for path in ["/queue/by-invitation/draw", "/queue/by-invitation/code", "/queue/by-invitation"] {
        let page = world.browser().get(path).await;
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        assert!(
            policy.contains("https://cdn.example") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        let html = page.text().await.unwrap();
        assert!(html.contains("--head:#00335a") && html.contains("alt=\"Harbour\""), "{html}");
        assert_eq!(html.matches("<h1>").count(), 1);
    }
    assert_eq!(world.browser().get("/queue/nowhere/draw").await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_line_for_accounts_says_where_to_log_in() {
    let world = World::start().await;
    world.put_room(ROOM, json!({"one_per_account": true})).await;
    let html = world.browser().get(format!("/queue/{ROOM}")).await.text().await.unwrap();
    assert!(html.contains("log in at the shop") && html.contains("<a href=\"/events/1\">Go to the shop</a>"));
    assert!(!html.contains("Join the line</button>"));
}

#[tokio::test]
async fn a_look_that_cannot_be_read_is_refused_by_name() {
    let world = World::start().await;
    let settings = json!({
        "name": "Rock Night", "event": "1", "rate_per_minute": 600, "cap": 10, "claim_window_s": 60,
        "session_length_s": 600, "booking_url": "/events/1", "theme": {"header": "#7c7c7c"},
    });
    let answer = world
        .operator(shared::access::Role::Admin)
        .put(format!("/api/v1/admin/rooms/{ROOM}"), settings)
        .await;
    let refusal = crate::world::problem(answer, 422, "low-contrast").await;
    assert_eq!(refusal["errors"][0]["pointer"], "/theme/header");
}

#[tokio::test]
async fn parts_of_the_page_are_kept_for_ever_and_nothing_else_is_served_there() {
    let world = World::start().await;
    let html = world.browser().get(format!("/queue/{ROOM}")).await.text().await.unwrap();
    if let Some(name) = html.split("./_/").nth(1).and_then(|rest| rest.split('`').next()) {
        let part = world.browser().get(format!("/queue/_/{name}")).await;
        assert_eq!(part.status(), StatusCode::OK);
        assert_eq!(part.headers()["content-type"], "text/javascript; charset=utf-8");
        assert!(part.headers()["cache-control"].to_str().unwrap().contains("immutable"));
    }
    for file in ["nothing.js", "..%2findex.html", "index.html"] {
        assert_eq!(
            world.browser().get(format!("/queue/_/{file}")).await.status(),
            StatusCode::NOT_FOUND,
            "{file}"
        );
    }
}
