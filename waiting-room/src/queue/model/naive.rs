//! The naive line: everything by looking through all of one list, as the rules are stated.

use shared::clock::Ts;
use time::Duration;

use crate::queue::codes::{Code, CodeRefusal};
use crate::queue::pace::RATE_WINDOW;
use crate::queue::{BrowserKey, Join, Place, Standing};
use crate::rooms::rules::Room;

/// The naive line: one list, everything by looking through all of it.
pub struct Model {
    pub places: Vec<Place>,
    pub admissions: Vec<Ts>,
    pub cap: usize,
    pub rate: usize,
    pub next_number: u64,
    pub weights: Vec<u32>,
    pub codes: Vec<Code>,
    /// Start tag of the turn that was given last, and the finish tag of each lane's last one.
    pub virtual_time: u64,
    pub finished: [u64; 8],
}

impl Model {
    pub fn expire(&mut self, now: Ts) {
        for place in &mut self.places {
            *place = place.clone().at(now);
        }
    }

    /// Whether the next one who joins is called at once.
    pub fn is_idle(&self, room: &Room) -> bool {
        let live = self.places.iter().filter(|p| !p.standing.is_over());
        let (waiting, used): (Vec<_>, Vec<_>) = live.partition(|p| p.standing == Standing::Waiting);
        waiting.is_empty() && used.len() * 100 < self.cap * room.idle_percent as usize
    }

    /// The lane that a join leads to.
    pub fn opened(&self, join: Join, needs_code: bool, now: Ts) -> Result<u8, CodeRefusal> {
        let known = join.code.map(|key| self.codes.iter().find(|code| code.key == key));
        match known {
            None if needs_code => Err(CodeRefusal::Needed),
            None => Ok(join.lane),
            Some(None) => Err(CodeRefusal::Unknown),
            Some(Some(code)) if code.expires_at.is_some_and(|at| at <= now) => Err(CodeRefusal::Expired),
            Some(Some(code)) if code.uses == code.uses_max => Err(CodeRefusal::UsedUp),
            Some(Some(code)) => Ok(code.lane),
        }
    }

    pub fn live(&mut self, browser: BrowserKey) -> Option<&mut Place> {
        self.places.iter_mut().find(|p| p.browser == browser && !p.standing.is_over())
    }

    /// Calls so many: of all who wait those with the lowest start tag, and of these the lowest number; start-time fair
    /// queueing as its paper states it.
    pub fn call(&mut self, count: u32, claim_by: Ts, now: Ts) {
        for _ in 0..count {
            let start = |place: &Place| self.finished[usize::from(place.lane)].max(self.virtual_time);
            let waiting = self.places.iter().enumerate().filter(|(_, p)| p.standing == Standing::Waiting);
            let Some((tag, lane, _, at)) = waiting.map(|(at, p)| (start(p), p.lane, p.number, at)).min()
            else {
                return;
            };
            self.virtual_time = tag;
            self.finished[usize::from(lane)] =
                tag + 1_000_000_000 / u64::from(self.weights[usize::from(lane)]);
            self.places[at].standing = Standing::Called { called_at: now, claim_by, knock: None };
        }
    }

    /// Lets in from the door, lowest number first, while cap and rate allow.
    pub fn open_door(&mut self, session: Duration, now: Ts) {
        loop {
            let inside =
                self.places.iter().filter(|p| matches!(p.standing, Standing::Admitted { .. })).count();
            let recent = self.admissions.iter().filter(|at| now - **at < RATE_WINDOW).count();
            let at_door = |p: &&mut Place| matches!(p.standing, Standing::Called { knock: Some(_), .. });
            let first = self.places.iter_mut().filter(at_door).min_by_key(|p| p.number);
            let (Some(first), true) = (first, inside < self.cap && recent < self.rate) else { return };
            if let Standing::Called { knock: Some(jti), .. } = first.standing {
                first.standing = Standing::Admitted { jti, at: now, until: now + session, renewals: 0 };
                self.admissions.push(now);
            }
        }
    }
}
