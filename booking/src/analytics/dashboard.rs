//! HTTP of the whole house at a glance.

use std::collections::BTreeMap;

use axum::extract::State;
use serde::Serialize;
use shared::clock::Ts;
use shared::json::Json;
use shared::problem::ProblemDocument;
use utoipa::ToSchema;

use super::stats::{Sales, share};
use super::store::{self, Count};
use crate::app::App;
use crate::error::Result;
use crate::extract::Admin;

/// Days of registrations in one answer.
const DAYS: i64 = 30;

/// The whole house.
#[derive(Serialize, ToSchema)]
pub struct Dashboard {
    /// Accounts by role.
    users: BTreeMap<String, i64>,
    /// Events by status.
    events: BTreeMap<String, i64>,
    /// Bookings by status.
    bookings: BTreeMap<String, i64>,
    /// Jobs by status; `dead` ones need a look.
    jobs: BTreeMap<String, i64>,
    /// Cancelled of all paid bookings, 0 to 1.
    cancellation_rate: f64,
    /// By currency.
    revenue: Vec<Revenue>,
    /// Bookings by day, oldest first; days without any are left out.
    registrations: Vec<Sales>,
    /// When this was read.
    as_of: Ts,
}

/// Money of one currency.
#[derive(Serialize, ToSchema)]
pub struct Revenue {
    currency: String,
    /// What was taken less what was paid back.
    revenue_minor: i64,
    /// Tickets that are sold.
    tickets: i64,
}

/// Users, events, bookings, jobs and money in figures.
#[utoipa::path(get, path = "/api/v1/admin/dashboard", tag = "admin",
    responses((status = 200, body = Dashboard), (status = 403, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn get_dashboard(State(app): State<App>, _admin: Admin) -> Result<Json<Dashboard>> {
    let bookings = by_name(store::bookings_by_status(app.db.ex()).await?);
    let of = |names: &[&str]| names.iter().filter_map(|n| bookings.get(*n)).sum::<i64>();
    let (ended, standing) = (of(&["cancelled", "refunded"]), of(&["confirmed", "completed"]));
    let revenue = store::revenue(app.db.ex()).await?.into_iter();
    let mut registrations: Vec<Sales> =
        store::registrations(app.db.ex(), DAYS).await?.into_iter().map(Sales::from).collect();
    registrations.reverse();
    Ok(Json(Dashboard {
        users: by_name(store::users_by_role(app.db.ex()).await?),
        events: by_name(store::events_by_status(app.db.ex()).await?),
        jobs: by_name(store::jobs_by_status(app.db.ex()).await?),
        cancellation_rate: share(ended, ended + standing),
        revenue: revenue
            .map(|m| Revenue { currency: m.currency, revenue_minor: m.revenue_minor, tickets: m.tickets })
            .collect(),
        registrations,
        bookings,
        as_of: app.now(),
    }))
}

fn by_name(counts: Vec<Count>) -> BTreeMap<String, i64> {
    counts.into_iter().map(|count| (count.name, count.n)).collect()
}
