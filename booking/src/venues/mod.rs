//! Venues: places where events happen, their time zones, and their seating plans.
//!
//! A layout is never changed in place: a change is a new version, so that sold seats keep their identity.

mod csv;
pub mod diff;
mod imports;
pub mod plan;
pub mod pretix;
mod routes;
pub mod rules;
mod store;
pub mod svg;
#[cfg(test)]
mod torture;

pub use imports::AT_ONCE as IMPORTS_AT_ONCE;
pub use routes::NewVenue;
pub use rules::{Area, Frame, Plan, Row, Seat, Section, SectionSpec};
pub use store::{LayoutOf, Place, by_name, find_or_create, frame, layout, place};

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
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
                let version = store::NewVersion::Computed(&sections);
                Ok((venue, store::insert_layout(tx, venue, &layout, version, capacity, now).await?.id))
            })
        })
        .await
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::list_venues, routes::create_venue))
        .routes(routes!(routes::create_layout))
        .routes(routes!(routes::get_layout))
        .routes(routes!(routes::export_layout))
        .routes(routes!(routes::diff_layouts))
        .routes(routes!(routes::get_drawing))
        .merge(imports::router())
}
