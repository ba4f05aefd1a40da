//! A draw from the commitment to the calls, over HTTP, recomputed by both verifiers.

use std::path::Path;
use std::process::Command;

use axum::Router;
use axum::routing::get;
use reqwest::StatusCode;
use serde_json::{Value, json};
use shared::access::Role;
use shared::clock::Ts;
use shared::config::Settings;
use tempfile::TempDir;
use waiting_room::draw::beacon;
use waiting_room::draw::verify::{self, Verdict};
use waiting_room::queue::DrawStep;
use waiting_room::rooms::rules::RoomId;

use crate::world::{Browser, ROOM, World, problem};

/// Where the world's clock begins.
const START_S: i64 = 1_800_000_000;

/// A room whose lobby opens in 10 seconds and whose sale opens in 20.
async fn put_drawn_room(world: &World) {
    let at = |seconds: i64| (world.clock.now() + time::Duration::seconds(seconds)).to_string();
    world.put_room(ROOM, json!({"draw": true, "lobby_at": at(10), "opens_at": at(20)})).await;
}

/// So many visitors in the lobby of a room that is about to be drawn.
async fn lobby(world: &World, count: usize) -> Vec<Browser> {
    put_drawn_room(world).await;
    world.advance(10);
    let mut visitors = Vec::new();
    for _ in 0..count {
        visitors.push(world.visitor().await);
    }
    world.advance(10);
    visitors
}

async fn draw(world: &World) -> Value {
    world.browser().get(format!("/api/v1/rooms/{ROOM}/draw")).await.json().await.unwrap()
}

/// The draw once it has this part.
async fn draw_with(world: &World, part: &str) -> Value {
    for _ in 0..1000 {
        let draw = draw(world).await;
        if !draw[part].is_null() {
            return draw;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("there never was an {part}: {}", draw(world).await);
}

/// What anybody can download, in a folder.
async fn download(world: &World) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, file) in [("draw", "draw.json"), ("draw/list", "list.ndjson"), ("keys", "keys.json")] {
        let answer = world.browser().get(format!("/api/v1/rooms/{ROOM}/{path}")).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        std::fs::write(folder.path().join(file), answer.text().await.unwrap()).unwrap();
    }
    folder
}

async fn ours(folder: &Path) -> Verdict {
    verify::verify(verify::read(folder.to_str().unwrap()).await.unwrap())
}

/// What the other verifier names, and what it prints.
fn theirs(folder: &Path, more: &[&str]) -> (Vec<String>, String) {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../scripts/verify_draw.py");
    let said = Command::new("python3").arg("-B").arg(script).arg(folder).args(more).output().unwrap();
    let text = String::from_utf8(said.stdout).unwrap();
    assert!(text.contains("holds   format"), "{text}{}", String::from_utf8_lossy(&said.stderr));
    let named =
        text.lines().filter_map(|line| Some(line.strip_prefix("BROKEN  ")?.split_once(':')?.0.to_owned()));
    (named.collect(), text)
}

#[tokio::test]
async fn a_draw_is_committed_to_listed_drawn_and_recomputed_by_both_verifiers() {
    let world = World::start_with(|_| {}).await;
    put_drawn_room(&world).await;
    let before = draw(&world).await;
    assert!(before["commitment"]["hash"].is_string() && before["list"].is_null(), "{before}");
    problem(world.browser().get(format!("/api/v1/rooms/{ROOM}/draw/list")).await, 404, "not-found").await;
    world.advance(10);
    let visitors = [world.visitor().await, world.visitor().await, world.visitor().await];
    let place = visitors[0].place().await;
    assert_eq!(
        (&place["state"], &place["position"], &place["number"]),
        (&json!("lobby"), &json!(0), &json!(1))
    );
    world.advance(10);
    let after = draw_with(&world, "outcome").await;
    assert_eq!(after["commitment"], before["commitment"]);
    assert_eq!(after["list"]["size"], 3);
    assert!(after["weaker"][0].as_str().unwrap().contains("no public randomness"), "{after}");
    let late = world.visitor().await;
    let mut numbers = Vec::new();
    for visitor in &visitors {
        numbers.push(visitor.place_when("called").await["number"].as_u64().unwrap());
    }
    numbers.push(late.place_when("called").await["number"].as_u64().unwrap());
    assert_eq!(numbers[3], 4, "who came late has the number behind the lobby's");
    let folder = download(&world).await;
    assert_eq!(ours(folder.path()).await.broken, []);
    for (visitor, number) in visitors.iter().zip(&numbers) {
        let proof = visitor.get(format!("/api/v1/rooms/{ROOM}/draw/proof")).await;
        let proof: Value = proof.json().await.unwrap();
        assert_eq!(proof["rank"].as_u64(), Some(*number));
        let mine = ["--mine", proof["place"].as_str().unwrap(), proof["salt"].as_str().unwrap()];
        let (broken, said) = theirs(folder.path(), &mine);
        assert!(broken.is_empty() && said.contains(&format!("drawn number {number} of 3")), "{said}");
    }
    the_browsers_check_agrees(&world, &visitors[0]).await;
    problem(late.get(format!("/api/v1/rooms/{ROOM}/draw/proof")).await, 404, "not-found").await;
}

/// The script of the page /queue/{room}/draw, run by node, finds what it says too; and that one other order is not it.
async fn the_browsers_check_agrees(world: &World, visitor: &Browser) {
    let get =
        async |path: &str| visitor.get(format!("/api/v1/rooms/{ROOM}/{path}")).await.text().await.unwrap();
    let (draw, keys, proof, list) =
        (get("draw").await, get("keys").await, get("draw/proof").await, get("draw/list").await);
    let lines: Vec<&str> = list.lines().collect();
    let script = world.browser().get("/queue/check.js").await.text().await.unwrap();
    let run = format!(
        "{script}\nconst all = await check({draw}, {keys}, {proof}, {lines});\n\
         const other = {{ ...{proof}, rank: {proof}.rank % 3 + 1 }};\n\
         const wrong = await check({draw}, {keys}, other, {lines});\n\
         console.log(JSON.stringify([all, wrong].map((checks) => checks.filter(([, holds]) => !holds).length)), all.length);",
        lines = json!(lines)
    );
    let said = Command::new("node").args(["--input-type=module", "-e", &run]).output().unwrap();
    let text = String::from_utf8_lossy(&said.stdout);
    assert_eq!(text.trim(), "[0,1] 8", "{}", String::from_utf8_lossy(&said.stderr));
}

/// A round of drand as it was published in August 2023, at a clock of that time.
#[tokio::test]
async fn a_round_of_drand_decides_and_is_verified() {
    const SIGNATURE: &str =
        "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
    let round = get(async || axum::Json(json!({"round": 1000, "signature": SIGNATURE, "randomness": ""})));
    let drand = Router::new().route(&format!("/{}/public/1000", beacon::CHAIN), round);
    let folder = tempfile::tempdir().unwrap();
    let drand = shared::testing::TestServer::start(drand, &Settings::for_test(folder.path()));
    let opens_at = beacon::begins(1000) - beacon::LEAD - time::Duration::seconds(3);
    let start = opens_at - time::Duration::seconds(20);
    let world = World::start_at(start, |settings| {
        settings.waiting_room.draw_beacon = "drand".into();
        settings.waiting_room.draw_beacon_urls = vec![drand.url.clone()];
    })
    .await;
    lobby(&world, 4).await;
    let listed = draw_with(&world, "list").await;
    assert_eq!(listed["list"]["beacon"]["round"], 1000);
    assert!(listed["outcome"].is_null(), "the round is still to come");
    world.advance(8);
    let drawn = draw_with(&world, "outcome").await;
    assert_eq!(
        drawn["outcome"]["randomness"],
        "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd"
    );
    assert_eq!(drawn["weaker"], json!([]));
    let folder = download(&world).await;
    assert_eq!(ours(folder.path()).await.broken, []);
    assert_eq!(theirs(folder.path(), &[]).0, Vec::<String>::new());
    everything_altered_is_named(folder.path()).await;
}

/// Each alteration, and what both verifiers call it.
async fn everything_altered_is_named(folder: &Path) {
    type Alteration = fn(&mut Value, &mut Vec<String>);
    let cases: [(&str, Alteration); 9] = [
        ("list-root", |_, list| list.swap(0, 1)),
        ("list-size", |_, list| drop(list.pop())),
        ("list-once", |_, list| list[1] = list[0].replace("\"n\":1", "\"n\":2")),
        ("seed", |draw, _| draw["outcome"]["seed"] = json!("11".repeat(32))),
        ("beacon-round", |draw, _| draw["list"]["beacon"]["round"] = json!(123)),
        ("beacon-randomness", |draw, _| draw["outcome"]["randomness"] = json!("22".repeat(32))),
        ("commitment-late", |draw, _| draw["commitment"]["at"] = draw["list"]["at"].clone()),
        ("order", |draw, _| draw["outcome"]["order_hash"] = json!("33".repeat(32))),
        ("outcome-signature", |draw, _| draw["outcome"]["fallback"] = json!("the beacon was silent")),
    ];
    let read = |file: &str| std::fs::read_to_string(folder.join(file)).unwrap();
    for (name, alter) in cases {
        let mut document: Value = serde_json::from_str(&read("draw.json")).unwrap();
        let mut list: Vec<String> = read("list.ndjson").lines().map(str::to_owned).collect();
        alter(&mut document, &mut list);
        let altered = tempfile::tempdir().unwrap();
        std::fs::write(altered.path().join("draw.json"), document.to_string()).unwrap();
        std::fs::write(altered.path().join("list.ndjson"), list.join("\n")).unwrap();
        std::fs::write(altered.path().join("keys.json"), read("keys.json")).unwrap();
        let named: Vec<String> =
            ours(altered.path()).await.broken.into_iter().map(|(name, _)| name.to_owned()).collect();
        assert!(named.contains(&name.to_owned()), "{name} is not among {named:?}");
        let also: Vec<String> = named.into_iter().filter(|name| name != "beacon-signature").collect();
        assert_eq!(theirs(altered.path(), &[]).0, also, "{name}");
    }
}

#[tokio::test]
async fn a_silent_beacon_stops_no_sale_and_the_draw_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("beacon");
    let world = World::start_with(|settings| {
        settings.waiting_room.draw_beacon = format!("file:{}", file.display());
        settings.waiting_room.draw_beacon_wait_s = 30;
    })
    .await;
    let visitors = lobby(&world, 2).await;
    draw_with(&world, "list").await;
    assert_eq!(visitors[0].place().await["room_state"], "drawing");
    world.advance(30);
    let drawn = draw_with(&world, "outcome").await;
    assert_eq!(drawn["outcome"]["fallback"], "the beacon was silent for 30 s");
    visitors[0].place_when("called").await;
    let folder = download(&world).await;
    let verdict = ours(folder.path()).await;
    assert!(verdict.broken.is_empty() && verdict.weaker.len() == 2, "{verdict}");
    assert_eq!(theirs(folder.path(), &[]).0, Vec::<String>::new());
}

#[tokio::test]
async fn a_file_serves_exercises() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("beacon");
    std::fs::write(&file, format!("{}\n", "ab".repeat(32))).unwrap();
    let world =
        World::start_with(|settings| settings.waiting_room.draw_beacon = format!("file:{}", file.display()))
            .await;
    lobby(&world, 2).await;
    let drawn = draw_with(&world, "outcome").await;
    assert_eq!(drawn["outcome"]["randomness"], "ab".repeat(32));
    let folder = download(&world).await;
    let verdict = ours(folder.path()).await;
    assert!(verdict.broken.is_empty() && verdict.weaker.len() == 1, "{verdict}");
    assert_eq!(theirs(folder.path(), &[]).0, Vec::<String>::new());
}

#[tokio::test]
async fn an_open_socket_and_a_token_from_the_lobby_lead_to_the_drawn_number() {
    let world = World::start_with(|_| {}).await;
    put_drawn_room(&world).await;
    world
        .put_room(
            ROOM,
            json!({"draw": true, "cap": 1, "rate_per_minute": 1,
        "lobby_at": (world.clock.now() + time::Duration::seconds(10)).to_string(),
        "opens_at": (world.clock.now() + time::Duration::seconds(20)).to_string()}),
        )
        .await;
    world.advance(10);
    let watcher = crate::live::Watcher::join(&world).await;
    let others = [world.visitor().await, world.visitor().await, world.visitor().await];
    let mut socket = watcher.watch(&world).await;
    assert_eq!(crate::live::document(&mut socket).await["position"], 0);
    world.advance(10);
    let pushed = loop {
        let place = crate::live::document(&mut socket).await;
        if place["room_state"] == "open" {
            break place;
        }
    };
    let polled = watcher.browser.place().await;
    assert_eq!((&pushed["number"], &pushed["joined_at"]), (&polled["number"], &polled["joined_at"]));
    let mut numbers = vec![polled["number"].as_u64().unwrap()];
    for other in &others {
        numbers.push(other.place().await["number"].as_u64().unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_draw_survives_a_restart_before_and_after_it() {
    let world = World::start_with(|_| {}).await;
    let visitors = lobby(&world, 3).await;
    let before = draw(&world).await;
    let world = world.restart().await;
    let after = draw_with(&world, "outcome").await;
    assert_eq!(before["commitment"], after["commitment"]);
    let world = world.restart().await;
    assert_eq!(draw_with(&world, "outcome").await["outcome"], after["outcome"]);
    let folder = download(&world).await;
    assert_eq!(ours(folder.path()).await.broken, []);
    assert_eq!(visitors.len(), 3);
}

#[tokio::test]
async fn a_draw_is_settled_before_the_lobby_opens() {
    let world = World::start_with(|_| {}).await;
    let put = async |room: &str, lobby_s: i64, opens_s: i64, draw: bool| {
        let at = |seconds| (Ts::from_seconds(START_S + seconds)).to_string();
        let settings = json!({"name": "Rock", "event": "1", "rate_per_minute": 60, "cap": 9, "claim_window_s": 60,
            "session_length_s": 60, "booking_url": "/", "lobby_at": at(lobby_s), "opens_at": at(opens_s), "draw": draw});
        world.operator(Role::Admin).put(format!("/api/v1/admin/rooms/{room}"), settings).await
    };
    assert_eq!(put("late", 0, 20, true).await.status(), 422);
    assert_eq!(put(ROOM, 10, 20, true).await.status(), StatusCode::CREATED);
    assert_eq!(put(ROOM, 12, 20, true).await.status(), StatusCode::OK);
    world.advance(13);
    assert_eq!(put(ROOM, 12, 20, false).await.status(), 422, "nobody gathers for a draw that is called off");
    assert_eq!(put(ROOM, 12, 30, true).await.status(), StatusCode::OK, "the opening may still move");
    let id = RoomId::parse(ROOM).unwrap();
    assert_eq!(world.app.store.draw(&id).await.unwrap().step, DrawStep::Committed);
}
