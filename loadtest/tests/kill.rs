//! SIGKILL under load: nobody loses a place, nobody is admitted twice, no answered booking is lost.
//!
//! Needs the binary: `cargo build`, or `RUSHLINE_BIN`.

#![allow(clippy::unwrap_used)]

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use loadtest::api::{Api, Jar};
use loadtest::server::{Server, binary};
use loadtest::stage::{Pace, Show, Stage, read};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

/// Fans in the line.
const FANS: usize = 200;
/// Crashes.
const ROUNDS: usize = 3;
/// Shoppers who book without a pause.
const SHOPPERS: usize = 8;
/// Bookings answered before each crash, so that it comes in the middle of work.
const BOOKINGS_A_ROUND: usize = 25;
/// Most sessions at once; fewer than the fans, so that most still wait at each crash.
const CAP: u32 = 40;

/// A fan as she remembers herself.
struct Fan {
    jar: Jar,
    number: u64,
    admission: Option<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_costs_no_place_no_order_and_no_booking() {
    let dir = tempfile::tempdir().unwrap();
    let mut server = Server::start(&binary().unwrap(), dir.path()).await.unwrap();
    let api = Api::new(&server.url).unwrap();
    let stage = Stage::open(api.clone()).await.unwrap();
    let queued = stage.general_admission("Behind the room", 500, Some("kill")).await.unwrap();
    let open = stage.general_admission("Without a room", 5000, None).await.unwrap();
    stage.room("kill", queued, Pace { cap: CAP, rate_per_minute: 10_000 }).await.unwrap();
    let mut fans = all_join(&api).await;
    let mut booked = HashMap::new();
    for round in 0..ROUNDS {
        let shoppers = Shoppers::start(&stage, open, round).await;
        shoppers.wait_for(BOOKINGS_A_ROUND).await;
        claim_those_called(&api, &mut fans).await;
        server.kill_and_restart().await.unwrap();
        booked.extend(shoppers.stop().await);
        everybody_stands_where_she_stood(&api, &fans).await;
        server.verify().unwrap();
        half_go_home(&api, &mut fans).await;
    }
    assert!(booked.len() >= ROUNDS * BOOKINGS_A_ROUND);
    every_booking_is_found(&api, &booked).await;
}

async fn all_join(api: &Api) -> Vec<Fan> {
    let mut joining = JoinSet::new();
    for _ in 0..FANS {
        let api = api.clone();
        joining.spawn(async move {
            let request = api.request(Method::POST, "/api/v1/rooms/kill/places").json(&json!({}));
            let answer = api.send(request).await.unwrap();
            let mut jar = Jar::default();
            jar.keep(&answer);
            let joined: Value = read(answer).unwrap();
            Fan { jar, number: joined["place"]["number"].as_u64().unwrap(), admission: None }
        });
    }
    let mut fans = joining.join_all().await;
    fans.sort_by_key(|fan| fan.number);
    let numbers: HashSet<u64> = fans.iter().map(|fan| fan.number).collect();
    assert_eq!(numbers.len(), FANS, "each fan has a number of her own");
    fans
}

/// Claims for whoever is called, until the shop is full.
async fn claim_those_called(api: &Api, fans: &mut [Fan]) {
    loop {
        let inside = fans.iter().filter(|fan| fan.admission.is_some()).count();
        if inside == CAP as usize {
            return;
        }
        let next = fans.iter_mut().find(|fan| fan.admission.is_none()).unwrap();
        match claim(api, next).await {
            Some(jti) => next.admission = Some(jti),
            None => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// Id of the admission, or `None` when it is not the fan's turn.
async fn claim(api: &Api, fan: &Fan) -> Option<String> {
    let request = fan.jar.on(api.request(Method::POST, "/api/v1/rooms/kill/places/me/admission"));
    let answer = api.send(request).await.unwrap();
    if answer.status == 409 {
        return None;
    }
    let admission: Value = read(answer).unwrap();
    let token = admission["admission_token"].as_str().unwrap();
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    Some(claims["jti"].as_str().unwrap().to_owned())
}

async fn everybody_stands_where_she_stood(api: &Api, fans: &[Fan]) {
    for fan in fans {
        let request = fan.jar.on(api.request(Method::GET, "/api/v1/rooms/kill/places/me"));
        let place: Value = read(api.send(request).await.unwrap()).unwrap();
        assert_eq!(place["number"].as_u64(), Some(fan.number), "{place}");
        assert_eq!(place["state"] == "admitted", fan.admission.is_some(), "{place}");
        // The same admission again, and none for those who have none: the shop is full.
        assert_eq!(claim(api, fan).await, fan.admission);
    }
    let room: Value = read(api.send(api.request(Method::GET, "/api/v1/rooms/kill")).await.unwrap()).unwrap();
    assert_eq!(room["admitted"].as_u64(), Some(u64::from(CAP)), "{room}");
}

/// Half of those inside go home, so that the next round admits others.
async fn half_go_home(api: &Api, fans: &mut Vec<Fan>) {
    for _ in 0..CAP / 2 {
        let inside = fans.iter().position(|fan| fan.admission.is_some()).unwrap();
        let fan = fans.remove(inside);
        let request = fan.jar.on(api.request(Method::DELETE, "/api/v1/rooms/kill/places/me"));
        assert_eq!(api.send(request).await.unwrap().status, 204);
    }
}

/// People who buy without a pause and note what they were answered.
struct Shoppers {
    stop: Arc<AtomicBool>,
    booked: Arc<AtomicUsize>,
    /// Booking → the access token of its owner.
    tasks: JoinSet<HashMap<String, String>>,
}

impl Shoppers {
    async fn start(stage: &Stage, show: Show, round: usize) -> Self {
        let (stop, booked) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let mut tasks = JoinSet::new();
        for shopper in 0..SHOPPERS {
            let token = stage.shopper(&format!("shopper-{round}-{shopper}")).await.unwrap();
            let (api, stop, count) = (stage.api.clone(), stop.clone(), booked.clone());
            tasks.spawn(async move {
                let mut mine = HashMap::new();
                while !stop.load(Ordering::SeqCst) {
                    match buy(&api, show, &token).await {
                        Some(booking) => {
                            mine.insert(booking, token.clone());
                            count.fetch_add(1, Ordering::SeqCst);
                        }
                        None => tokio::time::sleep(Duration::from_millis(20)).await,
                    }
                }
                mine
            });
        }
        Self { stop, booked, tasks }
    }

    async fn wait_for(&self, bookings: usize) {
        let enough = async {
            while self.booked.load(Ordering::SeqCst) < bookings {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), enough).await.expect("the shop sells");
    }

    async fn stop(self) -> HashMap<String, String> {
        self.stop.store(true, Ordering::SeqCst);
        self.tasks.join_all().await.into_iter().flatten().collect()
    }
}

/// Two tickets from hold to payment; `None` when the server went away in between.
async fn buy(api: &Api, show: Show, token: &str) -> Option<String> {
    let post = |path: String, body: Value| {
        let request = api.request(Method::POST, &path).json(&body).bearer_auth(token);
        async { api.send(request).await.ok() }
    };
    let wanted = json!({ "ticket_type": show.ticket_type, "quantity": 2, "best_available": true });
    let hold: Value = read(post(format!("/api/v1/sessions/{}/holds", show.session), wanted).await?).unwrap();
    let booking: Value =
        read(post("/api/v1/bookings".into(), json!({ "hold_id": hold["id"] })).await?).unwrap();
    let id = booking["id"].as_str().unwrap().to_owned();
    let card = json!({ "method": "card", "card_number": "4242424242424242" });
    let paid: Value = read(post(format!("/api/v1/bookings/{id}/payment"), card).await?).unwrap();
    assert_eq!(paid["success"], true, "{paid}");
    Some(id)
}

async fn every_booking_is_found(api: &Api, booked: &HashMap<String, String>) {
    let mut seats = HashSet::new();
    for (id, token) in booked {
        let request = api.request(Method::GET, &format!("/api/v1/bookings/{id}")).bearer_auth(token);
        let booking: Value = read(api.send(request).await.unwrap()).unwrap();
        assert!(["confirmed", "completed"].contains(&booking["status"].as_str().unwrap()), "{booking}");
        assert_eq!(booking["tickets"].as_array().map(Vec::len), Some(2), "{booking}");
        for seat in booking["seats"].as_array().unwrap() {
            assert!(seats.insert(seat["id"].clone()), "seat {seat} was sold twice");
        }
    }
}
