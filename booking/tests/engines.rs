//! What keeps one SQL text true on two engines.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use booking::db::{Db, Dual, Statement, inventory};
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::testing::Postgres;
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

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
