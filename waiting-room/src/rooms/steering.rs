//! How a room's outflow follows what the shop reports: its health moves the rate, its stock bounds the visits. Pure, and
//! integer arithmetic only.
//!
//! The rate climbs by steps while the shop is well and is halved when it is not: additive increase, multiplicative
//! decrease (Chiu and Jain, “Analysis of the Increase and Decrease Algorithms for Congestion Avoidance in Computer
//! Networks”, 1989). Several nodes of the shop report the same trouble, so there is one step in [`STEP_EVERY`], whoever
//! reports; a node that suffers halves sooner than others may raise.
//!
//! When nobody reports any more, what was told holds for [`SILENCE`]. After that a rate above the operator's falls back to
//! it at once, since nobody vouches for more; one below climbs to it step by step, since silence may be a sign of trouble,
//! and a reporter that broke must not hold the line for ever. The bound by stock falls away: nobody knows it any more.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::health::{Report, Stock};
use time::Duration;

use super::rules::{RATE_PER_MINUTE_MAX, Room, Wrong};

/// Between two steps of the rate in one direction.
pub const STEP_EVERY: Duration = Duration::seconds(5);
/// What the shop has told holds so long.
pub const SILENCE: Duration = Duration::seconds(30);
/// The way from floor to ceiling has so many steps.
const STEPS: u32 = 20;
/// Fewer failures than this are not a share of anything.
const FAILED_MIN: u64 = 3;
/// The slowest of fewer answers say nothing.
const ANSWERS_MIN: u64 = 20;

/// How a room is steered by what its shop reports. Without, its rate and cap are what the operator set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Steering {
    /// The rate is never lower, admissions a minute; at most `rate_per_minute`.
    pub rate_floor: u32,
    /// The rate is never higher, admissions a minute; at least `rate_per_minute`.
    pub rate_ceiling: u32,
    /// The shop is not well when more than one in twenty answers takes longer, milliseconds.
    #[serde(default = "p95_ms")]
    pub p95_ms: u32,
    /// The shop is not well when it fails in so many of a hundred answers.
    #[serde(default = "failed_percent")]
    pub failed_percent: u32,
    /// Most visits at a time for a hundred seats that are not sold yet; with no seat free nobody goes in. 0 (as when
    /// absent): stock does not count.
    #[serde(default)]
    pub stock_percent: u32,
}

fn p95_ms() -> u32 {
    1000
}

fn failed_percent() -> u32 {
    5
}

/// Rate and cap that are in force.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Pace {
    /// Most admissions in any sliding minute.
    pub rate_per_minute: u32,
    /// Most visits at the same time.
    pub cap: u32,
}

/// What the shop's reports have come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steered {
    /// Admissions a minute.
    pub rate: u32,
    /// Most visits, by stock.
    pub cap: u32,
    /// By how much the rate climbs.
    pub step: u32,
    /// When the shop last reported.
    pub heard_at: Ts,
    /// When the rate last climbed.
    pub raised_at: Ts,
    /// When the rate was last halved.
    pub lowered_at: Ts,
}

impl Room {
    /// Rate and cap as the operator set them.
    pub fn own_pace(&self) -> Pace {
        Pace { rate_per_minute: self.rate_per_minute, cap: self.cap }
    }

    /// The same room with the pace in force as its own, for those who reckon with it.
    pub fn at(self, pace: Pace) -> Self {
        Self { rate_per_minute: pace.rate_per_minute, cap: pace.cap, ..self }
    }

    /// The highest rate that can be in force.
    pub fn rate_max(&self) -> u32 {
        self.steering.map_or(self.rate_per_minute, |steering| steering.rate_ceiling)
    }

    /// Rate and cap in force at `now`, `steered` being what the shop's reports have come to.
    pub fn pace(&self, steered: Option<Steered>, now: Ts) -> Pace {
        let Some(Steered { rate, cap, step, heard_at, .. }) = steered else { return self.own_pace() };
        let silent = now - heard_at - SILENCE;
        if silent <= Duration::ZERO {
            return Pace { rate_per_minute: rate, cap: cap.min(self.cap) };
        }
        let steps = (silent.whole_microseconds() / STEP_EVERY.whole_microseconds() + 1).min(u32::MAX.into());
        let climbed = rate.saturating_add(step.saturating_mul(steps as u32));
        Pace { rate_per_minute: climbed.min(self.rate_per_minute), cap: self.cap }
    }

    /// What becomes of `before` when the shop reports this; `None` in a room that is not steered.
    pub fn steered(&self, before: Option<Steered>, report: &Report, now: Ts) -> Option<Steered> {
        let steering = self.steering?;
        let never = Ts::from_micros(0);
        let rate = self.pace(before, now).rate_per_minute;
        let (raised_at, lowered_at) = before.map_or((never, never), |was| (was.raised_at, was.lowered_at));
        let step = steering.step();
        let cap = match report.stock {
            Some(stock) => steering.cap(stock),
            // A node that could not count the stock does not make it endless.
            None => before.map_or(u32::MAX, |was| was.cap),
        };
        let kept = Steered { rate, cap, step, heard_at: now, raised_at, lowered_at };
        let is_well = steering.is_well(report);
        Some(if !is_well && lowered_at + STEP_EVERY <= now {
            Steered { rate: (rate / 2).max(steering.rate_floor), lowered_at: now, ..kept }
        } else if is_well && report.answers > 0 && raised_at.max(lowered_at) + STEP_EVERY <= now {
            Steered { rate: rate.saturating_add(step).min(steering.rate_ceiling), raised_at: now, ..kept }
        } else {
            kept
        })
    }

    /// The first thing wrong with its steering, if any.
    pub(super) fn check_steering(&self) -> Result<(), Wrong> {
        let Some(steering) = self.steering else { return Ok(()) };
        let Steering { rate_floor, rate_ceiling, p95_ms, failed_percent, stock_percent } = steering;
        let rate = self.rate_per_minute;
        let ranges = [
            ("steering/rate_floor", rate_floor, 1, rate),
            ("steering/rate_ceiling", rate_ceiling, rate, RATE_PER_MINUTE_MAX),
            ("steering/p95_ms", p95_ms, 10, 60_000),
            ("steering/failed_percent", failed_percent, 1, 100),
            ("steering/stock_percent", stock_percent, 0, 10_000),
        ];
        match ranges.into_iter().find(|(_, value, low, high)| !(low..=high).contains(&value)) {
            Some((field, value, low, high)) => {
                let detail = format!("`{field}` must be between {low} and {high}, and it is {value}.");
                Err(Wrong { field, code: "out-of-range", detail })
            }
            None => Ok(()),
        }
    }
}

impl Steering {
    fn step(self) -> u32 {
        (self.rate_ceiling.saturating_sub(self.rate_floor) / STEPS).max(1)
    }

    fn is_well(self, report: &Report) -> bool {
        let failed = report.failed.saturating_mul(100);
        let fails = report.failed >= FAILED_MIN
            && failed >= report.answers.saturating_mul(self.failed_percent.into());
        let is_slow = report.answers >= ANSWERS_MIN && report.p95_ms > self.p95_ms.into();
        !(fails || is_slow || report.is_queueing)
    }

    /// Most visits with so much left to sell: none while no seat is free; else the factor times what is not sold, rounded
    /// up, for seats that are held may come back.
    fn cap(self, stock: Stock) -> u32 {
        let unsold = stock.free.saturating_add(stock.held);
        match (self.stock_percent, stock.free) {
            (0, _) => u32::MAX,
            (_, 0) => 0,
            (percent, _) => {
                let visits = unsold.saturating_mul(percent.into()).div_ceil(100);
                u32::try_from(visits).unwrap_or(u32::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rooms::rules::tests::open_room;

    const STEERING: Steering =
        Steering { rate_floor: 100, rate_ceiling: 1100, p95_ms: 500, failed_percent: 5, stock_percent: 200 };
    const WELL: Report = Report { answers: 100, failed: 0, p95_ms: 100, is_queueing: false, stock: None };
    const FAILING: Report = Report { failed: 5, ..WELL };

    fn room() -> Room {
        Room { rate_per_minute: 600, cap: 50, steering: Some(STEERING), ..open_room() }
    }

    fn at(seconds: i64) -> Ts {
        Ts::from_seconds(1_800_000_000 + seconds)
    }

    /// Rates after reports at these seconds.
    fn rates(reports: &[(i64, Report)]) -> Vec<u32> {
        let mut steered = None;
        let rate = |(second, report): &(i64, Report)| {
            steered = room().steered(steered, report, at(*second));
            room().pace(steered, at(*second)).rate_per_minute
        };
        reports.iter().map(rate).collect()
    }

    #[test]
    fn the_rate_climbs_by_steps_and_is_halved() {
        assert_eq!(
            rates(&[(0, WELL), (5, WELL), (10, FAILING), (15, FAILING), (20, FAILING)]),
            [650, 700, 350, 175, 100]
        );
        let climb: Vec<(i64, Report)> = (0..30).map(|n| (5 * n, WELL)).collect();
        assert_eq!(rates(&climb).last(), Some(&1100), "the ceiling");
    }

    #[test]
    fn many_nodes_make_one_step_and_the_one_that_suffers_wins() {
        let reports = [(0, WELL), (1, WELL), (2, FAILING), (3, FAILING), (4, WELL), (6, WELL), (7, FAILING)];
        assert_eq!(rates(&reports), [650, 650, 325, 325, 325, 325, 162]);
    }

    #[test]
    fn what_counts_as_trouble() {
        for bad in [
            FAILING,
            Report { p95_ms: 501, ..WELL },
            Report { is_queueing: true, ..WELL },
            Report { answers: 3, failed: 3, ..WELL },
        ] {
            assert_eq!(rates(&[(0, bad)]), [300], "{bad:?}");
        }
        let nothing = Report { answers: 0, p95_ms: 0, ..WELL };
        assert_eq!(rates(&[(0, nothing)]), [600], "nobody asked anything");
        for good in [
            Report { answers: 10, failed: 2, ..WELL },
            Report { answers: 19, p95_ms: 9000, ..WELL },
            Report { failed: 4, ..WELL },
        ] {
            assert_eq!(rates(&[(0, good)]), [650], "{good:?}");
        }
    }

    #[test]
    fn silence_leads_back_to_the_operators_pace() {
        let pace = |reports: &[(i64, Report)], second: i64| {
            let steered = reports.iter().fold(None, |was, (s, report)| room().steered(was, report, at(*s)));
            room().pace(steered, at(second))
        };
        let sold_out = Report { stock: Some(Stock { free: 0, held: 9 }), ..FAILING };
        assert_eq!(pace(&[(0, sold_out)], 30), Pace { rate_per_minute: 300, cap: 0 });
        assert_eq!(
            pace(&[(0, sold_out)], 31),
            Pace { rate_per_minute: 350, cap: 50 },
            "from below step by step"
        );
        assert_eq!(pace(&[(0, sold_out)], 3600).rate_per_minute, 600);
        assert_eq!(pace(&[(0, WELL)], 30).rate_per_minute, 650);
        assert_eq!(pace(&[(0, WELL)], 31), room().own_pace(), "from above at once");
        assert_eq!(
            pace(&[(0, FAILING), (40, FAILING)], 40).rate_per_minute,
            225,
            "it goes on from where it was"
        );
    }

    #[test]
    fn stock_bounds_the_visits() {
        let cap = |free, held| STEERING.cap(Stock { free, held });
        assert_eq!([cap(0, 30), cap(1, 0), cap(3, 7), cap(1000, 0)], [0, 2, 20, 2000]);
        let one_for_three = Steering { stock_percent: 34, ..STEERING };
        assert_eq!(one_for_three.cap(Stock { free: 1, held: 0 }), 1, "the last seat lets one in");
        assert_eq!(Steering { stock_percent: 0, ..STEERING }.cap(Stock { free: 0, held: 0 }), u32::MAX);
        let few = Report { stock: Some(Stock { free: 5, held: 0 }), ..WELL };
        let steered = room().steered(None, &few, at(0));
        assert_eq!(room().pace(steered, at(0)).cap, 10);
        let steered = room().steered(steered, &WELL, at(1));
        assert_eq!(room().pace(steered, at(1)).cap, 10, "a report without stock leaves it");
    }

    #[test]
    fn bad_steering_is_named() {
        let bad = [
            ("steering/rate_floor", Steering { rate_floor: 601, ..STEERING }),
            ("steering/rate_floor", Steering { rate_floor: 0, ..STEERING }),
            ("steering/rate_ceiling", Steering { rate_ceiling: 599, ..STEERING }),
            ("steering/p95_ms", Steering { p95_ms: 1, ..STEERING }),
            ("steering/failed_percent", Steering { failed_percent: 0, ..STEERING }),
        ];
        for (field, steering) in bad {
            assert_eq!(Room { steering: Some(steering), ..room() }.check().unwrap_err().field, field);
        }
        assert_eq!(room().check(), Ok(()));
    }

    proptest! {
        /// Whatever is reported whenever, the pace stays between floor and ceiling, and below the operator's cap.
        #[test]
        fn the_pace_keeps_to_its_bounds(
            reports in prop::collection::vec((0i64..60, 0u64..200, 0u64..20, 0u64..1000, any::<bool>(), 0u64..40), 1..60),
        ) {
            let (mut steered, mut second) = (None, 0);
            for (wait, answers, failed, p95_ms, is_queueing, free) in reports {
                second += wait;
                let before = room().pace(steered, at(second));
                let report = Report { answers, failed, p95_ms, is_queueing, stock: Some(Stock { free, held: 0 }) };
                steered = room().steered(steered, &report, at(second));
                let after = room().pace(steered, at(second));
                for pace in [before, after] {
                    prop_assert!((100..=1100).contains(&pace.rate_per_minute) && pace.cap <= 50, "{pace:?}");
                }
                prop_assert!(after.rate_per_minute >= before.rate_per_minute / 2);
                prop_assert!(after.rate_per_minute <= before.rate_per_minute + 50);
            }
        }
    }
}
