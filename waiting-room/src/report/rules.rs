//! What the report says, from what was counted. Pure.

use serde::Serialize;
use shared::clock::Ts;

use crate::eta::tally::{Counts, Tally, bounds_of};
use crate::log::head::Head;
use crate::queue::Totals;
use crate::rooms::rules::{Room, RoomState};

/// The share of shown waits that is meant to be right.
pub const MEANT: f64 = 0.8;

/// The report of a room.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PublicReport {
    /// The room's id.
    pub room: String,
    /// Its name.
    pub name: String,
    /// What it is doing.
    pub state: RoomState,
    /// Places given since the line began.
    pub joined: u64,
    /// Places called.
    pub called: u64,
    /// Turns taken.
    pub admitted: u64,
    /// Turns missed.
    pub missed: u64,
    /// Places given up before being admitted.
    pub left: u64,
    /// How long people waited.
    pub waits: WaitsReport,
    /// In which order they were called.
    pub order: OrderReport,
    /// How often the waits that people were shown were right.
    pub eta: EtaReport,
    /// The signed head of the journal these figures are from.
    pub journal: Head,
    /// Where the draw of the order can be checked; null when the order is that of coming.
    pub draw_page: Option<String>,
    /// The server's clock.
    pub server_time: Ts,
}

/// How long people waited until they were called, from joining or, if that was before, from the opening.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaitsReport {
    /// How many waits this is about: of those who kept the page open until they were called, all or, in long lines, a share
    /// that nobody chooses.
    pub followed: u64,
    /// Half of them waited no longer, seconds, up to a fifth too much; null when there are none.
    pub median_s: Option<u64>,
    /// Nine in ten of them waited no longer, seconds, up to a fifth too much.
    pub nine_in_ten_s: Option<u64>,
    /// The longest of them, seconds.
    pub longest_s: Option<u64>,
}

/// How far the order of calls is from that of the line, lane by lane: what each node has counted from its start until now, all nodes
/// added up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OrderReport {
    /// Pairs of people of one lane of whom it is known who was called first.
    pub pairs: u64,
    /// Of those, pairs in which the one with the higher number was called first.
    pub inverted: u64,
    /// Kendall's distance, their share: 0 is the order of the line, 1 its reverse; null when there are no pairs.
    pub distance: Option<f64>,
}

/// How often shown waits were right.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EtaReport {
    /// The share of the shown intervals that is meant to be right.
    pub meant: f64,
    /// By people ahead, nearest first.
    pub bands: Vec<BandReport>,
}

/// The waits that were shown at one depth and have been compared with what followed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BandReport {
    /// Fewest people ahead.
    pub from: u64,
    /// Most people ahead; null: no limit.
    pub to: Option<u64>,
    /// How many were compared, those below left out.
    pub compared: u64,
    /// Called within the interval.
    pub right: u64,
    /// Called sooner.
    pub sooner: u64,
    /// Called later.
    pub later: u64,
    /// The share that was right, 0 to 1; null when none were compared.
    pub right_share: Option<f64>,
    /// How long the intervals were, as a share of the waits.
    pub width: Option<f64>,
    /// Waits during which an operator paused, resumed or changed rate, cap or visits, which nobody could know.
    pub disturbed: u64,
    /// Of those, right all the same.
    pub disturbed_right: u64,
}

/// The report of `room` at `now`.
pub fn report(room: &Room, totals: &Totals, tally: &Tally, journal: Head, now: Ts) -> PublicReport {
    let followed = tally.waits.followed();
    PublicReport {
        room: room.id.to_string(),
        name: room.name.clone(),
        state: room.state(now),
        joined: totals.joined,
        called: totals.called,
        admitted: totals.admitted,
        missed: totals.missed,
        left: totals.left,
        waits: WaitsReport {
            followed,
            median_s: tally.waits.quantile_s(0.5),
            nine_in_ten_s: tally.waits.quantile_s(0.9),
            longest_s: (followed > 0).then_some(tally.waits.longest_s),
        },
        order: OrderReport {
            pairs: tally.order.pairs,
            inverted: tally.order.inverted,
            distance: tally.order.distance(),
        },
        eta: EtaReport { meant: MEANT, bands: tally.bands.iter().enumerate().map(band).collect() },
        journal,
        draw_page: room.draw.then(|| format!("/queue/{}/draw", room.id)),
        server_time: now,
    }
}

fn band((band, counts): (usize, &Counts)) -> BandReport {
    let (from, to) = bounds_of(band);
    BandReport {
        from,
        to,
        compared: counts.compared(),
        right: counts.right,
        sooner: counts.sooner,
        later: counts.later,
        right_share: counts.right_share(),
        width: counts.width(),
        disturbed: counts.disturbed,
        disturbed_right: counts.disturbed_right,
    }
}
