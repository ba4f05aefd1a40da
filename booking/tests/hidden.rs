//! Ticket types that are not listed, and the codes that open them.
#![allow(clippy::unwrap_used)]

mod common;

use booking::{jobs, q};
use common::Shop;
use common::buying::{CARD, slug};
use futures_util::future::join_all;
use serde_json::{Value, json};
use shared::access::Role;

/// An organiser's event of 20 tickets at 75.00 with a hidden type of 4 at 30.00, opened by the code `PRESS`, which works twice.
struct Hall {
    bob: String,
    event: i64,
    session: i64,
    hidden: i64,
}

async fn hall(shop: &Shop) -> Hall {
    let (_, bob) = shop.user(Role::Organizer).await;
    let (event, session) = shop.event(&bob, 75.0, 20).await;
    let kind = json!({ "name": "Press", "price": 30, "quantity": 4, "hidden": true });
    let (status, kind) = shop.post(&format!("/api/v1/sessions/{session}/ticket-types"), &bob, kind).await;
    assert_eq!((status, &kind["hidden"], &kind["remaining"]), (201, &json!(true), &json!(4)), "{kind}");
    let hidden = kind["id"].as_i64().unwrap();
    let code = json!({ "code": "PRESS", "unlocks": [hidden], "uses_max": 2 });
    let (status, code) = shop.post(&format!("/api/v1/events/{event}/promo-codes"), &bob, code).await;
    assert_eq!((status, &code["unlocks"]), (201, &json!([hidden])), "{code}");
    Hall { bob, event, session, hidden }
}

on_both_engines! {
    async fn a_hidden_ticket_type_is_sold_to_who_has_its_code(shop) {
        let Hall { event, session, hidden, .. } = hall(&shop).await;
        let buyer = shop.buyer().await;
        for path in ["/api/v1/events".to_owned(), format!("/api/v1/events/{event}"), format!("/api/v1/sessions/{session}"),
            format!("/api/v1/sessions/{session}/seats"), format!("/api/v1/sessions/{session}/availability"), "/api/v1/events?ticket_type=press".into()] {
            let text = shop.get(&path, &buyer).await.1.to_string();
            assert!(!text.contains("Press") && !text.contains(&format!("\"id\":{hidden},\"remaining\"")), "{path} {text}");
        }
        let (_, page) = shop.get(&format!("/api/v1/events/{event}"), "").await;
        assert_eq!((&page["ticket_price_minor"], &page["remaining_tickets"], &page["total_tickets"]), (&json!(7500), &json!(20), &json!(20)));
        assert_eq!(shop.remaining(session).await, 20);
        let (_, card) = shop.get("/api/v1/events", "").await;
        assert_eq!((&card[0]["remaining_tickets"], &card[0]["total_tickets"]), (&json!(20), &json!(20)), "{card}");
        // Without the code it is not there.
        let want = |body: Value| shop.try_hold(session, &buyer, body);
        assert_eq!(slug(&want(json!({ "quantity": 1, "ticket_type": hidden })).await.1), "unknown-ticket-type");
        let places = q!(shop.app.db.ex(), vals i64, "SELECT id FROM seats WHERE ticket_type_id = $1 ORDER BY id", hidden).unwrap();
        assert_eq!(slug(&want(json!({ "seats": [places[0]] })).await.1), "unknown-seat");
        assert_eq!(want(json!({ "quantity": 1 })).await.1["total_minor"], 7500, "the cheapest that is listed");
        // With it, it is.
        let unlock = format!("/api/v1/sessions/{session}/unlock");
        for (typed, expected) in [("PRESS", 200), ("press ", 200), ("PRES", 422), ("", 422)] {
            assert_eq!(shop.post(&unlock, "", json!({ "code": typed })).await.0, expected, "{typed}");
        }
        let (_, open) = shop.post(&unlock, "", json!({ "code": "PRESS" })).await;
        assert_eq!((&open["ticket_types"][0]["id"], &open["ticket_types"][0]["price_minor"], &open["ticket_types"][0]["remaining"]), (&json!(hidden), &json!(3000), &json!(4)), "{open}");
        let (status, hold) = want(json!({ "quantity": 2, "ticket_type": hidden, "promo_code": "press" })).await;
        assert_eq!((status, &hold["total_minor"]), (201, &json!(6000)), "{hold}");
        let path = format!("/api/v1/holds/{}/promo", hold["id"].as_str().unwrap());
        assert_eq!(slug(&shop.delete(&path, &buyer).await.1), "promo-needed");
        let booking = shop.book(&hold, &buyer).await;
        assert_eq!(shop.pay(&booking, &buyer, CARD).await.0, 200);
        let order = json!({ "event_id": event, "quantity": 1, "ticket_type": hidden, "promo_code": "PRESS" });
        let (status, ordered) = shop.post("/api/v1/orders", &shop.buyer().await, order.clone()).await;
        assert_eq!((status, &ordered["total_minor"]), (201, &json!(3000)), "{ordered}");
        // Two purchases were all.
        assert_eq!(slug(&shop.post("/api/v1/orders", &shop.buyer().await, order).await.1), "promo-invalid");
        assert_eq!(slug(&shop.post(&unlock, "", json!({ "code": "PRESS" })).await.1), "promo-invalid");
        jobs::run_due(&shop.app).await.unwrap();
    }

    async fn an_order_takes_a_code_that_lowers_its_price(shop) {
        let Hall { bob, event, .. } = hall(&shop).await;
        let ten = json!({ "code": "TEN", "percent": 10, "uses_per_person": 1 });
        assert_eq!(shop.post(&format!("/api/v1/events/{event}/promo-codes"), &bob, ten).await.0, 201);
        let buyer = shop.buyer().await;
        let order = json!({ "event_id": event, "quantity": 2, "promo_code": "ten" });
        let path = "/api/v1/orders";
        let (status, first) = shop.post_keyed(path, &buyer, "order-1", &order).await;
        assert_eq!((status, &first["total_minor"]), (201, &json!(13_500)), "{first}");
        assert_eq!(shop.post_keyed(path, &buyer, "order-1", &order).await, (status, first.clone()), "the same bytes");
        assert_eq!(slug(&shop.post(path, &buyer, order).await.1), "promo-invalid", "once for each account");
        let (_, codes) = shop.get(&format!("/api/v1/events/{event}/promo-codes"), &bob).await;
        assert_eq!((&codes[1]["uses"], &codes[1]["discount_minor"]), (&json!(1), &json!(1500)), "{codes}");
        // Nothing is held or used when the code does not work.
        let nothing = json!({ "event_id": event, "quantity": 2, "promo_code": "NOBODYS" });
        let other = shop.buyer().await;
        assert_eq!(slug(&shop.post(path, &other, nothing).await.1), "promo-invalid");
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM holds WHERE status = 'active'").unwrap(), 0);
        jobs::run_due(&shop.app).await.unwrap();
    }

    async fn parallel_carts_open_a_hidden_type_as_often_as_the_code_says(shop) {
        let Hall { session, hidden, .. } = hall(&shop).await;
        let buyers = shop.buyers(6).await;
        let want = json!({ "quantity": 1, "ticket_type": hidden, "promo_code": "PRESS" });
        let answers = join_all(buyers.iter().map(|buyer| shop.try_hold(session, buyer, want.clone()))).await;
        let won = answers.iter().filter(|(status, _)| *status == 201).count();
        assert!(answers.iter().all(|(status, body)| *status == 201 || slug(body) == "promo-invalid"), "{answers:?}");
        assert_eq!(won, 2);
    }

    async fn an_organiser_hides_and_shows_a_type(shop) {
        let Hall { bob, event, session, hidden } = hall(&shop).await;
        let list = format!("/api/v1/events/{event}/ticket-types");
        let (_, types) = shop.get(&list, &bob).await;
        assert_eq!((&types[1]["id"], &types[1]["hidden"], &types[1]["session"], &types[0]["hidden"]), (&json!(hidden), &json!(true), &json!(session), &json!(false)), "{types}");
        assert_eq!((shop.get(&list, &shop.user(Role::Organizer).await.1).await.0, shop.get(&list, &shop.buyer().await).await.0, shop.get(&list, "").await.0), (404, 403, 401));
        let path = format!("/api/v1/ticket-types/{hidden}");
        let (status, shown) = shop.patch(&path, &bob, json!({ "hidden": false })).await;
        assert_eq!((status, &shown["hidden"]), (200, &json!(false)), "{shown}");
        let (_, page) = shop.get(&format!("/api/v1/events/{event}"), "").await;
        assert_eq!((&page["ticket_price_minor"], &page["remaining_tickets"]), (&json!(3000), &json!(24)));
        assert_eq!(shop.hold(session, &shop.buyer().await, 1).await["total_minor"], 3000);
        assert_eq!(shop.patch(&path, &bob, json!({ "hidden": true })).await.0, 200);
        assert_eq!(shop.get(&format!("/api/v1/events/{event}"), "").await.1["ticket_price_minor"], 7500);
        for (change, expected) in [(json!({ "unlocks": [999] }), "unknown-ticket-type"), (json!({ "unlocks": [] }), "validation"), (json!({ "unlocks": [hidden], "percent": 0 }), "out-of-range")] {
            let mut body = json!({ "code": "OTHER" });
            body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
            assert_eq!(slug(&shop.post(&format!("/api/v1/events/{event}/promo-codes"), &bob, body).await.1), expected, "{change}");
        }
    }
}

/// On a seat map the seats of a hidden type look blocked; who has the code is told their ids.
#[tokio::test]
async fn hidden_seats_look_blocked() {
    let shop = Shop::start(common::Engine::Sqlite).await.unwrap();
    let (session, seats) = shop.hall(1, 4).await;
    let kind =
        q!(shop.app.db.ex(), val i64, "SELECT id FROM ticket_types WHERE session_id = $1", session).unwrap();
    let (event, owner) =
        q!(shop.app.db.ex(), one(i64, uuid::Uuid), "SELECT id, created_by FROM events").unwrap();
    let bob = shop.token(owner, Role::Organizer);
    assert_eq!(
        shop.patch(&format!("/api/v1/ticket-types/{kind}"), &bob, json!({ "hidden": true })).await.0,
        200
    );
    let code = json!({ "code": "MEMBERS", "unlocks": [kind], "percent": 50 });
    assert_eq!(shop.post(&format!("/api/v1/events/{event}/promo-codes"), &bob, code).await.0, 201);
    let (_, map) = shop.get(&format!("/api/v1/sessions/{session}/seats"), "").await;
    assert_eq!((&map["seats"]["state"], &map["ticket_types"]), (&json!("bbbb"), &json!([])), "{map}");
    let unlock = json!({ "code": "MEMBERS" });
    let (_, open) = shop.post(&format!("/api/v1/sessions/{session}/unlock"), "", unlock).await;
    assert_eq!(open["ticket_types"][0]["seats"], json!(seats), "{open}");
    let buyer = shop.buyer().await;
    let want = json!({ "seats": [seats[1], seats[2]], "promo_code": "members" });
    let (status, hold) = shop.try_hold(session, &buyer, want).await;
    assert_eq!(
        (status, &hold["total_minor"], &hold["seats"][0]["price_minor"]),
        (201, &json!(5000), &json!(2500)),
        "{hold}"
    );
    shop.verify().await;
}
