//! What may change about a ticket type, and when.

use axum::http::StatusCode;
use shared::problem::Problem;

use super::store::OwnType;
use crate::events::rules;

/// What a ticket type becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Its name.
    pub name: String,
    /// Its face price.
    pub face_minor: i64,
    /// `#rrggbb`.
    pub colour: String,
    /// Shown distinctly on the seat map.
    pub premium: bool,
    /// Places.
    pub total: i64,
    /// Whether it is off sale.
    pub withdrawn: bool,
    /// Whether it is for those who have a code.
    pub hidden: bool,
}

impl Changed {
    /// Refuses what would wrong those who have or hold a place of this type (`taken` places), and numbers that the plan
    /// decides: 409 `has-bookings`, 422.
    pub fn check(&self, old: &OwnType, taken: i64) -> Result<(), Problem> {
        let promise = match () {
            () if self.name != old.name => Some("name"),
            () if self.face_minor != old.face_minor => Some("price"),
            () => None,
        };
        if let Some(promise) = promise.filter(|_| taken > 0) {
            return Err(rules::has_bookings(taken, promise)
                .detail(format!(
                    "{taken} places of this ticket type are sold or held, and their buyers were promised the {promise}. \
                     Withdraw it and add another one, or wait until nobody holds a place."
                )));
        }
        if self.total != old.total && old.seated {
            let detail = "Its places are the seats of its sections: their number is the plan's.";
            return Err(Problem::invalid("/quantity", "validation", detail));
        }
        if self.total != old.total && (self.withdrawn || old.withdrawn) {
            let detail = "Put the ticket type back on sale first, then change the number of its places.";
            return Err(Problem::invalid("/quantity", "validation", detail));
        }
        Ok(())
    }
}

/// 409 for the only ticket type of a session.
pub fn last_ticket_type() -> Problem {
    Problem::new(StatusCode::CONFLICT, "last-ticket-type", "The session's only ticket type")
        .detail("A session sells something: add another ticket type first, or delete or cancel the event.")
}

/// 422 for a name that another ticket type of the session has.
pub fn duplicate_name() -> Problem {
    Problem::invalid("/name", "duplicate-name", "Give each ticket type of a session its own name.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn old(seated: bool) -> OwnType {
        OwnType {
            id: 1,
            session_id: 1,
            event_id: 1,
            name: "VIP".into(),
            face_minor: 5000,
            colour: "#0072b2".into(),
            premium: false,
            seated,
            total: 10,
            withdrawn: false,
            hidden: false,
        }
    }

    fn same() -> Changed {
        Changed {
            name: "VIP".into(),
            face_minor: 5000,
            colour: "#0072b2".into(),
            premium: false,
            total: 10,
            withdrawn: false,
            hidden: false,
        }
    }

    #[test]
    fn a_promise_stands_once_a_place_is_taken() {
        let dearer = Changed { face_minor: 5001, ..same() };
        let renamed = Changed { name: "Gold".into(), ..same() };
        let plain = Changed { colour: "#ffffff".into(), premium: true, hidden: true, total: 12, ..same() };
        for (changed, free, taken) in [(&dearer, true, false), (&renamed, true, false), (&plain, true, true)]
        {
            assert_eq!(changed.check(&old(false), 0).is_ok(), free, "{changed:?}");
            assert_eq!(changed.check(&old(false), 1).is_ok(), taken, "{changed:?}");
        }
        assert!(Changed { withdrawn: true, ..same() }.check(&old(false), 5).is_ok());
    }

    #[test]
    fn the_number_of_seats_is_the_plan_s() {
        let more = Changed { total: 11, ..same() };
        assert!(more.check(&old(true), 0).is_err());
        assert!(Changed { withdrawn: true, ..more }.check(&old(false), 0).is_err());
    }
}
