//! Scanners without an account: an organiser makes one for an event and shows its code, as text or as a QR code; the device
//! gives the code in, once, and works at the doors of that event, and nothing else, until it is revoked.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared::clock::Ts;
use shared::json::Json;
use shared::limits::Client;
use shared::problem::{Problem, ProblemDocument};
use sqlx::FromRow;
use time::Duration;
use utoipa::ToSchema;
use uuid::Uuid;

use super::entry::GATE_CHARS;
use crate::app::App;
use crate::db::{Db, Tx};
use crate::error::Result;
use crate::extract::{Organizer, Path};
use crate::users::{new_token, token_hash};
use crate::{audit, events, q, text};

/// How a scanner's token begins: whoever finds one in a file knows what it is.
pub const PREFIX: &str = "rld_";
/// How long a code waits for its device.
const CODE_LIVES: Duration = Duration::minutes(15);
/// Letters of a code; with 27 to choose from, and few tries a minute, nobody guesses one.
const CODE_LETTERS: usize = 12;
/// Scanners of one event at most, revoked ones too.
const DEVICES_MAX: i64 = 200;

/// A scanner to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDevice {
    /// Which one it is, such as “Blue phone”; at most 64 characters.
    name: String,
    /// Where it will stand, such as “North”; at most 64 characters.
    gate: String,
}

/// A scanner that was made; its code is shown only now.
#[derive(Serialize, ToSchema)]
pub struct MadeDevice {
    /// The scanner.
    id: Uuid,
    /// To be given in on the device, once.
    code: String,
    /// Until when.
    code_until: Ts,
}

/// A scanner of an event.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Device {
    /// The scanner.
    id: Uuid,
    /// Which one it is.
    name: String,
    /// Where it stands.
    gate: String,
    /// When it was made.
    created_at: Ts,
    /// When its code was given in.
    provisioned_at: Option<Ts>,
    /// Since when it works no more.
    revoked_at: Option<Ts>,
}

/// The code of a scanner.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeviceCode {
    /// As shown; case, spaces and hyphens do not matter.
    code: String,
}

/// What a scanner works with from now on.
#[derive(Serialize, ToSchema)]
pub struct Provisioned {
    /// For `Authorization: Bearer …` at the gate's routes; shown only now.
    token: String,
    /// The scanner.
    #[serde(flatten)]
    of: Post,
}

/// Which scanner it is, and where.
#[derive(Serialize, FromRow, ToSchema)]
pub struct Post {
    /// The scanner.
    id: Uuid,
    /// Which one it is.
    name: String,
    /// Where it stands: to be sent with each entry.
    gate: String,
    /// The event at whose doors it works.
    event: i64,
    /// Name of the event.
    event_name: String,
}

/// Makes a scanner for an event. Its code works once, for a quarter of an hour.
#[utoipa::path(post, path = "/api/v1/events/{id}/devices", tag = "gate", request_body = NewDevice, params(("id" = i64, Path)),
    responses((status = 201, body = MadeDevice), (status = 404, body = ProblemDocument),
        (status = 409, description = "`too-many`", body = ProblemDocument), (status = 422, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn make_device(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(event): Path<i64>,
    Json(body): Json<NewDevice>,
) -> Result<(StatusCode, Json<MadeDevice>)> {
    let event = events::own(&app, event, user).await?.id;
    let name = text::line("/name", &body.name, GATE_CHARS)?;
    let gate = text::line("/gate", &body.gate, GATE_CHARS)?;
    let (now, code) = (app.now(), app.entropy.code(CODE_LETTERS));
    let made = MadeDevice { id: app.entropy.uuid_v7(now), code_until: now + CODE_LIVES, code };
    let (id, hash, until) = (made.id, token_hash(&made.code), made.code_until);
    app.db
        .write("make_device", move |tx| {
            let (name, gate, hash) = (name.clone(), gate.clone(), hash.clone());
            Box::pin(async move {
                let new = NewRow { id, event, made_by: user.id, name, gate, hash, until };
                if !insert(tx, &new, now).await? {
                    let detail = format!("An event has at most {DEVICES_MAX} scanners.");
                    return Err(Problem::new(StatusCode::CONFLICT, "too-many", "Too many scanners")
                        .detail(detail)
                        .into());
                }
                let detail = json!({ "device": id });
                audit::append(tx, Some(user.id), "device.made", format!("event:{event}"), detail, now).await
            })
        })
        .await?;
    Ok((StatusCode::CREATED, Json(made)))
}

/// The scanners of an event, the oldest first.
#[utoipa::path(get, path = "/api/v1/events/{id}/devices", tag = "gate", params(("id" = i64, Path)),
    responses((status = 200, description = "At most 200", body = Vec<Device>), (status = 404, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn list_devices(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(event): Path<i64>,
) -> Result<Json<Vec<Device>>> {
    let event = events::own(&app, event, user).await?.id;
    Ok(Json(q!(
        app.db.ex(),
        all Device,
        "SELECT id, name, gate, created_at, provisioned_at, revoked_at FROM gate_devices
         WHERE event_id = $1 ORDER BY id LIMIT $2",
        event,
        DEVICES_MAX
    )?))
}

/// Revokes a scanner: its next request is refused. What it let in stays in.
#[utoipa::path(delete, path = "/api/v1/devices/{id}", tag = "gate", params(("id" = Uuid, Path)),
    responses((status = 204), (status = 404, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn revoke_device(
    State(app): State<App>,
    Organizer(user): Organizer,
    Path(id): Path<Uuid>,
) -> Result<StatusCode> {
    let (now, owner) = (app.now(), user.owner_filter());
    app.db
        .write("revoke_device", move |tx| {
            Box::pin(async move {
                let event = q!(
                    tx.ex(),
                    optval i64,
                    "UPDATE gate_devices SET revoked_at = COALESCE(revoked_at, $3), code_hash = NULL, token_hash = NULL
                     WHERE id = $1 AND event_id IN (SELECT e.id FROM events e WHERE e.created_by = $2 OR $2 IS NULL)
                     RETURNING event_id",
                    id,
                    owner,
                    now
                )?;
                let event = event.ok_or_else(Problem::not_found)?;
                let detail = json!({ "device": id });
                audit::append(tx, Some(user.id), "device.revoked", format!("event:{event}"), detail, now).await
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Gives the code of a scanner in, on the device: it works once.
#[utoipa::path(post, path = "/api/v1/checkins/devices", tag = "gate", request_body = DeviceCode,
    responses((status = 200, body = Provisioned),
        (status = 410, description = "`link-expired`: unknown, used, or too old", body = ProblemDocument),
        (status = 429, body = ProblemDocument)))]
pub async fn provision_device(
    State(app): State<App>,
    client: Client,
    Json(body): Json<DeviceCode>,
) -> Result<Json<Provisioned>> {
    app.limits.logins.check(client)?;
    let typed: String =
        body.code.chars().filter(char::is_ascii_alphanumeric).take(CODE_LETTERS * 2).collect();
    let token = format!("{PREFIX}{}", new_token(&app.entropy));
    let (now, code, hash) = (app.now(), token_hash(&typed.to_ascii_uppercase()), token_hash(&token));
    let of = app.db.write("provision_device", move |tx| {
        let (code, hash) = (code.clone(), hash.clone());
        Box::pin(async move {
            let device = q!(
                tx.ex(),
                optval Uuid,
                "UPDATE gate_devices SET code_hash = NULL, token_hash = $2, provisioned_at = $3
                 WHERE code_hash = $1 AND code_until > $3 AND revoked_at IS NULL RETURNING id",
                &code,
                &hash,
                now
            )?;
            let device = device.ok_or_else(|| {
                Problem::new(StatusCode::GONE, "link-expired", "This code works no more").detail(
                    "It is unknown, was used before, or is too old. Ask the organiser for a fresh one.",
                )
            })?;
            let of = q!(
                tx.ex(),
                one Post,
                "SELECT d.id, d.name, d.gate, d.event_id AS event, e.name AS event_name
                 FROM gate_devices d JOIN events e ON e.id = d.event_id WHERE d.id = $1",
                device
            )?;
            let detail = json!({ "device": device });
            audit::append(tx, None, "device.provisioned", format!("event:{}", of.event), detail, now).await?;
            Ok(of)
        })
    });
    Ok(Json(Provisioned { token, of: of.await? }))
}

/// Whom a scanner works for, and at which event's doors.
#[derive(Debug, Clone, Copy, FromRow)]
pub struct AtWork {
    /// The scanner.
    pub device: Uuid,
    /// Whose event it is.
    pub organiser: Uuid,
    /// The event.
    pub event: i64,
}

/// The scanner with this token; `None` when there is none, or it was revoked.
pub async fn at_work(db: &Db, token: &str) -> Result<Option<AtWork>> {
    Ok(q!(
        db.ex(),
        opt AtWork,
        "SELECT d.id AS device, COALESCE(e.created_by, d.made_by) AS organiser, d.event_id AS event
         FROM gate_devices d JOIN events e ON e.id = d.event_id WHERE d.token_hash = $1 AND d.revoked_at IS NULL",
        token_hash(token)
    )?)
}

/// Revokes the scanners that somebody made who is no more.
pub async fn forget(tx: &mut Tx, user: Uuid, now: Ts) -> Result<()> {
    q!(
        tx.ex(),
        exec,
        "UPDATE gate_devices SET revoked_at = COALESCE(revoked_at, $2), code_hash = NULL, token_hash = NULL
         WHERE made_by = $1",
        user,
        now
    )?;
    Ok(())
}

/// A scanner as it is written.
struct NewRow {
    id: Uuid,
    event: i64,
    made_by: Uuid,
    name: String,
    gate: String,
    hash: Vec<u8>,
    until: Ts,
}

/// Writes a scanner, unless its event has as many as one may have; whether it did.
async fn insert(tx: &mut Tx, new: &NewRow, now: Ts) -> Result<bool> {
    events::hold_row(tx, new.event).await?;
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO gate_devices (id, event_id, made_by, name, gate, code_hash, code_until, created_at)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8 WHERE (SELECT count(*) FROM gate_devices WHERE event_id = $2) < $9",
        new.id,
        new.event,
        new.made_by,
        &new.name,
        &new.gate,
        &new.hash,
        new.until,
        now,
        DEVICES_MAX
    )?;
    Ok(rows == 1)
}
