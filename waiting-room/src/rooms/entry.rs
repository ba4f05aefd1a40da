//! What a join costs beside waiting: work that gets dearer with the joins from one network, and a CAPTCHA. Pure.

use serde::{Deserialize, Serialize};

use super::rules::Wrong;

/// The dearest price that can be set, and the dearest there ever is. A telephone does a few hundred thousand hashes a
/// second: 2^22 take it some ten seconds.
const BITS_SET_MAX: u8 = 20;
const BITS_MAX: u8 = 22;

/// What a room asks of whoever joins. Nothing, unless set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Proof of work, if any.
    #[serde(default)]
    pub work: Option<WorkPrice>,
    /// Whether a CAPTCHA must be passed; needs `waiting_room.captcha_verify_url`.
    #[serde(default)]
    pub captcha: bool,
}

/// The price of a join in work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkPrice {
    /// Leading zero bits of a SHA-256 digest that everybody pays, 0 to 20: each doubles the work, 16 are felt as a moment.
    pub bits: u8,
    /// Joins from one network (IPv4 /24, IPv6 /48) in some ten minutes at that price; each doubling beyond costs a bit more.
    pub free: u32,
}

impl Entry {
    /// The first thing wrong with these settings, if any.
    pub fn check(&self) -> Result<(), Wrong> {
        match self.work {
            Some(work) if work.bits > BITS_SET_MAX || work.free == 0 => {
                let detail = format!(
                    "`entry.work.bits` must be at most {BITS_SET_MAX} and `entry.work.free` at least 1."
                );
                Err(Wrong { field: "entry/work", code: "out-of-range", detail })
            }
            _ => Ok(()),
        }
    }
}

impl WorkPrice {
    /// The price after so many joins from one network, in bits.
    pub fn after(self, joins: u64) -> u8 {
        let doublings = (joins / u64::from(self.free.max(1))).checked_ilog2().map_or(0, |n| n + 1);
        self.bits.saturating_add(u8::try_from(doublings).unwrap_or(u8::MAX)).min(BITS_MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_doubling_of_joins_costs_a_bit_more() {
        let price = WorkPrice { bits: 10, free: 8 };
        let bits: Vec<u8> = [0, 7, 8, 15, 16, 32, 64].map(|joins| price.after(joins)).into();
        assert_eq!(bits, [10, 10, 11, 11, 12, 13, 14]);
        assert_eq!(price.after(u64::MAX), BITS_MAX);
        assert_eq!(WorkPrice { bits: 0, free: 5 }.after(4), 0, "nobody pays before the network is busy");
    }

    #[test]
    fn prices_that_shut_people_out_are_refused() {
        let entry = |bits, free| Entry { work: Some(WorkPrice { bits, free }), captcha: false };
        assert!(entry(20, 1).check().is_ok() && Entry::default().check().is_ok());
        assert!(entry(21, 1).check().is_err() && entry(4, 0).check().is_err());
    }
}
