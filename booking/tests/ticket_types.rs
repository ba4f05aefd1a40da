//! Ticket types after their event was made (D1): added, changed, withdrawn, deleted, and what buyers were promised.
#![allow(clippy::unwrap_used)]

mod common;

use booking::{bookings, events};
use common::Shop;
use common::buying::slug;
use serde_json::{Value, json};
use shared::access::Role;

/// The ticket types of an event's first session, as everybody sees them.
async fn types(shop: &Shop, event: i64) -> Vec<Value> {
    shop.advance_s(2);
    shop.get(&format!("/api/v1/events/{event}"), "").await.1["sessions"][0]["ticket_types"]
        .as_array()
        .unwrap()
        .clone()
}

on_both_engines! {
    async fn types_are_added_changed_and_deleted_while_nobody_holds_one(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 10).await;
        // Somebody looks at the map before it changes.
        assert_eq!(shop.remaining(session).await, 10);
        let path = format!("/api/v1/sessions/{session}/ticket-types");
        let vip = json!({ "name": "VIP", "price": 20.5, "quantity": 4, "premium": true });
        let (status, vip_type) = shop.post(&path, &bob, vip.clone()).await;
        assert_eq!(status, 201, "{vip_type}");
        assert_eq!([&vip_type["price_minor"], &vip_type["total"], &vip_type["remaining"]], [&json!(2050), &json!(4), &json!(4)]);
        assert_eq!(shop.remaining(session).await, 14, "the live map knows the new places");
        let (_, page) = shop.get(&format!("/api/v1/events/{event}"), "").await;
        assert_eq!([&page["ticket_price_minor"], &page["total_tickets"]], [&json!(2050), &json!(14)]);
        let (status, refused) = shop.post(&path, &bob, vip).await;
        assert_eq!((status, slug(&refused)), (422, "duplicate-name"));
        let one = format!("/api/v1/ticket-types/{}", vip_type["id"]);
        let (status, changed) = shop.patch(&one, &bob, json!({ "name": "Gold", "price_minor": 9900, "quantity": 6, "colour": "#FFCC00" })).await;
        assert_eq!(status, 200, "{changed}");
        assert_eq!([&changed["name"], &changed["price_minor"], &changed["remaining"], &changed["colour"]], [&json!("Gold"), &json!(9900), &json!(6), &json!("#ffcc00")]);
        assert_eq!(shop.patch(&one, &bob, json!({ "quantity": 2 })).await.1["remaining"], 2);
        for (change, expected) in [
            (json!({ "price_minor": -1 }), "out-of-range"), (json!({ "price": "1,50" }), "money-format"),
            (json!({ "price": 1, "price_minor": 100 }), "validation"), (json!({ "quantity": 0 }), "out-of-range"),
            (json!({ "colour": "red" }), "validation"), (json!({ "name": "General Admission" }), "duplicate-name"),
            (json!({ "seats": 1 }), "unknown-field"),
        ] {
            let (status, refused) = shop.patch(&one, &bob, change.clone()).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{change}");
        }
        assert_eq!(shop.delete(&one, &bob).await.0, 204);
        assert_eq!((shop.remaining(session).await, types(&shop, event).await.len()), (10, 1));
        let last = types(&shop, event).await[0]["id"].clone();
        let (status, refused) = shop.delete(&format!("/api/v1/ticket-types/{last}"), &bob).await;
        assert_eq!((status, slug(&refused)), (409, "last-ticket-type"));
    }

    async fn a_section_is_sold_by_one_type_only(shop) {
        let (session, _) = shop.hall(2, 3).await;
        let (_, admin) = shop.user(Role::Admin).await;
        let path = format!("/api/v1/sessions/{session}/ticket-types");
        for (body, expected) in [
            (json!({ "name": "B", "price": 1, "section": "A" }), "duplicate-section"),
            (json!({ "name": "B", "price": 1, "section": "B" }), "unknown-section"),
            (json!({ "name": "B", "price": 1 }), "validation"),
            (json!({ "name": "B", "price": 1, "quantity": 100_001 }), "out-of-range"),
        ] {
            let (status, refused) = shop.post(&path, &admin, body.clone()).await;
            assert_eq!((status, slug(&refused)), (422, expected), "{body}");
        }
        let (_, page) = shop.get(&format!("/api/v1/sessions/{session}"), "").await;
        let seated = format!("/api/v1/ticket-types/{}", page["ticket_types"][0]["id"]);
        assert_eq!(slug(&shop.patch(&seated, &admin, json!({ "quantity": 7 })).await.1), "validation");
    }

    async fn name_and_price_of_a_type_stand_once_a_place_of_it_is_taken(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 10).await;
        let vip = json!({ "name": "VIP", "price": 90, "quantity": 4 });
        let vip = shop.post(&format!("/api/v1/sessions/{session}/ticket-types"), &bob, vip).await.1;
        let one = |id: &Value| format!("/api/v1/ticket-types/{id}");
        let ga = one(&types(&shop, event).await[0]["id"]);
        let buyer = shop.buyer().await;
        let booking = shop.buy(session, &buyer, 2).await;
        for change in [json!({ "price": 80 }), json!({ "name": "Floor" }), json!({ "quantity": 1 })] {
            let (status, refused) = shop.patch(&ga, &bob, change.clone()).await;
            assert_eq!((status, slug(&refused)), (409, "has-bookings"), "{change}");
        }
        assert_eq!(shop.patch(&ga, &bob, json!({ "quantity": 12, "premium": true })).await.1["remaining"], 10);
        assert_eq!(shop.patch(&one(&vip["id"]), &bob, json!({ "price": 95 })).await.1["price_minor"], 9500, "nobody has one of these");
        assert_eq!(slug(&shop.delete(&ga, &bob).await.1), "has-bookings");
        assert_eq!(shop.booking(&booking, &buyer).await["total_minor"], 15_000);
    }

    async fn what_is_withdrawn_is_not_sold_and_its_tickets_stay(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 5).await;
        let buyer = shop.buyer().await;
        let booking = shop.buy(session, &buyer, 2).await;
        let hold = shop.hold(session, &buyer, 1).await;
        let ga = format!("/api/v1/ticket-types/{}", types(&shop, event).await[0]["id"]);
        let (status, changed) = shop.patch(&ga, &bob, json!({ "withdrawn": true })).await;
        assert_eq!((status, &changed["withdrawn"], &changed["remaining"]), (200, &json!(true), &json!(0)));
        let (status, refused) = shop.try_hold(session, &shop.buyer().await, json!({ "quantity": 1 })).await;
        assert_eq!((status, slug(&refused)), (409, "not-enough-tickets"));
        assert_eq!(slug(&shop.patch(&ga, &bob, json!({ "quantity": 9 })).await.1), "validation");
        // What comes back goes off sale as well, and who was promised a place gets it.
        let (second, _) = (shop.book(&hold, &buyer).await, ());
        assert_eq!(shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &buyer, json!({})).await.0, 200);
        bookings::upkeep::tick(&shop.app).await.unwrap();
        assert_eq!(shop.remaining(session).await, 0);
        assert_eq!(shop.pay(&second, &buyer, common::buying::CARD).await.0, 200);
        assert_eq!(shop.patch(&ga, &bob, json!({ "withdrawn": false })).await.1["remaining"], 4);
        assert_eq!(shop.remaining(session).await, 4);
        events::block_withdrawn(&shop.app).await.unwrap();
        assert_eq!(shop.remaining(session).await, 4);
    }

    async fn only_the_owner_changes_ticket_types(shop) {
        let (_, bob) = shop.user(Role::Organizer).await;
        let (_, eve) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&bob, 75.0, 5).await;
        let ga = format!("/api/v1/ticket-types/{}", types(&shop, event).await[0]["id"]);
        let new = json!({ "name": "VIP", "price": 90, "quantity": 4 });
        for (token, expected) in [("", 401), (shop.buyer().await.as_str(), 403), (eve.as_str(), 404)] {
            assert_eq!(shop.post(&format!("/api/v1/sessions/{session}/ticket-types"), token, new.clone()).await.0, expected);
            assert_eq!(shop.patch(&ga, token, json!({ "premium": true })).await.0, expected);
            assert_eq!(shop.delete(&ga, token).await.0, expected);
        }
        assert_eq!(shop.post(&format!("/api/v1/events/{event}/cancel"), &bob, json!({})).await.0, 200);
        assert_eq!(slug(&shop.patch(&ga, &bob, json!({ "premium": true })).await.1), "wrong-state");
    }
}
