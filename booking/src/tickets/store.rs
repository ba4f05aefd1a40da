//! SQL of tickets and their transfers.

use shared::clock::Ts;
use sqlx::{FromRow, PgExecutor, QueryBuilder, SqliteExecutor};
use uuid::Uuid;

use super::{TicketCard, TicketFacts, TicketStatus};
use crate::db::{Db, Dual, Tx, expect_rows};
use crate::error::Result;
use crate::{on, q};

#[derive(FromRow)]
struct CardRow {
    booking_id: Uuid,
    code: String,
    status: TicketStatus,
    section: Option<String>,
    row_label: Option<String>,
    label: Option<String>,
}

/// Tickets of bookings that belong, or belonged, to the bookings' buyers, with the booking each is of.
pub async fn cards(db: &Db, bookings: &[Uuid]) -> Result<Vec<(Uuid, TicketCard)>> {
    if bookings.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<CardRow> = on!(db.ex(), c => {
        let mut sql = QueryBuilder::new(
            "SELECT t.booking_id, t.code, t.status, s.section, s.row_label, s.label
             FROM tickets t JOIN bookings b ON b.id = t.booking_id AND b.user_id = t.user_id
             JOIN seats s ON s.id = t.seat_id WHERE t.booking_id IN (",
        );
        let mut list = sql.separated(", ");
        for booking in bookings {
            list.push_bind(*booking);
        }
        sql.push(") ORDER BY t.seat_id, t.generation");
        sql.build_query_as().fetch_all(c).await?
    });
    let card = |row: CardRow| {
        (row.booking_id, TicketCard::new(row.code, row.status, &row.section, &row.row_label, &row.label))
    };
    Ok(rows.into_iter().map(card).collect())
}

/// Everything that is printed on a ticket; what follows says which ones.
const FACTS: &str =
    "SELECT t.id, t.code, t.booking_id, b.reference, t.user_id, t.holder_name, t.holder, t.generation, t.status,
            t.price_minor, t.fee_minor, t.tax_minor, c.terms, b.currency, t.issued_at, t.event_id, e.name AS event_name, e.category AS event_category, e.image AS event_image,
            e.created_by AS organiser, v.name AS venue_name, v.address AS venue_address, v.time_zone, t.session_id,
            x.room_name, x.doors_at, x.starts_at, x.ends_at, x.revision, y.name AS ticket_type, t.seat_id, s.section, s.row_label,
            s.label
     FROM tickets t JOIN bookings b ON b.id = t.booking_id JOIN events e ON e.id = t.event_id
     JOIN venues v ON v.id = e.venue_id JOIN sessions x ON x.id = t.session_id
     JOIN ticket_types y ON y.id = t.ticket_type_id JOIN seats s ON s.id = t.seat_id
     JOIN holds h ON h.id = b.hold_id LEFT JOIN charges c ON c.id = h.charges_id";

/// A ticket.
pub async fn find<'e, P, L>(ex: Dual<P, L>, id: Uuid) -> Result<Option<TicketFacts>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(on!(ex, c => {
        let mut sql = QueryBuilder::new(FACTS);
        sql.push(" WHERE t.id = ").push_bind(id);
        sql.build_query_as().fetch_optional(c).await?
    }))
}

/// The ticket with this code.
pub async fn by_code(db: &Db, code: &str) -> Result<Option<TicketFacts>> {
    Ok(on!(db.ex(), c => {
        let mut sql = QueryBuilder::new(FACTS);
        sql.push(" WHERE t.code = ").push_bind(code);
        sql.build_query_as().fetch_optional(c).await?
    }))
}

/// The live tickets of a booking that its buyer holds.
pub async fn live_of_booking(db: &Db, booking: Uuid) -> Result<Vec<TicketFacts>> {
    Ok(on!(db.ex(), c => {
        let mut sql = QueryBuilder::new(FACTS);
        sql.push(" WHERE t.user_id = b.user_id AND t.status IN ('valid', 'used') AND t.booking_id = ").push_bind(booking);
        sql.push(" ORDER BY t.seat_id");
        sql.build_query_as().fetch_all(c).await?
    }))
}

/// The live tickets that a user holds, of sessions that end after `after`, the next first.
pub async fn live_of_user(
    db: &Db,
    user: Uuid,
    booking: Option<Uuid>,
    after: Ts,
    limit: i64,
) -> Result<Vec<TicketFacts>> {
    Ok(on!(db.ex(), c => {
        let mut sql = QueryBuilder::new(FACTS);
        sql.push(" WHERE t.status IN ('valid', 'used') AND t.user_id = ").push_bind(user);
        if let Some(booking) = booking {
            sql.push(" AND t.booking_id = ").push_bind(booking);
        }
        sql.push(" AND x.ends_at > ").push_bind(after);
        sql.push(" ORDER BY x.starts_at, t.seat_id LIMIT ").push_bind(limit);
        sql.build_query_as().fetch_all(c).await?
    }))
}

/// An offer to be made.
#[derive(Debug, Clone)]
pub struct NewOffer {
    /// The offer.
    pub id: Uuid,
    /// The ticket.
    pub ticket: Uuid,
    /// Whose it is.
    pub from: Uuid,
    /// Where the link goes.
    pub to_email: String,
    /// Hash of the link's secret.
    pub token_hash: Vec<u8>,
    /// The offer is dead from then on.
    pub expires_at: Ts,
}

/// Ends an open offer of the ticket whose time is over, so that another can be made.
pub async fn expire_offer(tx: &mut Tx, ticket: Uuid, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE transfers SET status = 'expired' WHERE ticket_id = $1 AND status = 'offered' AND expires_at <= $2",
        ticket,
        now
    )?;
    Ok(())
}

/// Offers a ticket; rows touched (0: it is on offer already).
pub async fn insert_offer(tx: &mut Tx, offer: &NewOffer, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO transfers (id, ticket_id, from_user, to_email, token_hash, status, created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, 'offered', $6, $7)
         ON CONFLICT (ticket_id) WHERE status = 'offered' DO NOTHING",
        offer.id,
        offer.ticket,
        offer.from,
        &offer.to_email,
        &offer.token_hash,
        now,
        offer.expires_at
    )?)
}

/// Withdraws the open offer of a ticket; rows touched.
pub async fn withdraw_offer(tx: &mut Tx, ticket: Uuid) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE transfers SET status = 'withdrawn' WHERE ticket_id = $1 AND status = 'offered'",
        ticket
    )?)
}

/// An offer, found by its link.
#[derive(Debug, Clone, FromRow)]
pub struct Offer {
    /// The ticket.
    pub ticket_id: Uuid,
    /// Whose it is.
    pub from_user: Uuid,
    /// `offered`, `accepted`, `withdrawn` or `expired`.
    pub status: String,
    /// The offer is dead from then on.
    pub expires_at: Ts,
}

/// The offer that a link leads to; `None` unless the link's secret is right.
pub async fn offer(db: &Db, id: Uuid, token_hash: &[u8]) -> Result<Option<Offer>> {
    Ok(q!(
        db.ex(),
        opt Offer,
        "SELECT ticket_id, from_user, status, expires_at FROM transfers WHERE id = $1 AND token_hash = $2",
        id,
        token_hash
    )?)
}

/// Takes an open offer; rows touched (0: it is no longer open).
pub async fn take_offer(tx: &mut Tx, id: Uuid, now: Ts) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "UPDATE transfers SET status = 'accepted', accepted_at = $2 WHERE id = $1 AND status = 'offered' AND expires_at > $2",
        id,
        now
    )?)
}

/// What a ticket leaves to its successor.
#[derive(FromRow)]
pub struct Legacy {
    pub booking_id: Uuid,
    event_id: i64,
    session_id: i64,
    seat_id: i64,
    ticket_type_id: i64,
    generation: i64,
    price_minor: i64,
    fee_minor: i64,
    tax_minor: i64,
}

/// Kills a valid ticket of `owner` because it was passed on; `None` when it is no longer valid or theirs.
pub async fn pass_on(tx: &mut Tx, ticket: Uuid, owner: Uuid) -> Result<Option<Legacy>> {
    Ok(q!(
        tx.ex(),
        opt Legacy,
        "UPDATE tickets SET status = 'transferred' WHERE id = $1 AND user_id = $2 AND status = 'valid'
         RETURNING booking_id, event_id, session_id, seat_id, ticket_type_id, generation, price_minor, fee_minor, tax_minor",
        ticket,
        owner
    )?)
}

/// What a ticket leaves, whether or not it is still valid or theirs: for tests that take the guard away.
#[cfg(feature = "testing")]
pub async fn look_unguarded(tx: &mut Tx, ticket: Uuid) -> Result<Option<Legacy>> {
    Ok(q!(
        tx.ex(),
        opt Legacy,
        "SELECT booking_id, event_id, session_id, seat_id, ticket_type_id, generation, price_minor, fee_minor, tax_minor
         FROM tickets WHERE id = $1",
        ticket
    )?)
}

/// Who a ticket is for.
pub struct Heir {
    /// The new ticket.
    pub ticket: Uuid,
    /// Its code.
    pub code: String,
    /// Its owner.
    pub user: Uuid,
    /// The opaque id in its QR code.
    pub holder: Uuid,
}

/// Issues the successor of a ticket that was passed on, in the name of its new owner.
pub async fn insert_heir(tx: &mut Tx, legacy: &Legacy, heir: &Heir, now: Ts) -> Result<()> {
    let holder_name = q!(tx.ex(), val String, "SELECT name FROM users WHERE id = $1", heir.user)?;
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO tickets (id, code, booking_id, event_id, session_id, seat_id, ticket_type_id, user_id,
                              holder_name, holder, generation, status, price_minor, fee_minor, tax_minor, issued_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'valid', $12, $14, $15, $13)",
        heir.ticket,
        &heir.code,
        legacy.booking_id,
        legacy.event_id,
        legacy.session_id,
        legacy.seat_id,
        legacy.ticket_type_id,
        heir.user,
        &holder_name,
        heir.holder,
        legacy.generation + 1,
        legacy.price_minor,
        now,
        legacy.fee_minor,
        legacy.tax_minor
    )?;
    expect_rows("issue the successor of a ticket", 1, rows)
}

/// Takes the names off somebody's tickets that open no door at `now` or later.
pub async fn forget_names(tx: &mut Tx, user: Uuid, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE tickets SET holder_name = 'Deleted account'
         WHERE user_id = $1 AND (status NOT IN ('valid', 'used')
                                 OR (SELECT s.ends_at FROM sessions s WHERE s.id = tickets.session_id) <= $2)",
        user,
        now
    )?;
    Ok(())
}

/// When the last session is over that somebody's tickets open a door to; `None` when there is none.
pub async fn names_needed_until(tx: &mut Tx, user: Uuid, now: Ts) -> Result<Option<Ts>> {
    Ok(q!(
        tx.ex(),
        val Option<Ts>,
        "SELECT max(s.ends_at) FROM tickets t JOIN sessions s ON s.id = t.session_id
         WHERE t.user_id = $1 AND t.status IN ('valid', 'used') AND s.ends_at > $2",
        user,
        now
    )?)
}

/// Withdraws somebody's open offers, and forgets the addresses that tickets were offered to, hers among them.
pub async fn forget_offers(tx: &mut Tx, user: Uuid) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE transfers SET status = 'withdrawn' WHERE from_user = $1 AND status = 'offered'",
        user
    )?;
    q!(tx.ex(), exec, "UPDATE transfers SET to_email = '' WHERE from_user = $1", user)?;
    q!(
        tx.ex(),
        exec,
        "UPDATE transfers SET to_email = '' WHERE lower(to_email) = (SELECT lower(u.email) FROM users u WHERE u.id = $1)",
        user
    )?;
    Ok(())
}
