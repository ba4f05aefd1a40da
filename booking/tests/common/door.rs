//! The waiting room before an event, and the browsers it admits.

use std::sync::{Arc, Mutex};

use axum::{Json, Router, routing};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use booking::q;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use shared::admission::{AUDIENCE, AdmissionClaims};
use shared::departures::{Departures, ServiceClaims};
use shared::keys::{KeyRing, Purpose};
use shared::{renewals, revocations};
use tempfile::TempDir;
use uuid::Uuid;

use super::Shop;

pub const ROOM: &str = "rock-night";
/// Seconds a booking session lasts.
pub const SESSION_S: i64 = 600;

/// A waiting room that signs what the test wants and remembers who departed.
pub struct Door {
    pub keys: KeyRing,
    departures: Arc<Mutex<Vec<Departures>>>,
    pub session: i64,
    pub event: i64,
    _dir: TempDir,
}

/// A browser: its cookie and the hash a token is bound to.
pub struct Browser {
    pub cookie: String,
    pub hash: String,
}

pub fn browser(n: u8) -> Browser {
    let secret = URL_SAFE_NO_PAD.encode([n; 32]);
    let hash = URL_SAFE_NO_PAD.encode(Sha256::digest(secret.as_bytes()));
    Browser { cookie: format!("rushline={secret}"), hash }
}

impl Door {
    pub async fn before(shop: &Shop, total: u32) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let keys = KeyRing::open(dir.path(), Purpose::Admission, &shop.app.entropy).unwrap();
        let departures = Arc::new(Mutex::new(Vec::new()));
        let (jwks, heard) = (keys.public().jwks(), departures.clone());
        let router = Router::new()
            .route(shared::admission::JWKS_PATH, routing::get(move || async move { Json(jwks) }))
            .route(
                &shared::departures::path(ROOM),
                routing::post(move |Json(body): Json<Departures>| async move {
                    let departed = body.departures.len();
                    heard.lock().unwrap().push(body);
                    Json(json!({ "departed": departed }))
                }),
            );
        shop.app.waiting_room.connect(router);
        let session = shop.on_sale(total).await;
        shop.app
            .db
            .write("guard_sale", |tx| {
                Box::pin(async move {
                    q!(tx.ex(), exec, "UPDATE events SET room = 'rock-night'")?;
                    Ok(())
                })
            })
            .await
            .unwrap();
        let event = q!(shop.app.db.ex(), val i64, "SELECT event_id FROM sessions").unwrap();
        Self { keys, departures, session, event, _dir: dir }
    }

    pub fn claims(&self, shop: &Shop, browser: &Browser) -> AdmissionClaims {
        let now = shop.app.now();
        AdmissionClaims {
            iss: "http://waiting-room".into(),
            aud: AUDIENCE.into(),
            sub: shop.app.entropy.uuid_v7(now),
            jti: shop.app.entropy.uuid_v7(now),
            room: ROOM.into(),
            event: self.event.to_string(),
            lane: "general".into(),
            iat: now.seconds(),
            nbf: now.seconds(),
            exp: now.seconds() + SESSION_S,
            cnf: browser.hash.clone(),
        }
    }

    /// Tells `shop` that these places are revoked.
    pub async fn revoke(&self, shop: &Shop, places: &[Uuid]) -> (u16, Value) {
        let token = self.keys.sign(&ServiceClaims::new(AUDIENCE, shop.app.now())).unwrap();
        shop.post(revocations::PATH, &token, json!({ "places": places })).await
    }

    /// Tells `shop` that the visit of these claims ends when they say.
    pub async fn renew(&self, shop: &Shop, claims: &AdmissionClaims) -> (u16, Value) {
        let token = self.keys.sign(&ServiceClaims::new(AUDIENCE, shop.app.now())).unwrap();
        let body = json!({ "jti": claims.jti, "until": claims.expires_at() });
        shop.post(renewals::PATH, &token, body).await
    }

    pub fn token(&self, shop: &Shop, browser: &Browser) -> String {
        self.keys.sign(&self.claims(shop, browser)).unwrap()
    }

    pub async fn hold(&self, shop: &Shop, buyer: &str, token: &str, browser: &Browser) -> (u16, Value) {
        let path = format!("/api/v1/sessions/{}/holds", self.session);
        let request = shop
            .request(reqwest::Method::POST, &path, buyer)
            .header("Admission-Token", token)
            .header("Cookie", &browser.cookie)
            .json(&json!({ "quantity": 1 }));
        super::answer(request).await
    }

    pub fn heard(&self) -> Vec<(Uuid, String)> {
        let heard = self.departures.lock().unwrap();
        let all = heard.iter().flat_map(|body| &body.departures);
        all.map(|d| (d.jti, format!("{:?}", d.reason))).collect()
    }
}
