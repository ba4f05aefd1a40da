//! The doors somebody may work at: one for each performance.

use axum::extract::State;
use serde::Serialize;
use shared::access::Role;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::rules::runs;
use super::store::{self, DoorRow};
use crate::app::App;
use crate::error::Result;
use crate::extract::{CurrentUser, GateStaff};

/// Performances offered at most; nobody scrolls further to find tonight's.
const DOORS_MAX: i64 = 200;
/// How long after its end a performance is still offered: late scanners must report.
const LINGER: time::Duration = time::Duration::hours(12);

/// A performance to let people into.
#[derive(Debug, Serialize, ToSchema)]
pub struct Door {
    /// The performance.
    session: i64,
    /// Its event.
    event: i64,
    /// Name of the event.
    event_name: String,
    /// Name of the venue.
    venue: String,
    /// Hall inside the venue.
    room_name: Option<String>,
    /// Zone of the venue, IANA name.
    time_zone: String,
    /// Entry from.
    doors_at: Ts,
    /// Start.
    starts_at: Ts,
    /// End.
    ends_at: Ts,
}

impl From<DoorRow> for Door {
    fn from(row: DoorRow) -> Self {
        let DoorRow { session, event, event_name, venue, room_name, time_zone, doors_at, starts_at, ends_at } =
            row;
        Self { session, event, event_name, venue, room_name, time_zone, doors_at, starts_at, ends_at }
    }
}

/// The performances at whose doors I may work, the next first: organisers their own, scanners those of their event, gate staff and admins all.
#[utoipa::path(get, path = "/api/v1/checkins/doors", tag = "gate",
    responses((status = 200, description = "At most 200", body = Vec<Door>), (status = 403, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn doors(State(app): State<App>, GateStaff(staff): GateStaff) -> Result<Json<Vec<Door>>> {
    let organiser = (staff.role == Role::Organizer).then_some(staff.id);
    let rows = store::doors(&app.db, app.now() - LINGER, organiser, staff.only_event, DOORS_MAX).await?;
    Ok(Json(rows.into_iter().map(Door::from).collect()))
}

/// 404 unless `staff` works at the door of `session`.
pub async fn require(app: &App, staff: &CurrentUser, session: i64) -> Result<()> {
    let event = store::event_of(&app.db, session).await?;
    if event.is_some_and(|(organiser, event)| runs(staff, organiser, event)) {
        Ok(())
    } else {
        Err(Problem::not_found().into())
    }
}
