//! SQL of booking sessions.

use shared::admission::{AdmissionClaims, LENGTH_MAX_S};
use shared::clock::Ts;
use shared::departures::Reason;
use time::Duration;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use crate::jobs::departures;
use crate::q;

/// How long a revocation is kept: no token lives longer, whichever of two clocks is ahead.
const REMEMBERED: Duration = Duration::seconds(LENGTH_MAX_S as i64 + 60);
/// Sessions ended by one sweep.
const SWEEP_MAX: i64 = 500;

/// A booking session, as far as rules ask.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct BookingSession {
    pub id: Uuid,
    pub user_id: Uuid,
    pub browser: String,
    pub status: String,
    pub expires_at: Ts,
    /// The waiting room has taken the admission back.
    pub revoked: bool,
}

/// The session that the admission `jti` has opened.
pub async fn of_admission(app: &App, jti: Uuid) -> Result<Option<BookingSession>> {
    Ok(q!(
        app.db.ex(),
        opt BookingSession,
        "SELECT id, user_id, browser, status, expires_at,
                EXISTS (SELECT 1 FROM revocations r WHERE r.place_id = booking_sessions.place_id) AS revoked
         FROM booking_sessions WHERE jti = $1",
        jti
    )?)
}

/// Opens a session by using up the `jti`; when somebody was faster, theirs; `None` when the admission was taken back.
pub async fn open(
    app: &App,
    claims: &AdmissionClaims,
    user: Uuid,
    browser: &str,
    event: i64,
    now: Ts,
) -> Result<Option<BookingSession>> {
    let (inner, claims, browser) = (app.clone(), claims.clone(), browser.to_owned());
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::AdmissionOnce) {
        app.guards.meet().await;
    }
    app.db
        .write("open_booking_session", move |tx| {
            let (app, claims, browser) = (inner.clone(), claims.clone(), browser.clone());
            Box::pin(async move {
                let session = BookingSession {
                    id: app.entropy.uuid_v7(now),
                    user_id: user,
                    browser,
                    status: "open".into(),
                    expires_at: claims.expires_at(),
                    revoked: false,
                };
                if is_revoked(tx, claims.sub).await? {
                    return Ok(None);
                }
                #[cfg(feature = "testing")]
                if app.guards.is_off(crate::guards::Guard::AdmissionOnce) {
                    insert_unguarded(tx, &session, &claims, event, now).await?;
                    return Ok(Some(session));
                }
                insert(tx, &session, &claims, event, now).await?;
                Ok(Some(q!(
                    tx.ex(),
                    one BookingSession,
                    "SELECT id, user_id, browser, status, expires_at,
                            EXISTS (SELECT 1 FROM revocations r WHERE r.place_id = booking_sessions.place_id) AS revoked
                     FROM booking_sessions WHERE jti = $1",
                    claims.jti
                )?))
            })
        })
        .await
}

async fn insert(
    tx: &mut Tx,
    session: &BookingSession,
    claims: &AdmissionClaims,
    event: i64,
    now: Ts,
) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9)
         ON CONFLICT (jti) DO NOTHING",
        session.id,
        claims.jti,
        &claims.room,
        claims.sub,
        event,
        session.user_id,
        &session.browser,
        now,
        session.expires_at
    )?)
}

/// What a shop would do that looks first and writes then: the test that takes the guard away drops the index too.
#[cfg(feature = "testing")]
async fn insert_unguarded(
    tx: &mut Tx,
    session: &BookingSession,
    claims: &AdmissionClaims,
    event: i64,
    now: Ts,
) -> Result<u64> {
    Ok(q!(
        tx.ex(),
        exec,
        "INSERT INTO booking_sessions (id, jti, room, place_id, event_id, user_id, browser, status, opened_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', $8, $9)",
        session.id,
        claims.jti,
        &claims.room,
        claims.sub,
        event,
        session.user_id,
        &session.browser,
        now,
        session.expires_at
    )?)
}

async fn is_revoked(tx: &mut Tx, place: Uuid) -> Result<bool> {
    let found = q!(tx.ex(), val i64, "SELECT count(*) FROM revocations WHERE place_id = $1", place)?;
    Ok(found > 0)
}

/// Takes the admissions of these places back and ends the sessions that they have opened; how many were not taken back
/// before. A session that is being opened this very moment is refused by [`lock_open`].
pub async fn revoke(app: &App, places: Vec<Uuid>, now: Ts) -> Result<usize> {
    let inner = app.clone();
    app.db
        .write("revoke_admissions", move |tx| {
            let (app, places) = (inner.clone(), places.clone());
            Box::pin(async move {
                let mut revoked = 0;
                for place in places {
                    revoked += revoke_one(tx, &app, place, now).await?;
                }
                Ok(revoked)
            })
        })
        .await
}

async fn revoke_one(tx: &mut Tx, app: &App, place: Uuid, now: Ts) -> Result<usize> {
    let rows = q!(
        tx.ex(),
        exec,
        "INSERT INTO revocations (place_id, revoked_at) VALUES ($1, $2) ON CONFLICT (place_id) DO NOTHING",
        place,
        now
    )?;
    let opened = q!(
        tx.ex(),
        vals Uuid,
        "SELECT id FROM booking_sessions WHERE place_id = $1 AND status = 'open'",
        place
    )?;
    for session in opened {
        end(tx, app, session, Reason::Abandoned, now).await?;
    }
    Ok(rows as usize)
}

/// Locks the session until the end of the transaction, if it is open and was not taken back.
pub async fn lock_open(tx: &mut Tx, session: Uuid, now: Ts) -> Result<bool> {
    let found = q!(
        tx.ex(),
        optval i64,
        pg "SELECT CAST(1 AS BIGINT) FROM booking_sessions WHERE id = $1 AND status = 'open' AND expires_at > $2
              AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.place_id = booking_sessions.place_id) FOR SHARE"
        lite "SELECT 1 FROM booking_sessions WHERE id = $1 AND status = 'open' AND expires_at > $2
                AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.place_id = booking_sessions.place_id)",
        session,
        now
    )?;
    Ok(found.is_some())
}

/// Moves the end of the session that the admission has opened, if it is open and ends before; whether it did. The waiting
/// room decides how long a visit is, and says so by a call or by a token; an end never comes nearer.
pub async fn lengthen(app: &App, jti: Uuid, until: Ts) -> Result<bool> {
    let rows = app
        .db
        .write_one("lengthen_booking_session", move |tx| {
            Box::pin(async move {
                Ok(q!(
                    tx.ex(),
                    exec,
                    "UPDATE booking_sessions SET expires_at = $2 WHERE jti = $1 AND status = 'open' AND expires_at < $2",
                    jti,
                    until
                )?)
            })
        })
        .await?;
    Ok(rows > 0)
}

/// Ends the session if it is open, and queues its departure.
pub async fn end(tx: &mut Tx, app: &App, session: Uuid, reason: Reason, now: Ts) -> Result<()> {
    let status = match reason {
        Reason::Finished => "finished",
        Reason::Abandoned => "abandoned",
    };
    let ended = q!(
        tx.ex(),
        opt EndedRow,
        "UPDATE booking_sessions SET status = $2, ended_at = $3 WHERE id = $1 AND status = 'open'
         RETURNING room, place_id, jti",
        session,
        status,
        now
    )?;
    departed(tx, app, ended, reason, now).await
}

/// Ends the session as abandoned if its time is over still: since it was found so, it may have been lengthened.
async fn end_late(tx: &mut Tx, app: &App, session: Uuid, now: Ts) -> Result<()> {
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::Renewed) {
        return end(tx, app, session, Reason::Abandoned, now).await;
    }
    let ended = q!(
        tx.ex(),
        opt EndedRow,
        "UPDATE booking_sessions SET status = 'abandoned', ended_at = $2
         WHERE id = $1 AND status = 'open' AND expires_at <= $2 RETURNING room, place_id, jti",
        session,
        now
    )?;
    departed(tx, app, ended, Reason::Abandoned, now).await
}

/// Queues the departure of a session that has just ended, if any has.
async fn departed(tx: &mut Tx, app: &App, ended: Option<EndedRow>, reason: Reason, now: Ts) -> Result<()> {
    let Some(row) = ended else { return Ok(()) };
    let ended = departures::Ended { room: row.room, place: row.place_id, jti: row.jti, reason };
    departures::enqueue(tx, app, &ended, now).await
}

#[derive(sqlx::FromRow)]
struct EndedRow {
    room: String,
    place_id: Uuid,
    jti: Uuid,
}

/// Forgets revocations whose tokens are all dead, and ends sessions whose time is over, a bounded number at a time; how
/// many of these.
pub async fn sweep(app: &App, now: Ts) -> Result<usize> {
    forget_revocations(app, now).await?;
    let late = q!(
        app.db.ex(),
        vals Uuid,
        "SELECT id FROM booking_sessions WHERE status = 'open' AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
        now,
        SWEEP_MAX
    )?;
    let count = late.len();
    if count == 0 {
        return Ok(0);
    }
    #[cfg(feature = "testing")]
    if app.guards.is_off(crate::guards::Guard::Renewed) {
        // Found late; what the test does between the two comes in between.
        app.guards.meet().await;
        app.guards.meet().await;
    }
    let inner = app.clone();
    app.db
        .write("abandon_booking_sessions", move |tx| {
            let (app, late) = (inner.clone(), late.clone());
            Box::pin(async move {
                for session in late {
                    end_late(tx, &app, session, now).await?;
                }
                Ok(())
            })
        })
        .await?;
    app.wake_jobs();
    Ok(count)
}

async fn forget_revocations(app: &App, now: Ts) -> Result<()> {
    let before = now - REMEMBERED;
    let old = q!(app.db.ex(), val i64, "SELECT count(*) FROM revocations WHERE revoked_at <= $1", before)?;
    if old == 0 {
        return Ok(());
    }
    app.db
        .write_one("forget_revocations", move |tx| {
            Box::pin(async move {
                q!(tx.ex(), exec, "DELETE FROM revocations WHERE revoked_at <= $1", before)?;
                Ok(())
            })
        })
        .await
}
