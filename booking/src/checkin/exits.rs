//! Leaving for a while, and coming back with the same ticket.
//!
//! The entry stands all the while: whoever is scanned out is outside by the row in `checkin_exits`, once by the unique
//! index `checkin_exits_once`, and comes in again by the one update that closes it.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry::{self, Shown};
use super::rules::{self, Question, admits};
use super::store::{self, NewEntry};
use crate::app::App;
use crate::audit;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::extract::GateStaff;
use crate::q;

/// Somebody was let out.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetOut {
    /// `outside`.
    result: &'static str,
    /// The exit.
    id: Uuid,
    /// Code of the ticket, which opens the door once more.
    ticket_code: String,
    /// When.
    at: Ts,
    /// Where.
    gate: String,
}

/// Lets somebody out who means to come back: the ticket opens the door once more. The same `id` again is the same exit.
#[utoipa::path(post, path = "/api/v1/checkins/exits", tag = "gate", request_body = Shown,
    responses((status = 200, body = LetOut), (status = 403, body = ProblemDocument),
              (status = 409, description = "`not-inside`", body = ProblemDocument),
              (status = 422, description = "`ticket-invalid` with `reason`", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn let_out(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Json(shown): Json<Shown>,
) -> Result<Json<LetOut>> {
    let gate = entry::gate(&shown)?;
    let (ticket, statement) = entry::find(&app, &shown).await?.map_err(rules::invalid)?;
    let question = Question { staff: &staff, session: shown.session, statement: statement.as_ref() };
    admits(&ticket, &question).map_err(rules::invalid)?;
    let now = app.now();
    let exit = NewEntry {
        id: shown.id.unwrap_or_else(|| app.entropy.uuid_v7(now)),
        ticket: ticket.id,
        gate,
        staff: staff.id,
        at: now,
    };
    let new = exit.clone();
    let at = app.db.write("let_out", move |tx| {
        let exit = new.clone();
        Box::pin(async move {
            store::lock_live(tx, exit.ticket).await?;
            if store::first_entry(tx, exit.ticket).await?.is_none() {
                return Err(not_inside().into());
            }
            if insert(tx, &exit).await? == 0 {
                return same(tx, &exit).await?.ok_or_else(|| not_inside().into());
            }
            let subject = format!("ticket:{}", exit.ticket);
            audit::append(tx, Some(exit.staff), "check-in.exit", subject, json!({ "exit": exit.id }), now)
                .await?;
            Ok(exit.at)
        })
    });
    let at = at.await?;
    Ok(Json(LetOut { result: "outside", id: exit.id, ticket_code: ticket.code, at, gate: exit.gate }))
}

/// 409 for a ticket whose holder is not inside.
fn not_inside() -> Problem {
    Problem::new(StatusCode::CONFLICT, "not-inside", "Nobody is inside with this ticket")
        .detail("Its holder has not come in yet, or was let out already. Scan it as an entry.")
}

/// Writes an exit; rows touched. 0: `checkin_exits_once` says that the holder is outside, or the exit is known.
async fn insert(tx: &mut Tx, exit: &NewEntry) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO checkin_exits (id, ticket_id, gate, staff, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        exit.id,
        exit.ticket,
        &exit.gate,
        exit.staff,
        exit.at
    )?)
}

/// When this very exit was made, if it stands.
async fn same(tx: &mut Tx, exit: &NewEntry) -> Result<Option<Ts>> {
    Ok(q!(
        tx.ex(),
        optval Ts,
        "SELECT at FROM checkin_exits WHERE id = $1 AND ticket_id = $2 AND returned_at IS NULL",
        exit.id,
        exit.ticket
    )?)
}

/// Lets somebody in again who was let out; false when nobody was.
pub async fn come_back(tx: &mut Tx, ticket: Uuid, gate: &str, at: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE checkin_exits SET returned_at = $3, returned_gate = $2 WHERE ticket_id = $1 AND returned_at IS NULL",
        ticket,
        gate,
        at
    )?;
    Ok(rows == 1)
}

/// Tickets of a session whose holders are outside for a while.
pub async fn outside(db: &Db, session: i64) -> Result<Vec<Uuid>> {
    Ok(q!(
        db.ex(),
        vals Uuid,
        "SELECT x.ticket_id FROM checkin_exits x JOIN tickets t ON t.id = x.ticket_id
         WHERE t.session_id = $1 AND x.returned_at IS NULL ORDER BY x.ticket_id",
        session
    )?)
}
