//! The audit log: only appended to, sealed into one chain, and every change to it named.
#![allow(clippy::unwrap_used)]

mod common;

use std::sync::Arc;

use booking::audit::{self, chain::Head};
use booking::error::Error;
use booking::{on, q};
use common::Shop;
use futures_util::future::join_all;
use sqlx::AssertSqlSafe;
use tokio::sync::Barrier;

/// A shop with seven acts, all sealed and the last one signed.
async fn busy(shop: &Shop) -> i64 {
    let session = shop.on_sale(40).await;
    let buyers = shop.buyers(6).await;
    join_all(buyers.iter().map(|buyer| shop.buy(session, buyer, 1))).await;
    audit::seal(&shop.app).await.unwrap();
    let sealed = sealed(shop).await;
    assert!(sealed >= 7, "{sealed}");
    sealed
}

async fn sealed(shop: &Shop) -> i64 {
    q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM audit_entries WHERE seq IS NOT NULL").unwrap()
}

/// What takes the triggers out of the way.
fn unlocked(shop: &Shop) -> Vec<String> {
    if shop.app.db.is_postgres() {
        ["audit_entries", "audit_checkpoints"]
            .map(|t| format!("ALTER TABLE {t} DISABLE TRIGGER USER"))
            .to_vec()
    } else {
        ["entries_stay", "entries_last", "checkpoints_stay", "checkpoints_last"]
            .map(|trigger| format!("DROP TRIGGER audit_{trigger}"))
            .to_vec()
    }
}

/// What is done to the log, and how it is named.
const TAMPERED: &[(&str, &str)] = &[
    ("UPDATE audit_entries SET subject = 'event:999' WHERE seq = 3", "entry 3 was altered"),
    ("UPDATE audit_entries SET detail = '{}' WHERE seq = 4", "entry 4 was altered"),
    ("UPDATE audit_entries SET actor = NULL WHERE seq = 5", "entry 5 was altered"),
    ("UPDATE audit_entries SET action = 'user.created' WHERE seq = 1", "entry 1 was altered"),
    (
        "UPDATE audit_entries SET hash = (SELECT hash FROM audit_entries WHERE seq = 1) WHERE seq = 6",
        "entry 6 was altered",
    ),
    ("DELETE FROM audit_entries WHERE seq = 3", "entry 3 is missing"),
    ("DELETE FROM audit_entries WHERE seq IN (3, 4)", "entry 3 to 4 are missing"),
    (
        "DROP INDEX audit_entries_seq; UPDATE audit_entries SET seq = 7 - seq WHERE seq IN (3, 4)",
        "entry 3 was altered; entry 4 was altered",
    ),
    (
        "DROP INDEX audit_entries_seq; UPDATE audit_entries SET seq = 3 WHERE seq = 2",
        "entry 2 is missing; entry 3 is there twice",
    ),
    ("DELETE FROM audit_entries WHERE seq > 2", "was signed and is gone"),
    ("UPDATE audit_entries SET seq = NULL, hash = NULL WHERE seq = 2", "entry 2 is missing"),
    (
        "UPDATE audit_checkpoints SET hash = (SELECT hash FROM audit_entries WHERE seq = 1)",
        "is not what was signed",
    ),
    ("UPDATE audit_checkpoints SET hash = (SELECT hash FROM audit_entries WHERE seq = 1)", "is forged"),
    ("UPDATE audit_checkpoints SET kid = 'another'", "by a key that is not live"),
];

/// Rounds of careless sealers at most.
const ROUNDS_MAX: usize = 20;

on_both_engines! {
    async fn nothing_is_changed_or_removed(shop) {
        busy(&shop).await;
        for statement in [
            "UPDATE audit_entries SET subject = 'event:999' WHERE seq = 3",
            "UPDATE audit_entries SET seq = NULL, hash = NULL WHERE seq = 3",
            "UPDATE audit_entries SET seq = 999 WHERE seq = 3",
            "DELETE FROM audit_entries WHERE seq = 3",
            "UPDATE audit_checkpoints SET kid = 'another'",
            "DELETE FROM audit_checkpoints",
        ] {
            let refused = shop.report_after(vec![statement.to_owned()]).await.unwrap_err();
            assert!(refused.contains("only appended to"), "{statement}: {refused}");
        }
        if shop.app.db.is_postgres() {
            let refused = shop.report_after(vec!["TRUNCATE audit_entries".into()]).await.unwrap_err();
            assert!(refused.contains("only appended to"), "{refused}");
        }
        // An entry that is not sealed yet stays as it was written, too.
        shop.on_sale(1).await;
        for statement in [
            "UPDATE audit_entries SET subject = 'event:999' WHERE seq IS NULL",
            "DELETE FROM audit_entries WHERE seq IS NULL",
        ] {
            assert!(shop.report_after(vec![statement.to_owned()]).await.unwrap_err().contains("only appended to"));
        }
    }

    async fn whatever_is_done_to_the_log_is_named(shop) {
        busy(&shop).await;
        let mut missed = Vec::new();
        for (statement, words) in TAMPERED {
            let tampered = statement.split("; ").map(str::to_owned);
            let report = shop.report_after(unlocked(&shop).into_iter().chain(tampered).collect()).await;
            if !report.as_ref().is_ok_and(|report| report.names("I23", words)) {
                let said = report.map(|report| report.broken().map(ToString::to_string).collect::<Vec<_>>());
                missed.push(format!("{statement}\n→ “{words}” is not in {said:#?}"));
            }
        }
        assert!(missed.is_empty(), "{}", missed.join("\n"));
    }

    async fn an_entry_that_the_sealer_passes_over_is_named(shop) {
        busy(&shop).await;
        shop.advance_s(120);
        shop.on_sale(1).await;
        audit::seal(&shop.app).await.unwrap();
        let hide = "UPDATE audit_entries SET seq = NULL, hash = NULL WHERE seq = 2".to_owned();
        let report = shop.report_after(unlocked(&shop).into_iter().chain([hide]).collect()).await.unwrap();
        assert!(report.names("I23", "passed over"), "{report}");
    }

    async fn acts_and_sealers_side_by_side_make_one_chain(shop) {
        let session = shop.on_sale(40).await;
        let buyers = shop.buyers(12).await;
        let buying = join_all(buyers.iter().map(|buyer| shop.buy(session, buyer, 1)));
        let sealing = join_all((0..8).map(|_| async {
            for _ in 0..5 {
                audit::seal(&shop.app).await.unwrap();
            }
        }));
        tokio::join!(buying, sealing);
        audit::seal(&shop.app).await.unwrap();
        let entries = q!(shop.app.db.ex(), val i64, "SELECT count(*) FROM audit_entries").unwrap();
        let last = q!(shop.app.db.ex(), val i64, "SELECT max(seq) FROM audit_entries").unwrap();
        assert_eq!((sealed(&shop).await, last), (entries, entries));
    }

    async fn sealers_that_look_first_and_write_then_fork_the_chain(shop) {
        busy(&shop).await;
        // The index has the last word …
        assert_eq!(careless_round(&shop, 1).await, 1, "of six that saw the same head one gets its number");
        // … and without it the checker sees two entries of one number.
        shop.app.db.write("sabotage", |tx| Box::pin(async move {
            on!(tx.ex(), c => sqlx::query("DROP INDEX audit_entries_seq").execute(c).await.map(|_| ()))?;
            Ok(())
        })).await.unwrap();
        assert_eq!(careless_round(&shop, 6).await, 6, "the harness does not see the race");
        shop.broken_on_purpose("I23", "is there twice").await;
    }

    async fn an_erased_account_leaves_the_chain_whole(shop) {
        let session = shop.on_sale(5).await;
        let buyer = shop.buyer().await;
        shop.buy(session, &buyer, 1).await;
        audit::seal(&shop.app).await.unwrap();
        assert_eq!(shop.delete("/api/v1/users/me", &buyer).await.0, 204);
        audit::seal(&shop.app).await.unwrap();
        assert_eq!(shop.report().await.first_violation(), None);
        let said = q!(shop.app.db.ex(), vals String, "SELECT subject || CAST(detail AS TEXT) FROM audit_entries").unwrap();
        assert!(said.iter().all(|text| !text.contains('@') && !text.contains("Test Person")), "{said:?}");
    }
}

/// An act that nobody has sealed; its row.
async fn careless_act(shop: &Shop) -> i64 {
    let now = shop.app.now();
    let act = shop.app.db.write("test_act", move |tx| {
        Box::pin(async move {
            audit::append(tx, None, "test.done", "test:1".into(), (), now).await?;
            Ok(q!(tx.ex(), val i64, "SELECT max(id) FROM audit_entries WHERE seq IS NULL")?)
        })
    });
    act.await.unwrap()
}

/// Each chains its own act to the head that all have seen; how many got through.
/// Six acts, and as many careless sealers for them; how many won. Again when the shop's own sealer came in between, so
/// that not `expected` of them did.
async fn careless_round(shop: &Shop, expected: usize) -> usize {
    let mut won = 0;
    for _ in 0..ROUNDS_MAX {
        let acts = join_all((0..6).map(|_| careless_act(shop))).await;
        won = careless_sealers(shop, &acts).await;
        if won == expected {
            break;
        }
    }
    won
}

async fn careless_sealers(shop: &Shop, acts: &[i64]) -> usize {
    let all = Arc::new(Barrier::new(acts.len()));
    let seal = |id: i64| {
        let all = all.clone();
        async move {
            let mut tx = shop.app.db.snapshot().await?;
            let head: Head = audit::head(&mut tx).await?;
            drop(tx);
            all.wait().await;
            let seq = head.seq + 1;
            shop.app.db.write("careless_seal", move |tx| {
                Box::pin(async move {
                    let text = format!("UPDATE audit_entries SET seq = {seq}, hash = (SELECT hash FROM audit_checkpoints LIMIT 1) WHERE id = {id}");
                    on!(tx.ex(), c => sqlx::query(AssertSqlSafe(text)).execute(c).await.map(|_| ()))?;
                    Ok(())
                })
            }).await
        }
    };
    let outcomes: Vec<Result<(), Error>> = join_all(acts.iter().map(|id| seal(*id))).await;
    outcomes.iter().filter(|outcome| outcome.is_ok()).count()
}
