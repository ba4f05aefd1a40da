//! Applying a code to a hold: by a request of its own, or in the transaction that places the hold.

use shared::clock::Ts;
use shared::problem::Problem;
use uuid::Uuid;

use super::rules::{self, Off, Uses};
use super::store::{self, Applied, PromoCode};
use crate::app::App;
use crate::charges::{self, Terms};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::seats::discount::{self, Listed, Repriced};
use crate::seats::holds::{self, HoldRow, Placed, Request};

/// The code of an event as it stands, if it works for `user` now; else 422 `promo-invalid`. Nothing is locked or used up.
pub async fn look_up(app: &App, event: i64, user: Option<Uuid>, typed: &str) -> Result<PromoCode> {
    let (code, now) = (rules::code(typed).map_err(|_| rules::invalid())?, app.now());
    let promo = store::find(app, event, &code).await?.ok_or_else(rules::invalid)?;
    let uses = store::uses(app.db.ex(), promo.id, user.unwrap_or_default(), now).await?;
    if rules::works(&promo, uses, now) { Ok(promo) } else { Err(rules::invalid().into()) }
}

/// Ids of the hidden ticket types that a code unlocks for `user`, as far as can be told before the hold is placed.
pub async fn unlocked(app: &App, event: i64, user: Uuid, typed: &str) -> Result<Vec<i64>> {
    Ok(look_up(app, event, Some(user), typed).await?.unlocks.0)
}

/// Places the hold in `tx` and applies the code that came with the request; 422 `promo-invalid` undoes both.
pub async fn place(tx: &mut Tx, app: &App, request: &Request, now: Ts) -> Result<Placed> {
    let placed = holds::place(tx, app, request, now).await?;
    let (Some(typed), Placed::Held(row, seats)) = (request.promo(), &placed) else { return Ok(placed) };
    let code = rules::code(typed).map_err(|_| rules::invalid())?;
    let (_, prices) = apply(tx, row, &code, None, now).await?;
    let (mut row, mut seats) = (row.clone(), seats.clone());
    for seat in &mut seats {
        if let Some(new) = prices.iter().find(|new| new.seat == seat.id) {
            seat.parts = new.line();
            seat.price_minor = seat.parts.price_minor();
        }
    }
    row.total_minor = seats.iter().map(|seat| seat.price_minor).sum();
    Ok(Placed::Held(row, seats))
}

/// Applies a code to an active hold that has none. It works for a hold some of whose seats it lowers or unlocks. `seen`: how
/// often the code was in use before the transaction; only tests that take the lock away go by that.
pub async fn apply(
    tx: &mut Tx,
    hold: &HoldRow,
    code: &str,
    seen: Option<Uses>,
    now: Ts,
) -> Result<(Applied, Vec<Repriced>)> {
    let promo = store::lock(tx, hold.event_id, code).await?.ok_or_else(rules::invalid)?;
    let uses = match seen {
        Some(seen) => seen,
        None => store::uses(tx.ex(), promo.id, hold.user_id, now).await?,
    };
    if !rules::works(&promo, uses, now) {
        return Err(rules::invalid().into());
    }
    let terms = terms_of(tx, hold).await?;
    let listed = discount::listed(tx, hold.id).await?;
    let (discount_minor, prices) = lowered(&promo, &terms, &listed)?;
    let unlocks = listed.iter().any(|seat| seat.hidden && promo.unlocks.contains(&seat.ticket_type_id));
    if discount_minor == 0 && !unlocks {
        return Err(rules::invalid().into());
    }
    discount::reprice(tx, hold.id, &prices).await?;
    store::apply(tx, promo.id, hold.id, discount_minor, now).await?;
    Ok((Applied { code: promo.code, discount_minor }, prices))
}

/// What a code takes off in all of what would be charged, and the new prices: it lowers the face price, on which fee and tax
/// are reckoned then.
fn lowered(promo: &PromoCode, terms: &Terms, seats: &[Listed]) -> Result<(i64, Vec<Repriced>), Problem> {
    let Some(off) = Off::of_code(promo)? else { return Ok((0, Vec::new())) };
    let fits =
        |seat: &&Listed| promo.ticket_types.is_empty() || promo.ticket_types.contains(&seat.ticket_type_id);
    let seats: Vec<&Listed> = seats.iter().filter(fits).collect();
    let prices: Vec<Repriced> =
        seats.iter().map(|seat| Repriced::of(seat.seat_id, terms.line(off.price(seat.face_minor)))).collect();
    let before: i64 = seats.iter().map(|seat| terms.line(seat.face_minor).price_minor()).sum();
    Ok((before - prices.iter().map(|new| new.line().price_minor()).sum::<i64>(), prices))
}

/// Takes the code off a hold, whose seats cost what they cost without it again.
pub async fn remove(tx: &mut Tx, hold: &HoldRow) -> Result<()> {
    let seats = discount::listed(tx, hold.id).await?;
    if seats.iter().any(|seat| seat.hidden) {
        return Err(rules::needed().into());
    }
    if !store::remove(tx, hold.id).await? {
        return Err(Problem::not_found().into());
    }
    let terms = terms_of(tx, hold).await?;
    let full: Vec<Repriced> =
        seats.iter().map(|seat| Repriced::of(seat.seat_id, terms.line(seat.face_minor))).collect();
    discount::reprice(tx, hold.id, &full).await
}

/// The terms by which the hold was quoted.
async fn terms_of(tx: &mut Tx, hold: &HoldRow) -> Result<Terms, Error> {
    match hold.charges_id {
        Some(id) => charges::terms(tx.ex(), id).await,
        None => Ok(Terms::default()),
    }
}
