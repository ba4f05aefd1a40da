//! Rows 29 to 35, 64 and 74 to 76: what organisers send.

use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;

use crate::common::buying::slug;
use crate::{Case, check, on_both_engines};

fn event() -> Value {
    json!({ "name": "Rock", "venue": "Arena", "event_date": "2027-01-01T20:00:00Z", "ticket_price": 10, "total_tickets": 5 })
}

/// With sessions of its own instead of the seeds' one.
fn with_session(session: Value) -> Value {
    json!({ "name": "Rock", "venue": "Arena", "sessions": [session] })
}

on_both_engines! {
    async fn dates_and_money_are_exact_or_refused(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let make = |body: Value| shop.request(Method::POST, "/api/v1/events", &bob).json(&body);
        let changed = |member: &str, value: Value| {
            let mut body = event();
            body[member] = value;
            make(body)
        };
        let types = |price: Value, quantity: i64| json!([{ "name": "GA", "price_minor": price, "quantity": quantity }]);
        let at = |more: Value| {
            let mut session = json!({ "starts_at": "2027-01-01T20:00:00Z", "ticket_types": types(json!(1), 1) });
            more.as_object().unwrap().iter().for_each(|(name, value)| session[name] = value.clone());
            make(with_session(session))
        };
        let mut cases = Vec::new();
        for (row, member, value, slug) in [
            (29, "event_date", json!("2026-02-30T20:00:00Z"), "invalid-date"),
            (29, "event_date", json!("0000-01-01T00:00:00Z"), "invalid-date"),
            (29, "event_date", json!("99999-01-01T00:00:00Z"), "invalid-date"),
            (29, "event_date", json!("1780315200"), "invalid-date"),
            (29, "event_date", json!(1_780_315_200), "validation"),
            (30, "sales_open_at", json!("2027-02-01T00:00:00Z"), "inconsistent-dates"),
            (32, "time_zone", json!("Mars/Olympus"), "time-zone"),
            (33, "ticket_price", json!(-1), "money-format"),
            (33, "ticket_price", json!(0.001), "money-format"),
            (33, "ticket_price", json!("1e2"), "money-format"),
            (33, "ticket_price", json!("1,50"), "money-format"),
            (34, "ticket_price", json!(92_233_720_368_547_758_u64), "out-of-range"),
            (35, "currency", json!("EURO"), "currency"),
            (35, "currency", json!("eur"), "currency"),
            (75, "name", json!("Rock\r\nBcc: all@example.com"), "control-character"),
        ] {
            let what = format!("{member}: {value}");
            cases.push(Case::new(row, what, changed(member, value), 422, slug));
        }
        let mut yen = event();
        yen["currency"] = json!("JPY");
        yen["ticket_price"] = json!(1.5);
        cases.extend([
            Case::new(33, "1.50 JPY", make(yen), 422, "money-format").at("/ticket_price"),
            Case::new(30, "ends before it starts", at(json!({ "ends_at": "2027-01-01T19:00:00Z" })), 422, "inconsistent-dates").at("/sessions/0/ends_at"),
            Case::new(30, "doors after the start", at(json!({ "doors_at": "2027-01-01T21:00:00Z" })), 422, "inconsistent-dates").at("/sessions/0/doors_at"),
            Case::new(33, "a price below zero", at(json!({ "ticket_types": types(json!(-1), 1) })), 422, "out-of-range").at("/sessions/0/ticket_types/0/price_minor"),
            Case::new(34, "price times number", at(json!({ "ticket_types": types(json!(1_i64 << 62), 1000) })), 422, "out-of-range").at("/sessions/0/ticket_types/0/price_minor"),
        ]);
        for (skipped, slug) in [("2027-03-28T02:30:00", "nonexistent-time"), ("2027-10-31T02:30:00", "ambiguous-time")] {
            let mut body = event();
            (body["venue"], body["time_zone"], body["event_date"]) = (json!("Hall"), json!("Europe/Berlin"), json!(skipped));
            cases.push(Case::new(31, skipped, make(body), 422, slug).at("/event_date"));
        }
        check(cases).await;
    }

    async fn what_was_sold_stays_and_what_is_exported_is_text(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 10).await;
        let buyer = shop.buyer().await;
        let formula = json!({ "name": "=HYPERLINK(\"http://evil.example\")" });
        assert_eq!(shop.patch("/api/v1/users/me", &buyer, formula).await.0, 200);
        shop.buy(session, &buyer, 2).await;
        let path = format!("/api/v1/events/{event}");
        check(vec![
            Case::new(64, "deleted", shop.request(Method::DELETE, &path, &bob), 409, "has-bookings"),
            Case::new(64, "shrunk", shop.request(Method::PATCH, &path, &bob).header("if-match", "*").json(&json!({ "total_tickets": 1 })), 409, "has-bookings"),
        ])
        .await;
        let export = shop.request(Method::GET, &format!("{path}/attendees.csv"), &bob).send().await.unwrap();
        let table = export.text().await.unwrap();
        assert!(table.contains("'=HYPERLINK"), "row 74: {table}");
    }

    async fn descriptions_are_never_evaluated(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let mut body = event();
        let text = "<script>alert(1)</script> {{7*7}} ${7*7} [x](javascript:alert(1))";
        body["description"] = json!(text);
        let (status, made) = shop.post("/api/v1/events", &bob, body).await;
        assert_eq!((status, slug(&made)), (201, ""), "row 76: {made}");
        let page = shop.request(Method::GET, &format!("/api/v1/events/{}", made["id"]), "").send().await.unwrap();
        assert_eq!(page.headers()["content-type"], "application/json");
        assert_eq!(page.headers()["x-content-type-options"], "nosniff");
        assert_eq!(page.json::<Value>().await.unwrap()["description"], text, "text, as it was written");
    }
}
