//! Pure decisions about events: what a valid event is, and what may change when.

use std::collections::HashSet;
use std::sync::Arc;

use axum::http::StatusCode;
use shared::clock::Ts;
use shared::problem::Problem;
use time::Duration;
use time_tz::Tz;

use super::model::{NewEvent, NewSession, NewTicketType, RefundPolicy, Status};
use super::times;
use crate::charges::Terms;
use crate::money::{self, PRICE_MAX_MINOR};
use crate::text;
use crate::venues::Plan;

/// Sessions of one event at most.
const SESSIONS_MAX: usize = 100;
/// Ticket types of one session at most.
pub const TYPES_MAX: usize = 50;
/// Seats of all sessions of one event at most.
pub const TICKETS_MAX: i64 = 200_000;
/// How long a session lasts when nobody says.
const LENGTH: Duration = Duration::hours(3);
/// Longest session.
pub const LENGTH_MAX: Duration = Duration::days(31);
/// Most hours before the start that a refund policy may name: a year.
const REFUND_HOURS_MAX: i64 = 8760;
/// Colours of price categories that name none: told apart by people who see few colours (Okabe and Ito's palette).
const COLOURS: [&str; 7] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6d1f"];

/// What a new event is checked against.
pub struct Setting<'a> {
    /// Zone of the venue.
    pub zone: &'a Tz,
    /// Currency of events that name none.
    pub currency: &'a str,
    /// Tickets one account may have, unless the event says otherwise.
    pub per_person_limit: i64,
    /// The layout of each session, as far as it names one.
    pub plans: &'a [Option<Arc<Plan>>],
}

/// A valid event, ready to be written.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub category: String,
    pub status: Status,
    pub currency: String,
    pub room: Option<String>,
    pub image: Option<String>,
    pub per_person_limit: i64,
    pub sales_open_at: Option<Ts>,
    pub sales_close_at: Option<Ts>,
    pub refund: RefundPolicy,
    pub charges: Terms,
    pub sessions: Vec<SessionDraft>,
}

/// A valid session of a [`Draft`].
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct SessionDraft {
    pub starts_at: Ts,
    pub ends_at: Ts,
    pub doors_at: Ts,
    pub room_name: Option<String>,
    pub layout_id: Option<i64>,
    pub plan: Option<Arc<Plan>>,
    pub ticket_types: Vec<TypeDraft>,
}

/// A valid ticket type of a [`SessionDraft`]: the seats of its sections and categories, or `total` places of general admission.
#[derive(Debug, Clone)]
#[allow(missing_docs)]
pub struct TypeDraft {
    pub name: String,
    pub face_minor: i64,
    pub colour: String,
    pub premium: bool,
    pub hidden: bool,
    pub seated: bool,
    pub total: i64,
    pub sections: Vec<String>,
    pub categories: Vec<String>,
}

impl Draft {
    /// Start of the first session.
    pub fn starts_at(&self) -> Ts {
        self.sessions.iter().map(|s| s.starts_at).min().unwrap_or(Ts::from_seconds(0))
    }
}

/// Turns a request into a [`Draft`], or says what is wrong with it.
pub fn check(body: &NewEvent, setting: &Setting<'_>) -> Result<Draft, Problem> {
    let currency = match &body.currency {
        Some(code) => money::currency("/currency", code)?,
        None => setting.currency.to_owned(),
    };
    let draft = Draft {
        name: text::line("/name", &body.name, 255)?,
        description: text::paragraphs("/description", &body.description, 10_000)?,
        category: category(body.category.as_deref().unwrap_or("other"))?,
        status: body.status.unwrap_or(Status::Published),
        room: body.room.as_deref().map(|r| room("/room", r)).transpose()?,
        image: body.image.as_deref().map(image).transpose()?,
        per_person_limit: per_person_limit(body.per_person_limit.unwrap_or(setting.per_person_limit))?,
        sales_open_at: instant_or_none("/sales_open_at", &body.sales_open_at, setting.zone)?,
        sales_close_at: instant_or_none("/sales_close_at", &body.sales_close_at, setting.zone)?,
        refund: refund_policy(body.refund_policy.unwrap_or_default())?,
        charges: body.charges.as_ref().map(|new| new.checked("/charges")).transpose()?.unwrap_or_default(),
        sessions: sessions(body, setting, &currency)?,
        currency,
    };
    if !matches!(draft.status, Status::Draft | Status::Published) {
        let detail = "A new event is a draft or published.";
        return Err(Problem::invalid("/status", "validation", detail));
    }
    let tickets: i64 = draft.sessions.iter().flat_map(|s| &s.ticket_types).map(|t| t.total).sum();
    if tickets > TICKETS_MAX {
        let detail = format!("An event has at most {TICKETS_MAX} tickets in all its sessions.");
        return Err(Problem::invalid("/sessions", "out-of-range", detail));
    }
    let ends_at = draft.sessions.iter().map(|s| s.ends_at).max();
    sales_window(draft.sales_open_at, draft.sales_close_at, ends_at)?;
    Ok(draft)
}

/// A category is one folded line, so that `Concert` and `concert` are the same.
pub fn category(name: &str) -> Result<String, Problem> {
    text::line("/category", name, 40).map(|line| text::fold(&line))
}

/// A room's id.
pub fn room(pointer: &str, id: &str) -> Result<String, Problem> {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if (1..=64).contains(&id.len()) && id.bytes().all(letter) {
        Ok(id.to_owned())
    } else {
        Err(Problem::invalid(
            pointer,
            "validation",
            "A room's id has 1 to 64 small letters, digits and dashes.",
        ))
    }
}

/// A picture is a path on this origin: pages load nothing from elsewhere.
pub fn image(path: &str) -> Result<String, Problem> {
    let plain = path.bytes().all(|b| b.is_ascii_alphanumeric() || b"/._-".contains(&b));
    if path.len() <= 200 && path.starts_with('/') && !path.starts_with("//") && !path.contains("..") && plain
    {
        Ok(path.to_owned())
    } else {
        Err(Problem::invalid(
            "/image",
            "validation",
            "Give the path of a picture on this site, such as /art/a.webp.",
        ))
    }
}

/// Tickets one account may have.
pub fn per_person_limit(n: i64) -> Result<i64, Problem> {
    within("/per_person_limit", n, 1, 1000)
}

/// Places of general admission.
pub fn total_tickets(n: i64) -> Result<i64, Problem> {
    within("/total_tickets", n, 1, 100_000)
}

/// Hours before the start; half the money cannot be due earlier than all of it.
pub fn refund_policy(policy: RefundPolicy) -> Result<RefundPolicy, Problem> {
    within("/refund_policy/full_until_h", policy.full_until_h, 0, REFUND_HOURS_MAX)?;
    within("/refund_policy/half_until_h", policy.half_until_h, 0, policy.full_until_h)?;
    Ok(policy)
}

/// Sales open before they close, and close before the event is over.
pub fn sales_window(open: Option<Ts>, close: Option<Ts>, ends_at: Option<Ts>) -> Result<(), Problem> {
    let wrong = |pointer, detail| Err(Problem::invalid(pointer, "inconsistent-dates", detail));
    match (open, close, ends_at) {
        (_, Some(close), Some(end)) if close > end => {
            wrong("/sales_close_at", "Sales cannot end after the last session has ended.")
        }
        (Some(open), Some(close), _) if open >= close => {
            wrong("/sales_close_at", "Sales must open before they close.")
        }
        (Some(open), None, Some(end)) if open >= end => {
            wrong("/sales_open_at", "Sales must open before the last session has ended.")
        }
        _ => Ok(()),
    }
}

/// An optional instant.
pub fn instant_or_none(pointer: &str, text: &Option<String>, zone: &Tz) -> Result<Option<Ts>, Problem> {
    text.as_deref().map(|text| times::instant(pointer, text, zone)).transpose()
}

/// A number between two others.
pub fn within(pointer: &str, n: i64, least: i64, most: i64) -> Result<i64, Problem> {
    if (least..=most).contains(&n) {
        Ok(n)
    } else {
        Err(Problem::invalid(pointer, "out-of-range", format!("Choose {least} to {most}.")))
    }
}

fn sessions(body: &NewEvent, setting: &Setting<'_>, currency: &str) -> Result<Vec<SessionDraft>, Problem> {
    match &body.sessions {
        None => Ok(vec![simple_session(body, setting.zone, currency)?]),
        Some(list) if list.is_empty() || list.len() > SESSIONS_MAX => {
            let detail = format!("An event has 1 to {SESSIONS_MAX} sessions.");
            Err(Problem::invalid("/sessions", "out-of-range", detail))
        }
        Some(list) => list
            .iter()
            .enumerate()
            .map(|(i, new)| session(i, new, setting.plans.get(i).cloned().flatten(), setting.zone, currency))
            .collect(),
    }
}

/// The seeds' event: one date, one price, so many tickets.
fn simple_session(body: &NewEvent, zone: &Tz, currency: &str) -> Result<SessionDraft, Problem> {
    let missing =
        |field: &str| Problem::invalid(&format!("/{field}"), "validation", format!("`{field}` is missing."));
    let date = body.event_date.as_deref().ok_or_else(|| missing("event_date"))?;
    let price = body.ticket_price.as_ref().ok_or_else(|| missing("ticket_price"))?;
    let total = body.total_tickets.ok_or_else(|| missing("total_tickets"))?;
    let starts_at = times::instant("/event_date", date, zone)?;
    Ok(SessionDraft {
        starts_at,
        ends_at: starts_at + LENGTH,
        doors_at: starts_at,
        room_name: None,
        layout_id: None,
        plan: None,
        ticket_types: vec![TypeDraft {
            name: "General Admission".to_owned(),
            face_minor: price.minor("/ticket_price", currency)?,
            colour: COLOURS[0].to_owned(),
            premium: false,
            hidden: false,
            seated: false,
            total: total_tickets(total)?,
            sections: Vec::new(),
            categories: Vec::new(),
        }],
    })
}

fn session(
    i: usize,
    new: &NewSession,
    plan: Option<Arc<Plan>>,
    zone: &Tz,
    currency: &str,
) -> Result<SessionDraft, Problem> {
    let at = |field: &str| format!("/sessions/{i}/{field}");
    let starts_at = times::instant(&at("starts_at"), &new.starts_at, zone)?;
    let ends_at = instant_or_none(&at("ends_at"), &new.ends_at, zone)?.unwrap_or(starts_at + LENGTH);
    let doors_at = instant_or_none(&at("doors_at"), &new.doors_at, zone)?.unwrap_or(starts_at);
    if ends_at <= starts_at || ends_at - starts_at > LENGTH_MAX {
        let detail = "A session ends after it starts, and lasts 31 days at most.";
        return Err(Problem::invalid(&at("ends_at"), "inconsistent-dates", detail));
    }
    if doors_at > starts_at {
        let detail = "Doors open before the session starts.";
        return Err(Problem::invalid(&at("doors_at"), "inconsistent-dates", detail));
    }
    if new.ticket_types.is_empty() || new.ticket_types.len() > TYPES_MAX {
        let detail = format!("A session has 1 to {TYPES_MAX} ticket types.");
        return Err(Problem::invalid(&at("ticket_types"), "out-of-range", detail));
    }
    let mut names = HashSet::new();
    let mut taken = HashSet::new();
    let mut ticket_types = Vec::with_capacity(new.ticket_types.len());
    for (t, new) in new.ticket_types.iter().enumerate() {
        let pointer = at(&format!("ticket_types/{t}"));
        let draft = ticket_type(&pointer, t, new, plan.as_deref(), currency)?;
        if !names.insert(draft.name.clone()) {
            let detail = "Give each ticket type of a session its own name.";
            return Err(Problem::invalid(&format!("{pointer}/name"), "duplicate-name", detail));
        }
        let seats = plan.iter().flat_map(|plan| plan.seats(&draft.sections, &draft.categories));
        for (section, row, seat) in seats {
            if !taken.insert((&section.name, &row.label, &seat.label)) {
                return Err(duplicate_section(&pointer, &section.name));
            }
        }
        ticket_types.push(draft);
    }
    let room_name = new.room_name.as_deref().map(|n| text::line(&at("room_name"), n, 100)).transpose()?;
    Ok(SessionDraft { starts_at, ends_at, doors_at, room_name, layout_id: new.layout_id, plan, ticket_types })
}

/// A ticket type of a session that is seated by `plan`; `index` chooses the colour of one that names none.
pub fn ticket_type(
    pointer: &str,
    index: usize,
    new: &NewTicketType,
    plan: Option<&Plan>,
    currency: &str,
) -> Result<TypeDraft, Problem> {
    let at = |field: &str| format!("{pointer}/{field}");
    let price = match (&new.price, new.price_minor) {
        (None, Some(minor)) => price_minor(&at("price_minor"), minor)?,
        (Some(price), None) => price.minor(&at("price"), currency)?,
        _ => return Err(Problem::invalid(&at("price_minor"), "validation", "Give one price.")),
    };
    let colour = match &new.colour {
        Some(colour) => text::hex_colour(&at("colour"), colour)?,
        None => COLOURS[index % COLOURS.len()].to_owned(),
    };
    let sections: Vec<String> = new.section.iter().chain(&new.sections).cloned().collect();
    let total = supply(pointer, new, &sections, plan)?;
    let seated = new.quantity.is_none();
    Ok(TypeDraft {
        name: text::line(&at("name"), &new.name, 80)?,
        face_minor: price,
        colour,
        premium: new.premium,
        hidden: new.hidden,
        seated,
        total,
        sections: if seated { sections } else { Vec::new() },
        categories: new.categories.clone(),
    })
}

/// A price in minor units.
pub fn price_minor(pointer: &str, minor: i64) -> Result<i64, Problem> {
    within(pointer, minor, 0, PRICE_MAX_MINOR)
}

/// 422 for a section of which another ticket type sells seats.
pub fn duplicate_section(pointer: &str, section: &str) -> Problem {
    let detail = format!("Seats of the section “{section}” are already sold by another ticket type.");
    Problem::invalid(&format!("{pointer}/section"), "duplicate-section", detail)
}

/// How many places a ticket type sells: a stated quantity (in the open, or in standing sections), or the seats of its
/// sections and categories.
fn supply(
    pointer: &str,
    new: &NewTicketType,
    sections: &[String],
    plan: Option<&Plan>,
) -> Result<i64, Problem> {
    let pointer_to = |field: &str| format!("{pointer}/{field}");
    for name in sections {
        let section = plan.and_then(|p| p.section(name)).ok_or_else(|| {
            let detail = format!("The session's layout has no section “{name}”.");
            Problem::invalid(&pointer_to("section"), "unknown-section", detail)
        })?;
        if new.quantity.is_some() != section.standing {
            let detail = "Give a quantity for standing sections, and none for sections with seats.";
            return Err(Problem::invalid(&pointer_to("quantity"), "validation", detail));
        }
    }
    if let Some(name) = new.categories.iter().find(|name| !plan.is_some_and(|plan| plan.has_category(name))) {
        let detail = format!("The session's layout has no category “{name}”.");
        return Err(Problem::invalid(&pointer_to("categories"), "unknown-category", detail));
    }
    match new.quantity {
        Some(_) if !new.categories.is_empty() => {
            let detail = "Give a quantity for general admission, or the categories whose seats are sold.";
            Err(Problem::invalid(&pointer_to("quantity"), "validation", detail))
        }
        Some(n) => within(&pointer_to("quantity"), n, 1, 100_000),
        None if sections.is_empty() && new.categories.is_empty() => {
            let detail = "Give a quantity, or the section whose seats are sold.";
            Err(Problem::invalid(&pointer_to("quantity"), "validation", detail))
        }
        None => {
            let seats = plan.map_or(0, |plan| plan.seats(sections, &new.categories).count() as i64);
            let detail = "No seat of the layout is in these sections and categories.";
            if seats == 0 {
                Err(Problem::invalid(&pointer_to("section"), "no-seats", detail))
            } else {
                Ok(seats)
            }
        }
    }
}

/// 409 for what an event's status does not allow.
pub fn wrong_state(status: Status, wanted: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "wrong-state", "Not possible in this state")
        .detail(format!("The event is {}; it cannot be {wanted}.", status.name()))
        .with("state", status.name())
}

/// 409 for a change of what buyers were promised.
pub fn has_bookings(places: i64, field: &str) -> Problem {
    Problem::new(StatusCode::CONFLICT, "has-bookings", "Tickets were sold")
        .detail(format!(
            "{places} places are sold or held, and their buyers were promised the {field}. Cancel the event with a refund \
             instead, or wait until nobody holds a place."
        ))
        .with("places", places)
}
