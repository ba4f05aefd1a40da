//! What came of the waits that were shown, written into the room's journal: so every node tells the same of it, it outlives
//! the nodes, and nobody can make it better afterwards.

use shared::clock::Ts;
use time::Duration;

use super::entry::{Shown, What};
use super::{Log, jobs};
use crate::app::App;
use crate::eta::tally::{Tally, bounds_of};
use crate::queue::StoreError;
use crate::rooms::rules::{Room, RoomId, RoomState};

/// A node writes what it has counted at most so often, and at once when the room is closed or the node stops.
const TOLD_EVERY: Duration = Duration::MINUTE;

/// Writes down what has come of the waits that this node has shown in a room, if that is due.
///
/// # Errors
/// When the store does not answer; nothing is lost by that, for what is written is always all of it.
pub async fn tell(app: &App, room: &Room, is_last: bool) -> Result<(), StoreError> {
    let (log, tally, now) = (app.logs.of(&room.id)?, app.hub.tally(&room.id), app.now());
    let mut log = log.lock().await;
    let (node, is_closed) = (&app.logs.node, room.state(now) == RoomState::Closed);
    let told = log.said.waits.get(node);
    if told.map_or(tally == Tally::default(), |told| *told == tally)
        || !(is_last || is_closed || log.is_due(now))
    {
        return Ok(());
    }
    let entry = What::Waits(Shown { node: node.clone(), tally: tally.clone() });
    let is_new = |log: &Log| log.said.waits.get(node) != Some(&tally);
    jobs::write(app, &room.id, &mut log, |log| if is_new(log) { vec![entry.clone()] } else { Vec::new() })
        .await?;
    log.said.waits_told_at = Some(now);
    measure(&room.id, &tally);
    if is_closed {
        say(&room.id, &log.waits());
    }
    Ok(())
}

impl Log {
    fn is_due(&self, now: Ts) -> bool {
        self.said.waits_told_at.is_none_or(|told| now - told >= TOLD_EVERY)
    }
}

/// This node's counts for `/metrics`.
fn measure(room: &RoomId, tally: &Tally) {
    for (band, counts) in tally.bands.iter().enumerate() {
        let outcomes = [
            ("right", counts.right),
            ("sooner", counts.sooner),
            ("later", counts.later),
            ("disturbed", counts.disturbed),
        ];
        for (outcome, count) in outcomes {
            let labels = [
                ("room", room.to_string()),
                ("ahead_from", bounds_of(band).0.to_string()),
                ("outcome", outcome.to_owned()),
            ];
            metrics::counter!("queue_shown_waits_total", &labels).absolute(count);
        }
    }
}

/// The last word about a room, for the operator's log.
fn say(room: &RoomId, tally: &Tally) {
    let shares = tally.bands.iter().enumerate().filter_map(|(band, counts)| {
        Some(format!(
            "{}+: {:.0} % of {}",
            bounds_of(band).0,
            counts.right_share()? * 100.0,
            counts.compared()
        ))
    });
    let right = shares.collect::<Vec<_>>().join(", ");
    tracing::info!(%room, right, longest_wait_s = tally.waits.longest_s, "the room is closed; of the waits shown, by people ahead, were right");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eta::Eta;
    use crate::log::entry::Entry;

    #[test]
    fn what_is_written_is_read_again() {
        let mut tally = Tally::default();
        tally.count(2, Eta { low_s: 10, high_s: 20 }, Duration::seconds(15), false);
        tally.waits.count(Duration::seconds(15));
        let what = What::Waits(Shown { node: "a1".to_owned(), tally });
        let entry = Entry { seq: 7, at: Ts::from_seconds(1_800_000_000), what };
        let line = serde_json::to_string(&entry).unwrap();
        assert_eq!(serde_json::from_str::<Entry>(&line).unwrap(), entry, "{line}");
    }
}
