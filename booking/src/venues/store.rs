//! SQL of venues and layouts.

use sha2::{Digest, Sha256};
use shared::clock::Ts;
use shared::problem::Problem;
use sqlx::types::Json;
use sqlx::{PgExecutor, SqliteExecutor};
use uuid::Uuid;

use super::plan;
use super::routes::NewVenue;
use super::rules::{Frame, Plan, Section, SectionSpec};
use crate::db::{Dual, Tx, violates};
use crate::error::Result;
use crate::q;

/// Where an event happens.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Place {
    /// The venue.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Street and city; empty when nobody wrote it down.
    pub address: String,
    /// IANA name.
    pub time_zone: String,
}

/// A layout and where it belongs.
#[derive(Debug, Clone)]
pub struct LayoutOf {
    /// The layout.
    pub id: i64,
    /// Its venue.
    pub venue_id: i64,
    /// Its name.
    pub name: String,
    /// Its sections and seats.
    pub plan: Plan,
    /// The rows and columns it was made of; `None` when its seats were imported one by one.
    pub(super) specs: Option<Vec<SectionSpec>>,
}

/// What a new version of a layout is made of.
pub(super) enum NewVersion<'v> {
    /// Rows and columns.
    Computed(&'v [SectionSpec]),
    /// Seats that a file names one by one.
    Imported {
        /// The plan without its sections.
        frame: &'v Plan,
        /// Its sections.
        sections: &'v [Section],
    },
}

/// A sanitised drawing and the hash of its bytes.
pub(super) struct Drawing {
    hash: String,
    svg: String,
}

impl Drawing {
    /// A drawing to be kept.
    pub fn of(svg: String) -> Self {
        Self { hash: data_encoding::HEXLOWER.encode(&Sha256::digest(&svg)), svg }
    }

    /// Where it is served.
    pub fn address(&self) -> String {
        format!("/api/v1/drawings/{}", self.hash)
    }
}

/// A layout without its plan.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct LayoutRow {
    pub id: i64,
    pub venue_id: i64,
    pub name: String,
    pub version: i64,
    pub capacity: i64,
}

/// The venue of this name, made when there is none: the oldest one when several share the name.
pub async fn find_or_create(tx: &mut Tx, new: &NewVenue, by: Uuid, now: Ts) -> Result<Place> {
    if let Some(place) = by_name(tx.ex(), &new.name).await? {
        return Ok(place);
    }
    insert(tx, new, by, now).await?;
    by_name(tx.ex(), &new.name).await?.ok_or_else(|| Problem::not_found().into())
}

/// The oldest venue of this name.
pub async fn by_name<'e, P, L>(ex: Dual<P, L>, name: &str) -> Result<Option<Place>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        opt Place,
        "SELECT id, name, address, time_zone FROM venues WHERE name = $1 ORDER BY id LIMIT 1",
        name
    )?)
}

/// Writes a venue; `None` when one of this name and address stands already.
pub(super) async fn insert(tx: &mut Tx, new: &NewVenue, by: Uuid, now: Ts) -> Result<Option<i64>> {
    Ok(q!(
        tx.ex(),
        optval i64,
        "INSERT INTO venues (name, address, time_zone, created_by, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (name, address) DO NOTHING RETURNING id",
        &new.name,
        &new.address,
        &new.time_zone,
        by,
        now
    )?)
}

/// A venue.
pub async fn place<'e, P, L>(ex: Dual<P, L>, id: i64) -> Result<Option<Place>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, opt Place, "SELECT id, name, address, time_zone FROM venues WHERE id = $1", id)?)
}

/// A venue that `owner` may change (`None`: anybody's).
pub(super) async fn owned<'e, P, L>(ex: Dual<P, L>, id: i64, owner: Option<Uuid>) -> Result<Option<i64>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        optval i64,
        "SELECT id FROM venues WHERE id = $1 AND (created_by = $2 OR $2 IS NULL)",
        id,
        owner
    )?)
}

/// Venues by name.
pub(super) async fn list<'e, P, L>(ex: Dual<P, L>, name_like: &str, limit: i64) -> Result<Vec<Place>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all Place,
        "SELECT id, name, address, time_zone FROM venues WHERE lower(name) LIKE $1 ESCAPE '!' ORDER BY name, id LIMIT $2",
        name_like,
        limit
    )?)
}

/// The newest version of each layout.
pub(super) async fn newest_layouts<'e, P, L>(ex: Dual<P, L>) -> Result<Vec<LayoutRow>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(
        ex,
        all LayoutRow,
        "SELECT l.id, l.venue_id, l.name, l.version, l.capacity FROM layouts l
         WHERE l.version = (SELECT max(m.version) FROM layouts m WHERE m.venue_id = l.venue_id AND m.name = l.name)
         ORDER BY l.venue_id, l.name"
    )?)
}

/// The newest version of a venue's layout of this name.
pub(super) async fn newest_layout(tx: &mut Tx, venue: i64, name: &str) -> Result<Option<i64>> {
    Ok(q!(
        tx.ex(),
        optval i64,
        "SELECT id FROM layouts WHERE venue_id = $1 AND name = $2 ORDER BY version DESC LIMIT 1",
        venue,
        name
    )?)
}

/// Writes the next version of a layout.
pub(super) async fn insert_layout(
    tx: &mut Tx,
    venue: i64,
    name: &str,
    new: NewVersion<'_>,
    capacity: i64,
    now: Ts,
) -> Result<LayoutRow> {
    let (specs, frame, sections) = match new {
        NewVersion::Computed(specs) => (specs, None, None),
        NewVersion::Imported { frame, sections } => (&[][..], Some(Json(frame)), Some(Json(sections))),
    };
    let row = q!(
        tx.ex(),
        one LayoutRow,
        "INSERT INTO layouts (venue_id, name, version, plan, capacity, created_at, frame, sections)
         SELECT CAST($1 AS BIGINT), $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, $7
         FROM layouts WHERE venue_id = $1 AND name = $2
         RETURNING id, venue_id, name, version, capacity",
        venue,
        name,
        Json(specs),
        capacity,
        now,
        frame,
        sections
    );
    match row {
        Err(error) if violates(&error, "layouts_version", "layouts.version") => {
            Err(Problem::new(axum::http::StatusCode::CONFLICT, "changed-meanwhile", "Changed meanwhile")
                .detail("Somebody saved this layout at the same moment. Look at it and save again.")
                .into())
        }
        row => Ok(row?),
    }
}

/// A layout with its plan.
pub async fn layout<'e, P, L>(ex: Dual<P, L>, id: i64) -> Result<Option<LayoutOf>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    #[derive(sqlx::FromRow)]
    struct Row {
        venue_id: i64,
        name: String,
        plan: Json<Vec<SectionSpec>>,
        frame: Option<Json<Plan>>,
        sections: Option<Json<Vec<Section>>>,
    }
    let row = q!(ex, opt Row, "SELECT venue_id, name, plan, frame, sections FROM layouts WHERE id = $1", id)?;
    Ok(row.map(|row| {
        let (plan, specs) = match (row.frame, row.sections) {
            (Some(Json(frame)), Some(Json(sections))) => (Plan { sections, ..frame }, None),
            _ => (plan::plan(&row.plan), Some(row.plan.0)),
        };
        LayoutOf { id, venue_id: row.venue_id, name: row.name, plan, specs }
    }))
}

/// What a layout draws besides its seats.
pub async fn frame<'e, P, L>(ex: Dual<P, L>, layout: i64) -> Result<Option<Frame>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    #[derive(sqlx::FromRow)]
    struct Row {
        plan: Json<Vec<SectionSpec>>,
        frame: Option<Json<Plan>>,
    }
    let row = q!(ex, opt Row, "SELECT plan, frame FROM layouts WHERE id = $1", layout)?;
    Ok(row.map(|row| match row.frame {
        Some(Json(frame)) => Frame::of(&frame),
        None => Frame::of(&plan::plan(&row.plan)),
    }))
}

/// Keeps a drawing, once.
pub(super) async fn insert_drawing(tx: &mut Tx, drawing: &Drawing, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "INSERT INTO drawings (hash, svg, created_at) VALUES ($1, $2, $3) ON CONFLICT (hash) DO NOTHING",
        &drawing.hash,
        &drawing.svg,
        now
    )?;
    Ok(())
}

/// A drawing by its hash.
pub(super) async fn drawing<'e, P, L>(ex: Dual<P, L>, hash: &str) -> Result<Option<String>>
where
    P: PgExecutor<'e>,
    L: SqliteExecutor<'e>,
{
    Ok(q!(ex, optval String, "SELECT svg FROM drawings WHERE hash = $1", hash)?)
}
