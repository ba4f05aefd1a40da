//! Somebody who can prove a place.

use axum::http::{HeaderMap, StatusCode, header};
use shared::access;
use shared::browser::{self, Browser};
use shared::problem::{Problem, Result};

use super::token::{self, PlaceClaims};
use crate::app::App;
use crate::draw;
use crate::live;
use crate::live::document::PlaceDocument;
use crate::live::mailbox::Subscription;
use crate::queue::{BrowserKey, Place, StoreError};
use crate::rooms::rules::RoomId;

/// Header that carries the place token.
pub const HEADER: &str = "place-token";

/// A visitor with her place, as the store knows it now.
pub struct Visitor {
    /// The room.
    pub room: RoomId,
    /// The place.
    pub place: Place,
    /// Her browser.
    pub browser: Browser,
    /// The place was hers and is another browser's now: she may see that, and nothing else.
    pub has_moved: bool,
}

impl Visitor {
    /// The visitor who sent these headers: a place token (header `Place-Token`, bearer token, `offered`, or
    /// cookie) and the browser's cookie it is bound to. Puts the place back if the store does not know it.
    pub async fn of(app: &App, room: &str, headers: &HeaderMap, offered: Option<&str>) -> Result<Self> {
        let room = RoomId::parse(room).ok_or_else(Problem::not_found)?;
        let token = shown(&room, headers, offered).ok_or_else(place_invalid)?;
        let claims = verified(app, &room, token).await?;
        let browser = app.browser_cookie.read(headers).filter(|browser| browser.hash() == claims.cnf);
        let browser = browser.ok_or_else(place_not_yours)?;
        let place = standing(app, &room, &claims).await?;
        let has_moved = place.browser != BrowserKey::of_hash(&claims.cnf);
        Ok(Self { room, place, browser, has_moved })
    }

    /// Whether these headers show a place token of the room, good or bad.
    pub fn is_shown(room: &RoomId, headers: &HeaderMap) -> bool {
        shown(room, headers, None).is_some()
    }

    /// The visitor, if the place is still hers.
    ///
    /// # Errors
    /// 410 `place-moved`.
    pub fn holding(self) -> Result<Self> {
        if self.has_moved { Err(place_moved()) } else { Ok(self) }
    }

    /// Her place document.
    pub async fn document(&self, app: &App) -> Result<PlaceDocument<'static>> {
        let document = live::document_of(app, &self.room, &self.place).await?;
        Ok(if self.has_moved { document.moved() } else { document })
    }

    /// Watches the place from one more socket or stream.
    pub async fn subscribe(&self, app: &App) -> Result<Subscription> {
        live::subscribe(app, &self.room, &self.place, self.has_moved).await
    }
}

/// The place token that is shown, wherever it is.
fn shown<'t>(room: &RoomId, headers: &'t HeaderMap, offered: Option<&'t str>) -> Option<&'t str> {
    let stated = headers.get(HEADER).and_then(|v| v.to_str().ok());
    let has_cookies = headers.contains_key(header::COOKIE);
    let kept = || has_cookies.then(|| browser::cookie(headers, &token::cookie_name(room))).flatten();
    stated.or_else(|| access::bearer(headers)).or(offered).or_else(kept)
}

async fn verified(app: &App, room: &RoomId, token: &str) -> Result<PlaceClaims> {
    let claims: PlaceClaims =
        app.place_keys.unseal(token, token::AUDIENCE, app.now()).map_err(|_| place_invalid())?;
    if claims.room == *room && app.store.has_begun(room, claims.epoch).await? {
        Ok(claims)
    } else {
        Err(place_invalid())
    }
}

async fn standing(app: &App, room: &RoomId, claims: &PlaceClaims) -> Result<Place> {
    let now = app.now();
    let found = match app.store.find(room, vec![claims.sub], now).await {
        Ok(found) => found.into_iter().next().flatten(),
        // While the store does not answer, those who wait keep their page: this node's view knows where they stand.
        Err(StoreError::Unavailable(cause)) => {
            let seen = app.hub.look(room, |view| {
                let lane = view.room.lane_named(&claims.lane).unwrap_or_default();
                Some(claims.place(&view.room, view.standing_of(lane, claims.number)?))
            });
            match seen {
                Some(Some(place)) => Some(place.at(now)),
                _ => return Err(StoreError::Unavailable(cause).into()),
            }
        }
        Err(error) => return Err(error.into()),
    };
    if let Some(place) = found {
        return Ok(place);
    }
    let settings = app.store.room(room).await?;
    let lost = draw::translated(app, room, vec![claims.restore(&settings)]).await?;
    let restored = app.store.restore(room, lost, now).await?.into_iter().next();
    tracing::info!(room = %room, number = claims.number, "a place was put back from its token");
    metrics::counter!("queue_places_restored_total", "room" => room.to_string()).increment(1);
    restored.ok_or_else(place_invalid)
}

/// 401: there is no proof of a place. The visitor's real place, if any, is untouched.
fn place_invalid() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "place-invalid", "No valid place token")
        .detail("This place token is missing, damaged, or from another room. Join the line anew; a place this browser already has is given back.")
}

/// 410: another device has taken the place over.
pub fn place_moved() -> Problem {
    Problem::new(StatusCode::GONE, "place-moved", "This place has moved to another device")
        .detail("Go on there. To have it back, let that device show a code and open it here.")
}

/// 403: the proof is genuine but belongs to another browser.
fn place_not_yours() -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "place-not-yours", "This place belongs to another browser")
        .detail("Use the browser that joined, with cookies allowed, or join the line in this one.")
}
