//! What a hold is to try, one choice after the other.

use shared::problem::Problem;

use super::rules::Wanted;
use crate::app::App;
use crate::error::Result;
use crate::seats::live::Watched;
use crate::seats::{access, pick};

/// Something that may be had.
#[derive(Debug, Clone)]
pub enum Choice {
    /// Exactly these.
    Seats(Vec<i64>),
    /// Any seats of this ticket type.
    Any(i64),
}

/// What to try for who wants this. `accessible`: whether somebody in the party sits in a wheelchair.
pub fn choices(
    app: &App,
    map: &Watched,
    wanted: Wanted,
    accessible: bool,
    unlocked: &[i64],
) -> Result<Vec<Choice>> {
    match wanted {
        Wanted::Seats(seats) => {
            map.glance(app, |map| access::check(map.plan(), &seats, accessible))?;
            Ok(vec![Choice::Seats(seats)])
        }
        Wanted::Best { quantity, ticket_type } => best(app, map, quantity, ticket_type, accessible, unlocked),
    }
}

/// The best groups of neighbours, or some seats where it does not matter which; then any seats of the ticket types that
/// have enough, the cheapest first.
fn best(
    app: &App,
    map: &Watched,
    quantity: usize,
    ticket_type: Option<i64>,
    accessible: bool,
    unlocked: &[i64],
) -> Result<Vec<Choice>> {
    map.glance(app, |map| {
        let plan = map.plan().clone();
        let may_have = |kind: usize| !plan.types[kind].hidden || unlocked.contains(&plan.types[kind].id);
        let mut kinds: Vec<usize> = match ticket_type {
            Some(id) => {
                let index = plan.type_index(id).filter(|kind| may_have(*kind)).ok_or_else(|| {
                    Problem::invalid(
                        "/ticket_type",
                        "unknown-ticket-type",
                        "This session has no such ticket type.",
                    )
                })?;
                vec![index]
            }
            None => (0..plan.types.len()).filter(|kind| may_have(*kind)).collect(),
        };
        kinds.sort_by_key(|kind| (map.free(*kind) < quantity as i64, plan.types[*kind].price_minor));
        let draw = |n: usize| app.entropy.below(n as u32) as usize;
        if accessible {
            let mut groups = kinds.iter().map(|kind| pick::with_wheelchair(map, *kind, quantity, draw));
            let groups = groups.find(|groups| !groups.is_empty()).unwrap_or_default();
            return Ok(groups.into_iter().map(Choice::Seats).collect());
        }
        let groups = match kinds.first() {
            Some(&kind) if plan.types[kind].seated => pick::groups(map, kind, quantity, draw),
            Some(&kind) => pick::anywhere(map, kind, quantity, draw).into_iter().collect(),
            None => Vec::new(),
        };
        let types = kinds.into_iter().map(|kind| Choice::Any(plan.types[kind].id));
        Ok(groups.into_iter().map(Choice::Seats).chain(types).collect())
    })
}
