//! Venues: places where events happen, their time zones, and their seating plans.
//!
//! A layout is never changed in place: a change is a new version, so that sold seats keep their identity.

pub mod plan;
mod routes;
pub mod rules;
mod store;

pub use routes::NewVenue;
pub use rules::{Area, Plan, Row, Seat, Section, SectionSpec};
pub use store::{LayoutOf, Place, by_name, find_or_create, layout, place};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Db;
use crate::error::Result;

/// The venue of this name, made when there is none, and the newest version of its layout of that name, made from
/// `sections` when there is none. Returns both ids.
///
/// # Errors
/// 422 when the sections make no plan or the time zone is unknown.
pub async fn ensure_layout(
    app: &App,
    owner: Uuid,
    venue: &NewVenue,
    layout: &str,
    sections: Vec<SectionSpec>,
) -> Result<(i64, i64)> {
    rules::check(&sections)?;
    rules::time_zone("/time_zone", &venue.time_zone)?;
    let (capacity, now) = (plan::plan(&sections).capacity(), app.now());
    let (venue, layout) = (venue.clone(), layout.to_owned());
    app.db
        .write("ensure_layout", move |tx| {
            let (venue, layout, sections) = (venue.clone(), layout.clone(), sections.clone());
            Box::pin(async move {
                let venue = store::find_or_create(tx, &venue, owner, now).await?.id;
                if let Some(known) = store::newest_layout(tx, venue, &layout).await? {
                    return Ok((venue, known));
                }
                Ok((venue, store::insert_layout(tx, venue, &layout, &sections, capacity, now).await?.id))
            })
        })
        .await
}

/// Where a layout draws its stage.
pub async fn stage_of(db: &Db, layout: i64) -> Result<Option<Area>> {
    Ok(store::layout(db.ex(), layout).await?.map(|layout| layout.plan.stage))
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_venues, routes::create_venue))
        .routes(routes!(routes::create_layout))
        .routes(routes!(routes::get_layout))
}
