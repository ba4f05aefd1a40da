//! Placing a hold: choosing what to try, then trying it in one transaction.

use std::time::Duration;

use shared::clock::Ts;
use shared::problem::Problem;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use super::any;
use super::choice::{self, Choice};
use super::claims::{self, Claim, Claimed, Wish};
use super::rules::{self, Wanted};
use super::store::{self, HoldRow};
use super::{HeldSeat, HoldDocument};
use crate::admissions;
use crate::app::App;
use crate::charges::{Line, Terms};
use crate::db::{Dual, Tx};
use crate::error::{Error, Result};
use crate::events::{self, SaleEvent};
use crate::promos;
use crate::seats::live::{self, Watched};
use crate::seats::{check_open, pick};
use crate::users;
use std::sync::Arc;

/// Attempts at seats that others are claiming at this very instant.
const ATTEMPTS: u32 = 4;
/// Longest pause before the second attempt, in milliseconds; it grows with each.
const PAUSE_MS: u32 = 4;

/// Everything a hold needs that can be known before its transaction.
#[derive(Clone)]
pub struct Request {
    /// The id of what is to be placed: the same however often that is tried, and by whichever way.
    hold: Uuid,
    user: Uuid,
    sale: Arc<SaleEvent>,
    pub(super) choices: Vec<Choice>,
    /// Whether the shopper named the seats; then there is no other choice.
    is_named: bool,
    pub(super) quantity: i64,
    pub(super) booking_session: Option<Uuid>,
    /// The code that came with the request.
    promo: Option<String>,
    /// Hidden ticket types that the code unlocks.
    unlocked: Vec<i64>,
    map: Arc<Watched>,
    #[cfg(feature = "testing")]
    pub(super) looked: unguarded::Looked,
}

/// How a request ended. A refusal has changed nothing and may be committed, so that its answer can be kept.
pub enum Placed {
    /// The seats are held.
    Held(HoldRow, Vec<HeldSeat>),
    /// They are not.
    Refused(Problem),
}

impl Request {
    /// Checks the request and the sale, and chooses what to try. Refusals: 422 of [`rules::wanted`] and `promo-invalid`, 403
    /// `email-unverified`, 404, 409 `sale-not-open`, 410 `sale-ended`.
    pub async fn prepare(
        app: &App,
        user: Uuid,
        sale: Arc<SaleEvent>,
        new: &super::NewHold,
        booking_session: Option<Uuid>,
    ) -> Result<Self> {
        let wanted = rules::wanted(new)?;
        users::check_may_buy(app, user).await?;
        let unlocked = match &new.promo_code {
            Some(code) => promos::unlocked(app, sale.event_id, user, code).await?,
            None => Vec::new(),
        };
        let map = live::watch(app, sale.session_id).await?.ok_or_else(Problem::not_found)?;
        let quantity = wanted.quantity() as i64;
        let is_named = matches!(wanted, Wanted::Seats(_));
        let choices = choice::choices(app, &map, wanted, new.accessible.unwrap_or_default(), &unlocked)?;
        #[cfg(feature = "testing")]
        let looked = unguarded::look(app, user, &sale, &choices).await?;
        Ok(Self {
            hold: app.entropy.uuid_v7(app.now()),
            user,
            choices,
            is_named,
            quantity,
            booking_session,
            promo: new.promo_code.clone(),
            unlocked,
            map,
            #[cfg(feature = "testing")]
            looked,
            sale,
        })
    }

    /// Who wants the seats.
    pub fn user(&self) -> Uuid {
        self.user
    }

    /// The sale it is for.
    pub fn sale(&self) -> &Arc<SaleEvent> {
        &self.sale
    }

    /// The code that came with it: to be applied to the hold in the transaction that places it.
    pub fn promo(&self) -> Option<&str> {
        self.promo.as_deref()
    }

    /// The session whose seats are wanted.
    pub fn session(&self) -> i64 {
        self.sale.session_id
    }

    /// Whether it can be placed with others in one statement. On SQLite that statement does not look at booking sessions.
    pub(super) fn goes_together(&self, app: &App) -> bool {
        self.promo.is_none() && (self.booking_session.is_none() || app.db.is_postgres())
    }

    /// Tickets of the event that the shopper may hold or own.
    fn limit(&self) -> i64 {
        #[cfg(feature = "testing")]
        if self.looked.have.is_some_and(|have| have + self.quantity <= self.sale.per_person_limit) {
            return i64::MAX;
        }
        self.sale.per_person_limit
    }

    pub(super) fn wish(&self, app: &App, now: Ts) -> Wish {
        Wish {
            hold: self.hold,
            user: self.user,
            event: self.sale.event_id,
            session: self.sale.session_id,
            booking_session: self.booking_session,
            while_open: self.booking_session.is_some(),
            currency: self.sale.currency.clone(),
            limit: self.limit(),
            unlocked: self.unlocked.clone(),
            until: now + time::Duration::minutes(app.settings.booking.hold_minutes),
        }
    }

    pub(super) fn placed(&self, wish: Wish, claimed: Vec<Claimed>) -> Result<Placed> {
        let total = claimed.iter().try_fold(0i64, |sum, seat| sum.checked_add(seat.price_minor));
        let row = HoldRow {
            id: wish.hold,
            session_id: wish.session,
            event_id: wish.event,
            user_id: wish.user,
            booking_session_id: wish.booking_session,
            status: "active".into(),
            quantity: self.quantity,
            total_minor: total.ok_or_else(|| Error::Internal("the sum of the prices is too large".into()))?,
            currency: wish.currency,
            charges_id: claimed.iter().filter_map(|seat| seat.charges_id).max(),
            expires_at: wish.until,
            kept_until: wish.until,
            extended: false,
            booking_id: None,
        };
        Ok(Placed::Held(row, claimed.into_iter().map(Claimed::held).collect()))
    }
}

/// Places the hold in `tx`: booking session, then personal limit, seats and hold in one statement.
pub async fn place(tx: &mut Tx, app: &App, request: &Request, now: Ts) -> Result<Placed> {
    if let Some(session) = request.booking_session
        && !admissions::is_open(tx, session, now).await?
    {
        return Ok(Placed::Refused(admissions::ended()));
    }
    for attempt in 0..ATTEMPTS {
        if attempt > 0 {
            let pause = app.entropy.below(PAUSE_MS * attempt) + 1;
            tokio::time::sleep(Duration::from_millis(pause.into())).await;
            store::lock_shopper(tx, request.user, request.sale.event_id, now).await?;
        }
        if let Some(placed) = try_place(tx, app, request, now).await? {
            return Ok(placed);
        }
        if let Some(refusal) = refusal(tx, app, request, attempt + 1 == ATTEMPTS, now).await? {
            return Ok(Placed::Refused(refusal));
        }
    }
    Ok(Placed::Refused(rules::not_enough()))
}

/// Tries the request's choices, one statement each; `None` when none was to be had.
async fn try_place(tx: &mut Tx, app: &App, request: &Request, now: Ts) -> Result<Option<Placed>> {
    let wish = request.wish(app, now);
    for choice in &request.choices {
        let claimed = match choice {
            Choice::Seats(seats) => {
                let claim = Claim::of(wish.clone(), seats);
                #[cfg(feature = "testing")]
                if request.looked.were_free {
                    let claimed = claims::hold_seats_unguarded(tx, &claim, now).await?;
                    return claimed.map(|claimed| request.placed(wish, claimed)).transpose();
                }
                claims::hold_seats(tx, std::slice::from_ref(&claim), now).await?.pop().flatten()
            }
            Choice::Any(kind) => any::hold_any(tx, &wish, *kind, request.quantity, now).await?,
        };
        if let Some(claimed) = claimed {
            return request.placed(wish, claimed).map(Some);
        }
    }
    Ok(None)
}

/// Why nothing was claimed; `None` when the seats look free, so that only a claim in flight, of the seats or of the
/// same shopper, was in the way.
async fn refusal(
    tx: &mut Tx,
    app: &App,
    request: &Request,
    is_last: bool,
    now: Ts,
) -> Result<Option<Problem>> {
    if let Err(closed) = check_open(&events::sale_anew(tx, request.session()).await?, now) {
        // Another node closed it a moment ago.
        app.event_pages.clear();
        return Ok(Some(closed));
    }
    let have = store::count_of(tx, request.user, request.sale.event_id, now).await?;
    if have + request.quantity > request.limit() {
        return Ok(Some(rules::limit_reached(request.sale.per_person_limit, have)));
    }
    if let (true, Some(Choice::Seats(seats))) = (request.is_named, request.choices.first()) {
        return taken(tx, app, request, seats, is_last, now).await;
    }
    for choice in &request.choices {
        let Choice::Any(kind) = choice else { continue };
        if claims::count_free(tx, request.session(), *kind, now).await? >= request.quantity {
            return Ok(is_last.then(rules::not_enough));
        }
    }
    Ok(Some(rules::not_enough()))
}

/// Which of the named seats are not to be had.
async fn taken(
    tx: &mut Tx,
    app: &App,
    request: &Request,
    seats: &[i64],
    is_last: bool,
    now: Ts,
) -> Result<Option<Problem>> {
    let standing = claims::standing(tx, request.session(), seats, &request.unlocked, now).await?;
    if standing.len() < seats.len() {
        let known = |seat: &i64| standing.iter().any(|(id, _)| id == seat);
        let unknown: Vec<i64> = seats.iter().copied().filter(|seat| !known(seat)).collect();
        return Ok(Some(rules::unknown_seat(&unknown)));
    }
    let mut taken: Vec<i64> = standing.iter().filter(|(_, is_free)| !is_free).map(|(id, _)| *id).collect();
    if taken.is_empty() && is_last {
        taken = seats.to_vec();
    }
    let refusal = |taken: &[i64]| {
        request
            .map
            .glance(app, |map| rules::seat_taken(taken, &pick::alternatives(map, seats), map.version()))
    };
    Ok((!taken.is_empty()).then(|| refusal(&taken)))
}

/// The two mistakes that the guards prevent: deciding by what was seen before the transaction.
#[cfg(feature = "testing")]
mod unguarded {
    use super::*;
    use crate::guards::Guard;

    /// What was seen before the transaction, for tests that took the guard away.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct Looked {
        pub have: Option<i64>,
        pub were_free: bool,
    }

    pub async fn look(app: &App, user: Uuid, sale: &SaleEvent, choices: &[Choice]) -> Result<Looked> {
        let now = app.now();
        let mut looked = Looked::default();
        if app.guards.is_off(Guard::PersonalLimit) {
            let event = sale.event_id;
            let count = app.db.write("look_first", move |tx| {
                Box::pin(async move { store::count_of(tx, user, event, now).await })
            });
            looked.have = Some(count.await?);
        }
        if let Some(Choice::Seats(seats)) = choices.first()
            && app.guards.is_off(Guard::SeatClaim)
        {
            let (session, seats) = (sale.session_id, seats.clone());
            let standing = app.db.write("look_first", move |tx| {
                let seats = seats.clone();
                Box::pin(async move { claims::standing(tx, session, &seats, &[], now).await })
            });
            let standing = standing.await?;
            looked.were_free = standing.iter().all(|(_, is_free)| *is_free);
        }
        if looked.have.is_some() || looked.were_free {
            app.guards.meet().await;
        }
        Ok(looked)
    }
}

impl Claimed {
    fn held(self) -> HeldSeat {
        HeldSeat {
            id: self.id,
            label: self.label,
            section: self.section,
            row: self.row_label,
            price_minor: self.price_minor,
            parts: Line::of(self.price_minor, self.fee_minor, self.tax_minor),
            refund_minor: None,
            ticket_type: self.ticket_type,
            ticket_type_id: self.ticket_type_id,
        }
    }
}

impl HoldRow {
    /// The hold as its shopper sees it at `now`; `ex` is asked for the terms of its prices when its event has others by now.
    pub async fn document<'e, P, L>(
        self,
        ex: Dual<P, L>,
        sale: &SaleEvent,
        seats: Vec<HeldSeat>,
        now: Ts,
    ) -> Result<HoldDocument>
    where
        P: PgExecutor<'e>,
        L: SqliteExecutor<'e>,
    {
        let terms = events::quoted_terms(ex, self.charges_id, sale).await?;
        Ok(self.told(sale, &terms, seats, now))
    }

    fn told(self, sale: &SaleEvent, terms: &Terms, seats: Vec<HeldSeat>, now: Ts) -> HoldDocument {
        let is_live = self.status == "active" && now < self.expires_at;
        let is_late = self.status == "active" && !is_live;
        HoldDocument {
            id: self.id,
            status: if is_late { "expired".into() } else { self.status },
            event: sale.into(),
            session: sale.into(),
            expires_at: self.expires_at,
            sums: terms.sums(seats.iter().map(|seat| seat.parts)),
            seats,
            total_minor: self.total_minor,
            currency: self.currency,
            extendable: is_live && !self.extended,
            booking_id: self.booking_id,
            server_time: now,
        }
    }
}
