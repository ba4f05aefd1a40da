//! Seating plans from files: drawings, plans of pretix, and lists of seats.
//!
//! Each import can be tried first: a dry run answers what was found and writes nothing. What is kept is an ordinary
//! version of a layout, only that its seats are written down one by one.

pub mod assemble;
pub mod report;
mod routes;

use axum::extract::DefaultBodyLimit;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use self::report::ImportReport;
use super::rules::Plan;
use crate::app::App;

/// Most bytes of a file: 100,000 seats with ids and places fit.
const FILE_MAX: usize = 16 * 1024 * 1024;

/// Files that one node reads at a time: each may take a second of one core and some hundred megabytes.
pub const AT_ONCE: usize = 2;

/// What a file became.
#[derive(Debug)]
pub struct Imported {
    /// The plan, without its background's address.
    pub plan: Plan,
    /// The sanitised drawing behind the seats.
    pub drawing: Option<String>,
    /// What was found.
    pub report: ImportReport,
}

/// Routes of imports.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::import_svg))
        .routes(routes!(routes::import_pretix))
        .routes(routes!(routes::import_csv))
        .layer(DefaultBodyLimit::max(FILE_MAX))
}
