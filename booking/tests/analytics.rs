//! Figures: what was sold, to whom, and what it brought.
#![allow(clippy::unwrap_used)]

mod common;

use serde_json::{Value, json};
use shared::access::Role;

fn slug(answer: &Value) -> &str {
    answer["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

on_both_engines! {
    async fn figures_follow_the_sales(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (_, admin) = shop.user(Role::Admin).await;
        let (id, _) = shop.event(&bob, 75.0, 10).await;
        let mut bookings = Vec::new();
        for quantity in [2, 3, 1] {
            let (_, fan) = shop.user(Role::Guest).await;
            let (status, order) = shop.post("/api/v1/orders", &fan, json!({ "event_id": id, "quantity": quantity })).await;
            assert_eq!(status, 201, "{order}");
            bookings.push((order["order_id"].as_str().unwrap().to_owned(), fan));
            shop.advance_s(3600);
        }
        let stats = async || shop.get(&format!("/api/v1/events/{id}/stats"), &bob).await.1;
        let full = stats().await;
        for (field, value) in [
            ("sold", json!(6)), ("free", json!(4)), ("held", json!(0)), ("capacity", json!(10)), ("occupancy", json!(0.6)),
            ("revenue_minor", json!(45_000)), ("currency", json!("USD")), ("bookings", json!(3)), ("cancelled", json!(0)),
            ("cancellation_rate", json!(0.0)), ("checked_in", json!(0)),
        ] {
            assert_eq!(full[field], value, "{field}");
        }
        let sales: Vec<i64> = full["sales"].as_array().unwrap().iter().map(|s| s["tickets"].as_i64().unwrap()).collect();
        assert_eq!(sales, [2, 3, 1], "by hour, oldest first");
        assert_eq!(full["sales"][0]["at"], json!("2026-06-01T12:00:00Z"));
        assert_eq!(full["ticket_types"][0]["revenue_minor"], json!(45_000));
        let (booking, fan) = &bookings[1];
        let (status, cancelled) = shop.post(&format!("/api/v1/bookings/{booking}/cancel"), fan, json!({})).await;
        assert_eq!(status, 200, "{cancelled}");
        let less = stats().await;
        assert_eq!((&less["sold"], &less["cancelled"], &less["cancellation_rate"]), (&json!(3), &json!(1), &json!(0.3333)));
        assert_eq!(less["revenue_minor"], json!(22_500));
        let (_, house) = shop.get("/api/v1/admin/dashboard", &admin).await;
        assert_eq!((&house["revenue"][0]["revenue_minor"], &house["revenue"][0]["tickets"]), (&json!(22_500), &json!(3)));
        assert_eq!((&house["events"]["published"], &house["users"]["guest"]), (&json!(1), &json!(3)));
        assert_eq!(house["registrations"][0]["bookings"], json!(3));
    }

    async fn attendees_are_listed_paged_and_exported(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let venue = json!({ "name": "Cinema", "time_zone": "UTC" });
        let venue = shop.post("/api/v1/venues", &bob, venue).await.1["id"].clone();
        let layout = json!({ "name": "Screen", "sections": [{ "name": "A", "rows": 3, "columns": 4 }] });
        let layout = shop.post(&format!("/api/v1/venues/{venue}/layouts"), &bob, layout).await.1["id"].clone();
        let film = json!({ "name": "Film", "venue_id": venue, "sessions": [{ "starts_at": "2026-12-10T18:00:00Z", "layout_id": layout,
            "ticket_types": [{ "name": "Seat", "price": 9.5, "section": "A" }] }] });
        let (_, film) = shop.post("/api/v1/events", &bob, film).await;
        let path = format!("/api/v1/events/{}", film["id"]);
        for _ in 0..3 {
            let (_, fan) = shop.user(Role::Guest).await;
            let (status, order) = shop.post("/api/v1/orders", &fan, json!({ "event_id": film["id"], "quantity": 2 })).await;
            assert_eq!(status, 201, "{order}");
            shop.advance_s(1);
        }
        let (status, all) = shop.get(&format!("{path}/attendees"), &bob).await;
        assert_eq!((status, all.as_array().unwrap().len()), (200, 3));
        let first = &all[0];
        assert_eq!((&first["tickets"], &first["checked_in"], &first["status"]), (&json!(2), &json!(0), &json!("confirmed")));
        let seats = first["seats"].as_array().unwrap();
        assert!(seats.len() == 2 && seats.iter().all(|s| s.as_str().unwrap().starts_with("A ")), "{seats:?}");
        let (_, found) = shop.get(&format!("{path}/attendees?q={}", first["reference"].as_str().unwrap().to_lowercase()), &bob).await;
        assert_eq!(found.as_array().unwrap().len(), 1);
        let page = shop.request(reqwest::Method::GET, &format!("{path}/attendees?limit=2"), &bob).send().await.unwrap();
        let link = page.headers()["link"].to_str().unwrap().to_owned();
        let next = link.trim_start_matches('<').split('>').next().unwrap();
        assert_eq!(shop.get(next, &bob).await.1.as_array().unwrap().len(), 1);
        let csv = shop.request(reqwest::Method::GET, &format!("{path}/attendees.csv"), &bob).send().await.unwrap();
        assert!(csv.headers()["content-type"].to_str().unwrap().starts_with("text/csv"));
        let csv = csv.text().await.unwrap();
        assert_eq!(csv.lines().count(), 4);
        assert!(csv.contains(first["reference"].as_str().unwrap()));
    }

    async fn an_event_that_sold_can_be_cancelled_but_not_deleted(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (id, session) = shop.event(&bob, 75.0, 10).await;
        let (_, fan) = shop.user(Role::Guest).await;
        let hold = json!({ "quantity": 1, "best_available": true });
        let (status, held) = shop.post(&format!("/api/v1/sessions/{session}/holds"), &fan, hold).await;
        assert_eq!(status, 201, "{held}");
        let path = format!("/api/v1/events/{id}");
        let (status, refused) = shop.delete(&path, &bob).await;
        assert_eq!((status, slug(&refused)), (409, "has-bookings"), "{refused}");
        let (status, refused) = shop.patch(&path, &bob, json!({ "ticket_price": 1 })).await;
        assert_eq!((status, slug(&refused)), (409, "has-bookings"));
        assert_eq!(shop.post(&format!("{path}/cancel"), &bob, json!({})).await.0, 200);
        let (_, other) = shop.user(Role::Guest).await;
        let hold = json!({ "quantity": 1, "best_available": true });
        let (status, refused) = shop.post(&format!("/api/v1/sessions/{session}/holds"), &other, hold).await;
        assert_eq!((status, slug(&refused)), (410, "event-cancelled"), "{refused}");
    }
}
