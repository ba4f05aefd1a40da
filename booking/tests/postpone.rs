//! Moving an event that has sold (B2): an audited act, told to every holder, with money back for who cannot come.
#![allow(clippy::unwrap_used)]

mod common;

use booking::jobs;
use common::Shop;
use common::buying::slug;
use serde_json::{Value, json};
use shared::access::Role;

/// Runs the jobs until none is due.
async fn run_jobs(shop: &Shop) {
    while jobs::run_due(&shop.app).await.unwrap() > 0 {}
}

/// The mails of this subject, as HTML.
fn mails(shop: &Shop, subject: &str) -> Vec<String> {
    let Ok(dir) = std::fs::read_dir(shop.app.settings.data_dir.join("mails")) else { return Vec::new() };
    let pages =
        dir.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "html"));
    pages
        .map(|path| std::fs::read_to_string(path).unwrap())
        .filter(|html| html.contains(&format!("<title>{subject}")))
        .collect()
}

async fn postpone(shop: &Shop, event: i64, token: &str, body: Value) -> (u16, Value) {
    shop.post(&format!("/api/v1/events/{event}/postpone"), token, body).await
}

async fn quote(shop: &Shop, booking: &str, buyer: &str) -> Value {
    shop.get(&format!("/api/v1/bookings/{booking}/refund-quote"), buyer).await.1
}

on_both_engines! {
    async fn a_sold_event_moves_and_its_holders_are_told_and_may_have_their_money_back(shop) {
        let (organizer, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 10).await;
        let (alice, carol) = (shop.user(Role::Guest).await, shop.user(Role::Guest).await);
        let first = shop.buy(session, &alice.1, 2).await;
        let second = shop.buy(session, &carol.1, 1).await;
        // A day before the start nothing is paid back any more.
        shop.clock.advance(time::Duration::days(192));
        let (alice, carol, bob) = (shop.token(alice.0, Role::Guest), shop.token(carol.0, Role::Guest), shop.token(organizer, Role::Organizer));
        run_jobs(&shop).await;
        assert_eq!(quote(&shop, &first, &alice).await["refundable"], false);
        let body = json!({ "event_date": "2027-02-10T20:00:00Z", "reason": "The roof <leaks>." });
        let (status, moved) = postpone(&shop, event, &bob, body.clone()).await;
        assert_eq!(status, 200, "{moved}");
        let now_at = &moved["sessions"][0];
        assert_eq!([&moved["event_date"], &now_at["starts_at"], &now_at["ends_at"], &now_at["postponed_from"]],
            [&json!("2027-02-10T20:00:00Z"), &json!("2027-02-10T20:00:00Z"), &json!("2027-02-10T23:00:00Z"), &json!("2026-12-10T20:00:00Z")]);
        let (status, refused) = postpone(&shop, event, &bob, body).await;
        assert_eq!((status, slug(&refused)), (422, "inconsistent-dates"), "it is there already");

        run_jobs(&shop).await;
        let told = mails(&shop, "New date: Rock Night");
        assert_eq!(told.len(), 2);
        assert!(told[0].contains("10 February 2027") && told[0].contains("10 December 2026") && told[0].contains("The roof &lt;leaks&gt;."), "{}", told[0]);
        let ics = shop.request(reqwest::Method::GET, &format!("/api/v1/events/{event}/calendar.ics"), "").send().await.unwrap().text().await.unwrap();
        assert!(ics.contains("SEQUENCE:1") && ics.contains("DTSTART:20270210T200000Z"), "{ics}");
        let (_, audit) = shop.get(&format!("/api/v1/admin/audit?subject=event:{event}"), &shop.user(Role::Admin).await.1).await;
        assert_eq!(audit[0]["action"], "event.postponed");

        // Everything comes back, but not to who books for the new date.
        let (_, cancelled) = shop.post(&format!("/api/v1/bookings/{first}/cancel"), &alice, json!({})).await;
        assert_eq!([&cancelled["status"], &cancelled["refund_minor"]], [&json!("cancelled"), &json!(15_000)]);
        let dave = shop.buyer().await;
        let third = shop.buy(session, &dave, 1).await;
        assert!(!quote(&shop, &third, &dave).await["reason"].as_str().unwrap().contains("postponed"));
        assert!(quote(&shop, &second, &carol).await["reason"].as_str().unwrap().contains("postponed"));
    }

    async fn a_reminder_waits_for_the_new_date(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 10).await;
        shop.buy(session, &shop.buyer().await, 1).await;
        assert_eq!(postpone(&shop, event, &bob, json!({ "event_date": "2026-12-20T20:00:00Z" })).await.0, 200);
        let day_before = |day: i64| 1_796_932_800 + (day - 1) * 86_400 - shop.app.now().seconds();
        shop.advance_s(day_before(0) + 60);
        run_jobs(&shop).await;
        assert_eq!(mails(&shop, "Tomorrow").len(), 0, "the old date's day before is no day before");
        shop.advance_s(day_before(10) + 60);
        run_jobs(&shop).await;
        assert_eq!(mails(&shop, "Tomorrow").len(), 1);
    }

    async fn only_what_is_published_is_postponed_and_only_by_its_owner(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (_, eve) = shop.user(Role::Organizer).await;
        let (event, _) = shop.event(&bob, 75.0, 10).await;
        let later = json!({ "event_date": "2027-02-10T20:00:00Z" });
        for (token, expected) in [("", 401), (shop.buyer().await.as_str(), 403), (eve.as_str(), 404)] {
            assert_eq!(postpone(&shop, event, token, later.clone()).await.0, expected);
        }
        for (body, expected) in [(json!({}), "validation"), (json!({ "event_date": "2026-12-01T20:00:00Z" }), "inconsistent-dates"), (json!({ "event_date": "soon" }), "invalid-date")] {
            let (status, refused) = postpone(&shop, event, &bob, body).await;
            assert_eq!((status, slug(&refused)), (422, expected));
        }
        assert_eq!(shop.post(&format!("/api/v1/events/{event}/cancel"), &bob, json!({})).await.0, 200);
        assert_eq!(slug(&postpone(&shop, event, &bob, later).await.1), "wrong-state");
    }
}
