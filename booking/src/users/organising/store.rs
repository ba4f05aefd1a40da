//! SQL of requests to organise.

use serde::{Deserialize, Serialize};
use shared::clock::Ts;
use sqlx::FromRow;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Db, Tx};
use crate::error::Result;
use crate::q;

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, ToSchema)]
#[serde(rename_all = "lowercase")]
#[sqlx(type_name = "text", rename_all = "lowercase")]
#[schema(as = OrganiserRequestStatus)]
pub enum Status {
    /// An admin will decide.
    Waiting,
    /// She organises.
    Approved,
    /// She may ask again.
    Declined,
}

/// A request, as who asked sees it.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct OrganiserRequest {
    /// In the words of who asked.
    pub text: String,
    /// Where it stands.
    pub status: Status,
    /// What the admin says to it.
    pub answer: String,
    /// When it was made.
    pub asked_at: Ts,
    /// When it was decided.
    pub decided_at: Option<Ts>,
}

/// A request, as admins see it.
#[derive(Debug, Serialize, FromRow, ToSchema)]
pub struct OrganiserApplicant {
    /// The account, which names the request.
    pub user: Uuid,
    /// What the person is called.
    pub name: String,
    /// Her address.
    pub email: String,
    /// Whether she has proven it.
    pub email_verified: bool,
    /// The request.
    #[serde(flatten)]
    #[sqlx(flatten)]
    pub request: OrganiserRequest,
}

/// Asks, for the first time or again after a refusal; false when a request waits or was approved.
pub async fn ask(tx: &mut Tx, user: Uuid, text: &str, now: Ts) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO organiser_requests AS r (user_id, text, status, answer, asked_at) VALUES ($1, $2, 'waiting', '', $3)
         ON CONFLICT (user_id) DO UPDATE SET text = excluded.text, status = 'waiting', answer = '', decided_at = NULL,
             decided_by = NULL, asked_at = excluded.asked_at
         WHERE r.status <> 'waiting'",
        user,
        text,
        now
    )?;
    Ok(rows == 1)
}

/// What somebody asked for.
pub async fn of(db: &Db, user: Uuid) -> Result<Option<OrganiserRequest>> {
    Ok(q!(
        db.ex(),
        opt OrganiserRequest,
        "SELECT text, status, answer, asked_at, decided_at FROM organiser_requests WHERE user_id = $1",
        user
    )?)
}

/// Requests of accounts behind `after`, in the order the accounts were made.
pub async fn list(
    db: &Db,
    status: Option<Status>,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<OrganiserApplicant>> {
    Ok(q!(
        db.ex(),
        all OrganiserApplicant,
        "SELECT r.user_id AS \"user\", u.name, u.email, (u.email_verified_at IS NOT NULL) AS email_verified, r.text, r.status,
                r.answer, r.asked_at, r.decided_at
         FROM organiser_requests r JOIN users u ON u.id = r.user_id
         WHERE (r.status = $1 OR $1 IS NULL) AND (r.user_id > $2 OR $2 IS NULL) ORDER BY r.user_id LIMIT $3",
        status,
        after,
        limit
    )?)
}

/// Decides a waiting request; false when there is none, or somebody else has decided it.
pub async fn decide(
    tx: &mut Tx,
    user: Uuid,
    status: Status,
    answer: &str,
    admin: Uuid,
    now: Ts,
) -> Result<bool> {
    let rows = q!(
        tx.ex(),
        exec,
        "UPDATE organiser_requests SET status = $2, answer = $3, decided_by = $4, decided_at = $5
         WHERE user_id = $1 AND status = 'waiting'",
        user,
        status,
        answer,
        admin,
        now
    )?;
    Ok(rows == 1)
}

/// Forgets what somebody asked for.
pub async fn forget(tx: &mut Tx, user: Uuid) -> Result<()> {
    q!(tx.ex(), exec, "DELETE FROM organiser_requests WHERE user_id = $1", user)?;
    Ok(())
}
