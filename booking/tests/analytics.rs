//! Figures: what was sold, to whom, and what it brought.
#![allow(clippy::unwrap_used)]

mod common;

use common::Shop;
use serde_json::{Value, json};
use shared::access::Role;

fn slug(answer: &Value) -> &str {
    answer["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
}

/// The name of an event that a spreadsheet would take for a formula.
const EVIL: &str = "=Evil, \"Show\"";

/// Sales that are reckoned by hand.
struct Sales {
    /// Bob's event in dollars and its session, and his in euros.
    rock: Value,
    session: i64,
    evil: Value,
    bob: String,
    eve: String,
}

/// Sells on Monday, 1 June, on Tuesday, and Eve's tickets on the Monday after. Of Bob's first booking a ticket is given back and
/// one comes in, his second is cancelled.
async fn sell(shop: &Shop) -> Sales {
    let ((bob_id, bob), (eve_id, eve)) = (shop.user(Role::Organizer).await, shop.user(Role::Organizer).await);
    let ((rock, session), (hers, _)) = (shop.event(&bob, 75.0, 10).await, shop.event(&eve, 75.0, 10).await);
    let evil = json!({ "name": EVIL, "venue": "City Arena", "event_date": "2026-12-10T20:00:00Z", "ticket_price": 20,
        "total_tickets": 5, "currency": "EUR" });
    let (status, evil) = shop.post("/api/v1/events", &bob, evil).await;
    assert_eq!(status, 201, "{evil}");
    let (rock, evil) = (json!(rock), evil["id"].clone());
    let (fan, _) = shop.user(Role::Guest).await;
    let mut sold = Vec::new();
    for (days, event, quantity) in [(0, &rock, 3), (1, &rock, 2), (0, &evil, 1), (6, &json!(hers), 4)] {
        shop.advance_s(days * 86_400);
        let order = json!({ "event_id": event, "quantity": quantity });
        let (status, order) = shop.post("/api/v1/orders", &shop.token(fan, Role::Guest), order).await;
        assert_eq!(status, 201, "{order}");
        sold.push(order);
    }
    // A token lives no week.
    let [bob, eve] = [bob_id, eve_id].map(|id| shop.token(id, Role::Organizer));
    let code = |ticket: usize| sold[0]["tickets"][ticket]["ticket_code"].clone();
    for (order, body) in [(0, json!({ "tickets": [code(0)] })), (1, json!({}))] {
        let path = format!("/api/v1/bookings/{}/cancel", sold[order]["order_id"].as_str().unwrap());
        let (status, answer) = shop.post(&path, &shop.token(fan, Role::Guest), body).await;
        assert_eq!(status, 200, "{answer}");
    }
    let (status, entry) = shop.post("/api/v1/checkins", &bob, json!({ "code": code(1) })).await;
    assert_eq!((status, &entry["result"]), (200, &json!("admitted")), "{entry}");
    Sales { rock, session, evil, bob, eve }
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

    async fn reports_add_up_what_was_sold_and_no_two_currencies(shop) {
        let Sales { rock, evil, bob, .. } = sell(&shop).await;
        let all = "measure=revenue,refunds,net,bookings,cancelled,tickets,check_ins,places";
        let row = |key: &Value, name: &str, currency: &str, figures: [i64; 8]| {
            let [revenue, refunds, net, bookings, cancelled, tickets, check_ins, places] = figures;
            json!({ "key": key.to_string(), "name": name, "currency": currency, "revenue_minor": revenue, "refunds_minor": refunds,
                "net_minor": net, "bookings": bookings, "cancelled": cancelled, "tickets": tickets, "check_ins": check_ins,
                "places": places })
        };
        let rock_row = row(&rock, "Rock Night", "USD", [37_500, 22_500, 15_000, 2, 1, 2, 1, 10]);
        let evil_row = row(&evil, EVIL, "EUR", [2000, 0, 2000, 1, 0, 1, 0, 5]);
        let (status, report) = shop.get(&format!("/api/v1/reports?by=event&{all}"), &bob).await;
        assert_eq!((status, report), (200, json!({ "by": "event", "rows": [rock_row, evil_row], "is_cut": false })));
        let (_, stats) = shop.get(&format!("/api/v1/events/{rock}/stats"), &bob).await;
        for (figure, of_stats) in [("net_minor", "revenue_minor"), ("bookings", "bookings"), ("cancelled", "cancelled"),
            ("tickets", "sold"), ("check_ins", "checked_in"), ("places", "capacity")] {
            assert_eq!(rock_row[figure], stats[of_stats], "{figure}");
        }
        let query = "/api/v1/reports.csv?by=event&measure=net,tickets";
        let csv = shop.request(reqwest::Method::GET, query, &bob).send().await.unwrap();
        assert!(csv.headers()["content-type"].to_str().unwrap().starts_with("text/csv"));
        assert_eq!(csv.headers()["content-disposition"], "attachment; filename=\"report-by-event.csv\"");
        let lines = [
            "event,key,currency,net,tickets".to_owned(),
            format!("\"Rock Night\",\"{rock}\",\"USD\",\"150.00\",\"2\""),
            format!("\"'=Evil, \"\"Show\"\"\",\"{evil}\",\"EUR\",\"20.00\",\"1\""),
        ];
        assert_eq!(csv.text().await.unwrap(), lines.join("\r\n") + "\r\n");
    }

    async fn reports_group_the_sales_of_one_s_own_events(shop) {
        let Sales { rock, session, bob, eve, .. } = sell(&shop).await;
        let ((_, zoe), (_, admin)) = (shop.user(Role::Organizer).await, shop.user(Role::Admin).await);
        // Each group: its name, its currency, what was taken, and the tickets that live.
        let report = async |token: &str, query: &str| {
            let (status, report) = shop.get(&format!("/api/v1/reports?measure=revenue,tickets&{query}"), token).await;
            assert_eq!(status, 200, "{query}: {report}");
            let text = |row: &Value| {
                let [name, currency] = ["name", "currency"].map(|field| row[field].as_str().unwrap().to_owned());
                assert_eq!(row.as_object().unwrap().len(), 5, "only what was asked for: {row}");
                format!("{name} {currency} {} {}", row["revenue_minor"], row["tickets"])
            };
            report["rows"].as_array().unwrap().iter().map(text).collect::<Vec<_>>()
        };
        let days = ["2026-06-01 USD 22500 2", "2026-06-02 EUR 2000 1", "2026-06-02 USD 15000 0"];
        assert_eq!(report(&bob, "by=day").await, days);
        assert_eq!(report(&bob, "by=week").await, ["2026-06-01 EUR 2000 1", "2026-06-01 USD 37500 2"]);
        assert_eq!(report(&admin, "by=week").await.last().unwrap(), "2026-06-08 USD 30000 4");
        assert_eq!(report(&admin, "by=month").await, ["2026-06 EUR 2000 1", "2026-06 USD 67500 6"]);
        assert_eq!(report(&bob, "by=day&from=2026-06-02&to=2026-06-02").await, days[1..]);
        assert_eq!(report(&bob, "by=day&to=2026-06-01").await, days[..1]);
        assert_eq!(report(&bob, "by=currency&from=2026-06-03").await, [""; 0]);
        assert_eq!(report(&bob, "by=venue").await, ["City Arena USD 37500 2", "City Arena EUR 2000 1"]);
        let one = format!("event_id={rock}");
        let night = ["Rock Night, 2026-12-10 20:00 UTC USD 37500 2"];
        assert_eq!(report(&bob, &format!("by=session&{one}")).await, night);
        let (_, keyed) = shop.get(&format!("/api/v1/reports?by=session&measure=net&{one}"), &bob).await;
        assert_eq!(keyed["rows"][0]["key"], json!(session.to_string()));
        for by in ["ticket_type", "category"] {
            assert_eq!(report(&bob, &format!("by={by}")).await.len(), 2, "{by}");
        }
        let states = report(&bob, "by=status").await;
        assert!(states.contains(&"confirmed USD 22500 2".to_owned()), "{states:?}");
        assert!(states.contains(&"cancelled USD 15000 0".to_owned()), "{states:?}");
        // What is not hers, an organiser does not see; an admin sees everybody's.
        assert_eq!(report(&eve, "by=event").await, ["Rock Night USD 30000 4"]);
        assert_eq!(report(&zoe, "by=event").await, [""; 0]);
        assert_eq!(report(&admin, "by=event").await.len(), 3);
        for path in ["reports", "reports.csv"] {
            let (status, _) = shop.get(&format!("/api/v1/{path}?by=day&measure=net&{one}"), &eve).await;
            assert_eq!(status, 404, "{path}");
        }
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
