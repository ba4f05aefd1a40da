//! `rushline verify`: whether everything that was promised is true of the data, told line by line.

use anyhow::Context;
use booking::audit::chain::Head;
use booking::db::Db;
use shared::clock::Clock;
use shared::config::Settings;
use shared::entropy::Entropy;
use shared::keys::{KeyRing, Purpose};
use shared::verify::Report;
use waiting_room::verify::Used;

/// Admissions compared with the line at a time.
const PAGE: i64 = 1000;

/// Looks, prints what it found, and fails when a promise is broken.
///
/// # Errors
/// The first violation; or why something cannot be read.
pub async fn run(settings: &Settings, kept: Option<Head>) -> anyhow::Result<()> {
    let (report, head) = verify(settings, kept).await?;
    crate::say(report.to_string().trim_end());
    crate::say(&format!("Audit head: {head}"));
    match report.first_violation() {
        None => {
            crate::say(&format!("Everything holds: {} sentences were looked into.", report.checked.len()));
            Ok(())
        }
        Some(first) => Err(anyhow::anyhow!("broken: {first}")),
    }
}

/// Looks into database, gateway ledger and lines, beside a running server or without one, and changes nothing. With
/// `kept`, a head of the audit log from an earlier run, it is also looked for. The report, and the head as it is now.
///
/// # Errors
/// When something cannot be read.
async fn verify(settings: &Settings, kept: Option<Head>) -> anyhow::Result<(Report, Head)> {
    let (clock, entropy) = (Clock::system(), Entropy::system());
    let db = Db::open_to_read(settings, entropy).await?;
    let mut tx = db.snapshot().await?;
    let keys = KeyRing::existing(&settings.keys_dir(), Purpose::Audit)?;
    let mut report = booking::verify::look_into(&mut tx, keys.as_ref(), clock.now()).await.context(
        "the database cannot be read; if it is older than this program, run `rushline migrate` first",
    )?;
    let head = booking::audit::head(&mut tx).await?;
    if let Some(kept) = kept {
        report.push(booking::verify::kept_elsewhere(&mut tx, kept).await?);
    }
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
    Ok((report, head))
}
