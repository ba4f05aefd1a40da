//! Accounts as admins see them, and the first admin.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use shared::access::Role;
use shared::json::Json;
use shared::problem::{Problem, ProblemDocument};
use utoipa::ToSchema;
use uuid::Uuid;

use super::routes::Profile;
use super::store::{self, User};
use super::{logins, rules};
use crate::app::App;
use crate::audit;
use crate::error::Result;
use crate::extract::{Admin, Params, Path};
use crate::text;

/// Accounts on one page at most, and when nobody says.
const LIMIT_MAX: i64 = 500;
const LIMIT: i64 = 100;

/// Lists accounts in the order they registered. The next page is in the `Link` header.
#[utoipa::path(get, path = "/api/v1/admin/users", tag = "admin", params(
        ("q" = Option<String>, Query, description = "Part of the name or address."),
        ("user_type" = Option<Role>, Query),
        ("cursor" = Option<String>, Query, description = "From the Link header."),
        ("limit" = Option<i64>, Query, description = "1 to 500."),
    ),
    responses((status = 200, body = [Profile]), (status = 403, body = ProblemDocument)), security(("bearer" = [])))]
pub async fn list_users(State(app): State<App>, _admin: Admin, uri: Uri) -> Result<Response> {
    let params = Params::of(&uri, &["q", "user_type", "cursor", "limit"])?;
    let limit = params.number("limit", 1, LIMIT_MAX)?.unwrap_or(LIMIT);
    let role = params.get("user_type").map(|name| role("/user_type", name)).transpose()?;
    let after = params.cursor::<Uuid>("cursor")?;
    let pattern = text::like(&params.get("q").unwrap_or_default().to_lowercase());
    let mut users = store::list(app.db.ex(), &pattern, role, after, limit + 1).await?;
    let more = users.len() as i64 > limit;
    users.truncate(limit as usize);
    let mut headers = HeaderMap::new();
    if let Some(last) = users.last().filter(|_| more) {
        let link =
            format!("</api/v1/admin/users?{}>; rel=\"next\"", params.with("cursor", &last.id.to_string()));
        headers.extend(HeaderValue::from_str(&link).map(|link| (header::LINK, link)));
    }
    let rows: Vec<Profile> = users.into_iter().map(Profile::from).collect();
    Ok((headers, Json(rows)).into_response())
}

/// Another role.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RoleChange {
    /// guest, organizer, gate or admin.
    user_type: String,
}

/// Gives an account another role. Its logins end, so that the old role ends with the last access token.
#[utoipa::path(patch, path = "/api/v1/admin/users/{id}", tag = "admin", request_body = RoleChange,
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Profile), (status = 404, body = ProblemDocument), (status = 409, body = ProblemDocument)),
    security(("bearer" = [])))]
pub async fn change_role(
    State(app): State<App>,
    Admin(admin): Admin,
    Path(id): Path<Uuid>,
    Json(body): Json<RoleChange>,
) -> Result<Json<Profile>> {
    let role = role("/user_type", &body.user_type)?;
    if id == admin.id {
        return Err(Problem::new(StatusCode::CONFLICT, "wrong-state", "Not your own role")
            .detail("Another admin must change your role, so that one always remains.")
            .into());
    }
    let now = app.now();
    let user = app
        .db
        .write("change_role", move |tx| {
            Box::pin(async move {
                let user = store::set_role(tx, id, role, now).await?.ok_or_else(Problem::not_found)?;
                store::end_logins(tx, id, None, now).await?;
                let detail = json!({ "role": role });
                audit::append(tx, Some(admin.id), "user.role_changed", format!("user:{id}"), detail, now)
                    .await?;
                Ok(user)
            })
        })
        .await?;
    Ok(Json(user.into()))
}

fn role(pointer: &str, name: &str) -> Result<Role, Problem> {
    serde_json::from_value(json!(name))
        .map_err(|_| Problem::invalid(pointer, "validation", "Choose guest, organizer, gate or admin."))
}

/// Makes the first admin from the settings when there is none. Without a password in the settings one is made up and
/// returned, to be shown once.
pub async fn ensure_admin(app: &App) -> Result<Option<String>> {
    let settings = &app.settings.admin;
    let email = rules::email("/admin/email", &settings.email)?;
    let given = settings.password.expose_secret();
    let made_up = given.is_empty().then(|| logins::new_token(&app.entropy)[..20].to_owned());
    let password = made_up.clone().unwrap_or_else(|| given.to_owned());
    if store::has_admin(app.db.ex()).await? {
        return Ok(None);
    }
    rules::password("/admin/password", &password)?;
    let made = create_account(app, "Administrator", &email, &password, Role::Admin).await?;
    Ok(made_up.filter(|_| made.is_some()))
}

/// Makes an account of any role with a proven address, for the first admin and for demos; `None` when the address has
/// one.
pub async fn create_account(
    app: &App,
    name: &str,
    email: &str,
    password: &str,
    role: Role,
) -> Result<Option<Uuid>> {
    let now = app.now();
    let user = User {
        id: app.entropy.uuid_v7(now),
        name: name.to_owned(),
        email: email.to_owned(),
        role,
        email_verified_at: Some(now),
        is_guest: false,
        created_at: now,
    };
    let password_hash = app.passwords.hash(password, &app.entropy).await?;
    app.db
        .write("create_account", move |tx| {
            let (user, password_hash) = (user.clone(), password_hash.clone());
            Box::pin(async move {
                if !store::insert(tx, &user, &rules::email_key(&user.email), &password_hash).await? {
                    return Ok(None);
                }
                let detail = json!({ "role": role });
                audit::append(tx, None, "user.created", format!("user:{}", user.id), detail, now).await?;
                Ok(Some(user.id))
            })
        })
        .await
}
