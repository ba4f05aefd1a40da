//! Events: made by organisers, browsed by everybody.
#![allow(clippy::unwrap_used)]

mod common;

use serde_json::{Value, json};
use shared::access::Role;

fn rock_night() -> Value {
    json!({
        "name": "Rock Night", "description": "Live rock concert", "venue": "City Arena",
        "event_date": "2026-12-10T20:00:00Z", "ticket_price": 75.00, "total_tickets": 500,
    })
}

on_both_engines! {
    async fn the_seeds_requests_get_the_seeds_answers(shop) {
        let (bob, token) = shop.user(Role::Organizer).await;
        let (status, made) = shop.post("/api/v1/events", &token, rock_night()).await;
        assert_eq!(status, 201, "{made}");
        assert_eq!(made["name"], "Rock Night");
        assert_eq!(made["ticket_price"], json!(75.0));
        assert_eq!(made["total_tickets"], json!(500));
        assert_eq!(made["created_by"], json!(bob));
        let (status, list) = shop.get("/api/v1/events", "").await;
        assert_eq!(status, 200);
        let card = &list.as_array().unwrap()[0];
        for (field, value) in [
            ("id", &made["id"]),
            ("name", &json!("Rock Night")),
            ("venue", &json!("City Arena")),
            ("event_date", &json!("2026-12-10T20:00:00Z")),
            ("ticket_price", &json!(75.0)),
            ("remaining_tickets", &json!(500)),
        ] {
            assert_eq!(&card[field], value, "{field}");
        }
        let (_, detail) = shop.get(&format!("/api/v1/events/{}", made["id"]), "").await;
        let session = &detail["sessions"][0];
        assert_eq!(session["ticket_types"][0]["remaining"], json!(500));
        assert_eq!(session["seated"], json!(false));
        let (status, page) = shop.get(&format!("/api/v1/sessions/{}", session["id"]), "").await;
        assert_eq!((status, &page["event"]["id"]), (200, &made["id"]));
    }

    async fn seats_come_from_the_layout_and_a_hundred_thousand_fit(shop) {
        let (_, token) = shop.user(Role::Organizer).await;
        let venue = json!({ "name": "Grand Hall", "address": "1 Main St", "time_zone": "Europe/Berlin" });
        let (status, venue) = shop.post("/api/v1/venues", &token, venue).await;
        assert_eq!(status, 201, "{venue}");
        let sections = json!([
            { "name": "Stalls", "rows": 250, "columns": 399, "row_labels": "numbers" },
            { "name": "VIP", "rows": 5, "columns": 20 },
            { "name": "Floor", "rows": 10, "columns": 20, "standing": true },
        ]);
        let layout = json!({ "name": "Concert", "sections": sections });
        let (status, layout) = shop.post(&format!("/api/v1/venues/{}/layouts", venue["id"]), &token, layout).await;
        assert_eq!(status, 201, "{layout}");
        assert_eq!((&layout["version"], &layout["seats"]), (&json!(1), &json!(99_850)));
        let event = json!({
            "name": "Gala", "venue_id": venue["id"], "category": "Concert", "status": "draft",
            "sessions": [{ "starts_at": "2026-12-10T20:00", "layout_id": layout["id"], "ticket_types": [
                { "name": "VIP", "price": 100, "section": "VIP", "premium": true },
                { "name": "Stalls", "price_minor": 5000, "section": "Stalls" },
                { "name": "Standing", "price_minor": 1000, "section": "Floor", "quantity": 150 },
            ]}],
        });
        let (status, made) = shop.post("/api/v1/events", &token, event).await;
        assert_eq!(status, 201, "{made}");
        assert_eq!(made["total_tickets"], json!(100_000));
        assert_eq!(made["remaining_tickets"], json!(100_000));
        assert_eq!(made["event_date"], json!("2026-12-10T19:00:00Z"));
        assert_eq!(made["ticket_price"], json!(10.0));
        let types = made["sessions"][0]["ticket_types"].as_array().unwrap();
        let seated: Vec<_> = types.iter().map(|t| t["seated"].as_bool().unwrap()).collect();
        assert_eq!(seated, [true, true, false]);
        let path = format!("/api/v1/events/{}", made["id"]);
        assert_eq!(shop.get(&path, "").await.0, 404, "a draft is not shown to others");
        assert_eq!(shop.get(&path, &token).await.0, 200);
        assert_eq!(shop.post(&format!("{path}/publish"), &token, json!({})).await.0, 200);
        assert_eq!(shop.get(&path, "").await.0, 200);
    }
}
