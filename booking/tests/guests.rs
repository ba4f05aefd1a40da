//! What guests say: whether they come (J5), how it was (J6); and the end of an event.
#![allow(clippy::unwrap_used)]

mod common;

use booking::bookings;
use common::buying::slug;
use serde_json::{Value, json};
use shared::access::Role;

on_both_engines! {
    async fn holders_say_whether_they_come_and_organisers_count(shop) {
        let sold = shop.sold("Alice", 4).await;
        let path = |code: &str| format!("/api/v1/tickets/{code}/rsvp");
        let buyer = &sold.buyer.1;
        let (status, none) = shop.get(&path(&sold.codes[0]), buyer).await;
        assert_eq!((status, &none["answer"]), (200, &Value::Null));
        for (code, answer) in [(0, "attending"), (1, "maybe"), (2, "not_attending"), (1, "attending")] {
            let (status, said) = common::answer(shop.request(reqwest::Method::PUT, &path(&sold.codes[code]), buyer).json(&json!({ "answer": answer }))).await;
            assert_eq!((status, &said["answer"]), (200, &json!(answer)), "{said}");
        }
        assert_eq!(shop.get(&path(&sold.codes[1]), buyer).await.1["answer"], "attending");
        let counts = format!("/api/v1/events/{}/rsvp", sold.event);
        let (status, counted) = shop.get(&counts, &sold.organizer.1).await;
        assert_eq!(status, 200, "{counted}");
        for (member, expected) in [("attending", 2), ("maybe", 0), ("not_attending", 1), ("unanswered", 1)] {
            assert_eq!((&counted[member], &counted["sessions"][0][member]), (&json!(expected), &json!(expected)), "{member}");
        }
        let (stranger, eve) = (shop.buyer().await, shop.user(Role::Organizer).await.1);
        assert_eq!((shop.get(&counts, &eve).await.0, shop.get(&counts, buyer).await.0, shop.get(&counts, "").await.0), (404, 403, 401));
        let put = async |code: &str, token: &str, body: Value| common::answer(shop.request(reqwest::Method::PUT, &path(code), token).json(&body)).await;
        assert_eq!(put(&sold.codes[0], &stranger, json!({ "answer": "maybe" })).await.0, 404);
        assert_eq!(put(&sold.codes[0], "", json!({ "answer": "maybe" })).await.0, 401);
        assert_eq!(slug(&put(&sold.codes[0], buyer, json!({ "answer": "perhaps" })).await.1), "validation");
        // Void tickets do not count, and nobody answers once it has begun.
        assert_eq!(shop.post(&format!("/api/v1/bookings/{}/cancel", sold.booking), buyer, json!({})).await.0, 200);
        assert_eq!(shop.get(&counts, &sold.organizer.1).await.1["attending"], 0);
        assert_eq!(put(&sold.codes[0], buyer, json!({ "answer": "maybe" })).await.0, 404);
    }

    async fn nobody_answers_once_it_has_begun(shop) {
        let sold = shop.sold("Alice", 1).await;
        shop.clock.advance(time::Duration::days(193));
        let buyer = shop.token(sold.buyer.0, Role::Guest);
        let path = format!("/api/v1/tickets/{}/rsvp", sold.codes[0]);
        let (status, refused) = common::answer(shop.request(reqwest::Method::PUT, &path, &buyer).json(&json!({ "answer": "maybe" }))).await;
        assert_eq!((status, slug(&refused)), (409, "too-late"));
    }

    async fn an_event_is_over_with_its_last_session_and_its_guests_say_how_it_was(shop) {
        let sold = shop.sold("Alice", 1).await;
        let (path, mine) = (format!("/api/v1/events/{}/feedback", sold.event), format!("/api/v1/events/{}/feedback/mine", sold.event));
        let put = async |token: &str, body: Value| common::answer(shop.request(reqwest::Method::PUT, &path, token).json(&body)).await;
        let good = || json!({ "rating": 5, "text": "Loud." });
        let (status, refused) = put(&sold.buyer.1, good()).await;
        assert_eq!((status, slug(&refused)), (409, "too-early"));
        shop.clock.advance(time::Duration::days(193));
        bookings::upkeep::tick(&shop.app).await.unwrap();
        let (buyer, organizer) = (shop.token(sold.buyer.0, Role::Guest), shop.token(sold.organizer.0, Role::Organizer));
        assert_eq!(shop.get(&format!("/api/v1/events/{}", sold.event), "").await.1["status"], "completed");
        assert_eq!(shop.get("/api/v1/events", "").await.1, json!([]));
        assert_eq!(shop.get("/api/v1/events?mine=true", &organizer).await.1[0]["status"], "completed");
        let (_, audit) = shop.get(&format!("/api/v1/admin/audit?subject=event:{}", sold.event), &shop.user(Role::Admin).await.1).await;
        assert_eq!([&audit[0]["action"], &audit[0]["user_id"]], [&json!("event.completed"), &Value::Null]);

        assert_eq!(shop.get(&mine, &buyer).await.0, 404);
        assert_eq!(put(&buyer, json!({ "rating": 1 })).await.0, 200);
        assert_eq!(put(&buyer, good()).await.0, 200, "who changes her mind says it again");
        assert_eq!(shop.get(&mine, &buyer).await.1["rating"], 5);
        for (body, expected) in [(json!({ "rating": 6 }), "out-of-range"), (json!({ "rating": 3, "text": "x".repeat(2001) }), "too-long"), (json!({}), "validation")] {
            assert_eq!(slug(&put(&buyer, body).await.1), expected);
        }
        assert_eq!(slug(&put(&shop.buyer().await, good()).await.1), "no-ticket");
        let (status, report) = shop.get(&path, &organizer).await;
        assert_eq!(status, 200);
        assert_eq!([&report["count"], &report["average"], &report["ratings"], &report["answers"][0]["text"]],
            [&json!(1), &json!(5.0), &json!([0, 0, 0, 0, 1]), &json!("Loud.")]);
        let eve = shop.user(Role::Organizer).await.1;
        assert_eq!((shop.get(&path, &eve).await.0, shop.get(&path, &buyer).await.0, shop.get(&path, "").await.0), (404, 403, 401));
    }
}
