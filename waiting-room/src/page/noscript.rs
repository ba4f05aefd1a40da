//! The visitor's place as plain HTML, for browsers without JavaScript. Pure.

use std::fmt::Write;

use shared::clock::Ts;
use time::Duration;

use super::theme::between;
use crate::live::document::{PlaceDocument, PlaceState};
use crate::rooms::rules::{Room, RoomState};

/// What stands between the marks of this name is replaced by the visitor's place.
const MARK: &str = "place";
/// And here by the room's name.
const NAME_MARK: &str = "name";
/// The page carries its own policy; served by us it goes into a header, where it can also forbid framing.
const POLICY_OPEN: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
const POLICY_CLOSE: &str = "\">";
/// Said wherever the sale is over.
const CLOSED: &str = "This line is closed";
const ENDED: &str = "The sale has ended or sold out.";
/// For a page without one.
const STRICT_POLICY: &str = "default-src 'none';base-uri 'none'";

/// Shown while the page has not been built.
pub const UNBUILT: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
<meta http-equiv=\"refresh\" content=\"20\"><title>Rushline</title></head><body><main>\
<!--place--><!--/place-->\
<p>This is the plain page: the real one was not built. \
Run <code>npm ci &amp;&amp; npm run build</code> in <code>waiting-room/web</code>, then build the server again.</p>\
</main></body></html>";

/// The place, or the way to one, with forms that need no JavaScript. `wait_s` are the seconds until somebody may join
/// who waits instead of working.
pub fn block(room: Option<&Room>, place: Option<&PlaceDocument>, wait_s: Option<u64>, now: Ts) -> String {
    let Some(room) = room else {
        return "<h2>No such line</h2><p>Check the address, or start again from the event’s page.</p>"
            .to_owned();
    };
    let Some(place) = place else { return way_in(room, wait_s, now) };
    let Said { title, sentence, ways } = said(room, place);
    let mut html = format!("<h2>{title}</h2>");
    if place.state == PlaceState::Waiting && place.deferred_until.is_none() && place.position > 0 {
        let _ =
            write!(html, "<p class=\"place\"><span>Your place in line</span><b>{}</b></p>", place.position);
    }
    let _ = write!(html, "<p>{sentence}</p>");
    if let Some(message) = &place.message {
        let _ = write!(html, "<p>{}</p>", escape(message));
    }
    html + &ways
}

/// How somebody gets a place who has none.
fn way_in(room: &Room, wait_s: Option<u64>, now: Ts) -> String {
    match room.state(now) {
        RoomState::Scheduled => {
            let opens_in = room.lobby_at.map_or(Duration::ZERO, |at| at - now);
            let about = about(opens_in);
            return format!(
                "<h2>Not open yet</h2><p>The line opens in {about}. Come back to this page then.</p>"
            );
        }
        RoomState::Draining | RoomState::Closed => {
            return format!("<h2>{CLOSED}</h2><p>{ENDED}</p>{}", way_to_shop(room));
        }
        _ => {}
    }
    if room.one_per_account {
        // The shop hands the account over to a script.
        return format!(
            "<h2>Log in at the shop first</h2>\
             <p>In this line each account has one place. Turn JavaScript on, log in at the shop and join from there.</p>{}",
            way_to_shop(room)
        );
    }
    let mut html = "<h2>You are not in the line yet</h2><p>Cookies must be allowed.</p>".to_owned();
    if let Some(wait_s) = wait_s.filter(|wait_s| *wait_s > 0) {
        let _ = write!(
            html,
            "<p>Many join from your network, so joining takes a moment: you can in {wait_s} seconds.</p>"
        );
    }
    html + &first_form(&format!("/queue/{}", room.id), "Join the line")
}

/// What is to be said about a place.
struct Said {
    title: &'static str,
    sentence: String,
    /// Forms for what can be done now.
    ways: String,
}

/// The place in words, and what can be done now.
fn said(room: &Room, place: &PlaceDocument) -> Said {
    let id = &room.id;
    let enter = || first_form(&format!("/queue/{id}/enter"), "Enter the shop");
    let leave = || form(&format!("/queue/{id}/leave"), "Leave the line");
    let defer = || form(&format!("/queue/{id}/defer"), &format!("Not now, in {}", span(room.deferral_s)));
    let mail = || {
        format!(
            "<form method=\"post\" action=\"/queue/{id}/mail\"><label>Write to me when it is my turn: \
             <input type=\"email\" name=\"email\" required autocomplete=\"email\"></label> <button>Send</button></form>"
        )
    };
    let rejoin = || first_form(&format!("/queue/{id}"), "Join the line again");
    let (position, number) = (place.position, place.number);
    let (title, sentence, ways) = match place.state {
        PlaceState::Lobby | PlaceState::Waiting | PlaceState::Called
            if place.room_state == RoomState::Closed =>
        {
            (CLOSED, ENDED.into(), way_to_shop(room))
        }
        PlaceState::Lobby if place.position == 0 => {
            ("You’re early", "The order is drawn when the sale starts.".into(), mail() + &leave())
        }
        PlaceState::Lobby => (
            "You’re early",
            format!("The sale has not started. Your number is {number}, your position {position}."),
            mail() + &leave(),
        ),
        PlaceState::Waiting if place.deferred_until.is_some() => {
            let left_s = place.deferred_until.map_or(0, |at| (at - place.server_time).whole_seconds().max(0));
            let minutes = (left_s + 59) / 60;
            let sentence = format!("It comes again in about {minutes} minutes; you can go in earlier.");
            ("Your turn waits for you", sentence, enter() + &leave())
        }
        PlaceState::Waiting if place.paused => {
            ("The line is paused", "Your place is safe. It moves again soon.".into(), leave())
        }
        PlaceState::Waiting => ("You’re in line", ahead(place), mail() + &leave()),
        PlaceState::Called if place.at_door => {
            ("It’s your turn", "The shop is full this moment; you go in next.".into(), enter() + &leave())
        }
        PlaceState::Called => {
            let left_s = place.claim_by.map_or(0, |by| (by - place.server_time).whole_seconds().max(0));
            let later = if place.can_defer { defer() } else { String::new() };
            ("It’s your turn", format!("You have {left_s} seconds to enter."), enter() + &later + &leave())
        }
        PlaceState::Admitted => ("You are in", "The shop is open to you.".into(), enter() + &leave()),
        PlaceState::Left => ("You have left the line", "You can join again, at the end.".into(), rejoin()),
        PlaceState::Moved => ("Your place has moved", "Another device holds it now.".into(), String::new()),
        PlaceState::Expired => {
            ("Your turn is over", "The time to enter, or to stay, has run out.".into(), rejoin())
        }
    };
    Said { title, sentence, ways }
}

/// On to where the event is, sold out or not.
fn way_to_shop(room: &Room) -> String {
    format!("<p><a href=\"{}\">Go to the shop</a></p>", escape(&room.booking_url))
}

/// A wait in the largest unit of which there are at least two.
fn about(wait: Duration) -> String {
    match (wait.whole_days(), wait.whole_hours(), (wait.whole_seconds() + 59) / 60) {
        (days, ..) if days >= 2 => format!("about {days} days"),
        (_, hours, _) if hours >= 2 => format!("about {hours} hours"),
        (.., minutes) if minutes >= 2 => format!("about {minutes} minutes"),
        _ => "a minute".to_owned(),
    }
}

/// Who stands before somebody, and how long that may take.
fn ahead(place: &PlaceDocument) -> String {
    let wait = place.eta.map_or(String::new(), |eta| {
        format!(" Your wait: about {} to {} minutes.", eta.low_s / 60, eta.high_s.div_ceil(60))
    });
    format!("Ahead of you: {}.{wait}", place.ahead)
}

/// A length of time as it is set: in minutes where it is whole ones.
fn span(length_s: u32) -> String {
    match (length_s / 60, length_s % 60) {
        (1, 0) => "1 minute".to_owned(),
        (minutes, 0) => format!("{minutes} minutes"),
        _ => format!("{length_s} seconds"),
    }
}

fn form(action: &str, label: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\"><button>{label}</button></form>")
}

/// A form for the one thing to do next.
fn first_form(action: &str, label: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\"><button class=\"main\">{label}</button></form>")
}

/// The page with the room's name and the block in their places, and the policy it carried.
pub fn fill(page: String, room: Option<&Room>, block: &str) -> (String, String) {
    let (page, policy) = take_policy(page);
    let page = match room {
        Some(room) => between(page, NAME_MARK, &escape(&room.name)),
        None => page,
    };
    (between(page, MARK, block), policy)
}

fn take_policy(page: String) -> (String, String) {
    let found = page.split_once(POLICY_OPEN).and_then(|(before, rest)| {
        let (policy, after) = rest.split_once(POLICY_CLOSE)?;
        Some((format!("{before}{after}"), policy.to_owned()))
    });
    found.unwrap_or_else(|| (page, STRICT_POLICY.to_owned()))
}

/// The policy with our forms allowed (whose last step may lead to the shop) and framing forbidden.
pub fn policy_header(policy: &str, booking_url: Option<&str>) -> String {
    let kept = policy.split(';').filter(|part| !part.trim_start().starts_with("form-action"));
    let shop = booking_url.and_then(origin).unwrap_or_default();
    format!("{};form-action 'self' {shop};frame-ancestors 'none'", kept.collect::<Vec<_>>().join(";"))
}

/// Scheme and host of an address, `None` for a path.
pub fn origin(url: &str) -> Option<&str> {
    let host = url.find("://")? + 3;
    let end = url[host..].find(['/', '?', ';', ',', '\'', '"']).map_or(url.len(), |at| host + at);
    Some(&url[..end])
}

/// Text as HTML shows it, also in an attribute.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rooms::rules::Mode;
    use crate::rooms::rules::tests::open_room;

    #[test]
    fn names_cannot_write_html() {
        let room = Room { name: "<script>alert(1)</script>".into(), ..open_room() };
        let form = block(Some(&room), None, None, Ts::from_seconds(0));
        let (html, _) = fill("<!--name--><!--/name--><!--place--><!--/place-->".into(), Some(&room), &form);
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
        assert!(html.contains("action=\"/queue/rock-night\""));
    }

    #[test]
    fn nobody_is_shown_a_way_into_a_line_that_takes_nobody() {
        let opens = Ts::from_seconds(7200);
        let room = Room { mode: Mode::Schedule, lobby_at: Some(opens), opens_at: Some(opens), ..open_room() };
        let shown = |room: &Room, now_s| block(Some(room), None, None, Ts::from_seconds(now_s));
        assert!(shown(&room, 0).contains("opens in about 2 hours") && !shown(&room, 0).contains("<form"));
        assert!(shown(&room, 7140).contains("opens in a minute"));
        assert!(shown(&room, 7200).contains("Join the line"));
        for mode in [Mode::Closed, Mode::Draining] {
            let over = shown(&Room { mode, ..open_room() }, 0);
            assert!(over.contains(CLOSED) && over.contains("Go to the shop") && !over.contains("<form"));
        }
    }

    #[test]
    fn the_block_replaces_what_stands_between_the_marks() {
        let (html, policy) = fill("a<!--place-->old<!--/place-->z".into(), None, "new");
        assert_eq!((html.as_str(), policy.as_str()), ("anewz", STRICT_POLICY));
        assert_eq!(fill("no marks".into(), None, "new").0, "no marks");
    }

    #[test]
    fn the_pages_policy_moves_into_the_header() {
        let page = format!("<head>{POLICY_OPEN}default-src 'none';form-action 'none'{POLICY_CLOSE}</head>");
        let (html, policy) = fill(page, None, "");
        assert_eq!(html, "<head></head>");
        let header = policy_header(&policy, Some("https://shop.example/events/1"));
        assert_eq!(
            header,
            "default-src 'none';form-action 'self' https://shop.example;frame-ancestors 'none'"
        );
        assert!(policy_header(&policy, Some("/events/1")).contains("form-action 'self' ;"));
    }
}
