//! The gate: who is let in, and that it happens once.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use booking::q;
use booking::tickets::{self, qr::Statement};
use serde_json::{Value, json};
use shared::access::Role;
use tokio::sync::Notify;

use common::{Answer, Shop};

const CHECKINS: &str = "/api/v1/checkins";

async fn qr(shop: &Shop, code: &str) -> String {
    let ticket = tickets::by_code(&shop.app.db, code).await.unwrap().unwrap();
    Statement::of(&ticket).unwrap().sign(&shop.app.ticket_keys).unwrap()
}

/// `scanners` scans of one ticket at the same moment.
async fn scan_at_once(shop: &Shop, code: &str, token: &str, scanners: usize) -> Vec<Answer> {
    let scans = (0..scanners)
        .map(|n| shop.post(CHECKINS, token, json!({ "code": code, "gate": format!("gate {n}") })));
    futures_util::future::join_all(scans).await
}

fn admitted(answers: &[Answer]) -> usize {
    answers.iter().filter(|(status, _)| *status == 200).count()
}

/// Somebody comes in, and several scanners let her out at once; what each is told, and the ticket's code.
async fn let_out_at_once(shop: &Shop) -> (Vec<Answer>, String) {
    let sold = shop.sold("Alice", 1).await;
    let gate = shop.user(Role::Gate).await.1;
    let code = sold.codes[0].clone();
    assert_eq!(shop.post(CHECKINS, &gate, json!({ "code": code })).await.0, 200);
    let path = format!("{CHECKINS}/exits");
    let scans = (0..6).map(|n| shop.post(&path, &gate, json!({ "code": code, "gate": format!("gate {n}") })));
    (futures_util::future::join_all(scans).await, code)
}

fn reason(answer: &Answer) -> (u16, &str) {
    (answer.0, answer.1["reason"].as_str().unwrap_or(""))
}

on_both_engines! {
    async fn a_ticket_admits_once_by_code_or_qr(shop) {
        let sold = shop.sold("Alice", 2).await;
        let gate = shop.user(Role::Gate).await.1;
        let body = json!({ "code": sold.codes[0].to_lowercase(), "gate": "North", "session": sold.session });
        let (status, entry) = shop.post(CHECKINS, &gate, body.clone()).await;
        assert_eq!(status, 200, "{entry}");
        assert_eq!((entry["result"].as_str(), entry["ticket"]["holder_name"].as_str()), (Some("admitted"), Some("Alice")));
        assert_eq!(entry["ticket"]["status"], "used");
        shop.advance_s(60);
        let text = qr(&shop, &sold.codes[0]).await;
        let (status, again) = shop.post(CHECKINS, &gate, json!({ "qr": text, "gate": "South" })).await;
        assert_eq!(status, 409, "{again}");
        assert_eq!((again["first_used_at"].as_str(), again["gate"].as_str()), (Some("2026-06-01T12:00:00Z"), Some("North")));
        let text = qr(&shop, &sold.codes[1]).await;
        assert_eq!(shop.post(CHECKINS, &gate, json!({ "qr": text })).await.0, 200);
        let (_, counts) = shop.get(&format!("/api/v1/sessions/{}/checkins", sold.session), &gate).await;
        assert_eq!((counts["tickets"].as_i64(), counts["checked_in"].as_i64()), (Some(2), Some(2)));
        assert_eq!(counts["gates"].as_array().unwrap().len(), 2);

        let undo = format!("{CHECKINS}/{}/undo", entry["id"].as_str().unwrap());
        assert_eq!(shop.post(&undo, &gate, Value::Null).await.0, 200);
        assert_eq!(shop.post(&undo, &gate, Value::Null).await.0, 409);
        assert_eq!(shop.post(CHECKINS, &gate, body).await.0, 200);
    }

    async fn what_does_not_admit_says_why(shop) {
        let (sold, other) = (shop.sold("Alice", 1).await, shop.sold("Bob", 1).await);
        let gate = shop.user(Role::Gate).await.1;
        let code = &sold.codes[0];
        let ask = |body: Value, token: &str| {
            let (shop, token) = (&shop, token.to_owned());
            async move { shop.post(CHECKINS, &token, body).await }
        };
        assert_eq!(reason(&ask(json!({ "code": "TCK-BCDFGHJKMN" }), &gate).await), (422, "unknown"));
        assert_eq!(reason(&ask(json!({ "qr": "RL1.AAAA" }), &gate).await), (422, "forged"));
        assert_eq!(reason(&ask(json!({ "code": code, "session": other.session }), &gate).await), (422, "wrong-session"));
        assert_eq!(reason(&ask(json!({ "code": code }), &other.organizer.1).await), (422, "wrong-event"));
        for body in [json!({}), json!({ "code": code, "qr": "x" }), json!({ "code": code, "gate": "a\r\nb" })] {
            assert_eq!(ask(body, &gate).await.0, 422);
        }
        for (token, status) in [("", 401), (&*sold.buyer.1, 403)] {
            assert_eq!(ask(json!({ "code": code }), token).await.0, status);
        }
        let sessions = format!("/api/v1/sessions/{}/checkins", sold.session);
        assert_eq!(shop.get(&sessions, &other.organizer.1).await.0, 404);
        let cancel = format!("/api/v1/bookings/{}/cancel", sold.booking);
        assert_eq!(shop.post(&cancel, &sold.buyer.1, json!({})).await.0, 200);
        assert_eq!(reason(&ask(json!({ "code": code }), &gate).await), (422, "cancelled"));
        assert_eq!(shop.post(CHECKINS, &other.organizer.1, json!({ "code": other.codes[0] })).await.0, 200);
    }

    async fn an_entry_sent_again_is_the_same_entry(shop) {
        let sold = shop.sold("Alice", 1).await;
        let gate = shop.user(Role::Gate).await.1;
        let body = json!({ "id": shop.app.entropy.uuid_v7(shop.app.now()), "code": sold.codes[0] });
        for _ in 0..3 {
            let (status, entry) = shop.post(CHECKINS, &gate, body.clone()).await;
            assert_eq!((status, &entry["id"]), (200, &body["id"]), "{entry}");
        }
        assert_eq!(shop.post(CHECKINS, &gate, json!({ "code": sold.codes[0] })).await.0, 409);
    }

    async fn entries_without_a_network_are_reported_and_conflicts_kept(shop) {
        let sold = shop.sold("Alice", 3).await;
        let gate = shop.user(Role::Gate).await.1;
        let path = format!("/api/v1/sessions/{}/checkins", sold.session);
        assert_eq!(shop.post(CHECKINS, &gate, json!({ "code": sold.codes[0], "gate": "North" })).await.0, 200);
        let (_, taken_along) = shop.get(&format!("{path}/offline"), &gate).await;
        assert_eq!((taken_along["used"].as_array().unwrap().len(), taken_along["dead"].as_array().unwrap().len()), (1, 0));
        shop.advance_s(600);
        let now = shop.app.now();
        let entry = |shown: Value, at: &str| {
            let mut entry = json!({ "id": shop.app.entropy.uuid_v7(now), "at": at, "gate": "South" });
            entry.as_object_mut().unwrap().extend(shown.as_object().unwrap().clone());
            entry
        };
        let report = json!({ "entries": [
            entry(json!({ "qr": qr(&shop, &sold.codes[1]).await }), "2026-06-01T12:05:00Z"),
            entry(json!({ "code": sold.codes[0] }), "2026-06-01T12:06:00Z"),
            entry(json!({ "qr": "RL1.FORGED" }), "2026-06-01T12:07:00Z"),
            entry(json!({ "code": sold.codes[2] }), "2031-01-01T00:00:00Z"),
        ]});
        for _ in 0..2 {
            let (status, settled) = shop.post(&format!("{CHECKINS}/offline"), &gate, report.clone()).await;
            assert_eq!(status, 200, "{settled}");
            let results: Vec<_> = settled.as_array().unwrap().iter().map(|s| s["result"].as_str().unwrap()).collect();
            assert_eq!(results, ["admitted", "already-used", "ticket-invalid", "admitted"]);
            assert_eq!((settled[1]["gate"].as_str(), settled[2]["reason"].as_str()), (Some("North"), Some("forged")));
        }
        let (_, counts) = shop.get(&path, &gate).await;
        assert_eq!(counts["checked_in"], 3);
        assert_eq!(counts["conflicts"], json!([{
            "ticket_code": sold.codes[0], "gate": "South", "at": "2026-06-01T12:06:00Z",
            "first_gate": "North", "first_used_at": "2026-06-01T12:00:00Z",
        }]));
        let (_, again) = shop.post(CHECKINS, &gate, json!({ "code": sold.codes[2] })).await;
        assert_eq!(again["first_used_at"], now.to_string(), "a clock that is ahead is not believed");
        let many: Vec<Value> = (0..101).map(|_| entry(json!({ "code": "x" }), "2026-06-01T12:00:00Z")).collect();
        assert_eq!(shop.post(&format!("{CHECKINS}/offline"), &gate, json!({ "entries": many })).await.0, 422);
        assert_eq!(shop.post(&format!("{CHECKINS}/offline"), &sold.buyer.1, report).await.0, 403);
        assert_eq!(shop.get(&format!("{path}/offline"), &shop.user(Role::Organizer).await.1).await.0, 404);
    }

    async fn a_reported_entry_that_was_taken_back_stays_taken_back(shop) {
        let sold = shop.sold("Alice", 1).await;
        let gate = shop.user(Role::Gate).await.1;
        let id = shop.app.entropy.uuid_v7(shop.app.now());
        let report = json!({ "entries": [{ "id": id, "at": "2026-06-01T12:00:00Z", "code": sold.codes[0] }] });
        let offline = format!("{CHECKINS}/offline");
        assert_eq!(shop.post(&offline, &gate, report.clone()).await.1[0]["result"], "admitted");
        assert_eq!(shop.post(&format!("{CHECKINS}/{id}/undo"), &gate, Value::Null).await.0, 200);
        let (status, settled) = shop.post(&offline, &gate, report.clone()).await;
        assert_eq!((status, &settled[0]["result"]), (200, &json!("undone")), "a report never blocks the queue behind it");
        let (status, again) = shop.post(CHECKINS, &gate, json!({ "id": id, "code": sold.codes[0] })).await;
        assert_eq!((status, again["type"].as_str().unwrap().ends_with("already-undone")), (409, true));
        assert_eq!(shop.post(CHECKINS, &gate, json!({ "code": sold.codes[0] })).await.0, 200);
        assert_eq!(shop.post(&offline, &gate, report).await.1[0]["result"], "undone");
    }

    async fn a_scanner_takes_the_list_of_tickets_along(shop) {
        let (sold, other) = (shop.sold("Alice", 3).await, shop.sold("Bob", 1).await);
        let gate = shop.user(Role::Gate).await.1;
        let path = format!("/api/v1/sessions/{}/checkins", sold.session);
        let (status, first) = shop.get(&format!("{path}/tickets?limit=2"), &gate).await;
        assert_eq!((status, first.as_array().unwrap().len()), (200, 2), "{first}");
        assert_eq!((&first[0]["holder_name"], &first[0]["row"], &first[0]["section"]), (&json!("Alice"), &json!("C"), &json!("Parterre")));
        let last = first[1]["id"].as_str().unwrap();
        let (_, rest) = shop.get(&format!("{path}/tickets?cursor={last}"), &gate).await;
        let listed = first.as_array().unwrap().iter().chain(rest.as_array().unwrap());
        let mut codes: Vec<&str> = listed.map(|ticket| ticket["code"].as_str().unwrap()).collect();
        let mut bought: Vec<&str> = sold.codes.iter().map(String::as_str).collect();
        codes.sort_unstable();
        bought.sort_unstable();
        assert_eq!(codes, bought);

        shop.post(CHECKINS, &gate, json!({ "code": sold.codes[0], "gate": "North" })).await;
        let take_back = format!("/api/v1/events/{}/bookings/{}/cancel", sold.event, sold.booking);
        let (status, left) = shop.post(&take_back, &sold.organizer.1, json!({ "tickets": sold.codes[1..] })).await;
        assert_eq!(status, 200, "{left}");
        let (_, along) = shop.get(&format!("{path}/offline"), &gate).await;
        assert_eq!((along["issued"].as_i64(), along["dead"].as_array().unwrap().len()), (Some(3), 2));
        assert_eq!((&along["dead"][0]["reason"], &along["used"][0]["gate"]), (&json!("cancelled"), &json!("North")));
        assert_eq!(along["used"][0]["at"], "2026-06-01T12:00:00Z");

        assert_eq!(shop.get(&format!("{path}/tickets"), &other.organizer.1).await.0, 404);
        assert_eq!(shop.get(&format!("{path}/tickets"), &sold.buyer.1).await.0, 403);
        assert_eq!(shop.get(&format!("{path}/tickets?cursor=x"), &gate).await.0, 400);
        assert_eq!(shop.get(&format!("{path}/tickets?limit=2001"), &gate).await.0, 422);
    }

    async fn doors_are_those_one_may_work_at(shop) {
        let (sold, other) = (shop.sold("Alice", 1).await, shop.sold("Bob", 1).await);
        let sessions = |answer: &Answer| -> Vec<i64> {
            let mut sessions: Vec<i64> = answer.1.as_array().unwrap().iter().map(|door| door["session"].as_i64().unwrap()).collect();
            sessions.sort_unstable();
            sessions
        };
        let doors = format!("{CHECKINS}/doors");
        let gate = shop.user(Role::Gate).await.1;
        let all = shop.get(&doors, &gate).await;
        assert_eq!(sessions(&all), [sold.session, other.session]);
        assert_eq!((&all.1[0]["event_name"], all.1[0]["time_zone"].is_string()), (&json!("Rock Night"), true));
        assert_eq!(sessions(&shop.get(&doors, &sold.organizer.1).await), [sold.session]);
        assert_eq!(shop.get(&doors, &sold.buyer.1).await.0, 403);
        shop.advance_s(10 * 366 * 86_400);
        let later = shop.user(Role::Gate).await.1;
        assert!(sessions(&shop.get(&doors, &later).await).is_empty(), "last year's doors are closed");
    }

    async fn of_two_scanners_at_once_one_admits(shop) {
        let sold = shop.sold("Alice", 5).await;
        let gate = shop.user(Role::Gate).await.1;
        for code in &sold.codes {
            let answers = scan_at_once(&shop, code, &gate, 8).await;
            assert_eq!(admitted(&answers), 1, "{answers:?}");
            assert!(answers.iter().all(|(status, body)| *status == 200 || body["first_used_at"].is_string()));
        }
    }

    async fn a_crowd_at_the_gates_is_let_in_each_once(shop) {
        let sold = shop.sold("Alice", 6).await;
        let gate = shop.user(Role::Gate).await.1;
        let scans = sold.codes.iter().flat_map(|code| [code, code, code]);
        let scans = scans.map(|code| shop.post(CHECKINS, &gate, json!({ "code": code })));
        let answers = futures_util::future::join_all(scans).await;
        for (answers, code) in answers.chunks(3).zip(&sold.codes) {
            assert_eq!(admitted(answers), 1, "{code}: {answers:?}");
        }
        let (_, counts) = shop.get(&format!("/api/v1/sessions/{}/checkins", sold.session), &gate).await;
        assert_eq!(counts["checked_in"], 6);
    }

    async fn a_ticket_that_is_cancelled_at_that_moment_admits_nobody(shop) {
        let sold = shop.sold("Alice", 2).await;
        let gate = shop.user(Role::Gate).await.1;
        let (cancelled, code) = (Arc::new(Notify::new()), sold.codes[0].clone());
        let (may_end, has_begun) = (Arc::new(Notify::new()), cancelled.clone());
        let end = may_end.clone();
        let cancelling = shop.app.db.write("cancel_slowly", move |tx| {
            let (has_begun, end, code) = (has_begun.clone(), end.clone(), code.clone());
            Box::pin(async move {
                let rows = q!(tx.ex(), exec, "UPDATE tickets SET status = 'cancelled' WHERE code = $1", &code)?;
                has_begun.notify_one();
                end.notified().await;
                Ok(rows)
            })
        });
        let scan = async {
            cancelled.notified().await;
            // What the gate read says that it admits; by the time it writes, it does not.
            let scans = sold.codes.iter().map(|code| shop.post(CHECKINS, &gate, json!({ "code": code })));
            let scans = futures_util::future::join_all(scans);
            let (answers, ()) = tokio::join!(scans, async { may_end.notify_one() });
            answers
        };
        let (rows, answers) = tokio::join!(cancelling, scan);
        assert_eq!(rows.unwrap(), 1);
        assert_eq!((reason(&answers[0]), answers[1].0), ((422, "cancelled"), 200), "{answers:?}");
        let entries = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM checkins").unwrap();
        assert_eq!(entries, 1);
        // Its booking was not told.
        shop.broken_on_purpose("I18", "one live ticket for each of its seats").await;
    }

    async fn whoever_is_let_out_comes_in_once_more(shop) {
        let sold = shop.sold("Alice", 2).await;
        let gate = shop.user(Role::Gate).await.1;
        let (code, exits) = (&sold.codes[0], format!("{CHECKINS}/exits"));
        let (status, refused) = shop.post(&exits, &gate, json!({ "code": code })).await;
        assert_eq!((status, refused["type"].as_str().unwrap().ends_with("not-inside")), (409, true), "{refused}");
        let (_, entry) = shop.post(CHECKINS, &gate, json!({ "code": code, "gate": "North" })).await;
        shop.advance_s(60);
        let out = json!({ "id": shop.app.entropy.uuid_v7(shop.app.now()), "qr": qr(&shop, code).await, "gate": "South", "session": sold.session });
        for _ in 0..2 {
            let (status, exit) = shop.post(&exits, &gate, out.clone()).await;
            assert_eq!((status, &exit["result"], &exit["id"], &exit["ticket_code"]), (200, &json!("outside"), &out["id"], &json!(code)), "{exit}");
        }
        assert_eq!(shop.post(&exits, &gate, json!({ "code": code })).await.0, 409, "outside already");
        let path = format!("/api/v1/sessions/{}/checkins", sold.session);
        let (_, counts) = shop.get(&path, &gate).await;
        assert_eq!((&counts["checked_in"], &counts["outside"]), (&json!(1), &json!(1)));
        let (_, along) = shop.get(&format!("{path}/offline"), &gate).await;
        assert_eq!((along["used"].as_array().unwrap().len(), &along["outside"]), (1, &json!([along["used"][0]["ticket"]])), "{along}");
        // Of many who show it, one comes in.
        let answers = scan_at_once(&shop, code, &gate, 6).await;
        assert_eq!(admitted(&answers), 1, "{answers:?}");
        assert!(answers.iter().any(|(_, body)| body["result"] == "returned"), "{answers:?}");
        // An entry that is taken back takes the exit along.
        assert_eq!(shop.post(&exits, &gate, json!({ "code": code })).await.0, 200);
        let undo = format!("{CHECKINS}/{}/undo", entry["id"].as_str().unwrap());
        assert_eq!(shop.post(&undo, &gate, Value::Null).await.0, 200);
        assert_eq!(reason(&shop.post(&exits, &gate, json!({ "code": "TCK-BCDFGHJKMN" })).await), (422, "unknown"));
        assert_eq!(shop.post(CHECKINS, &gate, json!({ "code": code })).await.1["result"], "admitted");
        assert_eq!(shop.post(&exits, &shop.user(Role::Organizer).await.1, json!({ "code": code })).await.0, 422);
    }

    async fn of_many_who_let_somebody_out_at_once_one_does(shop) {
        let (outs, _) = let_out_at_once(&shop).await;
        assert_eq!(admitted(&outs), 1, "{outs:?}");
    }

    async fn without_its_guard_somebody_leaves_twice(shop) {
        shop.app
            .db
            .write("sabotage", |tx| Box::pin(async move { Ok(q!(tx.ex(), exec, "DROP INDEX checkin_exits_once")?) }))
            .await
            .unwrap();
        let (outs, _) = let_out_at_once(&shop).await;
        assert!(admitted(&outs) > 1, "the test above cannot see the race: {outs:?}");
        shop.broken_on_purpose("I26", "Every unique index").await;
    }

    async fn without_its_guard_the_same_scans_admit_twice(shop) {
        let sold = shop.sold("Alice", 1).await;
        let gate = shop.user(Role::Gate).await.1;
        shop.app
            .db
            .write("sabotage", |tx| Box::pin(async move { Ok(q!(tx.ex(), exec, "DROP INDEX checkins_once")?) }))
            .await
            .unwrap();
        let answers = scan_at_once(&shop, &sold.codes[0], &gate, 8).await;
        assert!(admitted(&answers) > 1, "the test above cannot see the race: {answers:?}");
        shop.broken_on_purpose("I19", "entered at most once").await;
    }
}
