//! What is kept of a person: all of it can be taken along, and what can be taken along is forgotten with the account.
#![allow(clippy::unwrap_used)]

mod common;

use booking::{jobs, q};
use common::buying::CARD;
use common::{Engine, Shop};
use serde_json::{Value, json};
use shared::access::Role;
use shared::testing::Log;
use uuid::Uuid;

const EXPORT: &str = "/api/v1/users/me/export";

/// How many mails there are.
fn mails(shop: &Shop) -> usize {
    let is_mail = |entry: &std::fs::DirEntry| entry.path().extension().is_some_and(|e| e == "eml");
    let dir = std::fs::read_dir(shop.app.settings.data_dir.join("mails")).unwrap();
    dir.filter(|entry| is_mail(entry.as_ref().unwrap())).count()
}

/// Links an account elsewhere, as logging in with it does.
async fn link_elsewhere(shop: &Shop, user: Uuid) {
    let now = shop.app.now();
    let linked = shop.app.db.write("test_link", move |tx| {
        Box::pin(async move {
            Ok(q!(
                tx.ex(),
                exec,
                "INSERT INTO identities (issuer, subject, user_id, created_at, used_at)
                 VALUES ('https://id.example', 'subject-7', $1, $2, $2)",
                user,
                now
            )?)
        })
    });
    assert_eq!(linked.await.unwrap(), 1);
}

/// Somebody who has left a trace everywhere: two tickets, one of them on offer; an answer and an opinion about them; a wait.
async fn busy(shop: &Shop) -> (Uuid, String) {
    let sold = shop.sold("Grace Hopper", 2).await;
    let (user, token) = sold.buyer;
    link_elsewhere(shop, user).await;
    let put = |path: String, body: Value| {
        common::answer(shop.request(reqwest::Method::PUT, &path, &token).json(&body))
    };
    assert_eq!(
        put(format!("/api/v1/tickets/{}/rsvp", sold.codes[0]), json!({ "answer": "attending" })).await.0,
        200
    );
    let offer = format!("/api/v1/tickets/{}/transfer", sold.codes[1]);
    assert_eq!(shop.post(&offer, &token, json!({ "email": "heir@example.com" })).await.0, 201);
    let (_, full) = shop.event(&sold.organizer.1, 10.0, 1).await;
    shop.buy(full, &shop.buyer().await, 1).await;
    let wait = format!("/api/v1/sessions/{full}/waiting-list");
    assert_eq!(shop.post(&wait, &token, json!({ "quantity": 1 })).await.0, 201);
    shop.advance_s(400 * 86_400);
    let token = shop.token(user, Role::Guest);
    let said = json!({ "rating": 5, "text": "Loud and lovely" });
    let path = format!("/api/v1/events/{}/feedback", sold.event);
    let (status, answered) =
        common::answer(shop.request(reqwest::Method::PUT, &path, &token).json(&said)).await;
    assert_eq!(status, 200, "{answered}");
    (user, token)
}

on_both_engines! {
    async fn everything_that_is_kept_of_a_person_can_be_taken_along(shop) {
        let (_, token) = busy(&shop).await;
        let (status, kept) = shop.get(EXPORT, &token).await;
        assert_eq!(status, 200, "{kept}");
        assert_eq!(kept["accounts_elsewhere"][0]["issuer"], "https://id.example");
        assert_eq!(kept["accounts_elsewhere"][0]["subject"], "subject-7");
        assert_eq!((kept["bookings"].as_array().unwrap().len(), kept["tickets"].as_array().unwrap().len()), (1, 2));
        let ticket = &kept["tickets"][0];
        assert_eq!((&ticket["holder_name"], &ticket["section"], &ticket["row"]), (&json!("Grace Hopper"), &json!("Parterre"), &json!("C")));
        assert!(kept["tickets"].as_array().unwrap().iter().any(|one| one["rsvp"] == "attending"));
        assert_eq!((&kept["transfers"][0]["to_email"], &kept["transfers"][0]["status"]), (&json!("heir@example.com"), &json!("offered")));
        assert_eq!((&kept["waiting_list"][0]["state"], &kept["waiting_list"][0]["quantity"]), (&json!("waiting"), &json!(1)));
        assert_eq!((&kept["feedback"][0]["rating"], &kept["feedback"][0]["text"]), (&json!(5), &json!("Loud and lovely")));
        assert_eq!((&kept["second_factor_since"], &kept["webhooks"], &kept["user_type"]), (&Value::Null, &json!([]), &json!("guest")));
    }

    async fn what_can_be_taken_along_is_forgotten_with_the_account(shop) {
        let (user, token) = busy(&shop).await;
        assert_eq!(shop.delete("/api/v1/users/me", &token).await.0, 204);
        for (what, left) in [
            ("identities", q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM identities WHERE user_id = $1", user)),
            ("feedback", q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM feedback WHERE user_id = $1", user)),
            ("rsvps", q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM rsvps WHERE user_id = $1", user)),
            ("waiting_list", q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM waiting_list WHERE user_id = $1 AND state IN ('waiting', 'offered')", user)),
            ("offers", q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM transfers WHERE from_user = $1 AND (status = 'offered' OR to_email <> '')", user)),
            ("names", q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets WHERE holder_name = 'Grace Hopper'")),
            ("logins", q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM logins WHERE user_id = $1 AND ended_at IS NULL", user)),
        ] {
            assert_eq!(left.unwrap(), 0, "{what}");
        }
        // The books stay, with a nameless owner.
        let kept = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets WHERE user_id = $1", user);
        assert_eq!(kept.unwrap(), 2);
    }

    async fn a_ticket_that_is_still_valid_keeps_its_name_until_its_session_is_over(shop) {
        let sold = shop.sold("Grace Hopper", 2).await;
        jobs::run_due(&shop.app).await.unwrap();
        let mails = mails(&shop);
        assert_eq!(shop.delete("/api/v1/users/me", &sold.buyer.1).await.0, 204);
        let (gate, code) = (shop.user(Role::Gate).await.1, &sold.codes[0]);
        let (status, entry) = shop.post("/api/v1/checkins", &gate, json!({ "code": code })).await;
        assert_eq!((status, &entry["ticket"]["holder_name"]), (200, &json!("Grace Hopper")), "{entry}");

        // The session is moved: nobody can be told, and the name is needed for longer. It began on 10 December.
        let moved = json!({ "event_date": "2027-02-10T20:00:00Z" });
        assert_eq!(shop.post(&format!("/api/v1/events/{}/postpone", sold.event), &sold.organizer.1, moved).await.0, 200);
        let names = async || q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM tickets WHERE holder_name = 'Grace Hopper'").unwrap();
        for (days, kept) in [(193, 2), (61, 2), (1, 0)] {
            shop.advance_s(days * 86_400);
            jobs::run_due(&shop.app).await.unwrap();
            assert_eq!(names().await, kept, "after {days} more days");
        }
        assert_eq!(self::mails(&shop), mails, "nobody reads the mails of a deleted account");
    }

    async fn a_ticket_that_opens_no_door_any_more_loses_its_name_with_the_account(shop) {
        let sold = shop.sold("Grace Hopper", 1).await;
        let cancel = format!("/api/v1/bookings/{}/cancel", sold.booking);
        assert_eq!(shop.post(&cancel, &sold.buyer.1, json!({})).await.0, 200);
        assert_eq!(shop.delete("/api/v1/users/me", &sold.buyer.1).await.0, 204);
        assert_eq!(q!(shop.app.db.ex(), val String, "SELECT holder_name FROM tickets").unwrap(), "Deleted account");
    }

    async fn an_organiser_s_endpoints_go_with_her_account(shop) {
        let (_, organizer) = shop.user(Role::Organizer).await;
        let new = json!({ "url": "https://example.com/hooks", "kinds": ["booking.confirmed"] });
        assert_eq!(shop.post("/api/v1/webhooks", &organizer, new).await.0, 201);
        assert_eq!(shop.get(EXPORT, &organizer).await.1["webhooks"][0]["url"], "https://example.com/hooks");
        assert_eq!(shop.delete("/api/v1/users/me", &organizer).await.0, 204);
        assert_eq!(q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM webhook_endpoints").unwrap(), 0);
    }

    async fn an_address_that_a_ticket_was_offered_to_is_forgotten_with_its_account(shop) {
        let sold = shop.sold("Grace Hopper", 1).await;
        let (heir, token) = shop.user(Role::Guest).await;
        let address = shop.get("/api/v1/users/me", &token).await.1["email"].as_str().unwrap().to_uppercase();
        let offer = format!("/api/v1/tickets/{}/transfer", sold.codes[0]);
        assert_eq!(shop.post(&offer, &sold.buyer.1, json!({ "email": address })).await.0, 201);
        assert_eq!(shop.delete("/api/v1/users/me", &shop.token(heir, Role::Guest)).await.0, 204);
        let kept = q!(shop.app.db.ex(), val String, "SELECT to_email FROM transfers").unwrap();
        assert_eq!(kept, "");
    }
}

/// On one thread, so that all of it goes to this test's log.
#[tokio::test]
async fn a_purchase_leaves_nobody_in_the_log() {
    let (log, logging) = Log::start();
    let shop = Shop::start(Engine::Sqlite).await.unwrap();
    let (name, email, password) =
        ("Grace Brewster Hopper", "grace.hopper@example.com", "correct horse battery");
    let account = json!({ "name": name, "email": email, "password": password });
    assert_eq!(shop.post("/api/v1/users/register", "", account).await.0, 201);
    let (status, login) =
        shop.post("/api/v1/users/login", "", json!({ "email": email, "password": password })).await;
    assert_eq!(status, 200, "{login}");
    let token = login["token"].as_str().unwrap();
    let session = shop.on_sale(5).await;
    shop.buy(session, token, 1).await;
    assert_eq!(
        shop.post("/api/v1/users/login", "", json!({ "email": email, "password": "wrong one" })).await.0,
        401
    );
    assert_eq!(shop.get(&format!("/api/v1/events?q={email}"), token).await.0, 200);
    jobs::run_due(&shop.app).await.unwrap();
    drop(logging);
    let text = log.text();
    assert!(text.contains("path=/api/v1/users/login"), "nothing was logged: {text}");
    let refresh = login["refresh_token"].as_str().unwrap();
    for private in [name, "Hopper", email, "grace.hopper", password, CARD, token, refresh] {
        assert!(!text.contains(private), "{private} is in the log");
    }
}
