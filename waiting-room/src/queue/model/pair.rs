//! The line and the naive one side by side: after every step of a history they answer the same and look the same.

use proptest::prelude::*;
use shared::clock::Ts;
use time::Duration;
use uuid::Uuid;

use super::naive::Model;
use super::{Step, codes, handover, join_of, lane_of, renewal, report, reweighted, steps};
use crate::queue::handover::OFFERS_KEPT;
use crate::queue::line::Line;
use crate::queue::*;
use crate::rooms::rules::Room;
use crate::rooms::rules::tests::{lanes, open_room};

/// A line and its model side by side.
struct Pair {
    line: Line,
    model: Model,
    now: Ts,
    ids: u128,
    /// Used offers, and when they can be forgotten.
    offers: Vec<(Uuid, Ts)>,
}

impl Pair {
    fn new(room: Room) -> Self {
        let (cap, rate) = (room.cap as usize, room.rate_per_minute as usize);
        let (now, weights) = (Ts::from_seconds(1_800_000_000), room.weights());
        let (places, admissions, finished, codes) = (Vec::new(), Vec::new(), [0; 8], codes(&room, now));
        let mut line = Line::new(room);
        line.put_codes(codes.clone());
        let model = Model {
            places,
            admissions,
            cap,
            rate,
            next_number: 1,
            weights,
            codes,
            virtual_time: 0,
            finished,
        };
        Self { line, model, now, ids: 0, offers: Vec::new() }
    }

    fn fresh_id(&mut self) -> Uuid {
        self.ids += 1;
        Uuid::from_u128(self.ids)
    }

    /// The newest place of a visitor, over or not.
    fn newest(&self, visitor: u64) -> Option<Place> {
        let browser = BrowserKey::of_hash(&visitor.to_string());
        self.model.places.iter().rev().find(|p| p.browser == browser).cloned()
    }

    fn run(&mut self, step: Step) -> Result<(), TestCaseError> {
        let now = self.now;
        self.model.expire(now);
        match step {
            Step::Wait(micros) => self.now = now + Duration::microseconds(micros),
            Step::Settings { cap, rate, weight } => {
                let room =
                    reweighted(Room { cap, rate_per_minute: rate, ..self.line.room().clone() }, weight);
                (self.model.cap, self.model.rate) = (cap as usize, rate as usize);
                self.model.weights = room.weights();
                prop_assert_eq!(self.line.set_room(room), Ok(()));
            }
            Step::Reload => {
                let (places, codes) =
                    (self.line.places().cloned().collect(), self.line.codes().cloned().collect());
                self.line = Line::load(self.line.room().clone(), self.line.core().clone(), places);
                self.line.put_codes(codes);
            }
            // The naive line is not steered: its shop may report what it will.
            Step::Report(failed, free) => {
                let room = self.line.room().own_pace();
                self.line.hear(&report(failed, free), now);
                prop_assert_eq!(self.line.pace(now), room);
            }
            Step::Join(visitor, code) => self.join(visitor, code)?,
            Step::Restore(visitor, number) => self.restore(visitor, number)?,
            Step::Call(limit) => {
                let session = self.line.room().session_length();
                let claim_by = now + self.line.room().turn_length();
                self.model.open_door(session, now);
                let count = self.line.call(limit, now);
                prop_assert!(count <= limit);
                self.model.call(count, claim_by, now);
            }
            Step::Claim(visitor) => self.claim(visitor)?,
            Step::Defer(visitor) => self.defer(visitor)?,
            Step::Renew(visitor, ago) => self.renew(visitor, ago)?,
            Step::Depart(visitor) => self.depart(visitor)?,
            Step::HandOver(from, to, offer) => self.hand_over(from, to, offer)?,
            Step::Leave(visitor) => {
                if let Some(place) = self.newest(visitor) {
                    self.line.leave(place.id, Ending::Left, now);
                    if let Some(place) =
                        self.model.places.iter_mut().find(|p| p.id == place.id && !p.standing.is_over())
                    {
                        place.standing = Standing::Ended { how: Ending::Left, at: now };
                    }
                }
            }
        }
        self.compare()
    }

    fn join(&mut self, visitor: u64, code: Option<u64>) -> Result<(), TestCaseError> {
        let (place, now) = (self.fresh_id(), self.now);
        let join = join_of(visitor, code, place, self.line.room());
        let needs_code = self.line.room().lanes[usize::from(join.lane)].needs_code;
        let expected = self.model.opened(join, needs_code, now);
        let is_tied = self.line.room().one_per_account;
        let same = |p: &Place| p.account.is_some() && p.account == join.account && !p.standing.is_over();
        let is_taken = self.model.places.iter().any(same);
        match (self.line.join(join, now), self.model.live(join.browser)) {
            (Joined::Known(known), Some(live)) => prop_assert_eq!(&known, live),
            (Joined::NoAccount(AccountRefusal::Needed), None) => {
                prop_assert!(is_tied && join.account.is_none())
            }
            (Joined::NoAccount(AccountRefusal::Taken), None) => prop_assert!(is_tied && is_taken),
            (Joined::NoEntry(refusal), None) => prop_assert_eq!(Err(refusal), expected),
            (Joined::New(new), None) => {
                prop_assert_eq!(Ok(new.lane), expected);
                prop_assert_eq!(new.account, join.account.filter(|_| is_tied));
                prop_assert!(!is_tied || (!is_taken && join.account.is_some()));
                self.model.codes.iter_mut().filter(|c| Some(c.key) == join.code).for_each(|c| c.uses += 1);
                prop_assert_eq!(new.number, self.model.next_number);
                self.model.next_number += 1;
                let claim_by = now + self.line.room().turn_length();
                let is_idle = self.model.is_idle(self.line.room());
                self.model.places.push(Place { standing: Standing::Waiting, ..new });
                self.model.call(u32::from(is_idle), claim_by, now);
                prop_assert_eq!(self.model.places.last(), Some(&new));
            }
            (answer, live) => prop_assert!(false, "{:?} while the model has {:?}", answer, live),
        }
        Ok(())
    }

    /// Somebody comes back with a place that the store does not know.
    fn restore(&mut self, visitor: u64, number: u64) -> Result<(), TestCaseError> {
        let (place, browser, now) = (self.fresh_id(), BrowserKey::of_hash(&visitor.to_string()), self.now);
        let lane = lane_of(visitor, self.line.room());
        let back =
            self.line.restore(Restore { place, browser, number, lane, account: None, joined_at: now }, now);
        if let Some(live) = self.model.live(browser) {
            if live.standing != Standing::Waiting || live.number < number {
                prop_assert_eq!(&back, live);
                return Ok(());
            }
            live.standing = Standing::Ended { how: Ending::Left, at: now };
        }
        let taken = |number| self.model.places.iter().any(|p| p.number == number);
        let free = (number..).find(|number| !taken(*number)).unwrap_or(number);
        prop_assert_eq!((back.id, back.number, back.standing), (place, free, Standing::Waiting));
        self.model.next_number = self.model.next_number.max(free + 1);
        self.model.places.push(back);
        Ok(())
    }

    /// Somebody takes over what another one offers.
    fn hand_over(&mut self, from: u64, to: u64, offer: u8) -> Result<(), TestCaseError> {
        let Some(known) = self.newest(from) else { return Ok(()) };
        let wish = handover(known.id, from, to, offer, self.now);
        let expected = self.expected(&known, wish);
        prop_assert_eq!(self.line.hand_over(wish, self.now), expected);
        Ok(())
    }

    /// What the naive line answers, having done it.
    fn expected(&mut self, known: &Place, wish: Handover) -> HandedOver {
        let now = self.now;
        self.offers.retain(|(_, forget_at)| *forget_at > now);
        let is_movable = matches!(known.standing, Standing::Waiting | Standing::Called { .. });
        if !is_movable {
            return HandedOver::Refused;
        }
        if known.browser == wish.to {
            return HandedOver::Moved(known.clone());
        }
        if known.browser != wish.from || self.offers.iter().any(|(offer, _)| *offer == wish.offer) {
            return HandedOver::Refused;
        }
        if let Some(own) = self.model.live(wish.to) {
            if own.standing != Standing::Waiting || own.number < known.number {
                return HandedOver::Better(own.clone());
            }
            own.standing = Standing::Ended { how: Ending::Left, at: now };
        }
        self.offers.push((wish.offer, wish.until + OFFERS_KEPT));
        let moved = Place { browser: wish.to, ..known.clone() };
        for place in self.model.places.iter_mut().filter(|place| place.id == known.id) {
            *place = moved.clone();
        }
        HandedOver::Moved(moved)
    }

    fn claim(&mut self, visitor: u64) -> Result<(), TestCaseError> {
        let Some(known) = self.newest(visitor) else { return Ok(()) };
        let (jti, now) = (self.fresh_id(), self.now);
        let (window, session) = (self.line.room().claim_window(), self.line.room().session_length());
        let answer = self.line.claim(Claim { place: known.id, jti }, now);
        if let Some(place) = self.model.places.iter_mut().find(|p| p.id == known.id)
            && let Standing::Called { called_at, claim_by, knock } = place.standing
        {
            let stays = knock.is_some() && claim_by - now >= window / 2;
            let claim_by = if stays { claim_by } else { claim_by.max(now + window) };
            place.standing = Standing::Called { called_at, claim_by, knock: knock.or(Some(jti)) };
            self.model.open_door(session, now);
        }
        let place = self
            .model
            .places
            .iter()
            .find(|p| p.id == known.id)
            .cloned()
            .ok_or_else(|| TestCaseError::fail("lost"))?;
        let expected = match place.standing {
            Standing::Waiting => Claimed::Waiting(place),
            Standing::Called { .. } => Claimed::AtDoor(place),
            Standing::Admitted { .. } => Claimed::Admitted(place),
            Standing::Ended { .. } => Claimed::Over(place),
        };
        prop_assert_eq!(answer, expected);
        Ok(())
    }

    fn defer(&mut self, visitor: u64) -> Result<(), TestCaseError> {
        let Some(known) = self.newest(visitor) else { return Ok(()) };
        let (now, room) = (self.now, self.line.room().clone());
        let answer = self.line.defer(known.id, now);
        for place in self.model.places.iter_mut().filter(|p| p.id == known.id) {
            let expected = match place.standing {
                Standing::Called { knock: None, .. } if place.is_deferred => Deferred::Spent(place.clone()),
                Standing::Called { knock: None, .. } => {
                    let called_at = now + room.deferral();
                    let claim_by = called_at + room.turn_length();
                    place.is_deferred = true;
                    place.standing = Standing::Called { called_at, claim_by, knock: None };
                    Deferred::Until(place.clone())
                }
                _ => Deferred::NotCalled(place.clone()),
            };
            prop_assert_eq!(&answer, &expected);
        }
        Ok(())
    }

    fn renew(&mut self, visitor: u64, ago: i64) -> Result<(), TestCaseError> {
        let Some(known) = self.newest(visitor) else { return Ok(()) };
        let (now, room) = (self.now, self.line.room().clone());
        let answer = self.line.renew(renewal(&known, ago, now), now);
        for place in self.model.places.iter_mut().filter(|p| p.id == known.id) {
            let expected = match place.standing {
                Standing::Ended { .. } => Renewed::Over(place.clone()),
                Standing::Admitted { .. } if ago > 0 => Renewed::Until(place.clone()),
                Standing::Admitted { renewals, .. } if u32::from(renewals) == room.renewals_max => {
                    Renewed::Spent(place.clone())
                }
                Standing::Admitted { jti, at, until, renewals } => {
                    let until = until + Duration::seconds(room.renewal_s.into());
                    place.standing = Standing::Admitted { jti, at, until, renewals: renewals + 1 };
                    Renewed::Until(place.clone())
                }
                _ => Renewed::NotAdmitted(place.clone()),
            };
            prop_assert_eq!(&answer, &expected);
        }
        Ok(())
    }

    fn depart(&mut self, visitor: u64) -> Result<(), TestCaseError> {
        let Some(known) = self.newest(visitor) else { return Ok(()) };
        let Standing::Admitted { jti, .. } = known.standing else { return Ok(()) };
        let how = Ending::Finished;
        let depart = Depart { place: known.id, jti, how };
        prop_assert!(self.line.depart(depart, self.now));
        prop_assert!(!self.line.depart(depart, self.now));
        for place in self.model.places.iter_mut().filter(|p| p.id == known.id) {
            place.standing = Standing::Ended { how, at: self.now };
        }
        Ok(())
    }

    /// Every place stands the same on both sides, and the counts are true.
    fn compare(&mut self) -> Result<(), TestCaseError> {
        self.model.expire(self.now);
        for place in &self.model.places {
            let found = self.line.find(place.id, self.now);
            prop_assert_eq!(found.as_ref(), Some(place));
        }
        let count =
            |is: fn(Standing) -> bool| self.model.places.iter().filter(|p| is(p.standing)).count() as u64;
        let census = self.line.census(self.now);
        prop_assert_eq!(census.waiting, count(|s| s == Standing::Waiting));
        prop_assert_eq!(census.called, count(|s| matches!(s, Standing::Called { .. })));
        prop_assert_eq!(census.at_door, count(|s| matches!(s, Standing::Called { knock: Some(_), .. })));
        prop_assert_eq!(census.admitted, count(|s| matches!(s, Standing::Admitted { .. })));
        prop_assert_eq!(census.next_number, self.model.next_number);
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_line_behaves_like_the_naive_one(
        steps in steps(), cap in 1u32..6, rate in 1u32..20, weights in prop::collection::vec(1u32..9, 1..4),
        is_closed in any::<bool>(), idle_percent in prop_oneof![Just(0u32), Just(60)],
        one_per_account in any::<bool>(),
    ) {
        let mut lanes = lanes(&weights);
        lanes.last_mut().into_iter().for_each(|lane| lane.needs_code = is_closed);
        let mut pair = Pair::new(Room {
            cap,
            rate_per_minute: rate,
            session_length_s: 120,
            deferral_s: 40,
            grace_s: 15,
            renewals_max: 2,
            renewal_s: 50,
            idle_percent,
            one_per_account,
            lanes,
            ..open_room()
        });
        for step in steps {
            pair.run(step)?;
        }
        for place in &pair.model.places {
            if let Standing::Admitted { at, until, renewals, .. } = place.standing {
                prop_assert_eq!(until - at, Duration::seconds(120 + 50 * i64::from(renewals)));
            }
        }
    }
}
