//! Scanners without a network: what they take with them, and what they report when they are back.

use axum::extract::{OriginalUri, State};
use axum::http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::doors;
use super::entry::{Outcome, Shown, enter};
use super::exits;
use super::store::{self, DeadTicket, ListedTicket, UsedTicket};
use crate::app::App;
use crate::error::Result;
use crate::extract::{GateStaff, Params, Path};

/// Entries in one report at most; a JSON body of 64 KiB holds them.
const REPORT_MAX: usize = 100;
/// Tickets on one page of the list at most.
const PAGE_MAX: i64 = 2_000;
/// Tickets on one page when the scanner doesn't say.
const PAGE: i64 = 1_000;

/// Entries made without a network, in the order they were made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// At most 100.
    entries: Vec<Reported>,
}

/// An entry made without a network.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// Made by the scanner: the same entry reported again is the same entry.
    id: Uuid,
    /// When the scanner let them in, by its own clock; the future is read as now.
    at: Ts,
    /// `TCK-…`, as typed.
    code: Option<String>,
    /// `RL1.…`, as scanned.
    qr: Option<String>,
    /// Where; `main` when absent.
    gate: Option<String>,
    /// The performance that the gate let into.
    session: Option<i64>,
}

/// What became of a reported entry.
#[derive(Debug, Serialize, ToSchema)]
pub struct Settled {
    /// The entry.
    id: Uuid,
    /// `admitted`, `already-used` (kept as a conflict), `ticket-invalid`, or `undone` (reported and taken back before).
    result: &'static str,
    /// With `ticket-invalid`: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// With `already-used`: when the first came in.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_used_at: Option<Ts>,
    /// With `already-used`: where.
    #[serde(skip_serializing_if = "Option::is_none")]
    gate: Option<String>,
}

/// Takes the entries that a scanner made without a network; safe to repeat. Whoever came second is kept as a conflict.
#[utoipa::path(post, path = "/api/v1/checkins/offline", tag = "gate", request_body = Report,
    responses((status = 200, body = Vec<Settled>), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn report(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Json(report): Json<Report>,
) -> Result<Json<Vec<Settled>>> {
    if report.entries.len() > REPORT_MAX {
        let detail = format!("Report at most {REPORT_MAX} entries at a time.");
        return Err(Problem::invalid("/entries", "too-many", detail).into());
    }
    let now = app.now();
    let mut settled = Vec::with_capacity(report.entries.len());
    for reported in report.entries {
        let Reported { id, at, code, qr, gate, session } = reported;
        let shown = Shown { id: Some(id), code, qr, gate, session };
        let nothing = Settled { id, result: "admitted", reason: None, first_used_at: None, gate: None };
        settled.push(match enter(&app, &staff, &shown, at.min(now)).await?.1 {
            Outcome::Admitted(_) | Outcome::Returned(_) => nothing,
            Outcome::Undone => Settled { result: "undone", ..nothing },
            Outcome::Refused(reason) => {
                Settled { result: "ticket-invalid", reason: Some(reason.code()), ..nothing }
            }
            Outcome::Inside(entry, first) => {
                app.db
                    .write("check_in_conflict", move |tx| {
                        let entry = entry.clone();
                        Box::pin(async move { store::keep_conflict(tx, &entry, now).await })
                    })
                    .await?;
                let (first_used_at, gate) = (Some(first.at), Some(first.gate));
                Settled { result: "already-used", first_used_at, gate, ..nothing }
            }
        });
    }
    Ok(Json(settled))
}

/// What a signature cannot tell.
#[derive(Debug, Serialize, ToSchema)]
pub struct Offline {
    /// The performance.
    session: i64,
    /// As of when.
    as_of: Ts,
    /// Tickets of the performance ever issued, dead ones too: a scanner whose list has fewer fetches the rest.
    issued: i64,
    /// Tickets that no longer admit, though their QR codes are genuine.
    dead: Vec<DeadTicket>,
    /// Tickets whose holders are inside, or outside for a while.
    used: Vec<UsedTicket>,
    /// Of them, those whose holders were let out and may come in again.
    outside: Vec<Uuid>,
}

/// What a scanner takes with it before it loses the network: which genuine tickets not to admit.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/checkins/offline", operation_id = "offline_list", tag = "gate", params(("id" = i64, Path)),
    responses((status = 200, body = Offline), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn list(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Path(session): Path<i64>,
) -> Result<Json<Offline>> {
    doors::require(&app, &staff, session).await?;
    let as_of = app.now();
    let dead = store::dead_tickets(&app.db, session).await?;
    let used = store::used_tickets(&app.db, session).await?;
    let issued = store::issued(&app.db, session).await?;
    let outside = exits::outside(&app.db, session).await?;
    Ok(Json(Offline { session, as_of, issued, dead, used, outside }))
}

/// The tickets of a performance, for finding one by code, reference, name or seat without a network, in the order they
/// were issued. The next page is in the `Link` header; with the last known ticket as cursor come those issued since.
#[utoipa::path(get, path = "/api/v1/sessions/{id}/checkins/tickets", tag = "gate", params(
        ("id" = i64, Path),
        ("cursor" = Option<Uuid>, Query, description = "The last ticket known, or from the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 2000."),
    ),
    responses((status = 200, body = Vec<ListedTicket>), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn tickets(
    State(app): State<App>,
    GateStaff(staff): GateStaff,
    Path(session): Path<i64>,
    OriginalUri(uri): OriginalUri,
) -> Result<(HeaderMap, Json<Vec<ListedTicket>>)> {
    let params = Params::of(&uri, &["cursor", "limit"])?;
    let limit = params.number("limit", 1, PAGE_MAX)?.unwrap_or(PAGE);
    let after = params.cursor::<Uuid>("cursor")?;
    doors::require(&app, &staff, session).await?;
    let mut rows = store::tickets(&app.db, session, after.unwrap_or_default(), limit + 1).await?;
    let has_more = rows.len() as i64 > limit;
    rows.truncate(limit as usize);
    let mut headers = HeaderMap::new();
    // Names of people: for this scanner alone.
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    if let Some(last) = rows.last().filter(|_| has_more) {
        let path = format!("/api/v1/sessions/{session}/checkins/tickets");
        let link = format!("<{path}?cursor={}&limit={limit}>; rel=\"next\"", last.id);
        headers.extend(HeaderValue::from_str(&link).map(|link| (header::LINK, link)));
    }
    Ok((headers, Json(rows)))
}
