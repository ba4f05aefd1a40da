//! What is told, and to whom.

use serde_json::json;
use shared::access::Role;

use crate::common::receiver::Arrived;
use crate::{log, register, run_jobs, signed_by_openssl};

const ALL: [&str; 14] = [
    "booking.confirmed",
    "booking.cancelled",
    "booking.reduced",
    "booking.changed",
    "ticket.transferred",
    "ticket.checked_in",
    "event.created",
    "event.changed",
    "event.published",
    "event.cancelled",
    "event.postponed",
    "event.completed",
    "event.deleted",
    "refund.completed",
];

with_a_receiver! {
    async fn a_purchase_is_told_with_a_signature_that_others_can_check_and_without_names(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&organizer, 75.0, 20).await;
        let (endpoint, secret) = register(&shop, &organizer, &receiver.url, &["booking.confirmed"]).await;
        let buyer = shop.buyer().await;
        let booking = shop.buy(session, &buyer, 2).await;
        run_jobs(&shop).await;
        let [message] = &receiver.take()[..] else { panic!("one message") };
        let told = message.json();
        assert_eq!(told["type"], "booking.confirmed");
        assert_eq!(told["timestamp"], "2026-06-01T12:00:00Z");
        assert_eq!(
            (&told["data"]["booking"], &told["data"]["event"], &told["data"]["seats"], &told["data"]["total_minor"]),
            (&json!(booking), &json!(event), &json!(2), &json!(15_000))
        );
        assert!(!message.body.contains("Test Person") && !message.body.contains('@'), "{}", message.body);
        assert_eq!(message.header("content-type"), "application/json");
        assert_eq!(message.header("webhook-timestamp"), shop.app.now().seconds().to_string());
        if let Some(signed) = signed_by_openssl(&secret, message) {
            assert_eq!(message.header("webhook-signature"), signed);
        }
        let log = log(&shop, &organizer, &endpoint).await;
        assert_eq!(log.len(), 1);
        assert_eq!((&log[0]["state"], &log[0]["status"], &log[0]["attempts"]), (&json!("delivered"), &json!(204), &json!(1)));
        assert_eq!(log[0]["message"], message.header("webhook-id"));
        // Nothing is left to be done, and it is not told twice.
        run_jobs(&shop).await;
        assert!(receiver.take().is_empty());
    }

    async fn everything_that_happens_is_told_to_whom_it_concerns(shop, receiver) {
        let (stranger, admin) = (shop.user(Role::Organizer).await.1, shop.user(Role::Admin).await.1);
        register(&shop, &stranger, &format!("{}/strangers", receiver.url), &ALL).await;
        register(&shop, &admin, &receiver.url, &ALL).await;
        let sold = shop.sold("Alice", 2).await;
        let (_, guard) = shop.user(Role::Admin).await;
        assert_eq!(shop.post("/api/v1/checkins", &guard, json!({ "code": sold.codes[0] })).await.0, 200);
        let path = format!("/api/v1/tickets/{}/transfer", sold.codes[1]);
        let (_, offer) = shop.post(&path, &sold.buyer.1, json!({ "email": "heir@example.com" })).await;
        let accept = format!("/api/v1/transfers/{}/accept", offer["id"].as_str().unwrap());
        let link = json!({ "token": shop.transfer_token().await });
        assert_eq!(shop.post(&accept, &shop.buyer().await, link).await.0, 200);
        let postpone = format!("/api/v1/events/{}/postpone", sold.event);
        let later = json!({ "event_date": "2027-01-10T20:00:00Z" });
        assert_eq!(shop.post(&postpone, &sold.organizer.1, later).await.0, 200);
        let other = shop.buy(sold.session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        let mut kinds = receiver.kinds();
        kinds.sort();
        assert_eq!(kinds, [
            "booking.confirmed", "booking.confirmed", "event.created", "event.postponed", "event.published", "ticket.checked_in",
            "ticket.transferred",
        ]);
        let cancel = format!("/api/v1/events/{}/cancel", sold.event);
        assert_eq!(shop.post(&cancel, &sold.organizer.1, json!({})).await.0, 200);
        // Called off: everybody is paid back.
        booking::bookings::upkeep::tick(&shop.app).await.unwrap();
        run_jobs(&shop).await;
        let told = receiver.take();
        let of = |kind: &str| told.iter().filter(|one| one.json()["type"] == kind).map(Arrived::json).collect::<Vec<_>>();
        assert_eq!((of("event.cancelled").len(), of("booking.cancelled").len(), told.len()), (1, 2, 5));
        let refunds = of("refund.completed");
        let mut amounts: Vec<i64> = refunds.iter().map(|one| one["data"]["amount_minor"].as_i64().unwrap()).collect();
        amounts.sort_unstable();
        assert_eq!(amounts, [5_000, 10_000]);
        assert!(refunds.iter().any(|one| one["data"]["booking"] == json!(other)));
        assert!(told.iter().all(|one| one.json()["data"]["event"] == json!(sold.event)));
    }

    async fn organisers_hear_of_their_own_events_and_see_their_own_endpoints(shop, receiver) {
        let (owner, stranger) = (shop.user(Role::Organizer).await, shop.user(Role::Organizer).await);
        let (_, session) = shop.event(&owner.1, 10.0, 20).await;
        let (endpoint, _) = register(&shop, &owner.1, &receiver.url, &["booking.confirmed"]).await;
        register(&shop, &stranger.1, &format!("{}/strangers", receiver.url), &ALL).await;
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        assert_eq!(receiver.kinds(), ["booking.confirmed"]);
        let path = format!("/api/v1/webhooks/{endpoint}");
        let delivery = log(&shop, &owner.1, &endpoint).await[0]["id"].as_str().unwrap().to_owned();
        for path in [path.clone(), format!("{path}/deliveries"), format!("/api/v1/webhook-deliveries/{delivery}")] {
            assert_eq!(shop.get(&path, &stranger.1).await.0, 404, "{path}");
            assert_eq!(shop.get(&path, &owner.1).await.0, 200, "{path}");
        }
        assert_eq!(shop.patch(&path, &stranger.1, json!({ "paused": true })).await.0, 404);
        assert_eq!(shop.delete(&path, &stranger.1).await.0, 404);
        for act in ["secret", "ping"] {
            assert_eq!(shop.post(&format!("{path}/{act}"), &stranger.1, json!({})).await.0, 404);
        }
        let (_, mine) = shop.get("/api/v1/webhooks", &stranger.1).await;
        assert_eq!(mine.as_array().unwrap().len(), 1);
        assert_eq!(shop.get("/api/v1/webhooks", &shop.user(Role::Admin).await.1).await.1.as_array().unwrap().len(), 2);
        // Who is no organiser any more hears no more.
        let (_, admin) = shop.user(Role::Admin).await;
        let demoted = json!({ "user_type": "guest" });
        assert_eq!(shop.patch(&format!("/api/v1/admin/users/{}", owner.0), &admin, demoted).await.0, 200);
        shop.buy(session, &shop.buyer().await, 1).await;
        run_jobs(&shop).await;
        assert!(receiver.take().is_empty());
    }

    /// What is given back ticket by ticket is told each time: that the booking is smaller, and that the money went back.
    async fn tickets_given_back_one_by_one_are_each_told_with_their_money(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let (event, session) = shop.event(&organizer, 75.0, 20).await;
        let kinds = ["booking.reduced", "booking.cancelled", "refund.completed"];
        let (_, secret) = register(&shop, &organizer, &receiver.url, &kinds).await;
        let buyer = shop.buyer().await;
        let booking = shop.buy(session, &buyer, 3).await;
        let tickets = shop.booking(&booking, &buyer).await["tickets"].clone();
        let mut left = 3;
        for ticket in tickets.as_array().unwrap() {
            let given = json!({ "tickets": [ticket["code"]] });
            assert_eq!(shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &buyer, given).await.0, 200);
            run_jobs(&shop).await;
            left -= 1;
            let told = receiver.take();
            for message in &told {
                if let Some(signed) = signed_by_openssl(&secret, message) {
                    assert_eq!(message.header("webhook-signature"), signed);
                }
                let data = &message.json()["data"];
                assert_eq!((&data["booking"], &data["event"]), (&json!(booking), &json!(event)));
            }
            let of = |kind: &str| told.iter().find(|one| one.json()["type"] == kind).map(Arrived::json);
            let refund = of("refund.completed").unwrap();
            assert_eq!((&refund["data"]["amount_minor"], &refund["data"]["currency"]), (&json!(7_500), &json!("USD")));
            let ended = of(if left > 0 { "booking.reduced" } else { "booking.cancelled" }).unwrap();
            if left > 0 {
                let data = &ended["data"];
                assert_eq!((&data["seats"], &data["refund_minor"]), (&json!(left), &json!(7_500)), "{data}");
                assert_eq!(data["given_back"].as_array().unwrap().len(), 1);
            }
            assert_eq!(told.len(), 2, "nothing is told twice");
        }
    }

    /// L8: whoever keeps copies or figures of events hears of each change, and of nothing that was not one.
    async fn every_change_of_an_event_is_told_to_caches_and_figures(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let kinds: Vec<&str> = ALL.into_iter().filter(|kind| kind.starts_with("event.")).collect();
        register(&shop, &organizer, &receiver.url, &kinds).await;
        let told = async || {
            run_jobs(&shop).await;
            let told = receiver.take();
            told.iter().map(Arrived::json).map(|one| (one["type"].clone(), one["data"].clone())).collect::<Vec<_>>()
        };
        let (event, session) = shop.event(&organizer, 10.0, 20).await;
        let made = told().await;
        assert_eq!(made.iter().map(|(kind, _)| kind.clone()).collect::<Vec<_>>(), ["event.created", "event.published"]);
        assert!(made.iter().all(|(_, data)| data["event"] == json!(event)));
        let changed = async |by: &str| {
            assert_eq!(told().await, [(json!("event.changed"), json!({ "by": by, "event": event }))], "{by}");
        };
        let path = format!("/api/v1/events/{event}");
        assert_eq!(shop.patch(&path, &organizer, json!({ "description": "Doors at eight." })).await.0, 200);
        changed("event.updated").await;
        let new = json!({ "name": "Balcony", "price_minor": 2_000, "quantity": 5 });
        let (status, kind) = shop.post(&format!("/api/v1/sessions/{session}/ticket-types"), &organizer, new).await;
        assert_eq!(status, 201, "{kind}");
        changed("ticket-type.added").await;
        let kind = format!("/api/v1/ticket-types/{}", kind["id"]);
        assert_eq!(shop.patch(&kind, &organizer, json!({ "hidden": true })).await.0, 200);
        changed("ticket-type.changed").await;
        assert_eq!(shop.delete(&kind, &organizer).await.0, 204);
        changed("ticket-type.deleted").await;
        // A refusal changes nothing, and neither does looking.
        assert_eq!(shop.patch(&path, &organizer, json!({ "total_tickets": -1 })).await.0, 422);
        assert_eq!(shop.get(&path, &organizer).await.0, 200);
        assert_eq!(told().await, []);
        let (_, copy) = shop.post(&format!("{path}/clone"), &organizer, json!({})).await;
        assert_eq!(told().await, [(json!("event.created"), json!({ "from": event, "event": copy["id"] }))]);
        assert_eq!(shop.delete(&format!("/api/v1/events/{}", copy["id"]), &organizer).await.0, 204);
        assert_eq!(told().await, [(json!("event.deleted"), json!({ "event": copy["id"] }))], "its owner hears of it");
        shop.advance_s(400 * 86_400);
        booking::bookings::upkeep::tick(&shop.app).await.unwrap();
        assert_eq!(told().await, [(json!("event.completed"), json!({ "event": event }))]);
    }

    async fn a_booking_with_other_names_or_seats_is_told(shop, receiver) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let (_, session) = shop.event(&organizer, 10.0, 20).await;
        register(&shop, &organizer, &receiver.url, &["booking.changed"]).await;
        let buyer = shop.buyer().await;
        let booking = shop.buy(session, &buyer, 1).await;
        let code = shop.booking(&booking, &buyer).await["tickets"][0]["code"].clone();
        let body = json!({ "holders": [{ "code": code, "name": "Grace Hopper" }] });
        assert_eq!(shop.patch(&format!("/api/v1/bookings/{booking}"), &buyer, body).await.0, 200);
        run_jobs(&shop).await;
        let [message] = &receiver.take()[..] else { panic!("one message") };
        assert_eq!(message.json()["data"]["changed"], json!({ "names": 1, "seats": [] }));
        assert!(!message.body.contains("Grace"), "{}", message.body);
    }
}
