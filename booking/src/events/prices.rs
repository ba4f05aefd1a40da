//! Prices of an event: its charges in force, and what they make of the face prices. Whoever writes a face price or charges ends with
//! [`reckon`], in the same transaction and behind the event's row lock.

use serde::Serialize;
use shared::clock::Ts;
use sqlx::types::Json;

use crate::charges::{self, Terms};
use crate::db::{Tx, expect_rows};
use crate::error::Result;
use crate::q;

/// A ticket type's face price.
#[derive(Debug, Clone, Copy, sqlx::FromRow)]
struct Face {
    id: i64,
    face_minor: i64,
}

/// What a ticket type costs by the charges in force.
#[derive(Debug, Clone, Copy, Serialize)]
struct Price {
    id: i64,
    price_minor: i64,
    fee_minor: i64,
    tax_minor: i64,
}

/// Puts other terms in force, for what is held from now on.
pub async fn put_in_force(tx: &mut Tx, event: i64, terms: &Terms, now: Ts) -> Result<()> {
    let id =
        if *terms == Terms::default() { None } else { Some(charges::insert(tx, event, terms, now).await?) };
    let rows = q!(tx.ex(), exec, "UPDATE events SET charges_id = $2 WHERE id = $1", event, id)?;
    expect_rows("put charges in force", 1, rows)
}

/// Writes into each ticket type what a buyer pays by the charges in force, and into the event the lowest of it, which lists
/// sort by: of what is on sale to everybody; without any it stays.
pub async fn reckon(tx: &mut Tx, event: i64) -> Result<()> {
    let id = q!(tx.ex(), val Option<i64>, "SELECT charges_id FROM events WHERE id = $1", event)?;
    let terms = match id {
        Some(id) => charges::terms(tx.ex(), id).await?,
        None => Terms::default(),
    };
    let faces = q!(
        tx.ex(),
        all Face,
        "SELECT t.id, t.face_minor FROM ticket_types t JOIN sessions s ON s.id = t.session_id WHERE s.event_id = $1",
        event
    )?;
    let price = |face: Face| {
        let line = terms.line(face.face_minor);
        Price {
            id: face.id,
            price_minor: line.price_minor(),
            fee_minor: line.fee_minor,
            tax_minor: line.tax_minor,
        }
    };
    write(tx, &faces.into_iter().map(price).collect::<Vec<_>>(), id).await?;
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE events SET price_from_minor = COALESCE(
             (SELECT min(t.price_minor) FROM ticket_types t JOIN sessions s ON s.id = t.session_id
              WHERE s.event_id = $1 AND NOT t.withdrawn AND NOT t.hidden), price_from_minor) WHERE id = $1",
        event
    )?;
    expect_rows("note lowest price", 1, rows)
}

async fn write(tx: &mut Tx, prices: &[Price], charges: Option<i64>) -> Result<()> {
    let rows = q!(
        tx.ex(),
        exec,
        pg "UPDATE ticket_types SET price_minor = n.price_minor, fee_minor = n.fee_minor, tax_minor = n.tax_minor, charges_id = $2
            FROM jsonb_to_recordset($1) AS n (id BIGINT, price_minor BIGINT, fee_minor BIGINT, tax_minor BIGINT)
            WHERE ticket_types.id = n.id"
        lite "UPDATE ticket_types SET price_minor = n.value ->> 'price_minor', fee_minor = n.value ->> 'fee_minor',
                     tax_minor = n.value ->> 'tax_minor', charges_id = $2
              FROM json_each($1) n WHERE ticket_types.id = n.value ->> 'id'",
        Json(prices),
        charges
    )?;
    expect_rows("price ticket types", prices.len() as u64, rows)
}
