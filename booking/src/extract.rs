//! Who is asking. A handler that names none of these extractors is public; one that does is closed by default.

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use shared::access::{self, AccessClaims, Role};
use shared::problem::Problem;
use uuid::Uuid;

use crate::app::App;

/// Somebody who is logged in.
#[derive(Debug, Clone, Copy)]
pub struct CurrentUser {
    /// The user.
    pub id: Uuid,
    /// The login the token belongs to.
    pub login: Uuid,
    /// What the user may do.
    pub role: Role,
}

/// An organiser or admin.
#[derive(Debug, Clone, Copy)]
pub struct Organizer(pub CurrentUser);

/// An admin.
#[derive(Debug, Clone, Copy)]
pub struct Admin(pub CurrentUser);

/// Gate staff, an organiser or an admin.
#[derive(Debug, Clone, Copy)]
pub struct GateStaff(pub CurrentUser);

impl CurrentUser {
    /// Whether everything is this user's.
    pub fn is_admin(&self) -> bool {
        self.role == Role::Admin
    }

    /// The owner to ask for in SQL: admins see everybody's, others their own.
    pub fn owner_filter(&self) -> Option<Uuid> {
        (!self.is_admin()).then_some(self.id)
    }
}

impl FromRequestParts<App> for CurrentUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = access::bearer(&parts.headers).ok_or_else(Problem::unauthorized)?;
        let claims = app
            .session_keys
            .verify::<AccessClaims>(token, access::AUDIENCE, app.now())
            .map_err(|_| access::invalid_token())?;
        Ok(Self { id: claims.sub, login: claims.sid, role: claims.role })
    }
}

/// `Option<CurrentUser>`: nobody when there is no token; a token that is sent must be good.
impl OptionalFromRequestParts<App> for CurrentUser {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, Problem> {
        if access::bearer(&parts.headers).is_none() {
            return Ok(None);
        }
        <Self as FromRequestParts<App>>::from_request_parts(parts, app).await.map(Some)
    }
}

async fn one_of(parts: &mut Parts, app: &App, roles: &[Role]) -> Result<CurrentUser, Problem> {
    let user = <CurrentUser as FromRequestParts<App>>::from_request_parts(parts, app).await?;
    if roles.contains(&user.role) { Ok(user) } else { Err(Problem::forbidden()) }
}

impl FromRequestParts<App> for Organizer {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        one_of(parts, app, &[Role::Organizer, Role::Admin]).await.map(Organizer)
    }
}

impl FromRequestParts<App> for Admin {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        one_of(parts, app, &[Role::Admin]).await.map(Admin)
    }
}

impl FromRequestParts<App> for GateStaff {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        one_of(parts, app, &[Role::Gate, Role::Organizer, Role::Admin]).await.map(GateStaff)
    }
}
