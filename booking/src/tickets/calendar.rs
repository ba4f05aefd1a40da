//! A booking's date for a calendar.

use shared::clock::Ts;

use super::model::TicketFacts;
use crate::ical::{self, Entry};
use crate::when::Local;

pub use crate::ical::MEDIA_TYPE;

/// One entry for tickets of the same booking (not none).
pub fn of_tickets(tickets: &[TicketFacts], public_url: &str, now: Ts) -> String {
    let entries: Vec<Entry> = tickets.first().map(|first| entry(first, tickets, now)).into_iter().collect();
    ical::document(&entries, None, public_url)
}

fn entry(first: &TicketFacts, tickets: &[TicketFacts], now: Ts) -> Entry {
    let seats: Vec<String> = tickets.iter().map(TicketFacts::place).collect();
    let starts = Local::of(first.starts_at, &first.time_zone);
    let place = [Some(&first.venue_name), Some(&first.venue_address), first.room_name.as_ref()];
    Entry {
        uid: format!("booking-{}", first.booking_id),
        sequence: first.revision,
        starts_at: first.starts_at,
        ends_at: first.ends_at,
        time_zone: first.time_zone.clone(),
        summary: first.event_name.clone(),
        place: place.into_iter().flatten().cloned().collect(),
        description: format!("Reference {}\nStarts {starts}\n{}", first.reference, seats.join("\n")),
        path: format!("/bookings/{}", first.booking_id),
        is_cancelled: false,
        stamped_at: now,
    }
}
