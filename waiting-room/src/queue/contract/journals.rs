//! A room's public journal: one end, one writer at a time, and nothing lost.

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;

use super::*;

/// Of writers who saw the same end one gets through; what was appended survives a restart, in its order.
pub async fn a_journal_has_one_end<S: Shelf>(shelf: &S) -> Result<()> {
    let room = open_room();
    let store = with_room(shelf, &room).await?;
    for round in 0..5 {
        let tries = (0..8).map(|n| store.append_log(&room.id, round, vec![format!("{round}-{n}")]));
        let through = try_join_all(tries).await?.into_iter().filter(|through| *through).count();
        ensure!(through == 1, "{through} writers got through");
    }
    ensure!(!store.append_log(&room.id, 6, vec!["too far".into()]).await?);
    ensure!(store.append_log(&room.id, 5, vec!["five".into(), "six".into()]).await?);
    drop(store);
    let store = shelf.open().await;
    ensure!(store.log_len(&room.id).await? == 7);
    ensure!(store.log_entries(&room.id, 5, 10).await? == ["five", "six"]);
    ensure!(
        store.log_entries(&room.id, 6, 1).await? == ["six"]
            && store.log_entries(&room.id, 7, 10).await?.is_empty()
    );
    let first = store.log_entries(&room.id, 0, 5).await?;
    ensure!((0..).zip(&first).all(|(round, entry)| entry.starts_with(&format!("{round}-"))), "{first:?}");
    Ok(())
}
