//! HTTP of venues.

use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;

use super::diff::{self, Diff};
use super::rules::{Plan, SectionSpec};
use super::store::NewVersion;
use super::{plan, pretix, rules, store};
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::extract::{Organizer, Params, Path};
use crate::text;

/// Venues in one answer at most.
const LIST_MAX: i64 = 500;

/// A venue.
#[derive(Serialize, ToSchema)]
pub struct Venue {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Street and city; empty when unknown.
    pub address: String,
    /// IANA name.
    pub time_zone: String,
    /// The newest version of each seating plan.
    pub layouts: Vec<Layout>,
}

/// A seating plan without its seats.
#[derive(Serialize, ToSchema)]
pub struct Layout {
    /// Its id; a new version has a new one.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Counted from 1.
    pub version: i64,
    /// Seats to choose from.
    pub seats: i64,
}

impl From<store::LayoutRow> for Layout {
    fn from(row: store::LayoutRow) -> Self {
        Self { id: row.id, name: row.name, version: row.version, seats: row.capacity }
    }
}

/// Lists venues by name, with their seating plans.
#[utoipa::path(get, path = "/api/v1/venues", tag = "venues", 
    params(
        ("q" = Option<String>, Query, description = "Part of the name."),
        ("limit" = Option<i64>, Query, description = "1 to 500."),
    ),
    responses((status = 200, body = [Venue])))]
pub async fn list_venues(State(app): State<App>, uri: Uri) -> Result<Json<Vec<Venue>>> {
    let params = Params::of(&uri, &["q", "limit"])?;
    let limit = params.number("limit", 1, LIST_MAX)?.unwrap_or(LIST_MAX);
    let pattern = text::like(&params.get("q").unwrap_or_default().to_lowercase());
    let places = store::list(app.db.ex(), &pattern, limit).await?;
    let mut layouts = store::newest_layouts(app.db.ex()).await?;
    let venues = places.into_iter().map(|place| {
        let own = layouts.extract_if(.., |layout| layout.venue_id == place.id).map(Layout::from).collect();
        Venue {
            id: place.id,
            name: place.name,
            address: place.address,
            time_zone: place.time_zone,
            layouts: own,
        }
    });
    Ok(Json(venues.collect()))
}

/// A venue to be made.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewVenue {
    /// Its name.
    pub name: String,
    /// Street and city.
    #[serde(default)]
    pub address: String,
    /// IANA name such as `Europe/Berlin`.
    pub time_zone: String,
}

/// Makes a venue.
#[utoipa::path(post, path = "/api/v1/venues", tag = "venues", request_body = NewVenue,
    responses((status = 201, body = Venue), (status = 409, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn create_venue(
    State(app): State<App>,
    Organizer(user): Organizer,
    Json(body): Json<NewVenue>,
) -> Result<(StatusCode, Json<Venue>)> {
    let new = NewVenue {
        name: text::line("/name", &body.name, 200)?,
        address: text::paragraphs("/address", &body.address, 300)?,
        time_zone: rules::time_zone("/time_zone", &body.time_zone)?.to_owned(),
    };
    let now = app.now();
    let venue = app
        .db
        .write("create_venue", move |tx| {
            let new = new.clone();
            Box::pin(async move {
                let id = store::insert(tx, &new, user.id, now).await?;
                let id = id.ok_or_else(|| {
                    Problem::new(StatusCode::CONFLICT, "duplicate-name", "This venue exists")
                        .detail("A venue of this name and address exists. Use it, or write another address.")
                })?;
                audit::append(tx, Some(user.id), "venue.created", format!("venue:{id}"), (), now).await?;
                let NewVenue { name, address, time_zone } = new;
                Ok(Venue { id, name, address, time_zone, layouts: Vec::new() })
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(venue)))
}

/// A seating plan to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLayout {
    /// Its name; a known name makes the next version.
    name: String,
    /// Its sections.
    sections: Vec<SectionSpec>,
}

/// Makes a seating plan from rows and columns; a known name makes its next version.
#[utoipa::path(post, path = "/api/v1/venues/{id}/layouts", tag = "venues", request_body = NewLayout,
    params(("id" = i64, Path)),
    responses((status = 201, body = Layout), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn create_layout(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(venue): Path<i64>,
    Json(body): Json<NewLayout>,
) -> Result<(StatusCode, Json<Layout>)> {
    let name = text::line("/name", &body.name, 100)?;
    rules::check(&body.sections)?;
    let capacity = plan::plan(&body.sections).capacity();
    if capacity == 0 {
        let detail = "Give at least one section seats; standing room alone needs no layout.";
        return Err(Problem::invalid("/sections", "no-seats", detail).into());
    }
    let (now, owner) = (app.now(), user.owner_filter());
    let layout = app
        .db
        .write("create_layout", move |tx| {
            let (name, sections) = (name.clone(), body.sections.clone());
            Box::pin(async move {
                store::owned(tx.ex(), venue, owner).await?.ok_or_else(Problem::not_found)?;
                let layout =
                    store::insert_layout(tx, venue, &name, NewVersion::Computed(&sections), capacity, now)
                        .await?;
                let subject = format!("layout:{}", layout.id);
                audit::append(tx, Some(user.id), "layout.created", subject, (), now).await?;
                Ok(layout)
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(layout.into())))
}

/// A seating plan, and what it was made of.
#[derive(Serialize, ToSchema)]
pub struct SavedPlan {
    #[serde(flatten)]
    plan: Plan,
    /// Its rows and columns, to be taken up again; null for a plan whose seats were imported one by one.
    sections_spec: Option<Vec<SectionSpec>>,
}

/// A seating plan with every seat.
#[utoipa::path(get, path = "/api/v1/layouts/{id}", tag = "venues", params(("id" = i64, Path)),
    responses((status = 200, body = SavedPlan), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn get_layout(
    State(app): State<App>,
    _organizer: Organizer,
    Path(id): Path<i64>,
) -> Result<Json<SavedPlan>> {
    let layout = store::layout(app.db.ex(), id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(SavedPlan { plan: layout.plan, sections_spec: layout.specs }))
}

/// A seating plan in the format of pretix, for its editor and its shop.
#[utoipa::path(get, path = "/api/v1/layouts/{id}/pretix", tag = "venues", params(("id" = i64, Path)),
    responses((status = 200, body = pretix::Document), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn export_layout(
    State(app): State<App>,
    _organizer: Organizer,
    Path(id): Path<i64>,
) -> Result<impl IntoResponse> {
    let layout = store::layout(app.db.ex(), id).await?.ok_or_else(Problem::not_found)?;
    let disposition = [(header::CONTENT_DISPOSITION, format!("attachment; filename=\"layout-{id}.json\""))];
    Ok((disposition, Json(pretix::write(&layout.name, &layout.plan))))
}

/// How a version of a seating plan differs from another one of the same venue.
#[utoipa::path(get, path = "/api/v1/venues/{id}/layouts/{layout}/diff", tag = "venues",
    params(("id" = i64, Path), ("layout" = i64, Path), ("from" = i64, Query, description = "The earlier version's id.")),
    responses((status = 200, body = Diff), (status = 404, body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn diff_layouts(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path((venue, to)): Path<(i64, i64)>,
    uri: Uri,
) -> Result<Json<Diff>> {
    store::owned(app.db.ex(), venue, user.owner_filter()).await?.ok_or_else(Problem::not_found)?;
    let from = Params::of(&uri, &["from"])?.number("from", 1, i64::MAX)?;
    let missing =
        || Problem::invalid("/from", "validation", "Say by `from` which layout it is compared with.");
    let from = from.ok_or_else(missing)?;
    let (old, new) = (of_venue(&app, venue, from).await?, of_venue(&app, venue, to).await?);
    Ok(Json(Diff { from, to, ..diff::diff(&old, &new) }))
}

async fn of_venue(app: &App, venue: i64, id: i64) -> Result<Plan> {
    let layout = store::layout(app.db.ex(), id).await?.filter(|layout| layout.venue_id == venue);
    Ok(layout.ok_or_else(Problem::not_found)?.plan)
}

/// What a browser may do with a drawing that it opens by itself: draw it. Nothing is loaded, and nothing runs.
const DRAWING_POLICY: &str = "default-src 'none'; sandbox";

/// The drawing behind a seat map, sanitised when it was uploaded. It never changes: its name is the hash of its bytes.
#[utoipa::path(get, path = "/api/v1/drawings/{hash}", tag = "browse", params(("hash" = String, Path)),
    responses((status = 200, description = "The drawing", content_type = "image/svg+xml"), (status = 404, body = ProblemDocument)))]
pub async fn get_drawing(State(app): State<App>, Path(hash): Path<String>) -> Result<impl IntoResponse> {
    let svg = store::drawing(app.db.ex(), &hash).await?.ok_or_else(Problem::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, "image/svg+xml; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, DRAWING_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, svg))
}
