//! The letters themselves: what each mail says. Pure: facts in, letter out.

use time::Duration;

use super::letter::{Block, Letter};
use super::store::{BookingFacts, MovedFacts, OfferFacts, WebhookFacts};
use crate::money;
use crate::tickets::{TicketFacts, sums_of};
use crate::waiting_list::Offer;
use crate::when::Local;

pub(super) fn hello(name: &str, rest: &str) -> Block {
    Block::Text(format!("Hello {name}, {rest}"))
}

/// What was booked.
pub fn booking_confirmed(booking: &BookingFacts, tickets: &[TicketFacts], url: String) -> Letter {
    let mut facts = vec![("Reference", booking.reference.clone())];
    facts.extend(place_and_time(booking));
    facts.push(("Seats", seats(tickets)));
    facts.push(("Total", money::display(booking.total_minor, &booking.currency)));
    facts.extend(sums_of(tickets).text(&booking.currency).map(|parts| ("In it", parts)));
    Letter {
        subject: format!("Booking confirmed: {}", booking.event_name),
        title: "Your booking is confirmed".into(),
        blocks: vec![
            hello(
                &booking.user_name,
                "these seats are yours. The tickets follow in a mail of their own; they are in your account already.",
            ),
            Block::Facts(facts),
            Block::Button { label: "View booking and download tickets", url },
        ],
    }
}

/// What was booked, when the seats that were chosen were gone before the money came.
pub fn other_seats(booking: &BookingFacts, tickets: &[TicketFacts], url: String) -> Letter {
    let mut facts = vec![("Reference", booking.reference.clone())];
    facts.extend(place_and_time(booking));
    facts.push(("Your seats", seats(tickets)));
    facts.push(("Total", money::display(booking.total_minor, &booking.currency)));
    Letter {
        subject: format!("Booking confirmed, other seats: {}", booking.event_name),
        title: "Your booking is confirmed, with other seats".into(),
        blocks: vec![
            hello(
                &booking.user_name,
                "your payment reached us when the time for the seats you had chosen was over, and somebody else has them. \
                 We have given you others of the same kind at the same price. The tickets follow in a mail of their own.",
            ),
            Block::Facts(facts),
            Block::Button { label: "View booking and download tickets", url },
            Block::Note(
                "If they do not suit you, exchange or cancel them there, as the event's rules allow.".into(),
            ),
        ],
    }
}

/// The money came when there was nothing left to sell for it.
pub fn paid_too_late(booking: &BookingFacts, url: String) -> Letter {
    let mut facts = vec![("Reference", booking.reference.clone())];
    facts.extend(place_and_time(booking));
    facts.push(("Refund", money::display(booking.total_minor, &booking.currency)));
    Letter {
        subject: format!("No tickets, your money goes back: {}", booking.event_name),
        title: "Your payment came too late".into(),
        blocks: vec![
            hello(
                &booking.user_name,
                "your payment reached us when the time for your seats was over, and there were no others like them. You have \
                 no tickets for this booking, and all of the money goes back to the card it came from.",
            ),
            Block::Facts(facts),
            Block::Button { label: "See what is on", url },
        ],
    }
}

/// A fresh link to a booking that was made without an account.
pub fn guest_link(booking: &BookingFacts, url: String) -> Letter {
    let mut facts = vec![("Reference", booking.reference.clone())];
    facts.extend(place_and_time(booking));
    Letter {
        subject: format!("Your booking: {}", booking.event_name),
        title: "The way to your booking".into(),
        blocks: vec![
            hello(&booking.user_name, "somebody, probably you, asked for a fresh link to this booking."),
            Block::Facts(facts),
            Block::Button { label: "View booking and download tickets", url },
            Block::Note(
                "Whoever has the link has the tickets: pass it on to nobody. If it was not you, do nothing."
                    .into(),
            ),
        ],
    }
}

/// The tickets themselves; each QR code is the attachment named after its ticket's code.
pub fn tickets_ready(booking: &BookingFacts, tickets: &[TicketFacts], url: String) -> Letter {
    let mut blocks = vec![
        hello(
            &booking.user_name,
            "here are your tickets, as PDF and below. Show one QR code for each person at the door, on paper or on the phone.",
        ),
        Block::Facts(place_and_time(booking)),
    ];
    blocks.extend(tickets.iter().map(picture));
    blocks.push(Block::Button { label: "Open my tickets", url });
    blocks.push(Block::Note("Do not post pictures of your tickets: each code opens the door once.".into()));
    Letter {
        subject: format!("Your tickets: {}", booking.event_name),
        title: booking.event_name.clone(),
        blocks,
    }
}

/// A booking has ended.
pub fn booking_cancelled(booking: &BookingFacts, refund_minor: i64, url: String) -> Letter {
    let mut facts = vec![("Reference", booking.reference.clone())];
    facts.extend(place_and_time(booking));
    facts.push(("Refund", money::display(refund_minor, &booking.currency)));
    Letter {
        subject: format!("Booking cancelled: {}", booking.event_name),
        title: "Your booking is cancelled".into(),
        blocks: vec![
            hello(
                &booking.user_name,
                "this booking has been cancelled and its tickets no longer open the door.",
            ),
            Block::Text(money_back(booking, refund_minor)),
            Block::Facts(facts),
            Block::Button { label: "View booking", url },
        ],
    }
}

/// Some tickets of a booking were given back, and these are left.
pub fn tickets_given_back(
    booking: &BookingFacts,
    given: i64,
    refund_minor: i64,
    left: &[TicketFacts],
    url: String,
) -> Letter {
    let what = if given == 1 { "one ticket".to_owned() } else { format!("{given} tickets") };
    let mut facts = vec![("Reference", booking.reference.clone())];
    facts.extend(place_and_time(booking));
    facts.push(("Given back", what.clone()));
    facts.push(("Refund", money::display(refund_minor, &booking.currency)));
    facts.push(("You keep", seats(left)));
    Letter {
        subject: format!("Tickets given back: {}", booking.event_name),
        title: "Fewer tickets".into(),
        blocks: vec![
            hello(
                &booking.user_name,
                &format!("{what} of this booking will no longer open the door. The others stay as they are."),
            ),
            Block::Text(money_back(booking, refund_minor)),
            Block::Facts(facts),
            Block::Button { label: "View booking", url },
        ],
    }
}

fn money_back(booking: &BookingFacts, refund_minor: i64) -> String {
    if refund_minor > 0 {
        let amount = money::display(refund_minor, &booking.currency);
        format!("We are paying back {amount}, to the card it came from.")
    } else {
        "According to the event's refund policy nothing is paid back.".into()
    }
}

/// The session has another date. `is_buyer`: whether the reader may cancel.
pub fn postponed(
    booking: &BookingFacts,
    moved: &MovedFacts,
    name: &str,
    is_buyer: bool,
    url: String,
) -> Letter {
    let local = |at| Local::of(at, &booking.time_zone).to_string();
    let mut facts = place_and_time(booking);
    facts.insert(0, ("It was", local(moved.from)));
    let mut blocks = vec![
        hello(
            name,
            &format!("{} has been postponed. Your tickets stay valid for the new date.", booking.event_name),
        ),
        Block::Facts(facts),
    ];
    if !moved.reason.is_empty() {
        blocks.push(Block::Text(format!("The organiser says: {}", moved.reason)));
    }
    if is_buyer {
        blocks.push(Block::Text(format!(
            "If the new date does not suit you, cancel until {} and everything is paid back.",
            local(moved.refund_until)
        )));
    }
    blocks.push(Block::Button { label: "View booking", url });
    blocks.push(Block::Note("The attached date replaces the old one in your calendar.".into()));
    Letter {
        subject: format!("New date: {}", booking.event_name),
        title: "There is a new date".into(),
        blocks,
    }
}

/// The session is near.
pub fn reminder(booking: &BookingFacts, tickets: &[TicketFacts], url: String) -> Letter {
    let mut facts = place_and_time(booking);
    facts.push(("Seats", seats(tickets)));
    Letter {
        subject: format!("Tomorrow: {}", booking.event_name),
        title: format!("See you at {}", booking.event_name),
        blocks: vec![
            hello(
                &booking.user_name,
                "it is nearly time. Have the QR code of each ticket ready at the door.",
            ),
            Block::Facts(facts),
            Block::Button { label: "Open my tickets", url },
        ],
    }
}

/// Seats came back, and the reader is first on the waiting list.
pub fn seats_offered(name: &str, offer: &Offer, url: String) -> Letter {
    let local = |at| Local::of(at, &offer.time_zone).to_string();
    Letter {
        subject: format!("Tickets for you: {}", offer.event_name),
        title: "Your turn on the waiting list".into(),
        blocks: vec![
            hello(
                name,
                "tickets have come back, and you are the first who waits for them. We keep them for you for a while.",
            ),
            Block::Facts(vec![
                ("Event", offer.event_name.clone()),
                ("Venue", offer.venue_name.clone()),
                ("Starts", local(offer.starts_at)),
                ("Tickets", offer.quantity.to_string()),
                ("Kept until", local(offer.kept_until)),
            ]),
            Block::Button { label: "Book them now", url },
            Block::Note("If you do nothing, they go to the next one on the list.".into()),
        ],
    }
}

/// A place in a line is called. Its turn is kept for so long.
pub fn your_turn(room: &str, kept_for: Option<Duration>, url: String) -> Letter {
    let minutes = kept_for.map_or(0, |left| left.whole_minutes().max(0));
    let until = match minutes {
        0 => "It is kept for a moment only.".to_owned(),
        1 => "It is kept for about a minute.".to_owned(),
        minutes => format!("It is kept for about {minutes} minutes."),
    };
    Letter {
        subject: format!("It is your turn: {room}"),
        title: "It is your turn".into(),
        blocks: vec![
            hello("there", &format!("your turn in the line for {room} has come. {until}")),
            Block::Button { label: "Go in", url },
            Block::Note("Open it in the browser in which you stood in line: your place is bound to it. You asked for this mail on the queue page; your address has been forgotten with it.".into()),
        ],
    }
}

/// Somebody offers a ticket to the reader.
pub fn transfer_offered(offer: &OfferFacts, ticket: &TicketFacts, url: String) -> Letter {
    Letter {
        subject: format!("A ticket for you: {}", ticket.event_name),
        title: format!("{} offers you a ticket", offer.from_name),
        blocks: vec![
            Block::Text("Accept it and it becomes yours: you get a new ticket with your name, and the old one stops working.".into()),
            Block::Facts(ticket_facts(ticket)),
            Block::Button { label: "Accept the ticket", url },
            Block::Note("You need an account to hold it; making one takes a minute. If you do not want the ticket, do nothing: the offer lapses.".into()),
        ],
    }
}

/// An endpoint of the reader's takes no more webhooks. Only its host is named: the rest of an address may be a secret.
pub fn webhook_disabled(name: &str, webhook: &WebhookFacts, url: String) -> Letter {
    let host = webhook.url.split('/').nth(2).unwrap_or_default().to_owned();
    let mut facts = vec![("Endpoint", host)];
    if !webhook.description.is_empty() {
        facts.push(("Description", webhook.description.clone()));
    }
    Letter {
        subject: "A webhook was switched off".into(),
        title: "A webhook was switched off".into(),
        blocks: vec![
            hello(name, "this endpoint has taken none of our messages for days, or says that it is gone. We send it nothing more."),
            Block::Facts(facts),
            Block::Button { label: "See what it answered", url },
            Block::Note("When it is mended, switch it on again there and let what it missed be sent once more: messages are kept for 30 days.".into()),
        ],
    }
}

/// The reader's own new ticket.
pub fn transfer_accepted(ticket: &TicketFacts, url: String) -> Letter {
    Letter {
        subject: format!("Your ticket: {}", ticket.event_name),
        title: ticket.event_name.clone(),
        blocks: vec![
            hello(
                &ticket.holder_name,
                "the ticket is yours now. Show this QR code at the door, on paper or on the phone.",
            ),
            Block::Facts(ticket_facts(ticket)),
            picture(ticket),
            Block::Button { label: "Open my ticket", url },
        ],
    }
}

fn picture(ticket: &TicketFacts) -> Block {
    Block::Picture { id: ticket.code.clone(), caption: format!("{} · {}", ticket.place(), ticket.code) }
}

fn ticket_facts(ticket: &TicketFacts) -> Vec<(&'static str, String)> {
    vec![
        ("Event", ticket.event_name.clone()),
        ("Venue", venue(&ticket.venue_name, &ticket.venue_address)),
        ("Starts", Local::of(ticket.starts_at, &ticket.time_zone).to_string()),
        ("Seat", ticket.place()),
    ]
}

fn place_and_time(booking: &BookingFacts) -> Vec<(&'static str, String)> {
    let local = |at| Local::of(at, &booking.time_zone).to_string();
    let mut facts = vec![
        ("Event", booking.event_name.clone()),
        ("Venue", venue(&booking.venue_name, &booking.venue_address)),
    ];
    facts.extend(booking.room_name.clone().map(|room| ("Room", room)));
    if booking.doors_at < booking.starts_at {
        facts.push(("Doors", local(booking.doors_at)));
    }
    facts.push(("Starts", local(booking.starts_at)));
    facts
}

fn venue(name: &str, address: &str) -> String {
    if address.is_empty() { name.to_owned() } else { format!("{name}, {address}") }
}

fn seats(tickets: &[TicketFacts]) -> String {
    tickets.iter().map(TicketFacts::place).collect::<Vec<_>>().join("; ")
}
