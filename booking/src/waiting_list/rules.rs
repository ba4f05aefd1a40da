//! Who may join, and who is next.

use std::collections::HashSet;

use axum::http::StatusCode;
use shared::problem::Problem;

/// People waiting for one session at most.
pub const WAITING_MAX: i64 = 10_000;

/// Somebody who waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Waiting {
    /// The entry; they are in the order of joining.
    pub id: i64,
    /// Tickets wanted, all or none.
    pub quantity: i64,
    /// Of this ticket type; `None`: of any one.
    pub ticket_type_id: Option<i64>,
}

/// What is free of a ticket type.
#[derive(Debug, Clone, Copy, PartialEq, Eq, sqlx::FromRow)]
pub struct Free {
    /// The ticket type.
    pub ticket_type_id: i64,
    /// Free places, as many as matter.
    pub free: i64,
}

/// Whose turn it is, and which ticket type they get: the first in line for whom there is enough, unless somebody before
/// them waits for the same. `free` is in the order in which those who take any type are served.
pub fn next(line: &[Waiting], free: &[Free]) -> Option<(Waiting, i64)> {
    let mut awaited = HashSet::new();
    for entry in line {
        let fits = |f: &&Free| {
            entry.ticket_type_id.is_none_or(|wanted| wanted == f.ticket_type_id)
                && !awaited.contains(&f.ticket_type_id)
                && f.free >= entry.quantity
        };
        if let Some(found) = free.iter().find(fits) {
            return Some((*entry, found.ticket_type_id));
        }
        match entry.ticket_type_id {
            Some(wanted) => awaited.insert(wanted),
            // Whatever comes back may be theirs.
            None => return None,
        };
    }
    None
}

/// Whether there is enough to buy without waiting.
pub fn has_enough(free: &[Free], ticket_type: Option<i64>, quantity: i64) -> bool {
    free.iter().any(|f| ticket_type.is_none_or(|wanted| wanted == f.ticket_type_id) && f.free >= quantity)
}

/// 422 for a number of tickets that nobody may have.
pub fn quantity(n: i64, limit: i64) -> Result<i64, Problem> {
    if (1..=limit).contains(&n) {
        return Ok(n);
    }
    Err(Problem::invalid("/quantity", "out-of-range", format!("Wait for 1 to {limit} tickets.")))
}

/// 409 while tickets are to be had.
pub fn not_sold_out() -> Problem {
    Problem::new(StatusCode::CONFLICT, "not-sold-out", "There are tickets left")
        .detail("So many tickets are free. Buy them; the waiting list is for when they are gone.")
}

/// 409 when too many wait already.
pub fn full() -> Problem {
    Problem::new(StatusCode::CONFLICT, "waiting-list-full", "The waiting list is full")
        .detail(format!("{WAITING_MAX} people wait for this session already. Choose another session."))
}

/// 422 for a ticket type of another session.
pub fn unknown_ticket_type() -> Problem {
    Problem::invalid("/ticket_type", "unknown-ticket-type", "This session has no such ticket type.")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waits(id: i64, quantity: i64, ticket_type_id: Option<i64>) -> Waiting {
        Waiting { id, quantity, ticket_type_id }
    }

    fn turn(line: &[Waiting], free: &[(i64, i64)]) -> Option<(i64, i64)> {
        let free: Vec<Free> = free
            .iter()
            .map(|(ticket_type_id, free)| Free { ticket_type_id: *ticket_type_id, free: *free })
            .collect();
        next(line, &free).map(|(entry, kind)| (entry.id, kind))
    }

    #[test]
    fn nobody_is_passed_over_for_what_they_wait_for() {
        let line = [waits(1, 4, Some(7)), waits(2, 1, Some(7)), waits(3, 1, Some(8)), waits(4, 1, None)];
        assert_eq!(
            turn(&line, &[(7, 3), (8, 0)]),
            None,
            "the second waits behind the first, and the last behind the third"
        );
        assert_eq!(turn(&line, &[(7, 4), (8, 1)]), Some((1, 7)));
        assert_eq!(turn(&line, &[(7, 3), (8, 1)]), Some((3, 8)));
        assert_eq!(turn(&line, &[(7, 3), (8, 0), (9, 1)]), Some((4, 9)));
    }

    #[test]
    fn who_takes_anything_is_served_by_one_type_and_holds_up_everybody_until_then() {
        let line = [waits(1, 2, None), waits(2, 1, Some(8))];
        assert_eq!(turn(&line, &[(7, 1), (8, 1)]), None);
        assert_eq!(turn(&line, &[(7, 2), (8, 2)]), Some((1, 7)));
        assert_eq!(turn(&[], &[(7, 2)]), None);
    }

    #[test]
    fn what_is_free_is_bought_and_not_waited_for() {
        let free = [Free { ticket_type_id: 7, free: 2 }, Free { ticket_type_id: 8, free: 0 }];
        assert!(has_enough(&free, None, 2) && has_enough(&free, Some(7), 1));
        assert!(!has_enough(&free, None, 3) && !has_enough(&free, Some(8), 1));
        assert!(quantity(0, 6).is_err() && quantity(7, 6).is_err() && quantity(6, 6).is_ok());
    }
}
