//! Events as answers: put together from the tables, and kept for a moment.

use axum::http::HeaderValue;
use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest, Sha256};
use shared::clock::Ts;

use super::cache::Cache;
use super::model::{
    EventCard, EventDetail, RefundPolicy, SessionDetail, SessionEvent, SessionPage, TicketTypeDetail,
    VenueDetails,
};
use super::search::{self, EventRow, Figures};
use super::store::{self, Free, SaleEvent, SessionRow, TicketType};
use crate::app::App;
use crate::charges::Line;
use crate::error::{Error, Result};
use crate::{ical, money, seats};

/// The public answers this node keeps, and what its sale knows of events; forgotten when an event changes here.
#[derive(Default)]
pub struct Pages {
    /// Lists and pages.
    pub answers: Cache<Page>,
    /// Sessions by id.
    pub sales: Cache<SaleEvent>,
}

impl Pages {
    /// Forgets everything: something was changed here and shall be seen at once.
    pub fn clear(&self) {
        self.answers.clear();
        self.sales.clear();
    }
}

/// An answer ready to be sent.
#[derive(Debug)]
pub struct Page {
    /// JSON, unless the media type says otherwise.
    pub body: Bytes,
    /// What the body is.
    pub media_type: &'static str,
    /// `version-hash`, in quotes.
    pub etag: HeaderValue,
    /// Cursor of the next page.
    pub next: Option<String>,
}

impl Page {
    /// Writes `document`; `version` names the state an editor saw, and is empty for lists.
    pub fn new(document: &impl Serialize, version: &str, next: Option<String>) -> Result<Self> {
        let body = serde_json::to_vec(document).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Self { next, ..Self::of(body.into(), "application/json", version) })
    }

    /// A calendar.
    pub fn calendar(text: String) -> Self {
        Self::of(text.into(), ical::MEDIA_TYPE, "")
    }

    fn of(body: Bytes, media_type: &'static str, version: &str) -> Self {
        let hash = Sha256::digest(&body)[..8].iter().map(|b| format!("{b:02x}")).collect::<String>();
        let etag = HeaderValue::try_from(format!("\"{version}-{hash}\""));
        Self { body, media_type, etag: etag.unwrap_or(HeaderValue::from_static("\"\"")), next: None }
    }
}

/// The version of an event as its ETag names it.
pub fn version(event: &EventRow) -> String {
    event.updated_at.micros().to_string()
}

/// Cards of these events, in their order.
pub async fn cards(app: &App, events: Vec<EventRow>, now: Ts) -> Result<Vec<EventCard>> {
    let ids: Vec<i64> = events.iter().map(|e| e.id).collect();
    let figures = search::figures(app, &ids, now).await?;
    let of = |id| figures.iter().find(|f| f.event_id == id).copied().unwrap_or_default();
    Ok(events.into_iter().map(|event| card(&event, of(event.id))).collect())
}

fn card(event: &EventRow, figures: Figures) -> EventCard {
    EventCard {
        id: event.id,
        name: event.name.clone(),
        description: event.description.clone(),
        venue: event.venue_name.clone(),
        event_date: event.starts_at,
        time_zone: event.time_zone.clone(),
        ticket_price: money::major(event.price_from_minor, &event.currency),
        ticket_price_minor: event.price_from_minor,
        currency: event.currency.clone(),
        remaining_tickets: figures.remaining,
        total_tickets: figures.total,
        status: event.status,
        category: event.category.clone(),
        room: event.room.clone(),
        image: event.image.clone(),
        sales_open_at: event.sales_open_at,
        sales_close_at: event.sales_close_at,
        sessions_count: figures.sessions,
    }
}

/// Who looks at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// Anybody: hidden ticket types are not there.
    Public,
    /// Who runs it.
    Owner,
}

/// An event with its sessions and ticket types.
pub async fn detail(app: &App, event: &EventRow, eyes: Eyes, now: Ts) -> Result<EventDetail> {
    let sessions = store::sessions(app.db.ex(), event.id).await?;
    let mut types = store::ticket_types_of_event(app.db.ex(), event.id).await?;
    types.retain(|kind| eyes == Eyes::Owner || !kind.hidden);
    let free = free_places(app, event.id, &sessions, now).await?;
    let remaining = |id| free.iter().find(|f| f.ticket_type_id == id).map_or(0, |f| f.free);
    let sessions: Vec<SessionDetail> = sessions
        .into_iter()
        .map(|session| {
            let own = types.iter().filter(|t| t.session_id == session.id);
            let ticket_types: Vec<_> =
                own.map(|t| ticket_type(t, remaining(t.id), &event.currency)).collect();
            SessionDetail {
                id: session.id,
                starts_at: session.starts_at,
                ends_at: session.ends_at,
                doors_at: session.doors_at,
                time_zone: event.time_zone.clone(),
                room_name: session.room_name,
                postponed_from: session.postponed_from,
                refund_until: session.refund_until,
                waiting_list: session.has_waiting,
                seated: ticket_types.iter().any(|t| t.seated),
                layout_id: session.layout_id,
                remaining_tickets: ticket_types.iter().map(|t| t.remaining).sum(),
                total_tickets: ticket_types.iter().map(|t| t.total).sum(),
                ticket_types,
            }
        })
        .collect();
    let figures = Figures {
        event_id: event.id,
        sessions: sessions.len() as i64,
        total: sessions.iter().map(|s| s.total_tickets).sum(),
        remaining: sessions.iter().map(|s| s.remaining_tickets).sum(),
    };
    Ok(EventDetail {
        card: card(event, figures),
        venue_details: VenueDetails {
            id: event.venue_id,
            name: event.venue_name.clone(),
            address: event.venue_address.clone(),
            time_zone: event.time_zone.clone(),
        },
        created_by: event.created_by,
        organiser: event.organiser.clone(),
        per_person_limit: event.per_person_limit,
        refund_policy: RefundPolicy { full_until_h: event.full_refund_h, half_until_h: event.half_refund_h }
            .into(),
        charges: event.charges.as_ref().map(|terms| terms.0.clone().into()),
        sessions,
    })
}

/// Free places of an event by ticket type: from this node's maps if it keeps one of each session, else counted.
async fn free_places(app: &App, event: i64, sessions: &[SessionRow], now: Ts) -> Result<Vec<Free>> {
    let mut places = Vec::new();
    for session in sessions {
        match seats::free_by_type(app, session.id).await? {
            Some(free) => {
                places.extend(free.into_iter().map(|(ticket_type_id, free)| Free { ticket_type_id, free }))
            }
            None => return store::free_places(app.db.ex(), event, now).await,
        }
    }
    Ok(places)
}

/// A ticket type as people see it.
pub fn ticket_type(row: &TicketType, remaining: i64, currency: &str) -> TicketTypeDetail {
    TicketTypeDetail {
        id: row.id,
        name: row.name.clone(),
        price: money::major(row.price_minor, currency),
        price_minor: row.price_minor,
        face_minor: row.face_minor,
        parts: Line::of(row.price_minor, row.fee_minor, row.tax_minor),
        remaining,
        total: row.total,
        colour: row.colour.clone(),
        seated: row.seated,
        premium: row.premium,
        withdrawn: row.withdrawn,
        hidden: row.hidden,
    }
}

/// One session of an event with its event; `None` when it is not among them.
pub fn session_page(detail: EventDetail, session: i64) -> Option<SessionPage> {
    let EventDetail { card, per_person_limit, sessions, .. } = detail;
    let session = sessions.into_iter().find(|s| s.id == session)?;
    Some(SessionPage { session, event: SessionEvent { card, per_person_limit } })
}
