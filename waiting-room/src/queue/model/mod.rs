//! Random histories of a line: what can happen in them; [`naive`] says what a line has to answer, and [`pair`] compares. The store in
//! Redis is put through the same histories.

mod naive;
mod pair;

use proptest::prelude::*;
use shared::clock::Ts;
use shared::health::{Report, Stock};
use time::Duration;
use uuid::Uuid;

use super::codes::{Code, CodeKey};
use super::*;

/// What can happen to a line. Visitors and limits are small numbers, so that histories are dense.
#[derive(Debug, Clone)]
pub enum Step {
    /// Who, and perhaps with which of [`codes`].
    Join(u64, Option<u64>),
    Call(u32),
    Claim(u64),
    Defer(u64),
    /// Who, knowing an end so many seconds before the present one.
    Renew(u64, i64),
    Depart(u64),
    Leave(u64),
    /// Offered by the first visitor, taken by the second, with one of a few offers.
    HandOver(u64, u64, u8),
    Restore(u64, u64),
    Wait(i64),
    Settings {
        cap: u32,
        rate: u32,
        weight: u32,
    },
    /// The shop reports: failures among a hundred answers, free seats.
    Report(u64, u64),
    Reload,
}

/// The access codes of a history: single, for three, and one that dies after five minutes. Others are unknown.
pub fn codes(room: &Room, start: Ts) -> Vec<Code> {
    let lane = (room.lanes.len() - 1) as u8;
    let code = |n: u64, lane, uses_max, expires_at| {
        let key = CodeKey(Uuid::from_u128(n.into()));
        Code { key, lane, uses_max, uses: 0, expires_at, revoked: false, label: String::new() }
    };
    let dies_at = Some(start + Duration::minutes(5));
    vec![code(0, lane, 1, None), code(1, 0, 3, None), code(2, lane, 100, dies_at)]
}

/// A visitor's wish to join with one of them.
pub fn join_of(visitor: u64, code: Option<u64>, place: Uuid, room: &Room) -> Join {
    let browser = BrowserKey::of_hash(&visitor.to_string());
    let code = code.map(|code| CodeKey(Uuid::from_u128(code.into())));
    // Two visitors share an account; every sixth has none.
    let account = (visitor % 6 != 5).then(|| AccountKey(Uuid::from_u128((visitor / 2).into())));
    Join { place, browser, lane: lane_of(visitor, room), code, account }
}

/// The lane in which a visitor stands whenever she comes without a code.
pub fn lane_of(visitor: u64, room: &Room) -> u8 {
    (visitor % room.lanes.len() as u64) as u8
}

/// Visitors that a history is about; few, so that they meet themselves again.
pub const VISITORS: u64 = 25;

/// Random histories.
pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        5 => (0..VISITORS).prop_map(|visitor| Step::Join(visitor, None)),
        2 => (0..VISITORS, 0u64..5).prop_map(|(visitor, code)| Step::Join(visitor, Some(code))),
        6 => (0u32..8).prop_map(Step::Call),
        8 => (0..VISITORS).prop_map(Step::Claim),
        2 => (0..VISITORS).prop_map(Step::Defer),
        3 => (0..VISITORS, prop_oneof![Just(0i64), Just(1), Just(50)]).prop_map(|(visitor, ago)| Step::Renew(visitor, ago)),
        2 => (0..VISITORS).prop_map(Step::Depart),
        1 => (0..VISITORS).prop_map(Step::Leave),
        1 => (0..VISITORS, 1u64..40).prop_map(|(visitor, number)| Step::Restore(visitor, number)),
        2 => (0..VISITORS, 0..VISITORS, 0u8..4).prop_map(|(from, to, offer)| Step::HandOver(from, to, offer)),
        6 => (0i64..40_000_000).prop_map(Step::Wait),
        1 => (1u32..6, 1u32..20, 1u32..9).prop_map(|(cap, rate, weight)| Step::Settings { cap, rate, weight }),
        1 => (0u64..8, 0u64..4).prop_map(|(failed, free)| Step::Report(failed, free)),
        1 => Just(Step::Reload),
    ];
    prop::collection::vec(step, 1..250)
}

/// The room with another weight of its last lane.
pub fn reweighted(mut room: Room, weight: u32) -> Room {
    room.lanes.last_mut().into_iter().for_each(|lane| lane.weight = weight);
    room
}

/// A taking over of `place`; offers are few and live a minute, so that they meet themselves again.
pub fn handover(place: Uuid, from: u64, to: u64, offer: u8, now: Ts) -> Handover {
    let key = |visitor: u64| BrowserKey::of_hash(&visitor.to_string());
    let offer = Uuid::from_u128(u128::from(offer));
    Handover { offer, until: now + Duration::minutes(1), place, from: key(from), to: key(to) }
}

/// A report of the shop.
pub fn report(failed: u64, free: u64) -> Report {
    let stock = Some(Stock { free, held: 1 });
    Report { answers: 100, failed, p95_ms: 10, is_queueing: false, stock }
}

/// A wish to stay longer than the end that was known so many seconds ago.
pub fn renewal(place: &Place, ago: i64, now: Ts) -> Renew {
    let until = place.standing.deadline().map_or(now, |(until, _)| until);
    Renew { place: place.id, until: until - Duration::seconds(ago) }
}
