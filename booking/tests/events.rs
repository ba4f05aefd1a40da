//! Events: made by organisers, browsed by everybody.
#![allow(clippy::unwrap_used)]

mod common;

use common::answer;
use reqwest::Method;
use serde_json::{Value, json};
use shared::access::Role;

fn rock_night() -> Value {
    json!({
        "name": "Rock Night", "description": "Live rock concert", "venue": "City Arena",
        "event_date": "2026-12-10T20:00:00Z", "ticket_price": 75.00, "total_tickets": 500,
    })
}

fn slug(answer: &Value) -> &str {
    answer["type"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default()
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

    async fn only_the_owner_and_admins_touch_an_event(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (_, eve) = shop.user(Role::Organizer).await;
        let (_, guest) = shop.user(Role::Guest).await;
        let (_, gate) = shop.user(Role::Gate).await;
        let (_, admin) = shop.user(Role::Admin).await;
        for (token, expected) in [("", 401), (guest.as_str(), 403), (gate.as_str(), 403), ("ey.no.token", 401)] {
            let (status, refused) = shop.post("/api/v1/events", token, rock_night()).await;
            assert_eq!(status, expected, "{refused}");
        }
        let (id, _) = shop.event(&bob, 75.0, 10).await;
        let path = format!("/api/v1/events/{id}");
        let change = || json!({ "description": "Changed" });
        for (token, expected) in [("", 401), (guest.as_str(), 403), (eve.as_str(), 404), (bob.as_str(), 200), (admin.as_str(), 200)] {
            assert_eq!(shop.patch(&path, token, change()).await.0, expected);
            assert_eq!(shop.get(&format!("{path}/stats"), token).await.0, expected);
            assert_eq!(shop.get(&format!("{path}/attendees"), token).await.0, expected);
            assert_eq!(shop.get(&format!("{path}/attendees.csv"), token).await.0, expected);
        }
        for act in ["publish", "cancel", "clone"] {
            assert_eq!(shop.post(&format!("{path}/{act}"), &eve, json!({})).await.0, 404, "{act}");
            assert_eq!(shop.post(&format!("{path}/{act}"), &guest, json!({})).await.0, 403, "{act}");
        }
        assert_eq!(shop.delete(&path, &eve).await.0, 404);
        let venue = json!({ "name": "Bob's Hall", "time_zone": "UTC" });
        let venue = shop.post("/api/v1/venues", &bob, venue).await.1["id"].clone();
        let layout = json!({ "name": "Hall", "sections": [{ "name": "A", "rows": 2, "columns": 2 }] });
        let layouts = format!("/api/v1/venues/{venue}/layouts");
        assert_eq!(shop.post(&layouts, &eve, layout.clone()).await.0, 404);
        assert_eq!(shop.post(&layouts, &bob, layout.clone()).await.1["version"], 1);
        assert_eq!(shop.post(&layouts, &admin, layout).await.1["version"], 2);
        for path in ["/api/v1/admin/audit", "/api/v1/admin/dashboard", "/api/v1/admin/users"] {
            for (token, expected) in [("", 401), (guest.as_str(), 403), (bob.as_str(), 403), (gate.as_str(), 403), (admin.as_str(), 200)] {
                assert_eq!(shop.get(path, token).await.0, expected, "{path}");
            }
        }
        let (_, audit) = shop.get(&format!("/api/v1/admin/audit?subject=event:{id}"), &admin).await;
        let acts: Vec<&str> = audit.as_array().unwrap().iter().map(|a| a["action"].as_str().unwrap()).collect();
        assert_eq!(acts, ["event.updated", "event.updated", "event.created"]);
    }

    async fn an_event_lives_from_draft_to_cancelled(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let mut body = rock_night();
        body["status"] = json!("draft");
        let (_, made) = shop.post("/api/v1/events", &bob, body).await;
        let path = format!("/api/v1/events/{}", made["id"]);
        let listed = async || shop.get("/api/v1/events", "").await.1.as_array().unwrap().len();
        assert_eq!((listed().await, shop.get(&path, "").await.0), (0, 404));
        assert_eq!(shop.get("/api/v1/events?mine=true", &bob).await.1.as_array().unwrap().len(), 1);
        assert_eq!(shop.get("/api/v1/events?mine=true", "").await.0, 401);
        assert_eq!(shop.post(&format!("{path}/publish"), &bob, json!({})).await.1["status"], "published");
        assert_eq!((listed().await, shop.get(&path, "").await.0), (1, 200));
        assert_eq!(shop.post(&format!("{path}/cancel"), &bob, json!({})).await.1["status"], "cancelled");
        assert_eq!(listed().await, 0);
        assert_eq!(shop.get(&path, "").await.1["status"], "cancelled", "whoever has a ticket finds the page");
        assert_eq!(shop.post(&format!("{path}/cancel"), &bob, json!({})).await.0, 200);
        let (status, refused) = shop.post(&format!("{path}/publish"), &bob, json!({})).await;
        assert_eq!((status, slug(&refused)), (409, "wrong-state"));
        assert_eq!(shop.patch(&path, &bob, json!({ "name": "Again" })).await.0, 409);
    }

    async fn what_buyers_were_promised_stands_once_a_place_is_taken(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (id, session) = shop.event(&bob, 75.0, 10).await;
        let path = format!("/api/v1/events/{id}");
        let change = json!({
            "name": "Rock Day", "event_date": "2026-12-11T20:00:00Z", "ticket_price": 80.5, "total_tickets": 12,
            "sales_close_at": "2026-12-11T18:00:00Z",
        });
        let (status, changed) = shop.patch(&path, &bob, change).await;
        assert_eq!(status, 200, "{changed}");
        assert_eq!((&changed["ticket_price"], &changed["total_tickets"]), (&json!(80.5), &json!(12)));
        assert_eq!((&changed["remaining_tickets"], &changed["event_date"]), (&json!(12), &json!("2026-12-11T20:00:00Z")));
        assert_eq!(changed["sessions"][0]["ends_at"], json!("2026-12-11T23:00:00Z"));
        assert_eq!(shop.patch(&path, &bob, json!({ "total_tickets": 5 })).await.1["remaining_tickets"], json!(5));
        shop.hold(session, &shop.buyer().await, 1).await;
        for change in [json!({ "name": "X" }), json!({ "ticket_price": 1 }), json!({ "total_tickets": 4 }), json!({ "event_date": "2027-01-01T00:00:00Z" })] {
            let (status, refused) = shop.patch(&path, &bob, change).await;
            assert_eq!((status, slug(&refused)), (409, "has-bookings"));
        }
        assert_eq!(shop.patch(&path, &bob, json!({ "description": "More", "sales_close_at": null })).await.0, 200);
        let (_, stats) = shop.get(&format!("{path}/stats"), &bob).await;
        assert_eq!((&stats["held"], &stats["free"], &stats["capacity"]), (&json!(1), &json!(4), &json!(5)));
    }

    async fn two_editors_do_not_overwrite_each_other(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (id, _) = shop.event(&bob, 75.0, 10).await;
        let path = format!("/api/v1/events/{id}");
        let read = shop.request(Method::GET, &path, "").send().await.unwrap();
        let etag = read.headers()["etag"].to_str().unwrap().to_owned();
        let unchanged = shop.request(Method::GET, &path, "").header("if-none-match", &etag).send().await.unwrap();
        assert_eq!(unchanged.status(), 304);
        shop.advance_s(1);
        let edit = || shop.request(Method::PATCH, &path, &bob).header("if-match", &etag).json(&json!({ "description": "Mine" }));
        assert_eq!(answer(edit()).await.0, 200);
        let (status, refused) = answer(edit()).await;
        assert_eq!((status, slug(&refused)), (412, "changed-meanwhile"));
    }

    async fn a_clone_is_a_draft_with_its_own_seats(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let venue = json!({ "name": "Cinema", "time_zone": "UTC" });
        let venue = shop.post("/api/v1/venues", &bob, venue).await.1["id"].clone();
        let layout = json!({ "name": "Screen", "sections": [{ "name": "A", "rows": 3, "columns": 4 }] });
        let layout = shop.post(&format!("/api/v1/venues/{venue}/layouts"), &bob, layout).await.1["id"].clone();
        let showing = |at: &str| json!({ "starts_at": at, "layout_id": layout, "ticket_types": [{ "name": "Seat", "price": 9.5, "section": "A" }] });
        let film = json!({ "name": "Film", "venue_id": venue, "room": "film", "sessions": [showing("2026-12-10T18:00:00Z"), showing("2026-12-10T21:00:00Z")] });
        let (_, film) = shop.post("/api/v1/events", &bob, film).await;
        let options = json!({ "name": "Film again", "event_date": "2026-12-17T18:00:00Z" });
        let (status, copy) = shop.post(&format!("/api/v1/events/{}/clone", film["id"]), &bob, options).await;
        assert_eq!(status, 201, "{copy}");
        assert_eq!((&copy["status"], &copy["room"], &copy["name"]), (&json!("draft"), &Value::Null, &json!("Film again")));
        assert_eq!((&copy["total_tickets"], &copy["remaining_tickets"]), (&json!(24), &json!(24)));
        assert_eq!(copy["sessions"][1]["starts_at"], json!("2026-12-17T21:00:00Z"));
        assert_eq!(copy["sessions"][0]["seated"], json!(true));
        let bare = shop.request(Method::POST, &format!("/api/v1/events/{}/clone", film["id"]), &bob);
        assert_eq!(answer(bare).await.0, 201);
        assert_eq!(shop.delete(&format!("/api/v1/events/{}", copy["id"]), &bob).await.0, 204);
        assert_eq!(shop.get(&format!("/api/v1/events/{}", copy["id"]), &bob).await.0, 404);
    }

    async fn lists_are_searched_filtered_sorted_and_paged(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        for (name, venue, category, date, price, total) in [
            ("Rock Night", "City Arena", "Concert", "2026-12-10T20:00:00Z", 75.0, 5),
            ("Café Jazz", "Blue Cellar", "concert", "2026-08-01T20:00:00Z", 20.0, 5),
            ("City Derby", "Stadium", "sports", "2026-09-01T15:00:00Z", 32.0, 1),
            ("100% Comedy", "Blue Cellar", "comedy", "2026-07-01T20:00:00Z", 20.0, 5),
        ] {
            let body = json!({ "name": name, "venue": venue, "category": category, "event_date": date, "ticket_price": price, "total_tickets": total });
            assert_eq!(shop.post("/api/v1/events", &bob, body).await.0, 201);
        }
        let names = async |query: &str| -> Vec<String> {
            let (status, list) = shop.get(&format!("/api/v1/events?{query}"), "").await;
            assert_eq!(status, 200, "{query}: {list}");
            list.as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(names("").await, ["100% Comedy", "Café Jazz", "City Derby", "Rock Night"]);
        assert_eq!(names("sort=-date").await, ["Rock Night", "City Derby", "Café Jazz", "100% Comedy"]);
        assert_eq!(names("sort=name").await, ["100% Comedy", "Café Jazz", "City Derby", "Rock Night"]);
        assert_eq!(names("q=cafe").await, ["Café Jazz"]);
        assert_eq!(names("q=JAZZ+blue").await, ["Café Jazz"]);
        assert_eq!(names("q=100%25").await, ["100% Comedy"]);
        assert_eq!(names("q=%27%3B+DROP+TABLE+events%3B--").await, [] as [&str; 0]);
        assert_eq!(names("category=Concert").await, ["Café Jazz", "Rock Night"]);
        assert_eq!(names("from=2026-08-01&to=2026-09-02").await, ["Café Jazz", "City Derby"]);
        assert_eq!(names("min_price=20.01&max_price=75").await, ["City Derby", "Rock Night"]);
        assert_eq!(names("ticket_type=general&sort=-price&limit=1").await, ["Rock Night"]);
        let derby = shop.get("/api/v1/events?q=derby", "").await.1[0]["id"].as_i64().unwrap();
        let session = shop.get(&format!("/api/v1/events/{derby}"), "").await.1["sessions"][0]["id"].as_i64().unwrap();
        shop.hold(session, &shop.buyer().await, 1).await;
        shop.advance_s(2);
        assert_eq!(names("available=true").await, ["100% Comedy", "Café Jazz", "Rock Night"]);
        shop.advance_s(600);
        assert_eq!(names("available=true&category=sports").await, ["City Derby"], "an expired hold is free again");
        let mut seen = Vec::new();
        let mut path = "/api/v1/events?sort=price&limit=1".to_owned();
        loop {
            let answered = shop.request(Method::GET, &path, "").send().await.unwrap();
            let link = answered.headers().get("link").map(|l| l.to_str().unwrap().to_owned());
            let page: Vec<Value> = answered.json().await.unwrap();
            seen.extend(page.iter().map(|e| e["name"].as_str().unwrap().to_owned()));
            let Some(link) = link else { break };
            path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
        }
        assert_eq!(seen, ["Café Jazz", "100% Comedy", "City Derby", "Rock Night"]);
        for (query, status, expected) in [
            ("limit=0", 422, "out-of-range"),
            ("limit=1000000000", 422, "out-of-range"),
            ("sort=password", 422, "unknown-sort"),
            ("cursor=abc.def", 400, "invalid-cursor"),
            ("q=a&q=b", 400, "ambiguous-parameter"),
            ("a[]=1", 422, "unknown-parameter"),
            ("from=2026-02-30", 422, "invalid-date"),
            ("min_price=1,50", 422, "money-format"),
        ] {
            let (got, refused) = shop.get(&format!("/api/v1/events?{query}"), "").await;
            assert_eq!((got, slug(&refused)), (status, expected), "{query}");
        }
    }

    async fn impossible_events_are_refused_at_the_place_of_the_mistake(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let ga = |price: Value| json!([{ "name": "GA", "price": price, "quantity": 5 }]);
        let session = |starts: &str, ends: &str| json!([{ "starts_at": starts, "ends_at": ends, "ticket_types": ga(json!(1)) }]);
        for (pointer, change, status, expected) in [
            ("/name", json!("a\u{0}b"), 422, "control-character"),
            ("/name", json!("\u{202e}live"), 422, "control-character"),
            ("/name", json!("  "), 422, "blank"),
            ("/name", json!("x".repeat(256)), 422, "too-long"),
            ("/event_date", json!("2026-02-30T20:00:00Z"), 422, "invalid-date"),
            ("/event_date", json!("99999-01-01T00:00:00Z"), 422, "invalid-date"),
            ("/event_date", json!(1764000000), 422, "validation"),
            ("/ticket_price", json!(-1), 422, "money-format"),
            ("/ticket_price", json!(0.001), 422, "money-format"),
            ("/ticket_price", json!("1,50"), 422, "money-format"),
            ("/total_tickets", json!(0), 422, "out-of-range"),
            ("/total_tickets", json!(-1), 422, "out-of-range"),
            ("/total_tickets", json!(1.5), 422, "out-of-range"),
            ("/total_tickets", json!(2147483648_i64), 422, "out-of-range"),
            ("/currency", json!("EURO"), 422, "currency"),
            ("/time_zone", json!("Mars/Olympus"), 422, "time-zone"),
            ("/sales_close_at", json!("2027-12-10T20:00:00Z"), 422, "inconsistent-dates"),
            ("/per_person_limit", json!(0), 422, "out-of-range"),
            ("/status", json!("cancelled"), 422, "validation"),
            ("/venue", Value::Null, 422, "validation"),
            ("/venue_id", json!(1), 422, "validation"),
            ("/room", json!("../etc"), 422, "validation"),
            ("/image", json!("//evil.example/a.png"), 422, "validation"),
            ("/created_by", json!("me"), 422, "unknown-field"),
            ("/sessions", json!([]), 422, "out-of-range"),
            ("/sessions", session("2026-12-10T20:00:00Z", "2026-12-10T19:00:00Z"), 422, "inconsistent-dates"),
        ] {
            let mut body = rock_night();
            body[pointer.trim_start_matches('/')] = change.clone();
            let (got, refused) = shop.post("/api/v1/events", &bob, body).await;
            assert_eq!((got, slug(&refused)), (status, expected), "{pointer} {change}: {refused}");
        }
        let local = |zone: &str, at: &str| json!({ "name": "A", "venue": format!("Hall in {zone}"), "time_zone": zone, "event_date": at, "ticket_price": 1, "total_tickets": 1 });
        for (at, expected) in [("2027-03-28T02:30", "nonexistent-time"), ("2026-10-25T02:30", "ambiguous-time")] {
            let (status, refused) = shop.post("/api/v1/events", &bob, local("Europe/Berlin", at)).await;
            assert_eq!((status, slug(&refused)), (422, expected));
        }
        let (_, fine) = shop.post("/api/v1/events", &bob, local("Europe/Berlin", "2026-12-10T20:00")).await;
        assert_eq!(fine["event_date"], json!("2026-12-10T19:00:00Z"));
        for id in ["0", "999999", "abc", "-1", "1e3", "9999999999999999999999"] {
            assert_eq!(shop.get(&format!("/api/v1/events/{id}"), "").await.0, 404, "{id}");
        }
    }
}
