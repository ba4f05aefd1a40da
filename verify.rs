//! `rushline verify`: whether everything that was promised is true of the data, told line by line.

use anyhow::Context;
use booking::db::Db;
use shared::clock::Clock;
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::verify::Report;
use waiting_room::verify::Used;

/// Admissions compared with the line at a time.
const PAGE: i64 = 1000;

/// Looks into database, gateway ledger and lines, beside a running server or without one, and changes nothing.
///
/// # Errors
/// When something cannot be read.
pub async fn verify(settings: &Settings) -> anyhow::Result<Report> {
    let (clock, entropy) = (Clock::system(), Entropy::system());
    let db = Db::open_to_read(settings, entropy).await?;
    let mut tx = db.snapshot().await?;
    let mut report = booking::verify::look_into(&mut tx, clock.now()).await.context(
        "the database cannot be read; if it is older than this program, run `rushline migrate` first",
    )?;
    // The lines are read after the database: whoever is an admission there was admitted here before.
    let store = waiting_room::verify::open(settings).await.context("the queue cannot be read")?;
    report.extend(waiting_room::verify::verify(&*store, clock.now()).await?);
    let mut after = None;
    loop {
        let page = booking::verify::admissions(&mut tx, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.id);
        let used: Vec<Used> = page
            .into_iter()
            .map(|a| Used { room: a.room, place: a.place_id, jti: a.jti, at: a.opened_at })
            .collect();
        report.add_up(waiting_room::verify::admissions(&*store, &used, clock.now()).await?);
    }
    report.sort();
    Ok(report)
}
