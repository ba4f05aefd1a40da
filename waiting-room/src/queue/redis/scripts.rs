//! The Lua scripts, one a verb, each behind the common prelude.

use redis::Script;

#[cfg(test)]
use crate::queue::guard::Guard;

/// What every script begins with.
const PRELUDE: &str = include_str!("scripts/prelude.lua");

/// The scripts, ready to be called by their hashes.
pub struct Scripts {
    pub put: Loaded,
    pub join: Loaded,
    pub restore: Loaded,
    pub find: Loaded,
    pub call: Loaded,
    pub claim: Loaded,
    pub depart: Loaded,
    pub hand_over: Loaded,
    pub leave: Loaded,
    pub sweep: Loaded,
    pub census: Loaded,
    pub changes: Loaded,
    pub bits: Loaded,
    pub inside: Loaded,
    pub rebuild: Loaded,
    pub over: Loaded,
    pub out: Loaded,
    pub contribute: Loaded,
    pub codes: Loaded,
    pub defer: Loaded,
    pub renew: Loaded,
    pub draw: Loaded,
    pub redraw: Loaded,
    pub seat: Loaded,
    pub log: Loaded,
    pub steer: Loaded,
}

/// One script with its text and hash.
pub struct Loaded {
    /// What Redis is given when it does not know the hash.
    pub text: String,
    /// What Redis is asked for.
    pub hash: String,
}

impl Scripts {
    /// The scripts as they are.
    pub fn new() -> Self {
        Self::edited(str::to_owned)
    }

    /// The scripts with one guard off. For tests that must then fail.
    #[cfg(test)]
    pub fn sabotaged(guard: Guard) -> Self {
        let (marked, instead) = sabotage(guard);
        Self::without(&marked, instead)
    }

    /// The scripts with another line instead of the one that ends with `marked`. For tests that must then fail.
    #[cfg(test)]
    pub fn without(marked: &str, instead: &str) -> Self {
        let all = Self::edited(|text| {
            let lines = text.lines().map(|line| if line.ends_with(marked) { instead } else { line });
            lines.collect::<Vec<_>>().join("\n")
        });
        assert!(
            Self::new().texts().zip(all.texts()).any(|(before, after)| before != after),
            "no script has a line that ends with “{marked}”"
        );
        all
    }

    fn edited(edit: impl Fn(&str) -> String) -> Self {
        let load = |verb: &str| {
            let text = edit(&format!("{PRELUDE}\n{verb}"));
            Loaded { hash: Script::new(&text).get_hash().to_owned(), text }
        };
        Self {
            put: load(include_str!("scripts/put.lua")),
            join: load(concat!(include_str!("scripts/turns.lua"), "\n", include_str!("scripts/join.lua"))),
            restore: load(include_str!("scripts/restore.lua")),
            find: load(include_str!("scripts/find.lua")),
            call: load(concat!(include_str!("scripts/turns.lua"), "\n", include_str!("scripts/call.lua"))),
            claim: load(include_str!("scripts/claim.lua")),
            depart: load(include_str!("scripts/depart.lua")),
            hand_over: load(include_str!("scripts/hand_over.lua")),
            leave: load(include_str!("scripts/leave.lua")),
            sweep: load(include_str!("scripts/sweep.lua")),
            census: load(include_str!("scripts/census.lua")),
            changes: load(include_str!("scripts/changes.lua")),
            bits: load(include_str!("scripts/bits.lua")),
            inside: load(include_str!("scripts/inside.lua")),
            rebuild: load(include_str!("scripts/rebuild.lua")),
            over: load(include_str!("scripts/over.lua")),
            out: load(include_str!("scripts/out.lua")),
            contribute: load(include_str!("scripts/contribute.lua")),
            codes: load(include_str!("scripts/codes.lua")),
            defer: load(include_str!("scripts/defer.lua")),
            renew: load(include_str!("scripts/renew.lua")),
            draw: load(include_str!("scripts/draw.lua")),
            redraw: load(include_str!("scripts/redraw.lua")),
            seat: load(include_str!("scripts/seat.lua")),
            log: load(include_str!("scripts/log.lua")),
            steer: load(include_str!("scripts/steer.lua")),
        }
    }

    #[cfg(test)]
    fn texts(&self) -> impl Iterator<Item = &str> {
        let verbs = [
            &self.put,
            &self.defer,
            &self.renew,
            &self.join,
            &self.restore,
            &self.call,
            &self.claim,
            &self.depart,
            &self.hand_over,
            &self.draw,
            &self.seat,
            &self.log,
            &self.steer,
        ];
        verbs.into_iter().map(|script| script.text.as_str())
    }
}

/// How the line that holds a guard ends, and what stands there instead when it is off.
#[cfg(test)]
fn sabotage(guard: Guard) -> (String, &'static str) {
    let instead = match guard {
        Guard::OnePlace => "local known = nil",
        Guard::Cap => "local below_cap = true",
        Guard::Rate => "local below_rate = true",
        Guard::ClaimWindow => "if false then",
        Guard::Ended => "if known and known.kind ~= 'E' then",
        Guard::DepartureJti => "local is_meant = p and p.kind == 'A'",
        Guard::Handover => "local is_spent = false",
        Guard::LogEnd | Guard::DrawStep => "local is_next = true",
        // Whoever asks sees what was there before all others.
        Guard::SteeredOnce => "local is_next = ARGV[4] ~= '?'; if not is_next then kept = '' end",
        Guard::DrawSeat => "local is_seated = false",
        Guard::Ghosts => "do return math.max(core.cap - core.now_admitted - core.now_called, 0) end",
        Guard::Order => {
            "local order, from, to = 'ZREVRANGEBYSCORE', score(lane, 1125899906842623), score(lane, 0)"
        }
        Guard::Shares => "local by_weight = false",
        Guard::Lanes | Guard::Owner => "if false then",
        Guard::Invitation => "local is_refused = false",
        Guard::CodeUses => "local is_spent = false",
        Guard::OneDeferral | Guard::Renewals => "local is_spent = false",
        Guard::OneRenewal => "local is_granted = false",
        Guard::OneAccount => "local is_taken = false",
    };
    (format!("-- guard {guard:?}"), instead)
}
