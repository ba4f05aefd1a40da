//! HTTP of one's own data.

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use shared::access::Role;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};

use super::model::PersonalData;
use super::store;
use crate::app::App;
use crate::error::Result;
use crate::extract::CurrentUser;
use crate::{audit, users, webhooks};

/// All that is kept of one, to take along.
#[utoipa::path(get, path = "/api/v1/users/me/export", tag = "users",
    responses((status = 200, description = "All of it", body = PersonalData), (status = 401, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn export_me(State(app): State<App>, user: CurrentUser) -> Result<Json<PersonalData>> {
    let account = users::by_id(app.db.ex(), user.id).await?.ok_or_else(Problem::unauthorized)?;
    let (db, id) = (&app.db, user.id);
    Ok(Json(PersonalData {
        phone: store::phone(db, id).await?,
        second_factor_since: store::second_factor_since(db, id).await?,
        accounts_elsewhere: store::accounts_elsewhere(db, id).await?,
        organiser_request: store::organiser_request(db, id).await?,
        logins: store::logins(db, id).await?,
        bookings: store::bookings(db, id).await?,
        tickets: store::tickets(db, id).await?,
        transfers: store::transfers(db, id).await?,
        waiting_list: store::waiting_list(db, id).await?,
        feedback: store::feedback(db, id).await?,
        webhooks: store::webhooks(db, id).await?,
        id,
        name: account.name,
        email: account.email,
        email_verified_at: account.email_verified_at,
        user_type: account.role,
        created_at: account.created_at,
    }))
}

/// Deletes one's account: name, address and password go, with all that was said, wished for and linked; open offers of
/// tickets are withdrawn, and places in waiting lists given up. Bookings keep a nameless owner, as the books require. Tickets that
/// are still valid open the door as before, with the name on them until their session is over; nobody can be told any more if it is
/// moved or cancelled.
#[utoipa::path(delete, path = "/api/v1/users/me", tag = "users",
    responses((status = 204, description = "It is gone"),
        (status = 409, description = "`wrong-state`: admins stay; `in-progress`: a payment is under way", body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn delete_me(State(app): State<App>, user: CurrentUser) -> Result<Response> {
    if user.role == Role::Admin {
        return Err(Problem::new(StatusCode::CONFLICT, "wrong-state", "Admins stay")
            .detail("Let another admin take this role from you first; then delete the account.")
            .into());
    }
    let (now, inner) = (app.now(), app.clone());
    let sessions = app
        .db
        .write("delete_account", move |tx| {
            let app = inner.clone();
            Box::pin(async move {
                let sessions = super::forget(tx, &app, user.id, now).await?;
                audit::append(tx, Some(user.id), "user.deleted", format!("user:{}", user.id), (), now)
                    .await?;
                Ok(sessions)
            })
        })
        .await?;
    webhooks::look(&app).await?;
    for session in sessions {
        app.seats_have_changed(session);
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, users::no_cookie(&app))]).into_response())
}
