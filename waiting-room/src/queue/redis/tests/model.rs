//! Random histories: the scripts and the pure line give the same answers, counts and changes.

use proptest::prelude::*;
use shared::entropy::Entropy;
use shared::testing::Redis;
use time::Duration;

use super::super::*;
use super::{start, visitor};
use crate::queue::line::Line;
use crate::queue::model::{
    Step, VISITORS, codes, handover, join_of, lane_of, renewal, report, reweighted, steps,
};
use crate::queue::{BrowserKey, Standing};
use crate::rooms::rules::Mode;
use crate::rooms::rules::tests::{lanes, open_room};
use crate::rooms::steering::Steering;

/// The line and the store side by side.
struct Pair {
    line: Line,
    store: RedisStore,
    url: String,
    now: Ts,
    ids: u128,
    /// The newest place of each visitor.
    newest: Vec<Option<Uuid>>,
    /// Version up to which changes have been compared.
    version: u64,
}

type Checked = Result<(), TestCaseError>;

impl Pair {
    async fn new(room: Room, url: String) -> Self {
        let store = RedisStore::open(&url).await.unwrap();
        store.put_room(room.clone(), start()).await.unwrap();
        let codes = codes(&room, start());
        store.put_codes(&room.id, codes.clone(), start()).await.unwrap();
        let mut line = Line::new(room);
        line.put_codes(codes);
        let newest = vec![None; VISITORS as usize];
        Self { line, store, url, now: start(), ids: 0, newest, version: 0 }
    }

    fn fresh_id(&mut self) -> Uuid {
        // Ids in no order: their order decides between deadlines at the same instant.
        self.ids += 1;
        Uuid::from_u128(self.ids.wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
    }

    async fn run(&mut self, step: Step) -> Checked {
        let (now, room) = (self.now, self.line.room().id.clone());
        match step {
            Step::Wait(micros) => self.now = now + Duration::microseconds(micros),
            Step::Settings { cap, rate, weight } => {
                let changed = Room { cap, rate_per_minute: rate, ..self.line.room().clone() };
                prop_assert_eq!(self.line.set_room(reweighted(changed, weight)), Ok(()));
                self.store.put_room(self.line.room().clone(), now).await.unwrap();
            }
            Step::Reload => {
                self.store = RedisStore::open(&self.url).await.unwrap();
                let old = now - Duration::seconds(3);
                prop_assert_eq!(self.store.sweep(&room, old).await, Ok(()), "a slow node sweeps");
                self.line.sweep(old);
            }
            Step::Report(failed, free) => self.report(failed, free).await?,
            Step::Join(visitor, code) => {
                let join = join_of(visitor, code, self.fresh_id(), self.line.room());
                let expected = self.line.join(join, now);
                if let Joined::New(place) = &expected {
                    self.newest[visitor as usize] = Some(place.id);
                }
                prop_assert_eq!(self.store.join(&room, vec![join], now).await, Ok(vec![expected]));
            }
            Step::Restore(visitor, number) => {
                let (place, browser) = (self.fresh_id(), BrowserKey::of_hash(&visitor.to_string()));
                let lane = lane_of(visitor, self.line.room());
                let restore = Restore { place, browser, number, lane, account: None, joined_at: now };
                let expected = self.line.restore(restore, now);
                self.newest[visitor as usize] = Some(expected.id);
                prop_assert_eq!(self.store.restore(&room, vec![restore], now).await, Ok(vec![expected]));
            }
            Step::Call(limit) => {
                let expected = self.line.call(limit, now);
                prop_assert_eq!(self.store.call(&room, limit, now).await, Ok(expected));
            }
            Step::Claim(visitor) => {
                let Some(place) = self.newest[visitor as usize] else { return Ok(()) };
                let claim = Claim { place, jti: self.fresh_id() };
                let expected = self.line.claim(claim, now);
                prop_assert_eq!(self.store.claim(&room, vec![claim], now).await, Ok(vec![expected]));
            }
            Step::Defer(visitor) => {
                let Some(place) = self.newest[visitor as usize] else { return Ok(()) };
                let expected = self.line.defer(place, now);
                prop_assert_eq!(self.store.defer(&room, place, now).await, Ok(expected));
            }
            Step::Renew(visitor, ago) => self.renew(visitor, ago).await?,
            Step::Depart(visitor) => {
                let Some(place) = self.newest[visitor as usize] else { return Ok(()) };
                let jti = match self.line.find(place, now).map(|place| place.standing) {
                    Some(Standing::Admitted { jti, .. }) => jti,
                    _ => self.fresh_id(),
                };
                let depart = Depart { place, jti, how: Ending::Finished };
                let expected = usize::from(self.line.depart(depart, now));
                prop_assert_eq!(self.store.depart(&room, vec![depart], now).await, Ok(expected));
            }
            Step::HandOver(from, to, offer) => {
                let Some(place) = self.newest[from as usize] else { return Ok(()) };
                let wish = handover(place, from, to, offer, now);
                let expected = self.line.hand_over(wish, now);
                prop_assert_eq!(self.store.hand_over(&room, wish, now).await, Ok(expected));
            }
            Step::Leave(visitor) => {
                let Some(place) = self.newest[visitor as usize] else { return Ok(()) };
                let expected = self.line.leave(place, Ending::Left, now);
                prop_assert_eq!(self.store.leave(&room, place, Ending::Left, now).await, Ok(expected));
            }
        }
        self.compare().await
    }

    async fn report(&mut self, failed: u64, free: u64) -> Checked {
        let (now, room) = (self.now, self.line.room().id.clone());
        self.line.hear(&report(failed, free), now);
        let expected = self.line.pace(now);
        prop_assert_eq!(self.store.hear(&room, report(failed, free), now).await, Ok(expected));
        Ok(())
    }

    async fn renew(&mut self, visitor: u64, ago: i64) -> Checked {
        let (now, room) = (self.now, self.line.room().id.clone());
        let Some(place) = self.newest[visitor as usize] else { return Ok(()) };
        let Some(place) = self.line.find(place, now) else { return Ok(()) };
        let wish = renewal(&place, ago, now);
        let expected = self.line.renew(wish, now);
        prop_assert_eq!(self.store.renew(&room, wish, now).await, Ok(expected));
        Ok(())
    }

    /// Places, counts and changes are the same on both sides.
    async fn compare(&mut self) -> Checked {
        let (now, room) = (self.now, self.line.room().id.clone());
        prop_assert_eq!(self.store.census(&room, now).await, Ok(self.line.census(now)));
        prop_assert_eq!(self.store.codes(&room).await, Ok(self.line.codes().cloned().collect::<Vec<_>>()));
        let known: Vec<Uuid> = self.newest.iter().flatten().copied().collect();
        let expected: Vec<_> = known.iter().map(|place| self.line.find(*place, now)).collect();
        prop_assert_eq!(self.store.find(&room, known, now).await, Ok(expected));
        let ours = self.line.changes_since(self.version);
        let theirs = self.store.changes_since(&room, self.version).await.unwrap();
        let (
            Changes::Steps { version, steps, .. },
            Changes::Steps { version: their_version, steps: their_steps, .. },
        ) = (ours, theirs)
        else {
            return Err(TestCaseError::fail("a log that short reaches back to the beginning"));
        };
        prop_assert_eq!((version, steps), (their_version, their_steps));
        self.version = version;
        Ok(())
    }

    /// A view that reads the whole line sees what one that watched all along sees.
    async fn compare_whole(&self) -> Checked {
        let room = self.line.room().id.clone();
        let whole = whole::whole(&self.store.rooms, &room).await.unwrap();
        let Some(mut whole) = whole else { return Err(TestCaseError::fail("the log is short")) };
        let reloaded = Line::load(
            self.line.room().clone(),
            self.line.core().clone(),
            self.line.places().cloned().collect(),
        );
        let Changes::Whole(mut expected) = reloaded.changes_since(0) else {
            prop_assert_eq!(whole.version, 0);
            return Ok(());
        };
        whole.inside.sort_by_key(|step| step.number);
        expected.inside.sort_by_key(|step| step.number);
        prop_assert_eq!(whole.inside, expected.inside);
        prop_assert_eq!(
            (whole.version, whole.serving, whole.lane_serving, whole.next_number),
            (expected.version, expected.serving, expected.lane_serving, expected.next_number)
        );
        for (whole, expected_lane) in whole.waiting.iter().zip(&expected.waiting) {
            prop_assert_eq!(whole.waiting(), expected_lane.waiting());
            for number in 0..expected.next_number + 2 {
                prop_assert_eq!(whole.contains(number), expected_lane.contains(number));
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn redis_and_the_pure_line_agree(
        steps in steps(), cap in 1u32..6, rate in 1u32..20, mode in 0u8..8,
        weights in prop::collection::vec(1u32..9, 1..4),
    ) {
        let Some(redis) = Redis::shared() else { return Ok(()) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mode = [Mode::Bypass, Mode::QueueAll].get(usize::from(mode)).copied().unwrap_or_default();
            let closes_at = Some(start() + Duration::minutes(30));
            let mut lanes = lanes(&weights);
            lanes.last_mut().into_iter().for_each(|lane| lane.needs_code = rate % 2 == 0);
            let room = Room {
                cap,
                rate_per_minute: rate,
                session_length_s: 120,
                deferral_s: if rate % 5 == 0 { 0 } else { 40 },
                grace_s: 15,
                renewals_max: cap % 3,
                renewal_s: 50,
                steering: (rate % 2 == 0).then_some(Steering {
                    rate_floor: 1,
                    rate_ceiling: 40,
                    p95_ms: 500,
                    failed_percent: 5,
                    stock_percent: if cap % 2 == 0 { 150 } else { 0 },
                }),
                idle_percent: if cap % 2 == 0 { 60 } else { 0 },
                one_per_account: rate % 3 == 0,
                mode,
                closes_at,
                lanes,
                ..open_room()
            };
            let mut pair = Pair::new(room, redis.database()).await;
            for step in steps {
                pair.run(step).await?;
            }
            pair.compare_whole().await
        })?;
    }
}

/// A long sale with ghosts, tick by tick: how many are called and who goes in is the same to the last one, so the
/// arithmetic of the pace is.
#[tokio::test]
async fn the_pace_is_the_same_over_a_long_sale() {
    let Some(redis) = Redis::shared() else { return };
    let room =
        Room { cap: 60, rate_per_minute: 400, claim_window_s: 30, session_length_s: 45, ..open_room() };
    let (mut line, store) = (Line::new(room.clone()), RedisStore::open(&redis.database()).await.unwrap());
    store.put_room(room.clone(), start()).await.unwrap();
    let joins: Vec<Join> = (1..=4000).map(visitor).collect();
    for join in &joins {
        line.join(*join, start());
    }
    store.join(&room.id, joins, start()).await.unwrap();
    let (entropy, mut coming, mut version) = (Entropy::seeded(3), Vec::new(), 0);
    for tick in 0..1500 {
        let now = start() + Duration::milliseconds(300 * tick);
        for (_, claim) in coming.extract_if(.., |(at, _)| *at <= tick) {
            let expected = line.claim(claim, now);
            assert_eq!(store.claim(&room.id, vec![claim], now).await, Ok(vec![expected]), "tick {tick}");
        }
        let expected = line.call(500, now);
        assert_eq!(store.call(&room.id, 500, now).await, Ok(expected), "tick {tick}");
        let Changes::Steps { version: newest, steps, .. } = line.changes_since(version) else { return };
        version = newest;
        for step in steps.iter().filter(|step| matches!(step.to, Standing::Called { knock: None, .. })) {
            if entropy.below(10) < 4 {
                let place = visitor(step.number).place;
                coming.push((tick + 3 + i64::from(entropy.below(30)), Claim { place, jti: place }));
            }
        }
    }
    let census = line.census(start());
    assert!(census.totals.called > 1000 && census.totals.missed > 300, "{census:?}");
    assert_eq!(store.census(&room.id, start()).await, Ok(census));
}
