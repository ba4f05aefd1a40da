//! The visitor's place as plain HTML, for browsers without JavaScript. Pure.

use std::fmt::Write;

use shared::clock::Ts;
use time::Duration;

use super::theme::between;
use crate::live::document::{PlaceDocument, PlaceState};
use crate::rooms::rules::{Room, RoomState};
use crate::words::{Words, with};

/// What stands between the marks of this name is replaced by the visitor's place.
const MARK: &str = "place";
/// And here by the room's name.
const NAME_MARK: &str = "name";
/// How the page begins: its language is the reader's as long as no script speaks another.
const ENGLISH: &str = "<html lang=\"en\">";
/// The page carries its own policy; served by us it goes into a header, where it can also forbid framing.
const POLICY_OPEN: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
const POLICY_CLOSE: &str = "\">";
/// For a page without one.
const STRICT_POLICY: &str = "default-src 'none';base-uri 'none'";

/// Shown while the page has not been built.
pub const UNBUILT: &str = "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
<meta http-equiv=\"refresh\" content=\"20\"><title>Rushline</title></head><body><main>\
<!--place--><!--/place-->\
<p lang=\"en\" dir=\"ltr\">This is the plain page: the real one was not built. \
Run <code>npm ci &amp;&amp; npm run build</code> in <code>waiting-room/web</code>, then build the server again.</p>\
</main></body></html>";

/// The place, or the way to one, with forms that need no JavaScript, in somebody's words. `wait_s` are the seconds until
/// somebody may join who waits instead of working.
pub fn block(
    words: &Words,
    room: Option<&Room>,
    place: Option<&PlaceDocument>,
    wait_s: Option<u64>,
    now: Ts,
) -> String {
    let said = match (room, place) {
        (None, _) => Said::new(&words.queue.unknown, &words.queue.unknown_text),
        (Some(room), None) => way_in(words, room, wait_s, now),
        (Some(room), Some(place)) => said(words, room, place),
    };
    said.html(place.and_then(|place| place.message.as_deref()), &words.line.refreshes)
}
/// What is to be said, and what can be done now.
#[derive(Default)]
struct Said<'w> {
    title: &'w str,
    /// A position to be seen from afar, with what it is.
    position: Option<(&'w str, String)>,
    /// Sentences, as HTML.
    sentences: Vec<&'w str>,
    /// Figures, each with what it is.
    facts: Vec<(&'w str, String)>,
    /// Forms and links.
    ways: String,
}

impl<'w> Said<'w> {
    fn new(title: &'w str, sentence: &'w str) -> Self {
        Self { title, sentences: vec![sentence], ..Self::default() }
    }

    fn fact(mut self, name: &'w str, value: String) -> Self {
        self.facts.push((name, value));
        self
    }

    fn ways(self, ways: String) -> Self {
        Self { ways, ..self }
    }

    /// As HTML, with the operator's word to the line and what stands at the end.
    fn html(self, message: Option<&str>, end: &str) -> String {
        let mut html = format!("<h2>{}</h2>", self.title);
        if let Some((name, position)) = self.position {
            let _ = write!(html, "<p class=\"place\"><span>{name}</span><b>{position}</b></p>");
        }
        for sentence in self.sentences {
            let _ = write!(html, "<p>{sentence}</p>");
        }
        if let Some(message) = message {
            let _ = write!(html, "<p dir=\"auto\">{}</p>", escape(message));
        }
        if !self.facts.is_empty() {
            let facts =
                self.facts.iter().map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>"));
            let _ = write!(html, "<dl>{}</dl>", facts.collect::<String>());
        }
        html + &self.ways + &format!("<p>{end}</p>")
    }
}

/// How somebody gets a place who has none.
fn way_in<'w>(words: &'w Words, room: &Room, wait_s: Option<u64>, now: Ts) -> Said<'w> {
    let Words { queue, line, .. } = words;
    match room.state(now) {
        RoomState::Scheduled => {
            let opens_in = room.lobby_at.map_or(Duration::ZERO, |at| at - now);
            return Said { title: &queue.scheduled, ..Said::default() }
                .fact(&queue.opens_in, words.until(opens_in))
                .ways(format!("<p>{}</p>", line.come_back));
        }
        RoomState::Draining | RoomState::Closed => {
            return Said::new(&queue.closed, &queue.closed_text).ways(way_to_shop(words, room));
        }
        _ => {}
    }
    if room.one_per_account {
        // The shop hands the account over to a script.
        let said = Said::new(&queue.account, &queue.account_text).ways(way_to_shop(words, room));
        return Said { sentences: vec![&queue.account_text, &line.script], ..said };
    }
    let said =
        Said::new(&line.outside, &line.cookies).ways(first_form(&format!("/queue/{}", room.id), &line.join));
    match wait_s.filter(|wait_s| *wait_s > 0) {
        None => said,
        Some(wait_s) => Said { sentences: vec![&line.cookies, &line.crowded], ..said }
            .fact(&line.joinable_in, words.length(wait_s)),
    }
}

/// The place in words, and what can be done now.
fn said<'w>(words: &'w Words, room: &Room, place: &PlaceDocument) -> Said<'w> {
    let Words { queue, line, .. } = words;
    let Ways { enter, leave, mail, rejoin, defer } = Ways::of(words, room);
    let left_s = |until: Option<Ts>| {
        until.map_or(0, |at| (at - place.server_time).whole_seconds().max(0).unsigned_abs())
    };
    match place.state {
        PlaceState::Lobby | PlaceState::Waiting | PlaceState::Called
            if place.room_state == RoomState::Closed =>
        {
            Said::new(&queue.closed, &queue.closed_text).ways(way_to_shop(words, room))
        }
        PlaceState::Lobby if place.position == 0 => {
            Said::new(&queue.lobby, &line.unordered).ways(mail + &leave)
        }
        PlaceState::Lobby => Said::new(&queue.lobby, &line.not_started)
            .fact(&queue.number, words.count(place.number))
            .fact(&queue.place, words.count(place.position))
            .ways(mail + &leave),
        PlaceState::Waiting if place.deferred_until.is_some() => {
            let minutes_s = left_s(place.deferred_until).div_ceil(60) * 60;
            Said { title: &queue.deferred, ..Said::default() }
                .fact(&line.again_in, words.span(minutes_s))
                .ways(format!("<p>{}</p>{enter}{leave}", line.earlier))
        }
        PlaceState::Waiting => {
            let position = (place.position > 0).then(|| (queue.place.as_str(), words.count(place.position)));
            if place.paused {
                let said = Said::new(&queue.paused, &queue.paused_text).ways(leave);
                return Said { position, ..said };
            }
            let said = Said { position, ..Said::new(&queue.waiting, &queue.waiting_text) };
            let said = match place.eta {
                Some(eta) => said.fact(&queue.wait, words.wait(eta)),
                None => said,
            };
            said.fact(&queue.ahead, words.count(place.ahead)).ways(mail + &leave)
        }
        PlaceState::Called if place.at_door => Said::new(&queue.called, &line.at_door).ways(enter + &leave),
        PlaceState::Called => {
            let later = if place.can_defer { defer } else { String::new() };
            Said::new(&queue.called, &queue.called_text)
                .fact(&line.time_left, words.left(left_s(place.claim_by)))
                .ways(enter + &later + &leave)
        }
        PlaceState::Admitted => Said { title: &queue.admitted, ways: enter + &leave, ..Said::default() },
        PlaceState::Left => Said::new(&queue.left, &queue.left_text).ways(rejoin),
        PlaceState::Moved => Said::new(&queue.moved, &queue.moved_text),
        PlaceState::Expired => Said::new(&queue.expired, &queue.left_text).ways(rejoin),
    }
}

/// The forms of a room.
struct Ways {
    enter: String,
    leave: String,
    mail: String,
    rejoin: String,
    defer: String,
}

impl Ways {
    fn of(words: &Words, room: &Room) -> Self {
        let (queue, id) = (&words.queue, &room.id);
        let mail = format!(
            "<form method=\"post\" action=\"/queue/{id}/mail\"><label>{} \
             <input type=\"email\" name=\"email\" required autocomplete=\"email\" dir=\"ltr\"></label>\
             <button>{}</button></form><p>{}</p>",
            queue.mail_to, queue.mail, queue.mail_text
        );
        Self {
            enter: first_form(&format!("/queue/{id}/enter"), &queue.go),
            leave: form(&format!("/queue/{id}/leave"), &queue.leave),
            mail,
            rejoin: first_form(&format!("/queue/{id}"), &queue.join),
            defer: form(
                &format!("/queue/{id}/defer"),
                &with(&queue.later, &[&words.span(u64::from(room.deferral_s))]),
            ),
        }
    }
}

/// On to where the event is, sold out or not.
fn way_to_shop(words: &Words, room: &Room) -> String {
    format!("<p><a href=\"{}\">{}</a></p>", escape(&room.booking_url), words.queue.go)
}

fn form(action: &str, label: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\"><button>{label}</button></form>")
}

/// A form for the one thing to do next.
fn first_form(action: &str, label: &str) -> String {
    format!("<form method=\"post\" action=\"{action}\"><button class=\"main\">{label}</button></form>")
}

/// The page in somebody's language with the room's name and the block in their places, and the policy it carried.
pub fn fill(page: String, words: &Words, room: Option<&Room>, block: &str) -> (String, String) {
    let (page, policy) = take_policy(page);
    let page = page.replacen(ENGLISH, &format!("<html {}>", words.attributes()), 1);
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
        let form = block(Words::english(), Some(&room), None, None, Ts::from_seconds(0));
        let page = "<!--name--><!--/name--><!--place--><!--/place-->";
        let (html, _) = fill(page.into(), Words::english(), Some(&room), &form);
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script>"));
        assert!(html.contains("action=\"/queue/rock-night\""));
    }

    #[test]
    fn nobody_is_shown_a_way_into_a_line_that_takes_nobody() {
        let opens = Ts::from_seconds(7200);
        let room = Room { mode: Mode::Schedule, lobby_at: Some(opens), opens_at: Some(opens), ..open_room() };
        let shown =
            |room: &Room, now_s| block(Words::english(), Some(room), None, None, Ts::from_seconds(now_s));
        assert!(
            shown(&room, 0).contains("<dt>Opens in</dt><dd>2 hours</dd>")
                && !shown(&room, 0).contains("<form")
        );
        assert!(shown(&room, 7140).contains("<dd>1 minute</dd>"));
        assert!(shown(&room, 7200).contains("Join the line"));
        for mode in [Mode::Closed, Mode::Draining] {
            let over = shown(&Room { mode, ..open_room() }, 0);
            assert!(
                over.contains("This line is closed")
                    && over.contains("Go to the shop")
                    && !over.contains("<form")
            );
        }
    }

    #[test]
    fn the_block_replaces_what_stands_between_the_marks() {
        let filled = |page: &str| fill(page.into(), Words::english(), None, "new");
        let (html, policy) = filled("a<!--place-->old<!--/place-->z");
        assert_eq!((html.as_str(), policy.as_str()), ("anewz", STRICT_POLICY));
        assert_eq!(filled("no marks").0, "no marks");
    }

    #[test]
    fn the_pages_policy_moves_into_the_header() {
        let page = format!("<head>{POLICY_OPEN}default-src 'none';form-action 'none'{POLICY_CLOSE}</head>");
        let (html, policy) = fill(page, Words::english(), None, "");
        assert_eq!(html, "<head></head>");
        let header = policy_header(&policy, Some("https://shop.example/events/1"));
        assert_eq!(
            header,
            "default-src 'none';form-action 'self' https://shop.example;frame-ancestors 'none'"
        );
        assert!(policy_header(&policy, Some("/events/1")).contains("form-action 'self' ;"));
    }
}
