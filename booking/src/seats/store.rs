//! SQL of seat maps.

use serde_json::{Value, json};
use shared::clock::Ts;

use super::access::Access;
use crate::db::{Db, Dual};
use crate::error::{Error, Result};
use crate::q;

/// A seat as it is loaded once.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct SeatRow {
    pub id: i64,
    pub ticket_type_id: i64,
    pub section: Option<String>,
    pub row_label: Option<String>,
    pub label: Option<String>,
    pub access: Option<Access>,
    pub x: i64,
    pub y: i64,
    pub state: String,
    pub held_until: Option<Ts>,
    pub changed_at: Ts,
}

/// A seat as it is read again.
#[derive(Debug, Clone, sqlx::FromRow)]
#[allow(missing_docs)]
pub struct SeatChange {
    pub id: i64,
    pub state: String,
    pub held_until: Option<Ts>,
    pub changed_at: Ts,
}

impl SeatChange {
    /// A seat that was held at `now` until `until`.
    pub fn held(id: i64, until: Ts, now: Ts) -> Self {
        Self { id, state: "held".into(), held_until: Some(until), changed_at: now }
    }

    /// A seat that was sold at `now`.
    pub fn sold(id: i64, now: Ts) -> Self {
        Self { id, state: "sold".into(), held_until: None, changed_at: now }
    }
}

impl SeatRow {
    /// The part that changes.
    pub fn change(&self) -> SeatChange {
        SeatChange {
            id: self.id,
            state: self.state.clone(),
            held_until: self.held_until,
            changed_at: self.changed_at,
        }
    }
}

/// A ticket type of a session.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct TypeRow {
    pub id: i64,
    pub name: String,
    pub price_minor: i64,
    pub colour: String,
    pub premium: bool,
    pub seated: bool,
    /// For whoever has a code that unlocks it: the public sees neither it nor its seats.
    pub hidden: bool,
}

impl TypeRow {
    /// The type as a snapshot shows it.
    pub fn document(&self, remaining: i64) -> Value {
        json!({
            "id": self.id, "name": self.name, "price_minor": self.price_minor, "colour": self.colour,
            "premium": self.premium, "seated": self.seated, "remaining": remaining,
        })
    }
}

/// The ticket types of a session; none when there is no such session.
pub async fn types(db: &Db, session: i64) -> Result<Vec<TypeRow>> {
    Ok(q!(
        db.ex(),
        all TypeRow,
        "SELECT id, name, price_minor, colour, premium, seated, hidden FROM ticket_types WHERE session_id = $1 ORDER BY sort, id",
        session
    )?)
}

/// What a session is seated by.
#[derive(Debug, Clone, Copy, Default, sqlx::FromRow)]
pub struct Seating {
    /// Its layout; none for general admission.
    pub layout_id: Option<i64>,
    /// When it got another version of its layout.
    pub planned_at: Option<Ts>,
}

/// What a session is seated by; nothing when there is no such session.
pub async fn seating(db: &Db, session: i64) -> Result<Seating> {
    let found =
        q!(db.ex(), opt Seating, "SELECT layout_id, planned_at FROM sessions WHERE id = $1", session)?;
    Ok(found.unwrap_or_default())
}

/// Every seat of a session in id order.
///
/// SQLite gives them as one JSON text: row by row each value is copied and each row handed from thread to thread, which
/// makes 17 µs of each of a hundred thousand.
pub async fn seats(db: &Db, session: i64) -> Result<Vec<SeatRow>> {
    match db.ex() {
        Dual::Pg(reads) => Ok(q!(
            pg reads,
            all SeatRow,
            "SELECT id, ticket_type_id, section, row_label, label, access, x, y, state, held_until, changed_at
             FROM seats WHERE session_id = $1 ORDER BY id",
            session
        )?),
        Dual::Lite(reader) => {
            let text = q!(
                lite reader,
                val String,
                "SELECT json_group_array(json_array(
                    id, ticket_type_id, section, row_label, label, access, x, y, state, held_until, changed_at
                 )) FROM (SELECT * FROM seats WHERE session_id = $1 ORDER BY id)",
                session
            )?;
            let rows: Vec<Packed> =
                serde_json::from_str(&text).map_err(|e| Error::Internal(format!("seats as JSON: {e}")))?;
            Ok(rows.into_iter().map(SeatRow::from).collect())
        }
    }
}

/// A [`SeatRow`]'s columns in their order, instants in microseconds.
type Packed = (
    i64,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<Access>,
    i64,
    i64,
    String,
    Option<i64>,
    i64,
);

impl From<Packed> for SeatRow {
    fn from(packed: Packed) -> Self {
        let (id, ticket_type_id, section, row_label, label, access, x, y, state, held_until, changed_at) =
            packed;
        let held_until = held_until.map(Ts::from_micros);
        let changed_at = Ts::from_micros(changed_at);
        Self { id, ticket_type_id, section, row_label, label, access, x, y, state, held_until, changed_at }
    }
}

/// Seats that changed after `since`.
pub async fn changes(db: &Db, session: i64, since: Ts) -> Result<Vec<SeatChange>> {
    Ok(q!(
        db.ex(),
        all SeatChange,
        "SELECT id, state, held_until, changed_at FROM seats WHERE session_id = $1 AND changed_at > $2",
        session,
        since
    )?)
}
