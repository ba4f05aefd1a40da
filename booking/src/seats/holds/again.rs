//! Holding anew what a hold has lost: for money that came after its deadline.

use shared::clock::Ts;
use uuid::Uuid;

use super::HeldSeat;
use super::claims::{self, Claim, Claimed, Wish};
use super::store;
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::events::SaleEvent;
use crate::seats::plan::Plan;
use crate::seats::{live, pick};

/// What was lost, and what it is to be held as.
#[derive(Debug, Clone)]
pub struct Lost {
    /// The hold that was too short.
    pub old: Uuid,
    /// The id of the one that takes its place.
    pub new: Uuid,
    /// Whose it is.
    pub user: Uuid,
    /// The booking session it was placed in; it may have ended since.
    pub booking_session: Option<Uuid>,
    /// Ids of the seats it had.
    pub same: Vec<i64>,
    /// As many others of the same ticket type, best first; may be overtaken.
    pub equal: Vec<Vec<i64>>,
    /// Ticket types of the seats.
    pub types: Vec<i64>,
    /// Until when the seats are kept.
    pub until: Ts,
}

/// Other seats that are as good: of the same ticket type, together where seats are numbered. None for seats of several
/// types, which nobody can say to be equal to others.
pub async fn equal_seats(app: &App, session: i64, seats: &[HeldSeat]) -> Result<Vec<Vec<i64>>> {
    let Some(first) =
        seats.first().filter(|first| seats.iter().all(|s| s.ticket_type_id == first.ticket_type_id))
    else {
        return Ok(Vec::new());
    };
    let Some(map) = live::watch(app, session).await? else { return Ok(Vec::new()) };
    let draw = |n: usize| app.entropy.below(n as u32) as usize;
    map.look(app, |map| match map.plan().type_index(first.ticket_type_id) {
        // A place for a wheelchair has no equal among the others.
        Some(_) if seats.iter().any(|seat| is_kept(map.plan(), seat.id)) => Vec::new(),
        Some(kind) if map.plan().types[kind].seated => pick::groups(map, kind, seats.len(), draw),
        Some(kind) => pick::anywhere(map, kind, seats.len(), draw).into_iter().collect(),
        None => Vec::new(),
    })
    .await
}

fn is_kept(plan: &Plan, seat: i64) -> bool {
    plan.index_of(seat).is_some_and(|index| plan.seats[index].access.is_some())
}

/// Ends the lost hold and holds its seats again, else equal ones, by the rules of every hold: the event must be on sale,
/// nobody wait for its seats, and the personal limit hold. `None` when neither is to be had.
pub async fn hold_again(tx: &mut Tx, sale: &SaleEvent, lost: &Lost, now: Ts) -> Result<Option<Vec<Claimed>>> {
    if store::lock(tx, lost.old, lost.user).await?.is_some_and(|hold| hold.status == "active") {
        store::release(tx, lost.old, "expired", now).await?;
    }
    let wish = Wish {
        hold: lost.new,
        user: lost.user,
        event: sale.event_id,
        session: sale.session_id,
        booking_session: lost.booking_session,
        // It was open when the payment began.
        while_open: false,
        currency: sale.currency.clone(),
        limit: sale.per_person_limit,
        unlocked: lost.types.clone(),
        until: lost.until,
    };
    for seats in std::iter::once(&lost.same).chain(&lost.equal) {
        let claim = Claim::of(wish.clone(), seats);
        let claimed = claims::hold_seats(tx, std::slice::from_ref(&claim), now).await?.pop().flatten();
        if claimed.is_some() {
            return Ok(claimed);
        }
    }
    Ok(None)
}
