//! The demo, the pages and the description of the API, as a newcomer meets them.
#![allow(clippy::unwrap_used)]

mod common;

use common::Shop;
use serde_json::{Value, json};
use shared::config::{DEMO_PASSWORD, Mode};
use shared::peer::Peer;

on_both_engines! {
    async fn the_seeds_sample_data_is_there_and_seeding_twice_changes_nothing(shop) {
        let hot = booking::seed_demo(&shop.app).await.unwrap();
        assert_eq!(booking::seed_demo(&shop.app).await.unwrap(), hot);
        let (_, events) = shop.get("/api/v1/events?limit=100", "").await;
        let events = events.as_array().unwrap().clone();
        assert_eq!(events.len(), 11);
        let named = |name: &str| events.iter().find(|e| e["name"] == name).unwrap().clone();
        let rock = named("Rock Night");
        assert_eq!((&rock["venue"], &rock["event_date"]), (&json!("City Arena"), &json!("2026-12-10T20:00:00Z")));
        assert_eq!((&rock["ticket_price"], &rock["total_tickets"]), (&json!(75.0), &json!(500)));
        let tech = named("Tech Conference");
        assert_eq!((&tech["venue"], &tech["event_date"]), (&json!("Convention Center"), &json!("2027-01-15T09:00:00Z")));
        assert_eq!((&tech["ticket_price"], &tech["total_tickets"]), (&json!(120.0), &json!(300)));
        let (_, concert) = shop.get(&format!("/api/v1/events/{}", named("Aurora Live")["id"]), "").await;
        let tiers: Vec<(Value, Value, Value)> = concert["sessions"][0]["ticket_types"].as_array().unwrap().iter()
            .map(|t| (t["name"].clone(), t["price"].clone(), t["total"].clone())).collect();
        assert_eq!(tiers, [
            (json!("VIP"), json!(100.0), json!(100)),
            (json!("Front Row"), json!(50.0), json!(200)),
            (json!("General Admission"), json!(10.0), json!(1000)),
        ]);
        let rush = named("Rush Night");
        assert_eq!((rush["id"].to_string(), &rush["room"], &rush["total_tickets"]), (hot, &json!("rush-night"), &json!(4186)));
        assert_eq!(rock["remaining_tickets"], json!(498));
        let (_, alice) = shop.post("/api/v1/users/login", "", json!({ "email": "alice@example.com", "password": DEMO_PASSWORD })).await;
        let (status, bookings) = shop.get("/api/v1/bookings", alice["token"].as_str().unwrap()).await;
        assert_eq!(status, 200, "{bookings}");
        assert_eq!((&bookings[0]["total_minor"], &bookings[0]["status"]), (&json!(15_000), &json!("confirmed")));
        let mut codes: Vec<&str> = bookings[0]["tickets"].as_array().unwrap().iter().map(|t| t["code"].as_str().unwrap()).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["TCK-ABC123", "TCK-ABC124"]);
        assert_eq!(bookings.as_array().unwrap().len(), 1);
        for (email, role) in [
            ("alice@example.com", "guest"),
            ("bob@events.com", "organizer"),
            ("carol@admin.com", "admin"),
            ("dan@events.com", "gate"),
        ] {
            let (status, login) = shop.post("/api/v1/users/login", "", json!({ "email": email, "password": DEMO_PASSWORD })).await;
            assert_eq!((status, &login["user"]["user_type"]), (200, &json!(role)));
        }
    }
}

#[tokio::test]
async fn the_demo_is_refused_in_production() {
    let production = |settings: &mut shared::config::Settings| settings.server.mode = Mode::Production;
    let shop = Shop::start_with(common::Engine::Sqlite, Peer::in_process(), production).await.unwrap();
    assert!(booking::seed_demo(&shop.app).await.is_err());
}

#[tokio::test]
async fn pages_are_one_document_and_files_are_not_guessed() {
    let shop = Shop::start(common::Engine::Sqlite).await.unwrap();
    for page in ["/", "/events", "/events/7", "/organise/events/3", "/tickets/TCK-ABC123"] {
        let answered = shop.request(reqwest::Method::GET, page, "").send().await.unwrap();
        assert_eq!(answered.status(), 200, "{page}");
        assert!(answered.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        assert!(
            answered.headers()["content-security-policy"].to_str().unwrap().contains("default-src 'self'")
        );
    }
    for path in ["/assets/none.js", "/..%2f..%2fetc/passwd", "/assets/..%2f..%2fCargo.toml", "/nothing"] {
        let answered = shop.request(reqwest::Method::GET, path, "").send().await.unwrap();
        assert_eq!(answered.status(), 404, "{path}");
    }
    let docs = shop.request(reqwest::Method::GET, "/docs/", "").send().await.unwrap();
    assert_eq!(docs.status(), 200);
    assert_eq!(shop.get("/api/v1/openapi.json", "").await.1["info"]["title"], "Rushline booking");
}

/// The committed document is what clients are generated from.
#[test]
fn openapi_json_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let fresh = booking::openapi().to_pretty_json().unwrap() + "\n";
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    if fresh != committed {
        std::fs::write(path, &fresh).unwrap();
        panic!(
            "booking/openapi.json was out of date and has been written anew: look at the change and commit it"
        );
    }
}
