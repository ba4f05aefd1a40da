//! The mail when a turn comes: once, to the newest address, and the address goes with it.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::{Arc, Mutex};

use axum::{Json, Router, routing};
use booking::{jobs, q};
use common::Shop;
use futures_util::future::join_all;
use serde_json::json;
use shared::access::Role;
use shared::admission::{AUDIENCE, JWKS_PATH};
use shared::departures::ServiceClaims;
use shared::keys::{KeyRing, Purpose};
use shared::turns::{self, Turn, TurnStanding};
use tempfile::TempDir;
use uuid::Uuid;

const ROOM: &str = "rock-night";

/// A waiting room in which all places stand where the test says.
struct Line {
    keys: KeyRing,
    standing: Arc<Mutex<TurnStanding>>,
    _dir: TempDir,
}

impl Line {
    fn before(shop: &Shop) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::open(dir.path(), Purpose::Admission, &shop.app.entropy).unwrap();
        let standing = Arc::new(Mutex::new(TurnStanding::Waiting));
        let (jwks, now_standing, clock) = (keys.public().jwks(), standing.clone(), shop.clock.clone());
        let look = async move || {
            let standing = *now_standing.lock().unwrap();
            let claim_by = Some(clock.now() + time::Duration::minutes(5));
            Json(Turn {
                standing,
                look_again_s: 20,
                claim_by,
                name: "Rock Night".into(),
                page: "http://line".into(),
            })
        };
        let router = Router::new()
            .route(JWKS_PATH, routing::get(move || async move { Json(jwks) }))
            .route(&turns::path(ROOM), routing::post(look));
        shop.app.waiting_room.connect(router);
        Self { keys, standing, _dir: dir }
    }

    fn stand(&self, standing: TurnStanding) {
        *self.standing.lock().unwrap() = standing;
    }

    async fn wish(&self, shop: &Shop, place: Uuid, email: Option<&str>) -> common::Answer {
        let token = self.keys.sign(&ServiceClaims::new(AUDIENCE, shop.app.now())).unwrap();
        shop.post(turns::PATH, &token, json!({ "room": ROOM, "place": place, "email": email })).await
    }
}

/// The mails that were sent.
fn mails(shop: &Shop) -> Vec<String> {
    let folder = std::fs::read_dir(shop.app.settings.data_dir.join("mails")).into_iter().flatten();
    let letters =
        folder.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "eml"));
    letters.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

async fn payloads(shop: &Shop) -> String {
    let payloads =
        q!(shop.app.db.ex(), vals String, "SELECT CAST(payload AS TEXT) FROM jobs WHERE kind = 'turn-mail'");
    payloads.unwrap().join("\n")
}

on_both_engines! {
    async fn one_mail_is_sent_when_the_turn_comes_and_the_address_is_forgotten(shop) {
        let line = Line::before(&shop);
        let place = shop.app.entropy.uuid_v7(shop.app.now());
        let kept = (200, json!({ "is_kept": true }));
        assert_eq!(line.wish(&shop, place, Some("old@example.com")).await, kept);
        assert_eq!(line.wish(&shop, place, Some("fan@example.com")).await, kept);
        for _ in 0..20 {
            assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1, "it is asked again each time, and never given up");
            shop.advance_s(20);
        }
        assert!(mails(&shop).is_empty() && payloads(&shop).await.contains("fan@example.com"));
        line.stand(TurnStanding::Called);
        let workers = (0..4).map(|_| jobs::run_due(&shop.app));
        let ran: usize = join_all(workers).await.into_iter().map(Result::unwrap).sum();
        assert_eq!(ran, 1);
        let sent = mails(&shop);
        assert_eq!(sent.len(), 1);
        assert!(sent[0].contains("To: fan@example.com") && sent[0].contains("It is your turn: Rock Night"));
        assert!(!payloads(&shop).await.contains("@"), "the address goes with the job");
        shop.advance_s(600);
        assert_eq!(line.wish(&shop, place, Some("fan@example.com")).await, (200, json!({ "is_kept": false })));
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 0, "a place has one mail");
    }

    async fn nobody_is_written_to_whose_place_is_over_or_who_took_the_wish_back(shop) {
        let line = Line::before(&shop);
        let [over, back] = [0, 1].map(|_| shop.app.entropy.uuid_v7(shop.app.now()));
        for place in [over, back] {
            line.wish(&shop, place, Some("fan@example.com")).await;
        }
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!(line.wish(&shop, back, None).await, (200, json!({ "is_kept": false })));
        shop.advance_s(20);
        line.stand(TurnStanding::Over);
        assert_eq!(jobs::run_due(&shop.app).await.unwrap(), 1);
        assert!(mails(&shop).is_empty() && !payloads(&shop).await.contains("@"));
    }

    async fn only_the_waiting_room_says_who_wants_a_mail_and_only_of_addresses(shop) {
        let line = Line::before(&shop);
        let place = shop.app.entropy.uuid_v7(shop.app.now());
        let (status, refused) = line.wish(&shop, place, Some("nonsense")).await;
        assert_eq!((status, common::buying::slug(&refused)), (422, "email-invalid"));
        let admin = shop.user(Role::Admin).await.1;
        let body = json!({ "room": ROOM, "place": place, "email": "fan@example.com" });
        let (status, refused) = shop.post(turns::PATH, &admin, body).await;
        assert_eq!((status, common::buying::slug(&refused)), (401, "invalid-token"));
    }
}
