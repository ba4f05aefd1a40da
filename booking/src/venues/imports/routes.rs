//! HTTP of imports.

use axum::body::Bytes;
use axum::extract::{FromRequest, OriginalUri, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};
use shared::json::{self, Json};
use shared::problem::{Problem, ProblemDocument};
use utoipa::{IntoResponses, ToSchema};

use super::report::{Duplicate, ImportReport};
use super::{FILE_MAX, Imported};
use crate::app::App;
use crate::audit;
use crate::error::{Error, Result};
use crate::extract::{CurrentUser, Organizer, Params, Path};
use crate::text;
use crate::venues::routes::Layout;
use crate::venues::store::{self, NewVersion};
use crate::venues::svg::{self, Mapping};
use crate::venues::{csv, pretix};

/// A drawing and what its parts mean.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SvgImport {
    /// Name of the layout; a known name makes the next version.
    name: String,
    /// The file's text.
    svg: String,
    /// Which shapes are seats, and in which category.
    #[serde(default)]
    mapping: Mapping,
    /// Only look: nothing is written.
    #[serde(default)]
    dry_run: bool,
}

/// A plan of pretix.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PretixImport {
    /// The file's content.
    plan: pretix::Document,
    /// Name of the layout; default: the plan's. A known name makes the next version.
    name: Option<String>,
    /// Only look: nothing is written.
    #[serde(default)]
    dry_run: bool,
}

/// What every import refuses.
#[derive(IntoResponses)]
#[allow(dead_code, reason = "describes answers that are made elsewhere")]
enum Refusals {
    /// `too-large`: a file may have 16 MiB
    #[response(status = 413)]
    TooLarge(ProblemDocument),
    /// `media-type`
    #[response(status = 415)]
    OtherType(ProblemDocument),
    /// What is wrong with the file, and where: `unsafe-svg`, `malformed-svg`, `malformed-plan`, `malformed-csv`,
    /// `duplicate-seat`, …
    #[response(status = 422)]
    Invalid(ProblemDocument),
}

/// A file as it came.
pub struct Upload {
    /// Its media type without parameters, in small letters.
    mime: String,
    bytes: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let mime = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let mime =
            mime.and_then(|value| value.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", "The file is too large").detail(
                    format!(
                        "A file may have {} MiB. Split the plan, or export it with fewer digits.",
                        FILE_MAX >> 20
                    ),
                )
            } else {
                Problem::new(StatusCode::BAD_REQUEST, "bad-request", "The body could not be read")
            }
        })?;
        Ok(Self { mime, bytes })
    }
}

impl Upload {
    fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        if self.mime != "application/json" {
            return Err(media_type("application/json"));
        }
        json::parse(&self.bytes)
    }
}

fn media_type(wanted: &str) -> Problem {
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type", "Not a file of this kind")
        .detail(format!("Send the body as “Content-Type: {wanted}”."))
}

/// Name and manner of an import whose body is the file itself.
struct ByQuery {
    name: String,
    dry_run: bool,
}

impl ByQuery {
    fn of(params: &Params) -> Result<Self, Problem> {
        let dry_run = match params.get("dry_run") {
            None | Some("false") => false,
            Some("true") => true,
            Some(_) => return Err(Problem::invalid("/dry_run", "validation", "`dry_run` is true or false.")),
        };
        Ok(Self { name: text::line("/name", params.get("name").unwrap_or_default(), 100)?, dry_run })
    }
}

/// Makes a seating plan from a drawing, or tells what would become of it. The body is JSON, or the file itself as
/// `image/svg+xml` with name and manner in the query.
#[utoipa::path(post, path = "/api/v1/venues/{id}/layouts/svg", tag = "venues", request_body = SvgImport,
    params(("id" = i64, Path), ("name" = Option<String>, Query, description = "Of the layout, when the body is the file."),
        ("dry_run" = Option<bool>, Query, description = "Only look, when the body is the file.")),
    responses((status = 200, description = "What would become of it", body = ImportReport), (status = 201, body = Layout), Refusals),
    security(("bearer" = [])))]
pub async fn import_svg(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(venue): Path<i64>,
    OriginalUri(uri): OriginalUri,
    upload: Upload,
) -> Result<Response> {
    let params = Params::of(&uri, &["name", "dry_run"])?;
    own(&app, user, venue).await?;
    let body = if upload.mime == "image/svg+xml" {
        let ByQuery { name, dry_run } = ByQuery::of(&params)?;
        let svg = String::from_utf8(upload.bytes.to_vec())
            .map_err(|_| svg::refuse::malformed(1, "the file is not UTF-8"))?;
        SvgImport { name, svg, mapping: Mapping::default(), dry_run }
    } else {
        upload.json()?
    };
    let name = text::line("/name", &body.name, 100)?;
    let imported = read(&app, move || svg::read(&body.svg, &body.mapping)).await?;
    answer(&app, user, venue, Source { name, from: "svg", dry_run: body.dry_run }, imported).await
}

/// Makes a seating plan from one of pretix, or tells what would become of it.
#[utoipa::path(post, path = "/api/v1/venues/{id}/layouts/pretix", tag = "venues", request_body = PretixImport,
    params(("id" = i64, Path)),
    responses((status = 200, description = "What would become of it", body = ImportReport), (status = 201, body = Layout), Refusals),
    security(("bearer" = [])))]
pub async fn import_pretix(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(venue): Path<i64>,
    upload: Upload,
) -> Result<Response> {
    own(&app, user, venue).await?;
    let (body, imported) = read(&app, move || {
        let body: PretixImport = upload.json()?;
        let imported = pretix::read(&body.plan)?;
        Ok((body, imported))
    })
    .await?;
    let name = text::line("/name", body.name.as_deref().unwrap_or(&body.plan.name), 100)?;
    answer(&app, user, venue, Source { name, from: "pretix", dry_run: body.dry_run }, imported).await
}

/// Makes a seating plan from a list of seats, or tells what would become of it. The first line names the columns:
/// section, row, seat, x, y, and perhaps category and key.
#[utoipa::path(post, path = "/api/v1/venues/{id}/layouts/csv", tag = "venues",
    request_body(content = String, content_type = "text/csv", description = "A line for each seat."),
    params(("id" = i64, Path), ("name" = String, Query, description = "Of the layout; a known name makes the next version."),
        ("dry_run" = Option<bool>, Query, description = "Only look: nothing is written.")),
    responses((status = 200, description = "What would become of it", body = ImportReport), (status = 201, body = Layout), Refusals),
    security(("bearer" = [])))]
pub async fn import_csv(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(venue): Path<i64>,
    OriginalUri(uri): OriginalUri,
    upload: Upload,
) -> Result<Response> {
    own(&app, user, venue).await?;
    let ByQuery { name, dry_run } = ByQuery::of(&Params::of(&uri, &["name", "dry_run"])?)?;
    if upload.mime != "text/csv" {
        return Err(media_type("text/csv").into());
    }
    let imported = read(&app, move || csv::read(&upload.bytes)).await?;
    answer(&app, user, venue, Source { name, from: "csv", dry_run }, imported).await
}

/// 404 for a venue that is not the caller's: before a large file is looked at.
async fn own(app: &App, user: CurrentUser, venue: i64) -> Result<()> {
    store::owned(app.db.ex(), venue, user.owner_filter()).await?.ok_or_else(Problem::not_found)?;
    Ok(())
}

/// Reads a file off the async threads, a few at a time.
async fn read<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Problem> + Send + 'static,
) -> Result<T> {
    let _turn = app.importing.acquire().await.map_err(|error| Error::Internal(error.to_string()))?;
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|error| Error::Internal(format!("an import broke off: {error}")))??)
}

/// What is imported, and how.
struct Source {
    name: String,
    from: &'static str,
    dry_run: bool,
}

async fn answer(
    app: &App,
    user: CurrentUser,
    venue: i64,
    source: Source,
    imported: Imported,
) -> Result<Response> {
    if source.dry_run {
        return Ok(Json(imported.report).into_response());
    }
    let layout = keep(app, user, venue, source, imported).await?;
    Ok((StatusCode::CREATED, Json(layout)).into_response())
}

async fn keep(
    app: &App,
    user: CurrentUser,
    venue: i64,
    source: Source,
    imported: Imported,
) -> Result<Layout> {
    let Imported { mut plan, drawing, report } = imported;
    if report.seats == 0 {
        let detail = "The file has no seats. Look at it with a dry run first, which names what could be one.";
        return Err(Problem::invalid("", "no-seats", detail).into());
    }
    if !report.duplicates.is_empty() {
        return Err(duplicate_seats(&report.duplicates).into());
    }
    let drawing = drawing.map(store::Drawing::of);
    plan.background = drawing.as_ref().map(|drawing| drawing.address());
    let sections = std::mem::take(&mut plan.sections);
    let (now, owner, detail) =
        (app.now(), user.owner_filter(), json!({ "from": source.from, "seats": report.seats }));
    let (plan, sections, drawing, name) = (Box::new(plan), sections, drawing, source.name);
    let new = std::sync::Arc::new((plan, sections, drawing));
    let row = app
        .db
        .write("import_layout", move |tx| {
            let (new, name, detail) = (new.clone(), name.clone(), detail.clone());
            Box::pin(async move {
                let (frame, sections, drawing) = &*new;
                store::owned(tx.ex(), venue, owner).await?.ok_or_else(Problem::not_found)?;
                if let Some(drawing) = drawing {
                    store::insert_drawing(tx, drawing, now).await?;
                }
                let version = NewVersion::Imported { frame, sections };
                let layout = store::insert_layout(tx, venue, &name, version, report.seats, now).await?;
                audit::append(
                    tx,
                    Some(user.id),
                    "layout.imported",
                    format!("layout:{}", layout.id),
                    detail,
                    now,
                )
                .await?;
                Ok(layout)
            })
        })
        .await?;
    Ok(row.into())
}

/// 422 that lists seats which cannot be told apart.
fn duplicate_seats(duplicates: &[Duplicate]) -> Problem {
    let told = |one: &Duplicate| {
        let lines: Vec<String> = one.lines.iter().map(u32::to_string).collect();
        match lines.len() {
            0 => format!("“{}” stands several times.", one.key),
            _ => format!("“{}” stands in lines {}.", one.key, lines.join(", ")),
        }
    };
    let errors: Vec<Value> = duplicates
        .iter()
        .map(|one| json!({ "pointer": "", "code": "duplicate-seat", "detail": told(one) }))
        .collect();
    let detail = format!("{} Give each seat its own id, section, row and number.", told(&duplicates[0]));
    Problem::invalid("", "duplicate-seat", detail).with("errors", errors)
}
