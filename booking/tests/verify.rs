//! The checker names what is broken: each test plants violations with the hand of somebody who has the database, and
//! must read the sentence. That a sound shop breaks none is asserted at the end of every other test.
#![allow(clippy::unwrap_used)]

mod common;

use booking::bookings::upkeep;
use booking::jobs;
use common::Shop;
use serde_json::json;
use shared::access::Role;

/// A shop that has sold, captured, cancelled and let expire, with everything settled.
async fn busy(shop: &Shop) {
    let sold = shop.sold("Ann", 2).await;
    let session = shop.on_sale(20).await;
    let buyer = shop.buyer().await;
    let cancelled = shop.buy(session, &buyer, 2).await;
    settle(shop).await;
    shop.post(&format!("/api/v1/bookings/{cancelled}/cancel"), &buyer, json!({})).await;
    let reduced = shop.buy(session, &buyer, 2).await;
    let code = shop.booking(&reduced, &buyer).await["tickets"][0]["code"].clone();
    shop.post(&format!("/api/v1/bookings/{reduced}/cancel"), &buyer, json!({ "tickets": [code] })).await;
    settle(shop).await;
    let (status, _) = shop
        .post_keyed(&format!("/api/v1/sessions/{session}/holds"), &buyer, "once", &json!({ "quantity": 1 }))
        .await;
    assert_eq!(status, 201);
    shop.book(&shop.hold(session, &buyer, 1).await, &buyer).await;
    let gate = shop.user(Role::Admin).await.1;
    let (status, entered) =
        shop.post("/api/v1/checkins", &gate, json!({ "code": sold.codes[0], "gate": "north" })).await;
    assert_eq!(status, 200, "{entered}");
    shop.verify().await;
}

async fn settle(shop: &Shop) {
    upkeep::tick(&shop.app).await.unwrap();
    jobs::run_due(&shop.app).await.unwrap();
    upkeep::tick(&shop.app).await.unwrap();
}

/// Takes the triggers away that would refuse most of what is planted.
fn without_transitions(shop: &Shop) -> Vec<String> {
    let tables = ["bookings", "payments", "holds", "tickets", "transfers", "booking_sessions", "returns"];
    let on = |table| if shop.app.db.is_postgres() { format!(" ON {table}") } else { String::new() };
    tables.map(|table| format!("DROP TRIGGER {table}_transitions{}", on(table))).into()
}

/// What a restored backup or a hand at the schema may have lost, and the words that must be read.
fn lost_parts(shop: &Shop) -> [(&'static str, &'static str); 3] {
    if shop.app.db.is_postgres() {
        return [
            ("DROP TRIGGER holds_transitions ON holds", "trigger holds_transitions is missing"),
            (
                "ALTER TABLE tickets DROP CONSTRAINT tickets_seat_id_fkey",
                "reference tickets.seat_id is missing",
            ),
            (
                "ALTER TABLE tickets DROP CONSTRAINT tickets_seat_id_fkey; ALTER TABLE tickets ADD CONSTRAINT tickets_seat FOREIGN KEY (seat_id) REFERENCES seats (id) NOT VALID",
                "leads somewhere. Broken 1×: tickets_seat",
            ),
        ];
    }
    [
        ("DROP TRIGGER holds_transitions", "trigger holds_transitions is missing"),
        (
            "ALTER TABLE transfers RENAME TO old; CREATE TABLE transfers AS SELECT * FROM old; DROP TABLE old",
            "reference transfers.ticket_id is missing",
        ),
        ("PRAGMA defer_foreign_keys = ON; DELETE FROM venues", "leads somewhere. Broken"),
    ]
}

type Planted = (&'static str, &'static str, &'static str, &'static str);

/// One violation a line: an index that is dropped first, what is then done to a busy shop, and the invariant and words
/// that must be read.
const PLANTED: &[Planted] = &[
    (
        "tickets_one_live_per_seat",
        "UPDATE tickets SET seat_id = (SELECT min(seat_id) FROM tickets WHERE status IN ('valid', 'used')) WHERE status IN ('valid', 'used')",
        "I1",
        "at most one live ticket",
    ),
    (
        "",
        "UPDATE tickets SET status = 'cancelled' WHERE id = (SELECT id FROM tickets WHERE status = 'valid' LIMIT 1)",
        "I1",
        "has a live ticket of the booking",
    ),
    (
        "",
        "UPDATE seats SET state = 'free', booking_id = NULL, hold_id = NULL WHERE id = (SELECT min(id) FROM seats WHERE state = 'sold')",
        "I1",
        "is sold to the ticket's booking",
    ),
    (
        "",
        "UPDATE hold_seats SET seat_id = (SELECT min(id) FROM seats WHERE state = 'held') WHERE hold_id IN (SELECT id FROM holds WHERE status = 'active')",
        "I1",
        "at most one live hold",
    ),
    ("", "UPDATE holds SET status = 'released' WHERE status = 'active'", "I1", "kept by an active hold"),
    ("", "UPDATE ticket_types SET total = total + 1", "I2", "as many seats as it announces"),
    (
        "",
        "UPDATE holds SET quantity = quantity + 1 WHERE status = 'active'",
        "I2",
        "as many seats of its session",
    ),
    ("", "UPDATE holds SET total_minor = total_minor + 1", "I3", "A hold's total"),
    ("", "UPDATE bookings SET currency = 'EUR'", "I3", "those of its hold"),
    ("", "UPDATE payments SET amount_minor = amount_minor + 1", "I3", "A payment asks for"),
    (
        "",
        "UPDATE tickets SET price_minor = price_minor - 1 WHERE status = 'valid'",
        "I3",
        "cost its total together",
    ),
    (
        "",
        "UPDATE tickets SET price_minor = price_minor - 1 WHERE status = 'valid'",
        "I22",
        "costs what was shown",
    ),
    (
        "",
        "UPDATE gateway_charges SET status = 'voided' WHERE status = 'captured'",
        "I3",
        "in the gateway's ledger",
    ),
    (
        "",
        "DELETE FROM gateway_charges WHERE status = 'captured' AND refunded_minor = 0",
        "I3",
        "in the gateway's ledger",
    ),
    (
        "payments_one_live",
        "UPDATE payments SET booking_id = (SELECT booking_id FROM payments ORDER BY booking_id LIMIT 1)",
        "I6",
        "at most one live payment",
    ),
    (
        "",
        "UPDATE payments SET status = 'voided' WHERE status = 'captured'",
        "I5",
        "No confirmed seats without money",
    ),
    (
        "",
        "UPDATE bookings SET status = 'expired', confirmed_at = NULL WHERE status = 'confirmed'",
        "I5",
        "No money without seats",
    ),
    (
        "",
        "UPDATE gateway_charges SET key = 'nobody''s' WHERE refunded_minor = 0",
        "I5",
        "No money without seats",
    ),
    (
        "",
        "UPDATE payments SET status = 'refund_owed' WHERE status = 'captured'",
        "I5",
        "a job that sees to it",
    ),
    (
        "",
        "UPDATE gateway_charges SET refunded_minor = 1 WHERE refunded_minor = 0",
        "I20",
        "what its refunds sum to",
    ),
    (
        "",
        "UPDATE payments SET refunded_minor = 1 WHERE status = 'refunded'",
        "I20",
        "A payment that was paid back",
    ),
    (
        "",
        "UPDATE bookings SET refund_minor = 1 WHERE status = 'confirmed' AND refund_minor = 0",
        "I20",
        "A booking is paid back",
    ),
    ("", "UPDATE returns SET refund_minor = refund_minor - 1", "I20", "what goes back for its seats"),
    ("", "UPDATE hold_seats SET return_id = NULL", "I3", "with those given back"),
    ("", "UPDATE returns SET status = 'owed'", "I5", "What is owed for tickets"),
    ("", "UPDATE tickets SET fee_minor = 1 WHERE status = 'valid'", "I22", "with the same fee"),
    (
        "",
        "UPDATE bookings SET created_at = (SELECT expires_at FROM holds WHERE holds.id = hold_id)",
        "I8",
        "before its hold's deadline",
    ),
    (
        "",
        "UPDATE seats SET state = 'free', hold_id = NULL, held_until = NULL WHERE id = (SELECT min(id) FROM seats WHERE state = 'held')",
        "I9",
        "keeps all its seats",
    ),
    ("", "UPDATE tickets SET status = 'cancelled' WHERE status = 'valid'", "I18", "one live ticket for each"),
    (
        "",
        "UPDATE bookings SET status = 'cancelled', cancelled_at = confirmed_at WHERE status = 'confirmed'",
        "I18",
        "belongs to a confirmed booking",
    ),
    ("", "UPDATE tickets SET generation = 2 WHERE status = 'valid'", "I19", "one successor"),
    ("", "UPDATE tickets SET status = 'transferred' WHERE status = 'valid'", "I19", "one successor"),
    (
        "checkins_once",
        "INSERT INTO checkins (id, ticket_id, gate, staff, at) SELECT c.staff, c.ticket_id, c.gate, c.staff, c.at FROM checkins c",
        "I19",
        "entered at most once",
    ),
    (
        "",
        "UPDATE tickets SET status = 'used' WHERE status = 'valid'",
        "I19",
        "only if, its holder has entered",
    ),
    ("", "UPDATE checkins SET undone_at = at", "I19", "only if, its holder has entered"),
    ("", "UPDATE events SET per_person_limit = 1, updated_at = created_at", "I21", "than one person may"),
    (
        "",
        "UPDATE bookings SET confirmed_at = NULL WHERE status = 'confirmed'",
        "I25",
        "the instants that its state",
    ),
    ("", "UPDATE holds SET status = 'expired' WHERE status = 'booked'", "I25", "A hold is booked"),
    ("", "UPDATE payments SET transaction_id = NULL WHERE status = 'captured'", "I25", "what its state says"),
    ("", "DELETE FROM jobs WHERE dedupe_key LIKE 'tickets-ready:%'", "I18", "queued as mails"),
    (
        "jobs_dedupe",
        "UPDATE jobs SET dedupe_key = 'same' WHERE dedupe_key IS NOT NULL",
        "I18",
        "queued once for its key",
    ),
    (
        "",
        "UPDATE jobs SET lease_until = run_at, status = 'running' WHERE status = 'done'",
        "I18",
        "leased while it runs",
    ),
    (
        "",
        "UPDATE holds SET user_id = (SELECT user_id FROM bookings WHERE status = 'confirmed' LIMIT 1)",
        "I3",
        "those of its hold",
    ),
    ("users_email", "SELECT 1", "I26", "Every unique index"),
    ("tickets_code", "SELECT 1", "I26", "index tickets_code is missing"),
    (
        "booking_sessions_jti",
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at, ended_at) SELECT id, user_id, 'r', id, event_id, user_id, 'b', 'open', created_at, expires_at, NULL FROM holds",
        "I10",
        "at most one booking session",
    ),
    (
        "",
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at, ended_at) SELECT id, id, 'r', id, 0, user_id, 'b', 'open', created_at, expires_at, NULL FROM holds; UPDATE holds SET booking_session_id = id",
        "I10",
        "by the person who was admitted",
    ),
    (
        "",
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at, ended_at) SELECT id, id, 'r', id, event_id, user_id, 'b', 'open', created_at, created_at, NULL FROM holds",
        "I11",
        "at or after its end",
    ),
    (
        "",
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at, ended_at) SELECT id, id, 'r', id, event_id, user_id, 'b', 'open', created_at, expires_at, NULL FROM holds; UPDATE holds SET booking_session_id = id; INSERT INTO revocations (place_id, revoked_at) SELECT h.id, (SELECT min(issued_at) FROM tickets) FROM holds h; UPDATE holds SET created_at = expires_at",
        "I11",
        "had been taken back",
    ),
    (
        "",
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at, ended_at) SELECT id, id, 'r', id, event_id, user_id, 'b', 'open', created_at, expires_at, expires_at FROM holds",
        "I25",
        "A booking session that is over",
    ),
    (
        "",
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at, ended_at) SELECT id, id, 'r', id, event_id, user_id, 'b', 'finished', created_at, expires_at, expires_at FROM holds",
        "I25",
        "a finished one a booking",
    ),
    (
        "",
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at, ended_at) SELECT id, id, 'r', id, event_id, user_id, 'b', 'abandoned', created_at, expires_at, expires_at FROM holds",
        "I18",
        "The departure of a booking session",
    ),
    ("", "UPDATE idempotency_keys SET body = NULL", "I7", "A key was taken once"),
    (
        "",
        "INSERT INTO transfers (id, ticket_id, from_user, to_email, token_hash, status, created_at, expires_at, accepted_at) SELECT id, id, user_id, 'nobody', (SELECT request_hash FROM idempotency_keys), 'accepted', issued_at, issued_at, issued_at FROM tickets WHERE status = 'valid' LIMIT 1",
        "I19",
        "An accepted offer",
    ),
];

on_both_engines! {
    async fn a_busy_shop_breaks_nothing_and_the_sentences_have_looked_at_something(shop) {
        busy(&shop).await;
        let report = shop.report().await;
        assert_eq!(report.first_violation(), None);
        let idle: Vec<_> = report.checked.iter().filter(|checked| checked.looked_at == 0).collect();
        // What a shop without a waiting room and transfers has none of.
        assert!(idle.len() <= 8, "{idle:#?}");
    }

    async fn a_part_of_the_schema_that_is_lost_is_named(shop) {
        busy(&shop).await;
        for (statements, words) in lost_parts(&shop) {
            let report = shop.report_after(statements.split("; ").map(str::to_owned).collect()).await.unwrap();
            assert!(report.names("I26", words), "{statements}: {words}\n{report}");
        }
    }

    async fn each_violation_is_named(shop) {
        busy(&shop).await;
        let mut missed = Vec::new();
        for (index, statement, invariant, words) in PLANTED.iter().copied() {
            let mut statements = without_transitions(&shop);
            statements.extend(statement.split("; ").map(str::to_owned));
            if !index.is_empty() {
                statements.insert(0, format!("DROP INDEX {index}"));
            }
            let report = shop.report_after(statements).await;
            if !report.as_ref().is_ok_and(|report| report.names(invariant, words)) {
                let said = report.map(|report| report.broken().map(ToString::to_string).collect::<Vec<_>>());
                missed.push(format!("{statement}\n→ {invariant} “{words}” is not in {said:#?}"));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }
}
