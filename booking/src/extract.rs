//! Who is asking, and for what. A handler that names none of the people here is public; one that does is closed by
//! default.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::str::FromStr;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use shared::access::{self, AccessClaims, Role};
use shared::admission;
use shared::departures::ServiceClaims;
use shared::problem::Problem;
use shared::query;
use uuid::Uuid;

use crate::app::App;
use crate::checkin;
use crate::text;

/// Characters of a query parameter at most.
const VALUE_MAX: usize = 1000;

/// Somebody who is logged in.
#[derive(Debug, Clone, Copy)]
pub struct CurrentUser {
    /// The user.
    pub id: Uuid,
    /// The login the token belongs to.
    pub login: Uuid,
    /// What the user may do.
    pub role: Role,
    /// The event at whose doors alone this is good: a scanner's.
    pub only_event: Option<i64>,
}

/// An organiser or admin.
#[derive(Debug, Clone, Copy)]
pub struct Organizer(pub CurrentUser);

/// An admin.
#[derive(Debug, Clone, Copy)]
pub struct Admin(pub CurrentUser);

/// Gate staff, an organiser or an admin, or a scanner of an organiser: no other guard lets one in.
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
        Ok(Self { id: claims.sub, login: claims.sid, role: claims.role, only_event: None })
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
        if let Some(token) =
            access::bearer(&parts.headers).filter(|token| token.starts_with(checkin::DEVICE_PREFIX))
        {
            let at = checkin::at_work(&app.db, token).await?.ok_or_else(access::invalid_token)?;
            let role = Role::Organizer;
            return Ok(Self(CurrentUser {
                id: at.organiser,
                login: at.device,
                role,
                only_event: Some(at.event),
            }));
        }
        one_of(parts, app, &[Role::Gate, Role::Organizer, Role::Admin]).await.map(GateStaff)
    }
}

/// The waiting room itself, by its service token.
#[derive(Debug, Clone, Copy)]
pub struct WaitingRoom;

impl FromRequestParts<App> for WaitingRoom {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let token = access::bearer(&parts.headers).ok_or_else(access::invalid_token)?;
        let keys = app.admission_keys.for_token(token, app.now()).await;
        keys.verify::<ServiceClaims>(token, admission::AUDIENCE, app.now())
            .map_err(|_| access::invalid_token())?;
        Ok(Self)
    }
}

/// Ids in the path. One that cannot be an id is 404, like one that is nobody's.
#[derive(Debug, Clone, Copy)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = <axum::extract::Path<T> as FromRequestParts<S>>::from_request_parts(parts, state).await;
        path.map(|path| Path(path.0)).map_err(|_| Problem::not_found())
    }
}

/// The tags of answers that the client has kept (`If-None-Match`).
#[derive(Debug, Clone)]
pub struct Tags(Option<HeaderValue>);

impl Tags {
    /// Whether `etag` is among them, as strong or weak.
    pub fn name(&self, etag: &HeaderValue) -> bool {
        let tags = self.0.as_ref().and_then(|tags| tags.to_str().ok()).unwrap_or_default();
        tags.split(',').any(|tag| tag.trim().trim_start_matches("W/").as_bytes() == etag.as_bytes())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Tags {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self(parts.headers.get(header::IF_NONE_MATCH).cloned()))
    }
}

/// Parameters of a query, each given once and known.
#[derive(Debug, Clone, Default)]
pub struct Params(BTreeMap<String, String>);

impl Params {
    /// Reads the query of `uri` as [`query::read`] does; 422 for control characters. Empty values count as absent.
    pub fn of(uri: &Uri, known: &[&str]) -> Result<Self, Problem> {
        Self::parse(uri.query().unwrap_or_default(), known)
    }

    /// The same from the text behind the question mark.
    pub fn parse(query: &str, known: &[&str]) -> Result<Self, Problem> {
        let mut map = query::read(query, known)?;
        for (name, value) in &map {
            // PostgreSQL stores no NUL, and nobody searches for control characters.
            text::paragraphs(&format!("/{name}"), value, VALUE_MAX)?;
        }
        map.retain(|_, value| !value.is_empty());
        Ok(Self(map))
    }

    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A whole number; 422 `out-of-range` outside `least..=most`.
    pub fn number(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>, Problem> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let n = text.parse().ok().filter(|n| (least..=most).contains(n));
        let detail = || format!("`{name}` is a whole number from {least} to {most}.");
        n.map(Some).ok_or_else(|| Problem::invalid(&format!("/{name}"), "out-of-range", detail()))
    }

    /// Where a page begins, as a `Link` header gave it out; 400 `invalid-cursor` for what never stood in one.
    pub fn cursor<T: FromStr>(&self, name: &str) -> Result<Option<T>, Problem> {
        self.get(name).map(|text| text.parse().map_err(|_| invalid_cursor())).transpose()
    }

    /// Stands for all parameters but these: equal for equal queries, in whatever order they were written.
    pub fn digest(&self, without: &[&str]) -> [u8; 32] {
        let mut hash = Sha256::new();
        for (name, value) in self.0.iter().filter(|(name, _)| !without.contains(&name.as_str())) {
            hash.update(format!("{}:{name}={}:{value};", name.len(), value.len()));
        }
        hash.finalize().into()
    }

    /// The query again, the same for equal queries.
    pub fn canonical(&self) -> String {
        let pairs = self.0.iter().map(|(name, value)| format!("{name}={}", percent_encode(value)));
        pairs.collect::<Vec<_>>().join("&")
    }

    /// The query again, with `name` set to `value`.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut with = self.clone();
        with.0.insert(name.to_owned(), value.to_owned());
        with.canonical()
    }
}

/// 400 for a cursor that was edited, or belongs to another list.
pub fn invalid_cursor() -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "invalid-cursor", "Invalid cursor").detail(
        "Start again without a cursor, and follow the Link header without changing the other parameters.",
    )
}

/// RFC 3986: everything but unreserved characters.
fn percent_encode(text: &str) -> String {
    let keep = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if keep(b) { (b as char).to_string() } else { format!("%{b:02X}") }).collect()
}
