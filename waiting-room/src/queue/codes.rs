//! Access codes as a line keeps them: never the code itself, only its keyed hash, and how often it may still be used.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use uuid::Uuid;

use super::guard::Guard;
use super::line::Line;

/// Most codes of a room.
pub const CODES_MAX: usize = if cfg!(test) { 5000 } else { 100_000 };
/// Most codes added in one step.
pub const ADDED_MAX: usize = 1000;

/// 128 bits of the keyed hash of a code ([`crate::pseudonym`]): enough to tell codes apart, and nothing to guess
/// them from without the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CodeKey(pub Uuid);

/// One code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// Its keyed hash.
    pub key: CodeKey,
    /// Index of the lane it opens.
    pub lane: u8,
    /// How many places it gives.
    pub uses_max: u32,
    /// How many it has given.
    pub uses: u32,
    /// Dead from this instant on.
    pub expires_at: Option<Ts>,
    /// Taken back.
    pub revoked: bool,
    /// The organiser's note.
    pub label: String,
}

/// Why a join brought no place although the room takes joins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeRefusal {
    /// The lane asks for a code and none was sent.
    Needed,
    /// No such code.
    Unknown,
    /// It has given all its places.
    UsedUp,
    /// Its time is over.
    Expired,
    /// It was taken back.
    Revoked,
    /// Not known at the moment: the line is being restored.
    Restoring,
}

impl Code {
    /// Why it opens nothing at `now`, if so.
    pub fn refusal(&self, now: Ts) -> Option<CodeRefusal> {
        if self.revoked {
            Some(CodeRefusal::Revoked)
        } else if self.expires_at.is_some_and(|at| now >= at) {
            Some(CodeRefusal::Expired)
        } else {
            None
        }
    }

    /// Takes in what somebody else knows of the same code: uses only grow, and whatever was taken back stays so.
    pub fn merge(&mut self, told: &Code) {
        self.uses = self.uses.max(told.uses);
        self.revoked |= told.revoked;
    }
}

impl Line {
    /// The lane to stand in; a code that opens one is used.
    pub(super) fn admit_to_lane(
        &mut self,
        lane: u8,
        code: Option<CodeKey>,
        now: Ts,
    ) -> Result<u8, CodeRefusal> {
        let Some(key) = code else {
            let needs_code = self.room.lanes.get(usize::from(lane)).is_some_and(|lane| lane.needs_code);
            let is_refused = needs_code && self.guarded(Guard::Invitation);
            return if is_refused { Err(CodeRefusal::Needed) } else { Ok(lane) };
        };
        let is_counted = self.guarded(Guard::CodeUses);
        let code = self.codes.get_mut(&key).ok_or(CodeRefusal::Unknown)?;
        if let Some(refusal) = code.refusal(now) {
            return Err(refusal);
        }
        if code.uses >= code.uses_max && is_counted {
            return Err(CodeRefusal::UsedUp);
        }
        code.uses += 1;
        Ok(code.lane)
    }

    /// See [`super::QueueStore::put_codes`].
    pub fn put_codes(&mut self, codes: Vec<Code>) -> Option<usize> {
        let known = self.codes.len();
        let new = codes.iter().filter(|code| !self.codes.contains_key(&code.key)).count();
        if known + new > CODES_MAX {
            return None;
        }
        for code in codes {
            self.codes.entry(code.key).and_modify(|known| known.merge(&code)).or_insert(code);
        }
        Some(self.codes.len() - known)
    }

    /// All access codes, by key.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.codes.values()
    }
}
