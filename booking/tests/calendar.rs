//! What happens when (B16): months by the venues' clocks, and dates that calendars subscribe to.
#![allow(clippy::unwrap_used)]

mod common;

use common::Shop;
use common::buying::slug;
use serde_json::{Value, json};
use shared::access::Role;

/// Events around a month's end in three zones, and one that nobody may see.
async fn season(shop: &Shop) -> Vec<Value> {
    let (_, bob) = shop.user(Role::Organizer).await;
    let mut events = Vec::new();
    for (name, zone, at, status) in [
        ("Late Show", "America/New_York", "2026-11-30T22:00", "published"),
        ("New Year", "Pacific/Auckland", "2026-12-01T00:30", "published"),
        ("Matinee", "Europe/Berlin", "2026-12-24T15:00", "published"),
        ("Secret", "Europe/Berlin", "2026-12-24T20:00", "draft"),
    ] {
        let body = json!({ "name": name, "venue": format!("Hall in {zone}"), "time_zone": zone, "category": "concert",
            "event_date": at, "ticket_price": 20, "total_tickets": 5, "status": status });
        let (status, made) = shop.post("/api/v1/events", &bob, body).await;
        assert_eq!(status, 201, "{made}");
        events.push(made);
    }
    events
}

/// Dates and names of a month.
async fn month(shop: &Shop, query: &str) -> Vec<(String, Vec<String>)> {
    let (status, month) = shop.get(&format!("/api/v1/events/calendar?{query}"), "").await;
    assert_eq!(status, 200, "{month}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let days = month["days"].as_array().unwrap().iter();
    days.map(|day| {
        (text(&day["date"]), day["sessions"].as_array().unwrap().iter().map(|s| text(&s["name"])).collect())
    })
    .collect()
}

/// An address's answer as text.
async fn calendar(shop: &Shop, path: &str) -> (u16, String) {
    let answered = shop.request(reqwest::Method::GET, path, "").send().await.unwrap();
    (answered.status().as_u16(), answered.text().await.unwrap())
}

on_both_engines! {
    async fn a_month_has_its_days_by_the_clock_of_each_venue(shop) {
        let events = season(&shop).await;
        let day = |date: &str, names: &[&str]| (date.to_owned(), names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>());
        // At the venues it is November in New York while it is December in Auckland, earlier on the same day in UTC.
        assert_eq!(month(&shop, "month=2026-11").await, [day("2026-11-30", &["Late Show"])]);
        assert_eq!(month(&shop, "month=2026-12").await, [day("2026-12-01", &["New Year"]), day("2026-12-24", &["Matinee"])]);
        assert_eq!(month(&shop, "month=2026-12&q=matinee").await, [day("2026-12-24", &["Matinee"])]);
        assert_eq!(month(&shop, "month=2026-12&category=sports").await, []);
        assert_eq!(month(&shop, "").await, [], "without a month it is the current one: June");
        let (_, december) = shop.get("/api/v1/events/calendar?month=2026-12", "").await;
        assert_eq!([&december["previous"], &december["next"], &december["is_complete"]], [&json!("2026-11"), &json!("2027-01"), &json!(true)]);
        let matinee = &december["days"][1]["sessions"][0];
        assert_eq!([&matinee["event_id"], &matinee["local_time"]], [&events[2]["id"], &json!("15:00")]);
        for query in ["month=2026-13", "month=soon", "from=2026-12-01"] {
            let (status, refused) = shop.get(&format!("/api/v1/events/calendar?{query}"), "").await;
            assert_eq!(status, 422, "{query}: {refused}");
        }
        assert_eq!(slug(&shop.get("/api/v1/events/calendar?month=2026-13", "").await.1), "invalid-date");
    }

    async fn dates_are_told_in_their_zone_and_can_be_subscribed_to(shop) {
        let events = season(&shop).await;
        let (status, feed) = calendar(&shop, "/api/v1/events/calendar.ics").await;
        assert_eq!((status, feed.matches("BEGIN:VEVENT").count()), (200, 3), "{feed}");
        for line in ["DTSTART;TZID=Europe/Berlin:20261224T150000", "DTSTART;TZID=America/New_York:20261130T220000", "TZID:Pacific/Auckland", "X-WR-CALNAME:Rushline"] {
            assert!(feed.lines().any(|l| l == line), "{line} is missing in\n{feed}");
        }
        let (_, found) = calendar(&shop, "/api/v1/events/calendar.ics?q=matinee&from=2026-12-01").await;
        assert_eq!(found.matches("BEGIN:VEVENT").count(), 1);
        let (matinee, secret) = (&events[2], &events[3]);
        let (_, of_event) = calendar(&shop, &format!("/api/v1/events/{}/calendar.ics", matinee["id"])).await;
        let (_, of_session) = calendar(&shop, &format!("/api/v1/sessions/{}/calendar.ics", matinee["sessions"][0]["id"])).await;
        assert_eq!(of_event, of_session);
        assert!(of_event.contains(&format!("UID:session-{}@", matinee["sessions"][0]["id"])) && of_event.contains("SEQUENCE:0"));
        for path in [format!("events/{}", secret["id"]), format!("sessions/{}", secret["sessions"][0]["id"]), "events/999".into()] {
            assert_eq!(calendar(&shop, &format!("/api/v1/{path}/calendar.ics")).await.0, 404, "{path}");
        }
        // Half a year later everything but the last one is over.
        shop.clock.advance(time::Duration::days(200));
        assert_eq!(calendar(&shop, "/api/v1/events/calendar.ics").await.1.matches("BEGIN:VEVENT").count(), 1);
    }
}
