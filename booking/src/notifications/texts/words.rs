//! What texts say, in each language. Pure: facts in, a line or two out. Names are cut, so that a text stays short; times are
//! the venue's.

use crate::notifications::store::BookingFacts;
use crate::tickets::TicketFacts;
use crate::users::phone::Language;
use crate::waiting_list::Offer;
use crate::when;

/// Longest name of an event or a venue that is written out.
const NAME_CHARS: usize = 40;

/// The code that proves a phone.
pub fn code(language: Language, code: &str) -> String {
    match language {
        Language::En => format!("{code} is your Rushline code. It works for 10 minutes. Tell it to nobody."),
        Language::De => format!("{code} ist dein Rushline-Code. Er gilt 10 Minuten. Sag ihn niemandem."),
        Language::Es => format!("{code} es tu código de Rushline. Vale 10 minutos. No se lo des a nadie."),
        Language::Ar => format!("{code} هو رمزك في Rushline. صالح لمدة 10 دقائق. لا تخبر به أحدًا."),
    }
}

/// Tickets came back, and the reader is first on the waiting list.
pub fn seats_offered(language: Language, offer: &Offer, url: &str) -> String {
    let (event, until) = (short(&offer.event_name), when::short(offer.kept_until, &offer.time_zone));
    match language {
        Language::En => format!("Tickets for {event} are yours until {until}: {url}"),
        Language::De => format!("Karten für {event} sind bis {until} für dich reserviert: {url}"),
        Language::Es => format!("Entradas para {event} reservadas para ti hasta {until}: {url}"),
        Language::Ar => format!("تذاكر {event} محجوزة لك حتى {until}: {url}"),
    }
}

/// Somebody offers a ticket to the reader. The link stands in the mail alone: whoever has it can take the ticket.
pub fn transfer_offered(language: Language, ticket: &TicketFacts) -> String {
    let (event, starts) = (short(&ticket.event_name), when::short(ticket.starts_at, &ticket.time_zone));
    match language {
        Language::En => {
            format!("You are offered a ticket for {event}, {starts}. Accept it by the link in our mail.")
        }
        Language::De => {
            format!(
                "Dir wird eine Karte für {event}, {starts}, angeboten. Nimm sie über den Link in unserer Mail an."
            )
        }
        Language::Es => {
            format!(
                "Te ofrecen una entrada para {event}, {starts}. Acéptala con el enlace de nuestro correo."
            )
        }
        Language::Ar => format!("عُرضت عليك تذكرة لـ {event}، {starts}. اقبلها عبر الرابط في بريدنا."),
    }
}

/// The event was called off.
pub fn event_cancelled(language: Language, booking: &BookingFacts, url: &str) -> String {
    let (event, starts) = (short(&booking.event_name), when::short(booking.starts_at, &booking.time_zone));
    match language {
        Language::En => format!("CANCELLED: {event}, {starts}. What is paid back: {url}"),
        Language::De => format!("ABGESAGT: {event}, {starts}. Was erstattet wird: {url}"),
        Language::Es => format!("CANCELADO: {event}, {starts}. Lo que se devuelve: {url}"),
        Language::Ar => format!("أُلغي: {event}، {starts}. ما سيُعاد إليك: {url}"),
    }
}

/// The session has another date.
pub fn postponed(language: Language, booking: &BookingFacts, url: &str) -> String {
    let (event, starts) = (short(&booking.event_name), when::short(booking.starts_at, &booking.time_zone));
    match language {
        Language::En => format!("NEW DATE: {event} is on {starts}. Your tickets stay valid: {url}"),
        Language::De => format!("NEUER TERMIN: {event} ist am {starts}. Deine Karten bleiben gültig: {url}"),
        Language::Es => format!("NUEVA FECHA: {event} es el {starts}. Tus entradas siguen valiendo: {url}"),
        Language::Ar => format!("موعد جديد: {event} في {starts}. تذاكرك تبقى صالحة: {url}"),
    }
}

/// The session is near.
pub fn reminder(language: Language, booking: &BookingFacts, url: &str) -> String {
    let (event, venue) = (short(&booking.event_name), short(&booking.venue_name));
    let starts = when::short(booking.starts_at, &booking.time_zone);
    match language {
        Language::En => format!("{event}: {starts}, {venue}. Your tickets: {url}"),
        Language::De => format!("{event}: {starts}, {venue}. Deine Karten: {url}"),
        Language::Es => format!("{event}: {starts}, {venue}. Tus entradas: {url}"),
        Language::Ar => format!("{event}: {starts}، {venue}. تذاكرك: {url}"),
    }
}

/// A name of at most [`NAME_CHARS`] characters.
fn short(name: &str) -> String {
    if name.chars().nth(NAME_CHARS).is_none() {
        return name.to_owned();
    }
    let kept: String = name.chars().take(NAME_CHARS - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_and_short_ones_are_not() {
        assert_eq!(short("Rock Night"), "Rock Night");
        let cut = short(&"Ж".repeat(200));
        assert_eq!((cut.chars().count(), cut.ends_with('…')), (NAME_CHARS, true));
    }

    #[test]
    fn every_language_says_the_code_first_in_a_single_message() {
        for language in [Language::En, Language::De, Language::Es, Language::Ar] {
            let text = code(language, "012345");
            // 70 characters fit into one message when it needs more than the alphabet of GSM 03.38.
            let most = if language == Language::Ar { 70 } else { 160 };
            assert!(text.starts_with("012345") && text.chars().count() <= most, "{text}");
        }
    }
}
