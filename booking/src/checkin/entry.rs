//! One entry: what was shown, whether it admits, and the one step that decides.

use serde::Deserialize;
use serde_json::json;
use shared::clock::Ts;
use shared::problem::Problem;
use utoipa::ToSchema;
use uuid::Uuid;

use super::exits;
use super::rules::{Question, Reason, admits};
use super::store::{self, FirstEntry, NewEntry};
use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::extract::CurrentUser;
use crate::text;
use crate::tickets::qr::Statement;
use crate::tickets::{self, TicketFacts};
use crate::webhooks::{self, About, EventKind};

/// Longest name of a gate.
pub const GATE_CHARS: usize = 64;
/// What a gate without a name is called.
const GATE: &str = "main";

/// What was shown at the gate: a code, or the text of a QR code.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// Made by the scanner, so that an entry sent again is the same entry; absent: every request is another.
    pub id: Option<Uuid>,
    /// `TCK-…`, as typed.
    pub code: Option<String>,
    /// `RL1.…`, as scanned.
    pub qr: Option<String>,
    /// Where; `main` when absent.
    pub gate: Option<String>,
    /// The performance that this gate lets into; absent: any.
    pub session: Option<i64>,
}

/// How an attempt to enter ended.
pub enum Outcome {
    /// Let in, now or by the same entry before.
    Admitted(NewEntry),
    /// Let in again after an exit.
    Returned(NewEntry),
    /// Somebody is inside with this ticket.
    Inside(NewEntry, FirstEntry),
    /// This very entry was made and taken back before.
    Undone,
    /// The ticket does not admit.
    Refused(Reason),
}

/// Lets the holder of what was shown in, once, at the instant `at`. Returns the ticket when there is one.
pub async fn enter(
    app: &App,
    staff: &CurrentUser,
    shown: &Shown,
    at: Ts,
) -> Result<(Option<TicketFacts>, Outcome)> {
    let gate = gate(shown)?;
    let (ticket, statement) = match find(app, shown).await? {
        Ok(found) => found,
        Err(reason) => return Ok((None, Outcome::Refused(reason))),
    };
    let question = Question { staff, session: shown.session, statement: statement.as_ref() };
    if let Err(reason) = admits(&ticket, &question) {
        return Ok((Some(ticket), Outcome::Refused(reason)));
    }
    let id = shown.id.unwrap_or_else(|| app.entropy.uuid_v7(app.now()));
    let entry = NewEntry { id, ticket: ticket.id, gate, staff: staff.id, at };
    let outcome = match at_once(app, &entry).await? {
        Some(outcome) => outcome,
        None => in_steps(app, entry, ticket.booking_id).await?,
    };
    Ok((Some(ticket), outcome))
}

/// The gate where something was shown; 422 for what cannot be the name of one.
pub fn gate(shown: &Shown) -> Result<String, Problem> {
    match &shown.gate {
        Some(gate) => text::line("/gate", gate, GATE_CHARS),
        None => Ok(GATE.to_owned()),
    }
}

/// Lets in with one statement, which many share; `None` when that cannot be, or when somebody wants to be told of it.
async fn at_once(app: &App, entry: &NewEntry) -> Result<Option<Outcome>> {
    if app.webhooks.wants(EventKind::TicketCheckedIn) {
        return Ok(None);
    }
    let entered = app.entries.one(entry.clone()).await?;
    Ok(entered.map(|()| Outcome::Admitted(entry.clone())))
}

/// Lets in, or finds out why not.
async fn in_steps(app: &App, entry: NewEntry, booking: Uuid) -> Result<Outcome> {
    let inner = app.clone();
    let outcome = app
        .db
        .write("check_in", move |tx| {
            let (app, entry) = (inner.clone(), entry.clone());
            Box::pin(async move {
                let (outcome, is_new) = decide(tx, entry).await?;
                if let (Outcome::Admitted(entry), true) = (&outcome, is_new) {
                    tell(tx, &app, entry, booking).await?;
                }
                Ok(outcome)
            })
        })
        .await?;
    app.wake_jobs();
    Ok(outcome)
}

/// Tells webhooks of an entry.
async fn tell(tx: &mut Tx, app: &App, entry: &NewEntry, booking: Uuid) -> Result<()> {
    let data = json!({
        "check_in": entry.id, "ticket": entry.ticket, "booking": booking, "gate": entry.gate, "at": entry.at,
    });
    webhooks::tell(tx, app, EventKind::TicketCheckedIn, About::Booking(booking), data, app.now()).await
}

/// The insertion decides; everything after it only tells what it was. Whether the entry is a new one, and not told again.
async fn decide(tx: &mut Tx, entry: NewEntry) -> Result<(Outcome, bool)> {
    let is_live = store::lock_live(tx, entry.ticket).await?;
    if store::enter(tx, &entry).await? == 0 {
        if store::is_undone(tx, entry.id).await? {
            return Ok((Outcome::Undone, false));
        }
        return match store::first_entry(tx, entry.ticket).await? {
            Some(first) if first.id == entry.id => Ok((Outcome::Admitted(entry), false)),
            // Let out for a while: the entry that stands is theirs.
            Some(_) if is_live && exits::come_back(tx, entry.ticket, &entry.gate, entry.at).await? => {
                Ok((Outcome::Returned(entry), false))
            }
            Some(first) => Ok((Outcome::Inside(entry, first), false)),
            // It was taken back this moment: the next try succeeds.
            None => Err(Problem::unavailable(1).into()),
        };
    }
    if !is_live || store::mark_used(tx, entry.ticket).await? == 0 {
        // Cancelled or passed on since it was read. An error, so that the entry is rolled back with it.
        return Err(super::rules::invalid(Reason::Cancelled).into());
    }
    Ok((Outcome::Admitted(entry), true))
}

/// The ticket that was shown, and what its QR code said.
pub async fn find(app: &App, shown: &Shown) -> Result<Result<(TicketFacts, Option<Statement>), Reason>> {
    match (&shown.code, &shown.qr) {
        (Some(code), None) => {
            let ticket = tickets::by_code(&app.db, &code.trim().to_ascii_uppercase()).await?;
            Ok(ticket.map(|ticket| (ticket, None)).ok_or(Reason::Unknown))
        }
        (None, Some(qr)) => {
            let Some(statement) = Statement::verify(qr.trim(), &app.ticket_keys) else {
                return Ok(Err(Reason::Forged));
            };
            let ticket = tickets::find(app.db.ex(), statement.ticket).await?;
            Ok(ticket.map(|ticket| (ticket, Some(statement))).ok_or(Reason::Unknown))
        }
        _ => Err(Problem::invalid("", "validation", "Send either “code” or “qr”.").into()),
    }
}
