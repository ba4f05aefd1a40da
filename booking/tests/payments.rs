//! Money: crashes between any two steps, gateways that answer late or twice, refunds.
#![allow(clippy::unwrap_used)]

mod common;

use booking::bookings::{reconcile, upkeep};
use booking::guards::CrashPoint;
use booking::{jobs, q};
use common::Shop;
use common::buying::{CARD, slug};
use serde_json::json;

/// Everything that the shop does by itself, with the clock as it stands.
async fn settle_down(shop: &Shop) {
    upkeep::tick(&shop.app).await.unwrap();
    jobs::run_due(&shop.app).await.unwrap();
    upkeep::tick(&shop.app).await.unwrap();
}

/// A payment that dies at `point`, with its key; the booking.
async fn die_at(shop: &Shop, session: i64, buyer: &str, point: CrashPoint) -> String {
    let booking = shop.book(&shop.hold(session, buyer, 2).await, buyer).await;
    shop.app.guards.crash_at(Some(point));
    let path = format!("/api/v1/bookings/{booking}/payment");
    let (status, _) = shop.post_keyed(&path, buyer, "pay", &json!({ "card_number": CARD })).await;
    assert_eq!(status, 500);
    shop.app.guards.crash_at(None);
    booking
}

on_both_engines! {
    async fn money_is_captured_after_the_booking_is_confirmed(shop) {
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        let booking = shop.buy(session, &buyer, 2).await;
        assert_eq!(shop.booking(&booking, &buyer).await["payment"]["status"], "authorised");
        settle_down(&shop).await;
        assert_eq!(shop.booking(&booking, &buyer).await["payment"]["status"], "captured");
    }

    async fn a_crash_before_the_gateway_was_asked_costs_nothing(shop) {
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        let booking = die_at(&shop, session, &buyer, CrashPoint::Started).await;
        assert_eq!(slug(&shop.pay(&booking, &buyer, CARD).await.1), "in-progress");
        shop.advance_s(46);
        settle_down(&shop).await;
        assert_eq!(shop.booking(&booking, &buyer).await["payment"]["status"], "failed");
        assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200, "the hold still lives: pay again");
        settle_down(&shop).await;
    }

    async fn a_crash_after_the_gateway_said_yes_ends_in_tickets_while_the_seats_are_kept(shop) {
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        let booking = die_at(&shop, session, &buyer, CrashPoint::Authorised).await;
        shop.advance_s(61);
        settle_down(&shop).await;
        let read = shop.booking(&booking, &buyer).await;
        assert_eq!((&read["status"], &read["payment"]["status"]), (&json!("confirmed"), &json!("captured")));
        let path = format!("/api/v1/bookings/{booking}/payment");
        let (status, again) = shop.post_keyed(&path, &buyer, "pay", &json!({ "card_number": CARD })).await;
        assert_eq!((status, &again["success"]), (200, &json!(true)), "the key's repetition gets the outcome");
    }

    async fn a_crash_found_too_late_ends_in_a_refund(shop) {
        let (session, buyer) = (shop.on_sale(2).await, shop.buyer().await);
        let booking = die_at(&shop, session, &buyer, CrashPoint::Authorised).await;
        shop.advance_s(11 * 60);
        shop.buy(session, &shop.buyer().await, 2).await;
        settle_down(&shop).await;
        settle_down(&shop).await;
        let read = shop.booking(&booking, &buyer).await;
        assert_eq!((&read["status"], &read["payment"]["status"]), (&json!("expired"), &json!("voided")));
    }

    async fn a_crash_after_the_confirmation_repeats_the_same_answer(shop) {
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        let booking = die_at(&shop, session, &buyer, CrashPoint::Confirmed).await;
        let path = format!("/api/v1/bookings/{booking}/payment");
        let (status, paid) = shop.post_keyed(&path, &buyer, "pay", &json!({ "card_number": CARD })).await;
        assert_eq!((status, paid["booking"]["tickets"].as_array().unwrap().len()), (200, 2));
        settle_down(&shop).await;
    }

    async fn a_late_gateway_confirms_by_callback(shop) {
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        let booking = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
        let (status, answer) = shop.pay(&booking, &buyer, "4000000000003220").await;
        assert_eq!((status, &answer["status"]), (202, &json!("processing")));
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!(shop.booking(&booking, &buyer).await["status"], "pending");
        shop.advance_s(4);
        jobs::run_due(&shop.app).await.unwrap();
        assert_eq!(shop.booking(&booking, &buyer).await["status"], "confirmed");
    }

    async fn a_callback_that_comes_twice_has_one_effect(shop) {
        let (session, buyer) = (shop.on_sale(5).await, shop.buyer().await);
        let booking = shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
        assert_eq!(shop.pay(&booking, &buyer, "4000000000000259").await.0, 200);
        shop.advance_s(4);
        settle_down(&shop).await;
        let read = shop.booking(&booking, &buyer).await;
        assert_eq!(read["tickets"].as_array().unwrap().len(), 1);
        let events = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM payment_events").unwrap();
        assert_eq!(events, 1);
        assert_eq!(reconcile::reconcile(&shop.app).await.unwrap(), 0);
    }

    async fn a_refund_returns_what_was_captured_or_lets_go_of_what_was_not(shop) {
        let session = shop.on_sale(9).await;
        for capture_first in [true, false] {
            let buyer = shop.buyer().await;
            let booking = shop.buy(session, &buyer, 2).await;
            if capture_first {
                settle_down(&shop).await;
            }
            let (status, cancelled) = shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &buyer, json!({})).await;
            assert_eq!((status, &cancelled["refund_minor"]), (200, &json!(15_000)), "{cancelled}");
            settle_down(&shop).await;
            let read = shop.booking(&booking, &buyer).await;
            let expected = if capture_first { "refunded" } else { "voided" };
            assert_eq!((&read["status"], &read["payment"]["status"]), (&json!("refunded"), &json!(expected)));
        }
        assert_eq!(shop.remaining(session).await, 9);
    }

    async fn half_is_paid_back_between_the_deadlines(shop) {
        let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
        let booking = shop.buy(session, &buyer, 1).await;
        let starts_at = time::macros::datetime!(2026-12-10 20:00 UTC);
        let policy = q!(shop.app.db.ex(), one (i64, i64), "SELECT full_refund_h, half_refund_h FROM events").unwrap();
        shop.clock.advance(starts_at - shop.app.now().datetime() - time::Duration::hours(policy.0));
        // The first token has expired by now.
        let user = q!(shop.app.db.ex(), val uuid::Uuid, "SELECT user_id FROM bookings").unwrap();
        let token = shop.token(user, shared::access::Role::Guest);
        let (_, quote) = shop.get(&format!("/api/v1/bookings/{booking}/refund-quote"), &token).await;
        assert_eq!(quote["refund_minor"], 3_750, "{quote}");
        let (status, _) = shop.post(&format!("/api/v1/bookings/{booking}/cancel"), &token, json!({})).await;
        assert_eq!(status, 200);
        settle_down(&shop).await;
        let charge = q!(shop.app.db.ex(), one (String, i64), "SELECT status, refunded_minor FROM gateway_charges").unwrap();
        assert_eq!(charge, ("captured".to_owned(), 3_750), "what we keep was captured first");
    }

    async fn an_event_that_is_called_off_pays_everybody_back(shop) {
        let (session, buyer) = (shop.on_sale(9).await, shop.buyer().await);
        let booking = shop.buy(session, &buyer, 3).await;
        shop.app.db.write("call_off", |tx| Box::pin(async move {
            q!(tx.ex(), exec, "UPDATE events SET status = 'cancelled'")?;
            Ok(())
        })).await.unwrap();
        shop.app.event_pages.clear();
        settle_down(&shop).await;
        settle_down(&shop).await;
        let read = shop.booking(&booking, &buyer).await;
        assert_eq!((&read["status"], &read["refund_minor"]), (&json!("refunded"), &json!(22_500)));
        let (status, refused) = shop.try_hold(session, &buyer, json!({ "quantity": 1 })).await;
        assert_eq!((status, slug(&refused)), (410, "event-cancelled"));
    }
}
