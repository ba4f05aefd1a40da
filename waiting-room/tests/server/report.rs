//! The public report of a room: shown waits are compared with what follows, whichever node one asks, for good.

use reqwest::StatusCode;
use serde_json::{Value, json};
use waiting_room::log::verify::{self, Published};

use crate::world::{Browser, ROOM, World, problem};

async fn report(world: &World) -> Value {
    let answer = world.browser().get(format!("/api/v1/rooms/{ROOM}/report")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["cache-control"], "public, max-age=5");
    answer.json().await.unwrap()
}

/// The report once `is` is true of it.
async fn report_when(world: &World, is: impl Fn(&Value) -> bool) -> Value {
    for _ in 0..1000 {
        let report = report(world).await;
        if is(&report) {
            return report;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("the report never said so: {}", report(world).await);
}

fn nearest(report: &Value) -> &Value {
    &report["eta"]["bands"][0]
}

/// A shop for one that somebody is in; somebody else is shown how long she will wait.
async fn one_waits() -> (World, Browser) {
    let world = World::start_with(|_| {}).await;
    world.put_room(ROOM, json!({"cap": 1, "claim_window_s": 3600})).await;
    world.visitor().await.enter().await;
    let second = world.visitor().await;
    second.place_when("waiting").await;
    (world, second)
}

/// She was called when that visit was over, and it is time to write down what came of it.
async fn one_wait_is_over() -> World {
    let (world, second) = one_waits().await;
    world.advance(600);
    second.place_when("called").await;
    world.advance(60);
    report_when(&world, |report| report["waits"]["longest_s"] == 600).await;
    world
}

#[tokio::test]
async fn shown_waits_are_compared_with_what_follows() {
    let world = one_wait_is_over().await;
    let report = report(&world).await;
    let near = nearest(&report);
    let [compared, right, sooner, later] =
        ["compared", "right", "sooner", "later"].map(|count| near[count].as_u64().unwrap());
    assert!(compared >= 1 && right + sooner + later == compared, "{report:#}");
    assert_eq!(near["disturbed"], 0, "{report:#}");
    assert_eq!(
        (&report["joined"], &report["admitted"], &report["missed"]),
        (&json!(2), &json!(1), &json!(0))
    );
    assert_eq!(
        (&report["waits"]["followed"], &report["waits"]["longest_s"]),
        (&near["compared"], &json!(600))
    );
    let order = &report["order"];
    assert_eq!(
        (&order["pairs"], &order["inverted"], &order["distance"]),
        (&json!(1), &json!(0), &json!(0.0))
    );
    assert!(report["journal"]["size"].as_u64().unwrap() > 0 && report["draw_page"].is_null(), "{report:#}");
}

#[tokio::test]
async fn waits_that_an_operator_changed_are_counted_apart() {
    let (world, second) = one_waits().await;
    world.put_room(ROOM, json!({"cap": 2, "claim_window_s": 3600})).await;
    second.place_when("called").await;
    world.advance(60);
    let report = report_when(&world, |report| nearest(report)["disturbed"] == 1).await;
    assert_eq!(report["eta"]["bands"][1]["right_share"], Value::Null, "{report:#}");
}

#[tokio::test]
async fn the_report_outlives_its_node() {
    let world = one_wait_is_over().await;
    let before = report(&world).await;
    let world = world.restart().await;
    let after = report_when(&world, |report| report["waits"]["longest_s"] == 600).await;
    assert_eq!((&after["eta"], &after["waits"]), (&before["eta"], &before["waits"]));
}

#[tokio::test]
async fn the_page_says_the_same_without_scripts_and_escapes_names() {
    let world = one_wait_is_over().await;
    world.put_room(ROOM, json!({"name": "<b>Rock</b> {rows}", "cap": 1})).await;
    let answer = world.browser().get(format!("/queue/{ROOM}/report")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'") && !policy.contains("script"), "{policy}");
    let html = answer.text().await.unwrap();
    assert!(html.contains("&lt;b&gt;Rock&lt;/b&gt; {rows}") && !html.contains("<script"), "{html}");
    assert!(html.contains("<th scope=\"row\">0–9</th><td>"), "{html}");
    let pairs = "<dt>Pairs compared</dt><dd>1</dd></div><div><dt>The other way round</dt><dd>0</dd>";
    assert!(html.contains(pairs), "{html}");
    for path in ["/queue/nowhere/report", "/api/v1/rooms/nowhere/report", "/api/v1/rooms/No%20Room/report"] {
        problem(world.browser().get(path).await, 404, "not-found").await;
    }
}

/// A node that makes its counts better afterwards is named.
#[tokio::test]
async fn counts_that_are_taken_back_are_named() {
    let world = one_wait_is_over().await;
    let published = verify::read(&format!("{}/api/v1/rooms/{ROOM}", world.url)).await.unwrap();
    let named = |published: &Published| -> Vec<&str> {
        verify::verify(published).broken.into_iter().map(|(name, _)| name).collect()
    };
    assert_eq!(named(&published), [""; 0]);
    let mut told = published;
    let last: Value = serde_json::from_str(told.lines.last().unwrap()).unwrap();
    let mut counted = told.lines.iter().rev().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let mut less = counted.find(|entry| entry["kind"] == "waits").unwrap();
    (less["seq"], less["at"]) = (json!(last["seq"].as_u64().unwrap() + 1), last["at"].clone());
    ["right", "sooner", "later"].iter().for_each(|outcome| less["bands"][0][*outcome] = json!(0));
    told.lines.push(less.to_string());
    assert_eq!(named(&told), ["waits-shrunk"]);
}
