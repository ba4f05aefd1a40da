//! What keeps one SQL text true on two engines.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use booking::db::{Db, Dual, Statement, inventory};
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::testing::Postgres;
use sqlx::{AssertSqlSafe, Executor, Row, SqlSafeStr};

async fn sqlite(dir: &std::path::Path) -> Db {
    let db = Db::open_sqlite(&dir.join("t.db"), 2, Entropy::seeded(1)).await.unwrap();
    db.migrate().await.unwrap();
    db
}

async fn postgres(name: &str) -> Option<Db> {
    let url = Postgres::shared()?.database(name);
    let settings = Settings::for_test(std::path::Path::new("unused")).booking;
    let db = Db::open_postgres(&url, &settings, Entropy::seeded(1)).await.unwrap();
    db.migrate().await.unwrap();
    Some(db)
}

#[tokio::test]
async fn every_statement_prepares_on_both_engines() {
    let dir = tempfile::tempdir().unwrap();
    let mut engines = vec![sqlite(dir.path()).await];
    engines.extend(postgres("prepare").await);
    let mut wrong = Vec::new();
    for db in &engines {
        for statement in inventory::iter::<Statement> {
            let text = if db.is_postgres() { statement.pg } else { statement.lite };
            let Some(text) = text.map(|text| AssertSqlSafe(text).into_sql_str()) else { continue };
            let failed = match db.ex() {
                Dual::Pg(pool) => pool.prepare(text).await.err(),
                Dual::Lite(pool) => pool.prepare(text).await.err(),
            };
            if let Some(error) = failed {
                wrong.push(format!("{} (postgres: {}): {error}", statement.at, db.is_postgres()));
            }
        }
    }
    assert!(inventory::iter::<Statement>.into_iter().count() > 1, "no statement was registered");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn both_engines_have_the_same_tables_and_columns() {
    let dir = tempfile::tempdir().unwrap();
    let lite = sqlite(dir.path()).await;
    let Some(pg) = postgres("parity").await else { return };
    assert_eq!(columns(&lite).await, columns(&pg).await);
}

/// `table.column` and whether it may be NULL, our own tables only.
async fn columns(db: &Db) -> BTreeSet<(String, bool)> {
    let rows: Vec<(String, bool)> = match db.ex() {
        Dual::Pg(pool) => sqlx::query_as(
            "SELECT table_name || '.' || column_name, is_nullable = 'NO' FROM information_schema.columns
             WHERE table_schema = 'public'",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
        Dual::Lite(pool) => sqlx::query_as(
            "SELECT m.name || '.' || c.name, c.\"notnull\" OR c.pk > 0 FROM sqlite_schema m, pragma_table_info(m.name) c
             WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'",
        )
        .fetch_all(pool)
        .await
        .unwrap(),
    };
    rows.into_iter().filter(|(name, _)| !name.starts_with("_sqlx")).collect()
}

/// A statement that a crowd waits for: its file, words of it, and the indexes of which one must find its rows on each
/// engine (an unnamed one of SQLite is the primary key).
const WATCHED: [(&str, &str, [&str; 2]); 4] = [
    ("seats/holds/claims.rs", "SELECT count(*) FROM seats WHERE session_id", ["seats_pick", "seats_pick"]),
    ("seats/holds/any.rs", "seats.id IN (SELECT id FROM wanted)", ["seats_pick", ""]),
    ("seats/store.rs", "AND changed_at > $2", ["seats_changed", "seats_changed"]),
    (
        "bookings/store.rs",
        "WHERE b.id = $1 AND (CAST($2 AS UUID)",
        ["bookings_pkey", "sqlite_autoindex_bookings_1"],
    ),
];

/// L11, told by the plan and by no clock: what is available, and a booking, are found by an index, so that finding them costs
/// the same however much was sold.
#[tokio::test]
async fn what_is_available_and_a_booking_are_found_by_an_index() {
    let dir = tempfile::tempdir().unwrap();
    let mut engines = vec![sqlite(dir.path()).await];
    engines.extend(postgres("plans").await);
    for db in &engines {
        fill(db).await;
        for (file, words, indexes) in WATCHED {
            let wanted = indexes[usize::from(!db.is_postgres())];
            if wanted.is_empty() {
                continue;
            }
            let text_of =
                |statement: &Statement| if db.is_postgres() { statement.pg } else { statement.lite };
            let mut found = inventory::iter::<Statement>.into_iter().filter(|one| one.at.contains(file));
            let text: Option<&'static str> =
                found.find_map(|one| text_of(one).filter(|text| text.contains(words)));
            let text = text.unwrap_or_else(|| panic!("{file} has no statement with “{words}” any more"));
            let plan = plan(db, text).await;
            assert!(
                plan.contains(wanted),
                "{words} (postgres: {}) uses no {wanted}:\n{plan}",
                db.is_postgres()
            );
            assert!(!plan.contains("Seq Scan on seats") && !plan.contains("Seq Scan on bookings"), "{plan}");
        }
    }
}

/// Gives PostgreSQL's planner seats to choose an index by: of an empty table each costs the same.
async fn fill(db: &Db) {
    let filled = db.write("test_fill", |tx| {
        Box::pin(async move {
            if let Dual::Pg(pg) = tx.ex() {
                // Of sessions that need not be there.
                let seats = "SET LOCAL session_replication_role = replica;
                    INSERT INTO seats (session_id, ticket_type_id, x, y, state, changed_at)
                    SELECT s, s * 10 + t, 0, 0, 'free', TIMESTAMPTZ '2026-06-01' + n * INTERVAL '1 second'
                    FROM generate_series(1, 20) s, generate_series(1, 3) t, generate_series(1, 50) n;
                    ANALYZE seats";
                sqlx::raw_sql(seats).execute(&mut *pg).await?;
            }
            Ok(())
        })
    });
    filled.await.unwrap();
}

/// How an engine would run a statement, whatever its parameters. Scans of whole tables are priced out of reach, for the tables
/// are small here: what still scans one has no index to go by.
async fn plan(db: &Db, text: &'static str) -> String {
    let lines = db.write("test_plan", move |tx| {
        Box::pin(async move {
            let rows: Vec<String> = match tx.ex() {
                Dual::Pg(pg) => {
                    let parameters = (1..99).take_while(|n| text.contains(&format!("${n}"))).count();
                    let prepare = format!(
                        "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan; PREPARE watched AS {text}"
                    );
                    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *pg).await?;
                    let explain = format!("EXPLAIN EXECUTE watched ({})", vec!["NULL"; parameters].join(", "));
                    let rows = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_all(&mut *pg).await?;
                    sqlx::raw_sql("DEALLOCATE watched").execute(&mut *pg).await?;
                    rows.iter().map(|row| row.get(0)).collect()
                }
                Dual::Lite(lite) => {
                    let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
                    let rows = sqlx::raw_sql(explain).fetch_all(&mut *lite).await?;
                    rows.iter().map(|row| row.get("detail")).collect()
                }
            };
            Ok(rows)
        })
    });
    lines.await.unwrap().join("\n")
}

/// L12: fifty connections, open before the first request.
#[tokio::test]
async fn fifty_connections_are_ready_before_anybody_asks() {
    let Some(server) = Postgres::shared() else { return };
    let mut settings = Settings::for_test(std::path::Path::new("unused"));
    settings.database_url = server.database("fifty").into();
    settings.booking.connections = 50;
    settings.booking.connections_ready = true;
    // A machine that runs many tests at once takes its time to open one.
    settings.booking.connection_wait_ms = 60_000;
    let db = Db::open(&settings, Entropy::seeded(1)).await.unwrap();
    let pool = db.connections();
    assert_eq!((pool.used + pool.idle, pool.max), (50, 50), "{pool:?}");
    let open = db.write("test_sessions", |tx| {
        Box::pin(async move {
            let sessions = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()";
            Ok(booking::on!(tx.ex(), c => sqlx::query_scalar::<_, i64>(sessions).fetch_one(c).await)?)
        })
    });
    assert!(open.await.unwrap() >= 50, "as the server sees it");
    db.close().await;
}
