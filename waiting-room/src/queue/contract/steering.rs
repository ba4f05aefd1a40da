//! The pace of a room that follows its shop.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use shared::health::{Report, Stock};

use super::*;
use crate::rooms::steering::{Pace, Steering};

const WELL: Report = Report { answers: 100, failed: 0, p95_ms: 100, is_queueing: false, stock: None };
const FAILING: Report = Report { failed: 50, ..WELL };

/// A room of 600 a minute between 60 and 1060, with two visits for a seat.
fn steered_room() -> Room {
    let steering =
        Steering { rate_floor: 60, rate_ceiling: 1060, p95_ms: 500, failed_percent: 5, stock_percent: 200 };
    Room { rate_per_minute: 600, cap: 50, steering: Some(steering), ..open_room() }
}

/// What the shop reports moves rate and cap for all verbs, over a restart too, until it falls silent; other settings begin
/// anew, and a room that is not steered stays as it is.
pub async fn the_pace_follows_the_shop<S: Shelf>(shelf: &S) -> Result<()> {
    let room = steered_room();
    let store = with_room(shelf, &room).await?;
    joined(&store, &room, 40).await?;
    let few = Report { stock: Some(Stock { free: 2, held: 1 }), ..FAILING };
    let slowed = Pace { rate_per_minute: 300, cap: 6 };
    ensure!(store.hear(&room.id, few, start()).await? == slowed);
    drop(store);
    let store = shelf.open().await;
    ensure!(store.census(&room.id, start()).await?.pace == slowed);
    for second in 0..10 {
        store.call(&room.id, 100, after(second)).await?;
        for n in 1..=40 {
            claim(&store, &room, n, after(second)).await?;
        }
    }
    let inside = store.census(&room.id, after(10)).await?.admitted;
    ensure!(inside == 6, "{inside} visits for three seats");
    ensure!(
        store
            .hear(&room.id, Report { stock: Some(Stock { free: 0, held: 3 }), ..WELL }, after(20))
            .await?
            .cap
            == 0
    );
    store.leave(&room.id, id(1), Ending::Left, after(20)).await?;
    ensure!(store.call(&room.id, 100, after(21)).await? == 0, "nobody is called to an empty shop");
    ensure!(
        store.census(&room.id, after(51)).await?.pace == Pace { rate_per_minute: 400, cap: 50 },
        "silence"
    );
    ensure!(store.call(&room.id, 100, after(51)).await? > 0);
    store.put_room(Room { rate_per_minute: 700, ..room.clone() }, after(51)).await?;
    ensure!(store.census(&room.id, after(51)).await?.pace == Pace { rate_per_minute: 700, cap: 50 });
    let own = Room { id: RoomId::parse("own").ok_or_else(|| anyhow::anyhow!("bad id"))?, ..open_room() };
    store.put_room(own.clone(), start()).await?;
    ensure!(store.hear(&own.id, few, start()).await? == own.own_pace());
    Ok(())
}

/// Of reports that arrive together each builds on the one before: trouble that one node tells is not forgotten because
/// another is well.
pub async fn reports_that_arrive_together_all_count<S: Shelf>(shelf: &S) -> Result<()> {
    let room = steered_room();
    let store = with_room(shelf, &room).await?;
    let reports = [[FAILING; 5], [WELL; 5]].concat();
    try_join_all(reports.into_iter().map(|report| store.hear(&room.id, report, start()))).await?;
    store.hear(&room.id, WELL, start()).await?;
    let rate = store.census(&room.id, start()).await?.pace.rate_per_minute;
    ensure!(rate <= 325, "{rate}: a node that is well undid what one in trouble told");
    Ok(())
}
