//! Booking sessions: what an admission token opens (design §4).
//!
//! An event with a room sells only to shoppers whom the waiting room has admitted. The token is verified offline
//! against the waiting room's keys; its `jti` is used up by a unique index in the transaction that opens the booking
//! session, which belongs to one account in one browser from then on. It ends with a confirmed booking (`finished`) or
//! at its expiry (`abandoned`), which a renewed token or the waiting room itself may move on while it is open; either way a departure job tells the waiting room, in the same transaction. The waiting
//! room may take an admission back ([`shared::revocations`]): it is then a row here, and every hold looks for it in its own
//! transaction.
//!
//! A hold must be placed while the booking session is open. It then keeps its own deadline, and may be paid until
//! then even if the session ends first: nobody loses seats that were promised.

mod routes;
mod rules;
mod store;

use axum::http::HeaderMap;
use shared::admission::{AUDIENCE, AdmissionClaims, HEADER};
use shared::clock::Ts;
use shared::departures::Reason;
use shared::problem::Problem;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use crate::app::App;
use crate::db::Tx;
use crate::error::Result;
use store::BookingSession;

pub use store::sweep;

/// The sale that a token must open.
#[derive(Debug, Clone, Copy)]
pub struct Guarded<'a> {
    /// The event.
    pub event: i64,
    /// Its waiting room.
    pub room: &'a str,
}

/// The booking session that the request's admission token opens, or has opened before for the same account and browser.
///
/// # Errors
/// 403 `queue-required` without a token, 401 `invalid-token`, `admission-expired` or `admission-revoked`, 403
/// `admission-not-yours`, 409 `admission-used` once the session has ended.
pub async fn open(app: &App, user: Uuid, headers: &HeaderMap, sale: Guarded<'_>) -> Result<Uuid> {
    let now = app.now();
    let Some(token) = headers.get(HEADER) else {
        return Err(rules::queue_required(sale.room, &app.settings.public_url()).into());
    };
    let token = token.to_str().map_err(|_| rules::invalid_token())?;
    let keys = app.admission_keys.for_token(token, now).await;
    let claims: AdmissionClaims =
        keys.verify(token, AUDIENCE, now).map_err(|error| rules::refused(error, sale.room))?;
    let browser = app.browser_cookie.read(headers).map(|browser| browser.hash());
    let browser = rules::holder(&claims, sale, browser)?;
    let session = match store::of_admission(app, claims.jti).await? {
        Some(session) => lengthened(app, session, &claims).await?,
        None => {
            let opened = store::open(app, &claims, user, &browser, sale.event, now).await?;
            opened.ok_or_else(|| rules::revoked(sale.room))?
        }
    };
    rules::usable(&session, user, &browser, sale.room, now)?;
    Ok(session.id)
}

/// The session, with the end that a renewed token says. The waiting room tells of renewals by itself; this is for the token
/// that comes first.
async fn lengthened(app: &App, session: BookingSession, claims: &AdmissionClaims) -> Result<BookingSession> {
    let until = claims.expires_at();
    if session.expires_at < until && store::lengthen(app, claims.jti, until).await? {
        return Ok(BookingSession { expires_at: until, ..session });
    }
    Ok(session)
}

/// Locks the booking session for this transaction; false when it has ended or was taken back meanwhile.
pub async fn is_open(tx: &mut Tx, session: Uuid, now: Ts) -> Result<bool> {
    store::lock_open(tx, session, now).await
}

/// The refusal when [`is_open`] says no.
pub fn ended() -> Problem {
    rules::used()
}

/// Ends a booking session with a booking, and queues the departure. Nothing happens when it has ended before.
pub async fn finish(tx: &mut Tx, app: &App, session: Uuid, now: Ts) -> Result<()> {
    store::end(tx, app, session, Reason::Finished, now).await
}

/// Routes of this feature.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(routes::revoke_admissions))
        .routes(routes!(routes::renew_admission_session))
}
